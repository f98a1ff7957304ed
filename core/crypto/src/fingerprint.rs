//! Blinded fingerprints: a verifiable oblivious pseudorandom function, RFC 9497, ristretto255-SHA512 in mode VOPRF.
//!
//! What is secret but easy to guess, such as a number that counts up, must not be hashed and shown: whoever guesses
//! it sees that the hash is the same. Here its token takes a key that a registrar holds. The registrar never sees
//! what a token is of, nor the token; and it proves that it used the key that it published, so that it cannot give
//! somebody tokens of a key of their own.
//!
//! ```
//! use allonge_crypto::fingerprint::{Blinding, FingerprintKey};
//!
//! let key = FingerprintKey::generate()?;
//! let blinding = Blinding::new(["invoice 1", "invoice 2"])?; // whoever asks; this stays secret
//! let evaluation = key.evaluate(blinding.elements())?; // the registrar
//! let tokens = blinding.finalize(&evaluation, key.public_key())?; // whoever asks
//!
//! let again = Blinding::new(["invoice 2"])?;
//! let evaluation = key.evaluate(again.elements())?;
//! assert_eq!(again.finalize(&evaluation, key.public_key())?, tokens[1..]);
//! # Ok::<(), allonge_crypto::fingerprint::FingerprintError>(())
//! ```
//!
//! That no single registrar holds the key, [`FingerprintKey::split`] it: then any `threshold` of the holders give
//! the same tokens ([`Blinding::combine`]), and fewer can neither make tokens nor guess.
//!
//! - Whoever may ask can guess by asking: registrars limit how much each asks, and keep a record of it.
//! - A token is the same for as long as the key is: under a new key, everything needs new tokens. Keep the
//!   [`FingerprintKeyId`] beside a token.
//! - Secrets are used in constant time and wiped when dropped.

mod ciphersuite;
mod proof;
mod shares;
mod text;
#[cfg(test)]
mod vectors;

use std::fmt;
use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::{Zeroize, Zeroizing};

use self::ciphersuite::{Element, hash_to_group, malformed, random_scalar};
pub use self::proof::EvaluationProof;
pub use self::shares::{
    FingerprintCommitments, FingerprintKeyShare, MAX_SHARES, ShareEvaluation, ShareIndex,
};
use crate::{Hash, HashSuite};

/// So many are blinded, evaluated and finalized at a time at most.
pub const MAX_FINGERPRINTS: usize = 1_024;
/// An input has so many bytes at most (RFC 9497, section 1.2).
pub const MAX_INPUT_BYTES: usize = 65_535;

/// Tokens hang on the ciphersuite, not on the hash suite of a network: they are the same in each.
const SUITE: HashSuite = HashSuite::Sha256;
const TOKEN_DOMAIN: &str = "allonge/fingerprint/1";
const KEY_DOMAIN: &str = "allonge/fingerprint-key/1";

/// What cannot be blinded, evaluated or finalized.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FingerprintError {
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness; try again")]
    NoRandomness,
    /// None, or too many at a time.
    #[error("{0} at a time; bring from 1 to {MAX_FINGERPRINTS}")]
    Count(usize),
    /// An input that is too long.
    #[error("the input has more than {MAX_INPUT_BYTES} bytes; hash it first")]
    InputTooLong,
    /// An input that RFC 9497 excludes; nobody knows one.
    #[error("the input maps to the identity and can have no token; bring another")]
    InputUnusable,
    /// Bytes that are no element, not in their one encoding, or the identity, which would give a key away.
    #[error("the bytes encode no element of ristretto255, or the identity; encode one as RFC 9496 says")]
    NotAnElement,
    /// Bytes that are no scalar, or not in their one encoding; or nothing, where a key must be something.
    #[error(
        "the bytes are no scalar below the order of ristretto255, or a key of zeros; encode it as RFC 9497 says"
    )]
    NotAScalar,
    /// A text that is not what it should be.
    #[error(
        "write it in lower-case hexadecimal, a public key behind ristretto255:, and with its full length"
    )]
    NotHexadecimal,
    /// An evaluation of more or fewer elements than were blinded.
    #[error("{blinded} were blinded and {evaluated} evaluated; ask the registrar again")]
    OtherCount {
        /// What was asked for.
        blinded: usize,
        /// What came.
        evaluated: usize,
    },
    /// Another key, other elements or a lie.
    #[error("the proof does not hold for this public key; use nothing of this evaluation, and report it")]
    ProofRefused,
    /// A key cannot be split so.
    #[error(
        "a key has 1 to {MAX_SHARES} shares, and a threshold from 1 to as many; not {threshold} of {shares}"
    )]
    Threshold {
        /// How many shares are to give tokens.
        threshold: usize,
        /// How many there are to be.
        shares: usize,
    },
    /// A number that no share has.
    #[error("shares have the numbers 1 to {MAX_SHARES}, not {0}")]
    ShareNumber(u8),
    /// A share that is not one of the key that was committed to.
    #[error("share {0} is no share of this key; ask the dealer for it again, and use it nowhere")]
    ShareWrong(ShareIndex),
    /// Too few to make tokens.
    #[error("{given} shares have evaluated and it takes {threshold}; ask more holders")]
    TooFewShares {
        /// How many it takes.
        threshold: usize,
        /// How many there are.
        given: usize,
    },
    /// One share more than once.
    #[error("share {0} stands there twice; bring each once")]
    ShareRepeated(ShareIndex),
    /// Holders that evaluated something else, or not with their shares.
    #[error("the evaluations of the shares {} do not hold; leave them out, and ask others", Listed(.0))]
    SharesRefused(Vec<ShareIndex>),
}

struct Listed<'a>(&'a [ShareIndex]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for share in self.0 {
            write!(f, "{between}{share}")?;
            between = ", ";
        }
        Ok(())
    }
}

/// A registrar's secret key, in this process's memory, wiped when dropped.
pub struct FingerprintKey {
    secret: Scalar,
    public: FingerprintPublicKey,
}

impl FingerprintKey {
    /// Makes a new key.
    pub fn generate() -> Result<Self, FingerprintError> {
        Self::new(random_scalar()?)
    }

    /// The key that a secret seed gives for one purpose of at most 65,535 bytes: `DeriveKeyPair` of RFC 9497.
    pub fn from_seed(seed: [u8; 32], purpose: &[u8]) -> Result<Self, FingerprintError> {
        Self::new(ciphersuite::derive_secret(&Zeroizing::new(seed), purpose)?)
    }

    /// Takes the 32 bytes that [`FingerprintKey::secret`] gave.
    pub fn from_secret(secret: [u8; 32]) -> Result<Self, FingerprintError> {
        let secret = Zeroizing::new(secret);
        Self::new(Zeroizing::new(ciphersuite::scalar_from_bytes(*secret)?))
    }

    /// The 32 bytes of the key. Keep them secret: who has them can guess.
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.secret.to_bytes())
    }

    /// The public half of the key.
    pub fn public_key(&self) -> &FingerprintPublicKey {
        &self.public
    }

    /// Which key it is.
    pub fn key_id(&self) -> FingerprintKeyId {
        self.public.key_id()
    }

    /// Evaluates from 1 to [`MAX_FINGERPRINTS`] elements, and proves that it was with this key.
    pub fn evaluate(&self, blinded: &[BlindedElement]) -> Result<Evaluation, FingerprintError> {
        let elements = self.evaluate_elements(blinded)?;
        let pairs: Vec<_> = pairs(blinded, &elements).collect();
        let proof = EvaluationProof::new(&self.secret, &self.public.0, &pairs)?;
        Ok(Evaluation { elements, proof })
    }

    fn evaluate_elements(
        &self,
        blinded: &[BlindedElement],
    ) -> Result<Vec<EvaluatedElement>, FingerprintError> {
        expect_count(blinded.len())?;
        blinded.iter().map(|one| Element::new(one.0.point() * self.secret).map(EvaluatedElement)).collect()
    }

    fn new(secret: Zeroizing<Scalar>) -> Result<Self, FingerprintError> {
        // Only a key of zeros has the identity as its public half.
        let public =
            Element::new(RistrettoPoint::mul_base(&secret)).map_err(|_| FingerprintError::NotAScalar)?;
        Ok(FingerprintKey { secret: *secret, public: FingerprintPublicKey(public) })
    }
}

impl Drop for FingerprintKey {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FingerprintKey").field("public_key", &self.public).finish_non_exhaustive()
    }
}

/// The public half of a [`FingerprintKey`]. For people: `ristretto255:` and hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FingerprintPublicKey(Element);

impl FingerprintPublicKey {
    /// Which key it is.
    pub fn key_id(&self) -> FingerprintKeyId {
        FingerprintKeyId(SUITE.hash(KEY_DOMAIN, self.as_bytes()))
    }
}

/// Which key tokens are of: the hash of its public half. For people: hexadecimal.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct FingerprintKeyId(Hash);

/// What an input has become under a key: the same for the same, and nothing that could be guessed without the key.
/// For people: hexadecimal.
#[derive(
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct KeyedToken(Hash);

impl KeyedToken {
    /// The token of what RFC 9497 calls the output, as any other implementation of it gives it.
    pub fn from_output(output: &[u8; 64]) -> Self {
        KeyedToken(SUITE.hash(TOKEN_DOMAIN, output))
    }
}

/// Inputs on their way to their tokens: what only who asks may know. Wiped when dropped, and of no use afterwards;
/// whoever loses it blinds anew.
pub struct Blinding {
    inputs: Vec<Zeroizing<Vec<u8>>>,
    blinds: Zeroizing<Vec<Scalar>>,
    elements: Vec<BlindedElement>,
}

impl Blinding {
    /// Blinds from 1 to [`MAX_FINGERPRINTS`] inputs, each of at most [`MAX_INPUT_BYTES`].
    pub fn new<I: AsRef<[u8]>>(inputs: impl IntoIterator<Item = I>) -> Result<Self, FingerprintError> {
        Self::with_blinds(inputs, random_scalar)
    }

    fn with_blinds<I: AsRef<[u8]>>(
        inputs: impl IntoIterator<Item = I>,
        mut blind: impl FnMut() -> Result<Zeroizing<Scalar>, FingerprintError>,
    ) -> Result<Self, FingerprintError> {
        let mut inputs = inputs.into_iter();
        // One more than there may be says that there are too many.
        let taken: Vec<_> = inputs
            .by_ref()
            .take(MAX_FINGERPRINTS.saturating_add(1))
            .map(|input| Zeroizing::new(input.as_ref().to_vec()))
            .collect();
        expect_count(taken.len())?;
        // Room for all at once: what grows leaves copies behind.
        let mut blinds = Zeroizing::new(Vec::with_capacity(taken.len()));
        let mut elements = Vec::with_capacity(taken.len());
        for input in &taken {
            if input.len() > MAX_INPUT_BYTES {
                return Err(FingerprintError::InputTooLong);
            }
            let blind = blind()?;
            elements.push(BlindedElement(Element::new(*hash_to_group(input)? * *blind)?));
            blinds.push(*blind);
        }
        Ok(Blinding { inputs: taken, blinds, elements })
    }

    /// What the registrar gets, in the order of the inputs.
    pub fn elements(&self) -> &[BlindedElement] {
        &self.elements
    }

    /// The tokens, in the order of the inputs, when the evaluation is proven to be of this key.
    pub fn finalize(
        &self,
        evaluation: &Evaluation,
        key: &FingerprintPublicKey,
    ) -> Result<Vec<KeyedToken>, FingerprintError> {
        evaluation.verify(&self.elements, key)?;
        Ok(self.unblind(evaluation.elements.iter().map(|one| one.0.point())))
    }

    fn unblind<'a>(&self, evaluated: impl Iterator<Item = &'a RistrettoPoint>) -> Vec<KeyedToken> {
        self.outputs(evaluated).map(|output| KeyedToken::from_output(&output)).collect()
    }

    /// What RFC 9497 calls the outputs.
    fn outputs<'a>(
        &self,
        evaluated: impl Iterator<Item = &'a RistrettoPoint>,
    ) -> impl Iterator<Item = Zeroizing<[u8; 64]>> {
        let mut unblinds = self.blinds.clone();
        let _ = Scalar::invert_batch_alloc(&mut unblinds);
        let unblinded: Vec<_> = unblinds.iter().zip(evaluated).map(|(unblind, one)| one * unblind).collect();
        let unblinded = Zeroizing::new(unblinded);
        self.inputs.iter().enumerate().filter_map(move |(place, input)| {
            unblinded.get(place).map(|unblinded| ciphersuite::output(input, unblinded))
        })
    }
}

impl fmt::Debug for Blinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blinding").field("elements", &self.elements).finish_non_exhaustive()
    }
}

/// What a registrar gets to see of an input: an element that any other input could have become as well. For people:
/// hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct BlindedElement(Element);

/// A [`BlindedElement`] that was evaluated with a key. For people: hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct EvaluatedElement(Element);

/// A registrar's answer: from 1 to [`MAX_FINGERPRINTS`] elements, and one proof for them all.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Evaluation {
    elements: Vec<EvaluatedElement>,
    proof: EvaluationProof,
}

impl Evaluation {
    /// Brings together what another implementation of RFC 9497 answered.
    pub fn new(elements: Vec<EvaluatedElement>, proof: EvaluationProof) -> Result<Self, FingerprintError> {
        expect_count(elements.len())?;
        Ok(Evaluation { elements, proof })
    }

    /// The elements, in the order in which they were asked for.
    pub fn elements(&self) -> &[EvaluatedElement] {
        &self.elements
    }

    /// That they were evaluated with one key.
    pub fn proof(&self) -> &EvaluationProof {
        &self.proof
    }

    /// Checks that just these elements were evaluated, with this key.
    pub fn verify(
        &self,
        blinded: &[BlindedElement],
        key: &FingerprintPublicKey,
    ) -> Result<(), FingerprintError> {
        let (blinded_count, evaluated) = (blinded.len(), self.elements.len());
        if blinded_count != evaluated {
            return Err(FingerprintError::OtherCount { blinded: blinded_count, evaluated });
        }
        self.proof.verify(&key.0, &pairs(blinded, &self.elements).collect::<Vec<_>>())
    }
}

impl BorshDeserialize for Evaluation {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let count: u32 = BorshDeserialize::deserialize_reader(reader)?;
        // Before anything is read: each element costs a square root.
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        expect_count(count).map_err(malformed)?;
        let elements = (0..count).map(|_| BorshDeserialize::deserialize_reader(reader));
        Ok(Evaluation {
            elements: elements.collect::<io::Result<_>>()?,
            proof: BorshDeserialize::deserialize_reader(reader)?,
        })
    }
}

impl<'de> Deserialize<'de> for Evaluation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "Evaluation", deny_unknown_fields)]
        struct Unchecked {
            elements: Vec<EvaluatedElement>,
            proof: EvaluationProof,
        }

        let Unchecked { elements, proof } = Deserialize::deserialize(deserializer)?;
        Evaluation::new(elements, proof).map_err(serde::de::Error::custom)
    }
}

fn expect_count(count: usize) -> Result<(), FingerprintError> {
    if (1..=MAX_FINGERPRINTS).contains(&count) { Ok(()) } else { Err(FingerprintError::Count(count)) }
}

fn pairs<'a>(
    blinded: &'a [BlindedElement],
    evaluated: &'a [EvaluatedElement],
) -> impl Iterator<Item = proof::Pair<'a>> {
    blinded.iter().zip(evaluated).map(|(before, after)| (&before.0, &after.0))
}

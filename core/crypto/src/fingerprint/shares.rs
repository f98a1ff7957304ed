//! The key in shares, that no single registrar holds it: Shamir's shares with Feldman's commitments.
//!
//! The dealer who splits a key sees it: let it be split in a ceremony, on a machine that forgets it. Each holder checks
//! its share against commitments that all see; then it evaluates and proves as if the share were a key.

use std::collections::BTreeSet;
use std::fmt;
use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, VartimeMultiscalarMul};
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroizing;

use super::ciphersuite::{Element, malformed, random_scalar};
use super::{
    BlindedElement, Blinding, Evaluation, FingerprintError, FingerprintKey, FingerprintPublicKey, KeyedToken,
};

/// A key has so many shares at most.
pub const MAX_SHARES: usize = 64;

/// The number of a share: 1 to [`MAX_SHARES`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, Serialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(transparent))]
pub struct ShareIndex(u8);

impl ShareIndex {
    /// The share with this number.
    pub fn new(number: u8) -> Result<Self, FingerprintError> {
        if (1..=MAX_SHARES).contains(&usize::from(number)) {
            Ok(ShareIndex(number))
        } else {
            Err(FingerprintError::ShareNumber(number))
        }
    }

    /// The number.
    pub fn number(self) -> u8 {
        self.0
    }

    fn scalar(self) -> Scalar {
        Scalar::from(self.0)
    }
}

impl fmt::Display for ShareIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ShareIndex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl BorshDeserialize for ShareIndex {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        ShareIndex::new(BorshDeserialize::deserialize_reader(reader)?).map_err(malformed)
    }
}

impl<'de> Deserialize<'de> for ShareIndex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ShareIndex::new(Deserialize::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl FingerprintKey {
    /// Splits the key into shares, any `threshold` of which give its tokens. The commitments are published, each share
    /// goes to its holder in secret, and the key itself is to be forgotten.
    pub fn split(
        &self,
        threshold: usize,
        shares: usize,
    ) -> Result<(FingerprintCommitments, Vec<FingerprintKeyShare>), FingerprintError> {
        if !(1..=MAX_SHARES).contains(&shares) || !(1..=shares).contains(&threshold) {
            return Err(FingerprintError::Threshold { threshold, shares });
        }
        // A polynomial whose value at 0 is the key; room for all at once, so that no copies are left behind.
        let mut coefficients = Zeroizing::new(Vec::with_capacity(threshold));
        for _ in 1..threshold {
            coefficients.push(*random_scalar()?);
        }
        let committed = coefficients
            .iter()
            .map(|one| Element::new(RistrettoPoint::mul_base(one)).map(FingerprintPublicKey))
            .collect::<Result<_, _>>()?;
        let commitments = FingerprintCommitments::new(self.public, committed)?;
        let share = |number| {
            let index = ShareIndex::new(number)?;
            let above = coefficients.iter().rev().fold(Scalar::ZERO, |sum, one| (sum + one) * index.scalar());
            let key = FingerprintKey::new(Zeroizing::new(above + self.secret))?;
            FingerprintKeyShare::checked(index, key, &commitments)
        };
        let shares = (1..=u8::MAX).take(shares).map(share).collect::<Result<_, _>>()?;
        Ok((commitments, shares))
    }
}

/// What a dealer publishes of a key in shares: its public half, and what each share can be checked against. Whoever
/// combines must have the same as the holders.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FingerprintCommitments {
    public_key: FingerprintPublicKey,
    /// To the other coefficients of the polynomial, the lower powers first: one less than it takes shares.
    coefficients: Vec<FingerprintPublicKey>,
}

impl FingerprintCommitments {
    /// The public half of the whole key.
    pub fn public_key(&self) -> &FingerprintPublicKey {
        &self.public_key
    }

    /// How many shares it takes.
    pub fn threshold(&self) -> usize {
        self.coefficients.len().saturating_add(1)
    }

    /// The public half of a share.
    pub fn share_key(&self, share: ShareIndex) -> Result<FingerprintPublicKey, FingerprintError> {
        let index = share.scalar();
        // Horner's rule; all of it is public.
        let points = self.coefficients.iter().rev().map(|one| one.0.point());
        let sum = points.fold(RistrettoPoint::identity(), |sum, one| (sum + one) * index);
        let point = sum + self.public_key.0.point();
        Element::new(point).map(FingerprintPublicKey).map_err(|_| FingerprintError::ShareWrong(share))
    }

    fn new(
        public_key: FingerprintPublicKey,
        coefficients: Vec<FingerprintPublicKey>,
    ) -> Result<Self, FingerprintError> {
        let commitments = FingerprintCommitments { public_key, coefficients };
        let threshold = commitments.threshold();
        if threshold > MAX_SHARES {
            return Err(FingerprintError::Threshold { threshold, shares: MAX_SHARES });
        }
        Ok(commitments)
    }
}

impl BorshDeserialize for FingerprintCommitments {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        let public_key = BorshDeserialize::deserialize_reader(reader)?;
        let count: u32 = BorshDeserialize::deserialize_reader(reader)?;
        // No more than are enough to refuse them: each costs a square root.
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(MAX_SHARES);
        let coefficients = (0..count).map(|_| BorshDeserialize::deserialize_reader(reader));
        FingerprintCommitments::new(public_key, coefficients.collect::<io::Result<_>>()?).map_err(malformed)
    }
}

impl<'de> Deserialize<'de> for FingerprintCommitments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "FingerprintCommitments", deny_unknown_fields)]
        struct Unchecked {
            public_key: FingerprintPublicKey,
            coefficients: Vec<FingerprintPublicKey>,
        }

        let Unchecked { public_key, coefficients } = Deserialize::deserialize(deserializer)?;
        FingerprintCommitments::new(public_key, coefficients).map_err(serde::de::Error::custom)
    }
}

/// One holder's share of a key, checked against the commitments; wiped when dropped.
#[derive(Debug)]
pub struct FingerprintKeyShare {
    index: ShareIndex,
    key: FingerprintKey,
}

impl FingerprintKeyShare {
    /// Takes the 32 bytes that [`FingerprintKeyShare::secret`] gave, when they are this share of the key that was
    /// committed to.
    pub fn from_secret(
        index: ShareIndex,
        secret: [u8; 32],
        commitments: &FingerprintCommitments,
    ) -> Result<Self, FingerprintError> {
        Self::checked(index, FingerprintKey::from_secret(secret)?, commitments)
    }

    /// The 32 bytes of the share. Keep them secret: who has those of `threshold` shares can guess.
    pub fn secret(&self) -> Zeroizing<[u8; 32]> {
        self.key.secret()
    }

    /// Which share it is.
    pub fn index(&self) -> ShareIndex {
        self.index
    }

    /// The public half of the share.
    pub fn public_key(&self) -> &FingerprintPublicKey {
        self.key.public_key()
    }

    /// Evaluates from 1 to [`MAX_FINGERPRINTS`](super::MAX_FINGERPRINTS) elements, and proves that it was with this
    /// share.
    pub fn evaluate_share(&self, blinded: &[BlindedElement]) -> Result<ShareEvaluation, FingerprintError> {
        Ok(ShareEvaluation { share: self.index, evaluation: self.key.evaluate(blinded)? })
    }

    fn checked(
        index: ShareIndex,
        key: FingerprintKey,
        commitments: &FingerprintCommitments,
    ) -> Result<Self, FingerprintError> {
        if commitments.share_key(index)? != *key.public_key() {
            return Err(FingerprintError::ShareWrong(index));
        }
        Ok(FingerprintKeyShare { index, key })
    }
}

/// What one holder answered.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShareEvaluation {
    /// With which share.
    pub share: ShareIndex,
    /// What it gave.
    pub evaluation: Evaluation,
}

impl Blinding {
    /// The tokens of the whole key, in the order of the inputs, of what at least `threshold` holders answered.
    ///
    /// Every answer is checked: when some do not hold, [`FingerprintError::SharesRefused`] names them all, and the rest
    /// can be combined without them.
    pub fn combine(
        &self,
        answers: &[ShareEvaluation],
        commitments: &FingerprintCommitments,
    ) -> Result<Vec<KeyedToken>, FingerprintError> {
        expect_shares(answers, commitments.threshold())?;
        let mut refused = Vec::new();
        for ShareEvaluation { share, evaluation } in answers {
            let key = commitments.share_key(*share);
            if key.and_then(|key| evaluation.verify(self.elements(), &key)).is_err() {
                refused.push(*share);
            }
        }
        if !refused.is_empty() {
            return Err(FingerprintError::SharesRefused(refused));
        }
        let answers: Vec<_> = answers.iter().take(commitments.threshold()).collect();
        let weights = weights(&answers.iter().map(|one| one.share.scalar()).collect::<Vec<_>>());
        let mut columns: Vec<_> = answers.iter().map(|one| one.evaluation.elements().iter()).collect();
        let whole: Vec<_> = self
            .elements()
            .iter()
            .map(|_| {
                let row = columns.iter_mut().map(|column| column.next().map(|one| *one.0.point()));
                // All have as many as were blinded: each was verified.
                RistrettoPoint::optional_multiscalar_mul(&weights, row).ok_or(FingerprintError::NotAnElement)
            })
            .collect::<Result<_, _>>()?;
        Ok(self.unblind(whole.iter()))
    }
}

fn expect_shares(answers: &[ShareEvaluation], threshold: usize) -> Result<(), FingerprintError> {
    let mut seen = BTreeSet::new();
    if let Some(twice) = answers.iter().find(|one| !seen.insert(one.share)) {
        return Err(FingerprintError::ShareRepeated(twice.share));
    }
    let given = answers.len();
    if given < threshold { Err(FingerprintError::TooFewShares { threshold, given }) } else { Ok(()) }
}

/// Lagrange's weights: with them, values at these places, of which none is 0 and none stands there twice, add up to
/// the value at 0.
fn weights(places: &[Scalar]) -> Vec<Scalar> {
    places
        .iter()
        .map(|own| {
            places
                .iter()
                .filter(|other| *other != own)
                .fold(Scalar::ONE, |product, other| product * other * (other - own).invert())
        })
        .collect()
}

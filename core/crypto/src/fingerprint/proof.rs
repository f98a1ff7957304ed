//! Proofs that elements were evaluated with one key (DLEQ, RFC 9497, section 2.2), one for a whole batch.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::ristretto::RistrettoPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::VartimeMultiscalarMul;
use zeroize::Zeroizing;

use super::FingerprintError;
use super::ciphersuite::{self, Element, Transcript, hash_to_scalar, malformed, random_scalar};
use crate::hash::parse_lower_hex;

/// That the elements of an [`Evaluation`](super::Evaluation) were made with the key of one public key; 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct EvaluationProof {
    challenge: Scalar,
    response: Scalar,
}

/// Elements before and after they were evaluated.
pub(super) type Pair<'a> = (&'a Element, &'a Element);

impl EvaluationProof {
    /// Reads the 64 bytes of the RFC.
    pub fn from_bytes(bytes: &[u8; 64]) -> Result<Self, FingerprintError> {
        let ([challenge, response], _) = bytes.as_chunks::<32>() else {
            return Err(FingerprintError::NotAScalar);
        };
        Ok(EvaluationProof {
            challenge: ciphersuite::scalar_from_bytes(*challenge)?,
            response: ciphersuite::scalar_from_bytes(*response)?,
        })
    }

    /// The 64 bytes of the RFC.
    pub fn to_bytes(&self) -> [u8; 64] {
        let mut bytes = [0; 64];
        let halves = [self.challenge, self.response].map(|scalar| scalar.to_bytes());
        bytes.copy_from_slice(halves.as_flattened());
        bytes
    }

    /// `GenerateProof`. The nonce is made of fresh randomness, the key and what is proven, so that not even bad
    /// randomness gives the key away.
    pub(super) fn new(
        secret: &Scalar,
        public: &Element,
        pairs: &[Pair<'_>],
    ) -> Result<Self, FingerprintError> {
        let composite = before(&weights(public, pairs), pairs);
        let fresh = Zeroizing::new(random_scalar()?.to_bytes());
        let key = Zeroizing::new(secret.to_bytes());
        let nonce = Transcript::new()
            .part(b"allonge/fingerprint-nonce/1")
            .part(fresh.as_ref())
            .part(key.as_ref())
            .part(public.as_bytes())
            .part(composite.compress().as_bytes());
        let nonce = Zeroizing::new(nonce.finish());
        let nonce = Zeroizing::new(Scalar::from_bytes_mod_order_wide(&nonce));
        Ok(Self::with_nonce(secret, public, &composite, &nonce))
    }

    fn with_nonce(secret: &Scalar, public: &Element, composite: &RistrettoPoint, nonce: &Scalar) -> Self {
        let points = [*composite, composite * secret, RistrettoPoint::mul_base(nonce), composite * nonce];
        let challenge = challenge(public, &points);
        EvaluationProof { challenge, response: nonce - challenge * secret }
    }

    #[cfg(test)]
    pub(super) fn with_known_nonce(
        secret: &Scalar,
        public: &Element,
        pairs: &[Pair<'_>],
        nonce: &Scalar,
    ) -> Self {
        Self::with_nonce(secret, public, &before(&weights(public, pairs), pairs), nonce)
    }

    /// `VerifyProof`. Nothing in it is secret to whom it is shown, so it takes the faster, variable time.
    pub(super) fn verify(&self, public: &Element, pairs: &[Pair<'_>]) -> Result<(), FingerprintError> {
        let weights = weights(public, pairs);
        let before = before(&weights, pairs);
        let after =
            RistrettoPoint::vartime_multiscalar_mul(&weights, pairs.iter().map(|(_, after)| after.point()));
        let EvaluationProof { challenge: claimed, response } = self;
        let of_key = RistrettoPoint::vartime_double_scalar_mul_basepoint(claimed, public.point(), response);
        let of_elements = RistrettoPoint::vartime_multiscalar_mul([response, claimed], [&before, &after]);
        if challenge(public, &[before, after, of_key, of_elements]) == *claimed {
            Ok(())
        } else {
            Err(FingerprintError::ProofRefused)
        }
    }
}

/// The weights of `ComputeComposites`: each hangs on the key and on every byte of its pair.
fn weights(public: &Element, pairs: &[Pair<'_>]) -> Vec<Scalar> {
    let seed = Transcript::new().part(public.as_bytes()).part(ciphersuite::SEED).finish();
    let length = 64_u16.to_be_bytes();
    let of_element = 32_u16.to_be_bytes();
    (0_u16..)
        .zip(pairs)
        .map(|(place, (before, after))| {
            hash_to_scalar(&[
                &length,
                &seed,
                &place.to_be_bytes(),
                &of_element,
                before.as_bytes(),
                &of_element,
                after.as_bytes(),
                b"Composite",
            ])
        })
        .collect()
}

/// The one element that stands for all before they were evaluated. Whoever sees them can compute it.
fn before(weights: &[Scalar], pairs: &[Pair<'_>]) -> RistrettoPoint {
    RistrettoPoint::vartime_multiscalar_mul(weights, pairs.iter().map(|(before, _)| before.point()))
}

fn challenge(public: &Element, points: &[RistrettoPoint; 4]) -> Scalar {
    let length = 32_u16.to_be_bytes();
    let [before, after, of_key, of_elements] = points.map(|point| point.compress().to_bytes());
    hash_to_scalar(&[
        &length,
        public.as_bytes(),
        &length,
        &before,
        &length,
        &after,
        &length,
        &of_key,
        &length,
        &of_elements,
        b"Challenge",
    ])
}

impl std::fmt::Display for EvaluationProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.to_bytes()))
    }
}

impl std::str::FromStr for EvaluationProof {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        EvaluationProof::from_bytes(&parse_lower_hex(text).ok_or(FingerprintError::NotHexadecimal)?)
    }
}

impl BorshSerialize for EvaluationProof {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(&self.to_bytes())
    }
}

impl BorshDeserialize for EvaluationProof {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        EvaluationProof::from_bytes(&BorshDeserialize::deserialize_reader(reader)?).map_err(malformed)
    }
}

//! The ciphersuite ristretto255-SHA512 of RFC 9497 (section 4.1) in the verifiable mode: its group, its hashes.

use std::io;

use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::Identity;
use sha2::{Digest, Sha512};
use zeroize::Zeroizing;

use super::FingerprintError;

/// `CreateContextString` of section 3.1: the version, mode 1 (VOPRF) and the ciphersuite.
macro_rules! in_context {
    ($purpose:literal) => {
        concat!($purpose, "OPRFV1-\x01-ristretto255-SHA512").as_bytes()
    };
}

const HASH_TO_GROUP: &[u8] = in_context!("HashToGroup-");
const HASH_TO_SCALAR: &[u8] = in_context!("HashToScalar-");
const DERIVE_KEY_PAIR: &[u8] = in_context!("DeriveKeyPair");
pub(super) const SEED: &[u8] = in_context!("Seed-");

/// A part of a transcript behind its length in two bytes, as the RFC writes it.
pub(super) struct Transcript(Sha512);

impl Transcript {
    pub(super) fn new() -> Self {
        Transcript(Sha512::new())
    }

    /// `I2OSP(len(part), 2) || part`. Whoever calls sees to it that the part is no longer than that.
    pub(super) fn part(mut self, part: &[u8]) -> Self {
        self.0.update(u16::try_from(part.len()).unwrap_or(u16::MAX).to_be_bytes());
        self.0.update(part);
        self
    }

    /// Bytes whose length is always the same.
    pub(super) fn fixed(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes);
        self
    }

    pub(super) fn finish(self) -> [u8; 64] {
        self.0.finalize().into()
    }
}

/// A point of ristretto255 that is not the identity, beside its one encoding.
#[derive(Clone, Copy)]
pub(super) struct Element {
    point: RistrettoPoint,
    bytes: [u8; 32],
}

impl Element {
    /// `DeserializeElement` of section 4.1: refuses what is not canonical, and the identity.
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Result<Self, FingerprintError> {
        let point = CompressedRistretto(bytes).decompress().ok_or(FingerprintError::NotAnElement)?;
        if point == RistrettoPoint::identity() {
            return Err(FingerprintError::NotAnElement);
        }
        Ok(Element { point, bytes })
    }

    pub(super) fn new(point: RistrettoPoint) -> Result<Self, FingerprintError> {
        if point == RistrettoPoint::identity() {
            return Err(FingerprintError::NotAnElement);
        }
        Ok(Element { bytes: point.compress().to_bytes(), point })
    }

    pub(super) fn point(&self) -> &RistrettoPoint {
        &self.point
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Element {}

impl BorshSerialize for Element {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        BorshSerialize::serialize(&self.bytes, writer)
    }
}

impl BorshDeserialize for Element {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Self> {
        Element::from_bytes(BorshDeserialize::deserialize_reader(reader)?).map_err(malformed)
    }
}

pub(super) fn malformed(error: FingerprintError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// `DeserializeScalar` of section 4.1: only the canonical encoding is read.
pub(super) fn scalar_from_bytes(bytes: [u8; 32]) -> Result<Scalar, FingerprintError> {
    Option::from(Scalar::from_canonical_bytes(bytes)).ok_or(FingerprintError::NotAScalar)
}

/// A secret scalar of the operating system's randomness, never nothing.
pub(super) fn random_scalar() -> Result<Zeroizing<Scalar>, FingerprintError> {
    let mut wide = Zeroizing::new([0; 64]);
    getrandom::fill(wide.as_mut()).map_err(|_| FingerprintError::NoRandomness)?;
    let scalar = Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide));
    // Of honest randomness it comes once in 2^252 times.
    if *scalar == Scalar::ZERO { Err(FingerprintError::NoRandomness) } else { Ok(scalar) }
}

/// `HashToGroup`: where the input stands in the group, in time that does not depend on it.
pub(super) fn hash_to_group(input: &[u8]) -> Result<Zeroizing<RistrettoPoint>, FingerprintError> {
    let point = RistrettoPoint::from_uniform_bytes(&expand_message(&[input], HASH_TO_GROUP));
    let point = Zeroizing::new(point);
    if *point == RistrettoPoint::identity() { Err(FingerprintError::InputUnusable) } else { Ok(point) }
}

/// `HashToScalar`.
pub(super) fn hash_to_scalar(parts: &[&[u8]]) -> Scalar {
    scalar_in(parts, HASH_TO_SCALAR)
}

fn scalar_in(parts: &[&[u8]], domain: &[u8]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(&expand_message(parts, domain))
}

/// `expand_message_xmd` of RFC 9380 (section 5.3.1) with SHA-512, for 64 bytes, which are one block of it.
fn expand_message(parts: &[&[u8]], domain: &[u8]) -> Zeroizing<[u8; 64]> {
    let domain_length = [u8::try_from(domain.len()).unwrap_or(u8::MAX)];
    // The padding is as long as a block of SHA-512.
    let mut first = Sha512::new_with_prefix([0; 128]);
    parts.iter().for_each(|part| first.update(part));
    first.update(64_u16.to_be_bytes());
    first.update([0]);
    first.update(domain);
    first.update(domain_length);
    let second = Sha512::new().chain_update(first.finalize()).chain_update([1]);
    Zeroizing::new(second.chain_update(domain).chain_update(domain_length).finalize().into())
}

/// `DeriveKeyPair` of section 3.2.1: the secret key that a seed gives for one purpose.
pub(super) fn derive_secret(seed: &[u8; 32], purpose: &[u8]) -> Result<Zeroizing<Scalar>, FingerprintError> {
    let length = u16::try_from(purpose.len()).map_err(|_| FingerprintError::InputTooLong)?.to_be_bytes();
    (0..=u8::MAX)
        .map(|counter| Zeroizing::new(scalar_in(&[seed, &length, purpose, &[counter]], DERIVE_KEY_PAIR)))
        .find(|secret| **secret != Scalar::ZERO)
        .ok_or(FingerprintError::NotAScalar)
}

/// The end of `Finalize` (section 3.3.2): what an input and its unblinded element give.
pub(super) fn output(input: &[u8], unblinded: &RistrettoPoint) -> Zeroizing<[u8; 64]> {
    let unblinded = Zeroizing::new(unblinded.compress().to_bytes());
    Zeroizing::new(Transcript::new().part(input).part(unblinded.as_ref()).fixed(b"Finalize").finish())
}

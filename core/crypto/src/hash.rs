//! Hashes, and the suites that make them.

use std::fmt;
use std::str::FromStr;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest;

/// A 32-byte hash; 64 lower-case hexadecimal digits for people.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Thirty-two zero bytes: the root of an empty sparse tree, the parent of the first block.
    pub const ZERO: Hash = Hash([0; 32]);

    /// Takes 32 bytes as they are.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Hash(bytes)
    }

    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl AsRef<[u8]> for Hash {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 lower-case hexadecimal digits")]
pub struct ParseHashError;

impl FromStr for Hash {
    type Err = ParseHashError;

    fn from_str(text: &str) -> Result<Self, ParseHashError> {
        parse_lower_hex(text).map(Hash).ok_or(ParseHashError)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Hash {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Hash".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
    }
}

/// Reads exactly `N` bytes of lower-case hexadecimal: one value has one text.
pub(crate) fn parse_lower_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// The hash functions that a network may choose in its genesis.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum HashSuite {
    /// SHA-256 (FIPS 180-4).
    #[default]
    Sha256 = 1,
}

impl HashSuite {
    /// Starts a hash for one purpose. `domain` says which, in at most 255 bytes; it is hashed first, with its
    /// length, so that no bytes hashed for one purpose can be passed off as bytes of another.
    pub fn hasher(self, domain: &str) -> Hasher {
        let mut hasher = self.bare_hasher();
        hasher.update(&[u8::try_from(domain.len()).unwrap_or(u8::MAX)]);
        hasher.update(domain.as_bytes());
        hasher
    }

    /// Hashes `bytes` for one purpose.
    pub fn hash(self, domain: &str, bytes: &[u8]) -> Hash {
        let length = u8::try_from(domain.len()).unwrap_or(u8::MAX);
        self.hash_parts([&[length], domain.as_bytes(), bytes])
    }

    /// Hashes parts in a row. Most of what is hashed is short, and then putting it into blocks here takes a
    /// sixth less time than feeding a [`Hasher`].
    #[inline]
    pub(crate) fn hash_parts<const N: usize>(self, parts: [&[u8]; N]) -> Hash {
        match self {
            HashSuite::Sha256 => short_sha256(&parts).unwrap_or_else(|| {
                let mut hasher = self.bare_hasher();
                parts.into_iter().for_each(|part| hasher.update(part));
                hasher.finish()
            }),
        }
    }

    /// Hashes a document's content and nothing else: what `sha256sum` prints for the same file.
    pub fn document_hasher(self) -> Hasher {
        self.bare_hasher()
    }

    pub(crate) fn bare_hasher(self) -> Hasher {
        match self {
            HashSuite::Sha256 => Hasher(sha2::Sha256::new()),
        }
    }
}

/// What SHA-256 starts from (FIPS 180-4, section 5.3.3).
const SHA256_START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// SHA-256 of parts in a row; `None` when they fill more than two blocks.
#[inline]
fn short_sha256(parts: &[&[u8]]) -> Option<Hash> {
    let mut blocks = [[0; 64]; 2];
    let mut rest = blocks.as_flattened_mut();
    let mut length: u64 = 0;
    for part in parts {
        let (place, behind) = rest.split_at_mut_checked(part.len())?;
        place.copy_from_slice(part);
        rest = behind;
        length = length.checked_add(u64::try_from(part.len()).ok()?)?;
    }
    *rest.first_mut()? = 0x80;
    // The padding (section 5.1.1) is at least nine bytes long.
    let used = match length {
        ..56 => 1,
        56..120 => 2,
        _ => return None,
    };
    let used = blocks.get_mut(..used)?;
    *used.last_mut()?.last_chunk_mut()? = length.checked_mul(8)?.to_be_bytes();
    let mut state = SHA256_START;
    sha2::block_api::compress256(&mut state, used);
    let mut bytes = [0; 32];
    for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(state) {
        *place = word.to_be_bytes();
    }
    Some(Hash(bytes))
}

/// A hash being made, fed piece by piece in constant memory.
#[derive(Clone)]
pub struct Hasher(sha2::Sha256);

impl Hasher {
    /// Feeds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all bytes fed.
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_hash_is_plain_sha256() {
        // FIPS 180-4, the one-block example.
        let mut hasher = HashSuite::Sha256.document_hasher();
        hasher.update(b"a");
        hasher.update(b"bc");
        assert_eq!(
            hasher.finish().to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn bytes_hashed_for_one_purpose_do_not_count_for_another() {
        let suite = HashSuite::Sha256;
        assert_ne!(suite.hash("a", b"bc"), suite.hash("ab", b"c"));
    }

    #[test]
    fn short_or_long_the_hash_is_the_same_as_fed_byte_by_byte() {
        let bytes: Vec<u8> = (0..200).collect();
        for length in 0..=bytes.len() {
            let bytes = &bytes[..length];
            let mut hasher = HashSuite::Sha256.document_hasher();
            bytes.iter().for_each(|byte| hasher.update(&[*byte]));
            let (left, right) = bytes.split_at(length / 3);
            assert_eq!(HashSuite::Sha256.hash_parts([left, right]), hasher.finish(), "{length} bytes");
        }
    }

    #[test]
    fn a_hash_has_one_text() {
        let hash = HashSuite::Sha256.hash("test", b"");
        let text = hash.to_string();
        assert_eq!(text.parse::<Hash>(), Ok(hash));
        assert!(text.to_uppercase().parse::<Hash>().is_err());
        assert!(text[..62].parse::<Hash>().is_err());
    }
}

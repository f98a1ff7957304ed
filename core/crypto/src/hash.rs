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
    /// Starts a hash for one purpose. `domain` says which; it is hashed first, with its length, so that
    /// no bytes hashed for one purpose can be passed off as bytes of another.
    pub fn hasher(self, domain: &'static str) -> Hasher {
        let mut hasher = self.bare_hasher();
        hasher.update(&[u8::try_from(domain.len()).unwrap_or(u8::MAX)]);
        hasher.update(domain.as_bytes());
        hasher
    }

    /// Hashes `bytes` for one purpose.
    pub fn hash(self, domain: &'static str, bytes: &[u8]) -> Hash {
        let mut hasher = self.hasher(domain);
        hasher.update(bytes);
        hasher.finish()
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
    fn a_hash_has_one_text() {
        let hash = HashSuite::Sha256.hash("test", b"");
        let text = hash.to_string();
        assert_eq!(text.parse::<Hash>(), Ok(hash));
        assert!(text.to_uppercase().parse::<Hash>().is_err());
        assert!(text[..62].parse::<Hash>().is_err());
    }
}

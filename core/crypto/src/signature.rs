//! Public keys and signatures, each with its scheme.

use std::fmt;
use std::str::FromStr;

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ed25519;
use crate::hash::parse_lower_hex;

/// A public key. For people: the scheme, a colon and hexadecimal, `ed25519:3b6a…`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum PublicKey {
    /// Ed25519 (RFC 8032), judged by ZIP-215.
    Ed25519([u8; 32]) = 1,
}

/// A signature. For people: the scheme, a colon and hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum Signature {
    /// Ed25519 (RFC 8032).
    Ed25519([u8; 64]) = 1,
}

/// A signature that does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not hold for this message and key")]
pub struct SignatureError;

/// A key that may not be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The bytes are no point of the curve.
    #[error("the key is no point of the curve; generate a new key pair")]
    NotAPoint,
    /// The point has another, shorter encoding; accepting both would give one key two names.
    #[error("the key is not canonically encoded; encode it as RFC 8032 says")]
    NotCanonical,
    /// A small-order key verifies signatures that nobody made.
    #[error("the key has small order; generate a new key pair")]
    SmallOrder,
    /// A key with a torsion component can be told apart from its own signatures.
    #[error("the key is not in the prime-order subgroup; generate a new key pair")]
    MixedOrder,
}

/// A text that is no key or signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write it as the scheme, a colon and lower-case hexadecimal, for example ed25519:3b6a…")]
pub struct ParseKeyError;

impl PublicKey {
    /// Refuses keys that must not be registered: non-canonical, small-order and mixed-order ones.
    pub fn vet(&self) -> Result<(), KeyError> {
        match self {
            PublicKey::Ed25519(bytes) => ed25519::vet_ed25519(bytes),
        }
    }

    /// Checks one signature over `message`.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        match (self, signature) {
            (PublicKey::Ed25519(key), Signature::Ed25519(signature)) => {
                ed25519::verify(key, message, signature)
            }
        }
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PublicKey::Ed25519(bytes) => write!(f, "ed25519:{}", hex::encode(bytes)),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Signature::Ed25519(bytes) => write!(f, "ed25519:{}", hex::encode(bytes)),
        }
    }
}

impl FromStr for PublicKey {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let hex = text.strip_prefix("ed25519:").ok_or(ParseKeyError)?;
        parse_lower_hex(hex).map(PublicKey::Ed25519).ok_or(ParseKeyError)
    }
}

impl FromStr for Signature {
    type Err = ParseKeyError;

    fn from_str(text: &str) -> Result<Self, ParseKeyError> {
        let hex = text.strip_prefix("ed25519:").ok_or(ParseKeyError)?;
        parse_lower_hex(hex).map(Signature::Ed25519).ok_or(ParseKeyError)
    }
}

/// Text forms shared by keys and signatures.
macro_rules! as_text {
    ($type:ident) => {
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <String as Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^ed25519:[0-9a-f]+$" })
            }
        }
    };
}

as_text!(PublicKey);
as_text!(Signature);

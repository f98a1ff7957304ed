//! The bytes and the text of elements, proofs and hashes: one value has one of each.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ciphersuite::Element;
use super::{
    BlindedElement, EvaluatedElement, EvaluationProof, FingerprintError, FingerprintKeyId,
    FingerprintPublicKey, KeyedToken,
};
use crate::hash::parse_lower_hex;
use crate::{Hash, ParseHashError};

/// Bytes and text of what is one element.
macro_rules! as_element {
    ($type:ident, $scheme:literal) => {
        impl $type {
            /// Takes 32 bytes: the one encoding of an element that is not the identity.
            pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, FingerprintError> {
                Element::from_bytes(bytes).map($type)
            }

            /// The 32 bytes.
            pub fn as_bytes(&self) -> &[u8; 32] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($scheme, "{}"), hex::encode(self.as_bytes()))
            }
        }

        impl FromStr for $type {
            type Err = FingerprintError;

            fn from_str(text: &str) -> Result<Self, FingerprintError> {
                let bytes = text.strip_prefix($scheme).and_then(parse_lower_hex);
                $type::from_bytes(bytes.ok_or(FingerprintError::NotHexadecimal)?)
            }
        }
    };
}

/// The text in JSON and for debugging.
macro_rules! as_text {
    ($type:ident, $pattern:literal) => {
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
                schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

as_element!(FingerprintPublicKey, "ristretto255:");
as_element!(BlindedElement, "");
as_element!(EvaluatedElement, "");
as_text!(FingerprintPublicKey, "^ristretto255:[0-9a-f]{64}$");
as_text!(BlindedElement, "^[0-9a-f]{64}$");
as_text!(EvaluatedElement, "^[0-9a-f]{64}$");
as_text!(EvaluationProof, "^[0-9a-f]{128}$");

/// Bytes and text of what is one hash.
macro_rules! as_hash {
    ($type:ident) => {
        impl $type {
            /// Takes 32 bytes as they are.
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                $type(Hash::new(bytes))
            }

            /// The 32 bytes.
            pub const fn as_bytes(&self) -> &[u8; 32] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $type {
            type Err = ParseHashError;

            fn from_str(text: &str) -> Result<Self, ParseHashError> {
                text.parse().map($type)
            }
        }
    };
}

as_hash!(FingerprintKeyId);
as_hash!(KeyedToken);

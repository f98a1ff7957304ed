//! Values that are written as text: one string form for Display, `FromStr`, serde, Borsh and JSON Schema.

use std::fmt;
use std::hash::{Hash, Hasher};

use borsh::io::{Error, ErrorKind, Read, Result};

/// Fixed-length ASCII, inline: an identifier is copied and compared without touching the heap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ascii<const N: usize>([u8; N]);

impl<const N: usize> Ascii<N> {
    pub(crate) fn new(text: &str) -> Option<Self> {
        Self::from_bytes(text.as_bytes().try_into().ok()?)
    }

    pub(crate) fn from_bytes(bytes: [u8; N]) -> Option<Self> {
        bytes.is_ascii().then_some(Self(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn as_str(&self) -> &str {
        // Only ASCII gets in, so the default is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Debug for Ascii<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// ASCII of at most `N` characters, at most 255, inline: a name is copied and compared without touching the heap.
/// In the order of the texts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShortText<const N: usize> {
    /// Zeros follow the text.
    bytes: [u8; N],
    length: u8,
}

impl<const N: usize> ShortText<N> {
    /// Takes a text over; nothing when it is too long, not ASCII, or holds a zero.
    pub fn new(text: &str) -> Option<Self> {
        if !text.is_ascii() || text.as_bytes().contains(&0) {
            return None;
        }
        let mut bytes = [0; N];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, length: u8::try_from(text.len()).ok()? })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so the default is never taken.
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

impl<const N: usize> Hash for ShortText<N> {
    /// The text alone, which is mostly much shorter than it may be.
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.as_bytes());
        state.write_u8(self.length);
    }
}

impl<const N: usize> fmt::Debug for ShortText<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<const N: usize> fmt::Display for ShortText<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> borsh::BorshSerialize for ShortText<N> {
    /// As a string.
    fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> Result<()> {
        borsh::BorshSerialize::serialize(self.as_bytes(), writer)
    }
}

impl<const N: usize> borsh::BorshDeserialize for ShortText<N> {
    fn deserialize_reader<R: Read>(reader: &mut R) -> Result<Self> {
        let mut buffer = [0; N];
        let text = read_short_text(reader, &mut buffer)?;
        Self::new(text).ok_or_else(|| invalid("text with other than ASCII characters"))
    }
}

/// Decodes a Borsh string of at most `max_bytes`, refusing a longer one before reading it.
pub(crate) fn read_text<R: Read>(reader: &mut R, max_bytes: u32) -> Result<String> {
    let length = <u32 as borsh::BorshDeserialize>::deserialize_reader(reader)?;
    if length > max_bytes {
        return Err(invalid(format!("text of {length} bytes; at most {max_bytes} are allowed here")));
    }
    let length = usize::try_from(length).map_err(invalid)?;
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(invalid)
}

/// Decodes a Borsh string that fits into a buffer.
pub(crate) fn read_short_text<'a, R: Read>(reader: &mut R, buffer: &'a mut [u8]) -> Result<&'a str> {
    let length = <u32 as borsh::BorshDeserialize>::deserialize_reader(reader)?;
    let allowed = buffer.len();
    let bytes = usize::try_from(length).ok().and_then(|length| buffer.get_mut(..length));
    let bytes = bytes
        .ok_or_else(|| invalid(format!("text of {length} bytes; at most {allowed} are allowed here")))?;
    reader.read_exact(bytes)?;
    std::str::from_utf8(bytes).map_err(invalid)
}

/// Decodes a Borsh sequence of at most `MAX` items, refusing a longer one before reading it.
pub(crate) fn read_bounded<R: Read, T: borsh::BorshDeserialize, const MAX: u32>(
    reader: &mut R,
) -> Result<Vec<T>> {
    let length = <u32 as borsh::BorshDeserialize>::deserialize_reader(reader)?;
    if length > MAX {
        return Err(invalid(format!("{length} items; at most {MAX} are allowed here")));
    }
    (0..length).map(|_| T::deserialize_reader(reader)).collect()
}

/// The error of a strict decoder: the bytes do not spell a valid value.
pub(crate) fn invalid(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(ErrorKind::InvalidData, cause)
}

/// `FromStr`, serde and JSON Schema through the type's `parse` and `Display`.
macro_rules! human_form {
    ($type:ident, $error:ty, { $($schema:tt)* }) => {
        impl std::str::FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }

            fn schema_id() -> std::borrow::Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($type)).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", $($schema)* })
            }
        }
    };
}

/// `Display` as the stored text, for types that keep it.
macro_rules! display_as_str {
    ($type:ident) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// Borsh as a string; only the canonical spelling decodes.
macro_rules! borsh_as_text {
    ($type:ident, $max_bytes:expr) => {
        impl borsh::BorshSerialize for $type {
            fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> borsh::io::Result<()> {
                borsh::BorshSerialize::serialize(self.as_str(), writer)
            }
        }

        impl borsh::BorshDeserialize for $type {
            fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
                let mut buffer = [0; $max_bytes];
                let text = crate::text::read_short_text(reader, &mut buffer)?;
                let value = Self::parse(text).map_err(crate::text::invalid)?;
                if value.as_str() != text {
                    return Err(crate::text::invalid(concat!(
                        stringify!($type),
                        " is not in canonical form; encode it as the library writes it"
                    )));
                }
                Ok(value)
            }
        }
    };
}

/// Borsh as exactly `$n` ASCII bytes.
macro_rules! borsh_as_fixed_ascii {
    ($type:ident, $n:literal) => {
        impl borsh::BorshSerialize for $type {
            fn serialize<W: borsh::io::Write>(&self, writer: &mut W) -> borsh::io::Result<()> {
                writer.write_all(self.as_str().as_bytes())
            }
        }

        impl borsh::BorshDeserialize for $type {
            fn deserialize_reader<R: borsh::io::Read>(reader: &mut R) -> borsh::io::Result<Self> {
                let mut bytes = [0; $n];
                reader.read_exact(&mut bytes)?;
                let text = std::str::from_utf8(&bytes).map_err(crate::text::invalid)?;
                Self::parse(text).map_err(crate::text::invalid)
            }
        }
    };
}

pub(crate) use {borsh_as_fixed_ascii, borsh_as_text, display_as_str, human_form};

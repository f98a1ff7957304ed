//! What parties number themselves: the party, a slash, and a number that SWIFT would carry.

/// Whether a text is a number that SWIFT would carry: 1 to `longest` characters of set x, no space or slash at
/// either end, and no two slashes together.
pub fn is_swift_number(text: &str, longest: usize) -> bool {
    let set_x = |c: char| c.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(c);
    let edge = |c: char| c == '/' || c == ' ';
    (1..=longest).contains(&text.len())
        && text.chars().all(set_x)
        && !text.starts_with(edge)
        && !text.ends_with(edge)
        && !text.contains("//")
}

/// An identifier of this form, with the error of a text that is none.
macro_rules! numbered_id {
    (
        $(#[$doc:meta])*
        $id:ident, $(#[$new_doc:meta])* of $(#[$party_doc:meta])* $party:ident,
        longest: $longest:expr,
        $(#[$error_doc:meta])*
        $error:ident = $message:literal,
        description: $description:literal
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, borsh::BorshSerialize)]
        pub struct $id {
            $party: allonge_finance::PartyId,
            number: String,
        }

        $(#[$error_doc])*
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl $id {
            $(#[$new_doc])*
            pub fn new(
                $party: allonge_finance::PartyId,
                number: impl Into<String>,
            ) -> Result<Self, $error> {
                let number = number.into();
                if crate::identifier::is_swift_number(&number, $longest) {
                    Ok($id { $party, number })
                } else {
                    Err($error)
                }
            }

            $(#[$party_doc])*
            pub fn $party(&self) -> &allonge_finance::PartyId {
                &self.$party
            }

            /// The number that the party gave it.
            pub fn number(&self) -> &str {
                &self.number
            }
        }

        impl std::fmt::Display for $id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}/{}", self.$party, self.number)
            }
        }

        impl std::str::FromStr for $id {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, $error> {
                let (party, number) = text.split_once('/').ok_or($error)?;
                // One thing has one text, so only the canonical spelling of the party is taken.
                let known = allonge_finance::PartyId::parse(party).map_err(|_| $error)?;
                if known.as_str() != party {
                    return Err($error);
                }
                $id::new(known, number)
            }
        }

        impl borsh::BorshDeserialize for $id {
            fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
                let party = borsh::BorshDeserialize::deserialize_reader(reader)?;
                let number: String = borsh::BorshDeserialize::deserialize_reader(reader)?;
                $id::new(party, number)
                    .map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
            }
        }

        impl serde::Serialize for $id {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $id {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $id {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($id).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $description })
            }
        }
    };
}

pub(crate) use numbered_id;

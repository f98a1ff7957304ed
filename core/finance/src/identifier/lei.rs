use super::{IdentifierError, IdentifierKind};
use crate::text::{Ascii, borsh_as_text, display_as_str, human_form};

const KIND: IdentifierKind = IdentifierKind::Lei;

/// A legal entity identifier (ISO 17442): 18 letters or digits and two check digits (ISO 7064 MOD 97-10).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Lei(Ascii<20>);

impl Lei {
    /// Reads 20 characters in capitals.
    ///
    /// # Errors
    /// [`IdentifierError::Length`], [`IdentifierError::Format`], [`IdentifierError::Checksum`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        if text.len() != 20 {
            return Err(IdentifierError::Length { kind: KIND, found: text.len() });
        }
        // The characters are checked before the crate slices and sums them.
        if !text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
            return Err(IdentifierError::Format { kind: KIND });
        }
        lei::parse(text).map_err(|error| match error {
            lei::LEIError::IncorrectCheckDigits { .. } => IdentifierError::Checksum { kind: KIND },
            _ => IdentifierError::Format { kind: KIND },
        })?;
        Ascii::new(text).map(Self).ok_or(IdentifierError::Format { kind: KIND })
    }

    /// The 20 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

display_as_str!(Lei);
human_form!(Lei, IdentifierError, {
    "format": "lei",
    "pattern": "^[A-Z0-9]{18}[0-9]{2}$",
    "description": "A legal entity identifier, ISO 17442."
});
borsh_as_text!(Lei, 20);

use super::{IdentifierError, IdentifierKind};
use crate::text::{Ascii, borsh_as_text, display_as_str, human_form};

const KIND: IdentifierKind = IdentifierKind::Cnaps;

/// A bank code of the China National Advanced Payment System: bank class (3 digits), clearing area (4), branch
/// serial (4) and a check digit (ISO 7064 MOD 11,10).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Cnaps(Ascii<12>);

impl Cnaps {
    /// Reads 12 digits.
    ///
    /// # Errors
    /// [`IdentifierError::Length`], [`IdentifierError::Format`], [`IdentifierError::Checksum`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        if text.len() != 12 {
            return Err(IdentifierError::Length { kind: KIND, found: text.len() });
        }
        if !text.bytes().all(|c| c.is_ascii_digit()) {
            return Err(IdentifierError::Format { kind: KIND });
        }
        if !mod_11_10_holds(text.as_bytes()) {
            return Err(IdentifierError::Checksum { kind: KIND });
        }
        Ascii::new(text).map(Self).ok_or(IdentifierError::Format { kind: KIND })
    }

    /// The 12 digits.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The class of the bank, three digits: 102 is ICBC, 313 the city commercial banks.
    pub fn bank_class(&self) -> &str {
        self.as_str().get(..3).unwrap_or_default()
    }

    /// The clearing area, four digits.
    pub fn clearing_area(&self) -> &str {
        self.as_str().get(3..7).unwrap_or_default()
    }
}

/// ISO 7064 MOD 11,10, a hybrid system: the product starts at 10, and the check digit brings the last sum to 1.
fn mod_11_10_holds(digits: &[u8]) -> bool {
    let Some((check, payload)) = digits.split_last() else {
        return false;
    };
    let product = payload.iter().fold(10, |product, digit| {
        let sum = (product + u32::from(digit - b'0')) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + u32::from(check - b'0')) % 10 == 1
}

display_as_str!(Cnaps);
human_form!(Cnaps, IdentifierError, {
    "format": "cnaps",
    "pattern": "^[0-9]{12}$",
    "description": "A bank code of the China National Advanced Payment System."
});
borsh_as_text!(Cnaps, 12);

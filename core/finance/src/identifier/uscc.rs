use super::{IdentifierError, IdentifierKind};
use crate::text::{Ascii, borsh_as_text, display_as_str, human_form};

const KIND: IdentifierKind = IdentifierKind::Uscc;

/// A unified social credit code (GB 32100-2015) of an organisation in mainland China.
///
/// Registering department (1), class (1), administrative division (6 digits), organisation code (9) and a check
/// character modulo 31. The inner check of the organisation code (GB 11714) is left alone: registers hold
/// codes that were assigned without it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Uscc(Ascii<18>);

impl Uscc {
    /// Reads 18 characters in capitals.
    ///
    /// # Errors
    /// [`IdentifierError::Length`], [`IdentifierError::Format`], [`IdentifierError::Checksum`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        if text.len() != 18 {
            return Err(IdentifierError::Length { kind: KIND, found: text.len() });
        }
        let malformed = IdentifierError::Format { kind: KIND };
        if !text.bytes().skip(2).take(6).all(|c| c.is_ascii_digit()) {
            return Err(malformed);
        }
        let sum = text.bytes().zip(WEIGHTS).try_fold(0, |sum, (c, weight)| Some(sum + weight * value(c)?));
        if sum.ok_or(malformed)? % 31 != 0 {
            return Err(IdentifierError::Checksum { kind: KIND });
        }
        Ascii::new(text).map(Self).ok_or(malformed)
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Powers of 3 modulo 31; the weight 1 of the check character brings the whole sum to a multiple of 31.
const WEIGHTS: [u32; 18] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1];

/// The digits and letters without I, O, S, V and Z, which are too close to digits and to each other.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn value(character: u8) -> Option<u32> {
    let at = ALPHABET.bytes().position(|c| c == character)?;
    u32::try_from(at).ok()
}

display_as_str!(Uscc);
human_form!(Uscc, IdentifierError, {
    "format": "uscc",
    "pattern": "^[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}$",
    "description": "A unified social credit code, GB 32100."
});
borsh_as_text!(Uscc, 18);

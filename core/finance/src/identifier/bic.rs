use super::{CountryCode, IdentifierError, IdentifierKind};
use crate::text::{Ascii, borsh_as_text, display_as_str, human_form};

const KIND: IdentifierKind = IdentifierKind::Bic;

/// A business identifier code (ISO 9362), kept in its canonical 11 characters: `DEUTDEFF` is `DEUTDEFFXXX`.
///
/// The first four characters are letters or digits, as ISO 9362:2014 and ISO 20022 have it; the country must
/// exist. Whether the code is assigned to anyone is not known here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Bic {
    code: Ascii<11>,
    country: CountryCode,
}

impl Bic {
    /// Reads 8 or 11 characters in capitals.
    ///
    /// # Errors
    /// [`IdentifierError::Length`], [`IdentifierError::Format`], [`IdentifierError::Country`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        if !matches!(text.len(), 8 | 11) {
            return Err(IdentifierError::Length { kind: KIND, found: text.len() });
        }
        if !text.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
            return Err(IdentifierError::Format { kind: KIND });
        }
        let country = text.get(4..6).unwrap_or_default();
        if !country.bytes().all(|c| c.is_ascii_uppercase()) {
            return Err(IdentifierError::Format { kind: KIND });
        }
        let country = CountryCode::parse(country).map_err(|_| IdentifierError::Country { kind: KIND })?;
        // The primary office is XXX.
        let mut code = [b'X'; 11];
        code.iter_mut().zip(text.bytes()).for_each(|(character, given)| *character = given);
        let code = Ascii::from_bytes(code).ok_or(IdentifierError::Format { kind: KIND })?;
        Ok(Self { code, country })
    }

    /// The canonical 11 characters.
    pub fn as_str(&self) -> &str {
        self.code.as_str()
    }

    /// The first 8 characters, without the branch.
    pub fn bic8(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }

    /// The branch, `XXX` for the primary office.
    pub fn branch(&self) -> &str {
        self.as_str().get(8..).unwrap_or_default()
    }

    /// The country.
    pub fn country(&self) -> CountryCode {
        self.country
    }

    /// Whether this is a test and training code: its eighth character is `0`.
    pub fn is_test(&self) -> bool {
        self.bic8().ends_with('0')
    }
}

display_as_str!(Bic);
human_form!(Bic, IdentifierError, {
    "format": "bic",
    "pattern": "^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$",
    "description": "A business identifier code, ISO 9362; written with 11 characters."
});
borsh_as_text!(Bic, 11);

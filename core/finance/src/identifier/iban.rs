use iban::IbanLike;

use super::{CountryCode, IdentifierError, IdentifierKind};
use crate::text::{borsh_as_text, display_as_str, human_form};

const KIND: IdentifierKind = IdentifierKind::Iban;

/// An international bank account number (ISO 13616), kept in its electronic form: capitals, no spaces.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Iban {
    number: String,
    country: CountryCode,
}

impl Iban {
    /// Reads the electronic form, or the paper form in groups of four.
    ///
    /// # Errors
    /// [`IdentifierError::Length`], [`IdentifierError::Format`], [`IdentifierError::Checksum`],
    /// [`IdentifierError::Country`] when the registry has no such country.
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        // 34 characters and the eight spaces between their groups.
        if !(15..=42).contains(&text.len()) {
            return Err(IdentifierError::Length { kind: KIND, found: text.len() });
        }
        let parsed: iban::Iban = text.parse().map_err(|error| match error {
            iban::ParseIbanError::InvalidBaseIban { source: iban::ParseBaseIbanError::InvalidChecksum } => {
                IdentifierError::Checksum { kind: KIND }
            }
            iban::ParseIbanError::UnknownCountry(_) => IdentifierError::Country { kind: KIND },
            _ => IdentifierError::Format { kind: KIND },
        })?;
        let country = CountryCode::parse(parsed.country_code());
        let country = country.map_err(|_| IdentifierError::Country { kind: KIND })?;
        Ok(Self { number: parsed.electronic_str().to_owned(), country })
    }

    /// The electronic form.
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// The country of the account.
    pub fn country(&self) -> CountryCode {
        self.country
    }
}

display_as_str!(Iban);
human_form!(Iban, IdentifierError, {
    "format": "iban",
    "description": "An international bank account number, ISO 13616; written without spaces."
});
borsh_as_text!(Iban, 34);

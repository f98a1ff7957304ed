use std::fmt;

use borsh::{BorshDeserialize, BorshSerialize};

use super::{Bic, Cnaps, IdentifierError, IdentifierKind, Lei, Uscc};
use crate::text::{ShortText, borsh_as_text, display_as_str, human_form};

/// A party of a ledger: whoever signs, owes or is owed.
///
/// The string form names the standard by its shape, so it needs no prefix: 8 or 11 characters are a BIC, 12
/// digits a CNAPS code, 18 characters a USCC, 20 a LEI; what begins with a lower-case letter is a local name
/// that the registrar of the ledger gave. Borsh is one byte for the standard, then the canonical string.
///
/// ```
/// use allonge_finance::PartyId;
///
/// assert_eq!(PartyId::parse("DEUTDEFF")?.to_string(), "DEUTDEFFXXX");
/// assert!(matches!(PartyId::parse("harbour-bank")?, PartyId::Name(_)));
/// # Ok::<(), allonge_finance::IdentifierError>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub enum PartyId {
    /// A business identifier code.
    Bic(Bic) = 0,
    /// A legal entity identifier.
    Lei(Lei) = 1,
    /// A CNAPS bank code.
    Cnaps(Cnaps) = 2,
    /// A unified social credit code.
    Uscc(Uscc) = 3,
    /// A name that the registrar gave.
    Name(LocalName) = 4,
}

impl PartyId {
    /// Reads any of the string forms.
    ///
    /// # Errors
    /// The error of the standard whose shape the text has, or [`IdentifierError::PartyShape`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        // No standard here has lower-case letters, so the first character separates names from codes.
        if text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return LocalName::parse(text).map(Self::Name);
        }
        match text.len() {
            8 | 11 => Bic::parse(text).map(Self::Bic),
            12 if text.starts_with(|c: char| c.is_ascii_digit()) => Cnaps::parse(text).map(Self::Cnaps),
            18 => Uscc::parse(text).map(Self::Uscc),
            20 => Lei::parse(text).map(Self::Lei),
            _ => Err(IdentifierError::PartyShape),
        }
    }

    /// The canonical string.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bic(bic) => bic.as_str(),
            Self::Lei(lei) => lei.as_str(),
            Self::Cnaps(cnaps) => cnaps.as_str(),
            Self::Uscc(uscc) => uscc.as_str(),
            Self::Name(name) => name.as_str(),
        }
    }
}

impl fmt::Display for PartyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

human_form!(PartyId, IdentifierError, {
    "format": "party",
    "maxLength": 35,
    "description": "A party: BIC (8 or 11), CNAPS code (12 digits), USCC (18), LEI (20), or a local name in lower case."
});

macro_rules! party_from {
    ($($type:ident => $variant:ident),*) => {$(
        impl From<$type> for PartyId {
            fn from(id: $type) -> Self {
                Self::$variant(id)
            }
        }
    )*};
}
party_from!(Bic => Bic, Lei => Lei, Cnaps => Cnaps, Uscc => Uscc, LocalName => Name);

/// A name that the registrar of a ledger gives to a party without a public identifier: a lower-case letter,
/// then up to 34 lower-case letters, digits and hyphens.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LocalName(ShortText<35>);

impl LocalName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`IdentifierError::Length`], [`IdentifierError::Format`].
    pub fn parse(text: &str) -> Result<Self, IdentifierError> {
        let kind = IdentifierKind::LocalName;
        if !(1..=35).contains(&text.len()) {
            return Err(IdentifierError::Length { kind, found: text.len() });
        }
        let lower_case = text.starts_with(|c: char| c.is_ascii_lowercase());
        if !lower_case || !text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-')) {
            return Err(IdentifierError::Format { kind });
        }
        ShortText::new(text).map(Self).ok_or(IdentifierError::Format { kind })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

display_as_str!(LocalName);
human_form!(LocalName, IdentifierError, {
    "pattern": "^[a-z][a-z0-9-]{0,34}$",
    "description": "A name that the registrar of a ledger gave to a party."
});
borsh_as_text!(LocalName, 35);

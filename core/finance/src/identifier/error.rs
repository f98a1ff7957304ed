use std::fmt;

/// Why an identifier was refused. The offending text is not repeated: it may be a customer's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum IdentifierError {
    /// The length is wrong.
    #[error("{kind} of {found} characters; it has {}", kind.length())]
    Length {
        /// What was expected.
        kind: IdentifierKind,
        /// Bytes found.
        found: usize,
    },
    /// A character stands where the standard does not allow it.
    #[error("not a {kind}: {}", kind.shape())]
    Format {
        /// What was expected.
        kind: IdentifierKind,
    },
    /// The check digits do not match.
    #[error("the check digits of this {kind} do not match; compare every character with the source")]
    Checksum {
        /// What was expected.
        kind: IdentifierKind,
    },
    /// The country is not in ISO 3166-1, or issues no such identifier.
    #[error("the country of this {kind} is unknown to its standard; check its two letters")]
    Country {
        /// What was expected.
        kind: IdentifierKind,
    },
    /// The text has the shape of no party identifier.
    #[error(
        "not a party: give a BIC (8 or 11 characters), a CNAPS code (12 digits), a USCC (18), a LEI (20), or \
         the local name that the registrar gave, in lower case"
    )]
    PartyShape,
}

/// The standard that an identifier follows.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[non_exhaustive]
pub enum IdentifierKind {
    /// ISO 9362 business identifier code.
    Bic,
    /// ISO 17442 legal entity identifier.
    Lei,
    /// ISO 13616 international bank account number.
    Iban,
    /// Bank code of the China National Advanced Payment System.
    Cnaps,
    /// GB 32100 unified social credit code.
    Uscc,
    /// ISO 3166-1 alpha-2 country code.
    Country,
    /// Name given by the registrar of a ledger.
    LocalName,
}

impl IdentifierKind {
    fn length(self) -> &'static str {
        match self {
            Self::Bic => "8 or 11",
            Self::Lei => "20",
            Self::Iban => "15 to 34, by country",
            Self::Cnaps => "12",
            Self::Uscc => "18",
            Self::Country => "2",
            Self::LocalName => "1 to 35",
        }
    }

    fn shape(self) -> &'static str {
        match self {
            Self::Bic => {
                "write four letters or digits, two letters of country, two letters or digits and, if any, \
                 three of branch, in capitals"
            }
            Self::Lei => "write 18 capital letters or digits, then two check digits",
            Self::Iban => "write two letters, two digits and the account as its country lays it out",
            Self::Cnaps => "write twelve digits",
            Self::Uscc => {
                "write capital letters (never I, O, S, V, Z) and digits, with digits in positions 3 to 8"
            }
            Self::Country => "write two capital letters",
            Self::LocalName => "begin with a lower-case letter, then lower-case letters, digits and hyphens",
        }
    }
}

impl fmt::Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Bic => "BIC",
            Self::Lei => "LEI",
            Self::Iban => "IBAN",
            Self::Cnaps => "CNAPS code",
            Self::Uscc => "USCC",
            Self::Country => "country code",
            Self::LocalName => "local name",
        })
    }
}

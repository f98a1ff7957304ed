//! Tier E1: numbers that their issuers guarantee to be unique.

use serde::{Deserialize, Serialize};

use super::spelling::{digits, name, number};
use super::{FingerprintInput, FingerprintInputError};
use crate::{Bic, Date};

/// A number that its issuer gives once and to one document.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum UniqueNumber {
    /// A fully digital invoice of mainland China: 20 digits.
    DigitalInvoice {
        /// The number.
        number: String,
    },
    /// An invoice of mainland China as they were before: a code of 10 or 12 digits and a number of 8.
    Invoice {
        /// The code of the form.
        code: String,
        /// The number on it.
        number: String,
        /// The date of issue.
        issued: Date,
    },
    /// A customs declaration of mainland China: 18 digits.
    CustomsDeclaration {
        /// The number.
        number: String,
    },
    /// A bill of lading.
    BillOfLading {
        /// The number.
        number: String,
        /// The carrier's name, who is not its agent.
        carrier: String,
    },
    /// A warehouse receipt.
    WarehouseReceipt {
        /// The number.
        number: String,
        /// The name of the warehouse that issued it.
        issuer: String,
    },
    /// A bill of exchange of the ECDS or the Shanghai Commercial Paper Exchange: the package of 30 digits, and which of
    /// its units. A range that overlaps another has bytes of its own.
    Bill {
        /// The number of the package.
        package: String,
        /// The first unit, from 1.
        first: u64,
        /// The last unit.
        last: u64,
    },
    /// A letter of credit.
    LetterOfCredit {
        /// The number.
        number: String,
        /// The issuing bank; its branch does not count.
        issuing_bank: Bic,
    },
}

impl UniqueNumber {
    pub(super) fn input(&self) -> Result<FingerprintInput, FingerprintInputError> {
        let of = |kind| FingerprintInput::new("E1", kind);
        Ok(match self {
            UniqueNumber::DigitalInvoice { number } => {
                of("digital_invoice").text(&digits("number of the digital invoice", number, (&[20], "20"))?)
            }
            UniqueNumber::Invoice { code, number, issued } => of("invoice")
                .text(&digits("code of the invoice", code, (&[10, 12], "10 or 12"))?)
                .text(&digits("number of the invoice", number, (&[8], "8"))?)
                .date(*issued),
            UniqueNumber::CustomsDeclaration { number } => of("customs_declaration").text(&digits(
                "number of the customs declaration",
                number,
                (&[18], "18"),
            )?),
            UniqueNumber::BillOfLading { number: text, carrier } => of("bill_of_lading")
                .text(&number("number of the bill of lading", text)?)
                .text(&name("carrier", carrier)?),
            UniqueNumber::WarehouseReceipt { number: text, issuer } => of("warehouse_receipt")
                .text(&number("number of the warehouse receipt", text)?)
                .text(&name("issuer of the warehouse receipt", issuer)?),
            UniqueNumber::Bill { package, first, last } => {
                if *first == 0 || first > last {
                    return Err(FingerprintInputError::Range);
                }
                of("bill")
                    .text(&digits("package of the bill", package, (&[30], "30"))?)
                    .text(&first.to_string())
                    .text(&last.to_string())
            }
            UniqueNumber::LetterOfCredit { number: text, issuing_bank } => of("letter_of_credit")
                .text(&number("number of the letter of credit", text)?)
                .text(issuing_bank.as_str().get(..8).unwrap_or_default()),
        })
    }
}

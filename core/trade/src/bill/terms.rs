//! What a bill says on its face.

use std::fmt;
use std::str::FromStr;

use allonge_finance::{CalendarId, Date, Money, PartyId};
use allonge_ledger::{Error, Findings};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::part::MAX_BILL_TEXT_LENGTH;
use crate::identifier::BillId;
use crate::registry::{
    BILL_AMOUNT, BILL_CONDITIONAL, BILL_DRAWEE, BILL_PACKAGE, BILL_TENOR, BILL_TITLE, BILL_TO_ONESELF,
};
use crate::rulebook::{BILL_CEILINGS, BILL_TERM};
use crate::terms::check_line;

/// Characters of a bill's title at most.
pub const MAX_TITLE_CHARACTERS: usize = 70;

/// What a bill says. Its date, its sum, its drawee and its payee are here; its drawer is who drew it, and the drawer's
/// signature is that of the transaction. Negotiable Instruments Law art. 22.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillTerms {
    /// What it calls itself, at most 70 characters: it says that it is a bill.
    pub title: String,
    /// Who is to accept it.
    pub kind: BillKind,
    /// The number of its package in the clearing system, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<PackageNumber>,
    /// Who is ordered to pay, and may accept.
    pub drawee: PartyId,
    /// To whom it is to be delivered.
    pub payee: PartyId,
    /// The sum, above zero.
    pub amount: Money,
    /// When it is drawn, a date at the place of payment.
    pub issued_on: Date,
    /// The day on which it is to be paid; when banks are closed then, on the first banking day following.
    pub maturity: Date,
    /// The banking days of the place of payment.
    pub calendar: CalendarId,
    /// Whether it may be passed on in ranges of its units.
    pub divisible: bool,
    /// Whether it may be passed on at all.
    pub transferable: bool,
    /// What the order to pay depends on. It must depend on nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
}

/// Who is to accept a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum BillKind {
    /// A bank.
    BankAcceptance = 0,
    /// Anybody else.
    CommercialAcceptance = 1,
}

impl BillTerms {
    /// A bill with all its particulars, which its drawee may accept.
    pub(crate) fn check(&self, id: &BillId, today: Date, findings: &mut Findings) -> Result<(), Error> {
        check_line("title", &self.title, MAX_TITLE_CHARACTERS)?;
        for condition in &self.conditions {
            check_line("conditions", condition, MAX_BILL_TEXT_LENGTH)?;
        }
        findings.judge(&BILL_TITLE, self.says_that_it_is_a_bill())?;
        findings.judge(&BILL_CONDITIONAL, self.orders_unconditionally())?;
        findings.judge(&BILL_AMOUNT, self.is_of_a_sum())?;
        findings.judge(&BILL_TENOR, self.runs_within_its_term(today))?;
        findings.judge(&BILL_DRAWEE, self.is_drawn_on_its_kind())?;
        findings.judge(&BILL_TO_ONESELF, is_another(id.drawer(), &self.payee))?;
        findings.judge(&BILL_PACKAGE, self.is_of_its_package())
    }

    /// Negotiable Instruments Law art. 22(1).
    fn says_that_it_is_a_bill(&self) -> Result<(), Error> {
        let says = self.title.contains('票') || self.title.to_uppercase().contains("BILL");
        BILL_TITLE.unless(says, |refusal| refusal.with("title", &self.title))
    }

    /// Negotiable Instruments Law art. 22(2).
    fn orders_unconditionally(&self) -> Result<(), Error> {
        let condition = self.conditions.first();
        BILL_CONDITIONAL.unless(condition.is_none(), |refusal| {
            refusal.with("condition", condition.map(String::as_str).unwrap_or_default())
        })
    }

    fn is_of_a_sum(&self) -> Result<(), Error> {
        let code = self.amount.currency();
        let ceiling = BILL_CEILINGS.iter().find(|ceiling| code.code() == ceiling.currency);
        let within = ceiling.is_none_or(|ceiling| self.amount.minor_units() <= ceiling.minor_units);
        let units = u64::try_from(self.amount.minor_units()).is_ok_and(|units| units > 0);
        BILL_AMOUNT.unless(within && units, |refusal| refusal.with("amount", self.amount))
    }

    fn runs_within_its_term(&self, today: Date) -> Result<(), Error> {
        let last = BILL_TERM.last(self.issued_on);
        let fits = self.issued_on <= today
            && self.maturity >= today
            && self.maturity > self.issued_on
            && last.is_some_and(|last| self.maturity <= last);
        BILL_TENOR.unless(fits, |refusal| {
            let refusal = refusal.with("issued_on", self.issued_on).with("maturity", self.maturity);
            refusal.with("limit", BILL_TERM.months)
        })
    }

    fn is_drawn_on_its_kind(&self) -> Result<(), Error> {
        let fits = is_bank(&self.drawee) == (self.kind == BillKind::BankAcceptance);
        BILL_DRAWEE.unless(fits, |refusal| refusal.with("drawee", &self.drawee))
    }

    /// Bills art. 1.
    fn is_of_its_package(&self) -> Result<(), Error> {
        let Some(package) = &self.package else { return Ok(()) };
        let fits = package.kind() == self.kind && package.date() == compact(self.issued_on);
        BILL_PACKAGE.unless(fits, |refusal| refusal.with("package", package))
    }
}

/// Banks are known by what identifies them: a BIC or a CNAPS code.
pub(super) fn is_bank(party: &PartyId) -> bool {
    matches!(party, PartyId::Bic(_) | PartyId::Cnaps(_))
}

/// An act between two parties has two.
pub(crate) fn is_another(one: &PartyId, other: &PartyId) -> Result<(), Error> {
    BILL_TO_ONESELF.unless(one != other, |refusal| refusal.with("party", one))
}

fn compact(date: Date) -> String {
    date.to_string().replace('-', "")
}

/// The number of a package in the clearing system: one digit of what it is, 12 of the CNAPS code of the bank that entered it,
/// 8 of the date, 8 of the serial number, and a check digit.
///
/// The check digit is carried and not verified: the system that gives the numbers does not publish how it is computed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, BorshSerialize)]
pub struct PackageNumber(String);

/// A text that is no package's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a package has 30 digits: 5 to 8 for what it is, 12 of a CNAPS code, 8 of a date, 8 serial, 1 check")]
pub struct ParsePackageError;

impl PackageNumber {
    /// The number as 30 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Who is to accept the bills of the package: a bank for 5 and 7, another for 6 and 8, of which 7 and 8 are of supply
    /// chains.
    pub fn kind(&self) -> BillKind {
        if self.0.starts_with(['5', '7']) { BillKind::BankAcceptance } else { BillKind::CommercialAcceptance }
    }

    /// The date, as 8 digits.
    fn date(&self) -> &str {
        self.0.get(13..21).unwrap_or_default()
    }
}

impl FromStr for PackageNumber {
    type Err = ParsePackageError;

    fn from_str(text: &str) -> Result<Self, ParsePackageError> {
        let digits = text.len() == 30 && text.bytes().all(|c| c.is_ascii_digit());
        let known = text.starts_with(['5', '6', '7', '8']);
        (digits && known).then(|| PackageNumber(text.to_owned())).ok_or(ParsePackageError)
    }
}

impl fmt::Display for PackageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BorshDeserialize for PackageNumber {
    fn deserialize_reader<R: std::io::Read>(reader: &mut R) -> std::io::Result<Self> {
        let text = String::deserialize_reader(reader)?;
        text.parse().map_err(|error| std::io::Error::new(std::io::ErrorKind::InvalidData, error))
    }
}

impl Serialize for PackageNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PackageNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <String as Deserialize>::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for PackageNumber {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PackageNumber".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "pattern": "^[5-8][0-9]{29}$",
            "description": "The number of a bill's package in the clearing system: 30 digits."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_has_thirty_digits_and_says_who_accepts() {
        let number = |text: &str| text.parse::<PackageNumber>();
        let bank = number("510510000001220260302000000017").unwrap();
        assert_eq!((bank.kind(), bank.date()), (BillKind::BankAcceptance, "20260302"));
        let supply_chain = number("810510000001220260302000000017").unwrap();
        assert_eq!(supply_chain.kind(), BillKind::CommercialAcceptance);
        for text in [
            "",
            "910510000001220260302000000017",
            "51051000000122026030200000001",
            "51051000000122026030200000001x",
        ] {
            assert_eq!(number(text), Err(ParsePackageError), "{text}");
        }
        assert!(borsh::from_slice::<PackageNumber>(&borsh::to_vec("5").unwrap()).is_err());
    }
}

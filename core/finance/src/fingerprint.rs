//! What a document of trade is recognised by: canonical bytes that do not depend on how it is spelt.
//!
//! Two banks that read the same invoice write down its number, its parties and its amount each in its own way. Here
//! both come to the same bytes, tier by tier; a keyed function makes fingerprints of them. The bytes themselves are
//! easy to guess and are shown to nobody. `docs/fingerprints.md` has their layout.

mod goods;
mod input;
mod spelling;
mod text;
mod unique;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::goods::{Goods, LineItem, MAX_LINE_ITEMS};
pub use self::input::{FINGERPRINT_DOMAIN, FingerprintInput};
pub use self::text::{MAX_TEXT_BYTES, MIN_TEXT_CHARACTERS, TEXT_BANDS};
pub use self::unique::UniqueNumber;
use crate::{CountryCode, Date, Lei, Money, Uscc};

/// The longest name or number, in bytes of UTF-8.
pub const MAX_FIELD_BYTES: usize = 512;
/// Dates at most so many days apart share a window of tier P1.
pub const WINDOW_DAYS: i32 = 3;

/// A company as the tiers of fingerprints know it: by its code where it has one.
///
/// Of several codes the first in this order counts, for each bank to use the same.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Company {
    /// The unified social credit code of a company in mainland China.
    Uscc(Uscc),
    /// The legal entity identifier of any other that has one.
    Lei(Lei),
    /// A company without either. Names are too weak to stand in E2, and so in E3, for a seller.
    Named {
        /// The country of its seat.
        country: CountryCode,
        /// The name on the document.
        name: String,
    },
}

impl Company {
    /// Whether it has a code that nobody else has.
    pub fn has_code(&self) -> bool {
        !matches!(self, Company::Named { .. })
    }
}

/// What is read off a document of trade: as much as is known, spelt in any way.
///
/// ```
/// use allonge_finance::{Company, Currency, Date, Money, TradeDocument};
///
/// let as_one_bank_reads_it = TradeDocument {
///     seller: Some(Company::Uscc("91350100M000100Y43".parse()?)),
///     number: Some("Inv. 2026/0815".into()),
///     issued: Some(Date::new(2026, 3, 2)?),
///     amount: Some(Money::parse("5000.00", Currency::parse("USD")?)?),
///     ..TradeDocument::default()
/// };
/// let as_another_does = TradeDocument { number: Some("ＩＮＶ２０２６-0815".into()), ..as_one_bank_reads_it.clone() };
/// assert_eq!(as_one_bank_reads_it.inputs()?, as_another_does.inputs()?);
/// assert!(as_another_does.inputs()?.e2.is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TradeDocument {
    /// A number that its issuer guarantees to be unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique: Option<UniqueNumber>,
    /// Who sells, and issued the invoice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seller: Option<Company>,
    /// Who buys, and owes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer: Option<Company>,
    /// The seller's own number of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The date of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<Date>,
    /// When it is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Date>,
    /// Its amount, above zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// What is sold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goods: Option<Goods>,
    /// The whole text, as it was extracted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The canonical bytes of each tier that the document gives: a tier of which a part is unknown is empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FingerprintInputs {
    /// The unique number.
    pub e1: Option<FingerprintInput>,
    /// The seller's code, number and date.
    pub e2: Option<FingerprintInput>,
    /// As E2, with buyer, amount and currency.
    pub e3: Option<FingerprintInput>,
    /// Seller, buyer, amount and the date within some days: one for each window that the date lies in.
    pub p1: Vec<FingerprintInput>,
    /// Seller, amount and due date.
    pub p2: Option<FingerprintInput>,
    /// The lines, and the goods with their bill of lading.
    pub p3: Vec<FingerprintInput>,
    /// The bands of the text: none, or [`TEXT_BANDS`].
    pub p4: Vec<FingerprintInput>,
}

/// Why a document has no canonical bytes. What stands on it is not repeated: it is a customer's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum FingerprintInputError {
    /// Nothing but spaces and punctuation.
    #[error("{0} has no letter and no digit; write it as the document does, or leave it out")]
    Empty(&'static str),
    /// More than [`MAX_FIELD_BYTES`], or [`MAX_TEXT_BYTES`] of text.
    #[error("{field} has more than {limit} bytes; leave out what does not belong to it")]
    TooLong {
        /// Which part.
        field: &'static str,
        /// The most that is taken.
        limit: usize,
    },
    /// A letter in a number that has none, or not its count of digits.
    #[error("{field} is not a number of {digits} digits; compare it with the document")]
    Digits {
        /// Which part.
        field: &'static str,
        /// How many it has.
        digits: &'static str,
    },
    /// A quantity that is no plain decimal above zero.
    #[error("{0} is no quantity; write a decimal above zero such as 12.5, with a point and no separators")]
    Quantity(&'static str),
    /// An amount of zero or below.
    #[error("the amount is not above zero; a credit note is no document to finance")]
    Amount,
    /// A range that ends before it begins.
    #[error("the range of the bill ends before it begins; give the first and the last unit")]
    Range,
    /// Too many lines, or none.
    #[error("give from 1 to {MAX_LINE_ITEMS} lines of goods, or no goods at all; not {0}")]
    Lines(usize),
    /// Too little to recognise a document by.
    #[error(
        "the text has fewer than {MIN_TEXT_CHARACTERS} letters and digits, too few to tell documents apart; leave it out"
    )]
    TextTooShort,
}

impl TradeDocument {
    /// The canonical bytes, tier by tier.
    pub fn inputs(&self) -> Result<FingerprintInputs, FingerprintInputError> {
        if self.amount.is_some_and(|amount| !amount.is_positive()) {
            return Err(FingerprintInputError::Amount);
        }
        let number = self.number.as_deref().map(|number| spelling::number("number", number)).transpose()?;
        let seller = self.seller.as_ref().map(|seller| company("seller", seller)).transpose()?;
        let buyer = self.buyer.as_ref().map(|buyer| company("buyer", buyer)).transpose()?;
        let coded = self.seller.as_ref().is_some_and(Company::has_code);

        let mut inputs = FingerprintInputs {
            e1: self.unique.as_ref().map(UniqueNumber::input).transpose()?,
            p3: self.goods.as_ref().map(Goods::inputs).transpose()?.unwrap_or_default(),
            p4: self.text.as_deref().map(text::inputs).transpose()?.unwrap_or_default(),
            ..FingerprintInputs::default()
        };
        if let (true, Some(seller), Some(number), Some(issued)) = (coded, &seller, &number, self.issued) {
            let of = |tier| seller.write(FingerprintInput::new(tier, "invoice")).text(number).date(issued);
            inputs.e2 = Some(of("E2"));
            if let (Some(buyer), Some(amount)) = (&buyer, self.amount) {
                inputs.e3 = Some(buyer.write(of("E3")).money(amount));
            }
        }
        if let (Some(seller), Some(buyer), Some(amount), Some(issued)) =
            (&seller, &buyer, self.amount, self.issued)
        {
            // Each window has WINDOW_DAYS + 1 days: two dates lie in a common one just when they are no further apart.
            let first_days = (0..=WINDOW_DAYS).rev().filter_map(|back| issued.plus_days(-back));
            let of = || buyer.write(seller.write(FingerprintInput::new("P1", "window"))).money(amount);
            inputs.p1 = first_days.map(|first| of().date(first)).collect();
        }
        if let (Some(seller), Some(amount), Some(due)) = (&seller, self.amount, self.due) {
            inputs.p2 = Some(seller.write(FingerprintInput::new("P2", "due")).money(amount).date(due));
        }
        Ok(inputs)
    }
}

impl FingerprintInputs {
    /// How many there are, at most 26.
    pub fn len(&self) -> usize {
        self.iter().count()
    }

    /// Whether the document gives nothing to recognise it by.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }

    /// All of them, from E1 to P4.
    pub fn iter(&self) -> impl Iterator<Item = &FingerprintInput> {
        let exact = self.e1.iter().chain(&self.e2).chain(&self.e3);
        exact.chain(&self.p1).chain(&self.p2).chain(&self.p3).chain(&self.p4)
    }
}

/// A company in its one spelling: how it is known, and as what.
struct Known {
    scheme: String,
    value: String,
}

impl Known {
    fn write(&self, input: FingerprintInput) -> FingerprintInput {
        input.text(&self.scheme).text(&self.value)
    }
}

fn company(field: &'static str, company: &Company) -> Result<Known, FingerprintInputError> {
    let known = |scheme: &str, value: &dyn fmt::Display| Known {
        scheme: scheme.to_owned(),
        value: value.to_string(),
    };
    Ok(match company {
        Company::Uscc(uscc) => known("uscc", uscc),
        Company::Lei(lei) => known("lei", lei),
        Company::Named { country, name } => known(&format!("name:{country}"), &spelling::name(field, name)?),
    })
}

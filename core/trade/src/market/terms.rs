//! What a firm offer to buy a claim says, and the price that follows from it. URF 800 art. 2, 5, 11.

use allonge_finance::{CalendarId, Date, DiscountError, DiscountTerms, Money, PartyId, Rate, accrued};
use allonge_ledger::{Error, registry::AMOUNT_OVERFLOW};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::registry::{FORFAITING_TERMS, TRADE_PRICE};
use crate::terms::{MAX_LINE_LENGTH, check_line};

/// Titles of documents, and conditions, of a trade at most.
pub const MAX_CONDITIONS: usize = 20;
/// Documents that are delivered at most.
pub const MAX_TRADE_DOCUMENTS: usize = 50;
/// Characters of a condition at most.
pub const MAX_CONDITION_LENGTH: usize = 140;

/// The terms of a firm offer to buy a claim.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ForfaitingTerms {
    /// How the claim is discounted, from the day of settlement to the day on which it is due.
    pub discount: DiscountTerms,
    /// The first day on which it is settled.
    pub value_date: Date,
    /// The business days of the place of performance.
    pub calendar: CalendarId,
    /// The last day for satisfactory documents and conditions; none means that the claim is immediately available, which gives
    /// 10 business days from the trade date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub availability_date: Option<Date>,
    /// The titles of the documents that the seller delivers, at most 20 of 65 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<String>,
    /// The conditions that are to be met, at most 20 of 140 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<String>,
    /// What the seller pays from the trade date to the settlement for the commitment, a rate a year of the face by the day count
    /// of the discount; payable too where the claim is not made available.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment_fee: Option<Rate>,
    /// What the buyer keeps of the price once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
    /// The grounds on which the buyer may come back to the seller, ascending; the sale is without recourse but for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recourse: Vec<RecourseGround>,
}

/// A ground on which a sale without recourse is not. URF 800 art. 13.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    BorshSerialize,
    BorshDeserialize,
    Serialize,
    Deserialize,
)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum RecourseGround {
    /// The seller, or somebody whose act it answers for, deceived.
    Fraud = 0,
    /// The claim does not exist as it was sold.
    InvalidClaim = 1,
    /// What the seller warranted is not so.
    BreachOfWarranty = 2,
    /// A court stopped the payment.
    StopOrder = 3,
}

/// What a claim is settled at. The face is what the net and the rest add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Price {
    /// What the obligor owes.
    pub face: Money,
    /// What the face is discounted by.
    pub discount: Money,
    /// The commitment fee.
    pub commitment_fee: Money,
    /// The flat fee.
    pub fee: Money,
    /// What the buyer pays.
    pub net: Money,
    /// From which day it is discounted.
    pub on: Date,
}

impl ForfaitingTerms {
    /// Whether they can stand, of a claim in this currency, where that is known.
    pub(crate) fn validate(&self, currency: Option<allonge_finance::Currency>) -> Result<(), Error> {
        let refused = |reason: &str| FORFAITING_TERMS.error().with("reason", reason);
        if self.documents.len() > MAX_CONDITIONS || self.conditions.len() > MAX_CONDITIONS {
            return Err(refused("at most 20 documents and 20 conditions"));
        }
        for title in &self.documents {
            check_line("documents", title, MAX_LINE_LENGTH)?;
        }
        for condition in &self.conditions {
            check_line("conditions", condition, MAX_CONDITION_LENGTH)?;
        }
        if !self.recourse.is_sorted_by(|one, other| one < other) {
            return Err(refused("the grounds of recourse ascend"));
        }
        if self.commitment_fee.is_some_and(|rate| rate.hundred_millionths() < 0) {
            return Err(refused("a commitment fee is not negative"));
        }
        match (self.fee, currency) {
            (Some(fee), _) if fee.is_negative() => Err(refused("a fee is not negative")),
            (Some(fee), Some(currency)) if fee.currency() != currency => {
                Err(refused("the fee is in the claim's currency"))
            }
            _ => Ok(()),
        }
    }

    /// The price of a face on a day, agreed on another, of a claim due on a third.
    pub(crate) fn price(&self, face: Money, agreed: Date, on: Date, due: Date) -> Result<Price, Error> {
        let discounted = self.discount.discount(face, on, due).map_err(unpriced)?;
        let commitment_fee = self.committed(face, agreed, on)?;
        let fee = self.fee.unwrap_or_else(|| Money::zero(face.currency()));
        let net = discounted.net.checked_sub(commitment_fee).and_then(|net| net.checked_sub(fee));
        let net = net.map_err(|_| AMOUNT_OVERFLOW.error())?;
        TRADE_PRICE.unless(net.is_positive(), |refusal| {
            refusal.with("reason", "the discount and the fees leave nothing")
        })?;
        Ok(Price { face, discount: discounted.discount, commitment_fee, fee, net, on })
    }

    /// The commitment fee on a face from one day to another.
    pub(crate) fn committed(&self, face: Money, from: Date, to: Date) -> Result<Money, Error> {
        let Some(rate) = self.commitment_fee else { return Ok(Money::zero(face.currency())) };
        let fraction = self.discount.day_count.fraction(from, to);
        accrued(face, rate, fraction, self.discount.rounding.money).map_err(unpriced)
    }

    /// What is paid back of a net that was paid under reserve: with interest at the rate of the discount.
    pub(crate) fn repaid(&self, net: Money, from: Date, to: Date) -> Result<Money, Error> {
        let fraction = self.discount.day_count.fraction(from, to);
        let interest =
            accrued(net, self.discount.rate, fraction, self.discount.rounding.money).map_err(unpriced)?;
        net.checked_add(interest).map_err(|_| AMOUNT_OVERFLOW.error())
    }
}

fn unpriced(source: DiscountError) -> Error {
    TRADE_PRICE.error().with("reason", source.to_string()).because(source)
}

/// Who is asked for, sorted.
pub(crate) fn are_ascending(parties: &[PartyId]) -> bool {
    parties.is_sorted_by(|one, other| one < other)
}

//! Positions: who is liable to whom, for how much, from when; kept by the same transitions that make the liabilities.
//!
//! A position is one entry in two books at once: what the debtor is liable for is what the creditor is exposed to. So books
//! are balanced at every height, and a bank's exposure by obligor, by the country of the obligor and by tenor is the sum over
//! the positions of which it is the creditor.

use allonge_finance::{Currency, Date, Money, PartyId};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::registry::{LIMIT_EXCEEDED, POSITION_NEGATIVE};

/// What kind of liability it is.
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
pub enum Nature {
    /// The debtor will owe it if something happens: an undertaking under which documents may be presented.
    Contingent = 0,
    /// The debtor owes it, now or on a day.
    Definite = 1,
    /// The debtor will owe it if the creditor pays another: the reimbursement of an undertaking.
    Reimbursement = 2,
    /// The debtor owes it to another, from whom the creditor agreed to take it over: what a trade that is not settled keeps of
    /// the creditor's line.
    Reserved = 3,
}

/// Whose liability to whom.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionId {
    /// To whom.
    pub creditor: PartyId,
    /// Who is liable.
    pub debtor: PartyId,
    /// What kind of liability.
    pub nature: Nature,
    /// In which currency.
    pub currency: Currency,
    /// The first day of the month in which it falls due, or in which it expires; none where it has no day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<Date>,
}

/// How much one party is liable for to another. It is never below zero.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Position {
    /// Whose liability to whom.
    pub id: PositionId,
    /// How much.
    pub amount: Money,
}

impl Stored for Position {
    type Id = PositionId;
    const KIND: u8 = 0x79;
}

/// Whose line for whom.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, BorshSerialize, BorshDeserialize, Serialize, Deserialize,
)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LineId {
    /// Who is exposed.
    pub creditor: PartyId,
    /// To whom.
    pub debtor: PartyId,
    /// In which currency.
    pub currency: Currency,
}

/// All that a creditor is exposed to by one debtor in one currency, and the limit that it set itself.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Line {
    /// Whose line for whom.
    pub id: LineId,
    /// The sum of all positions.
    pub used: Money,
    /// How much the creditor lets it become by acts of its own; none where it set no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Money>,
}

impl Stored for Line {
    type Id = LineId;
    const KIND: u8 = 0x7a;
}

impl Position {
    /// Nothing yet.
    pub(crate) fn none(id: PositionId) -> Self {
        let amount = Money::zero(id.currency);
        Position { id, amount }
    }

    /// The debtor is liable for more.
    pub(crate) fn raised(mut self, amount: Money) -> Result<Self, Error> {
        self.amount = self.amount.checked_add(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }

    /// The debtor is liable for less, and for nothing at least.
    pub(crate) fn lowered(mut self, amount: Money) -> Result<Self, Error> {
        let left = self.amount.checked_sub(amount).ok().filter(|left| !left.is_negative());
        self.amount = left.ok_or_else(|| {
            let refusal = POSITION_NEGATIVE.error().with("debtor", &self.id.debtor);
            refusal.with("creditor", &self.id.creditor).with("amount", amount).with("left", self.amount)
        })?;
        Ok(self)
    }
}

impl Line {
    /// Nothing used, and no limit.
    pub(crate) fn none(id: LineId) -> Self {
        let used = Money::zero(id.currency);
        Line { id, used, limit: None }
    }

    /// More of it is used.
    pub(crate) fn used(mut self, amount: Money) -> Result<Self, Error> {
        self.used = self.used.checked_add(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }

    /// Less of it is used.
    pub(crate) fn freed(mut self, amount: Money) -> Result<Self, Error> {
        self.used = self.used.checked_sub(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }

    /// The creditor's own acts keep within the limit that it set.
    pub(crate) fn is_within_limit(&self, findings: &mut Findings) -> Result<(), Error> {
        let Some(limit) = self.limit else { return Ok(()) };
        let within = limit.checked_sub(self.used).is_ok_and(|left| !left.is_negative());
        let judged = LIMIT_EXCEEDED.unless(within, |refusal| {
            let refusal = refusal.with("creditor", &self.id.creditor).with("debtor", &self.id.debtor);
            refusal.with("limit", limit).with("used", self.used)
        });
        findings.judge(&LIMIT_EXCEEDED, judged)
    }
}

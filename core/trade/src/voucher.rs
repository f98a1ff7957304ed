//! Payables that a buyer approves, and electronic vouchers of them: debts of the buyer that pass down a supply chain in parts.
//!
//! Approving a payable makes the debt at once: reverse factoring. A voucher is offered to the supplier, who accepts it. Either
//! way the debt is a [`Claim`](crate::Claim), which its holder divides, offers on, pledges, or sells on the market; and the
//! buyer pays whoever holds it, from its own account to theirs: nothing is pooled on the way.

use allonge_finance::{Date, Money, MonthEnd, PartyId, Timestamp};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::deadline::DueDate;
use crate::identifier::VoucherId;
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{VOUCHER_NOT_ANCHOR, VOUCHER_NOT_OFFERED, VOUCHER_NOT_SUPPLIER, VOUCHER_TENOR};
use crate::rulebook::{VOUCHER_MONTHS_LONG, VOUCHER_MONTHS_USUAL};

/// Characters of an invoice's number, of a contract's, and of the reason of a long tenor at most.
pub const MAX_VOUCHER_TEXT_LENGTH: usize = 140;

/// What a payable is for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PayableBackground {
    /// The number of the contract, at most 140 characters.
    pub contract: String,
    /// The number of the invoice, at most 140 characters.
    pub invoice: String,
    /// The date of the invoice.
    pub invoice_date: Date,
}

/// A payable that a buyer approved, or a voucher of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Voucher {
    /// Which voucher. The debt that comes of it is the claim `voucher:` and this id.
    pub id: VoucherId,
    /// To whom it was first owed.
    pub supplier: PartyId,
    /// How much.
    pub amount: Money,
    /// When it is due.
    pub due: DueDate,
    /// What it is for: a trade that took place.
    pub background: PayableBackground,
    /// Why it runs longer than is usual, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenor_reason: Option<String>,
    /// Whether it is owed.
    pub state: VoucherState,
    /// When the buyer issued it.
    pub issued_at: Timestamp,
}

impl Stored for Voucher {
    type Id = VoucherId;
    const KIND: u8 = 0x68;
}

/// Whether a voucher is owed.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum VoucherState {
    /// It is offered to the supplier.
    Offered {
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 0,
    /// It is owed, as its claim says.
    Owed {
        /// Since when.
        at: Timestamp,
    } = 1,
    /// The supplier rejected it.
    Rejected {
        /// When.
        at: Timestamp,
    } = 2,
    /// The buyer took the offer back.
    Withdrawn {
        /// When.
        at: Timestamp,
    } = 3,
}

impl Voucher {
    /// The supplier accepts it, and it is owed.
    pub(crate) fn accept(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&VOUCHER_NOT_SUPPLIER, self.is_supplier(author))?;
        findings.judge(&VOUCHER_NOT_OFFERED, self.is_offered(now))?;
        self.state = VoucherState::Owed { at: now };
        Ok(self)
    }

    /// The supplier does not want it.
    pub(crate) fn reject(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&VOUCHER_NOT_SUPPLIER, self.is_supplier(author))?;
        findings.judge(&VOUCHER_NOT_OFFERED, self.is_offered(now))?;
        self.state = VoucherState::Rejected { at: now };
        Ok(self)
    }

    /// The buyer takes the offer back.
    pub(crate) fn withdraw(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let anchor = VOUCHER_NOT_ANCHOR.unless(author == self.id.anchor(), |refusal| {
            refusal.with("voucher", &self.id).with("party", author)
        });
        findings.judge(&VOUCHER_NOT_ANCHOR, anchor)?;
        let offered = matches!(self.state, VoucherState::Offered { .. });
        let judged = VOUCHER_NOT_OFFERED.unless(offered, |refusal| refusal.with("voucher", &self.id));
        findings.judge(&VOUCHER_NOT_OFFERED, judged)?;
        self.state = VoucherState::Withdrawn { at: now };
        Ok(self)
    }

    fn is_supplier(&self, author: &PartyId) -> Result<(), Error> {
        VOUCHER_NOT_SUPPLIER.unless(*author == self.supplier, |refusal| {
            refusal.with("voucher", &self.id).with("party", author)
        })
    }

    fn is_offered(&self, now: Timestamp) -> Result<(), Error> {
        let offered = matches!(self.state, VoucherState::Offered { expires_at } if now <= expires_at);
        VOUCHER_NOT_OFFERED.unless(offered, |refusal| refusal.with("voucher", &self.id))
    }
}

/// A voucher is due after it is issued: within six months usually, and within a year where its issuer says why.
pub(crate) fn has_fitting_tenor(issued: Date, due: Date, reason: Option<&str>) -> Result<(), Error> {
    let months = if reason.is_some() { VOUCHER_MONTHS_LONG } else { VOUCHER_MONTHS_USUAL };
    let last = issued.plus_months(i32::from(months), MonthEnd::SameDay);
    let fits = due > issued && last.is_some_and(|last| due <= last);
    VOUCHER_TENOR.unless(fits, |refusal| refusal.with("due", due).with("limit", months))
}

impl NextSteps for Voucher {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        match &self.state {
            VoucherState::Offered { expires_at } if *party == self.supplier && now <= *expires_at => {
                ["accept_voucher", "reject_voucher"].map(|step| NextStep::until(step, *expires_at)).to_vec()
            }
            VoucherState::Offered { .. } if party == self.id.anchor() => {
                vec![NextStep::any_time("withdraw_voucher")]
            }
            _ => Vec::new(),
        }
    }
}

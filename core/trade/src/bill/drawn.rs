//! The bill itself: who ordered whom to pay, and whether the order was accepted.

use allonge_finance::{Calendar, Date, Money, PartyId, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Error, Findings, HoldId, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::part::{BillPart, Circulation, PartState};
use super::terms::{BillTerms, PackageNumber};
use crate::deadline::{Deadline, DueDate};
use crate::identifier::{BillId, BillPartId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{
    BILL_ACCEPTANCE_OVER, BILL_ANSWERED, BILL_NOT_ACCEPTED, BILL_NOT_PRESENTED, BILL_UNDER_WAY, NOT_DRAWEE,
    NOT_DRAWER,
};
use crate::terms::Terms;
use crate::units::Units;

/// A bill of exchange.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bill {
    /// Which bill: who drew it, under which number.
    pub id: BillId,
    /// How far it has come.
    pub state: BillState,
    /// What it says.
    pub terms: Terms<BillTerms>,
    /// From when it is due.
    pub due: DueDate,
    /// How much of it the acceptor has not paid.
    pub outstanding: Money,
    /// The drawer's money that is held for the acceptor until the bill is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<HoldId>,
    /// When it was drawn.
    pub drawn_at: Timestamp,
}

impl Stored for Bill {
    type Id = BillId;
    const KIND: u8 = 0x60;
}

/// How far a bill has come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum BillState {
    /// Its drawer has it, and it is not presented yet.
    Drawn = 0,
    /// Its drawee decides whether it accepts. Where the time passes without an answer, it can be presented anew.
    Presented {
        /// By when the drawee answers.
        deadline: Deadline,
        /// When it was presented.
        at: Timestamp,
    } = 1,
    /// Its drawee accepted, and its drawer has not delivered it yet.
    Accepted {
        /// When.
        at: Timestamp,
    } = 2,
    /// Its payee has taken it, and it circulates.
    Delivered {
        /// When.
        at: Timestamp,
    } = 3,
    /// Its drawee did not accept, or not as it was drawn.
    Refused {
        /// Why, in the drawee's words.
        reason: String,
        /// When.
        at: Timestamp,
    } = 4,
    /// Its drawer cancelled it before it was delivered.
    Cancelled {
        /// When.
        at: Timestamp,
    } = 5,
    /// Its acceptor has paid all of it.
    Settled {
        /// When the last of it was paid.
        at: Timestamp,
    } = 6,
}

/// Which bill has the number of a package. Bills art. 1.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillPackage {
    /// The number.
    pub number: PackageNumber,
    /// The bill.
    pub bill: BillId,
}

impl Stored for BillPackage {
    type Id = PackageNumber;
    const KIND: u8 = 0x62;
}

impl Bill {
    /// What it says.
    pub fn open_terms(&self) -> &BillTerms {
        let Terms::Open { content } = &self.terms;
        content
    }

    /// Its drawer presents it to its drawee. Negotiable Instruments Law art. 39, 41.
    pub(crate) fn present(
        mut self,
        author: &PartyId,
        now: Timestamp,
        calendar: &Calendar,
        deadline: Deadline,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOT_DRAWER, self.is_drawn_by(author))?;
        let waiting = match &self.state {
            BillState::Drawn => true,
            BillState::Presented { deadline, .. } => deadline.has_passed(now, calendar)?,
            _ => false,
        };
        findings
            .judge(&BILL_ANSWERED, BILL_ANSWERED.unless(waiting, |refusal| refusal.with("bill", &self.id)))?;
        self.state = BillState::Presented { deadline, at: now };
        Ok(self)
    }

    /// Its drawee accepts, and all of it is its drawer's until it is delivered. Negotiable Instruments Law art. 44.
    pub(crate) fn accept(
        mut self,
        author: &PartyId,
        margin: Option<HoldId>,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, BillPart), Error> {
        self.check_answerable(author, now, calendar, findings)?;
        self.state = BillState::Accepted { at: now };
        self.margin = margin;
        let terms = self.open_terms();
        let drawer = self.id.drawer().clone();
        let circulation = match terms.transferable {
            true => Circulation::Transferable,
            false => Circulation::NotTransferable { by: drawer.clone() },
        };
        let part = BillPart {
            id: BillPartId::new(self.id.clone(), self.units()?),
            state: PartState::Held,
            circulation,
            holder: drawer,
            acceptor: terms.drawee.clone(),
            amount: terms.amount,
            maturity: terms.maturity,
            divisible: terms.divisible,
            transfers: Vec::new(),
            avals: Vec::new(),
            offers: Vec::new(),
            encumbrance: None,
            frozen: None,
            notices: Vec::new(),
            created_at: now,
        };
        Ok((self, part))
    }

    /// Its drawee does not accept, or accepts on a condition, which is the same. Negotiable Instruments Law art. 43.
    pub(crate) fn refuse(
        mut self,
        author: &PartyId,
        reason: String,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_answerable(author, now, calendar, findings)?;
        self.state = BillState::Refused { reason, at: now };
        Ok(self)
    }

    /// Its drawer takes it out of the world before anybody else has it.
    pub(crate) fn cancel(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOT_DRAWER, self.is_drawn_by(author))?;
        let undelivered =
            matches!(self.state, BillState::Drawn | BillState::Presented { .. } | BillState::Accepted { .. });
        let judged = BILL_UNDER_WAY.unless(undelivered, |refusal| refusal.with("bill", &self.id));
        findings.judge(&BILL_UNDER_WAY, judged)?;
        self.state = BillState::Cancelled { at: now };
        Ok(self)
    }

    /// Its payee took it.
    pub(crate) fn delivered(mut self, now: Timestamp) -> Self {
        self.state = BillState::Delivered { at: now };
        self
    }

    /// Its acceptor paid some of it.
    pub(crate) fn paid(mut self, amount: Money, now: Timestamp) -> Result<Self, Error> {
        self.outstanding = self.outstanding.checked_sub(amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        if self.outstanding.is_zero() {
            self.state = BillState::Settled { at: now };
        }
        Ok(self)
    }

    /// Whether it is accepted, and how far: only what is accepted passes on. Bills art. 5.
    pub(crate) fn is_accepted(&self) -> Result<(), Error> {
        let accepted = matches!(
            self.state,
            BillState::Accepted { .. } | BillState::Delivered { .. } | BillState::Settled { .. }
        );
        BILL_NOT_ACCEPTED.unless(accepted, |refusal| refusal.with("bill", &self.id))
    }

    /// The day from which bills are no longer passed on.
    pub(crate) fn due_on(&self) -> Date {
        self.due.date()
    }

    /// All its units.
    pub fn units(&self) -> Result<Units, Error> {
        let all = u64::try_from(self.open_terms().amount.minor_units());
        let all = all.map_err(|_| AMOUNT_OVERFLOW.error())?;
        Units::new(1, all).map_err(|_| AMOUNT_OVERFLOW.error())
    }

    fn check_answerable(
        &self,
        author: &PartyId,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        findings.judge(&NOT_DRAWEE, self.is_drawn_on(author))?;
        let BillState::Presented { deadline, .. } = &self.state else {
            let refusal = BILL_NOT_PRESENTED.error().with("bill", &self.id);
            return findings.judge(&BILL_NOT_PRESENTED, Err(refusal));
        };
        let in_time = !deadline.has_passed(now, calendar)?;
        let judged = BILL_ACCEPTANCE_OVER
            .unless(in_time, |refusal| refusal.with("bill", &self.id).with("deadline", deadline.date()));
        findings.judge(&BILL_ACCEPTANCE_OVER, judged)
    }

    fn is_drawn_by(&self, party: &PartyId) -> Result<(), Error> {
        NOT_DRAWER.unless(party == self.id.drawer(), |refusal| {
            refusal.with("bill", &self.id).with("required", self.id.drawer()).with("party", party)
        })
    }

    pub(crate) fn is_drawn_on(&self, party: &PartyId) -> Result<(), Error> {
        let drawee = &self.open_terms().drawee;
        NOT_DRAWEE.unless(party == drawee, |refusal| {
            refusal.with("bill", &self.id).with("required", drawee).with("party", party)
        })
    }
}

impl NextSteps for Bill {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let (drawer, drawee) = (party == self.id.drawer(), *party == self.open_terms().drawee);
        let mut steps = Vec::new();
        match &self.state {
            BillState::Drawn if drawer => steps.push(NextStep::any_time("present_bill_for_acceptance")),
            BillState::Presented { deadline, .. } => {
                let over = matches!(deadline, Deadline::Fixed { at, .. } if now > *at);
                if drawee && !over {
                    steps.push(NextStep::by("accept_bill", deadline));
                    steps.push(NextStep::by("refuse_bill", deadline));
                }
                if drawer && over {
                    steps.push(NextStep::any_time("present_bill_for_acceptance"));
                }
            }
            _ => {}
        }
        let undelivered =
            matches!(self.state, BillState::Drawn | BillState::Presented { .. } | BillState::Accepted { .. });
        if drawer && undelivered {
            steps.push(NextStep::any_time("cancel_bill"));
        }
        steps
    }
}

//! Payment of a part: presented, paid, dishonoured, or stopped by a court.

use allonge_finance::{Calendar, PartyId, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{AccountId, Error, Findings};

use super::drawn::Bill;
use super::part::{BillFreeze, BillPart, PartState};
use crate::deadline::Deadline;
use crate::registry::{
    BILL_ANSWER_PENDING, BILL_FROZEN, BILL_IN_PAYMENT, BILL_NOT_DUE, BILL_NOT_FROZEN, BILL_NOT_PRESENTED,
    BILL_NOT_YOURS, BILL_OVER, NOT_DRAWEE,
};
use crate::rulebook::{BILL_PAYMENT_ANSWER, BILL_PRESENTATION};

/// Payment, and orders that stop it.
impl BillPart {
    /// Whoever collects it presents it for payment, into this account. Negotiable Instruments Law art. 53.
    pub(crate) fn present(
        mut self,
        author: &PartyId,
        account: AccountId,
        bill: &Bill,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&BILL_OVER, self.is_not_over())?;
        findings.judge(&BILL_NOT_YOURS, self.is_collected_by(author))?;
        let held = self.state == PartState::Held;
        let judged = BILL_IN_PAYMENT.unless(held, |refusal| refusal.with("part", &self.id));
        findings.judge(&BILL_IN_PAYMENT, judged)?;
        findings.judge(&BILL_NOT_DUE, is_due(bill, now, calendar))?;
        let late = is_late(bill, now, calendar)?;
        let today = calendar.local_date(now)?;
        let deadline = Deadline::after(today, BILL_PAYMENT_ANSWER.days, calendar)?;
        self.offers.clear();
        self.state = PartState::Presented { account, late, deadline, at: now };
        Ok(self)
    }

    /// The acceptor pays it: to whom it was presented for, or, once it is due, as if it was presented. Negotiable Instruments
    /// Law art. 54, 60.
    pub(crate) fn pay(
        self,
        author: &PartyId,
        to: &AccountId,
        bill: &Bill,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOT_DRAWEE, bill.is_drawn_on(author))?;
        findings.judge(&BILL_OVER, self.is_not_over())?;
        findings.judge(&BILL_FROZEN, self.is_not_frozen())?;
        let payable = !matches!(self.state, PartState::Dishonoured { .. });
        let judged = BILL_IN_PAYMENT.unless(payable, |refusal| refusal.with("part", &self.id));
        findings.judge(&BILL_IN_PAYMENT, judged)?;
        findings.judge(&BILL_NOT_DUE, is_due(bill, now, calendar))?;
        let expected = match &self.state {
            PartState::Presented { account, .. } => account == to,
            _ => to.owner() == self.collector(),
        };
        let judged = BILL_NOT_YOURS.unless(expected, |refusal| {
            refusal.with("part", &self.id).with("required", self.collector()).with("party", to)
        });
        findings.judge(&BILL_NOT_YOURS, judged)?;
        Ok(self.discharged(to.clone(), now))
    }

    /// Nobody is liable on it any more.
    pub(crate) fn discharged(mut self, to: AccountId, now: Timestamp) -> Self {
        self.state = PartState::Paid { to, at: now };
        self.offers.clear();
        self.encumbrance = None;
        self.notices.clear();
        self
    }

    /// The acceptor does not pay; or it gave no answer in time, and whoever collects says so. Negotiable Instruments Law art.
    /// 61, 62.
    pub(crate) fn dishonour(
        mut self,
        author: &PartyId,
        reason: String,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let PartState::Presented { late, deadline, .. } = &self.state else {
            let refusal = BILL_NOT_PRESENTED.error().with("bill", &self.id);
            return findings.judge(&BILL_NOT_PRESENTED, Err(refusal));
        };
        if *author != self.acceptor {
            findings.judge(&BILL_NOT_YOURS, self.is_collected_by(author))?;
            let silent = deadline.has_passed(now, calendar)?;
            let judged = BILL_ANSWER_PENDING
                .unless(silent, |refusal| refusal.with("part", &self.id).with("deadline", deadline.date()));
            findings.judge(&BILL_ANSWER_PENDING, judged)?;
        }
        let on = calendar.local_date(now)?;
        self.state = PartState::Dishonoured { reason, late: *late, on, settlement: None };
        Ok(self)
    }

    /// The acceptor enters a court's order. Bills art. 6.
    pub(crate) fn freeze(
        mut self,
        author: &PartyId,
        freeze: BillFreeze,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOT_DRAWEE, self.is_accepted_by(author))?;
        findings.judge(&BILL_OVER, self.is_not_over())?;
        findings.judge(&BILL_FROZEN, self.is_not_frozen())?;
        self.frozen = Some(freeze);
        Ok(self)
    }

    /// The acceptor enters the release of a court's order. Bills art. 6.
    pub(crate) fn release_freeze(
        mut self,
        author: &PartyId,
        order: &str,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOT_DRAWEE, self.is_accepted_by(author))?;
        let standing = self.frozen.as_ref().is_some_and(|freeze| freeze.order == order);
        let judged = BILL_NOT_FROZEN.unless(standing && self.is_live(), |refusal| {
            refusal.with("part", &self.id).with("order", order)
        });
        findings.judge(&BILL_NOT_FROZEN, judged)?;
        self.frozen = None;
        Ok(self)
    }

    fn is_accepted_by(&self, party: &PartyId) -> Result<(), Error> {
        NOT_DRAWEE.unless(*party == self.acceptor, |refusal| {
            refusal.with("bill", self.id.bill()).with("required", &self.acceptor).with("party", party)
        })
    }
}

fn is_due(bill: &Bill, now: Timestamp, calendar: &Calendar) -> Result<(), Error> {
    BILL_NOT_DUE.unless(bill.due.has_come(now, calendar)?, |refusal| {
        refusal.with("bill", &bill.id).with("due", bill.due_on())
    })
}

/// Whether the time for presenting is over. Negotiable Instruments Law art. 53.
fn is_late(bill: &Bill, now: Timestamp, calendar: &Calendar) -> Result<bool, Error> {
    let last = bill.due_on().plus_days(i32::from(BILL_PRESENTATION.days));
    let last = last.ok_or_else(|| AMOUNT_OVERFLOW.error())?;
    Ok(Deadline::after(last, 0, calendar)?.has_passed(now, calendar)?)
}

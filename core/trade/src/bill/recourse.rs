//! Recourse: whom the holder of a dishonoured part claims it from, and who takes the holder's place by paying.

use allonge_finance::{Date, DayCount, Money, PartyId, Rate, Rounding, Timestamp, accrued};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{AccountId, Error, Findings};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::offer::Guaranteed;
use super::part::{BillPart, Cut, Liable, PartState, Rank};
use super::terms::is_another;
use crate::registry::{
    BILL_FROZEN, BILL_INDIVISIBLE, BILL_NO_RECOURSE, BILL_NOT_DISHONOURED, BILL_NOT_NOTIFIED, BILL_NOT_YOURS,
    BILL_RECOURSE_BARRED, BILL_RECOURSE_LOST, BILL_TO_ONESELF,
};
use crate::rulebook::{BILL_ACTION, BILL_NOTICE, BILL_RE_RECOURSE, BILL_RECOURSE};
use crate::units::Units;

/// A claim of the holder's against one of those who are liable. Negotiable Instruments Law art. 66, 68, 70.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecourseNotice {
    /// Against whom.
    pub against: PartyId,
    /// Where it is to pay.
    pub account: AccountId,
    /// The rate a year of the interest from the due date on, where interest is claimed: of actual days over 360.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest: Option<Rate>,
    /// Whether it came in time. A notice that came late keeps the recourse, and leaves whoever gave it liable for what the
    /// delay cost.
    pub in_time: bool,
    /// When it was given.
    pub at: Timestamp,
}

/// How somebody that was liable took the holder's place.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settlement {
    /// Who paid.
    pub by: PartyId,
    /// Whom.
    pub to: PartyId,
    /// How much, with interest.
    pub amount: Money,
    /// The day, at the place of payment.
    pub on: Date,
}

impl BillPart {
    /// Whoever collects it gives notice to one that is liable, and claims it there. It may claim it from any of them, in
    /// whatever order, and from all at once.
    pub(crate) fn notify(
        mut self,
        author: &PartyId,
        notice: RecourseNotice,
        today: Date,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let since = findings.judge(&BILL_NOT_DISHONOURED, self.dishonoured_since())?;
        findings.judge(&BILL_NOT_YOURS, self.is_collected_by(author))?;
        // A pledgee may have signed it too.
        findings.judge(&BILL_TO_ONESELF, is_another(author, &notice.against))?;
        let liable = self.liable_as(&notice.against);
        let lost = liable.is_none() && self.was_signed_by(&notice.against);
        let judged = BILL_RECOURSE_LOST
            .unless(!lost, |refusal| refusal.with("part", &self.id).with("party", &notice.against));
        findings.judge(&BILL_RECOURSE_LOST, judged)?;
        let liable = liable.ok_or_else(|| self.no_recourse(&notice.against));
        let liable = findings.judge(&BILL_NO_RECOURSE, liable)?;
        findings.judge(&BILL_RECOURSE_BARRED, self.is_not_barred(&liable, since, today))?;
        let in_time = since.days_until(today) <= i32::from(BILL_NOTICE.days);
        // A later notice to the same party takes the place of the earlier.
        self.notices.retain(|earlier| earlier.against != notice.against);
        self.notices.push(RecourseNotice { in_time, ..notice });
        Ok(self)
    }

    /// Some units of a dishonoured part, which are settled by themselves.
    pub(crate) fn cut_for_settlement(
        self,
        units: Units,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Cut, Error> {
        findings.judge(&BILL_NOT_DISHONOURED, self.dishonoured_since())?;
        let whole = units == self.id.units();
        let judged =
            BILL_INDIVISIBLE.unless(whole || self.divisible, |refusal| refusal.with("part", &self.id));
        findings.judge(&BILL_INDIVISIBLE, judged)?;
        self.cut(units, now)
    }

    /// What the party that was given notice pays for it on a day: its sum, and the interest since the due date.
    pub(crate) fn claimed(
        &self,
        author: &PartyId,
        due: Date,
        today: Date,
        findings: &mut Findings,
    ) -> Result<(Money, AccountId), Error> {
        findings.judge(&BILL_NOT_DISHONOURED, self.dishonoured_since())?;
        findings.judge(&BILL_FROZEN, self.is_not_frozen())?;
        let notice = self.notices.iter().find(|notice| notice.against == *author);
        let notice =
            notice.ok_or_else(|| BILL_NOT_NOTIFIED.error().with("part", &self.id).with("party", author));
        let notice = findings.judge(&BILL_NOT_NOTIFIED, notice)?;
        let interest = notice.interest.map(|rate| {
            let fraction = DayCount::Actual360.fraction(due, today);
            accrued(self.amount, rate, fraction, Rounding::HalfUp)
        });
        let interest = interest.transpose().map_err(|_| AMOUNT_OVERFLOW.error())?;
        let interest = interest.unwrap_or_else(|| Money::zero(self.amount.currency()));
        let claimed = self.amount.checked_add(interest).map_err(|_| AMOUNT_OVERFLOW.error())?;
        Ok((claimed, notice.account.clone()))
    }

    /// Whoever was given notice has paid, and takes the holder's place against those before it: those after it are free. Once
    /// the acceptor has paid, all are. Negotiable Instruments Law art. 52, 71, 72.
    pub(crate) fn subrogate(
        mut self,
        settlement: Settlement,
        to: AccountId,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let liable = self.liable_as(&settlement.by).ok_or_else(|| self.no_recourse(&settlement.by))?;
        if settlement.by == self.acceptor {
            return Ok(self.discharged(to, now));
        }
        self.transfers.truncate(liable.behind);
        let remaining = &self.transfers;
        self.avals.retain(|aval| {
            let stands = match &aval.stands_for {
                Guaranteed::Acceptor => true,
                Guaranteed::Holder { party } => remaining.iter().any(|transfer| transfer.by == *party),
            };
            stands && aval.guarantor != settlement.by
        });
        self.notices.clear();
        self.encumbrance = None;
        self.holder = settlement.by.clone();
        if let PartState::Dishonoured { settlement: last, .. } = &mut self.state {
            *last = Some(settlement);
        }
        Ok(self)
    }

    /// The day since which its holder has had recourse: that of the dishonour, or of the settlement that made it the holder.
    fn dishonoured_since(&self) -> Result<Date, Error> {
        match &self.state {
            PartState::Dishonoured { on, settlement, .. } => {
                Ok(settlement.as_ref().map_or(*on, |settlement| settlement.on))
            }
            _ => Err(BILL_NOT_DISHONOURED.error().with("part", &self.id)),
        }
    }

    fn liable_as(&self, party: &PartyId) -> Option<Liable> {
        self.liable().into_iter().find(|liable| liable.party == *party)
    }

    /// Whether it signed the part, and would be liable had it been presented in time.
    fn was_signed_by(&self, party: &PartyId) -> bool {
        let PartState::Dishonoured { late: true, .. } = self.state else { return false };
        let before = self.transfers.iter().take_while(|transfer| transfer.by != self.holder);
        let signed: Vec<_> = before.map(|transfer| &transfer.by).collect();
        let avals = self.avals.iter().filter(|aval| aval.guarantor == *party);
        let stands = |stands_for: &Guaranteed| matches!(stands_for, Guaranteed::Holder { party } if signed.contains(&party));
        signed.contains(&party) || avals.into_iter().any(|aval| stands(&aval.stands_for))
    }

    fn no_recourse(&self, party: &PartyId) -> Error {
        BILL_NO_RECOURSE.error().with("part", &self.id).with("party", party)
    }

    /// Negotiable Instruments Law art. 17.
    fn is_not_barred(&self, liable: &Liable, since: Date, today: Date) -> Result<(), Error> {
        let again = matches!(&self.state, PartState::Dishonoured { settlement: Some(_), .. });
        let (period, from) = match (liable.rank, again) {
            (Rank::Acceptor | Rank::Drawer, _) => (BILL_ACTION, self.maturity),
            (Rank::Endorser, false) => (BILL_RECOURSE, since),
            (Rank::Endorser, true) => (BILL_RE_RECOURSE, since),
        };
        let in_time = period.last(from).is_some_and(|last| today <= last);
        BILL_RECOURSE_BARRED.unless(in_time, |refusal| {
            let refusal = refusal.with("part", &self.id).with("party", &liable.party);
            refusal.with("limit", period.months)
        })
    }
}

//! Risk participation: a bank takes a share of the risk of another's transaction, funded or unfunded.

mod agreement;
mod change;
mod next_steps;
mod outlay;
mod proportion;
mod terms;
mod underlying;

use allonge_finance::{Calendar, Date, DayCount, Money, PartyId, Rounding, Timestamp, accrued};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

pub use agreement::{
    AgreementForm, AgreementState, AgreementTerms, MAX_GOVERNING_LAW_LENGTH, ParticipationAgreement,
};
pub use change::{ChangeRequest, ParticipationChange};
pub use outlay::Outlay;
pub use proportion::Proportion;
pub use terms::{Disclosure, Funding, ParticipationTerms, Representation};
pub use underlying::{
    MAX_PARTICIPATIONS, ParticipatedShare, RiskType, Underlying, UnderlyingChange, UnderlyingState,
};

use crate::deadline::{Deadline, DueDate};
use crate::identifier::{ParticipationAgreementId, ParticipationId, UnderlyingId};
use crate::registry::{
    PARTICIPATION_ACCOUNT, PARTICIPATION_EXPIRED, PARTICIPATION_NO_DEFAULT, PARTICIPATION_NOT_DUE,
    PARTICIPATION_NOT_EXPIRED, PARTICIPATION_NOTHING_AT_RISK, PARTICIPATION_NOTHING_OWED,
    PARTICIPATION_OFFER_EXPIRED, PARTICIPATION_OFFER_EXPIRY, PARTICIPATION_STATE,
};
use crate::rulebook::PARTICIPATION_OFFER;
use crate::terms::{Terms, check_line};

/// Characters of a statement of default, of a demand, and of a change.
pub const MAX_PARTICIPATION_TEXT_LENGTH: usize = 350;

/// A participant's share of the risk of one transaction of the seller's.
///
/// Its rules, which refusals and steps cite as "Participation". They follow the practice of BAFT's Master Participation
/// Agreement of 2008, revised in 2018, recalled and in our own words:
///
/// | art. | says |
/// |---|---|
/// | 1 | a participation is agreed under a master agreement that both parties signed, buyer and seller, neither the other's agent |
/// | 2 | the seller offers a share with its terms and representations, and the participant accepts it as it stands, in time; what is offered is kept for it until then |
/// | 3 | the shares of a transaction, offered ones included, never exceed the whole, after whatever change |
/// | 4 | a funded participant pays its share of what is at risk on the settlement date, once, without recourse to the seller |
/// | 5 | an unfunded participant pays its share only on a written demand after the obligor's default, made before the participation expires, within the agreed banking days |
/// | 6 | the fee accrues day by day over 360 on the participant's amount, rounded to the minor unit whenever that amount changes, half up |
/// | 7 | the seller turns over to each participant that paid its part of every recovery within the agreed banking days |
/// | 8 | the seller keeps control of the transaction, but extends, waives and amends material terms only with each participant's consent |
/// | 9 | a participation is reduced, split, elevated or terminated by both its parties |
/// | 10 | the obligor is told of a disclosed participation, and of no silent one until it is elevated |
///
/// Amounts are to the minor unit: a share of what is at risk is rounded down, and what is over stays with the seller. A part
/// of recoveries is that part of all recoveries since the participant paid, rounded down, less what it was allotted before: so
/// it is never more than a minor unit short, and has exactly what it paid once all is recovered.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Participation {
    /// Which participation: the seller numbers it.
    pub id: ParticipationId,
    /// How far it has come.
    pub state: ParticipationState,
    /// Under which master agreement.
    pub agreement: ParticipationAgreementId,
    /// In which transaction.
    pub underlying: UnderlyingId,
    /// Who takes the risk.
    pub participant: PartyId,
    /// What was agreed.
    pub terms: Terms<ParticipationTerms>,
    /// The participant's share now.
    pub share: Proportion,
    /// The most that the share comes to now, where there is a cap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Money>,
    /// What the participant is liable for while it has not paid: its share of what is at risk, up to the cap.
    pub amount: Money,
    /// The last moment for a demand: close of business of the day on which it expires.
    pub expiry: Deadline,
    /// The account into which the participant is paid; none until it accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The participant's fee.
    pub fee: ParticipationFee,
    /// What one party asks, and the other has not answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<ChangeRequest>,
    /// What the participant lets the seller do to the transaction, and the seller has not done yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<UnderlyingChange>,
}

impl Stored for Participation {
    type Id = ParticipationId;
    const KIND: u8 = 0x72;
}

/// How far a participation has come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ParticipationState {
    /// The seller offers it. An offer that expired is none; the time says so.
    Offered {
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 0,
    /// The participant accepted it, and is to pay its share.
    Accepted {
        /// From when.
        settlement: DueDate,
    } = 1,
    /// The participant accepted it, and pays on a demand.
    Effective {
        /// The share that it had before it was first reduced, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reduced_from: Option<Proportion>,
    } = 2,
    /// The seller demanded payment after the obligor's default.
    Demanded {
        /// Why, at most 350 characters.
        statement: String,
        /// What was at risk then.
        of: Money,
        /// What had been recovered then.
        recovered: Money,
        /// By when the participant pays.
        deadline: Deadline,
    } = 3,
    /// The participant paid its share at the start.
    Funded {
        /// What it paid, and what it got back.
        outlay: Outlay,
    } = 4,
    /// The participant paid on a demand.
    Paid {
        /// What it paid, and what it got back.
        outlay: Outlay,
    } = 5,
    /// The participant paid, and got a part of recoveries.
    RecoveryShared {
        /// What it paid, and what it got back.
        outlay: Outlay,
    } = 6,
    /// The participant took the seller's place towards the obligor for its share.
    Elevated {
        /// What it paid, and what it got back before.
        outlay: Outlay,
        /// When.
        at: Timestamp,
    } = 7,
    /// It is over.
    Terminated {
        /// Why.
        reason: TerminationReason,
        /// When.
        at: Timestamp,
    } = 8,
}

/// Why a participation is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TerminationReason {
    /// The seller took its offer back.
    Withdrawn = 0,
    /// Nothing is at risk any more, and the participant paid nothing.
    Repaid = 1,
    /// The participant got back what it paid.
    Recovered = 2,
    /// It expired without a demand.
    Expired = 3,
    /// Both parties agreed.
    Agreed = 4,
}

/// A participant's fee, which the seller pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParticipationFee {
    /// Until which day it has accrued; none before it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// How much has accrued and is not paid.
    pub accrued: Money,
}

/// An offer stands until a time within bounds. Participation art. 2.
pub(crate) fn check_offer_expiry(expires_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    PARTICIPATION_OFFER_EXPIRY.unless(PARTICIPATION_OFFER.reaches(now, expires_at), |refusal| {
        refusal.with("expires_at", expires_at).with("limit", PARTICIPATION_OFFER.days)
    })
}

impl Participation {
    /// The terms, which stand open.
    pub(crate) fn open_terms(&self) -> &ParticipationTerms {
        match &self.terms {
            Terms::Open { content } => content,
        }
    }

    /// The seller.
    pub fn seller(&self) -> &PartyId {
        self.id.seller()
    }

    /// What the participant paid and got back, where it paid.
    pub fn outlay(&self) -> Option<&Outlay> {
        match &self.state {
            ParticipationState::Funded { outlay }
            | ParticipationState::Paid { outlay }
            | ParticipationState::RecoveryShared { outlay } => Some(outlay),
            _ => None,
        }
    }

    /// Whether the obligor is told of it.
    pub fn is_disclosed(&self) -> bool {
        self.open_terms().disclosure == Disclosure::Disclosed
            || matches!(self.state, ParticipationState::Elevated { .. })
    }

    /// Its share of what is at risk, up to the cap. Participation art. 3.
    pub(crate) fn priced(mut self, outstanding: Money) -> Result<Self, Error> {
        let share = self.share.of(outstanding)?;
        self.amount = match self.cap {
            Some(cap) if cap.checked_cmp(share).is_ok_and(std::cmp::Ordering::is_lt) => cap,
            _ => share,
        };
        Ok(self)
    }

    /// The participant accepts. Participation art. 2.
    pub(crate) fn accept(
        mut self,
        account: AccountId,
        outstanding: Money,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let offered = match &self.state {
            ParticipationState::Offered { expires_at } => Ok(*expires_at),
            _ => Err(self.is_not_so("offered")),
        };
        let expires_at = findings.judge(&PARTICIPATION_STATE, offered)?;
        let judged = PARTICIPATION_OFFER_EXPIRED
            .unless(now <= expires_at, |refusal| refusal.with("offer", &self.id).with("expired", expires_at));
        findings.judge(&PARTICIPATION_OFFER_EXPIRED, judged)?;
        let fits = *account.owner() == self.participant && account.currency() == outstanding.currency();
        let judged = PARTICIPATION_ACCOUNT.unless(fits, |refusal| {
            let refusal = refusal.with("account", &account).with("party", &self.participant);
            refusal.with("currency", outstanding.currency())
        });
        findings.judge(&PARTICIPATION_ACCOUNT, judged)?;
        self = self.priced(outstanding)?;
        findings.judge(&PARTICIPATION_NOTHING_AT_RISK, self.is_at_risk())?;
        let passed = self.expiry.has_passed(now, calendar)?;
        findings.judge(&PARTICIPATION_EXPIRED, self.has_not_expired(passed))?;
        self.account = Some(account);
        self.state = match self.open_terms().funding {
            Funding::Funded { settlement } => {
                ParticipationState::Accepted { settlement: DueDate::following(settlement, calendar)? }
            }
            Funding::Unfunded => {
                self.fee.until = Some(calendar.local_date(now)?);
                ParticipationState::Effective { reduced_from: None }
            }
        };
        Ok(self)
    }

    /// The seller takes its offer back.
    pub(crate) fn withdraw(self, now: Timestamp, findings: &mut Findings) -> Result<Self, Error> {
        let offered = matches!(self.state, ParticipationState::Offered { .. });
        let judged = if offered { Ok(()) } else { Err(self.is_not_so("offered")) };
        findings.judge(&PARTICIPATION_STATE, judged)?;
        Ok(self.terminated(TerminationReason::Withdrawn, now))
    }

    /// The participant pays its share at the start. Participation art. 4.
    pub(crate) fn fund(
        mut self,
        underlying: &Underlying,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let accepted = match &self.state {
            ParticipationState::Accepted { settlement } => Ok(settlement.clone()),
            _ => Err(self.is_not_so("accepted")),
        };
        let settlement = findings.judge(&PARTICIPATION_STATE, accepted)?;
        let judged = PARTICIPATION_NOT_DUE.unless(settlement.has_come(now, calendar)?, |refusal| {
            refusal.with("participation", &self.id).with("settlement", settlement.date())
        });
        findings.judge(&PARTICIPATION_NOT_DUE, judged)?;
        let zero = Money::zero(self.amount.currency());
        let outlay = Outlay {
            paid: self.amount,
            of: underlying.outstanding()?,
            recovered: underlying.recovered,
            allotted: zero,
            turned_over: zero,
            deadline: None,
        };
        self.fee.until = Some(calendar.local_date(now)?);
        self.state = ParticipationState::Funded { outlay };
        Ok(self)
    }

    /// The seller demands payment after the obligor's default. Participation art. 5.
    pub(crate) fn demand(
        self,
        underlying: &Underlying,
        statement: String,
        payment_days: u8,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        check_line("statement", &statement, MAX_PARTICIPATION_TEXT_LENGTH)?;
        findings.judge(&PARTICIPATION_STATE, self.is_effective())?;
        let defaulted = matches!(underlying.state, UnderlyingState::Defaulted { .. });
        let judged = PARTICIPATION_NO_DEFAULT
            .unless(defaulted, |refusal| refusal.with("underlying", &self.underlying));
        findings.judge(&PARTICIPATION_NO_DEFAULT, judged)?;
        let passed = self.expiry.has_passed(now, calendar)?;
        findings.judge(&PARTICIPATION_EXPIRED, self.has_not_expired(passed))?;
        let today = calendar.local_date(now)?;
        let mut demanded = self.accrued_until(today)?;
        demanded.fee.until = None;
        demanded.state = ParticipationState::Demanded {
            statement,
            of: underlying.outstanding()?,
            recovered: underlying.recovered,
            deadline: Deadline::after(today, payment_days, calendar)?,
        };
        Ok(demanded)
    }

    /// The participant pays what was demanded, and gets its part of what was recovered since. Participation art. 5, 7.
    pub(crate) fn pay(
        mut self,
        underlying: &Underlying,
        turnover: impl FnOnce() -> Result<Deadline, Error>,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let demanded = match &self.state {
            ParticipationState::Demanded { of, recovered, .. } => Ok((*of, *recovered)),
            _ => Err(self.is_not_so("demanded")),
        };
        let (of, recovered) = findings.judge(&PARTICIPATION_STATE, demanded)?;
        let zero = Money::zero(self.amount.currency());
        let outlay =
            Outlay { paid: self.amount, of, recovered, allotted: zero, turned_over: zero, deadline: None };
        self.state = ParticipationState::Paid { outlay: outlay.allot(underlying.recovered, turnover)? };
        Ok(self)
    }

    /// The seller received something of the transaction. What is not paid yet is less at risk; of what was paid, a part is
    /// to be turned over. Participation art. 7.
    pub(crate) fn recover(
        self,
        underlying: &Underlying,
        now: Timestamp,
        calendar: &Calendar,
        turnover: impl FnOnce() -> Result<Deadline, Error>,
    ) -> Result<Self, Error> {
        let mut after = self.accrued_until(calendar.local_date(now)?)?;
        after.state = match after.state {
            ParticipationState::Accepted { .. } | ParticipationState::Effective { .. } => {
                let after = after.priced(underlying.outstanding()?)?;
                return Ok(match after.is_at_risk() {
                    Ok(()) => after,
                    Err(_) => after.terminated(TerminationReason::Repaid, now),
                });
            }
            ParticipationState::Funded { outlay } => {
                ParticipationState::Funded { outlay: outlay.allot(underlying.recovered, turnover)? }
            }
            ParticipationState::Paid { outlay } => {
                ParticipationState::Paid { outlay: outlay.allot(underlying.recovered, turnover)? }
            }
            ParticipationState::RecoveryShared { outlay } => {
                ParticipationState::RecoveryShared { outlay: outlay.allot(underlying.recovered, turnover)? }
            }
            other => other,
        };
        Ok(after)
    }

    /// The seller turns over what it owes of recoveries. Participation art. 7.
    pub(crate) fn turn_over(
        self,
        today: Date,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        let mut after = self.accrued_until(today)?;
        let owed = after.outlay().map(Outlay::owed).transpose()?;
        let owed = owed
            .filter(Money::is_positive)
            .ok_or_else(|| PARTICIPATION_NOTHING_OWED.error().with("participation", &after.id));
        let owed = findings.judge(&PARTICIPATION_NOTHING_OWED, owed)?;
        let Some(outlay) = after.outlay().cloned() else { return Err(after.is_not_so("paid")) };
        let outlay = Outlay { turned_over: outlay.allotted, deadline: None, ..outlay };
        if outlay.turned_over == outlay.paid {
            return Ok((after.terminated(TerminationReason::Recovered, now), owed));
        }
        after.state = ParticipationState::RecoveryShared { outlay };
        Ok((after, owed))
    }

    /// The seller pays the fee that has accrued until today. Participation art. 6.
    pub(crate) fn pay_fee(self, today: Date, findings: &mut Findings) -> Result<(Self, Money), Error> {
        let mut after = self.accrued_until(today)?;
        let fee = after.fee.accrued;
        let judged = PARTICIPATION_NOTHING_OWED
            .unless(fee.is_positive(), |refusal| refusal.with("participation", &after.id));
        findings.judge(&PARTICIPATION_NOTHING_OWED, judged)?;
        after.fee.accrued = Money::zero(fee.currency());
        Ok((after, fee))
    }

    /// An unfunded participation ends without a demand. Participation art. 5.
    pub(crate) fn expire(
        self,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&PARTICIPATION_STATE, self.is_effective())?;
        let judged = PARTICIPATION_NOT_EXPIRED.unless(self.expiry.has_passed(now, calendar)?, |refusal| {
            refusal.with("participation", &self.id).with("expiry", self.expiry.date())
        });
        findings.judge(&PARTICIPATION_NOT_EXPIRED, judged)?;
        let after = self.accrued_until(calendar.local_date(now)?)?;
        Ok(after.terminated(TerminationReason::Expired, now))
    }

    /// Whether it has a part in the transaction still, whose terms its participant must agree to see changed.
    pub(crate) fn is_bound(&self) -> bool {
        !matches!(self.state, ParticipationState::Elevated { .. } | ParticipationState::Terminated { .. })
    }

    /// The fee accrues on what the participant has at risk, until a day. Participation art. 6.
    fn accrued_until(mut self, today: Date) -> Result<Self, Error> {
        let Some(from) = self.fee.until else { return Ok(self) };
        let at_risk = match self.outlay() {
            Some(outlay) => outlay.uncovered()?,
            None => self.amount,
        };
        // Cover that has expired earns nothing, whether or not anybody has said so yet.
        let effective = self.is_effective().is_ok();
        let to = if effective { today.min(self.expiry.date()) } else { today };
        let fraction = DayCount::Actual360.fraction(from, to.max(from));
        let fee = accrued(at_risk, self.open_terms().fee, fraction, Rounding::HalfUp)
            .map_err(|source| AMOUNT_OVERFLOW.error().because(source))?;
        self.fee.accrued =
            self.fee.accrued.checked_add(fee).map_err(|source| AMOUNT_OVERFLOW.error().because(source))?;
        self.fee.until = Some(to.max(from));
        Ok(self)
    }

    fn terminated(mut self, reason: TerminationReason, now: Timestamp) -> Self {
        self.state = ParticipationState::Terminated { reason, at: now };
        (self.request, self.consent, self.fee.until) = (None, None, None);
        self
    }

    /// Participation art. 5.
    pub(crate) fn has_not_expired(&self, passed: bool) -> Result<(), Error> {
        PARTICIPATION_EXPIRED.unless(!passed, |refusal| {
            refusal.with("participation", &self.id).with("expiry", self.expiry.date())
        })
    }

    fn is_effective(&self) -> Result<(), Error> {
        match &self.state {
            ParticipationState::Effective { .. } => Ok(()),
            _ => Err(self.is_not_so("effective")),
        }
    }

    pub(crate) fn is_at_risk(&self) -> Result<(), Error> {
        PARTICIPATION_NOTHING_AT_RISK.unless(self.amount.is_positive(), |refusal| {
            refusal.with("participation", &self.id).with("underlying", &self.underlying)
        })
    }

    fn is_not_so(&self, required: &str) -> Error {
        PARTICIPATION_STATE.error().with("participation", &self.id).with("required", required)
    }
}

/// What is left of an amount.
fn minus(amount: Money, less: Money) -> Result<Money, Error> {
    amount.checked_sub(less).map_err(|source| AMOUNT_OVERFLOW.error().because(source))
}

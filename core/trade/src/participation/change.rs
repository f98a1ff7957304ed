//! What both parties of a participation agree to change.

use allonge_finance::{Calendar, Date, Money, PartyId, Timestamp};
use allonge_ledger::{Error, Findings};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{
    Participation, ParticipationState, Proportion, TerminationReason, Underlying, UnderlyingChange,
    check_offer_expiry, minus,
};
use crate::deadline::Deadline;
use crate::identifier::ParticipationId;
use crate::registry::{
    PARTICIPATION_CHANGE_INVALID, PARTICIPATION_CHANGE_NONE, PARTICIPATION_CHANGE_OWN,
    PARTICIPATION_NOTHING_AT_RISK, PARTICIPATION_OFFER_EXPIRED, PARTICIPATION_OFFER_EXPIRY,
    UNDERLYING_NO_CONSENT,
};

/// What one party of a participation asks the other.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeRequest {
    /// What it asks.
    pub change: ParticipationChange,
    /// Who asks.
    pub by: PartyId,
    /// The last time at which the other can agree.
    pub expires_at: Timestamp,
}

/// What the parties of a participation can agree on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ParticipationChange {
    /// An unfunded participation becomes a smaller share.
    Reduce {
        /// The share that remains.
        to: Proportion,
    } = 0,
    /// A participation of which nothing was recovered yet becomes two.
    Split {
        /// The share of the new one.
        share: Proportion,
        /// The number of the new one, 1 to 35 characters of SWIFT's set x.
        number: String,
    } = 1,
    /// The participant takes the seller's place towards the obligor for its share.
    Elevate = 2,
    /// A participation for which nothing was paid ends.
    Terminate = 3,
    /// The seller may change material terms of the transaction, once.
    Underlying {
        /// What it may do.
        change: UnderlyingChange,
    } = 4,
}

impl Participation {
    /// One party asks for a change, in the place of what was asked before. Participation art. 8, 9.
    pub(crate) fn ask(
        mut self,
        underlying: &Underlying,
        request: ChangeRequest,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&PARTICIPATION_OFFER_EXPIRY, check_offer_expiry(request.expires_at, now))?;
        let judged = self.can_change(underlying, &request.change, &request.by);
        findings.judge(&PARTICIPATION_CHANGE_INVALID, judged)?;
        self.request = Some(request);
        Ok(self)
    }

    /// The other party answers what is asked, in time.
    pub(crate) fn answer(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, ChangeRequest), Error> {
        let asked = self.request.take();
        let asked = asked.ok_or_else(|| PARTICIPATION_CHANGE_NONE.error().with("participation", &self.id));
        let request = findings.judge(&PARTICIPATION_CHANGE_NONE, asked)?;
        let judged = PARTICIPATION_CHANGE_OWN.unless(request.by != *author, |refusal| {
            refusal.with("participation", &self.id).with("party", author)
        });
        findings.judge(&PARTICIPATION_CHANGE_OWN, judged)?;
        let judged = PARTICIPATION_OFFER_EXPIRED.unless(now <= request.expires_at, |refusal| {
            refusal.with("offer", &self.id).with("expired", request.expires_at)
        });
        findings.judge(&PARTICIPATION_OFFER_EXPIRED, judged)?;
        Ok((self, request))
    }

    /// What both parties agreed takes effect; a split gives a second participation. Participation art. 8, 9.
    pub(crate) fn change(
        self,
        underlying: &Underlying,
        request: &ChangeRequest,
        now: Timestamp,
        today: Date,
        findings: &mut Findings,
    ) -> Result<(Self, Option<Self>), Error> {
        let judged = self.can_change(underlying, &request.change, &request.by);
        findings.judge(&PARTICIPATION_CHANGE_INVALID, judged)?;
        let outstanding = underlying.outstanding()?;
        let mut after = self.accrued_until(today)?;
        match &request.change {
            ParticipationChange::Reduce { to } => {
                if let ParticipationState::Effective { reduced_from } = &mut after.state {
                    reduced_from.get_or_insert(after.share);
                }
                after.share = *to;
                let after = after.priced(outstanding)?;
                findings.judge(&PARTICIPATION_NOTHING_AT_RISK, after.is_at_risk())?;
                Ok((after, None))
            }
            ParticipationChange::Split { share, number } => {
                let (one, other) = after.split(*share, number, outstanding)?;
                for part in [&one, &other] {
                    findings.judge(&PARTICIPATION_NOTHING_AT_RISK, part.is_at_risk())?;
                }
                Ok((one, Some(other)))
            }
            ParticipationChange::Elevate => {
                if let Some(outlay) = after.outlay().cloned() {
                    after.state = ParticipationState::Elevated { outlay, at: now };
                    after.fee.until = None;
                }
                Ok((after, None))
            }
            ParticipationChange::Terminate => Ok((after.terminated(TerminationReason::Agreed, now), None)),
            ParticipationChange::Underlying { change } => {
                after.consent = Some(change.clone());
                Ok((after, None))
            }
        }
    }

    /// The seller changes material terms of the transaction with this participant's consent, which is used up.
    /// Participation art. 8.
    pub(crate) fn follow(mut self, change: &UnderlyingChange, calendar: &Calendar) -> Result<Self, Error> {
        let consent = self.consent.take();
        UNDERLYING_NO_CONSENT.unless(consent.as_ref() == Some(change), |refusal| {
            refusal.with("participation", &self.id).with("participant", &self.participant)
        })?;
        if let UnderlyingChange::Extend { until } = change
            && *until > self.expiry.date()
        {
            self.expiry = Deadline::after(*until, 0, calendar)?;
        }
        Ok(self)
    }

    /// Whether what is asked fits what the participation has come to. Participation art. 8, 9.
    fn can_change(
        &self,
        underlying: &Underlying,
        change: &ParticipationChange,
        by: &PartyId,
    ) -> Result<(), Error> {
        let reason = match (change, &self.state) {
            (ParticipationChange::Reduce { to }, ParticipationState::Effective { .. }) => {
                (*to >= self.share).then_some("not_smaller")
            }
            (ParticipationChange::Reduce { .. }, _) => Some("only_an_unfunded_one_is_reduced"),
            (ParticipationChange::Split { share, .. }, ParticipationState::Effective { .. }) => {
                self.share.without(*share).is_none().then_some("not_smaller")
            }
            (ParticipationChange::Split { share, .. }, ParticipationState::Funded { outlay })
                if outlay.allotted.is_zero() =>
            {
                self.share.without(*share).is_none().then_some("not_smaller")
            }
            (ParticipationChange::Split { .. }, _) => Some("only_a_whole_one_is_split"),
            (
                ParticipationChange::Elevate,
                ParticipationState::Funded { outlay } | ParticipationState::RecoveryShared { outlay },
            ) => {
                let funded = self.open_terms().is_funded() && outlay.owed()?.is_zero();
                (!funded).then_some("only_a_funded_one_is_elevated_and_nothing_owed_on_it")
            }
            (ParticipationChange::Elevate, _) => Some("only_a_funded_one_is_elevated_and_nothing_owed_on_it"),
            (
                ParticipationChange::Terminate,
                ParticipationState::Accepted { .. } | ParticipationState::Effective { .. },
            ) => None,
            (ParticipationChange::Terminate, _) => Some("something_was_paid"),
            (ParticipationChange::Underlying { change }, _) => {
                change.check(underlying)?;
                let offered = matches!(self.state, ParticipationState::Offered { .. });
                let live = self.is_bound() && !offered && by == self.seller();
                (!live).then_some("only_the_seller_changes_the_transaction")
            }
        };
        reason.map_or(Ok(()), |reason| {
            Err(PARTICIPATION_CHANGE_INVALID.error().with("participation", &self.id).with("reason", reason))
        })
    }

    /// Two participations in the place of one, which together are what it was.
    fn split(mut self, share: Proportion, number: &str, outstanding: Money) -> Result<(Self, Self), Error> {
        let invalid = |reason: &str| {
            PARTICIPATION_CHANGE_INVALID.error().with("participation", &self.id).with("reason", reason)
        };
        let left = self.share.without(share).ok_or_else(|| invalid("not_smaller"))?;
        let id = ParticipationId::new(self.seller().clone(), number)
            .map_err(|source| invalid("number").because(source))?;
        let mut other = self.clone();
        (other.id, other.share, other.request) = (id, share, None);
        other.fee.accrued = Money::zero(self.amount.currency());
        if let Some(cap) = self.cap {
            let part = share.of_larger(self.share, cap)?;
            (other.cap, self.cap) = (Some(part), Some(minus(cap, part)?));
        }
        if let (ParticipationState::Funded { outlay }, ParticipationState::Funded { outlay: part }) =
            (&mut self.state, &mut other.state)
        {
            part.paid = share.of_larger(self.share, outlay.paid)?;
            outlay.paid = minus(outlay.paid, part.paid)?;
            (self.amount, other.amount) = (outlay.paid, part.paid);
            self.share = left;
            return Ok((self, other));
        }
        self.share = left;
        Ok((self.priced(outstanding)?, other.priced(outstanding)?))
    }
}

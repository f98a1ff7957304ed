//! The transaction whose risk is shared, and the table of who takes which share of it.

use allonge_finance::{Date, Money, PartyId, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::{MAX_PARTICIPATION_TEXT_LENGTH, Proportion};
use crate::identifier::{ParticipationId, UnderlyingId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{
    RECOVERY_AMOUNT, SHARES_CROWDED, SHARES_EXCEEDED, UNDERLYING_AMOUNT, UNDERLYING_CHANGE_INVALID,
    UNDERLYING_DEFAULTED, UNDERLYING_REPAID,
};
use crate::terms::{MAX_LINE_LENGTH, MAX_NAME_LINES, NamedParty, check_line, check_lines};

/// Shares in one table.
pub const MAX_PARTICIPATIONS: usize = 50;

/// A transaction of the seller's whose risk it shares.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Underlying {
    /// Which transaction: the seller, and its own reference.
    pub id: UnderlyingId,
    /// How it goes.
    pub state: UnderlyingState,
    /// Whose risk it is.
    pub obligor: NamedParty,
    /// What kind of transaction it is.
    pub risk: RiskType,
    /// How much is at risk in all.
    pub exposure: Money,
    /// How much of it was recovered, whether the obligor paid when it was due or after.
    pub recovered: Money,
    /// When the obligor is to pay, or when its undertaking expires.
    pub maturity: Date,
    /// Who has which share, at most 50; all together at most the whole, and the rest is the seller's.
    pub shares: Vec<ParticipatedShare>,
    /// How often its material terms were changed, with the participants' consent.
    pub changes: u32,
    /// When it was registered.
    pub registered_at: Timestamp,
}

impl Stored for Underlying {
    type Id = UnderlyingId;
    const KIND: u8 = 0x71;
}

/// How an underlying transaction goes.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum UnderlyingState {
    /// The obligor has not failed to pay.
    Performing = 0,
    /// The obligor failed to pay.
    Defaulted {
        /// What the seller states of it, at most 350 characters.
        statement: String,
        /// When the seller stated it.
        at: Timestamp,
    } = 1,
    /// All of it was recovered.
    Repaid {
        /// When.
        at: Timestamp,
    } = 2,
}

/// What kind of transaction a risk comes of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum RiskType {
    /// A letter of credit that the seller issued.
    LetterOfCredit = 0,
    /// A confirmation that the seller added.
    Confirmation = 1,
    /// A guarantee or a standby.
    Guarantee = 2,
    /// A claim that the seller bought.
    Claim = 3,
    /// A loan that finances trade.
    TradeLoan = 4,
}

/// Who has which share of a risk.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParticipatedShare {
    /// By which participation.
    pub participation: ParticipationId,
    /// Which share.
    pub share: Proportion,
    /// Whether the obligor is told.
    pub disclosed: bool,
    /// Until when it is kept for the participant to whom it is offered; none once it has accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered_until: Option<Timestamp>,
}

/// What a seller does to an underlying transaction with its participants' consent.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum UnderlyingChange {
    /// It gives the obligor more time.
    Extend {
        /// The new maturity, after the one before.
        until: Date,
    } = 0,
    /// It waives something that the obligor must do.
    Waive {
        /// What, at most 350 characters.
        what: String,
    } = 1,
    /// It amends another material term.
    Amend {
        /// What, at most 350 characters.
        what: String,
    } = 2,
}

impl Underlying {
    /// The transaction, of which no share is given yet.
    pub(crate) fn check(&self, findings: &mut Findings) -> Result<(), Error> {
        let name = &self.obligor.name_and_address;
        check_line("obligor", name.first().map_or("", |line| line), MAX_LINE_LENGTH)?;
        check_lines("obligor", name, MAX_NAME_LINES, MAX_LINE_LENGTH)?;
        // A share of what is left is computed in 64 bits.
        let fits = self.exposure.is_positive() && u64::try_from(self.exposure.minor_units()).is_ok();
        let judged = UNDERLYING_AMOUNT.unless(fits, |refusal| refusal.with("amount", self.exposure));
        findings.judge(&UNDERLYING_AMOUNT, judged)
    }

    /// What is at risk still.
    pub fn outstanding(&self) -> Result<Money, Error> {
        self.exposure.checked_sub(self.recovered).map_err(|source| AMOUNT_OVERFLOW.error().because(source))
    }

    /// What all shares together are, those included that are offered, in hundred-millionths.
    pub fn shared(&self) -> u64 {
        self.shares.iter().map(|share| u64::from(share.share.hundred_millionths())).sum()
    }

    /// One more share is given, or kept for whom it is offered. Participation art. 2, 3.
    pub(crate) fn give(
        mut self,
        share: ParticipatedShare,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.shares.retain(|share| share.offered_until.is_none_or(|until| now <= until));
        self.shares.push(share);
        let judged = SHARES_CROWDED.unless(self.shares.len() <= MAX_PARTICIPATIONS, |refusal| {
            refusal.with("underlying", &self.id).with("limit", MAX_PARTICIPATIONS)
        });
        findings.judge(&SHARES_CROWDED, judged)?;
        findings.judge(&SHARES_EXCEEDED, self.shares_no_more_than_all())?;
        Ok(self)
    }

    /// A share becomes another: it was accepted, reduced or disclosed.
    pub(crate) fn with_share(
        mut self,
        participation: &ParticipationId,
        change: impl FnOnce(&mut ParticipatedShare),
    ) -> Self {
        if let Some(share) = self.shares.iter_mut().find(|share| share.participation == *participation) {
            change(share);
        }
        self
    }

    /// A share goes back to the seller.
    pub(crate) fn take_back(mut self, participation: &ParticipationId) -> Self {
        self.shares.retain(|share| share.participation != *participation);
        self
    }

    /// The seller states that the obligor failed to pay.
    pub(crate) fn default(
        mut self,
        statement: String,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        check_line("statement", &statement, MAX_PARTICIPATION_TEXT_LENGTH)?;
        findings.judge(&UNDERLYING_REPAID, self.is_unpaid())?;
        let first = !matches!(self.state, UnderlyingState::Defaulted { .. });
        let judged = UNDERLYING_DEFAULTED.unless(first, |refusal| refusal.with("underlying", &self.id));
        findings.judge(&UNDERLYING_DEFAULTED, judged)?;
        self.state = UnderlyingState::Defaulted { statement, at: now };
        Ok(self)
    }

    /// The seller received something of it.
    pub(crate) fn recover(
        mut self,
        amount: Money,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let left = self.outstanding()?;
        let fits = amount.is_positive() && left.checked_sub(amount).is_ok_and(|left| !left.is_negative());
        let judged = RECOVERY_AMOUNT.unless(fits, |refusal| {
            refusal.with("underlying", &self.id).with("amount", amount).with("left", left)
        });
        findings.judge(&RECOVERY_AMOUNT, judged)?;
        self.recovered =
            self.recovered.checked_add(amount).map_err(|source| AMOUNT_OVERFLOW.error().because(source))?;
        if self.outstanding()?.is_zero() {
            self.state = UnderlyingState::Repaid { at: now };
        }
        Ok(self)
    }

    /// The seller changes its material terms; that the participants consented, is asked elsewhere.
    pub(crate) fn change(mut self, change: &UnderlyingChange) -> Result<Self, Error> {
        change.check(&self)?;
        if let UnderlyingChange::Extend { until } = change {
            self.maturity = *until;
        }
        self.changes = self.changes.checked_add(1).ok_or_else(|| AMOUNT_OVERFLOW.error())?;
        Ok(self)
    }

    /// Whether something of it is at risk still.
    pub(crate) fn is_unpaid(&self) -> Result<(), Error> {
        UNDERLYING_REPAID.unless(!matches!(self.state, UnderlyingState::Repaid { .. }), |refusal| {
            refusal.with("underlying", &self.id)
        })
    }

    /// Participation art. 3.
    fn shares_no_more_than_all(&self) -> Result<(), Error> {
        let (shared, all) = (self.shared(), u64::from(Proportion::WHOLE.hundred_millionths()));
        let last = self.shares.last().map_or(0, |share| u64::from(share.share.hundred_millionths()));
        SHARES_EXCEEDED.unless(shared <= all, |refusal| {
            let left = all.saturating_sub(shared.saturating_sub(last));
            let left =
                u32::try_from(left).ok().and_then(|left| Proportion::from_hundred_millionths(left).ok());
            let left = left.map_or_else(|| "0".to_owned(), |left| left.to_string());
            refusal.with("underlying", &self.id).with("left", left)
        })
    }
}

impl UnderlyingChange {
    /// Whether it changes something.
    pub(crate) fn check(&self, underlying: &Underlying) -> Result<(), Error> {
        match self {
            UnderlyingChange::Extend { until } => UNDERLYING_CHANGE_INVALID
                .unless(*until > underlying.maturity, |refusal| {
                    refusal.with("underlying", &underlying.id).with("maturity", underlying.maturity)
                }),
            UnderlyingChange::Waive { what } | UnderlyingChange::Amend { what } => {
                check_line("what", what, MAX_PARTICIPATION_TEXT_LENGTH)
            }
        }
    }
}

impl NextSteps for Underlying {
    /// The seller keeps control of the relationship with the obligor.
    fn next_steps(&self, party: &PartyId, _now: Timestamp) -> Vec<NextStep> {
        if party != self.id.seller() {
            return Vec::new();
        }
        let steps: &[&'static str] = match self.state {
            UnderlyingState::Performing => {
                &["offer_participation", "report_recovery", "declare_obligor_default", "change_underlying"]
            }
            UnderlyingState::Defaulted { .. } => &["report_recovery", "change_underlying"],
            UnderlyingState::Repaid { .. } => &[],
        };
        steps.iter().map(|step| NextStep::any_time(step)).collect()
    }
}

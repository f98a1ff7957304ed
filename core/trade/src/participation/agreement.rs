//! The master agreement under which two banks take part in each other's risks.

use allonge_crypto::Hash;
use allonge_finance::{CalendarId, PartyId, Timestamp};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::check_offer_expiry;
use crate::identifier::ParticipationAgreementId;
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{
    AGREEMENT_DAYS, AGREEMENT_NOT_IN_FORCE, AGREEMENT_NOT_OFFERED_TO, AGREEMENT_NOT_PARTY,
    AGREEMENT_TO_ONESELF, PARTICIPATION_OFFER_EXPIRED, PARTICIPATION_OFFER_EXPIRY,
};
use crate::rulebook::{PARTICIPATION_PAYMENT, RECOVERY_TURNOVER};
use crate::terms::check_line;

/// Characters of a governing law.
pub const MAX_GOVERNING_LAW_LENGTH: usize = 35;

/// Under which master agreement two parties take part in each other's risks. Either sells to the other under it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ParticipationAgreement {
    /// Which agreement: the party that offered it numbers it.
    pub id: ParticipationAgreementId,
    /// How far it has come.
    pub state: AgreementState,
    /// The other party.
    pub counterparty: PartyId,
    /// What it says that the ledger goes by.
    pub terms: AgreementTerms,
}

impl Stored for ParticipationAgreement {
    type Id = ParticipationAgreementId;
    const KIND: u8 = 0x70;
}

/// What a master agreement says that the ledger goes by.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgreementTerms {
    /// The form that it follows.
    pub form: AgreementForm,
    /// The law that governs it, at most 35 characters: `English law`.
    pub governing_law: String,
    /// SHA-256 of the agreement as it was signed.
    pub sha256: Hash,
    /// Whose banking days count.
    pub calendar: CalendarId,
    /// Within how many banking days after a demand a participant pays.
    pub payment_days: u8,
    /// Within how many banking days after it received a recovery a seller turns over the participants' parts.
    pub turnover_days: u8,
}

/// The form of a master agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum AgreementForm {
    /// BAFT's Master Participation Agreement of 2008.
    Baft2008 = 0,
    /// BAFT's Master Participation Agreement as revised in 2018.
    Baft2018 = 1,
    /// The form under New York law.
    NewYork = 2,
    /// One of the parties' own.
    Bilateral = 3,
}

/// How far a master agreement has come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum AgreementState {
    /// One party signed it, and offers it to the other.
    Offered {
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 0,
    /// Both signed it.
    InForce {
        /// Since when.
        since: Timestamp,
    } = 1,
    /// Nothing new is agreed under it; what was agreed runs to its end.
    Ended {
        /// Who ended it.
        by: PartyId,
        /// When.
        at: Timestamp,
    } = 2,
}

impl ParticipationAgreement {
    /// One party signs it and offers it to the other. Participation art. 1.
    pub(crate) fn offer(
        id: ParticipationAgreementId,
        counterparty: PartyId,
        terms: AgreementTerms,
        expires_at: Timestamp,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        check_line("governing_law", &terms.governing_law, MAX_GOVERNING_LAW_LENGTH)?;
        findings.judge(&PARTICIPATION_OFFER_EXPIRY, check_offer_expiry(expires_at, now))?;
        let judged = AGREEMENT_TO_ONESELF
            .unless(*id.proposer() != counterparty, |refusal| refusal.with("party", &counterparty));
        findings.judge(&AGREEMENT_TO_ONESELF, judged)?;
        findings.judge(&AGREEMENT_DAYS, terms.has_days_within_bounds())?;
        Ok(ParticipationAgreement { id, state: AgreementState::Offered { expires_at }, counterparty, terms })
    }

    /// The other party signs it. Participation art. 1.
    pub(crate) fn accept(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let standing = match self.state {
            AgreementState::Offered { expires_at } if *author == self.counterparty => Ok(expires_at),
            _ => Err(AGREEMENT_NOT_OFFERED_TO.error().with("agreement", &self.id).with("party", author)),
        };
        let expires_at = findings.judge(&AGREEMENT_NOT_OFFERED_TO, standing)?;
        let judged = PARTICIPATION_OFFER_EXPIRED
            .unless(now <= expires_at, |refusal| refusal.with("offer", &self.id).with("expired", expires_at));
        findings.judge(&PARTICIPATION_OFFER_EXPIRED, judged)?;
        self.state = AgreementState::InForce { since: now };
        Ok(self)
    }

    /// Either party ends it; before the other accepted it, that takes the offer back.
    pub(crate) fn end(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&AGREEMENT_NOT_PARTY, self.is_between(author))?;
        let ended = matches!(self.state, AgreementState::Ended { .. });
        let judged = AGREEMENT_NOT_IN_FORCE.unless(!ended, |refusal| refusal.with("agreement", &self.id));
        findings.judge(&AGREEMENT_NOT_IN_FORCE, judged)?;
        self.state = AgreementState::Ended { by: author.clone(), at: now };
        Ok(self)
    }

    /// Whether something new can be agreed under it. Participation art. 1.
    pub(crate) fn is_in_force(&self) -> Result<(), Error> {
        AGREEMENT_NOT_IN_FORCE.unless(matches!(self.state, AgreementState::InForce { .. }), |refusal| {
            refusal.with("agreement", &self.id)
        })
    }

    /// Whether this is one of the two parties.
    pub(crate) fn is_between(&self, party: &PartyId) -> Result<(), Error> {
        AGREEMENT_NOT_PARTY.unless(party == self.id.proposer() || *party == self.counterparty, |refusal| {
            refusal.with("agreement", &self.id).with("party", party)
        })
    }

    /// The party that is not this one.
    pub(crate) fn other(&self, party: &PartyId) -> &PartyId {
        if party == self.id.proposer() { &self.counterparty } else { self.id.proposer() }
    }
}

impl AgreementTerms {
    fn has_days_within_bounds(&self) -> Result<(), Error> {
        let within = (1..=PARTICIPATION_PAYMENT.days).contains(&self.payment_days)
            && (1..=RECOVERY_TURNOVER.days).contains(&self.turnover_days);
        AGREEMENT_DAYS.unless(within, |refusal| {
            let refusal = refusal.with("payment", self.payment_days).with("turnover", self.turnover_days);
            refusal
                .with("payment_limit", PARTICIPATION_PAYMENT.days)
                .with("turnover_limit", RECOVERY_TURNOVER.days)
        })
    }
}

impl NextSteps for ParticipationAgreement {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        if self.is_between(party).is_err() {
            return Vec::new();
        }
        let end = NextStep::any_time("end_participation_agreement");
        match &self.state {
            AgreementState::Offered { expires_at } if *party == self.counterparty && now <= *expires_at => {
                vec![NextStep::until("accept_participation_agreement", *expires_at), end]
            }
            AgreementState::Offered { .. } => vec![end],
            AgreementState::InForce { .. } => vec![NextStep::any_time("offer_participation"), end],
            AgreementState::Ended { .. } => Vec::new(),
        }
    }
}

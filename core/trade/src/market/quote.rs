//! Firm quotes: what a buyer is bound to pay for a claim, until a time. Market art. 5, URF 800 art. 5.

use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::listing::Firm;
use crate::identifier::{ClaimId, ListingId, QuoteId, TradeId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{NOT_QUOTER, QUOTE_NOT_OPEN, QUOTE_OTHER_CLAIM};

/// A buyer's firm offer.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quote {
    /// Which quote.
    pub id: QuoteId,
    /// For what.
    pub subject: QuoteSubject,
    /// What the buyer is bound to.
    pub firm: Firm,
    /// Whether it stands.
    pub state: QuoteState,
    /// The last time at which it stands.
    pub valid_until: Timestamp,
    /// Since when.
    pub given_at: Timestamp,
}

impl Stored for Quote {
    type Id = QuoteId;
    const KIND: u8 = 0x4a;
}

/// What a quote is for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum QuoteSubject {
    /// A claim that the buyer knows.
    Claim {
        /// Which claim.
        claim: ClaimId,
    } = 0,
    /// The claim that an enquiry describes.
    Enquiry {
        /// Which enquiry.
        listing: ListingId,
    } = 1,
}

/// Whether a quote stands.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum QuoteState {
    /// It does, until its time is over.
    Open = 0,
    /// The holder accepted it.
    Accepted {
        /// What came of it.
        trade: TradeId,
    } = 1,
    /// The buyer took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    } = 2,
}

impl Quote {
    /// The holder of a claim accepts it.
    pub(crate) fn accept(
        mut self,
        claim: &ClaimId,
        trade: &TradeId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&QUOTE_NOT_OPEN, self.is_open(now))?;
        findings.judge(&QUOTE_OTHER_CLAIM, self.is_for(claim))?;
        self.state = QuoteState::Accepted { trade: trade.clone() };
        Ok(self)
    }

    /// The buyer takes it back, while nobody accepted it.
    pub(crate) fn withdraw(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let own = NOT_QUOTER.unless(author == self.id.buyer(), |refusal| {
            refusal.with("quote", &self.id).with("party", author)
        });
        findings.judge(&NOT_QUOTER, own)?;
        findings.judge(&QUOTE_NOT_OPEN, self.is_open(now))?;
        self.state = QuoteState::Withdrawn { at: now };
        Ok(self)
    }

    fn is_open(&self, now: Timestamp) -> Result<(), Error> {
        let (state, reference) = match &self.state {
            QuoteState::Open if now <= self.valid_until => return Ok(()),
            QuoteState::Open => ("expired", self.valid_until.to_string()),
            QuoteState::Accepted { trade } => ("accepted", trade.to_string()),
            QuoteState::Withdrawn { at } => ("withdrawn", at.to_string()),
        };
        let refusal = QUOTE_NOT_OPEN.error().with("quote", &self.id);
        Err(refusal.with("state", state).with("reference", reference))
    }

    fn is_for(&self, claim: &ClaimId) -> Result<(), Error> {
        let other = matches!(&self.subject, QuoteSubject::Claim { claim: quoted } if quoted != claim);
        QUOTE_OTHER_CLAIM.unless(!other, |refusal| refusal.with("quote", &self.id).with("claim", claim))
    }
}

impl NextSteps for Quote {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        if self.is_open(now).is_err() {
            return Vec::new();
        }
        let step = if party == self.id.buyer() { "withdraw_quote" } else { "accept_quote" };
        vec![NextStep::until(step, self.valid_until)]
    }
}

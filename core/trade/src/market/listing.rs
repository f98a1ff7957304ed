//! Listings: a claim for sale, an enquiry for quotes, or a standing bid. Market art. 1, 4, 5.

use allonge_finance::{Date, Money, PartyId, Rate, Timestamp};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::terms::{ForfaitingTerms, are_ascending};
use crate::claim::Claim;
use crate::identifier::{ClaimId, ListingId, TradeId};
use crate::next_step::{NextStep, NextSteps};
use crate::registry::{
    LISTING_CRITERIA, LISTING_NOT_FIRM, LISTING_NOT_INVITED, LISTING_NOT_OPEN, LISTING_OF_ANOTHER_KIND,
    LISTING_UNMET, NOT_LISTER,
};
use crate::terms::Terms;

/// Obligors that criteria name, and parties that an enquiry invites, at most.
pub const MAX_CRITERIA_PARTIES: usize = 50;

/// Something on the market.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Listing {
    /// Which listing.
    pub id: ListingId,
    /// What is listed.
    pub kind: ListingKind,
    /// Whether it stands.
    pub state: ListingState,
    /// The last time at which it stands.
    pub valid_until: Timestamp,
    /// Since when.
    pub published_at: Timestamp,
}

impl Stored for Listing {
    type Id = ListingId;
    const KIND: u8 = 0x49;
}

/// What is listed: the three ways onto the market.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ListingKind {
    /// A claim for sale, by its holder.
    Asset {
        /// Which claim.
        claim: ClaimId,
        /// The rate that the seller has in mind, which binds nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        indicative_rate: Option<Rate>,
        /// What the seller is bound to, where it is: whoever takes it first has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        firm: Option<Box<Firm>>,
    } = 0,
    /// A claim that its holder would sell, without saying which: a request for quotes.
    Enquiry {
        /// What it is like.
        criteria: Criteria,
        /// Who may quote, ascending; everybody where there is none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        invited: Vec<PartyId>,
    } = 1,
    /// Funds that buy what is like this: a standing bid.
    Bid {
        /// What is bought.
        criteria: Criteria,
        /// On which terms, and into whose account the seller is paid from.
        firm: Box<Firm>,
        /// How much of face amounts is still bought.
        left: Money,
    } = 2,
}

/// What somebody binds itself to.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FirmOffer {
    /// The terms.
    pub terms: ForfaitingTerms,
    /// The account of whoever is bound: that a seller is paid into, or a buyer pays from.
    pub account: AccountId,
}

impl FirmOffer {
    /// As the ledger keeps it.
    pub(crate) fn kept(self) -> Firm {
        Firm { terms: Terms::Open { content: self.terms }, account: self.account }
    }
}

/// What somebody is bound to.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Firm {
    /// The terms.
    pub terms: Terms<ForfaitingTerms>,
    /// The account of whoever is bound: that a seller is paid into, or a buyer pays from.
    pub account: AccountId,
}

/// What a claim is like, without its number or the name of any customer.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Criteria {
    /// Who owes it: one of these, 1 to 50, ascending.
    pub obligors: Vec<PartyId>,
    /// The least amount.
    pub least: Money,
    /// The largest amount.
    pub most: Money,
    /// The first day on which it may be due.
    pub due_from: Date,
    /// The last day on which it may be due.
    pub due_until: Date,
}

/// Whether a listing stands.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ListingState {
    /// It does, until its time is over.
    Open = 0,
    /// A trade came of it, or the last of the funds were used.
    Taken {
        /// Which trade.
        trade: TradeId,
        /// When.
        at: Timestamp,
    } = 1,
    /// Its publisher took it back.
    Withdrawn {
        /// When.
        at: Timestamp,
    } = 2,
}

impl Criteria {
    /// Whether they can stand.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let ordered =
            self.least.is_positive() && self.most.checked_sub(self.least).is_ok_and(|d| !d.is_negative());
        let named = !self.obligors.is_empty() && self.obligors.len() <= MAX_CRITERIA_PARTIES;
        let fits = ordered && named && are_ascending(&self.obligors) && self.due_from <= self.due_until;
        LISTING_CRITERIA.unless(fits, |refusal| refusal.with("limit", MAX_CRITERIA_PARTIES))
    }

    /// Whether a claim is like this.
    fn are_met_by(&self, claim: &Claim) -> bool {
        let amount =
            |bound: Money, other: Money| bound.checked_sub(other).is_ok_and(|left| !left.is_negative());
        let due = claim.due.date();
        self.obligors.contains(&claim.obligor)
            && amount(self.most, claim.amount)
            && amount(claim.amount, self.least)
            && (self.due_from..=self.due_until).contains(&due)
    }
}

impl Listing {
    /// Its publisher takes it back.
    pub(crate) fn withdraw(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let own = NOT_LISTER.unless(author == self.id.party(), |refusal| {
            refusal.with("listing", &self.id).with("party", author)
        });
        findings.judge(&NOT_LISTER, own)?;
        findings.judge(&LISTING_NOT_OPEN, self.is_open(now))?;
        self.state = ListingState::Withdrawn { at: now };
        Ok(self)
    }

    /// Somebody takes a claim that is firmly for sale.
    pub(crate) fn take(
        mut self,
        trade: &TradeId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, ClaimId, Firm), Error> {
        findings.judge(&LISTING_NOT_OPEN, self.is_open(now))?;
        let (claim, firm) = match &self.kind {
            ListingKind::Asset { claim, firm: Some(firm), .. } => (claim.clone(), firm.as_ref().clone()),
            _ => {
                let refused = Err(LISTING_NOT_FIRM.error().with("listing", &self.id));
                return findings.judge(&LISTING_NOT_FIRM, refused);
            }
        };
        self.state = ListingState::Taken { trade: trade.clone(), at: now };
        Ok((self, claim, firm))
    }

    /// A holder sells a claim to a standing bid.
    pub(crate) fn hit(
        mut self,
        claim: &Claim,
        trade: &TradeId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, Firm), Error> {
        findings.judge(&LISTING_NOT_OPEN, self.is_open(now))?;
        let unmet = || LISTING_UNMET.error().with("listing", &self.id).with("claim", &claim.id);
        let ListingKind::Bid { criteria, firm, left } = &mut self.kind else {
            return Err(LISTING_OF_ANOTHER_KIND.error().with("listing", &self.id));
        };
        let rest = left.checked_sub(claim.amount).ok().filter(|rest| !rest.is_negative());
        let met = rest.filter(|_| criteria.are_met_by(claim));
        let firm = firm.as_ref().clone();
        let exhausted = met.is_some_and(|rest| {
            *left = rest;
            rest.checked_sub(criteria.least).is_ok_and(|more| more.is_negative())
        });
        findings.judge(&LISTING_UNMET, if met.is_some() { Ok(()) } else { Err(unmet()) })?;
        if exhausted {
            self.state = ListingState::Taken { trade: trade.clone(), at: now };
        }
        Ok((self, firm))
    }

    /// Whether somebody may quote to an enquiry.
    pub(crate) fn invites(
        &self,
        buyer: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        findings.judge(&LISTING_NOT_OPEN, self.is_open(now))?;
        let ListingKind::Enquiry { invited, .. } = &self.kind else {
            return Err(LISTING_OF_ANOTHER_KIND.error().with("listing", &self.id));
        };
        let welcome = (invited.is_empty() || invited.contains(buyer)) && buyer != self.id.party();
        let judged = LISTING_NOT_INVITED
            .unless(welcome, |refusal| refusal.with("listing", &self.id).with("party", buyer));
        findings.judge(&LISTING_NOT_INVITED, judged)
    }

    /// Who enquired accepts a quote, and says of which claim.
    pub(crate) fn match_enquiry(
        mut self,
        author: &PartyId,
        claim: &Claim,
        trade: &TradeId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let own = NOT_LISTER.unless(author == self.id.party(), |refusal| {
            refusal.with("listing", &self.id).with("party", author)
        });
        findings.judge(&NOT_LISTER, own)?;
        findings.judge(&LISTING_NOT_OPEN, self.is_open(now))?;
        let met = matches!(&self.kind, ListingKind::Enquiry { criteria, .. } if criteria.are_met_by(claim));
        let judged =
            LISTING_UNMET.unless(met, |refusal| refusal.with("listing", &self.id).with("claim", &claim.id));
        findings.judge(&LISTING_UNMET, judged)?;
        self.state = ListingState::Taken { trade: trade.clone(), at: now };
        Ok(self)
    }

    /// A listing stands until somebody takes it, its publisher takes it back, or its time is over.
    fn is_open(&self, now: Timestamp) -> Result<(), Error> {
        let (state, reference) = match &self.state {
            ListingState::Open if now <= self.valid_until => return Ok(()),
            ListingState::Open => ("expired", self.valid_until.to_string()),
            ListingState::Taken { trade, .. } => ("taken", trade.to_string()),
            ListingState::Withdrawn { at } => ("withdrawn", at.to_string()),
        };
        Err(LISTING_NOT_OPEN
            .error()
            .with("listing", &self.id)
            .with("state", state)
            .with("reference", reference))
    }
}

impl NextSteps for Listing {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        if self.is_open(now).is_err() {
            return Vec::new();
        }
        if party == self.id.party() {
            return vec![NextStep::until("withdraw_listing", self.valid_until)];
        }
        let step = match &self.kind {
            ListingKind::Asset { firm: Some(_), .. } => "take_asset",
            ListingKind::Enquiry { invited, .. } if !invited.is_empty() && !invited.contains(party) => {
                return Vec::new();
            }
            ListingKind::Asset { .. } | ListingKind::Enquiry { .. } => "quote_price",
            ListingKind::Bid { .. } => "hit_bid",
        };
        vec![NextStep::until(step, self.valid_until)]
    }
}

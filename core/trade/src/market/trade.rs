//! The trade: a claim that is sold without recourse, from the trade date to the settlement, and what may come after. URF 800.

use allonge_finance::{Calendar, Date, Money, PartyId, Timestamp};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::terms::{ForfaitingTerms, Price, RecourseGround};
use crate::deadline::Deadline;
use crate::identifier::{ClaimId, TradeId};
use crate::next_step::{NextStep, NextSteps};
use crate::presentation::Document;
use crate::registry::{
    TRADE_CONDITION, TRADE_CONFIRMED, TRADE_DOCUMENTS, TRADE_FEE, TRADE_NO_RECOURSE, TRADE_NO_UNWINDING,
    TRADE_NOT_AVAILABLE, TRADE_NOT_BUYER, TRADE_NOT_CONFIRMED, TRADE_NOT_PARTY, TRADE_NOT_SELLER, TRADE_OVER,
    TRADE_REFUSED_ONCE, TRADE_STANDS, TRADE_TOO_LATE, TRADE_UNDER_RESERVE, TRADE_VALUE_DATE,
};
use crate::terms::Terms;

/// Reasons that a refusal of documents gives at most.
pub const MAX_REASONS: usize = 20;
/// Characters of a reason and of a statement at most.
pub const MAX_TRADE_TEXT_LENGTH: usize = 350;

/// A claim that is sold.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Trade {
    /// Which trade.
    pub id: TradeId,
    /// The claim.
    pub claim: ClaimId,
    /// What the obligor owes on it.
    pub face: Money,
    /// The day on which it is due, as it was known on the trade date.
    pub due_on: Date,
    /// Who owes it.
    pub obligor: PartyId,
    /// Who sells it.
    pub seller: PartyId,
    /// Who buys it.
    pub buyer: PartyId,
    /// Where the seller is paid.
    pub seller_account: AccountId,
    /// From where the buyer pays.
    pub buyer_account: AccountId,
    /// On which terms.
    pub terms: Terms<ForfaitingTerms>,
    /// How far it has come.
    pub state: TradeState,
    /// The trade date, at the place of performance.
    pub traded_on: Date,
    /// By when the parties confirm it.
    pub confirmation: Deadline,
    /// When the seller confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by_seller: Option<Timestamp>,
    /// When the buyer confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by_buyer: Option<Timestamp>,
    /// The last moment for satisfactory documents and conditions.
    pub availability: Deadline,
    /// How far the documents have come.
    pub documents: TradeDocuments,
    /// Whether the buyer refused documents before, which it does once.
    pub refused_once: bool,
    /// The conditions that are not met yet, by their place in the terms, from 0.
    pub open_conditions: Vec<u16>,
    /// What the buyer came back for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recourse: Option<Recourse>,
    /// That the buyer proposes to undo it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwinding: Option<Unwinding>,
    /// When it was agreed.
    pub agreed_at: Timestamp,
}

impl Stored for Trade {
    type Id = TradeId;
    const KIND: u8 = 0x4b;
}

/// How far a trade has come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TradeState {
    /// It is agreed, and the claim is bound.
    Agreed = 0,
    /// The claim passed to the buyer and the price to the seller, for good.
    Settled {
        /// The price.
        price: Price,
        /// When.
        at: Timestamp,
    } = 1,
    /// The claim passed to the buyer and the price to the seller; if what is outstanding does not come, both go back.
    UnderReserve {
        /// The price.
        price: Price,
        /// Until when what is outstanding is awaited.
        until: Timestamp,
        /// When it was paid.
        at: Timestamp,
    } = 2,
    /// It ended without settlement, and the claim is free.
    Lapsed {
        /// Why.
        reason: LapseReason,
        /// The commitment fee that the seller owes for it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fee_owed: Option<Money>,
        /// When.
        at: Timestamp,
    } = 3,
    /// What was paid under reserve was paid back, and the claim is the seller's again.
    Repaid {
        /// How much: the net and the interest.
        amount: Money,
        /// When.
        at: Timestamp,
    } = 4,
    /// Both undid it: the price went back, and so did the claim.
    Unwound {
        /// When.
        at: Timestamp,
    } = 5,
}

/// Why a trade ended without settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum LapseReason {
    /// Satisfactory documents or conditions did not come by the availability date.
    NotAvailable = 0,
    /// The buyer did not pay on the value date.
    NotPaid = 1,
    /// The claim is owed no more.
    ClaimOver = 2,
}

/// How far the documents of a trade have come.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
// In the other languages its variants must not be called as the events `TradeDocumentsDelivered` and so on.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "TradeDocumentsState"))]
#[repr(u8)]
pub enum TradeDocuments {
    /// The seller is to deliver them.
    Awaited = 0,
    /// The buyer examines them.
    Delivered {
        /// The documents, 1 to 50.
        documents: Vec<Document>,
        /// When they were delivered.
        at: Timestamp,
    } = 1,
    /// The buyer is satisfied, or asked for none.
    Satisfactory {
        /// When.
        at: Timestamp,
    } = 2,
    /// The buyer refused them, once and with every reason.
    Refused {
        /// Every reason, 1 to 20 of at most 350 characters.
        reasons: Vec<String>,
        /// When.
        at: Timestamp,
    } = 3,
}

/// What a buyer came back to its seller for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Recourse {
    /// On which ground.
    pub ground: RecourseGround,
    /// What it states, at most 350 characters.
    pub statement: String,
    /// When.
    pub at: Timestamp,
}

/// That a buyer proposes to undo a trade.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Unwinding {
    /// Why, or by which court's order, at most 350 characters.
    pub reason: String,
    /// What the seller pays back.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

impl Trade {
    /// What the terms say, where this host sees them.
    pub(crate) fn open_terms(&self) -> &ForfaitingTerms {
        match &self.terms {
            Terms::Open { content } => content,
        }
    }

    /// One of the parties confirms it. URF 800 art. 8.
    pub(crate) fn confirm(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_PARTY, self.is_party(author))?;
        findings.judge(&TRADE_OVER, self.is_agreed())?;
        let confirmed =
            if *author == self.seller { &mut self.confirmed_by_seller } else { &mut self.confirmed_by_buyer };
        let fresh = TRADE_CONFIRMED
            .unless(confirmed.is_none(), |refusal| refusal.with("trade", &self.id).with("party", author));
        findings.judge(&TRADE_CONFIRMED, fresh)?;
        *confirmed = Some(now);
        Ok(self)
    }

    /// F6: the seller delivers documents by the availability date. URF 800 art. 7, 10.
    pub(crate) fn deliver(
        mut self,
        author: &PartyId,
        documents: Vec<Document>,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_SELLER, self.is_seller(author))?;
        findings.judge(&TRADE_OVER, self.is_open())?;
        let due = matches!(self.documents, TradeDocuments::Awaited | TradeDocuments::Refused { .. });
        let judged = TRADE_DOCUMENTS.unless(due, |refusal| refusal.with("trade", &self.id));
        findings.judge(&TRADE_DOCUMENTS, judged)?;
        findings.judge(&TRADE_TOO_LATE, self.is_in_time(now, calendar))?;
        self.documents = TradeDocuments::Delivered { documents, at: now };
        Ok(self)
    }

    /// The buyer is satisfied with the documents.
    pub(crate) fn accept_documents(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_BUYER, self.is_buyer(author))?;
        findings.judge(&TRADE_OVER, self.is_open())?;
        findings.judge(&TRADE_DOCUMENTS, self.are_delivered())?;
        self.documents = TradeDocuments::Satisfactory { at: now };
        Ok(self)
    }

    /// The buyer refuses the documents: once, and with every reason. URF 800 art. 7, 10.
    pub(crate) fn refuse_documents(
        mut self,
        author: &PartyId,
        reasons: Vec<String>,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_BUYER, self.is_buyer(author))?;
        findings.judge(&TRADE_OVER, self.is_open())?;
        findings.judge(&TRADE_DOCUMENTS, self.are_delivered())?;
        let first = TRADE_REFUSED_ONCE.unless(!self.refused_once, |refusal| refusal.with("trade", &self.id));
        findings.judge(&TRADE_REFUSED_ONCE, first)?;
        self.documents = TradeDocuments::Refused { reasons, at: now };
        self.refused_once = true;
        Ok(self)
    }

    /// The buyer states that a condition is met, or does without it.
    pub(crate) fn satisfy(
        mut self,
        author: &PartyId,
        condition: u16,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_BUYER, self.is_buyer(author))?;
        findings.judge(&TRADE_OVER, self.is_open())?;
        let open = self.open_conditions.contains(&condition);
        let judged = TRADE_CONDITION
            .unless(open, |refusal| refusal.with("trade", &self.id).with("condition", condition));
        findings.judge(&TRADE_CONDITION, judged)?;
        self.open_conditions.retain(|other| *other != condition);
        Ok(self)
    }

    /// F9, F10: the buyer pays the price, for good or under reserve. URF 800 art. 11, 12.
    pub(crate) fn settle(
        mut self,
        author: &PartyId,
        price: Price,
        reserve: Option<Timestamp>,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_BUYER, self.is_buyer(author))?;
        findings.judge(&TRADE_OVER, self.is_agreed())?;
        findings.judge(&TRADE_NOT_CONFIRMED, self.is_confirmed())?;
        findings.judge(&TRADE_VALUE_DATE, self.has_value(price.on))?;
        self.state = match reserve {
            Some(until) => {
                let outstanding = self.is_available().is_err() && until > now;
                let judged = TRADE_UNDER_RESERVE
                    .unless(outstanding, |refusal| refusal.with("trade", &self.id).with("until", until));
                findings.judge(&TRADE_UNDER_RESERVE, judged)?;
                TradeState::UnderReserve { price, until, at: now }
            }
            None => {
                findings.judge(&TRADE_NOT_AVAILABLE, self.is_available())?;
                TradeState::Settled { price, at: now }
            }
        };
        Ok(self)
    }

    /// The buyer lifts its reserve: what was outstanding came, or it does without.
    pub(crate) fn lift(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_BUYER, self.is_buyer(author))?;
        let (price, _) = findings.judge(&TRADE_OVER, self.reserved())?;
        self.state = TradeState::Settled { price, at: now };
        Ok(self)
    }

    /// F10: what was paid under reserve goes back once the time is over, with interest; and so does the claim. Answers with
    /// the amount.
    pub(crate) fn repay(
        mut self,
        author: &PartyId,
        on: Date,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        findings.judge(&TRADE_NOT_SELLER, self.is_seller(author))?;
        let (price, until) = findings.judge(&TRADE_OVER, self.reserved())?;
        let over = TRADE_UNDER_RESERVE
            .unless(now > until, |refusal| refusal.with("trade", &self.id).with("until", until));
        findings.judge(&TRADE_UNDER_RESERVE, over)?;
        let amount = self.open_terms().repaid(price.net, price.on, on)?;
        self.state = TradeState::Repaid { amount, at: now };
        Ok((self, amount))
    }

    /// It ends without settlement, where one of the parties may say so.
    pub(crate) fn lapse(
        mut self,
        author: &PartyId,
        claim_is_owed: bool,
        on: Date,
        now: Timestamp,
        calendar: &Calendar,
        findings: &mut Findings,
    ) -> Result<(Self, LapseReason), Error> {
        findings.judge(&TRADE_NOT_PARTY, self.is_party(author))?;
        findings.judge(&TRADE_OVER, self.is_agreed())?;
        let reason = findings
            .judge(&TRADE_STANDS, self.has_ended(*author == self.seller, claim_is_owed, now, calendar))?;
        let fee = self.open_terms().committed(self.face, self.traded_on, on)?;
        let fee_owed = Some(fee).filter(|fee| reason == LapseReason::NotAvailable && fee.is_positive());
        self.state = TradeState::Lapsed { reason, fee_owed, at: now };
        Ok((self, reason))
    }

    /// Why a trade that is not settled binds nobody any more, where it does not.
    fn has_ended(
        &self,
        by_seller: bool,
        claim_is_owed: bool,
        now: Timestamp,
        calendar: &Calendar,
    ) -> Result<LapseReason, Error> {
        if !claim_is_owed {
            return Ok(LapseReason::ClaimOver);
        }
        let delivered =
            matches!(self.documents, TradeDocuments::Delivered { .. } | TradeDocuments::Satisfactory { .. });
        let met = delivered && self.open_conditions.is_empty();
        if !met && self.availability.has_passed(now, calendar)? {
            return Ok(LapseReason::NotAvailable);
        }
        let value = Deadline::after(self.open_terms().value_date, 0, calendar)?;
        if met && by_seller && value.has_passed(now, calendar)? {
            return Ok(LapseReason::NotPaid);
        }
        Err(TRADE_STANDS.error().with("trade", &self.id).with("availability", self.availability.date()))
    }

    /// The seller pays the commitment fee of a trade that lapsed.
    pub(crate) fn pay_fee(
        mut self,
        author: &PartyId,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        findings.judge(&TRADE_NOT_SELLER, self.is_seller(author))?;
        let owed = match &mut self.state {
            TradeState::Lapsed { fee_owed, .. } => fee_owed.take(),
            _ => None,
        };
        let owed = owed.ok_or_else(|| TRADE_FEE.error().with("trade", &self.id));
        let owed = findings.judge(&TRADE_FEE, owed)?;
        Ok((self, owed))
    }

    /// F14: the buyer proposes to undo it.
    pub(crate) fn propose_unwinding(
        mut self,
        author: &PartyId,
        reason: String,
        amount: Money,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_BUYER, self.is_buyer(author))?;
        findings.judge(&TRADE_OVER, self.is_settled())?;
        self.unwinding = Some(Unwinding { reason, amount, at: now });
        Ok(self)
    }

    /// F14: the seller undoes it, as the buyer proposed. Answers with what it pays back.
    pub(crate) fn unwind(
        mut self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(Self, Money), Error> {
        findings.judge(&TRADE_NOT_SELLER, self.is_seller(author))?;
        findings.judge(&TRADE_OVER, self.is_settled())?;
        let proposed = self.unwinding.take();
        let proposed = proposed.ok_or_else(|| TRADE_NO_UNWINDING.error().with("trade", &self.id));
        let proposed = findings.judge(&TRADE_NO_UNWINDING, proposed)?;
        self.state = TradeState::Unwound { at: now };
        Ok((self, proposed.amount))
    }

    /// F13: the buyer comes back to the seller, on a ground that the terms except. URF 800 art. 4, 13.
    pub(crate) fn claim_recourse(
        mut self,
        author: &PartyId,
        recourse: Recourse,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&TRADE_NOT_BUYER, self.is_buyer(author))?;
        findings.judge(&TRADE_OVER, self.is_settled())?;
        let excepted = self.open_terms().recourse.contains(&recourse.ground);
        let judged = TRADE_NO_RECOURSE.unless(excepted, |refusal| refusal.with("trade", &self.id));
        findings.judge(&TRADE_NO_RECOURSE, judged)?;
        self.recourse = Some(recourse);
        Ok(self)
    }

    fn is_party(&self, author: &PartyId) -> Result<(), Error> {
        TRADE_NOT_PARTY.unless(*author == self.seller || *author == self.buyer, |refusal| {
            refusal.with("trade", &self.id).with("party", author)
        })
    }

    fn is_seller(&self, author: &PartyId) -> Result<(), Error> {
        TRADE_NOT_SELLER
            .unless(*author == self.seller, |refusal| refusal.with("trade", &self.id).with("party", author))
    }

    fn is_buyer(&self, author: &PartyId) -> Result<(), Error> {
        TRADE_NOT_BUYER
            .unless(*author == self.buyer, |refusal| refusal.with("trade", &self.id).with("party", author))
    }

    /// Whether it waits for its settlement.
    fn is_agreed(&self) -> Result<(), Error> {
        self.stage(matches!(self.state, TradeState::Agreed))
    }

    /// Whether documents and conditions still matter.
    fn is_open(&self) -> Result<(), Error> {
        self.stage(matches!(self.state, TradeState::Agreed | TradeState::UnderReserve { .. }))
    }

    /// Whether it is settled for good.
    fn is_settled(&self) -> Result<(), Error> {
        self.stage(matches!(self.state, TradeState::Settled { .. }))
    }

    fn reserved(&self) -> Result<(Price, Timestamp), Error> {
        match &self.state {
            TradeState::UnderReserve { price, until, .. } => Ok((*price, *until)),
            _ => Err(self.elsewhere()),
        }
    }

    fn stage(&self, right: bool) -> Result<(), Error> {
        if right { Ok(()) } else { Err(self.elsewhere()) }
    }

    fn elsewhere(&self) -> Error {
        let state = match self.state {
            TradeState::Agreed => "agreed",
            TradeState::Settled { .. } => "settled",
            TradeState::UnderReserve { .. } => "settled under reserve",
            TradeState::Lapsed { .. } => "lapsed",
            TradeState::Repaid { .. } => "repaid",
            TradeState::Unwound { .. } => "unwound",
        };
        TRADE_OVER.error().with("trade", &self.id).with("state", state)
    }

    fn is_confirmed(&self) -> Result<(), Error> {
        let both = self.confirmed_by_seller.is_some() && self.confirmed_by_buyer.is_some();
        TRADE_NOT_CONFIRMED.unless(both, |refusal| refusal.with("trade", &self.id))
    }

    fn is_available(&self) -> Result<(), Error> {
        let satisfactory = matches!(self.documents, TradeDocuments::Satisfactory { .. });
        TRADE_NOT_AVAILABLE.unless(satisfactory && self.open_conditions.is_empty(), |refusal| {
            refusal.with("trade", &self.id).with("conditions", self.open_conditions.len())
        })
    }

    fn has_value(&self, on: Date) -> Result<(), Error> {
        let value_date = self.open_terms().value_date;
        TRADE_VALUE_DATE.unless(on >= value_date, |refusal| {
            refusal.with("trade", &self.id).with("value_date", value_date)
        })
    }

    fn are_delivered(&self) -> Result<(), Error> {
        TRADE_DOCUMENTS.unless(matches!(self.documents, TradeDocuments::Delivered { .. }), |refusal| {
            refusal.with("trade", &self.id)
        })
    }

    fn is_in_time(&self, now: Timestamp, calendar: &Calendar) -> Result<(), Error> {
        // What is outstanding under reserve is awaited until the reserve ends.
        let passed = match &self.state {
            TradeState::UnderReserve { until, .. } => now > *until,
            _ => self.availability.has_passed(now, calendar)?,
        };
        TRADE_TOO_LATE.unless(!passed, |refusal| {
            refusal.with("trade", &self.id).with("availability", self.availability.date())
        })
    }
}

impl NextSteps for Trade {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let (seller, buyer) = (*party == self.seller, *party == self.buyer);
        let mut steps = Vec::new();
        let mut add = |may: bool, step: NextStep| {
            if may {
                steps.push(step)
            }
        };
        let delivered = matches!(self.documents, TradeDocuments::Delivered { .. });
        let awaited = matches!(self.documents, TradeDocuments::Awaited | TradeDocuments::Refused { .. });
        match &self.state {
            TradeState::Agreed => {
                let unconfirmed = (seller && self.confirmed_by_seller.is_none())
                    || (buyer && self.confirmed_by_buyer.is_none());
                add(unconfirmed, NextStep::by("confirm_trade", &self.confirmation));
                add(seller && awaited, NextStep::by("deliver_trade_documents", &self.availability));
                add(buyer && delivered, NextStep::any_time("accept_trade_documents"));
                add(buyer && delivered && !self.refused_once, NextStep::any_time("refuse_trade_documents"));
                add(buyer && !self.open_conditions.is_empty(), NextStep::any_time("satisfy_condition"));
                add(buyer && self.is_confirmed().is_ok(), NextStep::any_time("settle_trade"));
            }
            TradeState::UnderReserve { until, .. } => {
                add(seller && awaited, NextStep::until("deliver_trade_documents", *until));
                add(buyer && delivered, NextStep::any_time("accept_trade_documents"));
                add(buyer, NextStep::any_time("lift_reserve"));
                add(seller && now > *until, NextStep::any_time("repay_reserved"));
            }
            TradeState::Settled { .. } => {
                add(buyer && !self.open_terms().recourse.is_empty(), NextStep::any_time("claim_recourse"));
                add(buyer, NextStep::any_time("propose_unwinding"));
                add(seller && self.unwinding.is_some(), NextStep::any_time("unwind_trade"));
            }
            TradeState::Lapsed { fee_owed: Some(_), .. } => {
                add(seller, NextStep::any_time("pay_commitment_fee"));
            }
            TradeState::Lapsed { .. } | TradeState::Repaid { .. } | TradeState::Unwound { .. } => {}
        }
        steps
    }
}

//! The market on which claims are sold: listings, firm quotes and trades. URF 800.
//!
//! Its own rules, beside those of the ICC:
//!
//! 1. What is offered, listed or quoted stands until a time, at most 90 days ahead.
//! 2. A debt is divisible to the minor unit, and its parts add up to it.
//! 3. What is pledged, offered or sold to one is not disposed of to another.
//! 4. A listing names no customer: who seeks a quote says who owes, how much and until when, and names the claim when it
//!    accepts one.
//! 5. Firm is firm: what is accepted while it stands is a trade, whose price follows from its terms. Of two that accept the
//!    same, the first in the order of the ledger has it.

mod listing;
mod quote;
mod terms;
mod trade;

pub use listing::{Criteria, Firm, FirmOffer, Listing, ListingKind, ListingState, MAX_CRITERIA_PARTIES};
pub use quote::{Quote, QuoteState, QuoteSubject};
pub use terms::{
    ForfaitingTerms, MAX_CONDITION_LENGTH, MAX_CONDITIONS, MAX_TRADE_DOCUMENTS, Price, RecourseGround,
};
pub use trade::{
    LapseReason, MAX_REASONS, MAX_TRADE_TEXT_LENGTH, Recourse, Trade, TradeDocuments, TradeState, Unwinding,
};

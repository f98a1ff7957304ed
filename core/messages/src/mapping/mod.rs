//! From what banks write to what the ledger keeps: messages to trade terms, with a report of every loss.
//!
//! An MT 700 becomes the terms of a letter of credit, ready to be issued:
//!
//! ```
//! use allonge_messages::fin::{self, StandardsRelease};
//! use allonge_messages::mapping::{self, MappingOptions, MappingTreatment};
//!
//! let text = include_bytes!("../../../../tests/vectors/fin/mt700_usance.fin");
//! let message = fin::parse(text, StandardsRelease::Sr2025)?;
//! let credit = mapping::letter_of_credit_from_mt700(&message, &MappingOptions::default())?;
//! assert_eq!(credit.number, "BJ26LC000127");
//! assert_eq!(credit.terms.issuing_bank.to_string(), "SYNBCNBJXXX");
//!
//! let derived = credit.report.items.iter().find(|item| item.target.as_deref() == Some("expiry.calendar"));
//! assert_eq!(derived.map(|item| item.treatment), Some(MappingTreatment::Derived));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A credit too long for one message comes as an MT 700 and up to seven MT 701:
//! [`letter_of_credit_from_messages`].
//!
//! **Nothing is guessed.** Where the ledger needs a date and the message has words, the words are read by a
//! small strict grammar ([`letter_of_credit_from_mt700`] states it) or refused. Where the message has no field
//! for something (banking-day calendars), it is derived in a stated way, or the caller chooses it in
//! [`MappingOptions`]. A refusal, [`MappingError`], lists every problem with field, line and remedy.
//!
//! **Not here yet**: the way back, from terms to an MT 700.

mod availability;
mod calendar;
mod fields;
mod letter_of_credit;
mod problem;
mod report;
mod series;
mod tenor;

pub use letter_of_credit::{
    MappedCredit, MappingOptions, letter_of_credit_from_messages, letter_of_credit_from_mt700,
};
pub use problem::{MappingError, MappingProblem, MappingProblemKind};
pub use report::{LossReport, MappedField, MappingTreatment};

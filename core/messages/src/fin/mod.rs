//! SWIFT MT messages in FIN form.
//!
//! **Read one.** [`parse`] checks headers, fields, formats, code words and network-validated rules, and
//! reports every fault it finds, each with its line, its SWIFT code, the reason and the remedy.
//!
//! ```
//! use allonge_messages::fin::{self, StandardsRelease};
//!
//! let text = include_bytes!("../../../../tests/vectors/fin/mt700_usance.fin");
//! let message = fin::parse(text, StandardsRelease::Sr2025)?;
//! assert_eq!(message.message_type(), "700");
//! assert_eq!(message.format(), text, "the original bytes are never touched");
//!
//! let credit = fin::mt700::Mt700::from_message(&message)?;
//! assert_eq!(credit.expiry_place, "BEIJING/CHINA");
//! # Ok::<(), fin::FinError>(())
//! ```
//!
//! **Write one.** [`MessageBuilder`] takes fields as text, [`MessageContent::build`] takes them typed; both
//! answer a message in canonical form that has passed the same checks as a received one.
//!
//! **Edit one as JSON.** [`FinMessage::to_json`] and [`FinMessage::from_json`]: unedited JSON gives back the
//! original bytes exactly; edited JSON gives a new canonical message, or its faults.
//!
//! The engine knows no message type. A type is a table (`tables/`), whose rows say which fields stand in
//! which order, their formats in SWIFT's own notation, their code words, and the rules between them.
//!
//! **Not checked**, for want of the means: whether a BIC is registered (the directory is SWIFT's), checksums
//! and authentication of trailers (the interface's), and what free text says. A two-digit year from 80 to 99
//! is of the twentieth century, any other of the twenty-first.

mod blocks;
mod builder;
mod charset;
mod fault;
mod format;
mod header;
mod json;
mod matching;
mod message;
pub mod mt700;
mod render;
mod source;
mod tables;
mod text;
mod validate;
mod value;

pub use builder::MessageBuilder;
pub use fault::{Certainty, Fault, FaultCode, FinError};
pub use header::{ApplicationHeader, BasicHeader, HeaderTag};
pub use json::FinRecord;
pub use message::{Field, FinMessage, MessageContent, parse};
pub use tables::StandardsRelease;
pub use value::{Component, Value};

/// The most characters a category 7 message may have, headers and trailers included.
///
/// Source: SWIFT Standards category 7 (10,000 for MT 700 since SR 2018; DOMAIN 4.1). A longer input is
/// refused before it is read further.
///
/// Counted are blocks 1 to 4 with CR LF at every line end: what the network and the interface add on the way,
/// trailers, framing and padding, does not make a message too long.
pub const MAX_MESSAGE_CHARACTERS: usize = 10_000;

/// The most bytes that are read at all: a message with all that is added to it. Our own bound.
pub const MAX_INPUT_BYTES: usize = 16_384;

/// The most fields in one text block; the longest category 7 layout has fewer than 60 rows. Our own bound.
pub const MAX_FIELDS: usize = 200;

/// The most lines in one field; the longest format of category 7 has 150 (77U). Our own bound.
pub const MAX_FIELD_LINES: usize = 200;

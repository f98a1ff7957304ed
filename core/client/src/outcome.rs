//! What became of a submission: always a fact, with its proof.

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{Error, Verdict};
use serde::Serialize;

use crate::receipt::{Proven, Receipt};
use crate::records::{Event, EventRecord, event_records};
use crate::registry::{ErrorRecord, refusal_to_error};

/// What became of a submission.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It took effect, for ever.
    Committed(Committed),
    /// The rules refused it; the refusal stands in the ledger, for ever.
    Rejected(Rejected),
}

/// A transaction that took effect.
#[derive(Debug)]
pub struct Committed {
    /// The transaction's id.
    pub transaction: Hash,
    /// The height of its block.
    pub height: u64,
    /// The time of its block.
    pub time: Timestamp,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Proof of all that.
    pub receipt: Receipt,
}

/// A transaction that the rules refused.
#[derive(Debug)]
pub struct Rejected {
    /// The transaction's id.
    pub transaction: Hash,
    /// The height of its block.
    pub height: u64,
    /// The time of its block.
    pub time: Timestamp,
    /// Why.
    pub error: Error,
    /// Proof of all that.
    pub receipt: Receipt,
}

impl Outcome {
    /// The transaction that took effect, or why it did not.
    pub fn committed(self) -> Result<Committed, Error> {
        match self {
            Outcome::Committed(committed) => Ok(committed),
            Outcome::Rejected(rejected) => Err(rejected.error),
        }
    }

    /// What happened, in order; nothing when it was refused.
    pub fn events(&self) -> &[Event] {
        match self {
            Outcome::Committed(committed) => &committed.events,
            Outcome::Rejected(_) => &[],
        }
    }

    /// What happened, in order, each with the rule that it follows.
    pub fn event_records(&self) -> Vec<EventRecord> {
        event_records(self.events())
    }

    /// The proof, whichever way it went.
    pub fn receipt(&self) -> &Receipt {
        match self {
            Outcome::Committed(committed) => &committed.receipt,
            Outcome::Rejected(rejected) => &rejected.receipt,
        }
    }

    pub(crate) fn of(receipt: Receipt, proven: Proven) -> Outcome {
        let Proven { id: transaction, height, time, result, .. } = proven;
        match result.verdict {
            Verdict::Committed { events } => {
                Outcome::Committed(Committed { transaction, height, time, events, receipt })
            }
            Verdict::Rejected { refusal } => Outcome::Rejected(Rejected {
                transaction,
                height,
                time,
                error: refusal_to_error(&refusal),
                receipt,
            }),
        }
    }
}

/// An outcome as every language sees it, beside its receipt.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OutcomeRecord {
    /// The transaction's id.
    pub transaction: Hash,
    /// The height of its block.
    pub height: u64,
    /// The time of its block.
    pub time: Timestamp,
    /// Whether it took effect.
    pub committed: bool,
    /// What happened; nothing when it was refused.
    pub events: Vec<EventRecord>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
}

/// What submitting operations would have come to.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Preview {
    /// The height that its block would have had.
    pub height: u64,
    /// The time that its block would have had.
    pub time: Timestamp,
    /// The root of the state that its block would have led to.
    pub state_root: Hash,
    /// Whether it would have taken effect.
    pub committed: bool,
    /// What would have happened; nothing when it would have been refused.
    pub events: Vec<EventRecord>,
    /// Why it would have been refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
}

impl From<&Outcome> for OutcomeRecord {
    fn from(outcome: &Outcome) -> Self {
        OutcomeRecord { events: outcome.event_records(), ..OutcomeRecord::without_events(outcome) }
    }
}

impl OutcomeRecord {
    /// The record without what happened, which can be thousands of events: for whoever asks for them later.
    pub fn without_events(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Committed(Committed { transaction, height, time, .. }) => OutcomeRecord {
                transaction: *transaction,
                height: *height,
                time: *time,
                committed: true,
                events: Vec::new(),
                error: None,
            },
            Outcome::Rejected(Rejected { transaction, height, time, error, .. }) => OutcomeRecord {
                transaction: *transaction,
                height: *height,
                time: *time,
                committed: false,
                events: Vec::new(),
                error: Some(ErrorRecord::from(error)),
            },
        }
    }
}

//! What became of a submission: a fact with its proof, or the handle by which it becomes one.

use std::fmt;
use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::registry::TRANSACTION_EXPIRED;
use allonge_ledger::{Error, IdempotencyKey, Verdict};
use serde::Serialize;

use crate::explanation::RuleFinding;
use crate::ledger::Ledger;
use crate::receipt::{Proven, Receipt, Trust};
use crate::records::{Event, EventRecord, event_records};
use crate::registry::{DEADLINE_EXCEEDED, ErrorRecord, refusal_to_error};
use crate::submission::{Intent, Submission};

/// What became of a submission.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// It took effect, for ever.
    Committed(Committed),
    /// The rules refused it; the refusal stands in the ledger, for ever.
    Rejected(Rejected),
    /// Its time was over before it came into a block: it never takes effect.
    Expired(Expired),
    /// Nothing is known yet: it was handed over, and the wait ended before it was settled.
    Unknown(Unknown),
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

/// A transaction that never takes effect.
#[derive(Debug)]
pub struct Expired {
    /// The transaction's id.
    pub transaction: Hash,
    /// Who submitted it.
    pub party: PartyId,
    /// Its idempotency key.
    pub key: IdempotencyKey,
    /// Until when it could have come into a block.
    pub valid_until: Timestamp,
    /// The height of a block that is past that time, with all below it executed.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
    /// Proof that no transaction with this key and `valid_until` was in a block by then: the bytes of an answer
    /// receipt, which [`verify_answer`](crate::verify_answer) checks from the genesis alone.
    pub proof: Vec<u8>,
}

impl Expired {
    /// The error `transaction.expired`.
    pub fn error(&self) -> Error {
        TRANSACTION_EXPIRED.error().with("valid_until", self.valid_until).with("time", self.time)
    }
}

/// A transaction that was handed over, and of which nothing is known yet. It may still take effect, also when this is
/// dropped.
#[derive(Clone)]
pub struct Unknown {
    ledger: Ledger,
    intent: Arc<Intent>,
    waited_ms: u64,
}

impl fmt::Debug for Unknown {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Unknown").field("transaction", &self.intent.id).finish_non_exhaustive()
    }
}

impl Unknown {
    pub(crate) fn new(ledger: Ledger, intent: Arc<Intent>, waited_ms: u64) -> Self {
        Unknown { ledger, intent, waited_ms }
    }

    /// The transaction's id.
    pub fn transaction(&self) -> Hash {
        self.intent.id
    }

    /// Who submitted it.
    pub fn party(&self) -> &PartyId {
        &self.intent.party
    }

    /// Its idempotency key.
    pub fn key(&self) -> IdempotencyKey {
        self.intent.key
    }

    /// Until when it can come into a block.
    pub fn valid_until(&self) -> Timestamp {
        self.intent.valid_until
    }

    /// Waits on, at most for so many milliseconds. It ends in one of the other outcomes, unless that time passes too.
    ///
    /// Errors: as of [`Session::submit`](crate::Session::submit).
    pub fn resolve(&self, deadline_ms: u64) -> Result<Outcome, Error> {
        self.submission()?.outcome(deadline_ms)
    }

    /// The submission, for whoever awaits its stages. It is handed over once more, and takes effect once.
    ///
    /// Errors: `ledger.closed`, `ledger.busy`, `process.forked`.
    pub fn submission(&self) -> Result<Submission, Error> {
        Submission::of(&self.ledger, Arc::clone(&self.intent))
    }

    /// The error `deadline.exceeded`.
    pub fn error(&self) -> Error {
        DEADLINE_EXCEEDED.error().with("milliseconds", self.waited_ms)
    }
}

impl Outcome {
    /// The transaction that took effect, or why it did not.
    ///
    /// Errors: why it was refused; `transaction.expired`; `deadline.exceeded` while nothing is known.
    pub fn committed(self) -> Result<Committed, Error> {
        match self {
            Outcome::Committed(committed) => Ok(committed),
            Outcome::Rejected(rejected) => Err(rejected.error),
            Outcome::Expired(expired) => Err(expired.error()),
            Outcome::Unknown(unknown) => Err(unknown.error()),
        }
    }

    /// What happened, in order; nothing when it was refused.
    pub fn events(&self) -> &[Event] {
        match self {
            Outcome::Committed(committed) => &committed.events,
            Outcome::Rejected(_) | Outcome::Expired(_) | Outcome::Unknown(_) => &[],
        }
    }

    /// What happened, in order, each with the rule that it follows.
    pub fn event_records(&self) -> Vec<EventRecord> {
        event_records(self.events())
    }

    /// What it is, in one word: `committed`, `rejected`, `expired` or `unknown`.
    pub fn kind(&self) -> &'static str {
        match self {
            Outcome::Committed(_) => "committed",
            Outcome::Rejected(_) => "rejected",
            Outcome::Expired(_) => "expired",
            Outcome::Unknown(_) => "unknown",
        }
    }

    /// The receipt of a transaction that stands in a block, whichever way it went.
    pub fn receipt(&self) -> Option<&Receipt> {
        match self {
            Outcome::Committed(committed) => Some(&committed.receipt),
            Outcome::Rejected(rejected) => Some(&rejected.receipt),
            Outcome::Expired(_) | Outcome::Unknown(_) => None,
        }
    }

    /// The transaction's id.
    pub fn transaction(&self) -> Hash {
        match self {
            Outcome::Committed(committed) => committed.transaction,
            Outcome::Rejected(rejected) => rejected.transaction,
            Outcome::Expired(expired) => expired.transaction,
            Outcome::Unknown(unknown) => unknown.transaction(),
        }
    }

    /// What a receipt proves.
    ///
    /// Errors: `receipt.*`.
    pub(crate) fn proven(receipt: Receipt, trust: &Trust) -> Result<Outcome, Error> {
        let proven = receipt.verify(trust)?;
        Ok(Outcome::of(receipt, proven))
    }

    fn of(receipt: Receipt, proven: Proven) -> Outcome {
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

/// What became of a transaction that stands in a block, as every language sees it, beside its receipt.
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
    /// Every rule of trade that was asked, in order. After one that is violated none is asked.
    pub findings: Vec<RuleFinding>,
}

/// A transaction that never takes effect, as every language sees it, beside the proof.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExpiredRecord {
    /// The transaction's id.
    pub transaction: Hash,
    /// Who submitted it.
    pub party: PartyId,
    /// Its idempotency key.
    pub key: IdempotencyKey,
    /// Until when it could have come into a block.
    pub valid_until: Timestamp,
    /// The height of a block that is past that time, with all below it executed.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
    /// `transaction.expired`, as who needs the effect gets it.
    pub error: ErrorRecord,
}

/// A transaction of which nothing is known yet, as every language sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnknownRecord {
    /// The transaction's id.
    pub transaction: Hash,
    /// Who submitted it.
    pub party: PartyId,
    /// Its idempotency key.
    pub key: IdempotencyKey,
    /// Until when it can come into a block.
    pub valid_until: Timestamp,
    /// `deadline.exceeded`, as who needs the effect gets it.
    pub error: ErrorRecord,
}

impl From<&Expired> for ExpiredRecord {
    fn from(expired: &Expired) -> Self {
        let Expired { transaction, ref party, key, valid_until, height, time, .. } = *expired;
        let error = ErrorRecord::from(&expired.error());
        ExpiredRecord { transaction, party: party.clone(), key, valid_until, height, time, error }
    }
}

impl From<&Unknown> for UnknownRecord {
    fn from(unknown: &Unknown) -> Self {
        let Intent { id: transaction, ref party, key, valid_until, .. } = *unknown.intent;
        let error = ErrorRecord::from(&unknown.error());
        UnknownRecord { transaction, party: party.clone(), key, valid_until, error }
    }
}

impl OutcomeRecord {
    /// The record of a transaction that stands in a block.
    ///
    /// Errors: `transaction.expired`, `deadline.exceeded` of one that does not.
    pub fn of(outcome: &Outcome) -> Result<Self, Error> {
        let record = OutcomeRecord::without_events(outcome)?;
        Ok(OutcomeRecord { events: outcome.event_records(), ..record })
    }

    /// The record without what happened, which can be thousands of events: for whoever asks for them later.
    ///
    /// Errors: as of [`OutcomeRecord::of`].
    pub fn without_events(outcome: &Outcome) -> Result<Self, Error> {
        let (transaction, height, time, error) = match outcome {
            Outcome::Committed(Committed { transaction, height, time, .. }) => {
                (*transaction, *height, *time, None)
            }
            Outcome::Rejected(Rejected { transaction, height, time, error, .. }) => {
                (*transaction, *height, *time, Some(ErrorRecord::from(error)))
            }
            Outcome::Expired(expired) => return Err(expired.error()),
            Outcome::Unknown(unknown) => return Err(unknown.error()),
        };
        let committed = error.is_none();
        Ok(OutcomeRecord { transaction, height, time, committed, events: Vec::new(), error })
    }
}

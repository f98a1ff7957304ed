//! What a client and a validator say to each other: routes, requests and responses, and no behaviour.
//!
//! | route | request | response |
//! |---|---|---|
//! | `GET` [`STATUS`] | | [`NodeStatus`] as JSON |
//! | `GET` [`GENESIS`] | | the genesis as JSON |
//! | `POST` [`TRANSACTIONS`] | a signed transaction, its canonical bytes; [`TRACEPARENT`] | [`Accepted`] as JSON |
//! | `POST` [`BATCHES`] | [`Handed`], the canonical bytes of the list | an [`Answered`] for each, as JSON |
//! | `GET` [`METRICS`] | | what the validator counts, as Prometheus reads it |
//! | `GET` [`BLOCKS`] | [`BlocksQuery`] | [`FinalBlock`]s, the canonical bytes of their list |
//! | `GET` [`READY`] | | [`NodeReady`] as JSON, or a [`Problem`] with 503 |
//! | `GET` [`TRANSACTION`] | | the receipt, its bytes; 202 with [`Waiting`] as JSON; 404 |
//! | `GET` [`OUTCOME`] | | the same, by the author's idempotency key |
//! | `GET` [`STATE`] | | a receipt of what the newest certified state has under a key, its bytes |
//! | `GET` [`HEADERS`] | [`HeadersQuery`] | [`LightHeader`](allonge_ledger::LightHeader)s, the canonical bytes of their list |
//! | `GET` [`SNAPSHOT`] | | the snapshot with which the validator itself begins, the bytes of its file |
//! | `GET` [`EVENTS`] | [`EventsQuery`], [`LAST_EVENT_ID`] | one server-sent event a block |
//!
//! Whatever fails is answered with a [`Problem`] as JSON.

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{Certificate, Detail, Entry, Error, Header};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

mod trace;

pub use trace::{TRACEPARENT, TraceParent};

/// Where a validator stands.
pub const STATUS: &str = "/v1/status";
/// What the network agreed on before its first block.
pub const GENESIS: &str = "/v1/genesis";
/// Where transactions are submitted.
pub const TRANSACTIONS: &str = "/v1/transactions";
/// Where many are submitted at once.
pub const BATCHES: &str = "/v1/batches";
/// What a validator counts.
pub const METRICS: &str = "/metrics";
/// Final blocks, from a height on.
pub const BLOCKS: &str = "/v1/blocks";

/// Whether a validator can be relied on now.
pub const READY: &str = "/v1/ready";
/// What became of a transaction, by its id.
pub const TRANSACTION: &str = "/v1/transactions/{id}";
/// What became of a submission, by its author and idempotency key.
pub const OUTCOME: &str = "/v1/outcomes/{author}/{key}";
/// A record of the state with its proof, by its key: the kind and the id, as hexadecimal digits.
pub const STATE: &str = "/v1/state/{key}";
/// Headers with their certificates, from a height on.
pub const HEADERS: &str = "/v1/headers";
/// What a copy begins at that is behind all blocks that a validator keeps.
pub const SNAPSHOT: &str = "/v1/snapshot";
/// Blocks as server-sent events.
pub const EVENTS: &str = "/v1/events";
/// The header in which whoever listens to [`EVENTS`] again says the last height that it saw.
pub const LAST_EVENT_ID: &str = "last-event-id";

/// The head of a request has at most this many bytes.
pub const MAX_HEAD_BYTES: usize = 16 << 10;
/// A request has at most this many headers.
pub const MAX_HEADERS_OF_REQUEST: usize = 64;
/// An answer has at most this many headers of blocks, but for those that lead to one that is certified.
pub const MAX_HEADERS: usize = 1_024;
/// An answer has never more.
pub const MAX_UNCERTIFIED_HEADERS: usize = 4_096;
/// A validator is behind when its newest block is older, in milliseconds.
pub const MAX_BEHIND_MS: i64 = 10_000;
/// A stream without events has a comment after so many milliseconds.
pub const EVENTS_KEEP_ALIVE_MS: u64 = 15_000;

/// The key of a record has at most this many bytes.
pub const MAX_KEY_BYTES: usize = 256;
/// A batch has at most this many transactions.
pub const MAX_BATCH: usize = 1_024;
/// It has at most this many bytes.
pub const MAX_BATCH_BYTES: usize = 1 << 20;

/// An answer has at most this many blocks.
pub const MAX_BLOCKS: usize = 256;
/// An answer stops after this many bytes of blocks; it has one at least.
pub const MAX_BLOCKS_BYTES: usize = 4 << 20;
/// It goes on to the next block that is certified, until it has this many bytes of blocks.
pub const MAX_UNCERTIFIED_BYTES: usize = 64 << 20;
/// No answer is longer: one block more of the largest size, and what stands beside it.
pub const MAX_ANSWER_BYTES: usize = MAX_UNCERTIFIED_BYTES + (17 << 20);
/// A request for blocks that are not there yet waits at most this long, in milliseconds.
pub const MAX_WAIT_MS: u64 = 20_000;

/// Where a validator stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStatus {
    /// The network's id.
    pub network: Hash,
    /// The height of the newest block that was executed.
    pub height: u64,
    /// Its time.
    pub time: Timestamp,
    /// The version of the software.
    pub version: String,
}

/// A validator that can be relied on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeReady {
    /// The height of the newest block that was executed.
    pub height: u64,
    /// How old it is by the validator's clock, in milliseconds.
    pub behind_ms: i64,
}

/// A transaction of which no certified header says yet what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its id.
    pub transaction: Hash,
    /// Whether it is in a block already.
    pub ordered: bool,
}

/// Which headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadersQuery {
    /// Those above this height.
    pub after: u64,
}

/// Which blocks to hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// Those above this height; only new ones if it is not said.
    #[serde(default)]
    pub after: Option<u64>,
}

/// A transaction of a batch.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Handed {
    /// The bytes of the signed transaction.
    pub signed: Vec<u8>,
    /// The trace that its submission is part of.
    pub trace: Option<TraceParent>,
}

/// A transaction that was taken: it will be ordered, unless this validator fails before it passed it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its id.
    pub transaction: Hash,
}

/// What a validator said to one transaction of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// It was taken.
    Accepted(Accepted),
    /// It was refused.
    Refused(Problem),
}

/// Which blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlocksQuery {
    /// Those above this height.
    pub after: u64,
    /// If there is none yet, wait for one, for so many milliseconds at most.
    #[serde(default)]
    pub wait_ms: u64,
}

/// A final block as it was ordered. What it came to, whoever reads it finds out.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct FinalBlock {
    /// The header.
    pub header: Header,
    /// What makes it final; nothing where the certificate of a later block does.
    pub certificate: Option<Certificate>,
    /// The bytes of the signed transactions.
    pub transactions: Vec<Vec<u8>>,
}

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The stable code of the registry.
    pub code: String,
    /// What happened, for people.
    pub message: String,
    /// Which operation was refused, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<u16>,
    /// The particulars.
    #[serde(default)]
    pub details: Vec<Detail>,
}

impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        Problem {
            code: error.code().to_owned(),
            message: error.to_string(),
            operation: error.operation(),
            details: error.details().to_vec(),
        }
    }
}

impl Problem {
    /// The error, given the row of the registry that its code names.
    pub fn into_error(self, entry: &'static Entry) -> Error {
        Error::from_parts(entry, self.details, self.operation)
    }
}

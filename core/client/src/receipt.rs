//! Receipts of trade-finance ledgers.

use std::path::Path;
use std::sync::Arc;

use allonge_crypto::{Hash, PublicKey};
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{Clock, Error, Genesis, Verdict};
use allonge_trade::{TradeEvent, TradeOperation};
use serde::Serialize;

use crate::records::{EventRecord, Operation, event_records};
use crate::registry::{ErrorRecord, file_failed, refusal_to_error};

/// What a receipt has proved, in full.
pub type Proven = allonge_ledger::Proven<TradeOperation, TradeEvent>;

/// A genesis to verify receipts against.
#[derive(Clone, Debug)]
pub struct Trust(allonge_ledger::Trust);

impl Trust {
    /// Trusts a genesis.
    pub fn new(genesis: Genesis) -> Self {
        Trust(allonge_ledger::Trust::new(genesis))
    }

    /// Trusts the genesis of a file, `genesis.json`.
    ///
    /// Errors: `input.invalid`.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        crate::records::from_json::<Genesis>(json, "genesis").map(Trust::new)
    }

    /// Trusts the genesis of a file.
    ///
    /// Errors: `file.io`, `input.invalid`.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let json = std::fs::read_to_string(path).map_err(|error| file_failed(path, "read", error))?;
        Self::from_json(&json)
    }

    /// The genesis as a file for people, which [`Trust::from_json`] reads.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self.genesis()).unwrap_or_default()
    }

    /// The genesis.
    pub fn genesis(&self) -> &Genesis {
        self.0.genesis()
    }

    pub(crate) fn ledger(&self) -> &allonge_ledger::Trust {
        &self.0
    }

    /// The network's id: pin this.
    pub fn network(&self) -> Hash {
        self.0.network()
    }
}

/// One self-contained file that proves a transaction and its result from nothing but the genesis. Clones share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt(Arc<allonge_ledger::Receipt>);

impl Receipt {
    pub(crate) fn new(receipt: allonge_ledger::Receipt) -> Self {
        Receipt(Arc::new(receipt))
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    /// Reads a receipt. What it says is proved only by [`Receipt::verify`].
    ///
    /// Errors: `receipt.malformed`, `receipt.version`.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        allonge_ledger::Receipt::from_bytes(bytes).map(Receipt::new)
    }

    /// Reads a receipt from a file.
    ///
    /// Errors: `file.io`, `receipt.malformed`, `receipt.version`.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| file_failed(path, "read", error))?;
        Self::from_bytes(&bytes)
    }

    /// Writes the receipt to a file.
    ///
    /// Errors: `file.io`.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        std::fs::write(path, self.to_bytes()).map_err(|error| file_failed(path, "written", error))
    }

    /// Proves the transaction and its result from the genesis alone, with no node and no network.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub fn verify(&self, trust: &Trust) -> Result<Proven, Error> {
        self.0.verify(&trust.0)
    }

    /// Proves the transaction and its result, and says what they were.
    ///
    /// Errors: `receipt.wrong_network`, `receipt.invalid`.
    pub fn verified(&self, trust: &Trust) -> Result<VerifiedReceipt, Error> {
        self.verify(trust).map(|proven| VerifiedReceipt::new(trust, proven))
    }
}

/// What a receipt has proved, for people.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifiedReceipt {
    /// The network's id.
    pub network: Hash,
    /// What people call the network.
    pub network_name: String,
    /// Where block time comes from; on a manual clock it proves no time of day.
    pub clock: Clock,
    /// The transaction's id.
    pub transaction: Hash,
    /// The party that submitted it.
    pub author: PartyId,
    /// The keys that signed it.
    pub keys: Vec<PublicKey>,
    /// The height of its block.
    pub height: u64,
    /// The time of its block.
    pub time: Timestamp,
    /// The root of the state that its block led to.
    pub state_root: Hash,
    /// What was to be done.
    pub operations: Vec<Operation>,
    /// Whether it took effect.
    pub committed: bool,
    /// What happened; nothing when it was refused.
    pub events: Vec<EventRecord>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
}

impl VerifiedReceipt {
    fn new(trust: &Trust, proven: Proven) -> Self {
        let (committed, events, error) = split_verdict(&proven.result.verdict);
        VerifiedReceipt {
            network: trust.network(),
            network_name: trust.genesis().name.clone(),
            clock: trust.genesis().clock,
            transaction: proven.id,
            author: proven.transaction.author,
            keys: proven.keys,
            height: proven.height,
            time: proven.time,
            state_root: proven.state_root,
            operations: proven.transaction.operations,
            committed,
            events,
            error,
        }
    }
}

/// A verdict as records show it: whether it took effect, what happened, and why not.
pub(crate) fn split_verdict(verdict: &Verdict<TradeEvent>) -> (bool, Vec<EventRecord>, Option<ErrorRecord>) {
    match verdict {
        Verdict::Committed { events } => (true, event_records(events), None),
        Verdict::Rejected { refusal } => {
            (false, Vec::new(), Some(ErrorRecord::from(&refusal_to_error(refusal))))
        }
    }
}

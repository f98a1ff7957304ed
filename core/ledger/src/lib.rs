//! A double-entry ledger that proves what it says.
//!
//! Parties submit signed transactions; each either takes effect as a whole or leaves only its refusal.
//! Blocks order them, a certificate makes a block final, and a receipt proves one transaction and its
//! result from nothing but the genesis. What the operations mean is the business of [`Rules`].
//!
//! | to | use |
//! |---|---|
//! | build and sign a transaction | [`Transaction`], [`SignedTransaction`] |
//! | keep a ledger in a directory | [`Embedded`] |
//! | check a receipt offline | [`Receipt::verify`] with a [`Trust`] |
//! | write rules | [`Rules`], [`Context`], [`registry!`] |

mod account;
mod block;
mod certificate;
mod embedded;
mod error;
mod execution;
mod genesis;
mod log;
mod operation;
mod party;
mod receipt;
pub mod registry;
mod rules;
mod state;
mod store;
mod transaction;
mod tree;

pub use account::{Account, AccountId, ParseAccountIdError};
pub use block::{Executed, HEADER_VERSION, Header, MAX_BLOCK_BYTES, Refusal, TransactionResult, Verdict};
pub use certificate::{
    Certificate, CertificateError, MAX_VALIDATORS, Proposal, Roster, RosterError, ValidatorKey, Vote,
    certificate_namespace,
};
pub use embedded::{Block, Embedded, Receipts};
pub use error::{Actor, Detail, Entry, Error, Phase};
pub use execution::{Answer, Execution, MAX_RESULT_BYTES};
pub use genesis::{Authorities, Clock, GENESIS_VERSION, Genesis, GenesisParty, SettlementAgent};
pub use operation::{Event, LedgerEvent, LedgerOperation, Operation};
pub use party::{Party, PartyKey};
pub use receipt::{MAX_RECEIPT_BYTES, Proven, RECEIPT_MAGIC, RECEIPT_VERSION_1, Receipt, Trust};
pub use rules::{BlockContext, Context, Record, Rules};
pub use state::{
    Changes, MemoryState, StateReader, Stored, canonical, decode_record, from_canonical, read_record,
};
pub use store::Position;
pub use transaction::{
    Approval, IdempotencyKey, MAX_APPROVALS, MAX_OPERATIONS, MAX_TRANSACTION_BYTES, MAX_VALIDITY_MS,
    ParseIdempotencyKeyError, SignedTransaction, Transaction, approval_message, transaction_id,
};
pub use tree::{StateProof, StateProofError, StateTree};

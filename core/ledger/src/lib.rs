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
mod account_table;
mod answer_receipt;
mod answers;
mod audit;
mod block;
mod certificate;
mod chain;
mod disk;
mod embedded;
mod entries;
mod envelope;
mod epoch;
mod error;
mod execution;
mod explain;
mod findings;
mod generations;
mod genesis;
mod handover;
mod history;
mod history_receipt;
mod hold;
mod identifier;
mod index;
mod layer;
mod light;
mod log;
mod machine;
mod operation;
mod party;
mod past;
mod policy;
mod proposal;
mod query;
mod receipt;
mod recovery;
pub mod registry;
mod replica;
mod reversal;
mod rules;
mod snapshot;
mod state;
mod state_receipt;
mod statement;
mod store;
mod superseded;
mod transaction;
mod tree;
mod upgrade;
mod verification;
mod workers;

pub use account::{Account, AccountId, ParseAccountIdError, Side};
pub use answer_receipt::{
    ANSWER_RECEIPT_MAGIC, ANSWER_RECEIPT_VERSION_1, AnswerReceipt, MAX_ANSWER_RECEIPT_BYTES, ProvenAnswer,
};
pub use answers::{Answer, AnswerProof, Answers, Bucket, BucketRoot};
pub use audit::{Backup, Replayed, replay_log, replay_log_of, restore_log};
pub use block::{Executed, HEADER_VERSION, Header, MAX_BLOCK_BYTES, Refusal, TransactionResult, Verdict};
pub use certificate::{
    Certificate, CertificateError, MAX_VALIDATORS, Proposal, Roster, RosterError, ValidatorKey, Vote,
    certificate_namespace,
};
pub use chain::{MAX_LAG, Tip};
pub use disk::{Disk, DiskFile, RealDisk};
pub use embedded::{Block, Embedded, Preview, Receipts};
pub use epoch::{
    Epoch, Epochs, HANDOVER_BLOCKS, MAX_APPROVAL_DAYS, MAX_EPOCHS, RosterProposal, RosterProposals,
    roster_approval_message,
};
pub use error::{Actor, Detail, Entry, Error, Phase, Says};
pub use execution::{Effects, Execution, MAX_RESULT_BYTES};
pub use explain::Explanation;
pub use findings::{Finding, Findings};
pub use genesis::{Authorities, Clock, GENESIS_VERSION, Genesis, GenesisParty, SettlementAgent};
pub use handover::Handover;
pub use history::{HistoryError, HistoryProof};
pub use history_receipt::{
    HISTORY_RECEIPT_MAGIC, HISTORY_RECEIPT_VERSION_1, HistoryReceipt, MAX_HISTORY_RECEIPT_BYTES,
};
pub use hold::{
    Against, Hold, HoldId, HoldState, HoldTerms, MAX_HOLD_DAYS, MAX_HOLD_NUMBER, ParseHoldIdError,
};
pub use identifier::is_swift_number;
pub use index::{IndexTerms, Indexed, index_terms};
pub use light::{LightClient, LightHeader, MAX_HEADERS, MAX_HEADERS_BYTES};
pub use machine::RECENT_HEIGHTS;
pub use operation::{Event, LedgerEvent, LedgerOperation, MAX_REFERENCE, Operation};
pub use party::{Party, PartyKey, Role};
pub use past::{PastResult, ResultReader};
pub use policy::{Amount, Governed, MAX_POLICY_RULES, Policy, PolicyRule, Requirement};
pub use proposal::{
    MAX_PROPOSAL_BYTES, MAX_PROPOSAL_DAYS, MAX_PROPOSAL_NUMBER, ParseProposalIdError, PartyProposal,
    ProposalApproval, ProposalId, ProposalOperation, ProposalState, ProposalStatus, operations_hash,
};
pub use query::{Filter, Page, Paging, TransactionEntry, TransactionFilter};
pub use receipt::{MAX_RECEIPT_BYTES, Proven, RECEIPT_MAGIC, RECEIPT_VERSION_1, Receipt, Trust};
pub use replica::Judgement;
pub use reversal::{MAX_REVERSAL_DAYS, Reversal};
pub use rules::{BlockContext, Context, MAX_VALUE_DAYS, Record, Rules};
pub use snapshot::{Restored, SNAPSHOT_MAGIC, Snapshot, SnapshotPieces};
pub use state::{
    Author, Changes, MemoryState, Records, StateReader, Stored, canonical, decode_record, from_canonical,
    read_record,
};
pub use state_receipt::{
    MAX_STATE_RECEIPT_BYTES, ProvenRecord, STATE_RECEIPT_MAGIC, STATE_RECEIPT_VERSION_1, StateReceipt,
};
pub use statement::{AccountEntry, MAX_PAGE, MAX_STATEMENT, Statement};
pub use store::{Position, Settings};
pub use transaction::{
    Approval, IdempotencyKey, MAX_APPROVALS, MAX_OPERATIONS, MAX_TRANSACTION_BYTES, MAX_VALIDITY_MS,
    ParseIdempotencyKeyError, SignedTransaction, Transaction, approval_message, transaction_id,
};
pub use tree::{StateProof, StateProofError, StateTree, StateTreeFull, StateTreeLoader, Undo};
pub use upgrade::{MAX_UPGRADES, RulesSchedule, Upgrade};
pub use verification::{Verified, Verifier};
pub use workers::Workers;

//! Issue, prove and settle trade-finance instruments on a ledger that proves what it says.
//!
//! Open a ledger in a directory, admit a bank, act, and keep the receipt:
//!
//! ```
//! use allonge::{Ledger, LedgerOperation, OpenOptions, Operation, PartyId, Receipt};
//!
//! let directory = tempfile::tempdir()?;
//! let ledger = Ledger::open(directory.path(), OpenOptions::default())?;
//! let bank = ledger.admit(PartyId::parse("SYNBCNBJXXX")?, "Synthetic Bank of China")?;
//!
//! let open = LedgerOperation::OpenAccount { account: "SYNBCNBJXXX/USD/settlement".parse()?, ceiling: None };
//! let opened = bank.submit(vec![Operation::Ledger(open)], Default::default())?.committed()?;
//!
//! // Anybody who has the genesis can check this file, with no node and no network.
//! let file = opened.receipt.to_bytes();
//! let proven = Receipt::from_bytes(&file)?.verify(ledger.trust())?;
//! assert_eq!(proven.transaction.author, *bank.party());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | use |
//! |---|---|
//! | open a ledger | [`Ledger::open`] |
//! | open a ledger on a network | [`Ledger::connect`] |
//! | simulate a network of banks in a test | [`Ledger::simulate`] |
//! | act as a party | [`Session::submit`] with an [`Operation`] |
//! | learn what became of it | [`Outcome`], [`Receipt`] |
//! | check a receipt offline | [`Receipt::verified`] with a [`Trust`] |
//! | sign with several keys at once, or one after the other | [`Ledger::session_of`], [`Session::cosign`] |
//! | let a second person approve | [`ProposalOperation`], [`Ledger::proposals`], [`Policy`] |
//! | find records by party, status and date | [`Ledger::credits`], [`Ledger::claims`], … |
//! | prove a record, or that there is none | [`Ledger::prove`], [`verify_record`] |
//! | know before what would come of it | [`Session::preview`] |
//! | see what an account held and what moved | [`Ledger::balance`], [`Ledger::statement`] |
//! | prove an account, now or lately | [`Ledger::prove_account`], [`Ledger::prove_account_at`], [`verify_account`] |
//! | find out whether the ledger was forked | [`Ledger::checkpoint`], [`Ledger::prove_history`], [`verify_history`] |
//! | prove that a transaction was or never will be taken | [`Ledger::prove_answer`], [`verify_answer`] |
//! | keep a copy, check one, and go back to it | [`Ledger::backup`], [`replay`], [`restore`] |
//! | begin at a height instead of the genesis; keep less | [`Ledger::write_snapshot`], [`restore_snapshot`], [`Ledger::connect_from`], [`prune`] |
//! | check bytes, hashes, signatures and proofs singly | [`evidence`] |
//! | follow what happens | [`Ledger::subscribe`] |
//! | read and write SWIFT messages | [`parse_fin`], [`format_fin`], [`letter_of_credit_from_fin`] |
//! | anchor a document | [`document_digest`] |
//! | find out whether a document is financed already | [`fingerprints`] |
//! | look an error up | [`registry`] |

mod audit;
pub mod calendars;
mod connected;
mod document;
pub mod evidence;
mod explanation;
mod fin;
pub mod fingerprints;
mod history_proof;
mod host;
mod keys;
mod ledger;
#[cfg(feature = "network")]
mod liar;
mod light;
mod office;
mod outcome;
mod positions;
mod process;
mod queries;
mod receipt;
mod record_proof;
pub mod records;
mod registry;
#[cfg(feature = "schema")]
mod schema;
mod session;
mod simulate;
#[cfg_attr(not(feature = "network"), path = "without_engine.rs")]
mod simulated;
mod snapshots;
mod statement;
mod stream;
mod submission;
mod submitted;
#[cfg(feature = "validator")]
mod tokens;
#[cfg(feature = "validator")]
mod validators;
mod wait;
mod watchers;
mod writer;

pub use allonge_crypto::{Hash, PublicKey, Signature, Signer, SignerError, SoftwareSigner};
pub use allonge_finance::{Bic, Calendar, CalendarId, Currency, Date, Money, PartyId, Timestamp, Weekday};
pub use allonge_ledger::{
    Account, AccountEntry, AccountId, Actor, Against, Clock, Detail, Entry, Error, Genesis, Hold, HoldId,
    HoldState, IdempotencyKey, LedgerEvent, LedgerOperation, MAX_PAGE, Page, Party, PartyKey, Phase, Policy,
    PolicyRule, ProposalApproval, ProposalId, ProposalOperation, ProposalState, ProposalStatus, Requirement,
    Reversal, Role, Roster, Side, Statement, TransactionEntry, Verdict, operations_hash,
};
pub use allonge_messages as messages;
pub use allonge_protocol::TraceParent;
pub use allonge_trade as trade;
pub use allonge_trade::{
    Claim, ClaimId, ClaimStatus, CreditId, CreditStatus, LetterOfCredit, Presentation, PresentationId,
    PresentationStatus, TradeEvent, TradeOperation,
};

#[cfg(feature = "validator")]
pub use allonge_network::{ApiLimits, TlsFiles};
pub use audit::{BackupRecord, ReplayRecord, replay, restore};
pub use connected::{ClientIdentity, ConnectOptions};
pub use document::{DocumentDigest, digest_reader, document_digest};
pub use explanation::{Explanation, RuleFinding};
pub use fin::{format_fin, letter_of_credit_from_fin, parse_fin};
pub use history_proof::{Checkpoint, ProvenAnswer, ProvenHistory, verify_answer, verify_history};
pub use ledger::{Ledger, OpenOptions};
pub use light::LightClient;
pub use office::{NextRoster, Validators};
pub use outcome::{
    Committed, Expired, ExpiredRecord, Outcome, OutcomeRecord, Preview, Rejected, Unknown, UnknownRecord,
};
pub use positions::{PositionSide, PositionSum, Positions};
pub use queries::{
    AccountQuery, ClaimQuery, CreditQuery, DEFAULT_PAGE, HoldQuery, PartyQuery, PresentationQuery,
    ProposalQuery, TransactionQuery,
};
pub use receipt::{Proven, Receipt, Trust, VerifiedReceipt};
pub use record_proof::{
    AnyRecord, ProvenRecord, RECORD_KINDS, RECORD_TYPES, RecordId, RecordQuery, RecordReference, RecordType,
    verify_record,
};
pub use records::{Event, EventRecord, LogEntry, Operation, Proposal, Status};
pub use registry::{CLIENT_ERRORS, ErrorRecord, entry, refusal_to_error, registry};
#[cfg(feature = "schema")]
pub use schema::schema;
pub use session::{DEFAULT_DEADLINE_MS, Session, SubmitOptions};
pub use simulate::{Lie, LinkOptions, SimulateOptions, SimulatedNetwork};
pub use snapshots::{KeptRecord, SnapshotRecord, is_snapshot, prune, restore_snapshot};
pub use statement::{Balance, ProvenAccount, statement_csv, verify_account};
pub use stream::Subscription;
pub use submission::{Ordered, Submission};
#[cfg(feature = "validator")]
pub use tokens::TokenKey;
#[cfg(feature = "validator")]
pub use validators::{DevelopmentNetwork, NodeConfig, Peer, Validator, network_genesis};

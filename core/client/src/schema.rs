//! The JSON schema of all records: what the packages of the other languages are generated from.

use allonge_messages::fin::{Fault, FinRecord};
use allonge_messages::mapping::{MappedCredit, MappingOptions, MappingProblem};
use allonge_trade::NextStep;
use schemars::{JsonSchema, Schema, schema_for};

use crate::record_proof::RecordSchemas;
use crate::{
    AccountEntry, AccountQuery, BackupRecord, Balance, Checkpoint, ClaimQuery, CreditQuery, DocumentDigest,
    ErrorRecord, EventRecord, ExpiredRecord, Explanation, Genesis, HoldQuery, LogEntry, Operation, Ordered,
    OutcomeRecord, PartyQuery, PresentationQuery, Preview, ProposalQuery, ProvenAccount, ProvenAnswer,
    ProvenHistory, RecordQuery, ReplayRecord, Statement, Status, TransactionEntry, TransactionQuery,
    UnknownRecord, Validators, VerifiedReceipt,
};

/// Every record that crosses the border to another language.
#[derive(JsonSchema)]
#[allow(dead_code)]
struct Records {
    operation: Operation,
    event: EventRecord,
    outcome: OutcomeRecord,
    expired: ExpiredRecord,
    unknown: UnknownRecord,
    ordered: Ordered,
    preview: Preview,
    balance: Balance,
    account_entry: AccountEntry,
    statement: Statement,
    proven_account: ProvenAccount,
    proven_answer: ProvenAnswer,
    checkpoint: Checkpoint,
    proven_history: ProvenHistory,
    backup: BackupRecord,
    replay: ReplayRecord,
    error: ErrorRecord,
    log_entry: LogEntry,
    status: Status,
    validators: Validators,
    verified_receipt: VerifiedReceipt,
    #[schemars(flatten)]
    kinds: RecordSchemas,
    next_step: NextStep,
    explanation: Explanation,
    record_query: RecordQuery,
    genesis: Genesis,
    credit_query: CreditQuery,
    presentation_query: PresentationQuery,
    claim_query: ClaimQuery,
    hold_query: HoldQuery,
    proposal_query: ProposalQuery,
    account_query: AccountQuery,
    party_query: PartyQuery,
    transaction_query: TransactionQuery,
    transaction_entry: TransactionEntry,
    document_digest: DocumentDigest,
    fin_message: FinRecord,
    fin_fault: Fault,
    mapped_credit: MappedCredit,
    mapping_options: MappingOptions,
    mapping_problem: MappingProblem,
}

/// The schema: one definition for each record under `$defs`.
pub fn schema() -> Schema {
    schema_for!(Records)
}

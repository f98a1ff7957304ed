//! Evidence, piece by piece: what an auditor checks who has bytes, hashes and proofs rather than a receipt.
//!
//! Pure functions, with no ledger, no file and no network. `docs/format.md` says what the bytes are.
//!
//! ```
//! use allonge::evidence;
//! use serde_json::json;
//!
//! let account = json!({
//!     "id": "SYNBCNBJXXX/USD/settlement",
//!     "side": "asset",
//!     "balance": { "amount": "1250000.00", "currency": "USD" },
//!     "held": { "amount": "0.00", "currency": "USD" },
//!     "entries": 1,
//! });
//! let key = evidence::state_key("account", account["id"].clone())?;
//! let value = evidence::canonical_bytes("account", account)?;
//!
//! // The state of this one record, and the proof of it: no neighbours, and the record itself at the end.
//! let root = evidence::state_root([(key.clone(), value.clone())])?;
//! evidence::verify_state_proof(&root, &key, Some(&value), &[0, 0, 0])?;
//! let another = evidence::verify_state_proof(&root, &key, Some(b"another value"), &[0, 0, 0]);
//! assert!(another.is_err_and(|error| error.code() == "evidence.invalid"));
//! # Ok::<(), allonge::Error>(())
//! ```

use allonge_crypto::{Hash, HashSuite, PublicKey, Signature, merkle};
use allonge_finance::{
    Bic, Calendar, CalendarId, Cnaps, CountryCode, Currency, Date, Iban, Lei, Money, PartyId, Timestamp, Uscc,
};
use allonge_ledger::registry::KEY_REFUSED;
use allonge_ledger::{
    Account, AccountId, Answer, Approval, Authorities, BucketRoot, Certificate, Epoch, Error, Genesis,
    Header, Hold, HoldId, IdempotencyKey, Party, Policy, ProposalId, Record, Reversal, Roster,
    RosterProposals, RulesSchedule, SignedTransaction, StateProof, StateTree, Stored, Transaction,
    TransactionResult, Workers, canonical, certificate_namespace, from_canonical,
};
use allonge_trade::{Claim, LetterOfCredit, Presentation, TradeEvent, TradeOperation};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::records::{Event, Operation, Proposal, from_value, invalid, operations_from_value};
use crate::registry::{EVIDENCE_INVALID, EVIDENCE_MALFORMED, INTERNAL};

/// The only suite so far; the genesis of every network names it.
const SUITE: HashSuite = HashSuite::Sha256;
/// A tag is hashed behind its length, which is one byte.
const MAX_TAG: usize = 255;

/// The canonical bytes of a record, given as JSON: what is hashed and signed.
///
/// `docs/format.md` lists the kinds. What only a ledger writes is read by [`from_canonical_bytes`] and never made
/// here: `event`, `result`, `header`, `answer`, `bucket`, `rules_schedule`, `proposal`.
///
/// Errors: `input.invalid`, which says where and why; `transaction.*` for transactions.
pub fn canonical_bytes(kind: &str, record: Value) -> Result<Vec<u8>, Error> {
    match kind_named(kind)?.write {
        Some(write) => write(kind, record),
        None => Err(invalid("kind", "", "it is made by a ledger alone; read its bytes")),
    }
}

/// The record that canonical bytes say, as JSON. Bytes that say it in another way are refused.
///
/// Errors: `input.invalid` for the kind; `evidence.malformed`; `transaction.*` for transactions.
pub fn from_canonical_bytes(kind: &str, bytes: &[u8]) -> Result<Value, Error> {
    let Kind { name, read, .. } = kind_named(kind)?;
    read(name, bytes)
}

/// The key under which the state has a record of `kind`, a record of the state, with this id as JSON:
/// `"SYNBCNBJXXX"` of a party, `null` of the authorities and of the schedule of the rules, a list of party and idempotency
/// key of an answer, the hours since 1970 of a bucket.
///
/// Errors: `input.invalid`.
pub fn state_key(kind: &str, id: Value) -> Result<Vec<u8>, Error> {
    match kind_named(kind)?.key {
        Some(key) => key(id),
        None => Err(invalid("kind", "", "it is no record of the state")),
    }
}

/// The hash of bytes for one purpose, which the tag says: the id of a transaction is that of its body for
/// `allonge/transaction/1`.
///
/// Errors: `input.invalid` for a tag of more than 255 bytes.
pub fn tagged_hash(tag: &str, bytes: &[u8]) -> Result<Hash, Error> {
    if tag.len() > MAX_TAG {
        return Err(invalid("tag", "", "it has more than 255 bytes"));
    }
    Ok(SUITE.hash(tag, bytes))
}

/// The Merkle root of a list (RFC 6962, section 2.1).
///
/// What stands in a header is mostly a list root: the hash tagged `allonge/list/1` of the number of items, four
/// bytes, the lowest first, and this root.
pub fn merkle_root<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> Hash {
    let leaves: Vec<Hash> = items.into_iter().map(|item| merkle::leaf(SUITE, item.as_ref())).collect();
    merkle::root(SUITE, &leaves)
}

/// Checks that `item` stands at `index`, from 0, of the list of `size` items with this Merkle root. `path` has
/// the neighbouring subtrees, from the item up.
///
/// Errors: `evidence.invalid`.
pub fn verify_inclusion(root: &Hash, item: &[u8], index: u32, size: u32, path: &[Hash]) -> Result<(), Error> {
    let proof = merkle::InclusionProof { index, size, path: path.to_vec() };
    if proof.root(SUITE, merkle::leaf(SUITE, item)) == Some(*root) {
        Ok(())
    } else {
        Err(EVIDENCE_INVALID.error().with("what", "proof_of_inclusion"))
    }
}

/// The root of the state that has these records, each a key with its value. Of equal keys the last counts.
///
/// Errors: `input.invalid` for more records than a tree holds.
pub fn state_root(records: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> Result<Hash, Error> {
    let mut tree = StateTree::new(SUITE);
    tree.update(&Workers::none(), records)
        .map_err(|source| invalid("records", "", source).because(source))?;
    Ok(tree.root())
}

/// Checks that the state with this root has `value` under `key`, or with `None` that it has nothing there.
///
/// Errors: `evidence.malformed`, `evidence.invalid`.
pub fn verify_state_proof(root: &Hash, key: &[u8], value: Option<&[u8]>, proof: &[u8]) -> Result<(), Error> {
    let proof: StateProof = strictly("state_proof", proof)?;
    proof.verify(SUITE, root, key, value).map_err(|source| does_not_hold("state_proof", source))
}

/// Checks that a key may be registered: that it is canonical and of the prime-order subgroup.
///
/// Errors: `key.refused`.
pub fn vet_key(key: &PublicKey) -> Result<(), Error> {
    key.vet().map_err(|source| KEY_REFUSED.error().with("key", key).with("reason", source).because(source))
}

/// Checks a signature of a message, as the ledger does: by ZIP-215. It says nothing of a key that
/// [`vet_key`] refuses.
///
/// Errors: `evidence.invalid`.
pub fn verify_signature(key: &PublicKey, message: &[u8], signature: &Signature) -> Result<(), Error> {
    key.verify(message, signature).map_err(|source| does_not_hold("signature", source))
}

/// Checks that a quorum of the validators of a network made the header with this digest final.
///
/// Errors: `evidence.malformed`, `evidence.invalid`.
pub fn verify_certificate(
    network: &Hash,
    roster: &Roster,
    header: &Hash,
    certificate: &[u8],
) -> Result<(), Error> {
    let certificate = Certificate::decode(certificate, roster.len())
        .map_err(|source| malformed("certificate", source).because(source))?;
    if certificate.proposal().payload() != header {
        return Err(EVIDENCE_INVALID.error().with("what", "certificate_of_this_header"));
    }
    certificate
        .verify(&certificate_namespace(network), roster)
        .map_err(|source| does_not_hold("certificate", source))
}

fn does_not_hold(what: &'static str, source: impl std::error::Error + Send + Sync + 'static) -> Error {
    EVIDENCE_INVALID.error().with("what", what).because(source)
}

fn malformed(what: &str, reason: impl std::fmt::Display) -> Error {
    EVIDENCE_MALFORMED.error().with("what", what).with("reason", reason)
}

type Read = fn(&str, &[u8]) -> Result<Value, Error>;
type Write = fn(&str, Value) -> Result<Vec<u8>, Error>;
type Key = fn(Value) -> Result<Vec<u8>, Error>;

/// What is read and written under one name.
struct Kind {
    name: &'static str,
    read: Read,
    write: Option<Write>,
    key: Option<Key>,
}

static KINDS: &[Kind] = &[
    record::<Money>("money"),
    record::<Currency>("currency"),
    record::<Date>("date"),
    record::<Timestamp>("timestamp"),
    record::<Bic>("bic"),
    record::<Lei>("lei"),
    record::<Iban>("iban"),
    record::<Cnaps>("cnaps"),
    record::<Uscc>("uscc"),
    record::<CountryCode>("country"),
    record::<PartyId>("party_id"),
    record::<AccountId>("account_id"),
    record::<HoldId>("hold_id"),
    record::<ProposalId>("proposal_id"),
    record::<CalendarId>("calendar_id"),
    record::<IdempotencyKey>("idempotency_key"),
    record::<PublicKey>("public_key"),
    record::<Signature>("signature"),
    record::<Hash>("hash"),
    stored::<Party>("party"),
    stored::<Account>("account"),
    stored::<Hold>("hold"),
    stored::<Policy>("policy"),
    Kind { name: "proposal", read: read::<Proposal>, write: None, key: Some(key::<Proposal>) },
    stored::<Calendar>("calendar"),
    stored::<Authorities>("authorities"),
    stored::<Reversal>("reversal"),
    stored::<Epoch>("epoch"),
    stored::<RosterProposals>("roster_proposals"),
    stored::<LetterOfCredit>("letter_of_credit"),
    stored::<Presentation>("presentation"),
    stored::<Claim>("claim"),
    Kind { name: "answer", read: read_answer, write: None, key: Some(key::<Answer>) },
    Kind { name: "bucket", read: read::<BucketRoot>, write: None, key: Some(key::<BucketRoot>) },
    Kind {
        name: "rules_schedule",
        read: read::<RulesSchedule>,
        write: None,
        key: Some(key::<RulesSchedule>),
    },
    record::<Genesis>("genesis"),
    record::<Roster>("roster"),
    Kind { name: "operation", read: read::<Operation>, write: Some(write_operation), key: None },
    Kind { name: "event", read: read::<Event>, write: None, key: None },
    Kind { name: "result", read: read::<TransactionResult<TradeEvent>>, write: None, key: None },
    Kind { name: "header", read: read::<Header>, write: None, key: None },
    Kind { name: "transaction", read: read_transaction, write: Some(write_transaction), key: None },
    Kind { name: "signed_transaction", read: read_signed, write: Some(write_signed), key: None },
];

const fn record<T: Record>(name: &'static str) -> Kind {
    Kind { name, read: read::<T>, write: Some(write::<T>), key: None }
}

const fn stored<T: Record + Stored<Id: DeserializeOwned>>(name: &'static str) -> Kind {
    Kind { name, read: read::<T>, write: Some(write::<T>), key: Some(key::<T>) }
}

fn kind_named(name: &str) -> Result<&'static Kind, Error> {
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| {
        let known: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
        invalid("kind", "", format_args!("{name:?} is none of {}", known.join(", ")))
    })
}

fn strictly<T: BorshSerialize + BorshDeserialize>(what: &str, bytes: &[u8]) -> Result<T, Error> {
    from_canonical(bytes).map_err(|source| malformed(what, &source).because(source))
}

fn as_json(record: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(record).map_err(|error| INTERNAL.error().with("reason", &error).because(error))
}

fn read<T: BorshSerialize + BorshDeserialize + Serialize>(what: &str, bytes: &[u8]) -> Result<Value, Error> {
    as_json(&strictly::<T>(what, bytes)?)
}

fn write<T: BorshSerialize + DeserializeOwned>(what: &str, record: Value) -> Result<Vec<u8>, Error> {
    Ok(canonical(&from_value::<T>(record, what)?))
}

fn key<T: Stored<Id: DeserializeOwned>>(id: Value) -> Result<Vec<u8>, Error> {
    Ok(T::key(&from_value(id, "id")?))
}

fn write_operation(what: &str, record: Value) -> Result<Vec<u8>, Error> {
    match operations_from_value(record)?.as_slice() {
        [operation] => Ok(canonical(operation)),
        _ => Err(invalid(what, "", "one is expected, not a list")),
    }
}

fn read_answer(what: &str, bytes: &[u8]) -> Result<Value, Error> {
    let Answer { transaction, operations } = strictly(what, bytes)?;
    Ok(json!({ "transaction": transaction, "operations": operations }))
}

/// A transaction as people read it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TransactionRecord {
    network: Hash,
    author: PartyId,
    key: IdempotencyKey,
    valid_until: Timestamp,
    #[serde(deserialize_with = "operations")]
    operations: Vec<Operation>,
}

fn operations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Operation>, D::Error> {
    let operations = Vec::<Value>::deserialize(deserializer)?;
    operations_from_value(Value::Array(operations)).map_err(serde::de::Error::custom)
}

impl From<TransactionRecord> for Transaction<TradeOperation> {
    fn from(record: TransactionRecord) -> Self {
        let TransactionRecord { network, author, key, valid_until, operations } = record;
        Transaction { network, author, key, valid_until, operations }
    }
}

impl From<Transaction<TradeOperation>> for TransactionRecord {
    fn from(transaction: Transaction<TradeOperation>) -> Self {
        let Transaction { network, author, key, valid_until, operations } = transaction;
        TransactionRecord { network, author, key, valid_until, operations }
    }
}

/// A transaction with its signatures, as people read it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignedRecord {
    transaction: TransactionRecord,
    approvals: Vec<ApprovalRecord>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ApprovalRecord {
    key: PublicKey,
    signature: Signature,
}

fn read_transaction(_: &str, bytes: &[u8]) -> Result<Value, Error> {
    let unsigned = SignedTransaction { body: bytes.to_vec(), approvals: Vec::new() };
    as_json(&TransactionRecord::from(unsigned.transaction()?))
}

fn write_transaction(what: &str, record: Value) -> Result<Vec<u8>, Error> {
    Ok(signed(from_value(record, what)?, Vec::new())?.body)
}

fn read_signed(_: &str, bytes: &[u8]) -> Result<Value, Error> {
    let signed = SignedTransaction::from_bytes(bytes)?;
    let transaction = TransactionRecord::from(signed.transaction()?);
    let approvals = signed.approvals.into_iter();
    let approvals = approvals.map(|Approval { key, signature }| ApprovalRecord { key, signature }).collect();
    as_json(&SignedRecord { transaction, approvals })
}

fn write_signed(what: &str, record: Value) -> Result<Vec<u8>, Error> {
    let SignedRecord { transaction, approvals } = from_value(record, what)?;
    let approvals = approvals.into_iter();
    let approvals = approvals.map(|ApprovalRecord { key, signature }| Approval { key, signature }).collect();
    Ok(signed(transaction, approvals)?.to_bytes())
}

/// What is written can be read again: the limits hold.
fn signed(transaction: TransactionRecord, approvals: Vec<Approval>) -> Result<SignedTransaction, Error> {
    let signed = SignedTransaction { body: Transaction::from(transaction).to_bytes(), approvals };
    signed.check_limits()?;
    signed.transaction::<TradeOperation>()?;
    Ok(signed)
}

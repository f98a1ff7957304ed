//! What needs no open ledger: records, keys and histories proven, backups executed again and restored.

use std::sync::Arc;

use allonge::records::from_json;
use allonge::{Checkpoint, RecordId};

use crate::error::Failure;
use crate::json::{from_text, to_json};
use crate::receipt::Trust;

/// Proves what an account was; answers a `ProvenAccount` as JSON.
#[uniffi::export]
pub fn verify_account(bytes: Vec<u8>, trust: &Trust, account: String) -> Result<String, Failure> {
    Ok(to_json(&allonge::verify_account(&bytes, &trust.0, &from_text(&account, "account")?)?))
}

/// Proves which transaction used an idempotency key, or that none did; answers a `ProvenAnswer` as JSON.
#[uniffi::export]
pub fn verify_answer(
    bytes: Vec<u8>,
    trust: &Trust,
    party: String,
    key: String,
    valid_until: String,
) -> Result<String, Failure> {
    let (party, key) = (from_text(&party, "party")?, from_text(&key, "key")?);
    let valid_until = from_text(&valid_until, "valid_until")?;
    Ok(to_json(&allonge::verify_answer(&bytes, &trust.0, &party, key, valid_until)?))
}

/// Proves that a newer block continues the history of an older one; the checkpoint is JSON. Answers a `ProvenHistory`
/// as JSON.
#[uniffi::export]
pub fn verify_history(
    bytes: Vec<u8>,
    trust: &Trust,
    checkpoint_json: Option<String>,
) -> Result<String, Failure> {
    let checkpoint = checkpoint_json.map(|json| from_json::<Checkpoint>(&json, "checkpoint")).transpose()?;
    Ok(to_json(&allonge::verify_history(&bytes, &trust.0, checkpoint.as_ref())?))
}

/// Proves what a record was, or that there was none; answers `record`, `height` and `time` as JSON.
#[uniffi::export]
pub fn verify_record(bytes: Vec<u8>, trust: &Trust, kind: String, id: String) -> Result<String, Failure> {
    Ok(to_json(&allonge::verify_record(&bytes, &trust.0, &RecordId::parse(&kind, &id)?)?))
}

/// Executes a backup or a log again; answers a `ReplayRecord` as JSON.
#[uniffi::export]
pub fn replay(path: String, trust: Option<Arc<Trust>>) -> Result<String, Failure> {
    Ok(to_json(&allonge::replay(path, trust.as_ref().map(|trust| &trust.0), |_| ())?))
}

/// Makes a ledger of a backup; answers a `ReplayRecord` as JSON.
#[uniffi::export]
pub fn restore(backup: String, directory: String, trust: Option<Arc<Trust>>) -> Result<String, Failure> {
    let trust = trust.as_ref().map(|trust| &trust.0);
    Ok(to_json(&allonge::restore(backup, directory, trust, |_| ())?))
}

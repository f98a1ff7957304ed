//! What needs no open ledger: accounts and other records proven, backups executed again and restored.

use std::sync::Arc;

use allonge::RecordId;

use crate::error::Failure;
use crate::json::{from_text, to_json};
use crate::receipt::Trust;

/// Proves what an account was; answers a `ProvenAccount` as JSON.
#[uniffi::export]
pub fn verify_account(bytes: Vec<u8>, trust: &Trust, account: String) -> Result<String, Failure> {
    Ok(to_json(&allonge::verify_account(&bytes, &trust.0, &from_text(&account, "account")?)?))
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

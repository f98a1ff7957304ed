//! What needs no open ledger: records, keys and histories proven, backups executed again and restored.

use allonge::records::from_json;
use allonge::{Checkpoint, RecordId};
use napi::Result;
use napi::bindgen_prelude::AsyncTask;
use napi_derive::napi;

use crate::error::thrown;
use crate::promise::{Blocking, blocking};
use crate::text::{json, read};
use crate::trust::Trust;

/// Proves what an account was; answers a record as JSON.
#[napi(catch_unwind)]
pub fn verify_account(bytes: &[u8], trust: &Trust, account: String) -> Result<String> {
    let account = read("account", account)?;
    json(&allonge::verify_account(bytes, trust.core(), &account).map_err(thrown)?)
}

/// Proves which transaction used an idempotency key, or that none did; answers a record as JSON.
#[napi(catch_unwind)]
pub fn verify_answer(
    bytes: &[u8],
    trust: &Trust,
    party: String,
    key: String,
    valid_until: String,
) -> Result<String> {
    let (party, key) = (read("party", party)?, read("key", key)?);
    let valid_until = read("validUntil", valid_until)?;
    json(&allonge::verify_answer(bytes, trust.core(), &party, key, valid_until).map_err(thrown)?)
}

/// Proves that a newer block continues the history of an older one; the checkpoint is JSON. Answers a record as JSON.
#[napi(catch_unwind)]
pub fn verify_history(bytes: &[u8], trust: &Trust, checkpoint: Option<String>) -> Result<String> {
    let checkpoint = checkpoint.map(|json| from_json::<Checkpoint>(&json, "checkpoint"));
    let checkpoint = checkpoint.transpose().map_err(thrown)?;
    json(&allonge::verify_history(bytes, trust.core(), checkpoint.as_ref()).map_err(thrown)?)
}

/// Proves what a record was, or that there was none; answers a record as JSON.
#[napi(catch_unwind)]
pub fn verify_record(bytes: &[u8], trust: &Trust, kind: String, id: String) -> Result<String> {
    let id = RecordId::parse(&kind, &id).map_err(thrown)?;
    json(&allonge::verify_record(bytes, trust.core(), &id).map_err(thrown)?)
}

/// Executes a backup or a log again; answers a record as JSON.
#[napi(catch_unwind, ts_return_type = "Promise<string>")]
pub fn replay(path: String, trust: Option<&Trust>) -> AsyncTask<Blocking<String>> {
    let trust = trust.map(|trust| trust.core().clone());
    blocking(move || json(&allonge::replay(path, trust.as_ref(), |_| ()).map_err(thrown)?))
}

/// Makes a ledger of a backup; answers a record as JSON.
#[napi(catch_unwind, ts_return_type = "Promise<string>")]
pub fn restore(backup: String, directory: String, trust: Option<&Trust>) -> AsyncTask<Blocking<String>> {
    let trust = trust.map(|trust| trust.core().clone());
    blocking(move || json(&allonge::restore(backup, directory, trust.as_ref(), |_| ()).map_err(thrown)?))
}

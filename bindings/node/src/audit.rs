//! What needs no open ledger: accounts and other records proven, backups executed again and restored.

use allonge::RecordId;
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

//! What needs no open ledger: records, keys and histories proven, backups executed again and restored.

use std::path::PathBuf;

use allonge::{Checkpoint, RecordId};
use pyo3::prelude::*;

use crate::boundary::released;
use crate::receipt::Trust;
use crate::wire::{from_python, from_text, to_python};

/// Proves what an account was.
#[pyfunction]
pub fn verify_account<'py>(
    py: Python<'py>,
    data: &[u8],
    trust: &Trust,
    account: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let proven =
        released(py, || allonge::verify_account(data, trust.core(), &from_text(account, "account")?))?;
    to_python(py, &proven)
}

/// Proves which transaction used an idempotency key, or that none did.
#[pyfunction]
pub fn verify_answer<'py>(
    py: Python<'py>,
    data: &[u8],
    trust: &Trust,
    party: &str,
    key: &str,
    valid_until: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let proven = released(py, || {
        let (party, key) = (from_text(party, "party")?, from_text(key, "key")?);
        allonge::verify_answer(data, trust.core(), &party, key, from_text(valid_until, "valid_until")?)
    })?;
    to_python(py, &proven)
}

/// Proves that a newer block continues the history of an older one.
#[pyfunction]
pub fn verify_history<'py>(
    py: Python<'py>,
    data: &[u8],
    trust: &Trust,
    checkpoint: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let checkpoint: Option<Checkpoint> = from_python(checkpoint, "checkpoint")?;
    let proven = released(py, || allonge::verify_history(data, trust.core(), checkpoint.as_ref()))?;
    to_python(py, &proven)
}

/// Proves what a record was, or that there was none.
#[pyfunction]
pub fn verify_record<'py>(
    py: Python<'py>,
    data: &[u8],
    trust: &Trust,
    kind: &str,
    id: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let proven = released(py, || allonge::verify_record(data, trust.core(), &RecordId::parse(kind, id)?))?;
    to_python(py, &proven)
}

/// Executes a backup or a log again.
#[pyfunction]
#[pyo3(signature = (path, trust=None))]
pub fn replay<'py>(py: Python<'py>, path: PathBuf, trust: Option<Py<Trust>>) -> PyResult<Bound<'py, PyAny>> {
    let trust = trust.as_ref().map(|trust| trust.get().core());
    to_python(py, &released(py, || allonge::replay(path, trust, |_| ()))?)
}

/// Makes a ledger of a backup.
#[pyfunction]
#[pyo3(signature = (backup, directory, trust=None))]
pub fn restore<'py>(
    py: Python<'py>,
    backup: PathBuf,
    directory: PathBuf,
    trust: Option<Py<Trust>>,
) -> PyResult<Bound<'py, PyAny>> {
    let trust = trust.as_ref().map(|trust| trust.get().core());
    to_python(py, &released(py, || allonge::restore(backup, directory, trust, |_| ()))?)
}

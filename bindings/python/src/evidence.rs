//! Bytes, hashes, signatures and proofs, singly.

use allonge::evidence;
use allonge::{Hash, Roster};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use serde_json::Value;

use crate::boundary::released;
use crate::wire::{from_python, from_text, to_python, value_from_python};

/// The canonical bytes of a record.
#[pyfunction]
pub fn canonical_bytes<'py>(
    py: Python<'py>,
    kind: &str,
    record: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyBytes>> {
    let record = value_from_python(record)?;
    let bytes = released(py, || evidence::canonical_bytes(kind, record))?;
    Ok(PyBytes::new(py, &bytes))
}

/// The record that canonical bytes say.
#[pyfunction]
pub fn from_canonical_bytes<'py>(py: Python<'py>, kind: &str, data: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let record: Value = released(py, || evidence::from_canonical_bytes(kind, data))?;
    to_python(py, &record)
}

/// The key of a record in the state.
#[pyfunction]
pub fn state_key<'py>(py: Python<'py>, kind: &str, id: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let id = value_from_python(id)?;
    let key = released(py, || evidence::state_key(kind, id))?;
    Ok(PyBytes::new(py, &key))
}

/// The hash of bytes for one purpose.
#[pyfunction]
pub fn tagged_hash(py: Python<'_>, tag: &str, data: &[u8]) -> PyResult<String> {
    released(py, || evidence::tagged_hash(tag, data)).map(|hash| hash.to_string())
}

/// The Merkle root of a list.
#[pyfunction]
pub fn merkle_root(py: Python<'_>, items: Vec<PyBackedBytes>) -> PyResult<String> {
    released(py, || Ok(evidence::merkle_root(items).to_string()))
}

/// The root of the state that has these records.
#[pyfunction]
pub fn state_root(py: Python<'_>, records: Vec<(PyBackedBytes, PyBackedBytes)>) -> PyResult<String> {
    let records = records.into_iter().map(|(key, value)| (key.to_vec(), value.to_vec()));
    released(py, || evidence::state_root(records)).map(|root| root.to_string())
}

/// Checks a key.
#[pyfunction]
pub fn vet_key(py: Python<'_>, key: &str) -> PyResult<()> {
    released(py, || evidence::vet_key(&from_text(key, "key")?))
}

/// Checks a signature.
#[pyfunction]
pub fn verify_signature(py: Python<'_>, key: &str, message: &[u8], signature: &str) -> PyResult<()> {
    released(py, || {
        evidence::verify_signature(&from_text(key, "key")?, message, &from_text(signature, "signature")?)
    })
}

/// Checks the place of an item in a list.
#[pyfunction]
pub fn verify_inclusion(
    py: Python<'_>,
    root: &str,
    item: &[u8],
    index: u32,
    size: u32,
    path: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let path: Vec<Hash> = from_python(path, "path")?;
    released(py, || evidence::verify_inclusion(&from_text(root, "root")?, item, index, size, &path))
}

/// Checks what the state has under a key.
#[pyfunction]
pub fn verify_state_proof(
    py: Python<'_>,
    root: &str,
    key: &[u8],
    value: Option<&[u8]>,
    proof: &[u8],
) -> PyResult<()> {
    released(py, || evidence::verify_state_proof(&from_text(root, "root")?, key, value, proof))
}

/// Checks a certificate.
#[pyfunction]
pub fn verify_certificate(
    py: Python<'_>,
    network: &str,
    roster: &Bound<'_, PyAny>,
    header: &str,
    certificate: &[u8],
) -> PyResult<()> {
    let roster: Roster = from_python(roster, "roster")?;
    released(py, || {
        let (network, header) = (from_text(network, "network")?, from_text(header, "header")?);
        evidence::verify_certificate(&network, &roster, &header, certificate)
    })
}

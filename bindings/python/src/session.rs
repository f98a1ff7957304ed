//! A party acting.

use allonge::records::operations_from_value;
use allonge::{Error, IdempotencyKey, Operation, SubmitOptions};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::Value;

use crate::boundary::released;
use crate::outcome::Submission;
use crate::pending::Pending;
use crate::wire::{from_text, to_python, value_from_python};

/// A party acting on a ledger.
#[pyclass(frozen, module = "allonge._native")]
pub struct Session(allonge::Session);

impl From<allonge::Session> for Session {
    fn from(session: allonge::Session) -> Self {
        Session(session)
    }
}

#[pymethods]
impl Session {
    fn party(&self) -> String {
        self.0.party().to_string()
    }

    fn public_key(&self) -> String {
        self.0.public_key().to_string()
    }

    fn public_keys(&self) -> Vec<String> {
        self.0.public_keys().iter().map(ToString::to_string).collect()
    }

    #[pyo3(signature = (operations, key=None, valid_for_ms=None, traceparent=None))]
    fn submit(
        &self,
        py: Python<'_>,
        operations: &Bound<'_, PyAny>,
        key: Option<&str>,
        valid_for_ms: Option<i64>,
        traceparent: Option<&str>,
    ) -> PyResult<Pending> {
        let operations = value_from_python(operations)?;
        released(py, || {
            let (operations, options) = read(operations, key, valid_for_ms)?;
            let options = traced(options, traceparent)?;
            Ok(Pending::outcome(self.0.start(operations, options)?))
        })
    }

    #[pyo3(signature = (operations, key=None, valid_for_ms=None, traceparent=None))]
    fn start(
        &self,
        py: Python<'_>,
        operations: &Bound<'_, PyAny>,
        key: Option<&str>,
        valid_for_ms: Option<i64>,
        traceparent: Option<&str>,
    ) -> PyResult<Submission> {
        let operations = value_from_python(operations)?;
        released(py, || {
            let (operations, options) = read(operations, key, valid_for_ms)?;
            let options = traced(options, traceparent)?;
            self.0.start(operations, options)
        })
        .map(Submission)
    }

    #[pyo3(signature = (operations, key=None, valid_for_ms=None))]
    fn preview<'py>(
        &self,
        py: Python<'py>,
        operations: &Bound<'py, PyAny>,
        key: Option<&str>,
        valid_for_ms: Option<i64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let operations = value_from_python(operations)?;
        let preview = released(py, || {
            let (operations, options) = read(operations, key, valid_for_ms)?;
            self.0.preview(operations, options)
        })?;
        to_python(py, &preview)
    }

    fn what_if<'py>(
        &self,
        py: Python<'py>,
        operations: &Bound<'_, PyAny>,
        at: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let operations = value_from_python(operations)?;
        let preview = released(py, || {
            let operations = operations_from_value(operations)?;
            self.0.what_if(operations, from_text(at, "at")?)
        })?;
        to_python(py, &preview)
    }

    #[pyo3(signature = (operations, key=None, valid_for_ms=None))]
    fn prepare<'py>(
        &self,
        py: Python<'py>,
        operations: &Bound<'py, PyAny>,
        key: Option<&str>,
        valid_for_ms: Option<i64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let operations = value_from_python(operations)?;
        let signed = released(py, || {
            let (operations, options) = read(operations, key, valid_for_ms)?;
            self.0.prepare(operations, options)
        })?;
        Ok(PyBytes::new(py, &signed))
    }

    fn cosign<'py>(&self, py: Python<'py>, signed: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let cosigned = released(py, || self.0.cosign(signed))?;
        Ok(PyBytes::new(py, &cosigned))
    }
}

/// What a transaction is made of.
fn read(
    operations: Value,
    key: Option<&str>,
    valid_for_ms: Option<i64>,
) -> Result<(Vec<Operation>, SubmitOptions), Error> {
    let operations = operations_from_value(operations)?;
    let mut options = SubmitOptions::default();
    if let Some(key) = key {
        options.key = Some(from_text::<IdempotencyKey>(key, "key")?);
    }
    if let Some(valid_for_ms) = valid_for_ms {
        options.valid_for_ms = valid_for_ms;
    }
    Ok((operations, options))
}

/// The same, as part of a trace.
fn traced(options: SubmitOptions, traceparent: Option<&str>) -> Result<SubmitOptions, Error> {
    let trace = traceparent.map(|text| from_text(text, "traceparent")).transpose()?;
    Ok(SubmitOptions { trace, ..options })
}

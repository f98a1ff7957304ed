//! A party acting.

use allonge::{IdempotencyKey, OutcomeRecord, SubmitOptions};
use pyo3::prelude::*;

use crate::boundary::released;
use crate::pending::{Answer, Pending};
use crate::wire::{from_text, value_from_python};

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

    #[pyo3(signature = (operations, key=None, valid_for_ms=None))]
    fn submit(
        &self,
        py: Python<'_>,
        operations: &Bound<'_, PyAny>,
        key: Option<&str>,
        valid_for_ms: Option<i64>,
    ) -> PyResult<Pending> {
        let operations = value_from_python(operations)?;
        released(py, || {
            let operations = allonge::records::operations_from_value(operations)?;
            let mut options = SubmitOptions::default();
            if let Some(key) = key {
                options.key = Some(from_text::<IdempotencyKey>(key, "key")?);
            }
            if let Some(valid_for_ms) = valid_for_ms {
                options.valid_for_ms = valid_for_ms;
            }
            let outcome = self.0.submit_async(operations, options);
            Ok(Pending::new(async move {
                let outcome = outcome.await?;
                let record = OutcomeRecord::from(&outcome);
                Ok(Answer::Outcome(Box::new(record), outcome.receipt().clone()))
            }))
        })
    }
}

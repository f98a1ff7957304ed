//! What became of a submission, and the submission on its way.

use allonge::{Error, ExpiredRecord, OutcomeRecord, UnknownRecord};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::boundary::{error, released, to_exception};
use crate::pending::{Answer, Pending};
use crate::receipt::Receipt;
use crate::wire::to_python;

/// An outcome. Its events cross only when they are asked for: a batch has thousands.
#[pyclass(frozen, module = "allonge._native")]
pub struct Outcome(allonge::Outcome);

impl From<allonge::Outcome> for Outcome {
    fn from(outcome: allonge::Outcome) -> Self {
        Outcome(outcome)
    }
}

#[pymethods]
impl Outcome {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match &self.0 {
            allonge::Outcome::Expired(expired) => to_python(py, &ExpiredRecord::from(expired)),
            allonge::Outcome::Unknown(unknown) => to_python(py, &UnknownRecord::from(unknown)),
            outcome => to_python(py, &raised(py, OutcomeRecord::without_events(outcome))?),
        }
    }

    fn events<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.event_records())
    }

    /// Of what stands in a block.
    fn receipt(&self, py: Python<'_>) -> PyResult<Receipt> {
        let receipt = self.0.receipt().cloned().map(Receipt::from);
        raised(py, receipt.ok_or_else(|| without("receipt")))
    }

    /// Of what is expired.
    fn proof<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        match &self.0 {
            allonge::Outcome::Expired(expired) => Ok(PyBytes::new(py, &expired.proof)),
            _ => raised(py, Err(without("proof of absence"))),
        }
    }

    /// The submission of what is unknown, handed over once more.
    fn submission(&self, py: Python<'_>) -> PyResult<Submission> {
        match &self.0 {
            allonge::Outcome::Unknown(unknown) => released(py, || unknown.submission()).map(Submission),
            _ => raised(py, Err(without("handle"))),
        }
    }
}

fn without(what: &str) -> Error {
    error("internal.error", "reason", format_args!("an outcome of this kind has no {what}"))
}

fn raised<T>(py: Python<'_>, result: Result<T, Error>) -> PyResult<T> {
    result.map_err(|error| to_exception(py, &error))
}

/// A transaction that was handed over.
#[pyclass(frozen, module = "allonge._native")]
pub struct Submission(pub(crate) allonge::Submission);

#[pymethods]
impl Submission {
    fn transaction(&self) -> String {
        self.0.transaction().to_string()
    }

    fn key(&self) -> String {
        self.0.key().to_string()
    }

    fn admitted(&self) -> Pending {
        let admitted = self.0.admitted_async();
        Pending::new(async move { admitted.await.map(|()| Answer::Done) })
    }

    fn ordered(&self) -> Pending {
        let ordered = self.0.ordered_async();
        Pending::new(async move { ordered.await.map(Answer::Ordered) })
    }

    fn outcome(&self) -> Pending {
        Pending::outcome(self.0.clone())
    }
}

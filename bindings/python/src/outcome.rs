//! What became of a submission.

use allonge::OutcomeRecord;
use pyo3::prelude::*;

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
    fn record<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &OutcomeRecord::without_events(&self.0))
    }

    fn events<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.event_records())
    }

    fn receipt(&self) -> Receipt {
        Receipt::from(self.0.receipt().clone())
    }
}

//! Receipts and what they are verified against.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::boundary::{released, to_exception};
use crate::wire::to_python;

/// A receipt.
#[pyclass(frozen, eq, module = "allonge._native")]
#[derive(PartialEq)]
pub struct Receipt(allonge::Receipt);

impl From<allonge::Receipt> for Receipt {
    fn from(receipt: allonge::Receipt) -> Self {
        Receipt(receipt)
    }
}

#[pymethods]
impl Receipt {
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        released(py, || allonge::Receipt::from_bytes(data)).map(Receipt)
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        released(py, || allonge::Receipt::load(path)).map(Receipt)
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        released(py, || self.0.save(path))
    }

    fn verify<'py>(&self, py: Python<'py>, trust: &Trust) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.verified(&trust.0))?)
    }
}

/// A genesis to verify receipts against.
#[pyclass(frozen, module = "allonge._native")]
pub struct Trust(allonge::Trust);

impl From<allonge::Trust> for Trust {
    fn from(trust: allonge::Trust) -> Self {
        Trust(trust)
    }
}

impl Trust {
    pub fn core(&self) -> &allonge::Trust {
        &self.0
    }
}

#[pymethods]
impl Trust {
    #[staticmethod]
    fn from_json(py: Python<'_>, json: &str) -> PyResult<Self> {
        allonge::Trust::from_json(json).map(Trust).map_err(|error| to_exception(py, &error))
    }

    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        released(py, || allonge::Trust::load(path)).map(Trust)
    }

    fn to_json(&self) -> String {
        self.0.to_json()
    }

    fn network(&self) -> String {
        self.0.network().to_string()
    }
}

//! A light client.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::boundary::released;
use crate::receipt::Trust;
use crate::wire::to_python;

/// Who follows headers by their certificates.
#[pyclass(frozen, module = "allonge._native")]
pub struct LightClient(allonge::LightClient);

#[pymethods]
impl LightClient {
    #[new]
    fn new(py: Python<'_>, trust: &Trust) -> PyResult<Self> {
        released(py, || allonge::LightClient::new(trust.core())).map(LightClient)
    }

    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &[u8], trust: &Trust) -> PyResult<Self> {
        released(py, || allonge::LightClient::from_bytes(data, trust.core())).map(LightClient)
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.to_bytes())
    }

    fn follow<'py>(&self, py: Python<'py>, headers: &[u8]) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &released(py, || self.0.follow(headers))?)
    }

    fn checkpoint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.0.checkpoint())
    }
}

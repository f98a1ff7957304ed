//! Keys in this process's memory.

use std::sync::Arc;

use allonge::{Signature, Signer as _, SoftwareSigner};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::boundary::{error, released};

/// A key.
#[pyclass(frozen, module = "allonge._native")]
pub struct Signer(Arc<SoftwareSigner>);

impl Signer {
    /// The same key, for a session.
    pub fn share(&self) -> Arc<dyn allonge::Signer> {
        self.0.clone()
    }
}

#[pymethods]
impl Signer {
    #[staticmethod]
    fn generate(py: Python<'_>) -> PyResult<Self> {
        let signer = released(py, || {
            SoftwareSigner::generate().map_err(|reason| error("signer.failed", "reason", reason))
        })?;
        Ok(Signer(Arc::new(signer)))
    }

    #[staticmethod]
    fn from_seed(seed: [u8; 32]) -> Self {
        Signer(Arc::new(SoftwareSigner::from_seed(seed)))
    }

    fn public_key(&self) -> String {
        self.0.public_key().to_string()
    }

    fn sign<'py>(&self, py: Python<'py>, message: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
        let signature =
            released(py, || self.0.sign(message).map_err(|reason| error("signer.failed", "reason", reason)))?;
        let Signature::Ed25519(bytes) = signature;
        Ok(PyBytes::new(py, &bytes))
    }
}

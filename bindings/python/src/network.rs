//! The simulated network.

use allonge::{Lie, LinkOptions};
use pyo3::prelude::*;

use crate::boundary::released;
use crate::ledger::Ledger;

/// The validators of a simulated network and the links between them.
#[pyclass(frozen, module = "allonge._native")]
pub struct SimulatedNetwork(allonge::SimulatedNetwork);

impl From<allonge::SimulatedNetwork> for SimulatedNetwork {
    fn from(network: allonge::SimulatedNetwork) -> Self {
        SimulatedNetwork(network)
    }
}

#[pymethods]
impl SimulatedNetwork {
    fn validators(&self) -> usize {
        self.0.validators()
    }

    fn at(&self, py: Python<'_>, validator: usize) -> PyResult<Ledger> {
        released(py, || self.0.at(validator)).map(Ledger::from)
    }

    fn crash(&self, py: Python<'_>, validator: usize) -> PyResult<()> {
        released(py, || self.0.crash(validator))
    }

    fn restart(&self, py: Python<'_>, validator: usize) -> PyResult<()> {
        released(py, || self.0.restart(validator))
    }

    fn partition(&self, py: Python<'_>, groups: Vec<Vec<usize>>) -> PyResult<()> {
        released(py, || self.0.partition(groups))
    }

    #[pyo3(signature = (latency_ms=None, jitter_ms=None, lost_per_mille=None))]
    fn link(
        &self,
        py: Python<'_>,
        latency_ms: Option<u64>,
        jitter_ms: Option<u64>,
        lost_per_mille: Option<u16>,
    ) -> PyResult<()> {
        released(py, || {
            let mut options = LinkOptions::default();
            options.latency_ms = latency_ms.unwrap_or(options.latency_ms);
            options.jitter_ms = jitter_ms.unwrap_or(options.jitter_ms);
            options.lost_per_mille = lost_per_mille.unwrap_or(options.lost_per_mille);
            self.0.link(options)
        })
    }

    fn skew(&self, py: Python<'_>, validator: usize, millis: i64) -> PyResult<()> {
        released(py, || self.0.skew(validator, millis))
    }

    fn lie(&self, py: Python<'_>, validator: usize, how: &str) -> PyResult<()> {
        released(py, || self.0.lie(validator, Lie::parse(how)?))
    }

    fn run_for(&self, py: Python<'_>, millis: u64) -> PyResult<()> {
        released(py, || self.0.run_for(millis))
    }

    fn fingerprint(&self, py: Python<'_>) -> PyResult<String> {
        released(py, || self.0.fingerprint())
    }
}

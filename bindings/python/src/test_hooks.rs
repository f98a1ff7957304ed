//! Panics on purpose: what the tests of the package need, and no release has.

use pyo3::prelude::*;

use crate::boundary::released;
use crate::pending::Pending;

/// Panics while the interpreter is released.
#[pyfunction]
pub fn panic_at_once(py: Python<'_>) -> PyResult<()> {
    released(py, || unreachable!("asked to"))
}

/// Panics when the answer is asked for.
#[pyfunction]
pub fn panic_in_answer() -> Pending {
    Pending::new(async { unreachable!("asked to") })
}

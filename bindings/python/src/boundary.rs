//! Where Python ends and the core begins: the interpreter is released, errors become exceptions, and a panic
//! becomes an ordinary one too.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use allonge::{Error, ErrorRecord};
use pyo3::prelude::*;

use crate::wire;

/// Does work of the core while other Python threads run.
pub fn released<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T, Error> + Send) -> PyResult<T> {
    py.detach(|| caught(work)).map_err(|error| to_exception(py, &error))
}

/// Work whose panic is an error: the core's own `internal.error`.
pub fn caught<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    // What the work was changing is not used again: every handle locks, and a poisoned lock is recovered whole.
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(error("internal.error", "reason", said(&panic))))
}

/// An error of the client's registry with one particular.
pub fn error(code: &str, name: &'static str, value: impl std::fmt::Display) -> Error {
    match allonge::entry(code) {
        Some(entry) => entry.error().with(name, value),
        None => unreachable!("{code} stands in the registry"),
    }
}

/// The exception of the class that the code belongs to.
pub fn to_exception(py: Python<'_>, error: &Error) -> PyErr {
    exception(py, error).unwrap_or_else(|failure| failure)
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let record = wire::to_python(py, &ErrorRecord::from(error))?;
    let exception = py.import("allonge._error")?.call_method1("error_from_wire", (record,))?;
    Ok(PyErr::from_value(exception))
}

fn said(panic: &Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

//! SWIFT messages.

use allonge::messages::fin::{FinMessage, FinRecord};
use allonge::messages::mapping::{MappingOptions, letter_of_credit_from_messages};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::boundary::released;
use crate::wire::{from_python, to_python};

/// The record of a message.
#[pyfunction]
pub fn fin_parse<'py>(py: Python<'py>, text: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let record = released(py, || Ok(allonge::parse_fin(text)?.to_record()))?;
    to_python(py, &record)
}

/// The text of a message.
#[pyfunction]
pub fn fin_format<'py>(py: Python<'py>, record: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let record: FinRecord = from_python(record, "message")?;
    let text = released(py, || allonge::format_fin(record))?;
    Ok(PyBytes::new(py, &text))
}

/// The letter of credit that an MT 700 and its MT 701 state.
#[pyfunction]
pub fn fin_letter_of_credit<'py>(
    py: Python<'py>,
    records: &Bound<'py, PyAny>,
    options: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let records: Vec<FinRecord> = from_python(records, "messages")?;
    let options: MappingOptions = from_python(options, "options")?;
    let credit = released(py, || {
        let messages = records.into_iter().map(FinRecord::into_message);
        let messages: Vec<FinMessage> = messages.collect::<Result<_, _>>()?;
        Ok(letter_of_credit_from_messages(&messages, &options)?)
    })?;
    to_python(py, &credit)
}

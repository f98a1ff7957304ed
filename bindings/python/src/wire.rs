//! Plain Python data and JSON values, one for one, without any text between.

use allonge::Error;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};

use crate::boundary::{error, to_exception};

/// Records nest far less deep.
const MAX_DEPTH: u8 = 64;

/// A record of the core as dictionaries, lists, strings, integers, booleans and None.
pub fn to_python<'py>(py: Python<'py>, record: &(impl Serialize + ?Sized)) -> PyResult<Bound<'py, PyAny>> {
    let value = serde_json::to_value(record)
        .map_err(|failure| to_exception(py, &error("internal.error", "reason", failure)))?;
    value_to_python(py, value)
}

/// What the core reads from plain Python data; a mistake is answered with its place.
pub fn from_python<T: DeserializeOwned>(data: &Bound<'_, PyAny>, what: &str) -> PyResult<T> {
    let value = value_from_python(data)?;
    allonge::records::from_value(value, what).map_err(|error| to_exception(data.py(), &error))
}

/// What the core reads from a text: an identifier, a hash, an instant.
pub fn from_text<T: DeserializeOwned>(text: &str, what: &str) -> Result<T, Error> {
    allonge::records::from_value(Value::String(text.to_owned()), what)
}

fn value_to_python(py: Python<'_>, value: Value) -> PyResult<Bound<'_, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(truth) => Ok(PyBool::new(py, truth).to_owned().into_any()),
        Value::Number(number) => number_to_python(py, &number),
        Value::String(text) => Ok(PyString::new(py, &text).into_any()),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(value_to_python(py, item)?)?;
            }
            Ok(list.into_any())
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            for (name, field) in fields {
                dict.set_item(pyo3::types::PyString::intern(py, &name), value_to_python(py, field)?)?;
            }
            Ok(dict.into_any())
        }
    }
}

fn number_to_python<'py>(py: Python<'py>, number: &Number) -> PyResult<Bound<'py, PyAny>> {
    if let Some(number) = number.as_i64() {
        return Ok(number.into_pyobject(py)?.into_any());
    }
    match number.as_u64() {
        Some(number) => Ok(number.into_pyobject(py)?.into_any()),
        None => Err(PyTypeError::new_err("no record holds a float")),
    }
}

/// The JSON value of plain Python data.
pub fn value_from_python(data: &Bound<'_, PyAny>) -> PyResult<Value> {
    value_at_depth(data, 0)
}

fn value_at_depth(data: &Bound<'_, PyAny>, depth: u8) -> PyResult<Value> {
    if depth == MAX_DEPTH {
        return Err(PyValueError::new_err("the data nests too deep to be a record"));
    }
    let deeper = depth.saturating_add(1);
    if let Ok(text) = data.cast::<PyString>() {
        Ok(Value::String(text.to_cow()?.into_owned()))
    } else if let Ok(fields) = data.cast::<PyDict>() {
        let mut object = Map::new();
        for (name, field) in fields {
            object.insert(name.extract()?, value_at_depth(&field, deeper)?);
        }
        Ok(Value::Object(object))
    } else if data.is_instance_of::<PyList>() || data.is_instance_of::<PyTuple>() {
        let items = data.try_iter()?.map(|item| value_at_depth(&item?, deeper));
        Ok(Value::Array(items.collect::<PyResult<_>>()?))
    } else if data.is_none() {
        Ok(Value::Null)
    } else if let Ok(truth) = data.cast::<PyBool>() {
        Ok(Value::Bool(truth.is_true()))
    } else if data.is_instance_of::<PyInt>() {
        integer_from_python(data)
    } else if data.is_instance_of::<PyFloat>() {
        Err(PyTypeError::new_err("a float is not exact and stands in no record"))
    } else {
        let kind = data.get_type();
        Err(PyTypeError::new_err(format!("{} stands in no record", kind.name()?)))
    }
}

fn integer_from_python(data: &Bound<'_, PyAny>) -> PyResult<Value> {
    if let Ok(number) = data.extract::<i64>() {
        return Ok(Value::from(number));
    }
    let number = data.extract::<u64>();
    number
        .map(Value::from)
        .map_err(|_| PyOverflowError::new_err("an integer of a record has at most 64 bits"))
}

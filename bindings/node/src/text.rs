//! Texts from JavaScript read as the core's values, with the core's own errors.

use allonge::records::{from_json, from_value};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{internal, thrown};

/// Reads a value that JSON writes as a string: an id, a date, a key.
pub(crate) fn read<T: DeserializeOwned>(what: &str, text: String) -> napi::Result<T> {
    from_value(Value::String(text), what).map_err(thrown)
}

/// As [`read`], for what may be left out.
pub(crate) fn read_optional<T: DeserializeOwned>(
    what: &str,
    text: Option<String>,
) -> napi::Result<Option<T>> {
    text.map(|text| read(what, text)).transpose()
}

/// Reads a whole number; napi itself would take 4294967296 for 0.
pub(crate) fn read_number<T: DeserializeOwned>(what: &str, number: f64) -> napi::Result<T> {
    from_json(&number.to_string(), what).map_err(thrown)
}

/// A record as JSON.
pub(crate) fn json(record: &impl Serialize) -> napi::Result<String> {
    serde_json::to_string(record).map_err(|error| internal(&error.to_string()))
}

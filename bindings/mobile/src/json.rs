//! Values as they cross: records as JSON, ids as text.

use std::fmt::Display;
use std::str::FromStr;

use allonge::Error;
use serde::Serialize;

/// A record as JSON; ours hold nothing that JSON has no form for.
pub(crate) fn to_json(record: &impl Serialize) -> String {
    serde_json::to_string(record).unwrap_or_default()
}

/// A record as JSON, where there is one.
pub(crate) fn to_json_option(record: Option<impl Serialize>) -> Option<String> {
    record.as_ref().map(to_json)
}

/// Reads an id or another short text.
pub(crate) fn from_text<T>(text: &str, what: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| invalid(what, error))
}

/// Input that is not of its form.
pub(crate) fn invalid(what: &str, reason: impl Display) -> Error {
    // The registry's row is private to the client; its code is not.
    match allonge::entry("input.invalid") {
        Some(entry) => entry.error().with("where", what).with("reason", reason),
        None => unreachable!("a test of the client reads this row"),
    }
}

//! Errors cross as JSON in the reason; TypeScript makes the class of the code's family from it.

use std::any::Any;

use allonge::{Detail, Error, ErrorRecord, entry};

/// The error as Node gets it.
pub(crate) fn thrown(error: Error) -> napi::Error {
    napi::Error::from_reason(to_json(&error))
}

/// The record of an error, as JSON.
pub(crate) fn to_json(error: &Error) -> String {
    serde_json::to_string(&ErrorRecord::from(error)).unwrap_or_default()
}

/// A value that does not cross the border.
pub(crate) fn invalid(place: &str, reason: &str) -> napi::Error {
    arisen("input.invalid", &[("where", place), ("reason", reason)])
}

/// A defect of this software.
pub(crate) fn internal(reason: &str) -> napi::Error {
    arisen("internal.error", &[("reason", reason)])
}

/// What a panic said, as the error that it is.
pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> napi::Error {
    let said = panic.downcast_ref::<&str>().copied();
    let said = said.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    internal(said.unwrap_or("a panic without a message"))
}

/// An error of the registry that arose on this side of the border.
pub(crate) fn arisen(code: &str, details: &[(&str, &str)]) -> napi::Error {
    let detail = |(name, value): &(&str, &str)| Detail { name: (*name).into(), value: (*value).into() };
    let details = details.iter().map(detail).collect();
    of_code(code, details).map_or_else(|| napi::Error::from_reason(code.to_owned()), thrown)
}

/// The error of a code, where the registry has it.
pub(crate) fn of_code(code: &str, details: Vec<Detail>) -> Option<Error> {
    entry(code).map(|entry| Error::from_parts(entry, details, None))
}

//! Errors: one type, which carries the record.

use allonge::ErrorRecord;

use crate::json::to_json;

/// An error of the toolkit.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum Failure {
    /// A call failed.
    #[error("{reason}")]
    Refused {
        /// The JSON of an [`ErrorRecord`].
        reason: String,
    },
}

impl From<allonge::Error> for Failure {
    fn from(error: allonge::Error) -> Self {
        Failure::Refused { reason: to_json(&ErrorRecord::from(&error)) }
    }
}

/// The registry of all errors, as a JSON array ordered by code.
#[uniffi::export]
pub fn errors() -> String {
    to_json(&allonge::registry())
}

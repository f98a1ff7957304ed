//! The messages' rows of the error registry.

use allonge_ledger::Error;

use crate::fin::FinError;
use crate::mapping::MappingError;

allonge_ledger::registry! {
    /// Errors that reading and writing messages can make.
    pub static ERRORS;

    FIN_INVALID = "message.fin_invalid" {
        phase: Input, retryable: false, actor: Caller,
        message: "the FIN message has {count} fault(s); the first: {first}",
        remedy: "correct every fault of the list; each has its line, its SWIFT code and its own remedy",
    }
    NOT_REPRESENTABLE = "message.not_representable" {
        phase: Input, retryable: false, actor: Caller,
        message: "the message cannot become terms of the ledger, for {count} reason(s); the first: {first}",
        remedy: "clear every reason of the list; each has its field, its line and its own remedy",
    }
}

/// The whole list of faults travels with the error as its source.
impl From<FinError> for Error {
    fn from(error: FinError) -> Self {
        let first = error.faults().first().map(ToString::to_string).unwrap_or_default();
        FIN_INVALID.error().with("count", error.faults().len()).with("first", first).because(error)
    }
}

/// The whole list of problems travels with the error as its source.
impl From<MappingError> for Error {
    fn from(error: MappingError) -> Self {
        let first = error.problems().first().map(ToString::to_string).unwrap_or_default();
        NOT_REPRESENTABLE.error().with("count", error.problems().len()).with("first", first).because(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;
    use crate::fin::{StandardsRelease, parse};

    #[test]
    fn the_faults_travel_with_the_error() {
        let faults = parse(b"hello", StandardsRelease::Sr2025).expect_err("no message");
        let error = Error::from(faults.clone());
        assert_eq!(error.code(), "message.fin_invalid");
        let source = error.source().and_then(|source| source.downcast_ref::<FinError>());
        assert_eq!(source, Some(&faults));
    }
}

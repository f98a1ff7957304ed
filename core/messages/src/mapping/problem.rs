//! Why a message does not become terms, said so that an operator can put it right.

use std::fmt;

use serde::Serialize;

/// What stands between a message and terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MappingProblemKind {
    /// The messages are not one whole credit: another type, a continuation missing or of another credit.
    Series,
    /// The trade rules do not build this yet.
    NotBuilt,
    /// A text is outside the grammar by which it is read.
    NotUnderstood,
    /// Two statements of the message exclude each other.
    Contradiction,
    /// The message does not say what the terms need.
    Missing,
    /// No calendar can be derived: the caller chooses it.
    CalendarMissing,
    /// The trade rules would refuse the terms; `code` says by which entry of the error registry.
    Refused,
}

/// One reason why a message does not become terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappingProblem {
    /// Which message of the series, from 1.
    pub message: u32,
    /// The field, such as `42P`, or the block of a header, such as `1`.
    pub tag: String,
    /// The line in the text of that message, from 1. For something missing: where it would be looked for.
    pub line: u32,
    /// What kind of problem it is.
    pub kind: MappingProblemKind,
    /// The error of the trade rules behind it, such as `letter_of_credit.shipment_after_expiry`.
    pub code: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for MappingProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let MappingProblem { message, tag, line, reason, remedy, .. } = self;
        write!(f, "message {message}, line {line}, field {tag}: {reason}; {remedy}")
    }
}

/// Every problem found, at least one. As an [`Error`](allonge_ledger::Error) it is
/// `message.not_representable`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MappingError {
    problems: Vec<MappingProblem>,
}

impl MappingError {
    /// The problems, never none, in the order of the messages and their lines.
    pub fn problems(&self) -> &[MappingProblem] {
        &self.problems
    }

    pub(crate) fn of(mut problems: Vec<MappingProblem>) -> Self {
        problems.sort_by_key(|problem| (problem.message, problem.line));
        MappingError { problems }
    }
}

impl fmt::Display for MappingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "the message cannot become terms for {count} reason{plural}")?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for MappingError {}

//! Exit codes: what a script learns without reading.

use allonge::{Actor, Entry, Phase};

/// It worked; the answer stands on the standard output.
pub const OK: u8 = 0;
/// The answer is no: a receipt that proves nothing, a step that was refused, an id that nothing has.
pub const NO: u8 = 1;
/// Bad input or usage: correct the call and try again.
pub const INPUT: u8 = 2;
/// Storage or operations failed: the machine needs somebody's attention.
pub const OPERATIONS: u8 = 3;

/// What `--help` says of them.
pub(crate) const MEANING: &str = "\
Exit codes:
  0  it worked; the answer is on the standard output
  1  the answer is no: an invalid receipt, a refused step, an id that nothing has
  2  bad input or usage
  3  storage or operations failed
";

/// The exit code of an error, from its row in the registry.
pub(crate) fn code_of(entry: &Entry) -> u8 {
    match entry.phase {
        Phase::Admission | Phase::Execution | Phase::Proof => NO,
        Phase::Input if entry.code.ends_with(".unknown") => NO,
        Phase::Input => INPUT,
        Phase::Storage | Phase::Process if entry.actor == Actor::Caller && !entry.retryable => INPUT,
        Phase::Storage | Phase::Process => OPERATIONS,
    }
}

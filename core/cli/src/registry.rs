//! The command's own rows of the error registry.

use allonge::{Actor, Entry, Error, Phase};

pub(crate) static COMMAND_INVALID: Entry = Entry {
    code: "command.invalid",
    phase: Phase::Input,
    retryable: false,
    actor: Actor::Caller,
    message: "{reason}",
    remedy: "allonge --help lists the commands, and allonge COMMAND --help says what one takes",
    rule: None,
    article: None,
    says: None,
};

pub(crate) static LEDGER_MISSING: Entry = Entry {
    code: "ledger.missing",
    phase: Phase::Input,
    retryable: false,
    actor: Actor::Caller,
    message: "{path} holds no ledger",
    remedy: "name the directory of a ledger with --ledger, or make a new one with allonge init",
    rule: None,
    article: None,
    says: None,
};

pub(crate) static OUTPUT_FAILED: Entry = Entry {
    code: "output.failed",
    phase: Phase::Process,
    retryable: true,
    actor: Actor::Operations,
    message: "the answer could not be written: {reason}",
    remedy: "check where the output goes, and ask again",
    rule: None,
    article: None,
    says: None,
};

pub(crate) static RECORD_UNKNOWN: Entry = Entry {
    code: "record.unknown",
    phase: Phase::Input,
    retryable: true,
    actor: Actor::Caller,
    message: "nothing on this ledger has the id {id}",
    remedy: "check the id; allonge log shows what happened, with the ids",
    rule: None,
    article: None,
    says: None,
};

pub(crate) static SCENARIO_DIFFERS: Entry = Entry {
    code: "scenario.differs",
    phase: Phase::Execution,
    retryable: false,
    actor: Actor::Author,
    message: "step {step} should have ended with {expected}, and ended with {actual}",
    remedy: "correct the step or what it expects; the steps before it stand in the ledger",
    rule: None,
    article: None,
    says: None,
};

pub(crate) static SCENARIO_INVALID: Entry = Entry {
    code: "scenario.invalid",
    phase: Phase::Input,
    retryable: false,
    actor: Actor::Caller,
    message: "{where}: {reason}",
    remedy: "correct the scenario; docs/cli.md describes its form, and nothing of it was submitted",
    rule: None,
    article: None,
    says: None,
};

static OWN: [&Entry; 6] = [
    &COMMAND_INVALID,
    &LEDGER_MISSING,
    &OUTPUT_FAILED,
    &RECORD_UNKNOWN,
    &SCENARIO_DIFFERS,
    &SCENARIO_INVALID,
];

/// The registry of all floors below, and the command's own rows, by code.
pub(crate) fn all() -> Vec<&'static Entry> {
    let mut all = [allonge::registry(), &OWN].concat();
    all.sort_by_key(|entry| entry.code);
    all
}

/// A call that cannot be understood.
pub(crate) fn usage(reason: impl std::fmt::Display) -> Error {
    COMMAND_INVALID.error().with("reason", reason)
}

/// An error of a floor below that the command meets first.
pub(crate) fn known(code: &str) -> Error {
    match allonge::entry(code) {
        Some(entry) => entry.error(),
        None => COMMAND_INVALID.error().with("reason", code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_twice() {
        for pair in all().windows(2) {
            assert!(pair[0].code < pair[1].code, "{} stands twice", pair[1].code);
        }
    }

    #[test]
    fn codes_of_other_floors_are_known() {
        for code in ["store.exists", "file.io", "input.invalid"] {
            assert_eq!(known(code).code(), code);
        }
    }
}

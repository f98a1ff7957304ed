//! The client's rows of the error registry, and the registry as a whole.

use std::path::Path;
use std::sync::LazyLock;

use allonge_ledger::{Detail, Entry, Error, Refusal};
use allonge_messages::fin::{Fault, FinError};
use allonge_messages::mapping::{MappingError, MappingProblem};
use serde::Serialize;

allonge_ledger::registry! {
    /// Errors that only an application's side can make.
    pub static CLIENT_ERRORS;

    INPUT_INVALID = "input.invalid" {
        phase: Input, retryable: false, actor: Caller,
        message: "{where}: {reason}",
        remedy: "correct the value; the reference lists every field with its form",
    }
    LEDGER_CLOSED = "ledger.closed" {
        phase: Process, retryable: false, actor: Caller,
        message: "the ledger is closed",
        remedy: "open it again",
    }
    DEADLINE_EXCEEDED = "deadline.exceeded" {
        phase: Process, retryable: false, actor: Caller,
        message: "no answer within {milliseconds} ms; what was submitted may still take effect",
        remedy: "if you chose the idempotency key, submit again with the same one: the first result is the answer; if not, look in the ledger's log before you submit anew",
    }
    LEDGER_BUSY = "ledger.busy" {
        phase: Process, retryable: true, actor: Caller,
        message: "{limit} submissions wait already",
        remedy: "wait for some of the answers, then submit again",
    }
    PROCESS_FORKED = "process.forked" {
        phase: Process, retryable: false, actor: Caller,
        message: "this ledger was opened by process {opened_by} and does not work in its fork {process}",
        remedy: "open the ledger after the fork, in the process that uses it",
    }
    NETWORK_UNREACHABLE = "network.unreachable" {
        phase: Process, retryable: true, actor: Operations,
        message: "no validator answers: {reason}",
        remedy: "check the addresses and the connection; what was submitted is kept, and submitted again",
    }
    NETWORK_WRONG = "network.wrong" {
        phase: Process, retryable: false, actor: Caller,
        message: "{url} is a validator of the network {given}, not of {expected}",
        remedy: "use the addresses and the genesis of one network",
    }
    NETWORK_INSECURE = "network.insecure" {
        phase: Process, retryable: false, actor: Caller,
        message: "{url} cannot be used: {reason}",
        remedy: "give addresses with https, and files in PEM: the roots of the validators' certificates, and a certificate with its key where validators ask for one",
    }
    SUBMISSION_REFUSED = "submission.refused" {
        phase: Process, retryable: true, actor: Caller,
        message: "the validators refuse it as things stand ({code}): {reason}",
        remedy: "mend what is refused; until its validity is over it is kept and may still take effect, so repeat the call with the same idempotency key to learn what became of it",
    }
    VALIDATOR_LIED = "validator.lied" {
        phase: Proof, retryable: true, actor: Operations,
        message: "{url} answered what does not hold: {reason}",
        remedy: "show the evidence that was kept to whoever runs it; others are asked meanwhile",
    }
    UNSUPPORTED_HERE = "unsupported_here" {
        phase: Process, retryable: false, actor: Caller,
        message: "{what} does not work here: {reason}",
        remedy: "use a build and a ledger that can; the reference says which",
    }
    KEY_FILE_MISSING = "key.file_missing" {
        phase: Input, retryable: false, actor: Caller,
        message: "this ledger's directory holds no key of {party}",
        remedy: "pass the party's own signer, or admit the party here first",
    }
    KEY_FILE_INVALID = "key.file_invalid" {
        phase: Storage, retryable: false, actor: Operations,
        message: "{path} is no key file",
        remedy: "restore the file from a backup; it holds 64 hexadecimal digits",
    }
    SIGNER_FAILED = "signer.failed" {
        phase: Input, retryable: true, actor: Operations,
        message: "the signer did not sign: {reason}",
        remedy: "check the signer and try again",
    }
    SIGNER_PIN_WRONG = "signer.pin_wrong" {
        phase: Input, retryable: false, actor: Operations,
        message: "the signer refuses to be used: {reason}",
        remedy: "correct the PIN before anything tries again: a token locks itself after a few wrong ones",
    }
    FILE_IO = "file.io" {
        phase: Input, retryable: true, actor: Caller,
        message: "{path} could not be {action}: {reason}",
        remedy: "check the path and its permissions",
    }
    EVIDENCE_MALFORMED = "evidence.malformed" {
        phase: Proof, retryable: false, actor: Caller,
        message: "the bytes are no canonical {what}: {reason}",
        remedy: "obtain the bytes again, and name the kind that they are of; do not rely on these",
    }
    EVIDENCE_INVALID = "evidence.invalid" {
        phase: Proof, retryable: false, actor: Caller,
        message: "the {what} does not hold",
        remedy: "check that it belongs to what it is said to prove; do not rely on it",
    }
    HISTORY_FORKED = "history.forked" {
        phase: Proof, retryable: false, actor: Operations,
        message: "block {height} has the header {given}, and {kept} was kept: the ledger was forked",
        remedy: "keep this file and the one that the checkpoint is from, and show both to the supervisor; rely on neither",
    }
    STREAM_PRUNED = "stream.pruned" {
        phase: Input, retryable: false, actor: Caller,
        message: "what happened from {from} on is not kept here: this copy begins with the state of height {height}",
        remedy: "read what you need of the state at height {height}, which has all of that, and go on behind it: subscribe after {cursor}",
    }
    FINGERPRINT_DOCUMENT = "fingerprint.document" {
        phase: Input, retryable: false, actor: Caller,
        message: "no fingerprint can be made of the document: {reason}",
        remedy: "correct what was read off the document, or leave out what it does not say",
    }
    FINGERPRINT_NO_EXACT_TIER = "fingerprint.no_exact_tier" {
        phase: Input, retryable: false, actor: Caller,
        message: "the document gives neither a unique number nor a seller's code with a number and a date",
        remedy: "give the number that its issuer guarantees, or the seller's USCC or LEI with the document's number and date; without either nothing can be registered",
    }
    FINGERPRINT_BATCH = "fingerprint.batch" {
        phase: Process, retryable: false, actor: Caller,
        message: "{count} elements cannot be evaluated at once, but from 1 to {limit}",
        remedy: "ask for fewer at a time",
    }
    FINGERPRINT_NOT_PERMITTED = "fingerprint.not_permitted" {
        phase: Process, retryable: false, actor: Registrar,
        message: "nothing is evaluated for {party}",
        remedy: "ask whoever holds the key for a rate of your own",
    }
    FINGERPRINT_RATE_LIMITED = "fingerprint.rate_limited" {
        phase: Process, retryable: true, actor: Caller,
        message: "{party} has used up what is evaluated for it; so many are free again in {milliseconds} ms",
        remedy: "wait so long; who registers more than that asks whoever holds the key for a higher rate",
    }
    FINGERPRINT_UNKNOWN_KEY = "fingerprint.unknown_key" {
        phase: Process, retryable: false, actor: Registrar,
        message: "this service does not hold the key {key}",
        remedy: "ask under the keys in force on the ledger; when it is one of them, let the registrar load it",
    }
    FINGERPRINT_LOG_FULL = "fingerprint.log_full" {
        phase: Process, retryable: true, actor: Registrar,
        message: "the log has {limit} records and no room: nothing is evaluated without a record",
        remedy: "let the registrar take the log",
    }
    FINGERPRINT_UNAVAILABLE = "fingerprint.unavailable" {
        phase: Process, retryable: true, actor: Operations,
        message: "nothing was evaluated: {reason}",
        remedy: "check the services that hold the key, or shares of it, and try again",
    }
    FINGERPRINT_PROOF_REFUSED = "fingerprint.proof_refused" {
        phase: Proof, retryable: true, actor: Operations,
        message: "what {server} answered is not of the key {key}: {reason}",
        remedy: "use nothing of it, and tell the registrar: it has another key, or lies",
    }
    ERROR_UNKNOWN = "error.unknown" {
        phase: Proof, retryable: false, actor: Caller,
        message: "refused with code {code}, which this software does not know",
        remedy: "look the code up in a newer version of Allonge",
    }
    INTERNAL = "internal.error" {
        phase: Process, retryable: false, actor: Nobody,
        message: "a defect of Allonge: {reason}",
        remedy: "report it with what led to it; nothing acknowledged is lost",
    }
}

/// A file that could not be `action`.
pub(crate) fn file_failed(path: &Path, action: &str, error: std::io::Error) -> Error {
    FILE_IO.error().with("path", path.display()).with("action", action).with("reason", &error).because(error)
}

/// The whole registry: every error of every floor, by code.
pub fn registry() -> &'static [&'static Entry] {
    static ALL: LazyLock<Vec<&'static Entry>> = LazyLock::new(|| {
        let floors = [
            allonge_ledger::registry::ERRORS,
            allonge_trade::registry::ERRORS,
            allonge_messages::registry::ERRORS,
            CLIENT_ERRORS,
        ];
        let mut all = floors.concat();
        all.sort_by_key(|entry| entry.code);
        all
    });
    &ALL
}

/// The row of a code.
pub fn entry(code: &str) -> Option<&'static Entry> {
    let all = registry();
    all.binary_search_by_key(&code, |entry| entry.code).ok().and_then(|place| all.get(place)).copied()
}

/// A refusal of a block, with what the registry says about its code.
pub fn refusal_to_error(refusal: &Refusal) -> Error {
    match entry(&refusal.code) {
        Some(entry) => Error::from_parts(entry, refusal.details.clone(), refusal.operation),
        None => ERROR_UNKNOWN.error().with("code", &refusal.code),
    }
}

/// An error as every language sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorRecord {
    /// Stable and dotted: `letter_of_credit.presentation_late`.
    pub code: String,
    /// What went wrong in this case.
    pub message: String,
    /// What to do.
    pub remedy: String,
    /// When it happens: `input`, `admission`, `execution`, `proof`, `storage` or `process`.
    pub phase: String,
    /// Whether the same call can succeed later without a change by the caller.
    pub retryable: bool,
    /// Who must act: `caller`, `author`, `counterparty`, `registrar`, `calendar_publisher`, `operations` or
    /// `nobody`.
    pub actor: String,
    /// The rule that says so: `UCP 600`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The article of that rule: `14(b)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Which operation of the transaction it was, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<u16>,
    /// The particulars of this case.
    pub details: Vec<Detail>,
    /// Everything wrong with a FIN message.
    pub faults: Vec<Fault>,
    /// Every reason why a message does not become terms.
    pub problems: Vec<MappingProblem>,
}

impl From<&Error> for ErrorRecord {
    fn from(error: &Error) -> Self {
        let entry = error.entry();
        let source = std::error::Error::source(error);
        let faults = source.and_then(|source| source.downcast_ref::<FinError>());
        let problems = source.and_then(|source| source.downcast_ref::<MappingError>());
        ErrorRecord {
            code: entry.code.to_owned(),
            message: error.to_string(),
            remedy: entry.remedy.to_owned(),
            phase: word(&entry.phase),
            retryable: entry.retryable,
            actor: word(&entry.actor),
            rule: entry.rule.map(str::to_owned),
            article: entry.article.map(str::to_owned),
            operation: error.operation(),
            details: error.details().to_vec(),
            faults: faults.map(|error| error.faults().to_vec()).unwrap_or_default(),
            problems: problems.map(|error| error.problems().to_vec()).unwrap_or_default(),
        }
    }
}

/// A unit variant as JSON writes it.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_is_dotted() {
        let all = registry();
        for pair in all.windows(2) {
            assert!(pair[0].code < pair[1].code, "{} stands twice", pair[1].code);
        }
        for entry in all {
            let words: Vec<_> = entry.code.split('.').collect();
            // The design names this one without a family.
            let expected = if entry.code == UNSUPPORTED_HERE.code { 1 } else { 2 };
            assert_eq!(words.len(), expected, "{}", entry.code);
            assert!(!entry.remedy.is_empty() && !entry.message.is_empty(), "{}", entry.code);
            assert_eq!(entry.rule.is_some(), entry.article.is_some(), "{}", entry.code);
        }
    }
}

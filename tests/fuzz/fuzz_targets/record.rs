//! Every kind of record: canonical bytes lead to JSON, and the JSON back to the same bytes.

#![no_main]

use std::collections::BTreeSet;

use allonge::evidence::{canonical_bytes, from_canonical_bytes, state_key};
use allonge_fuzz::{Vectors, bytes, expect_code, seed};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const KINDS: [&str; 40] = [
    "money",
    "currency",
    "date",
    "timestamp",
    "bic",
    "lei",
    "iban",
    "cnaps",
    "uscc",
    "country",
    "party_id",
    "account_id",
    "hold_id",
    "proposal_id",
    "calendar_id",
    "idempotency_key",
    "public_key",
    "signature",
    "hash",
    "party",
    "account",
    "hold",
    "policy",
    "calendar",
    "authorities",
    "reversal",
    "letter_of_credit",
    "presentation",
    "claim",
    "genesis",
    "roster",
    "operation",
    "transaction",
    "signed_transaction",
    "proposal",
    "answer",
    "event",
    "result",
    "header",
    "another",
];
/// Those that are read and never made here.
const MADE_BY_A_LEDGER: [&str; 5] = ["proposal", "answer", "event", "result", "header"];

/// Every bytes of the vectors, behind the name of each kind that reads them: `date:`.
fn seeds() -> Vec<Vec<u8>> {
    let vectors = Vectors::read();
    let mut found = BTreeSet::new();
    for file in [&vectors.finance, &vectors.ledger, &vectors.receipts, &vectors.trade_records] {
        collect(file, &mut found);
    }
    let mut seeds = Vec::new();
    for kind in KINDS {
        let read = found.iter().filter(|bytes| from_canonical_bytes(kind, bytes).is_ok());
        seeds.extend(read.take(20).map(|bytes| [kind.as_bytes(), b":", bytes].concat()));
    }
    seeds
}

fn collect(value: &Value, found: &mut BTreeSet<Vec<u8>>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if ["bytes", "borsh", "body", "signed"].contains(&name.as_str()) {
                    let bytes = bytes(value);
                    // Operations and events begin with whose they are.
                    found.extend([
                        [&[0], bytes.as_slice()].concat(),
                        [&[1], bytes.as_slice()].concat(),
                        bytes,
                    ]);
                }
                collect(value, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Some(colon) = bytes.iter().position(|byte| *byte == b':') else { return };
    let Ok(kind) = std::str::from_utf8(&bytes[..colon]) else { return };
    let bytes = &bytes[colon + 1..];
    let record = match from_canonical_bytes(kind, bytes) {
        Ok(record) => record,
        Err(error) => return expect_code(&error, &["input.invalid", "evidence.malformed", "transaction."]),
    };
    let again = canonical_bytes(kind, record.clone());
    if MADE_BY_A_LEDGER.contains(&kind) {
        expect_code(&again.unwrap_err(), &["input.invalid"]);
    } else {
        assert_eq!(again.unwrap(), bytes, "{kind}: {record}");
    }
    // A key of the state is made from an id.
    for id in [record.get("id").unwrap_or(&record).clone(), record] {
        if let Err(error) = state_key(kind, id) {
            expect_code(&error, &["input.invalid"]);
        }
    }
});

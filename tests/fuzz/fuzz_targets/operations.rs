//! Operations from JSON: they have one canonical form, and JSON that says the same.

#![no_main]

use allonge::records::{Operation, operations_from_json};
use allonge_fuzz::{Vectors, expect_code, seed, strict};
use allonge_ledger::canonical;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fn seeds() -> Vec<Vec<u8>> {
    let Vectors { ledger, trade_records, .. } = Vectors::read();
    let ledgers = Vectors::cases(&ledger["transactions"]).iter().map(|case| case["operations"].clone());
    let trades = Vectors::cases(&trade_records["operations"]).iter().map(|case| case["json"].clone());
    let others = [json!([]), json!({ "type": "transfer" })];
    let seeds: Vec<Value> = ledgers.chain(trades).chain(others).collect();
    seeds.iter().map(|operations| operations.to_string().into_bytes()).collect()
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Ok(json) = std::str::from_utf8(bytes) else { return };
    let operations = match operations_from_json(json) {
        Ok(operations) => operations,
        Err(error) => return expect_code(&error, &["input.invalid"]),
    };
    assert_eq!(strict::<Vec<Operation>>(&canonical(&operations)).as_ref(), Some(&operations));
    let json = serde_json::to_string(&operations).unwrap();
    assert_eq!(operations_from_json(&json).unwrap(), operations, "{json}");
});

//! FIN messages as JSON, perhaps edited: what comes of them is a message that reads back as itself.

#![no_main]

use allonge::messages::fin::FinRecord;
use allonge::records::from_json;
use allonge::{format_fin, parse_fin};
use allonge_fuzz::{expect_code, seed};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// A record, and its content alone.
fn seeds() -> Vec<Vec<u8>> {
    let message = parse_fin(include_bytes!("../../vectors/fin/mt700_usance.fin")).unwrap();
    let record = serde_json::to_value(message.to_record()).unwrap();
    let mut edited = record.clone();
    edited["original"] = Value::Null;
    [record, edited].map(|record| record.to_string().into_bytes()).into()
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let Ok(json) = std::str::from_utf8(bytes) else { return };
    let record: FinRecord = match from_json(json, "message") {
        Ok(record) => record,
        Err(error) => return expect_code(&error, &["input.invalid"]),
    };
    match format_fin(record.clone()) {
        Ok(written) => {
            let message = parse_fin(&written).unwrap();
            assert_eq!(message.format(), written);
            if record.original.is_none() {
                assert_eq!(message.fields(), record.content.fields);
            }
        }
        Err(error) => expect_code(&error, &["message.fin_invalid"]),
    }
});

//! The canonical bytes of every operation, event and record are frozen in `tests/vectors/trade_records.json`.
//!
//! The JSON there is written by hand; `ALLONGE_UPDATE_VECTORS=1` writes the bytes beside it anew.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use allonge_ledger::{canonical, from_canonical};
use allonge_trade::*;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/trade_records.json");

/// Reads each entry of a section from its JSON and back, and answers with its bytes filled in.
fn encode<T>(section: &Value) -> (Value, Vec<Vec<u8>>)
where
    T: Serialize + DeserializeOwned + BorshSerialize + BorshDeserialize + PartialEq + std::fmt::Debug,
{
    let (mut filled, mut all) = (section.clone(), Vec::new());
    for entry in filled.as_array_mut().unwrap() {
        let value: T = serde_json::from_value(entry["json"].clone()).unwrap();
        assert_eq!(serde_json::to_value(&value).unwrap(), entry["json"]);
        let bytes = canonical(&value);
        assert_eq!(from_canonical::<T>(&bytes).unwrap(), value);
        entry["bytes"] = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
        all.push(bytes);
    }
    (filled, all)
}

#[test]
fn operations_events_and_records_have_the_bytes_of_the_vectors() {
    let frozen: Value = serde_json::from_str(&std::fs::read_to_string(PATH).unwrap()).unwrap();
    let mut made = frozen.clone();
    let (operations, operation_bytes) = encode::<TradeOperation>(&frozen["operations"]);
    let (events, event_bytes) = encode::<TradeEvent>(&frozen["events"]);
    made["operations"] = operations;
    made["events"] = events;
    made["credits"] = encode::<LetterOfCredit>(&frozen["credits"]).0;
    made["presentations"] = encode::<Presentation>(&frozen["presentations"]).0;
    made["financings"] = encode::<Financing>(&frozen["financings"]).0;
    made["financed_assets"] = encode::<FinancedAsset>(&frozen["financed_assets"]).0;
    made["fingerprint_keys"] = encode::<FingerprintKeys>(&frozen["fingerprint_keys"]).0;
    made["notarised_documents"] = encode::<NotarisedDocument>(&frozen["notarised_documents"]).0;
    made["transferable_records"] = encode::<TransferableRecord>(&frozen["transferable_records"]).0;
    made["unit_certificates"] = encode::<UnitCertificate>(&frozen["unit_certificates"]).0;
    made["unit_holdings"] = encode::<UnitHolding>(&frozen["unit_holdings"]).0;
    made["exposures"] = encode::<Exposure>(&frozen["exposures"]).0;
    made["claims"] = encode::<Claim>(&frozen["claims"]).0;
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some() {
        std::fs::write(PATH, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    } else {
        assert_eq!(made, frozen);
    }

    // Every variant is there; a new one must be frozen too.
    let discriminants = |all: &[Vec<u8>]| all.iter().map(|bytes| bytes[0]).collect::<BTreeSet<_>>();
    assert_eq!(discriminants(&operation_bytes), (0..=8).chain(80..=88).chain(90..=99).collect());
    assert_eq!(discriminants(&event_bytes), (0..=12).chain(80..=99).collect());
    let after_the_last = |last: u8| [last + 1, 0, 0, 0, 0];
    assert!(TradeOperation::try_from_slice(&after_the_last(8)).is_err());
    assert!(TradeOperation::try_from_slice(&after_the_last(88)).is_err());
    assert!(TradeEvent::try_from_slice(&after_the_last(12)).is_err());
    assert!(TradeEvent::try_from_slice(&after_the_last(99)).is_err());
}

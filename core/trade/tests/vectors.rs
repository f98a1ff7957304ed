//! The canonical bytes of every operation, event and record are frozen in `tests/vectors/*_records.json`, a file for each
//! family of instruments.
//!
//! The JSON there is written by hand; `ALLONGE_UPDATE_VECTORS=1` writes the bytes beside it anew.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::collections::BTreeSet;

use allonge_ledger::{Governed, canonical, from_canonical};
use allonge_trade::*;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The files of vectors.
const FILES: &[&str] = &[
    "trade_records",
    "credit_records",
    "claim_records",
    "guarantee_records",
    "bill_records",
    "factoring_records",
    "participation_records",
    "supervision_records",
];

/// Reads each entry of a section from its JSON and back, and fills in its bytes.
fn encode<T>(section: &mut Value) -> Vec<Vec<u8>>
where
    T: Serialize + DeserializeOwned + BorshSerialize + BorshDeserialize + PartialEq + std::fmt::Debug,
{
    let mut all = Vec::new();
    for entry in section.as_array_mut().unwrap() {
        let value: T = serde_json::from_value(entry["json"].clone()).unwrap();
        assert_eq!(serde_json::to_value(&value).unwrap(), entry["json"]);
        let bytes = canonical(&value);
        assert_eq!(from_canonical::<T>(&bytes).unwrap(), value);
        entry["bytes"] = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into();
        all.push(bytes);
    }
    all
}

/// Encodes a section by what it is called.
fn encode_section(name: &str, section: &mut Value) -> Vec<Vec<u8>> {
    match name {
        "about" => Vec::new(),
        "operations" => encode::<TradeOperation>(section),
        "events" => encode::<TradeEvent>(section),

        "credits" => encode::<LetterOfCredit>(section),
        "credit_amendments" => encode::<CreditAmendment>(section),
        "presentations" => encode::<Presentation>(section),

        "claims" => encode::<Claim>(section),
        "debts" => encode::<Debt>(section),
        "listings" => encode::<Listing>(section),
        "quotes" => encode::<Quote>(section),
        "trades" => encode::<Trade>(section),

        "financings" => encode::<Financing>(section),
        "financed_assets" => encode::<FinancedAsset>(section),
        "fingerprint_keys" => encode::<FingerprintKeys>(section),
        "notarised_documents" => encode::<NotarisedDocument>(section),
        "transferable_records" => encode::<TransferableRecord>(section),
        "unit_certificates" => encode::<UnitCertificate>(section),
        "unit_holdings" => encode::<UnitHolding>(section),
        "exposures" => encode::<Exposure>(section),

        // Demand guarantees and standbys.
        "guarantees" => encode::<Guarantee>(section),
        "demands" => encode::<Demand>(section),
        "guarantee_amendments" => encode::<GuaranteeAmendment>(section),
        "guarantee_instructions" => encode::<GuaranteeInstruction>(section),

        // Bills of exchange.
        "bills" => encode::<Bill>(section),
        "bill_parts" => encode::<BillPart>(section),
        "bill_packages" => encode::<BillPackage>(section),

        // Factoring and payables.
        "vouchers" => encode::<Voucher>(section),
        "credit_approvals" => encode::<CreditApproval>(section),
        "receivables" => encode::<Receivable>(section),

        // Risk participation.
        "participation_agreements" => encode::<ParticipationAgreement>(section),
        "underlyings" => encode::<Underlying>(section),
        "participations" => encode::<Participation>(section),

        // Supervision and limits.
        "freeze_orders" => encode::<FreezeOrder>(section),
        "freeze_counts" => encode::<FreezeCount>(section),
        "positions" => encode::<Position>(section),
        "lines" => encode::<Line>(section),
        other => panic!("no section is called {other}"),
    }
}

#[test]
fn operations_events_and_records_have_the_bytes_of_the_vectors() {
    let (mut operations, mut events) = (Vec::new(), Vec::new());
    for file in FILES {
        let path = format!("{}/../../tests/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let frozen: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut made = frozen.clone();
        for (name, section) in made.as_object_mut().unwrap() {
            let bytes = encode_section(name, section);
            match name.as_str() {
                "operations" => operations.extend(bytes),
                "events" => events.extend(bytes),
                _ => {}
            }
        }
        if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some() {
            std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
        } else {
            assert_eq!(made, frozen);
        }
    }

    // Every variant is there; a new one must be frozen too.
    let discriminants = |all: &[Vec<u8>]| all.iter().map(|bytes| bytes[0]).collect::<BTreeSet<_>>();
    let (operations, events) = (discriminants(&operations), discriminants(&events));
    assert_eq!(operations.len(), TradeOperation::KINDS.len());
    for discriminant in 0..=u8::MAX {
        let known = |error: std::io::Error| !error.to_string().contains("Unexpected variant tag");
        let operation = TradeOperation::try_from_slice(&[discriminant]).map_or_else(known, |_| true);
        assert_eq!(operation, operations.contains(&discriminant), "operation {discriminant}");
        let event = TradeEvent::try_from_slice(&[discriminant]).map_or_else(known, |_| true);
        assert_eq!(event, events.contains(&discriminant), "event {discriminant}");
    }
}

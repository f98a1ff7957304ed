//! Receipts: read strictly; and what one proves, a genuine one proves.

#![no_main]

use std::sync::LazyLock;

use allonge_fuzz::{Vectors, expect_code, seed};
use allonge_ledger::{Genesis, Proven, Receipt, Trust};
use allonge_trade::{TradeEvent, TradeOperation};
use libfuzzer_sys::fuzz_target;

/// Each genesis, and what the genuine receipts prove by it.
static NETWORKS: LazyLock<Vec<(Trust, Vec<Proven<TradeOperation, TradeEvent>>)>> = LazyLock::new(|| {
    let Vectors { receipts, trade, .. } = Vectors::read();
    let named = Vectors::cases(&receipts["genesis"]).iter().map(|genesis| &genesis["json"]);
    let files = [&receipts, &trade];
    let genuine: Vec<_> = files.into_iter().flat_map(|file| Vectors::all(&file["good"], "receipt")).collect();
    named
        .chain([&trade["genesis"]])
        .map(|json| {
            let genesis: Genesis = serde_json::from_value(json.clone()).unwrap();
            let trust = Trust::new(genesis);
            let proven =
                genuine.iter().filter_map(|bytes| Receipt::from_bytes(bytes).unwrap().verify(&trust).ok());
            let proven: Vec<_> = proven.collect();
            assert!(!proven.is_empty());
            (trust, proven)
        })
        .collect()
});

fn seeds() -> Vec<Vec<u8>> {
    let Vectors { receipts, trade, .. } = Vectors::read();
    let sections = [&receipts["good"], &receipts["bad"], &trade["good"], &trade["bad"]];
    sections.into_iter().flat_map(|section| Vectors::all(section, "receipt")).collect()
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let receipt = match Receipt::from_bytes(bytes) {
        Ok(receipt) => receipt,
        Err(error) => return expect_code(&error, &["receipt.malformed", "receipt.version"]),
    };
    assert_eq!(receipt.to_bytes(), bytes);
    for (trust, genuine) in NETWORKS.iter() {
        match receipt.verify(trust) {
            Ok(proven) => assert!(genuine.contains(&proven), "forged: {proven:?}"),
            Err(error) => expect_code(&error, &["receipt.invalid", "receipt.wrong_network"]),
        }
    }
});

//! Receipts of histories and of answers: read strictly; and what one proves is so.

#![no_main]

use std::sync::LazyLock;

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_fuzz::{Vectors, bytes, expect_code, seed};
use allonge_ledger::{AnswerReceipt, Error, Genesis, Header, HistoryReceipt, IdempotencyKey, Trust};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

struct Truth {
    trust: Trust,
    /// Every header that the genuine files have.
    headers: Vec<Header>,
    answers: Vec<Asked>,
    /// From this height on the time of every key that was asked for is over.
    settled_from: u64,
}

/// A key with its `valid_until`, and the transaction that used it.
struct Asked {
    party: PartyId,
    key: IdempotencyKey,
    valid_until: Timestamp,
    transaction: Option<Hash>,
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

static TRUTH: LazyLock<Truth> = LazyLock::new(|| {
    let Vectors { proofs, .. } = Vectors::read();
    let trust = Trust::new(read::<Genesis>(&proofs["genesis"]));
    let mut headers = Vec::new();
    // The validator forked the ledger in one of the bad files: its headers are genuine, too.
    let forked = |case: &&Value| case["code"] == "history.forked";
    let forks = Vectors::cases(&proofs["histories"]["bad"]).iter().filter(forked);
    for case in Vectors::cases(&proofs["histories"]["good"]).iter().chain(forks) {
        let file = HistoryReceipt::from_bytes(&bytes(&case["file"])).unwrap();
        let (older, newer) = file.verify(&trust).unwrap();
        headers.extend([older.clone(), newer.clone()]);
    }
    let cases = Vectors::cases(&proofs["answers"]["good"]);
    let asked = |case: &Value| Asked {
        party: read(&case["party"]),
        key: read(&case["key"]),
        valid_until: read(&case["valid_until"]),
        transaction: read(&case["proves"]["transaction"]),
    };
    let never = |case: &&Value| case["name"] == "never used";
    let settled_from = read(&cases.iter().find(never).unwrap()["proves"]["height"]);
    Truth { trust, headers, answers: cases.iter().map(asked).collect(), settled_from }
});

fn seeds() -> Vec<Vec<u8>> {
    let Vectors { proofs, .. } = Vectors::read();
    let sections = ["histories", "answers"].map(|section| &proofs[section]);
    sections
        .into_iter()
        .flat_map(|section| [&section["good"], &section["bad"]])
        .flat_map(|cases| Vectors::all(cases, "file"))
        .collect()
}

fn unreadable(error: &Error) {
    expect_code(error, &["receipt.malformed", "receipt.version"]);
}

fn unproven(error: &Error) {
    expect_code(error, &["receipt.invalid", "receipt.wrong_network"]);
}

fn check_history(bytes: &[u8]) {
    let receipt = match HistoryReceipt::from_bytes(bytes) {
        Ok(receipt) => receipt,
        Err(error) => return unreadable(&error),
    };
    assert_eq!(receipt.to_bytes(), bytes);
    match receipt.verify(&TRUTH.trust) {
        Ok((older, newer)) => {
            assert!(older.height < newer.height);
            assert!(TRUTH.headers.contains(older) && TRUTH.headers.contains(newer), "forged: {receipt:?}");
        }
        Err(error) => unproven(&error),
    }
}

fn check_answer(bytes: &[u8]) {
    let receipt = match AnswerReceipt::from_bytes(bytes) {
        Ok(receipt) => receipt,
        Err(error) => return unreadable(&error),
    };
    assert_eq!(receipt.to_bytes(), bytes);
    for Asked { party, key, valid_until, transaction } in &TRUTH.answers {
        match receipt.verify(&TRUTH.trust, (party, *key), *valid_until) {
            Ok(proven) => {
                let found = proven.answer.map(|answer| answer.transaction);
                assert_eq!(&found, transaction, "forged: {receipt:?}");
                assert!(!proven.settled || found.is_some() || proven.height >= TRUTH.settled_from);
            }
            Err(error) => unproven(&error),
        }
    }
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    check_history(bytes);
    check_answer(bytes);
});

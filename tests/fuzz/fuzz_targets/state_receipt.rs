//! State receipts: read strictly; and what one proves, the state has.

#![no_main]

use std::sync::LazyLock;

use allonge_fuzz::{Sample, Vectors, expect_code, seed};
use allonge_ledger::{Account, Error, Party, ProvenRecord, StateReceipt, Trust};
use libfuzzer_sys::fuzz_target;

static SAMPLE: LazyLock<(Sample, Trust)> = LazyLock::new(|| {
    let sample = Sample::new(&Vectors::read());
    let trust = Trust::new(sample.genesis.clone());
    (sample, trust)
});

fn check<T: PartialEq + std::fmt::Debug>(answer: Result<ProvenRecord<T>, Error>, truth: Option<&T>) {
    match answer {
        Ok(proven) => assert_eq!((proven.record.as_ref(), proven.height), (truth, 3)),
        Err(error) => expect_code(&error, &["receipt.invalid", "receipt.wrong_network"]),
    }
}

fuzz_target!(init: seed(SAMPLE.0.receipts.iter().map(StateReceipt::to_bytes)), |bytes: &[u8]| {
    let receipt = match StateReceipt::from_bytes(bytes) {
        Ok(receipt) => receipt,
        Err(error) => return expect_code(&error, &["receipt.malformed", "receipt.version"]),
    };
    assert_eq!(receipt.to_bytes(), bytes);
    let (Sample { party, account, no_account, .. }, trust) = &*SAMPLE;
    check(receipt.verify::<Party>(trust, &party.0), Some(&party.1));
    check(receipt.verify::<Account>(trust, &account.0), Some(&account.1));
    check(receipt.verify::<Account>(trust, no_account), None);
});

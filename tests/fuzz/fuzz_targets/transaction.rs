//! Signed transactions: read strictly, and judged alone as among others.

#![no_main]

use std::sync::LazyLock;

use allonge_fuzz::{SUITE, Vectors, expect_code, seed};
use allonge_ledger::{Receipt, SignedTransaction, Verifier, Workers};
use allonge_trade::TradeOperation;
use libfuzzer_sys::fuzz_target;

/// Whatever else is in a batch.
static GOOD: LazyLock<Vec<u8>> = LazyLock::new(|| seeds().swap_remove(0));

fn seeds() -> Vec<Vec<u8>> {
    let vectors = Vectors::read();
    let mut seeds = Vectors::all(&vectors.ledger["transactions"], "signed");
    seeds.extend(Vectors::all(&vectors.ledger["bad_transactions"], "signed"));
    let receipts = Vectors::all(&vectors.trade["good"], "receipt");
    seeds.extend(receipts.iter().map(|receipt| Receipt::from_bytes(receipt).unwrap().transaction));
    seeds
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    let signed = match SignedTransaction::from_bytes(bytes) {
        Ok(signed) => signed,
        Err(error) => return expect_code(&error, &["transaction.malformed", "transaction.too_large"]),
    };
    assert_eq!(signed.to_bytes(), bytes);
    let transaction = match signed.transaction::<TradeOperation>() {
        Ok(transaction) => transaction,
        Err(error) => return expect_code(&error, &["transaction.malformed", "transaction.operations"]),
    };
    assert_eq!(transaction.to_bytes(), signed.body);

    let verifier = Verifier::new(SUITE, transaction.network);
    let told = |answer: &Result<allonge_ledger::Verified<TradeOperation>, allonge_ledger::Error>| match answer {
        Ok(verified) => Ok(verified.id()),
        Err(error) => Err(error.to_string()),
    };
    let alone = verifier.verify_one(&signed);
    if let Err(error) = &alone {
        expect_code(error, &["signature."]);
    }
    let among_others = [GOOD.clone(), bytes.to_vec(), GOOD.clone()];
    let together = verifier.verify_bytes(&Workers::none(), &among_others);
    assert_eq!(told(&together[1]), told(&alone));
    let same = signed.check_signatures(&transaction.network, &signed.id(SUITE), &transaction.author);
    assert_eq!(same.is_ok(), alone.is_ok());
});

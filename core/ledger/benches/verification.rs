//! What verifying transactions costs beside bare batches of their signatures, in one interleaved run.
//!
//! Prints rows of `{name, value, unit, baseline, ratio, must, aim, holds}` as JSON lines.
#![allow(missing_docs, clippy::expect_used, clippy::float_arithmetic)]

#[path = "bare/signatures.rs"]
mod signatures;

use std::hint::black_box;
use std::sync::LazyLock;
use std::time::Instant;

use allonge_crypto::{Hash, HashSuite, SoftwareSigner};
use allonge_finance::{Currency, Money, PartyId, Timestamp};
use allonge_ledger::{
    IdempotencyKey, LedgerOperation, Operation, SignedTransaction, Transaction, Verifier, Workers,
};
use serde_json::json;
use signatures::Signatures;

const SUITE: HashSuite = HashSuite::Sha256;
const NETWORK: Hash = Hash::new([7; 32]);
const BATCH: usize = 1_024;
const TRANSACTIONS: usize = 8 * BATCH;
const ROUNDS: usize = 15;

fn main() {
    let (one, two) = (Workers::none(), Workers::with_threads(2));
    for (name, keys) in [("64 keys", 64), ("distinct keys", TRANSACTIONS)] {
        let name = format!("verification stage, {name}");
        let transactions = transactions(keys);
        let bytes: Vec<Vec<u8>> = transactions.iter().map(SignedTransaction::to_bytes).collect();
        let bare = Signatures::of(SUITE, &NETWORK, &transactions);
        let rounds = (0..ROUNDS).map(|_| {
            let bare = per_second(cpu_time, || bare.verify());
            (per_second(cpu_time, || stage(&one, &bytes)), bare)
        });
        row(&name, rounds.collect(), 0.85, 0.93);
        let rounds = (0..ROUNDS).map(|_| {
            let one = per_second(time, || stage(&one, &bytes));
            (per_second(time, || stage(&two, &bytes)), one)
        });
        row(&format!("{name}: two threads beside one"), rounds.collect(), 1.6, 1.8);
    }
}

/// Payments, each signed once, with so many keys in turn.
fn transactions(keys: usize) -> Vec<SignedTransaction> {
    let signers: Vec<_> = (1..=keys as u64)
        .map(|number| {
            let mut seed = [0; 32];
            seed[..8].copy_from_slice(&number.to_le_bytes());
            SoftwareSigner::from_seed(seed)
        })
        .collect();
    let transaction = |(number, signer): (u128, &SoftwareSigner)| {
        let transfer = LedgerOperation::Transfer {
            from: "SYNBCNBJXXX/USD/settlement".parse().expect("an account"),
            to: "SYNBDEFFXXX/USD/settlement".parse().expect("an account"),
            amount: Money::parse("1250.00", Currency::parse("USD").expect("a currency")).expect("money"),
            value_date: None,
            reference: format!("invoice {number}"),
        };
        let transaction = Transaction::<()> {
            network: NETWORK,
            author: PartyId::parse("SYNBCNBJXXX").expect("a BIC"),
            key: IdempotencyKey::new(number.to_le_bytes()),
            valid_until: Timestamp::from_millis(1_800_000_000_000).expect("a time"),
            operations: vec![Operation::Ledger(transfer)],
        };
        transaction.sign(SUITE, &[signer]).expect("signed")
    };
    (0..).zip(signers.iter().cycle()).take(TRANSACTIONS).map(transaction).collect()
}

/// From bytes to verified transactions.
fn stage(workers: &Workers, bytes: &[Vec<u8>]) -> impl Sized {
    let answers = Verifier::new(SUITE, NETWORK).verify_bytes::<()>(workers, black_box(bytes));
    assert!(answers.iter().all(Result::is_ok));
    answers
}

/// How many transactions a second; what was made is dropped by whoever works with it next.
fn per_second<T>(clock: impl Fn() -> f64, work: impl FnOnce() -> T) -> f64 {
    let started = clock();
    let made = work();
    let seconds = clock() - started;
    drop(made);
    TRANSACTIONS as f64 / seconds
}

/// Seconds.
fn time() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// Seconds that this thread computed, where Linux says so: others may be at work on the same machine.
fn cpu_time() -> f64 {
    // The kernel counts when it schedules.
    std::thread::yield_now();
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = counted.and_then(|counted| counted.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(time, |nanoseconds| nanoseconds / 1e9)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// A value and its baseline from each round; the ratio is the median of the rounds'.
fn row(name: &str, rounds: Vec<(f64, f64)>, must: f64, aim: f64) {
    let value = median(rounds.iter().map(|(value, _)| *value).collect());
    let baseline = median(rounds.iter().map(|(_, baseline)| *baseline).collect());
    let ratio = median(rounds.iter().map(|(value, baseline)| value / baseline).collect());
    let row = json!({
        "name": name, "value": value, "unit": "transactions/s", "baseline": baseline, "ratio": ratio,
        "must": must, "aim": aim, "holds": ratio >= must,
    });
    println!("{row}");
}

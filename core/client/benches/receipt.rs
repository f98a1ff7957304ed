//! What verifying a receipt costs beside its bare signature checks and hashes, in one interleaved run.
//!
//! Prints rows of `{name, value, unit, baseline, ratio, must, aim, holds}` as JSON lines.
#![allow(clippy::expect_used, clippy::float_arithmetic)]

use std::hint::black_box;
use std::time::Instant;

use allonge::{Clock, Ledger, LedgerOperation, OpenOptions, Operation, PartyId, Receipt, Trust};
use allonge_crypto::HashSuite;
use allonge_ledger::{Receipt as Raw, SignedTransaction, approval_message, certificate_namespace};
use serde_json::json;

const ROUNDS: usize = 41;
const REPEATS: usize = 200;

fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let options = OpenOptions { clock: Clock::Manual, ..OpenOptions::default() };
    let ledger = Ledger::open(directory.path(), options).expect("a ledger");
    let bank = PartyId::parse("SYNBCNBJXXX").expect("a BIC");
    let session = ledger.admit(bank, "Synthetic Bank of China").expect("admitted");
    let open = LedgerOperation::OpenAccount {
        account: "SYNBCNBJXXX/USD/settlement".parse().expect("an account"),
        ceiling: None,
    };
    let outcome = session.submit(vec![Operation::Ledger(open)], Default::default()).expect("an outcome");
    let bytes = outcome.receipt().expect("an outcome with a receipt").to_bytes();
    let trust = ledger.trust().clone();

    let bare = Bare::of(&bytes, &trust);
    let (mut whole_times, mut bare_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        whole_times.push(time(|| {
            let receipt = Receipt::from_bytes(black_box(&bytes)).expect("a receipt");
            black_box(receipt.verify(&trust).expect("it holds"));
        }));
        bare_times.push(time(|| bare.run()));
    }
    let (whole, bare_time) = (median(&mut whole_times), median(&mut bare_times));
    let ratio = whole / bare_time;
    let result = Raw::from_bytes(&bytes).expect("a receipt").result.len();
    let transaction = Raw::from_bytes(&bytes).expect("a receipt").transaction.len();
    row("receipt verification, Rust", whole, "µs", bare_time, ratio, 1.2);
    let proof = bytes.len() - transaction;
    row("receipt beyond its transaction", proof as f64, "bytes", 2048.0, proof as f64 / 2048.0, 1.0);
    eprintln!("receipt {} bytes, of which transaction {transaction} and result {result}", bytes.len());
}

/// The signature checks and hashes of one receipt, and nothing else.
struct Bare {
    approvals: Vec<(allonge::PublicKey, Vec<u8>, allonge::Signature)>,
    hashed: Vec<Vec<u8>>,
}

impl Bare {
    fn of(bytes: &[u8], trust: &Trust) -> Bare {
        let receipt = Raw::from_bytes(bytes).expect("a receipt");
        let suite = trust.genesis().hash_suite;
        let signed = SignedTransaction::from_bytes(&receipt.transaction).expect("a transaction");
        let message = approval_message(&trust.network(), &signed.id(suite));
        let mut approvals: Vec<_> =
            signed.approvals.iter().map(|one| (one.key, message.clone(), one.signature)).collect();
        let namespace = certificate_namespace(&trust.network());
        let vote = receipt.certificate.proposal().signed_message(&namespace);
        for one in receipt.certificate.votes() {
            let key = *trust.genesis().roster.get(one.signer).expect("a validator");
            approvals.push((key.into(), vote.clone(), allonge::Signature::Ed25519(one.signature)));
        }
        let mut hashed = vec![receipt.transaction.clone(), receipt.result.clone(), signed.body.clone()];
        hashed.extend(receipt.headers.iter().map(allonge_ledger::canonical));
        Bare { approvals, hashed }
    }

    fn run(&self) {
        for bytes in &self.hashed {
            black_box(HashSuite::Sha256.hash("bench", black_box(bytes)));
        }
        for (key, message, signature) in &self.approvals {
            key.verify(black_box(message), signature).expect("it holds");
        }
    }
}

/// Microseconds of one call, over many.
fn time(call: impl Fn()) -> f64 {
    let started = Instant::now();
    for _ in 0..REPEATS {
        call();
    }
    started.elapsed().as_secs_f64() * 1e6 / REPEATS as f64
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn row(name: &str, value: f64, unit: &str, baseline: f64, ratio: f64, must: f64) {
    let row = json!({
        "name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": ratio,
        "must": must, "aim": must, "holds": ratio <= must,
    });
    println!("{row}");
}

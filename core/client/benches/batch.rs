//! Batches of transfers submitted as prepared bytes: what `tests/bench/languages.py` compares other languages with.
//!
//! `batch DIRECTORY TRANSFERS BATCHES` prepares so many transactions of so many transfers for every line that it reads,
//! says `ready`, submits them one after the other once it reads another, and prints the seconds that took.
#![allow(clippy::expect_used, clippy::float_arithmetic)]

use std::hint::black_box;
use std::io::BufRead;
use std::time::Instant;

use allonge::records::operations_from_value;
use allonge::{Ledger, OpenOptions, Operation, Session, SubmitOptions};
use serde_json::{Value, json};

const DEADLINE_MS: u64 = 60_000;
/// The money goes to so many accounts.
const DESKS: usize = 100;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let directory = arguments.next().expect("a directory");
    let [transfers, batches] =
        [(); 2].map(|()| arguments.next().and_then(|number| number.parse().ok()).expect("a number"));
    let ledger = Ledger::open(directory, OpenOptions::default()).expect("a ledger");
    let operator = ledger.operator().expect("the operator");
    let accounts = (0..DESKS).map(|desk| format!("desk-{desk}")).chain(["issue".to_owned()]);
    let open = accounts.map(|name| json!({ "type": "open_account", "account": account(&name) })).collect();
    let opened = operator.submit(read(open), SubmitOptions::default()).expect("an outcome");
    opened.committed().expect("accounts");

    let mut lines = std::io::stdin().lock().lines();
    while lines.next().is_some() {
        let prepared: Vec<Vec<u8>> = (0..batches).map(|_| prepare(&operator, transfers)).collect();
        println!("ready");
        lines.next();
        let started = Instant::now();
        for signed in &prepared {
            let outcome = ledger.submit(black_box(signed), DEADLINE_MS).expect("an outcome");
            black_box(outcome.committed().expect("it takes effect"));
        }
        println!("{}", started.elapsed().as_secs_f64());
    }
    ledger.close();
}

fn prepare(operator: &Session, transfers: usize) -> Vec<u8> {
    let transfer = |number: usize| {
        json!({
            "type": "transfer", "from": account("issue"), "to": account(&format!("desk-{}", number % DESKS)),
            "amount": { "amount": "0.01", "currency": "USD" }, "reference": format!("invoice {number}"),
        })
    };
    let operations = read((0..transfers).map(transfer).collect());
    operator.prepare(operations, SubmitOptions::default()).expect("a transaction")
}

fn account(name: &str) -> String {
    format!("operator/USD/{name}")
}

fn read(operations: Vec<Value>) -> Vec<Operation> {
    operations_from_value(Value::Array(operations)).expect("operations")
}

//! Batches of transfers submitted as prepared bytes: what `tests/bench/languages.py` compares other languages with.
//!
//! `batch DIRECTORY TRANSFERS BATCHES` prepares so many transactions of so many transfers for every line that it reads,
//! says `ready`, submits them one after the other once it reads another, and prints the seconds that took.
#![allow(clippy::expect_used, clippy::float_arithmetic)]

use std::hint::black_box;
use std::io::BufRead;
use std::time::Instant;

use allonge::{Ledger, OpenOptions};

mod transfers;

use transfers::{open_accounts, prepare};

const DEADLINE_MS: u64 = 60_000;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let directory = arguments.next().expect("a directory");
    let [transfers, batches] =
        [(); 2].map(|()| arguments.next().and_then(|number| number.parse().ok()).expect("a number"));
    let ledger = Ledger::open(directory, OpenOptions::default()).expect("a ledger");
    let operator = ledger.operator().expect("the operator");
    open_accounts(&operator);

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

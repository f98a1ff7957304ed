//! A network of four validators under load, and a ledger in one process under the same: what `tests/bench/network.py`
//! runs.
//!
//! `network make DIRECTORY` makes the files of a network on this machine; `network validator HOME` runs one of its
//! validators until its input ends. `network load DIRECTORY TRANSFERS COUNT WINDOW` submits so many transactions of so
//! many transfers each to it, so many at once, and prints the seconds, the bytes of the transactions, and then the
//! microseconds from the submission of each to its verified receipt; `network embedded DIRECTORY …` does the same on a
//! ledger in the process.
#![allow(clippy::expect_used, clippy::arithmetic_side_effects)]

use std::io::Read as _;
use std::time::{Duration, Instant};

use allonge::{DevelopmentNetwork, Ledger, NodeConfig, OpenOptions, Trust, Validator};
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

mod transfers;

use transfers::{account, open_accounts, prepare};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().expect("a number");
    match arguments.as_slice() {
        ["make", directory] => {
            drop(DevelopmentNetwork::start(directory, OpenOptions::default()).expect("a network"));
        }
        ["validator", home] => {
            let validator = Validator::start(home).expect("a validator");
            println!("{}", validator.url());
            std::io::stdin().read_to_end(&mut Vec::new()).expect("an end");
        }
        ["load", directory, transfers, count, window] => {
            let trust = Trust::load(format!("{directory}/genesis.json")).expect("a genesis");
            let url = |place: usize| {
                let path = format!("{directory}/validator-{place}/node.json");
                let json = std::fs::read_to_string(path).expect("a configuration");
                let config: NodeConfig = serde_json::from_str(&json).expect("a configuration");
                format!("http://{}", config.api)
            };
            let urls: Vec<String> = (0..4).map(url).collect();
            let ledger = Ledger::connect(&urls, trust, format!("{directory}/operator")).expect("a network");
            measure(&ledger, number(transfers), number(count), number(window));
        }
        ["embedded", directory, transfers, count, window] => {
            let ledger = Ledger::open(directory, OpenOptions::default()).expect("a ledger");
            measure(&ledger, number(transfers), number(count), number(window));
        }
        _ => unreachable!("make, validator, load or embedded"),
    }
}

fn measure(ledger: &Ledger, transfers: usize, count: usize, window: usize) {
    let operator = ledger.operator().expect("the operator");
    let issue = account("issue").parse().expect("an account");
    if ledger.account(&issue).expect("an answer").is_none() {
        open_accounts(&operator);
    }
    let prepared: Vec<Vec<u8>> = (0..count).map(|_| prepare(&operator, transfers)).collect();
    let bytes: usize = prepared.iter().map(Vec::len).sum();

    let began = Instant::now();
    let times = futures::executor::block_on(async {
        let mut times = Vec::with_capacity(count);
        let mut waiting = FuturesUnordered::new();
        for signed in &prepared {
            if waiting.len() == window
                && let Some(time) = waiting.next().await
            {
                times.push(time);
            }
            waiting.push(one(ledger, signed));
        }
        while let Some(time) = waiting.next().await {
            times.push(time);
        }
        times
    });
    let seconds = began.elapsed().as_secs_f64();
    print!("{seconds} {bytes}");
    times.iter().for_each(|time| print!(" {}", time.as_micros()));
    println!();
    ledger.close();
}

async fn one(ledger: &Ledger, signed: &[u8]) -> Duration {
    let began = Instant::now();
    let outcome = ledger.submit_async(signed).await.expect("an outcome");
    let committed = outcome.committed().expect("it takes effect");
    committed.receipt.verify(ledger.trust()).expect("it holds");
    began.elapsed()
}

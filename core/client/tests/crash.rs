//! A process that is killed while several threads submit loses nothing that it acknowledged.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use allonge::{IdempotencyKey, Ledger, LedgerOperation, OpenOptions, Operation, PartyId, SubmitOptions};

const DIRECTORY: &str = "ALLONGE_CRASH_DIRECTORY";
const ROUND: &str = "ALLONGE_CRASH_ROUND";
const THREADS: u32 = 4;

fn account(number: u32) -> Vec<Operation> {
    let account = format!("SYNBCNBJXXX/USD/desk-{number}").parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None })]
}

fn options(number: u32) -> SubmitOptions {
    let mut key = [0; 16];
    key[..4].copy_from_slice(&number.to_le_bytes());
    SubmitOptions { key: Some(IdempotencyKey::new(key)), ..SubmitOptions::default() }
}

fn bank() -> PartyId {
    PartyId::parse("SYNBCNBJXXX").unwrap()
}

/// Submits for ever, each thread its own numbers, and says each that was acknowledged.
fn submit_until_killed(directory: &Path, round: u32) {
    let ledger = Ledger::open(directory, OpenOptions::default()).unwrap();
    let session = ledger.admit(bank(), "Synthetic Bank of China").unwrap();
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let session = &session;
            scope.spawn(move || {
                for number in (round * 100_000 + thread..).step_by(THREADS as usize) {
                    session.submit(account(number), options(number)).unwrap().committed().unwrap();
                    let mut output = std::io::stdout().lock();
                    writeln!(output, "acknowledged {number}").unwrap();
                    output.flush().unwrap();
                }
            });
        }
    });
}

#[test]
fn killed_while_threads_submit_nothing_acknowledged_is_lost_and_every_key_answers() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        let round = std::env::var(ROUND).unwrap().parse().unwrap();
        submit_until_killed(Path::new(&directory), round);
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    for round in 0..10_u32 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("killed_while_threads_submit_nothing_acknowledged_is_lost_and_every_key_answers")
            .env(DIRECTORY, directory.path())
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut heard = 0;
        for line in lines.map_while(Result::ok) {
            // The harness writes on the same lines.
            let Some((_, number)) = line.rsplit_once("acknowledged ") else { continue };
            let Ok(number) = number.parse::<u32>() else { continue };
            acknowledged.insert(number);
            heard += 1;
            if heard == 10 + 7 * round {
                child.kill().unwrap();
            }
        }
        assert!(!child.wait().unwrap().success(), "it was killed");

        let ledger = Ledger::open(directory.path(), OpenOptions::default()).unwrap();
        let session = ledger.session(bank()).unwrap();
        let height = ledger.status().unwrap().height;
        for number in &acknowledged {
            let outcome = session.submit(account(*number), options(*number)).unwrap();
            outcome.receipt().unwrap().verify(ledger.trust()).unwrap();
            outcome.committed().unwrap();
        }
        assert_eq!(ledger.status().unwrap().height, height, "every key was answered with its first receipt");
        ledger.close();
    }
    assert!(acknowledged.len() >= 400, "{}", acknowledged.len());
}

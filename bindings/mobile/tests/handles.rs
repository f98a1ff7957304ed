//! What crosses the border: handles, JSON, and errors as JSON.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;

use allonge_mobile::{Failure, Ledger, OpenOptions, Outcome, Receipt, SimulateOptions, Trust, errors};
use serde_json::Value;

fn ledger(directory: &tempfile::TempDir) -> Ledger {
    let path = directory.path().join("ledger").to_string_lossy().into_owned();
    Ledger::open(path, OpenOptions { clock: Some("manual".to_owned()), ..OpenOptions::default() }).unwrap()
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn code<T>(result: Result<T, Failure>) -> String {
    match result {
        Ok(_) => panic!("it was taken"),
        Err(Failure::Refused { reason }) => read(&reason)["code"].as_str().unwrap().to_owned(),
    }
}

/// Waits on the calling thread, as the runtimes of Kotlin and Swift do.
fn wait<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn a_receipt_crosses_as_bytes_and_its_proof_as_json() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let bank = ledger.admit("SYNBCNBJXXX".to_owned(), "Synthetic Bank of China".to_owned()).unwrap();
    let open = r#"{"type":"open_account","account":"SYNBCNBJXXX/USD/settlement"}"#;
    let submission = wait(bank.start(open.to_owned(), None, None, None)).unwrap();
    let Outcome::Settled { record_json, receipt } = wait(submission.outcome()).unwrap() else {
        panic!("an account is opened at once");
    };
    let record = read(&record_json);
    assert_eq!(record["committed"], true);

    let receipt = Receipt::from_bytes(receipt.to_bytes()).unwrap();
    let trust = Trust::from_json(ledger.trust().to_json()).unwrap();
    let proved = read(&receipt.verify(&trust).unwrap());
    assert_eq!(proved["transaction"], record["transaction"]);
}

#[test]
fn an_error_crosses_as_its_record() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    assert_eq!(code(ledger.record("credit".to_owned(), "nonsense".to_owned(), None)), "input.invalid");
    assert_eq!(code(ledger.session("SYNADEFFXXX".to_owned())), "key.file_missing");
    assert_eq!(code(Receipt::from_bytes(vec![1, 2, 3])), "receipt.malformed");
    let clock = OpenOptions { clock: Some("sundial".to_owned()), ..OpenOptions::default() };
    assert_eq!(code(Ledger::open(directory.path().to_string_lossy().into_owned(), clock)), "input.invalid");
    ledger.shutdown();
    assert_eq!(code(ledger.status()), "ledger.closed");
}

#[test]
fn the_registry_crosses_whole() {
    assert_eq!(read(&errors()).as_array().unwrap().len(), allonge::registry().len());
}

#[test]
fn a_subscription_answers_one_call_at_a_time_and_survives_one_that_is_dropped() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(&directory);
    let subscription = ledger.subscribe(None).unwrap();
    let mut waiting: Pin<Box<dyn Future<Output = _>>> = Box::pin(subscription.next_batch(10));
    assert!(waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(code(wait(subscription.next_batch(10))), "input.invalid");
    drop(waiting);

    ledger.admit("SYNBCNBJXXX".to_owned(), "Synthetic Bank of China".to_owned()).unwrap();
    let entries = read(&wait(subscription.next_batch(10)).unwrap());
    assert_eq!(entries[0]["author"], "operator");
}

/// A phone's build has no engine, and the same calls.
#[cfg(not(feature = "network"))]
#[test]
fn a_build_without_the_engine_says_that_it_simulates_nothing() {
    let directory = tempfile::tempdir().unwrap();
    assert!(ledger(&directory).network().is_none());
    assert_eq!(code(Ledger::simulate(SimulateOptions::default())), "unsupported_here");
}

#[cfg(feature = "network")]
#[test]
fn a_simulated_network_crosses_as_a_handle() {
    let ledger =
        Ledger::simulate(SimulateOptions { validators: Some(2), ..SimulateOptions::default() }).unwrap();
    let network = ledger.network().unwrap();
    assert_eq!(network.validators(), 2);
    assert_eq!(code(network.at(2)), "simulation.invalid");
    assert_eq!(read(&network.at(1).unwrap().status().unwrap())["clock"], "manual");
}

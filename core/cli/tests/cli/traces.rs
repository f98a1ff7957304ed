//! A call is followed from whoever made it to the logs of validators.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use allonge::{Ledger, LedgerOperation, Operation, SubmitOptions, TraceParent};
use serde_json::Value;

use crate::network::{Process, account, homes};
use crate::support::text;

fn trace(number: u32) -> TraceParent {
    format!("00-0af7651916cd43dd8448eb211c80319c-{:016x}-01", number + 1).parse().unwrap()
}

fn open(number: u32) -> Vec<Operation> {
    let account = account(number).parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None })]
}

/// The lines of a log that are of submissions.
fn lines(log: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(log).unwrap();
    // The last may not be whole yet.
    let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
    let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["target"] == "allonge::submission").collect()
}

/// Whether a log has a line with such fields, once it has; not after a while.
fn says(logs: &[&Path], fields: &[(&str, &str)]) -> Option<Value> {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let mut said = logs.iter().flat_map(|log| lines(log));
        let same = |line: &Value| fields.iter().all(|(name, value)| line[name] == *value);
        let found = said.find(same);
        if found.is_some() || Instant::now() > until {
            return found;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Submits bytes as any program might; the status of the answer.
fn post(url: &str, traceparent: &str, body: &[u8]) -> String {
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!(
        "POST /v1/transactions HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ntraceparent: {traceparent}\r\n\
         content-length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split(' ').nth(1).unwrap().to_owned()
}

#[test]
fn a_traceparent_reaches_the_log_of_a_validator_with_what_became_of_the_submission() {
    let directory = tempfile::tempdir().unwrap();
    let (homes, trust, urls) = homes(directory.path());
    let logs: Vec<_> = homes.iter().map(|home| home.join("log")).collect();
    let started = homes.iter().zip(&logs).map(|(home, log)| {
        let log = File::create(log).unwrap();
        Process::start_with(&["node", &text(home)], log.into()).0
    });
    let processes: Vec<Process> = started.collect();
    let logs: Vec<&Path> = logs.iter().map(AsRef::as_ref).collect();
    let ledger = Ledger::connect(&urls, trust, directory.path().join("client")).unwrap();
    let operator = ledger.operator().unwrap();

    // Many at once go together; each keeps its own trace.
    let traced = |number| SubmitOptions { trace: Some(trace(number)), ..SubmitOptions::default() };
    let started = (0..40).map(|number| operator.start(open(number), traced(number)).unwrap());
    let started: Vec<_> = started.collect();
    let untraced = operator.submit(open(40), SubmitOptions::default()).unwrap().committed().unwrap();
    for (number, submission) in (0..).zip(started) {
        let committed = submission.outcome(60_000).unwrap().committed().unwrap();
        let (transaction, trace) = (committed.transaction.to_string(), trace(number).to_string());
        for message in ["accepted", "executed"] {
            let fields = [("message", message), ("transaction", &transaction), ("traceparent", &trace)];
            let line = says(&logs, &fields)
                .unwrap_or_else(|| panic!("no log says of {number} that it is {message}"));
            if message == "executed" {
                assert_eq!(line["height"], committed.height);
            }
        }
    }

    // Other programs say it in the header of the request. One that is malformed is as none.
    let prepared = operator.prepare(open(41), SubmitOptions::default()).unwrap();
    assert_eq!(post(&urls[0], "00-trace-parent-01", &prepared), "202");
    assert_eq!(post(&urls[0], &trace(41).to_string(), &prepared), "202");
    assert_eq!(post(&urls[0], &trace(42).to_string(), b"no transaction"), "422");
    let own = &logs[..1];
    let refused = says(own, &[("message", "refused"), ("traceparent", &trace(42).to_string())]).unwrap();
    assert_eq!(
        (refused["level"].as_str(), refused["code"].as_str()),
        (Some("WARN"), Some("transaction.malformed"))
    );
    assert!(says(own, &[("message", "executed"), ("traceparent", &trace(41).to_string())]).is_some());

    // Of those that are part of no trace nothing is said.
    let untraced = untraced.transaction.to_string();
    assert!(logs.iter().flat_map(|log| lines(log)).all(|line| line["transaction"] != untraced));
    for process in processes {
        assert_eq!(process.interrupt(), Some(0));
    }
}

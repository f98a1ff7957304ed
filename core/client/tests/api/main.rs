//! What a validator answers over HTTP, and what it refuses.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

#[path = "../banks/mod.rs"]
mod banks;
mod openapi;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use allonge::evidence::state_key;
use allonge::trade::TradeRules;
use allonge::{AccountId, Genesis, Ledger, Outcome, PartyId, SubmitOptions, Trust, verify_account};
use allonge_ledger::{LightHeader, Receipt, canonical, from_canonical};
use allonge_network::{ApiLimits, Validator, ValidatorConfig};
use allonge_protocol::{Answered, Handed, MAX_BATCH, NodeReady, NodeStatus, Problem};
use serde_json::json;

use banks::{bank, free_address, genesis, open, signer, validator_key};

const VALIDATOR: u8 = 100;

/// A network of one validator.
struct Network {
    directory: tempfile::TempDir,
    genesis: Genesis,
    validator: Validator<TradeRules>,
}

/// Transactions as a batch, part of no trace.
fn batch(transactions: &[Vec<u8>]) -> Vec<u8> {
    let handed = transactions.iter().map(|signed| Handed { signed: signed.clone(), trace: None });
    canonical(&handed.collect::<Vec<_>>())
}

impl Network {
    fn start(limits: ApiLimits) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let genesis = genesis("one bank", vec![validator_key(VALIDATOR)]);
        let listen = free_address();
        let unused = directory.path().join("unused");
        std::fs::write(&unused, "").unwrap();
        let config = ValidatorConfig {
            home: directory.path().join("home"),
            genesis: genesis.clone(),
            signer: Arc::new(signer(VALIDATOR)),
            unused,
            listen,
            peers: vec![(validator_key(VALIDATOR), listen)],
            api: "127.0.0.1:0".parse().unwrap(),
            tls: None,
            limits,
            prune: false,
        };
        Network { directory, genesis, validator: Validator::start(config, TradeRules).unwrap() }
    }

    fn url(&self, route: &str) -> String {
        format!("http://{}{route}", self.validator.api())
    }

    fn connect(&self) -> Ledger {
        let trust = Trust::new(self.genesis.clone());
        Ledger::connect(&[self.url("")], trust, self.directory.path().join("client")).unwrap()
    }

    /// The status, the content type and the body of an answer.
    fn get(&self, route: &str) -> (u16, String, Vec<u8>) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.get(self.url(route)).call().unwrap();
        let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
        (answer.status().as_u16(), kind, answer.body_mut().read_to_vec().unwrap())
    }

    /// The status and the body of the answer to a batch.
    fn post_batch(&self, transactions: &[Vec<u8>]) -> (u16, Vec<u8>) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut answer = agent.post(self.url("/v1/batches")).send(batch(transactions).as_slice()).unwrap();
        (answer.status().as_u16(), answer.body_mut().read_to_vec().unwrap())
    }

    fn refused(&self, route: &str) -> (u16, String) {
        let (status, kind, body) = self.get(route);
        assert_eq!(kind, "application/json");
        (status, serde_json::from_slice::<Problem>(&body).unwrap().code)
    }

    fn stream(&self) -> TcpStream {
        let stream = TcpStream::connect(self.validator.api()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }
}

/// The status and the code of what comes on a connection.
fn answer(stream: &mut TcpStream) -> (String, String) {
    let mut text = String::new();
    // Of a connection that was closed with something unread, what came before counts.
    drop(stream.read_to_string(&mut text));
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().to_owned();
    (status, serde_json::from_str::<Problem>(body).unwrap().code)
}

/// The ids and the data of the next events of a stream.
fn events(network: &Network, last: Option<u64>, count: usize) -> Vec<(u64, serde_json::Value)> {
    let mut stream = network.stream();
    let (query, header) = match last {
        None => ("?after=0", String::new()),
        Some(last) => ("", format!("Last-Event-ID: {last}\r\n")),
    };
    write!(stream, "GET /v1/events{query} HTTP/1.1\r\nhost: here\r\n{header}\r\n").unwrap();
    let (mut found, mut id) = (Vec::new(), 0);
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap();
        if let Some(given) = line.strip_prefix("id: ") {
            id = given.parse().unwrap();
        }
        if let Some(data) = line.strip_prefix("data: ") {
            found.push((id, serde_json::from_str(data).unwrap()));
        }
        if found.len() == count {
            break;
        }
    }
    found
}

#[test]
fn what_became_of_a_submission_is_answered_with_its_receipt() {
    let network = Network::start(ApiLimits::default());
    let ledger = network.connect();
    let Outcome::Committed(committed) = bank(&ledger).submit(open(1), SubmitOptions::default()).unwrap()
    else {
        panic!("it was rejected");
    };
    let id = committed.transaction;
    let trust = allonge_ledger::Trust::new(network.genesis.clone());
    let (status, kind, body) = network.get(&format!("/v1/transactions/{id}"));
    assert_eq!((status, kind.as_str()), (200, "application/octet-stream"));
    let found = Receipt::from_bytes(&body).unwrap();
    let proven = found.verify::<allonge::trade::TradeOperation, allonge::trade::TradeEvent>(&trust).unwrap();
    assert_eq!(proven.id, id);

    let key = proven.transaction.key;
    let (status, _, by_key) = network
        .get(&format!("/v1/outcomes/SYNBCNBJXXX/{}", serde_json::to_value(key).unwrap().as_str().unwrap()));
    assert_eq!((status, by_key), (200, body));

    let none = "00".repeat(32);
    assert_eq!(network.refused(&format!("/v1/transactions/{none}")), (404, "transaction.unknown".to_owned()));
    assert_eq!(network.refused("/v1/transactions/x"), (404, "transaction.unknown".to_owned()));
    let absent = format!("/v1/outcomes/SYNBCNBJXXX/{}", "00".repeat(16));
    assert_eq!(network.refused(&absent), (404, "transaction.unknown".to_owned()));
    assert_eq!(network.refused("/v1/outcomes/SYNBCNBJXXX/x"), (400, "request.invalid".to_owned()));
}

#[test]
fn of_a_batch_each_transaction_is_answered_for_itself() {
    let network = Network::start(ApiLimits::default());
    let ledger = network.connect();
    let good: Vec<Vec<u8>> =
        (0..3).map(|number| bank(&ledger).prepare(open(number), SubmitOptions::default()).unwrap()).collect();
    let stranger = ledger.session_with(PartyId::parse("SYNBCNBJXXX").unwrap(), Arc::new(signer(77)));
    let foreign = stranger.prepare(open(9), SubmitOptions::default()).unwrap();
    let batch = [good[0].clone(), foreign, good[1].clone(), vec![1, 2, 3], good[1].clone(), good[2].clone()];
    let (status, body) = network.post_batch(&batch);
    assert_eq!(status, 200);
    let said = serde_json::from_slice::<Vec<Answered>>(&body).unwrap();
    let said: Vec<&str> = said
        .iter()
        .map(|one| match one {
            Answered::Accepted(_) => "accepted",
            Answered::Refused(problem) => problem.code.as_str(),
        })
        .collect();
    let malformed = "transaction.malformed";
    assert_eq!(said, ["accepted", "signature.unknown_key", "accepted", malformed, "accepted", "accepted"]);
    for one in &good {
        let outcome = ledger.submit(one, 30_000).unwrap();
        assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");
    }
}

#[test]
fn a_batch_counts_like_as_many_requests_and_has_a_largest_size() {
    let network = Network::start(ApiLimits { requests_per_second: 100, ..ApiLimits::default() });
    let refused = |count: usize| {
        let (status, body) = network.post_batch(&vec![vec![0]; count]);
        (status, serde_json::from_slice::<Problem>(&body).unwrap().code)
    };
    assert_eq!(refused(0), (400, "request.invalid".to_owned()));
    assert_eq!(refused(MAX_BATCH + 1), (400, "request.invalid".to_owned()));
    assert_eq!(refused(101), (429, "request.rate".to_owned()));
}

#[test]
fn a_record_of_the_state_is_answered_with_its_proof_and_so_is_its_absence() {
    let network = Network::start(ApiLimits::default());
    let ledger = network.connect();
    bank(&ledger).submit(open(1), SubmitOptions::default()).unwrap().committed().unwrap();
    for number in [1, 2] {
        let account: AccountId = format!("SYNBCNBJXXX/USD/account-{number}").parse().unwrap();
        let key = state_key("account", json!(account)).unwrap();
        let (status, kind, receipt) = network.get(&format!("/v1/state/{}", hex::encode(&key)));
        assert_eq!((status, kind.as_str()), (200, "application/octet-stream"));
        let proven = verify_account(&receipt, ledger.trust(), &account).unwrap();
        assert_eq!(proven.account.is_some(), number == 1);
    }
    for key in ["", "no", &"00".repeat(257)] {
        assert_eq!(network.refused(&format!("/v1/state/{key}")), (400, "request.invalid".to_owned()));
    }
}

#[test]
fn headers_follow_one_another_and_the_last_is_certified() {
    let network = Network::start(ApiLimits::default());
    events(&network, None, 3);
    let (status, _, body) = network.get("/v1/headers?after=0");
    assert_eq!(status, 200);
    // As they come, a light client follows them to the last.
    let light = allonge::LightClient::new(&Trust::new(network.genesis.clone())).unwrap();
    let newest = light.follow(&body).unwrap();
    let headers: Vec<LightHeader> = from_canonical(&body).unwrap();
    assert_eq!(newest.height, headers.last().unwrap().header.height);
    assert!(newest.height >= 3);
    assert_eq!(network.refused("/v1/headers"), (400, "request.invalid".to_owned()));
    assert_eq!(network.refused("/v1/headers?after=0&before=3"), (400, "request.invalid".to_owned()));
}

#[test]
fn events_go_on_after_the_last_that_was_seen_with_no_gap_and_no_repeat() {
    let network = Network::start(ApiLimits { streams: 1, ..ApiLimits::default() });
    let ledger = network.connect();
    let outcome = bank(&ledger).submit(open(1), SubmitOptions::default()).unwrap();
    let Outcome::Committed(committed) = outcome else { panic!("it was rejected") };
    let first = events(&network, None, 2);
    wait_for(|| network.get("/metrics").2, "allonge_api_streams 0");
    let second = events(&network, Some(first[1].0), 2);
    let heights: Vec<u64> = first.iter().chain(&second).map(|(height, _)| *height).collect();
    assert_eq!(heights, [1, 2, 3, 4]);
    assert!(first.iter().chain(&second).all(|(height, block)| block["height"] == *height));

    wait_for(|| network.get("/metrics").2, "allonge_api_streams 0");
    let status: NodeStatus = serde_json::from_slice(&network.get("/v1/status").2).unwrap();
    let newest = usize::try_from(status.height).unwrap();
    let all = events(&network, None, newest);
    let told = all.iter().flat_map(|(_, block)| block["transactions"].as_array().unwrap());
    let told: Vec<_> = told.map(|one| (one["transaction"].clone(), one["verdict"]["type"].clone())).collect();
    assert_eq!(told, [(committed.transaction.to_string().into(), "committed".into())]);

    wait_for(|| network.get("/metrics").2, "allonge_api_streams 0");
    let mut open = network.stream();
    write!(open, "GET /v1/events HTTP/1.1\r\nhost: here\r\n\r\n").unwrap();
    open.read_exact(&mut [0; 12]).unwrap();
    assert_eq!(network.refused("/v1/events"), (503, "validator.overloaded".to_owned()));
    drop(open);
    let mut wrong = network.stream();
    write!(wrong, "GET /v1/events HTTP/1.1\r\nhost: here\r\nconnection: close\r\nlast-event-id: x\r\n\r\n")
        .unwrap();
    assert_eq!(answer(&mut wrong), ("400".to_owned(), "request.invalid".to_owned()));
}

/// Waits until a text has a line.
fn wait_for(text: impl Fn() -> Vec<u8>, line: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    while !String::from_utf8(text()).unwrap().lines().any(|one| one == line) {
        assert!(Instant::now() < until, "{line} never came");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_validator_is_ready_once_its_newest_block_is_new() {
    let network = Network::start(ApiLimits::default());
    events(&network, None, 1);
    let (status, _, body) = network.get("/v1/ready");
    assert_eq!(status, 200);
    let ready: NodeReady = serde_json::from_slice(&body).unwrap();
    assert!(ready.height >= 1 && ready.behind_ms <= 10_000);
}

#[test]
fn whoever_asks_too_often_is_told_so() {
    let network = Network::start(ApiLimits { requests_per_second: 2, ..ApiLimits::default() });
    let asked: Vec<_> = (0..8).map(|_| network.get("/v1/status").0).collect();
    assert!(asked.starts_with(&[200, 200]) && asked.contains(&429), "{asked:?}");
}

#[test]
fn a_connection_too_many_is_told_so_and_closed() {
    let network = Network::start(ApiLimits { connections_per_address: 1, ..ApiLimits::default() });
    let mut held = network.stream();
    write!(held, "GET /v1/status HTTP/1.1\r\nhost: here\r\n\r\n").unwrap();
    held.read_exact(&mut [0; 12]).unwrap();
    assert_eq!(answer(&mut network.stream()), ("503".to_owned(), "validator.overloaded".to_owned()));
    drop(held);
}

#[test]
fn a_request_that_does_not_come_to_its_end_is_not_waited_for() {
    let network = Network::start(ApiLimits { head_ms: 200, body_ms: 200, ..ApiLimits::default() });
    let mut body = network.stream();
    write!(
        body,
        "POST /v1/transactions HTTP/1.1\r\nhost: here\r\nconnection: close\r\ncontent-length: 9\r\n\r\nx"
    )
    .unwrap();
    assert_eq!(answer(&mut body), ("408".to_owned(), "request.timeout".to_owned()));
    let mut head = network.stream();
    write!(head, "GET /v1/status HTTP/1.1\r\nhost").unwrap();
    let mut rest = Vec::new();
    // It is closed: with an answer, or without one.
    drop(head.read_to_end(&mut rest));
    assert!(!String::from_utf8(rest).unwrap().contains(" 200 "));
}

#[test]
fn a_request_too_large_is_refused() {
    let network = Network::start(ApiLimits::default());
    let mut head = network.stream();
    let long = "x".repeat(64 << 10);
    // It is refused before all of it is read.
    drop(write!(head, "GET /v1/status HTTP/1.1\r\nhost: here\r\nx: {long}\r\n\r\n"));
    let mut text = [0; 12];
    head.read_exact(&mut text).unwrap();
    assert_eq!(&text, b"HTTP/1.1 431");
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let largest = allonge_ledger::MAX_TRANSACTION_BYTES;
    let answer = agent.post(network.url("/v1/transactions")).send(&vec![0_u8; largest + 1][..]).unwrap();
    assert_eq!(answer.status().as_u16(), 413);
}

#[test]
fn every_metric_of_its_own_and_no_other_is_documented() {
    let network = Network::start(ApiLimits::default());
    let text = String::from_utf8(network.get("/metrics").2).unwrap();
    let own = text.lines().filter_map(|line| line.strip_prefix("# TYPE allonge_"));
    let own = own.map(|rest| format!("allonge_{}", rest.split(' ').next().unwrap()));
    // Those of TLS are in `secure.rs`.
    let of_tls = ["certificate_expires_seconds", "renewed"].map(|name| format!("allonge_tls_{name}"));
    let own: BTreeSet<String> = own.chain(of_tls).collect();
    let documented = documented_names("allonge_");
    assert_eq!(own, documented);
}

#[test]
fn every_documented_route_is_answered() {
    let network = Network::start(ApiLimits::default());
    let routes = documented_names("GET /");
    assert!(routes.len() >= 9, "{routes:?}");
    for route in routes {
        let path = route.trim_start_matches("GET ").replace("HEIGHT", "0").replace("MILLISECONDS", "0");
        let mut stream = network.stream();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: here\r\n\r\n").unwrap();
        let mut head = String::new();
        BufReader::new(stream).read_line(&mut head).unwrap();
        let status = head.split(' ').nth(1).unwrap().to_owned();
        // No transaction and no key is called so; a validator that has just started may not be ready.
        let expected: &[&str] = match path.as_str() {
            "/v1/transactions/ID" => &["404"],
            "/v1/state/KEY" => &["400"],
            "/v1/outcomes/AUTHOR/KEY" => &["400"],
            "/v1/ready" => &["200", "503"],
            // It begins at its genesis. `pruned.rs` has those that do not.
            "/v1/snapshot" => &["404"],
            _ => &["200"],
        };
        assert!(expected.contains(&status.as_str()), "{path}: {head}");
    }
    assert_eq!(network.refused("/v1/none"), (400, "request.invalid".to_owned()));
}

/// What stands between backticks in the tables of the page on networks and begins so.
fn documented_names(prefix: &str) -> BTreeSet<String> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/network.md");
    let page = std::fs::read_to_string(page).unwrap();
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let names = rows.flat_map(|row| row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2));
    names.filter(|name| name.starts_with(prefix)).map(str::to_owned).collect()
}

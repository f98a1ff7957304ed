//! Which validators a client asks: some of those here are slow, hang, reset, answer that they are busy, or come back.
#![cfg(feature = "validator")]
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use allonge::{
    DevelopmentNetwork, Ledger, LedgerOperation, OpenOptions, Operation, Outcome, Session, SubmitOptions,
    Trust,
};

/// How a validator behaves, as its clients see it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(u8)]
enum Behaviour {
    Well,
    /// Half a second later than it would.
    Slow,
    /// It takes the request, and never answers.
    Hangs,
    /// It closes the connection.
    Resets,
    /// 503, with a body that is no problem of ours.
    Busy,
}

use Behaviour::{Busy, Hangs, Resets, Slow, Well};

/// Stands before a validator.
struct Front {
    address: SocketAddr,
    behaviour: Arc<AtomicU8>,
    requests: Arc<AtomicUsize>,
}

impl Front {
    fn of(url: &str, behaviour: Behaviour) -> Self {
        let target: SocketAddr = url.strip_prefix("http://").unwrap().parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let front =
            Front { address, behaviour: Arc::new(AtomicU8::new(behaviour as u8)), requests: Arc::default() };
        let (behaviour, requests) = (Arc::clone(&front.behaviour), Arc::clone(&front.requests));
        std::thread::spawn(move || {
            let kept = Arc::new(Mutex::new(Vec::new()));
            for stream in listener.incoming() {
                let Ok(stream) = stream else { return };
                requests.fetch_add(1, Ordering::Relaxed);
                let now = behaviour.load(Ordering::Relaxed);
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || {
                    // What a client that went away leaves unsaid concerns nobody.
                    let _ = serve(stream, target, now, &kept);
                });
            }
        });
        front
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn is(&self, behaviour: Behaviour) {
        self.behaviour.store(behaviour as u8, Ordering::Relaxed);
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }
}

/// One request and its answer.
fn serve(
    mut stream: TcpStream,
    target: SocketAddr,
    now: u8,
    kept: &Mutex<Vec<TcpStream>>,
) -> std::io::Result<()> {
    if now == Resets as u8 {
        return Ok(());
    }
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let lower = head.to_ascii_lowercase();
    let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
    stream.read_exact(&mut body)?;
    if now == Hangs as u8 {
        kept.lock().unwrap().push(stream);
        return Ok(());
    }
    if now == Busy as u8 {
        let answer = "HTTP/1.1 503 Busy\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbusy";
        return stream.write_all(answer.as_bytes());
    }
    if now == Slow as u8 {
        std::thread::sleep(Duration::from_millis(500));
    }
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let mut real = TcpStream::connect(target)?;
    real.write_all(&[head.as_bytes(), &body].concat())?;
    let mut answer = Vec::new();
    real.read_to_end(&mut answer)?;
    stream.write_all(&answer)
}

fn network(directory: &Path) -> (DevelopmentNetwork, Trust) {
    let network = DevelopmentNetwork::start(directory.join("network"), OpenOptions::default()).unwrap();
    let trust = Trust::load(network.genesis()).unwrap();
    (network, trust)
}

fn open(number: u32) -> Vec<Operation> {
    let account = format!("operator/USD/account-{number}").parse().unwrap();
    vec![Operation::Ledger(LedgerOperation::OpenAccount { account, ceiling: None })]
}

/// Submits; answers how long it took to be proven.
fn submit(session: &Session, number: u32) -> Duration {
    let started = Instant::now();
    let outcome = session.submit(open(number), SubmitOptions::default()).unwrap();
    assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");
    started.elapsed()
}

/// How many threads of this process wait for a validator's answer.
fn asking() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok());
    names.filter(|name| name.trim() == "allonge-asks").count()
}

/// The files of a network that stopped, in another place and with other addresses: its validators begin once more.
fn doubled(from: &Path, to: &Path) {
    let config = |home: &Path| home.join("node.json");
    let homes: Vec<_> = (0..4).map(|place| format!("validator-{place}")).collect();
    let mut addresses = Vec::<String>::new();
    for home in &homes {
        let json = std::fs::read_to_string(config(&from.join(home))).unwrap();
        addresses.extend(json.split('"').filter(|word| word.starts_with("127.0.0.1:")).map(str::to_owned));
    }
    addresses.sort();
    addresses.dedup();
    let free: Vec<_> = addresses.iter().map(|_| DevelopmentNetwork::free_address().unwrap()).collect();
    for home in &homes {
        let (from, to) = (from.join(home), to.join(home));
        std::fs::create_dir_all(to.join("keys")).unwrap();
        let mut json = std::fs::read_to_string(config(&from)).unwrap();
        for (old, new) in addresses.iter().zip(&free) {
            json = json.replace(&format!("\"{old}\""), &format!("\"{}\"", new));
        }
        std::fs::write(config(&to), json).unwrap();
        for file in ["genesis.json", "keys/_validator.key"] {
            std::fs::copy(from.join(file), to.join(file)).unwrap();
        }
        // Nothing keeps a thief from saying so.
        std::fs::write(to.join("_validator.unused"), "").unwrap();
    }
    std::fs::copy(from.join("genesis.json"), to.join("genesis.json")).unwrap();
}

/// What a ledger says once it believes its validators no more.
fn refusal(ledger: &Ledger) -> allonge::Error {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match ledger.status() {
            Err(error) => return error,
            Ok(status) => assert!(Instant::now() < until, "{status:?} is believed"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_second_history_is_found_also_behind_a_validator_that_nobody_needs_to_ask() {
    let directory = tempfile::tempdir().unwrap();
    let (first, trust) = network(directory.path());
    let second = tempfile::tempdir().unwrap();
    let home = second.path().join("network");
    doubled(&directory.path().join("network"), &home);
    let other = DevelopmentNetwork::start(&home, OpenOptions::default()).unwrap();
    let mut urls = first.urls();
    let ledger = Ledger::connect(&urls, trust.clone(), first.operator()).unwrap();
    let session = ledger.operator().unwrap();
    (0..5).for_each(|number| _ = submit(&session, number));
    ledger.close();
    // The others go on and are healthy, and one shows something else.
    urls.extend(other.urls().into_iter().take(1));
    let ledger = Ledger::connect(&urls, trust.clone(), first.operator()).unwrap();
    let error = refusal(&ledger);
    assert_eq!(error.code(), "history.forked");
    assert!(error.detail("given").is_some() && error.detail("given") != error.detail("kept"), "{error}");
    assert!(first.operator().join("evidence").exists());
    ledger.close();
    // The copy of the directory is what it holds on to: validators that begin once more are not followed.
    drop(first);
    let state = directory.path().join("network/operator");
    let ledger = Ledger::connect(&other.urls(), trust, state).unwrap();
    assert_eq!(refusal(&ledger).code(), "history.forked");
}

#[test]
fn validators_that_do_not_answer_well_cost_no_call_more_than_a_moment() {
    let directory = tempfile::tempdir().unwrap();
    let (network, trust) = network(directory.path());
    for sick in [Hangs, Resets, Busy, Slow] {
        // Three of four, and the healthy one is named last.
        let mut urls = network.urls();
        let fronts: Vec<_> = urls.iter_mut().take(3).map(|url| Front::of(url, sick)).collect();
        for (url, front) in urls.iter_mut().zip(&fronts) {
            *url = front.url();
        }
        let started = Instant::now();
        let ledger = Ledger::connect(&urls, trust.clone(), network.operator()).unwrap();
        let connected = started.elapsed();
        assert!(connected < Duration::from_secs(4), "connecting took {connected:?}: {sick:?}");
        let session = ledger.operator().unwrap();
        let number = sick as u32 * 100;
        let first = submit(&session, number);
        assert!(first < Duration::from_secs(10), "{first:?}: {sick:?}");
        let mut took: Vec<_> = (1..12).map(|more| submit(&session, number + more)).collect();
        took.sort();
        println!(
            "{sick:?}: connected after {connected:?}, the first {first:?}, then {:?} to {:?}",
            took[0], took[10]
        );
        assert!(took[5] < Duration::from_secs(2), "{took:?}: {sick:?}");
        ledger.close();
    }
}

#[test]
fn a_validator_that_was_sick_is_left_alone_for_a_while_and_asked_again() {
    let directory = tempfile::tempdir().unwrap();
    let (network, trust) = network(directory.path());
    let urls = network.urls();
    let (sick, healthy) = (Front::of(&urls[0], Resets), Front::of(&urls[1], Well));
    let ledger = Ledger::connect(&[sick.url(), healthy.url()], trust, network.operator()).unwrap();
    let session = ledger.operator().unwrap();
    (0..5).for_each(|number| _ = submit(&session, number));
    // It rests: hundreds of requests would fit in.
    std::thread::sleep(Duration::from_secs(3));
    let (asked, answered) = (sick.requests(), healthy.requests());
    assert!(asked < 40, "the sick one was asked {asked} times, the healthy one {answered} times");
    sick.is(Well);
    healthy.is(Resets);
    let took = submit(&session, 5);
    assert!(took < Duration::from_secs(10), "{took:?}");
    (6..10).for_each(|number| _ = submit(&session, number));
    assert!(sick.requests() > asked);
}

#[test]
fn when_nobody_answers_calls_end_at_their_deadline_and_few_threads_wait() {
    let directory = tempfile::tempdir().unwrap();
    let (network, trust) = network(directory.path());
    let fronts: Vec<_> = network.urls().iter().map(|url| Front::of(url, Well)).collect();
    let urls: Vec<_> = fronts.iter().map(Front::url).collect();
    let ledger = Ledger::connect(&urls, trust, network.operator()).unwrap();
    let session = ledger.operator().unwrap();
    submit(&session, 1);
    fronts.iter().for_each(|front| front.is(Hangs));
    let mut most = 0;
    for number in 0..20 {
        let started = Instant::now();
        let options = SubmitOptions { deadline_ms: 200, ..SubmitOptions::default() };
        let outcome = session.submit(open(100 + number), options).unwrap();
        assert!(matches!(outcome, Outcome::Unknown(_)), "{outcome:?}");
        assert!(started.elapsed() < Duration::from_millis(400), "{:?}", started.elapsed());
        most = most.max(asking());
    }
    // Other tests of this process ask too: each of a few validators for three purposes.
    assert!(most <= 3 * 3 * 4, "{most}");
    fronts.iter().for_each(|front| front.is(Well));
    let until = Instant::now() + Duration::from_secs(30);
    while !ledger.pending().unwrap().is_empty() {
        assert!(Instant::now() < until, "what was submitted is not settled");
        std::thread::sleep(Duration::from_millis(50));
    }
    let closing = Instant::now();
    ledger.close();
    assert!(closing.elapsed() < Duration::from_secs(2), "{:?}", closing.elapsed());
}

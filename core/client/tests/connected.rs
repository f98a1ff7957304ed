//! Ledgers on a network of validators that run in this process and talk over loopback.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use allonge::trade::TradeRules;
use allonge::{
    Checkpoint, ConnectOptions, Genesis, IdempotencyKey, Ledger, Outcome, PartyId, Session, SubmitOptions,
    Trust, Unknown, verify_answer,
};
use allonge_ledger::ValidatorKey;
use allonge_network::{ApiLimits, Validator, ValidatorConfig};

mod banks;

use banks::{BANK, bank, free_address, genesis, open, signer, validator_key};

/// Four validators, each with a directory of its own.
struct Network {
    directory: tempfile::TempDir,
    genesis: Genesis,
    peers: Vec<(ValidatorKey, SocketAddr)>,
    apis: Vec<SocketAddr>,
    validators: Vec<Option<Validator<TradeRules>>>,
}

impl Network {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let keys = (100..104).map(validator_key);
        let peers: Vec<_> = keys.map(|key| (key, free_address())).collect();
        let genesis = genesis("four banks", peers.iter().map(|(key, _)| *key).collect());
        let apis = (0..4).map(|_| free_address()).collect();
        let mut network =
            Network { directory, genesis, peers, apis, validators: (0..4).map(|_| None).collect() };
        for place in 0..4 {
            std::fs::write(network.unused(place), "").unwrap();
            network.run(place);
        }
        network
    }

    fn unused(&self, place: usize) -> PathBuf {
        self.directory.path().join(format!("{place}.unused"))
    }

    fn run(&mut self, place: usize) {
        let config = ValidatorConfig {
            home: self.directory.path().join(place.to_string()),
            genesis: self.genesis.clone(),
            signer: Arc::new(signer(100 + u8::try_from(place).unwrap())),
            unused: self.unused(place),
            listen: self.peers[place].1,
            peers: self.peers.clone(),
            api: self.apis[place],
            tls: None,
            limits: ApiLimits::default(),
            prune: false,
        };
        self.validators[place] = Some(Validator::start(config, TradeRules).unwrap());
    }

    fn stop(&mut self, place: usize) {
        self.validators[place] = None;
    }

    fn urls(&self) -> Vec<String> {
        self.apis.iter().map(|api| format!("http://{api}")).collect()
    }

    fn trust(&self) -> Trust {
        Trust::new(self.genesis.clone())
    }

    fn connect(&self, directory: &Path) -> Ledger {
        Ledger::connect(&self.urls(), self.trust(), directory).unwrap()
    }
}

fn keyed(number: u32) -> SubmitOptions {
    let mut key = [0; 16];
    key[12..].copy_from_slice(&number.to_be_bytes());
    SubmitOptions { key: Some(IdempotencyKey::new(key)), ..SubmitOptions::default() }
}

/// Submits, and checks that it took effect and is proven.
fn submit(session: &Session, number: u32) -> Outcome {
    let outcome = session.submit(open(number), keyed(number)).unwrap();
    let proven = outcome.receipt().unwrap().verify(session.ledger().trust()).unwrap();
    assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");
    assert_eq!(proven.transaction.author, *session.party());
    outcome
}

#[test]
fn a_network_is_opened_by_its_addresses_and_its_genesis() {
    let network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    let session = bank(&ledger);
    let started = Instant::now();
    submit(&session, 1);
    println!("the first receipt after {:?}", started.elapsed());
    for number in 2..30 {
        let started = Instant::now();
        submit(&session, number);
        println!("a receipt after {:?}", started.elapsed());
    }
    let account = "SYNBCNBJXXX/USD/account-3".parse().unwrap();
    assert!(ledger.account(&account).unwrap().is_some());
    assert_eq!(ledger.status().unwrap().network, network.trust().network());

    // A repeat is answered with the first receipt, by whomever.
    let other = tempfile::tempdir().unwrap();
    let elsewhere = network.connect(other.path());
    let again = bank(&elsewhere).submit(open(3), keyed(3)).unwrap();
    let ids = |outcome: &Outcome| outcome.receipt().unwrap().verify(ledger.trust()).unwrap().id;
    let first = session.submit(open(3), keyed(3)).unwrap();
    assert_eq!(ids(&again), ids(&first));
}

#[test]
fn a_new_copy_begins_at_a_snapshot_of_another_and_follows_the_network() {
    let network = Network::start();
    let (directory, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = network.connect(directory.path());
    let session = bank(&ledger);
    let first = submit(&session, 1);
    let file = directory.path().join("snapshot");
    let written = ledger.write_snapshot(&file).unwrap();
    let begin = |checkpoint| {
        let options = ConnectOptions { checkpoint, ..ConnectOptions::default() };
        Ledger::connect_from(&file, &network.urls(), network.trust(), other.path(), &options)
    };
    let kept = Checkpoint { height: 1, header: written.state_root, ..ledger.checkpoint().unwrap() };
    let error = begin(Some(kept)).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "snapshot.invalid", "its history has not the header that was kept");
    let newcomer = begin(None).unwrap();
    assert!(newcomer.status().unwrap().height >= written.height);
    submit(&session, 2);
    submit(&bank(&newcomer), 3);
    let account = "SYNBCNBJXXX/USD/account-1".parse().unwrap();
    assert!(newcomer.account(&account).unwrap().is_some(), "it was opened before");
    let again = bank(&newcomer).submit(open(1), keyed(1)).unwrap();
    let id = |outcome: &Outcome| outcome.receipt().unwrap().verify(ledger.trust()).unwrap().id;
    assert_eq!(id(&again), id(&first), "the key is known, and with it the first outcome");
    newcomer.close();
    let newcomer = begin(None).unwrap();
    submit(&bank(&newcomer), 4);
}

#[test]
fn a_history_without_the_block_that_was_kept_is_none_whoever_certified_it() {
    let network = Network::start();
    let (directory, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ledger = network.connect(directory.path());
    submit(&bank(&ledger), 1);
    let kept = ledger.checkpoint().unwrap();
    submit(&bank(&ledger), 2);
    let connect = |kept: &Checkpoint, directory: &Path| {
        let options = ConnectOptions { checkpoint: Some(kept.clone()), ..ConnectOptions::default() };
        Ledger::connect_with(&network.urls(), network.trust(), directory, &options)
    };
    let refused = |kept: &Checkpoint, directory: &Path| connect(kept, directory).map(|_| ()).unwrap_err();

    // Once it is there, the copy has the block.
    let newcomer = connect(&kept, other.path()).unwrap();
    assert!(newcomer.status().unwrap().height >= kept.height);
    submit(&bank(&newcomer), 3);
    newcomer.close();
    connect(&kept, other.path()).unwrap().close();

    // Another block was kept: neither a new copy follows this history, nor is one believed that followed it before.
    let another = Checkpoint { header: network.trust().network(), ..kept.clone() };
    let fresh = tempfile::tempdir().unwrap();
    for directory in [fresh.path(), other.path(), fresh.path()] {
        let forked = refused(&another, directory);
        assert_eq!(forked.code(), "history.forked", "{forked}");
        assert!(forked.to_string().contains(&format!("block {}", kept.height)), "{forked}");
    }
    assert!(std::fs::read_dir(fresh.path().join("evidence")).unwrap().count() > 0);

    // Or one that is not there at its time, or of another network.
    let far = Checkpoint { height: kept.height + 1_000_000, ..kept.clone() };
    assert_eq!(refused(&far, tempfile::tempdir().unwrap().path()).code(), "history.forked");
    let elsewhere = Checkpoint { network: kept.header, ..kept };
    assert_eq!(refused(&elsewhere, other.path()).code(), "receipt.wrong_network");
}

#[test]
fn validators_come_and_go_and_nothing_is_lost_or_doubled() {
    let mut network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    let session = bank(&ledger);
    submit(&session, 1);
    for (number, place) in (2..).zip([0_usize, 1, 2, 3]) {
        network.stop(place);
        submit(&session, number * 10);
        network.run(place);
        submit(&session, number * 10 + 1);
    }
    let count = || network.validators[3].as_ref().unwrap().copy().read(|ledger| ledger.height());
    assert!(count() > 0);
    for number in [1, 20, 21, 30, 31, 40, 41, 50, 51] {
        let account = format!("SYNBCNBJXXX/USD/account-{number}").parse().unwrap();
        assert!(ledger.account(&account).unwrap().is_some());
    }
}

#[test]
fn what_was_submitted_before_a_crash_takes_effect_after_it_and_once() {
    let network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    // Handed over, and nobody waits.
    let outcomes: Vec<_> =
        (1..20).map(|number| bank(&ledger).submit_async(open(number), keyed(number))).collect();
    drop(outcomes);
    ledger.close();
    assert_eq!(ledger.status().unwrap_err().code(), "ledger.closed");
    let again = network.connect(directory.path());
    let until = Instant::now() + Duration::from_secs(30);
    for number in 1..20 {
        let account = format!("SYNBCNBJXXX/USD/account-{number}").parse().unwrap();
        while again.account(&account).unwrap().is_none() {
            assert!(Instant::now() < until, "account {number} was not opened");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    // Whoever repeats the call learns the first outcome.
    submit(&bank(&again), 7);
}

#[test]
fn addresses_for_validators_differ_and_are_free() {
    let addresses: BTreeSet<SocketAddr> = (0..64).map(|_| free_address()).collect();
    assert_eq!(addresses.len(), 64);
    let listeners = addresses.iter().map(TcpListener::bind);
    assert!(listeners.map(Result::unwrap).all(|listener| listener.local_addr().unwrap().port() < 32_768));
}

/// Stands before a validator, and changes one byte of the blocks that it answers.
fn liar(target: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            std::thread::spawn(move || {
                // What a client that went away leaves unsaid concerns nobody.
                let _ = pass_on(&mut stream, target);
            });
        }
    });
    address
}

/// One request and its answer.
fn pass_on(stream: &mut TcpStream, target: SocketAddr) -> std::io::Result<()> {
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
    let blocks = head.starts_with("GET /v1/blocks");
    let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let mut real = TcpStream::connect(target)?;
    real.write_all(&[head.as_bytes(), &body].concat())?;
    let mut answer = Vec::new();
    real.read_to_end(&mut answer)?;
    let place = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 112;
    if blocks && answer.len() > place {
        // In the body root of the first header.
        answer[place] ^= 1;
    }
    stream.write_all(&answer)
}

#[test]
fn a_validator_that_lies_is_found_out_and_the_others_are_asked() {
    let network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    // There are blocks to lie about.
    let honest = tempfile::tempdir().unwrap();
    submit(&bank(&network.connect(honest.path())), 100);
    let mut urls = vec![format!("http://{}", liar(network.apis[0]))];
    urls.extend(network.urls().into_iter().skip(1));
    let ledger = Ledger::connect(&urls, network.trust(), directory.path()).unwrap();
    for number in 1..5 {
        submit(&bank(&ledger), number);
    }
    let evidence: Vec<_> = std::fs::read_dir(directory.path().join("evidence")).unwrap().collect();
    assert_eq!(evidence.len(), 2, "what it sent, and what is wrong with it");
    // Alone it gets nowhere, and nothing that it says is believed.
    let other = tempfile::tempdir().unwrap();
    let ledger = Ledger::connect(&urls[..1], network.trust(), other.path()).unwrap();
    let options = SubmitOptions { deadline_ms: 1_000, ..keyed(9) };
    let error = bank(&ledger).submit(open(9), options).unwrap_err();
    assert!(["deadline.exceeded", "network.unreachable"].contains(&error.code()), "{error}");
    let until = Instant::now() + Duration::from_secs(10);
    while let Ok(status) = ledger.status() {
        assert_eq!(status.height, 0);
        assert!(Instant::now() < until);
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(ledger.status().unwrap_err().code(), "network.unreachable");
}

#[test]
fn a_validator_that_is_named_twice_is_asked_as_one() {
    let network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let urls: Vec<String> = network.urls().iter().flat_map(|url| [url.clone(), format!("{url}/")]).collect();
    let ledger = Ledger::connect(&urls, network.trust(), directory.path()).unwrap();
    submit(&bank(&ledger), 1);
}

#[test]
fn an_unreachable_network_and_a_wrong_one_are_told_in_time() {
    let network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let nobody = vec![format!("http://{}", free_address())];
    let refused = Ledger::connect(&nobody, network.trust(), directory.path());
    let Err(error) = refused else { panic!("nobody was there") };
    assert_eq!(error.code(), "network.unreachable");
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());

    let mut another = network.genesis.clone();
    another.name = "another".to_owned();
    let Err(error) = Ledger::connect(&network.urls(), Trust::new(another), directory.path()) else {
        panic!("that is another network")
    };
    assert_eq!(error.code(), "network.wrong");
}

/// Of a submission of which nothing is known.
fn unknown(outcome: Outcome) -> Unknown {
    let Outcome::Unknown(unknown) = outcome else { panic!("it is known: {outcome:?}") };
    unknown
}

#[test]
fn a_call_ends_at_its_deadline_when_no_quorum_runs_and_its_handle_ends_in_the_fact() {
    let mut network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    let session = bank(&ledger);
    submit(&session, 1);
    assert!(ledger.pending().unwrap().is_empty());
    (0..4).for_each(|place| network.stop(place));
    let started = Instant::now();
    let options = SubmitOptions { deadline_ms: 500, ..keyed(2) };
    let handle = unknown(session.submit(open(2), options).unwrap());
    let mut shortest = started.elapsed();
    // The machine may be busy elsewhere: the best of a few tells how long a call lasts.
    for _ in 0..4 {
        let started = Instant::now();
        unknown(handle.resolve(500).unwrap());
        shortest = shortest.min(started.elapsed());
    }
    assert!(shortest < Duration::from_millis(600), "{shortest:?}");
    assert_eq!((handle.party(), Some(handle.key())), (session.party(), keyed(2).key));
    assert_eq!(Outcome::Unknown(handle.clone()).committed().unwrap_err().code(), "deadline.exceeded");
    // Waiting on for a time that passes too tells nothing new, and the key is looked up as what it is.
    assert_eq!(unknown(handle.resolve(50).unwrap()).transaction(), handle.transaction());
    let found = ledger.outcome(session.party(), handle.key()).unwrap().unwrap();
    assert_eq!(unknown(found).transaction(), handle.transaction());
    // It was kept, also over a restart, and is submitted when they are back.
    ledger.close();
    assert_eq!(handle.resolve(500).unwrap_err().code(), "ledger.closed");
    (0..4).for_each(|place| network.run(place));
    let again = network.connect(directory.path());
    let kept = again.pending().unwrap();
    let outcome = match kept.as_slice() {
        [kept] => {
            assert_eq!(kept.transaction(), handle.transaction());
            kept.resolve(30_000).unwrap()
        }
        // The network was quicker.
        [] => again.outcome(session.party(), handle.key()).unwrap().unwrap(),
        more => panic!("{more:?}"),
    };
    assert_eq!(outcome.transaction(), handle.transaction());
    let committed = outcome.committed().unwrap();
    // For ever, for whomever, with the receipt.
    let elsewhere = tempfile::tempdir().unwrap();
    for ledger in [&again, &network.connect(elsewhere.path())] {
        let until = Instant::now() + Duration::from_secs(30);
        let found = loop {
            match ledger.outcome(session.party(), handle.key()).unwrap() {
                Some(Outcome::Committed(found)) => break found,
                other => assert!(Instant::now() < until, "{other:?}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(found.transaction, committed.transaction);
        assert_eq!(found.receipt.verify(ledger.trust()).unwrap().height, committed.height);
        assert!(ledger.outcome(session.party(), IdempotencyKey::new([9; 16])).unwrap().is_none());
    }
    assert!(again.pending().unwrap().is_empty());
}

#[test]
fn what_never_came_into_a_block_in_time_is_expired_and_anybody_can_check_that() {
    let mut network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    let session = bank(&ledger);
    submit(&session, 1);
    (0..4).for_each(|place| network.stop(place));
    let options = SubmitOptions { deadline_ms: 100, valid_for_ms: 300, ..keyed(2) };
    let handle = unknown(session.submit(open(2), options).unwrap());
    std::thread::sleep(Duration::from_millis(400));
    (0..4).for_each(|place| network.run(place));
    let Outcome::Expired(expired) = handle.resolve(30_000).unwrap() else { panic!("it came into a block") };
    assert_eq!(expired.transaction, handle.transaction());
    assert!(expired.time > expired.valid_until && expired.valid_until == handle.valid_until());
    let verify = |trust: &Trust| {
        verify_answer(&expired.proof, trust, &expired.party, expired.key, expired.valid_until)
    };
    let proven = verify(&network.trust()).unwrap();
    assert_eq!((proven.transaction, proven.settled), (None, true));
    assert_eq!((proven.height, proven.time), (expired.height, expired.time));
    assert_eq!(Outcome::Expired(expired).committed().unwrap_err().code(), "transaction.expired");
    assert!(ledger.pending().unwrap().is_empty());
    assert!(ledger.outcome(session.party(), handle.key()).unwrap().is_none());
    // The same intent with a later time is another transaction, and takes effect.
    submit(&session, 2);
    // What a network proves of a key that was used.
    let until = Instant::now() + Duration::from_secs(30);
    let later = loop {
        let later = ledger.status().unwrap().time.plus_millis(86_400_000).unwrap();
        let file = ledger.prove_answer(session.party(), handle.key(), later).unwrap();
        let proven = verify_answer(&file, &network.trust(), session.party(), handle.key(), later).unwrap();
        if proven.transaction.is_some() {
            break proven;
        }
        assert!(Instant::now() < until, "what was committed is not proven");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(later.settled);
}

#[test]
fn each_stage_of_a_submission_can_be_awaited() {
    let mut network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    let session = bank(&ledger);
    let submission = session.start(open(1), keyed(1)).unwrap();
    assert_eq!(Some(submission.key()), keyed(1).key);
    submission.admitted(10_000).unwrap();
    let ordered = submission.ordered(10_000).unwrap();
    let outcome = submission.outcome(10_000).unwrap();
    assert_eq!(outcome.transaction(), submission.transaction());
    let committed = outcome.committed().unwrap();
    let proven = committed.receipt.verify(ledger.trust()).unwrap();
    assert_eq!((ordered.height, ordered.height), (committed.height, proven.height));
    // Again, in another order, and by several at once.
    let (one, other) = (submission.outcome_async(), submission.outcome_async());
    let both = futures::executor::block_on(async { futures::join!(one, other) });
    assert_eq!(both.0.unwrap().receipt(), both.1.unwrap().receipt());
    assert_eq!(submission.ordered(10_000).unwrap(), ordered);
    submission.admitted(10_000).unwrap();
    // A repeat with the key is ordered where the first was.
    let repeat = session.start(open(1), keyed(1)).unwrap();
    assert_eq!(repeat.ordered(10_000).unwrap(), ordered);
    assert_eq!(repeat.outcome(10_000).unwrap().transaction(), submission.transaction());
    // Nobody takes it, so no stage is reached: each wait ends at its own deadline, and takes nothing back.
    (0..4).for_each(|place| network.stop(place));
    let late = session.start(open(2), keyed(2)).unwrap();
    assert_eq!(late.admitted(50).unwrap_err().code(), "deadline.exceeded");
    assert_eq!(late.ordered(50).unwrap_err().code(), "deadline.exceeded");
    unknown(late.outcome(50).unwrap());
    (0..4).for_each(|place| network.run(place));
    late.ordered(30_000).unwrap();
    late.admitted(30_000).unwrap();
    late.outcome(30_000).unwrap().committed().unwrap();
}

#[test]
fn what_no_block_can_change_is_refused_at_the_first_stage() {
    let network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    let stranger = PartyId::parse("SYNADEFFXXX").unwrap();
    let session = ledger.session_with(stranger, Arc::new(signer(BANK)));
    let submission = session.start(open(1), keyed(1)).unwrap();
    assert_eq!(submission.admitted(10_000).unwrap_err().code(), "submission.refused");
}

const URLS: &str = "ALLONGE_KILL_URLS";
const STATE: &str = "ALLONGE_KILL_STATE";
const ROUND: &str = "ALLONGE_KILL_ROUND";

/// Hands over one submission after the other, and says each that is in the outbox.
fn intend_until_killed(urls: &str, state: &Path, round: u32) {
    let urls: Vec<String> = urls.split(' ').map(str::to_owned).collect();
    let trust = Trust::load(state.join("genesis.json")).unwrap();
    let ledger = Ledger::connect(&urls, trust, state).unwrap();
    let session = bank(&ledger);
    for number in round * 10_000.. {
        let outcome = session.submit_async(open(number), keyed(number));
        let mut output = std::io::stdout().lock();
        writeln!(output, "intended {number}").unwrap();
        output.flush().unwrap();
        // Some are waited for, so that every stage of a submission is met.
        if number % 3 == 0 {
            drop(futures::executor::block_on(outcome));
        }
    }
}

#[test]
fn killed_at_random_points_a_client_ends_every_intent_exactly_once() {
    if let Some(urls) = std::env::var_os(URLS) {
        let state = std::env::var_os(STATE).unwrap();
        let round = std::env::var(ROUND).unwrap().parse().unwrap();
        return intend_until_killed(urls.to_str().unwrap(), Path::new(&state), round);
    }
    let network = Network::start();
    let directory = tempfile::tempdir().unwrap();
    let state = directory.path();
    std::fs::write(state.join("genesis.json"), network.trust().to_json()).unwrap();
    let rounds: u32 = std::env::var("ALLONGE_KILLS").map_or(6, |text| text.parse().unwrap());
    let mut intended = Vec::new();
    for round in 1..=rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("killed_at_random_points_a_client_ends_every_intent_exactly_once")
            .env(URLS, network.urls().join(" "))
            .env(STATE, state)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut heard = 0;
        for line in lines.map_while(Result::ok) {
            let Some((_, number)) = line.rsplit_once("intended ") else { continue };
            let Ok(number) = number.parse::<u32>() else { continue };
            intended.push(number);
            heard += 1;
            if heard == 1 + round * 7 % 11 {
                std::thread::sleep(Duration::from_micros(u64::from(round) * 7_919 % 20_000));
                child.kill().unwrap();
            }
        }
        assert!(!child.wait().unwrap().success(), "it was killed");
    }

    let ledger = network.connect(state);
    let until = Instant::now() + Duration::from_secs(60);
    for number in &intended {
        let account = format!("SYNBCNBJXXX/USD/account-{number}").parse().unwrap();
        while ledger.account(&account).unwrap().is_none() {
            assert!(Instant::now() < until, "{number} was lost");
            std::thread::sleep(Duration::from_millis(10));
        }
        submit(&bank(&ledger), *number);
    }
    let mut log = ledger.subscribe(None).unwrap();
    let mut opened = std::collections::BTreeMap::<String, u32>::new();
    loop {
        let entries = log.poll_batch(1_000).unwrap();
        if entries.is_empty() {
            break;
        }
        for entry in entries.iter().filter(|entry| entry.committed) {
            *opened.entry(format!("{:?}", entry.operations)).or_default() += 1;
        }
    }
    assert!(opened.values().all(|times| *times == 1), "an intent took effect twice");
    assert!(opened.len() >= intended.len());
    println!("{} intents of a client that was killed {rounds} times ended exactly once", intended.len());
}

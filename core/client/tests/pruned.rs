//! A network whose validators keep the blocks of the last 90 days only, and those that are behind all of these.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::slice;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use allonge::trade::TradeRules;
use allonge::{
    Genesis, Ledger, LedgerOperation, Operation, Outcome, PartyId, Signer as _, SubmitOptions, Timestamp,
    Trust, restore_snapshot,
};
use allonge_crypto::{HashSuite, Signature};
use allonge_ledger::{
    Certificate, Embedded, HANDOVER_BLOCKS, Proposal, RealDisk, Roster, Settings, SignedTransaction,
    ValidatorKey, Vote, certificate_namespace, roster_approval_message,
};
use allonge_network::{ApiLimits, Validator, ValidatorConfig};

mod banks;

use banks::{BANK, bank, free_address, genesis, open, signer, validator_key};

const DAY: i64 = 86_400_000;
/// The seeds of the validators' keys: of the roster of the genesis, and of the one that took over from it.
const FIRST: [u8; 4] = [99, 100, 101, 102];
const SECOND: [u8; 4] = [100, 101, 102, 103];

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap()).unwrap()
}

fn roster(seeds: [u8; 4]) -> Roster {
    let mut keys: Vec<ValidatorKey> = seeds.into_iter().map(validator_key).collect();
    keys.sort();
    Roster::new(keys).unwrap()
}

/// A ledger that four validators made, a block at a time, of which three certified each.
struct History {
    ledger: Embedded<TradeRules>,
    number: u64,
}

impl History {
    fn begin(directory: &Path, genesis: &Genesis) -> Self {
        fs::create_dir_all(directory).unwrap();
        let settings = Settings::default();
        let ledger =
            Embedded::create_replica(&RealDisk, directory, genesis.clone(), TradeRules, settings).unwrap();
        History { ledger, number: 0 }
    }

    fn block(&mut self, time: Timestamp, operations: Vec<Vec<Operation>>) {
        let transactions: Vec<Vec<u8>> =
            operations.into_iter().map(|operations| self.signed(time, operations).to_bytes()).collect();
        let ledger = &mut self.ledger;
        let header = ledger.propose(ledger.tip(), time, &transactions).unwrap().unwrap();
        let roster = ledger.epochs().get(header.epoch).unwrap().roster.clone();
        let view =
            header.height - ledger.epochs().get(header.epoch).unwrap().from_height.min(header.height) + 2;
        let proposal = Proposal::new(header.epoch, view, view - 1, header.digest(HashSuite::Sha256)).unwrap();
        let message = proposal.signed_message(&certificate_namespace(&ledger.trust().network()));
        let votes = FIRST.into_iter().chain(SECOND).filter_map(|seed| {
            let place = roster.position(&validator_key(seed))?;
            let Signature::Ed25519(signature) = signer(seed).sign(&message).unwrap();
            Some(Vote { signer: place, signature })
        });
        let mut votes: Vec<Vote> = votes.collect();
        votes.sort_by_key(|vote| vote.signer);
        votes.dedup_by_key(|vote| vote.signer);
        let certificate = Certificate::assemble(proposal, &roster, votes.into_iter().take(3)).unwrap();
        ledger.execute(header, Some(certificate), transactions).unwrap();
    }

    fn signed(&mut self, time: Timestamp, operations: Vec<Operation>) -> SignedTransaction {
        self.number += 1;
        let mut key = [9; 16];
        key[8..].copy_from_slice(&self.number.to_be_bytes());
        let transaction = allonge_ledger::Transaction {
            network: self.ledger.trust().network(),
            author: PartyId::parse("SYNBCNBJXXX").unwrap(),
            key: allonge::IdempotencyKey::new(key),
            valid_until: time.plus_millis(3_600_000).unwrap(),
            operations,
        };
        transaction.sign(HashSuite::Sha256, &[&signer(BANK)]).unwrap()
    }

    fn days(&mut self, from: i64, to: i64) {
        for day in (to..from).rev() {
            let time = now().plus_millis(-day * DAY).unwrap();
            self.block(time, vec![open(u32::try_from(day).unwrap())]);
        }
    }

    /// The second roster takes over: the last block is the last of the first.
    fn hand_over(&mut self) {
        let until = now().plus_millis(20 * DAY).unwrap();
        let next = roster(SECOND);
        let message = roster_approval_message(&self.ledger.trust().network(), 0, &next, until);
        let approvals = FIRST.into_iter().take(3).map(|seed| {
            let signature = signer(seed).sign(&message).unwrap();
            vec![Operation::Ledger(LedgerOperation::ApproveRoster {
                epoch: 0,
                roster: next.clone(),
                valid_until: until,
                validator: validator_key(seed),
                signature,
            })]
        });
        let time = now().plus_millis(-DAY - 3_600_000).unwrap();
        self.block(time, approvals.collect());
        for number in 1..HANDOVER_BLOCKS {
            self.block(time.plus_millis(i64::try_from(number).unwrap()).unwrap(), Vec::new());
        }
        let newest = self.ledger.block(self.ledger.height()).unwrap();
        assert!(newest.header.next_roster.is_some());
    }
}

/// The validators of the second roster.
struct Network {
    directory: tempfile::TempDir,
    genesis: Genesis,
    peers: Vec<(ValidatorKey, SocketAddr)>,
    apis: Vec<SocketAddr>,
    validators: Vec<Option<Validator<TradeRules>>>,
    prunes: bool,
}

impl Network {
    /// With a history of 200 days, of which these keep the newest 90 only.
    fn make(pruned: &[usize]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut genesis = genesis("an old network", FIRST.into_iter().map(validator_key).collect());
        genesis.created = now().plus_millis(-201 * DAY).unwrap();
        let whole = directory.path().join("history");
        let mut history = History::begin(&whole, &genesis);
        history.days(200, 120);
        copy_files(&whole, &directory.path().join("away"));
        history.days(120, 2);
        history.hand_over();
        let snapshot = directory.path().join("snapshot");
        let written = history.ledger.write_snapshot(&snapshot).unwrap();
        assert!(written.oldest > 100, "{written:?}");
        drop(history);
        let peers: Vec<_> = SECOND.into_iter().map(|seed| (validator_key(seed), free_address())).collect();
        let apis = (0..4).map(|_| free_address()).collect();
        let validators = (0..4).map(|_| None).collect();
        let network = Network { directory, genesis, peers, apis, validators, prunes: false };
        for place in 0..4 {
            let ledger = network.home(place).join("ledger");
            match pruned.contains(&place) {
                true => drop(restore_snapshot(&snapshot, ledger, &network.trust(), None).unwrap()),
                false => copy_files(&whole, &ledger),
            }
            fs::write(network.unused(place), "").unwrap();
        }
        network
    }

    fn start(pruned: &[usize]) -> Self {
        let mut network = Network::make(pruned);
        (0..4).for_each(|place| network.run(place));
        network
    }

    fn home(&self, place: usize) -> PathBuf {
        self.directory.path().join(place.to_string())
    }

    fn unused(&self, place: usize) -> PathBuf {
        self.directory.path().join(format!("{place}.unused"))
    }

    fn run(&mut self, place: usize) {
        let config = ValidatorConfig {
            home: self.home(place),
            genesis: self.genesis.clone(),
            signer: Arc::new(signer(SECOND[place])),
            unused: self.unused(place),
            listen: self.peers[place].1,
            peers: self.peers.clone(),
            api: self.apis[place],
            tls: None,
            limits: ApiLimits::default(),
            prune: self.prunes,
        };
        self.validators[place] = Some(Validator::start(config, TradeRules).unwrap());
    }

    fn url(&self, place: usize) -> String {
        format!("http://{}", self.apis[place])
    }

    fn trust(&self) -> Trust {
        Trust::new(self.genesis.clone())
    }

    fn connect(&self, directory: &Path) -> Ledger {
        let urls: Vec<String> = (0..4).map(|place| self.url(place)).collect();
        Ledger::connect(&urls, self.trust(), directory).unwrap()
    }

    fn height(&self, place: usize) -> u64 {
        let status: serde_json::Value = serde_json::from_slice(&self.get(place, "/v1/status").1).unwrap();
        status["height"].as_u64().unwrap()
    }

    /// What a validator answers to a request, and whether it is what was asked for.
    fn get(&self, place: usize, route: &str) -> (bool, Vec<u8>) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let mut answer = agent.get(format!("{}{route}", self.url(place))).call().unwrap();
        let body = answer.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
        (answer.status().is_success(), body)
    }
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        match entry.path().is_dir() {
            true => copy_files(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

fn within<T>(seconds: u64, mut look: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(since.elapsed() < Duration::from_secs(seconds), "it does not happen");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn has(ledger: &Ledger, day: u32) -> bool {
    ledger.account(&format!("SYNBCNBJXXX/USD/account-{day}").parse().unwrap()).unwrap().is_some()
}

fn opens(ledger: &Ledger, number: u32) {
    let outcome = bank(ledger).submit(open(number), SubmitOptions::default()).unwrap();
    assert!(matches!(outcome, Outcome::Committed(_)), "{outcome:?}");
    outcome.receipt().unwrap().verify(ledger.trust()).unwrap();
    assert!(has(ledger, number));
}

#[test]
fn validators_that_begin_at_a_snapshot_go_on_and_a_client_that_is_behind_begins_at_theirs() {
    let network = Network::start(&[0, 1, 2, 3]);
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    within(30, || has(&ledger, 150).then_some(()));
    let arriving = ["arriving", "arriving.snapshot"].map(|name| directory.path().join(name));
    within(10, || arriving.iter().all(|path| !path.exists()).then_some(()));
    opens(&ledger, 300);

    // The stream says what it leaves out, where the state has that, and goes on behind it.
    let mut stream = ledger.subscribe(None).unwrap();
    let pruned = stream.poll_batch(100).unwrap_err();
    assert_eq!((pruned.code(), pruned.detail("from")), ("stream.pruned", Some("1")), "{pruned}");
    let height: u64 = pruned.detail("height").unwrap().parse().unwrap();
    assert!(height > 200 && height <= ledger.status().unwrap().height);
    let entries = stream.poll_batch(100).unwrap();
    assert!(entries.iter().all(|entry| entry.height > height), "nothing of it is said twice");
    assert_eq!(entries.len(), 1, "the account 300");
    let mut again = ledger.subscribe(pruned.detail("cursor")).unwrap();
    assert_eq!(again.poll_batch(100).unwrap(), entries);

    // Whoever opens the same directory again goes on.
    ledger.close();
    let ledger = network.connect(directory.path());
    opens(&ledger, 301);
}

#[test]
fn a_copy_that_was_away_for_long_takes_a_snapshot_of_its_own_history_only() {
    let network = Network::start(&[0, 1, 2, 3]);
    let (away, forked) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    copy_files(&network.directory.path().join("away"), &away.path().join("copy"));
    let ledger = network.connect(away.path());
    assert!(has(&ledger, 150) && !has(&ledger, 110));
    let mut stream = ledger.subscribe(None).unwrap();
    assert_eq!(stream.poll_batch(10).unwrap().len(), 10);
    within(30, || has(&ledger, 110).then_some(()));
    assert_eq!(stream.poll_batch(10).unwrap_err().code(), "stream.pruned");
    opens(&ledger, 300);

    // The same validators certified something else for the days that it has seen.
    let mut other = History::begin(&forked.path().join("copy"), &network.genesis);
    other.days(199, 119);
    drop(other);
    let ledger = network.connect(forked.path());
    let error = within(30, || ledger.status().err());
    assert_eq!(error.code(), "history.forked", "{error}");
    let names = fs::read_dir(forked.path().join("evidence")).unwrap().map(|entry| entry.unwrap().path());
    let kept: Vec<PathBuf> =
        names.filter(|path| path.extension().is_some_and(|extension| extension == "snapshot")).collect();
    assert!(allonge::is_snapshot(&kept[0]).unwrap(), "what was certified is the evidence");
}

#[test]
fn as_long_as_one_validator_keeps_everything_a_copy_does_too() {
    let network = Network::start(&[0, 1, 3]);
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    opens(&ledger, 300);
    let entries = ledger.subscribe(None).unwrap().poll_batch(1).unwrap();
    assert_eq!(entries[0].height, 1);
    let (found, problem) = network.get(2, "/v1/snapshot");
    let problem: serde_json::Value = serde_json::from_slice(&problem).unwrap();
    assert!(!found && problem["code"] == "snapshot.none", "{problem}");
}

#[test]
fn a_validator_that_is_to_prune_keeps_less_from_its_next_start_on_and_votes() {
    let mut network = Network::make(&[]);
    network.prunes = true;
    (0..4).for_each(|place| network.run(place));
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    opens(&ledger, 300);
    let snapshot = network.home(0).join("pruned.snapshot");
    within(30, || snapshot.exists().then_some(()));
    assert!(network.get(0, "/v1/blocks?after=0").0, "it still has everything");

    network.validators[0] = None;
    network.run(0);
    let (found, problem) = network.get(0, "/v1/blocks?after=0");
    let problem: serde_json::Value = serde_json::from_slice(&problem).unwrap();
    assert!(!found && problem["code"] == "block.pruned" && !snapshot.exists(), "{problem}");
    // Without its vote nothing would be final.
    network.validators[1] = None;
    opens(&ledger, 301);
}

#[test]
fn a_validator_whose_files_are_lost_begins_at_the_snapshot_of_another() {
    let mut network = Network::start(&[0, 1, 2, 3]);
    let directory = tempfile::tempdir().unwrap();
    let ledger = network.connect(directory.path());
    within(30, || has(&ledger, 150).then_some(()));
    opens(&ledger, 300);
    network.validators[3] = None;
    fs::remove_dir_all(network.home(3)).unwrap();
    let (found, snapshot) = network.get(0, "/v1/snapshot");
    assert!(found);
    let file = directory.path().join("snapshot");
    fs::write(&file, &snapshot).unwrap();
    restore_snapshot(&file, network.home(3).join("ledger"), &network.trust(), None).unwrap();
    network.run(3);
    opens(&ledger, 301);
    // It does not know how it voted before, until ten seconds have passed.
    let votes = |metrics: &[u8]| String::from_utf8_lossy(metrics).contains("\nallonge_voting 1\n");
    within(60, || votes(&network.get(3, "/metrics").1).then_some(()));
    network.validators[2] = None;
    opens(&ledger, 302);
    let height = ledger.status().unwrap().height;
    within(10, || (network.height(3) >= height).then_some(()));
}

#[test]
fn a_validator_that_was_away_for_longer_than_the_others_keep_blocks_goes_on_from_their_snapshot() {
    let mut network = Network::make(&[0, 1, 2, 3]);
    let ledger = network.home(3).join("ledger");
    fs::remove_dir_all(&ledger).unwrap();
    copy_files(&network.directory.path().join("away"), &ledger);
    (0..4).for_each(|place| network.run(place));
    let directory = tempfile::tempdir().unwrap();
    let client = network.connect(directory.path());
    // The client, too, has those blocks of it that the others dropped, and no more.
    within(30, || has(&client, 110).then_some(()));
    opens(&client, 300);
    assert_eq!(network.height(3), 80, "nobody has its next block");
    network.validators[3] = None;
    fs::remove_dir_all(&ledger).unwrap();
    let file = directory.path().join("snapshot");
    fs::write(&file, network.get(0, "/v1/snapshot").1).unwrap();
    restore_snapshot(&file, &ledger, &network.trust(), None).unwrap();
    network.run(3);
    // The files of its engine are there: it knows how it voted.
    network.validators[2] = None;
    opens(&client, 301);
    let height = client.status().unwrap().height;
    within(10, || (network.height(3) >= height).then_some(()));
}

/// Answers as a validator does, but for one byte of its snapshot.
fn changes_its_snapshot(network: &Network) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, behind) = (listener.local_addr().unwrap(), network.url(0));
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let behind = behind.clone();
            std::thread::spawn(move || answer_for(stream, &behind));
        }
    });
    address
}

fn answer_for(mut stream: TcpStream, behind: &str) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let request = lines.next()?.ok()?;
    let route = request.split(' ').nth(1)?;
    lines.find(|line| line.as_ref().is_ok_and(String::is_empty))?.ok()?;
    let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
    let mut answer = agent.get(format!("{behind}{route}")).call().ok()?;
    let mut body = answer.body_mut().with_config().limit(1 << 30).read_to_vec().ok()?;
    if route == "/v1/snapshot" {
        let middle = body.len() / 2;
        body[middle] ^= 1;
    }
    let (status, length) = (answer.status(), body.len());
    write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n").ok()?;
    stream.write_all(&body).ok()
}

#[test]
fn a_validator_whose_snapshot_does_not_hold_is_asked_no_more() {
    let network = Network::start(&[0, 1, 2, 3]);
    let directory = tempfile::tempdir().unwrap();
    let liar = format!("http://{}", changes_its_snapshot(&network));
    let ledger = Ledger::connect(slice::from_ref(&liar), network.trust(), directory.path()).unwrap();
    let error = within(30, || ledger.status().err());
    assert_eq!(error.code(), "network.unreachable", "{error}");
    assert!(error.to_string().contains("what does not hold"), "{error}");
    let names = fs::read_dir(directory.path().join("evidence")).unwrap().map(|entry| entry.unwrap().path());
    let told: Vec<String> = names
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert!(told.len() == 1 && told[0].starts_with(&liar) && told[0].contains("snapshot"), "{told:?}");
    ledger.close();

    // With others beside it nothing is lost but time.
    let others = [liar, network.url(1)];
    let ledger = Ledger::connect(&others, network.trust(), directory.path()).unwrap();
    within(40, || has(&ledger, 150).then_some(()));
    opens(&ledger, 300);
}

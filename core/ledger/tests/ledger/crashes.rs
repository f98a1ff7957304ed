//! `kill -9` at random points: what was acknowledged is there, and what is there is whole.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use allonge_crypto::Hash;
use allonge_ledger::{Embedded, SignedTransaction};

use crate::world::*;

const COMMITS: u64 = 1_000;
const KILLS: u64 = 50;

/// Tells a child of these tests which ledger is its, and from which transaction on to which.
const DIRECTORY: &str = "ALLONGE_TEST_DIRECTORY";
const FIRST: &str = "ALLONGE_TEST_FIRST";
const LAST: &str = "ALLONGE_TEST_LAST";
/// Replays the kills of an earlier run, as far as the machine lets it.
const SEED: &str = "ALLONGE_TEST_SEED";

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same on every platform.
struct Random(u64);

impl Random {
    fn from_environment() -> (u64, Self) {
        let seed = match std::env::var(SEED) {
            Ok(seed) => seed.parse().unwrap(),
            Err(_) => SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos() as u64,
        };
        (seed, Random(seed))
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// The transaction of a number, of 0.2 to 3 KB, so that the log grows now and then.
fn numbered(number: u64) -> SignedTransaction {
    let length = (number * 7_919 % 3_000) as usize;
    transaction(ALICE, number, [note(&format!("{number} {}", "x".repeat(length)))])
}

/// Runs one test of this binary again as a process of its own, which sees that it is the child.
fn start(test: &str, directory: &Path, first: u64, last: u64) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(DIRECTORY, directory)
        .env(FIRST, first.to_string())
        .env(LAST, last.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

/// What the child does: says what it submits, commits it, and says that it is committed.
fn submit_and_acknowledge(directory: &Path, first: u64, last: u64) {
    let mut ledger = open(directory).unwrap();
    // The harness has begun a line.
    say("");
    for number in first..=last {
        say(&format!("submit {number}"));
        // The first may be in the ledger already, though its acknowledgement never got out.
        let id = match commit(&mut ledger, 1, &numbered(number)) {
            Ok(id) => id,
            Err(error) if number == first && error.code() == "transaction.repeated" => {
                error.detail("first").unwrap().parse().unwrap()
            }
            Err(error) => panic!("{number}: {error}"),
        };
        say(&format!("ack {number} {id}"));
    }
}

/// What children have said so far.
#[derive(Default)]
struct Heard {
    submitted: u64,
    acknowledged: BTreeMap<u64, Hash>,
}

impl Heard {
    /// Whether there was another whole line.
    fn next(&mut self, from: &mut impl BufRead) -> bool {
        let mut line = String::new();
        from.read_line(&mut line).unwrap();
        let Some(line) = line.strip_suffix('\n') else { return false };
        match *line.split(' ').collect::<Vec<_>>() {
            ["submit", number] => self.submitted = number.parse().unwrap(),
            ["ack", number, id] => {
                self.acknowledged.insert(number.parse().unwrap(), id.parse().unwrap());
            }
            // The harness talks too.
            _ => {}
        }
        true
    }
}

#[test]
fn after_kill_9_at_50_points_every_acknowledged_transaction_is_there_and_every_other_is_whole() {
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        let [first, last] = [FIRST, LAST].map(|name| std::env::var(name).unwrap().parse().unwrap());
        return submit_and_acknowledge(Path::new(&directory), first, last);
    }
    let (seed, mut random) = Random::from_environment();
    println!("replay with {SEED}={seed}");
    let test =
        "crashes::after_kill_9_at_50_points_every_acknowledged_transaction_is_there_and_every_other_is_whole";

    let directory = tempfile::tempdir().unwrap();
    drop(create(directory.path()));
    let mut points: Vec<_> = (0..KILLS).map(|_| 1 + random.below(COMMITS - 1)).collect();
    points.sort_unstable();
    let mut heard = Heard::default();
    let (mut killed, mut survived) = (0, 0);
    let begun = Instant::now();
    for point in points {
        let acknowledged = |heard: &Heard| heard.acknowledged.len() as u64;
        let first = acknowledged(&heard) + 1;
        // However slowly this side hears, no child comes to its end.
        let mut child = start(test, directory.path(), first, u64::MAX);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        // At least one more, or it would be no other point.
        while acknowledged(&heard) < point.max(first) && heard.next(&mut output) {}
        // Not waited for anything: it spreads the points over the next commit.
        std::thread::sleep(Duration::from_micros(random.below(1_500)));
        child.kill().unwrap();
        // What it said before it died counts.
        while heard.next(&mut output) {}
        killed += u64::from(!child.wait().unwrap().success());
        survived += check(directory.path(), &heard, 40);
    }
    println!("{killed} kills, {survived} unacknowledged transactions survived, {:?}", begun.elapsed());
    assert_eq!(killed, KILLS);

    // Once more to the end, in peace.
    let first = heard.acknowledged.len() as u64 + 1;
    let last = COMMITS.max(first);
    let mut child = start(test, directory.path(), first, last);
    let mut output = BufReader::new(child.stdout.take().unwrap());
    while heard.next(&mut output) {}
    assert!(child.wait().unwrap().success());
    assert_eq!(check(directory.path(), &heard, last), 0);
    assert_eq!(heard.acknowledged.len() as u64, last);
}

/// Checks a ledger against what was heard of it, the newest `closely` transactions by their receipts, and
/// answers how many unacknowledged transactions it has.
fn check(directory: &Path, heard: &Heard, closely: u64) -> u64 {
    let mut ledger = open(directory).unwrap();
    // Every acknowledged one is there, and its receipt holds.
    let newest = heard.acknowledged.iter().rev().take(closely as usize);
    for (number, id) in &heard.acknowledged {
        assert!(ledger.position(id).unwrap().is_some(), "{number} was acknowledged");
    }
    for (number, id) in newest {
        let proven = prove(&ledger, id);
        assert_eq!(proven.transaction, numbered(*number).transaction().unwrap());
    }
    // Every other one was submitted and is whole: one transaction a block, in the order of their numbers.
    let present = ledger.height();
    assert!(present <= heard.submitted, "{present} blocks of {} submitted", heard.submitted);
    let unacknowledged = present - heard.acknowledged.len() as u64;
    assert!(unacknowledged <= 1, "one is submitted at a time");
    for number in (present.saturating_sub(closely) + 1)..=present {
        let expected = numbered(number);
        assert_eq!(ledger.block(number).unwrap().transactions, [expected.to_bytes()]);
        let id = expected.id(SUITE);
        assert_eq!(prove(&ledger, &id).height, number);
        let error = refused(commit(&mut ledger, 1, &expected));
        assert_eq!(error.code(), "transaction.repeated");
        assert_eq!(error.detail("first"), Some(id.to_string().as_str()));
    }
    let (height, root) = (ledger.height(), ledger.state_root());
    drop(ledger);

    let fresh = tempfile::tempdir().unwrap();
    std::fs::copy(directory.join("blocks.log"), fresh.path().join("blocks.log")).unwrap();
    let replayed = open(fresh.path()).unwrap();
    assert_eq!((replayed.height(), replayed.state_root()), (height, root));
    unacknowledged
}

#[test]
fn a_ledger_whose_creation_was_killed_is_there_or_can_be_created() {
    let test = "crashes::a_ledger_whose_creation_was_killed_is_there_or_can_be_created";
    if let Some(directory) = std::env::var_os(DIRECTORY) {
        say("begin");
        let ledger = create(Path::new(&directory));
        say("ack");
        drop(ledger);
        return;
    }
    let (seed, mut random) = Random::from_environment();
    println!("replay with {SEED}={seed}");
    let mut outcomes = BTreeMap::<bool, u32>::new();
    for _ in 0..20 {
        let directory = tempfile::tempdir().unwrap();
        let mut child = start(test, directory.path(), 0, 0);
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        assert!(lines.any(|line| line.ends_with("begin")));
        // Not waited for anything: it spreads the points over the creation.
        std::thread::sleep(Duration::from_micros(random.below(6_000)));
        child.kill().unwrap();
        let acknowledged = lines.any(|line| line == "ack");
        child.wait().unwrap();

        let exists = Embedded::<Notes>::exists(directory.path());
        assert!(exists || !acknowledged);
        let mut ledger = if exists { open(directory.path()).unwrap() } else { create(directory.path()) };
        let id = commit(&mut ledger, 1, &numbered(1)).unwrap();
        assert_eq!(prove(&ledger, &id).height, 1);
        *outcomes.entry(exists).or_default() += 1;
    }
    println!("there: {outcomes:?}");
}

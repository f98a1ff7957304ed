//! What the whole ledger costs beside its bare parts: each term of a ratio once a round, in turn.
//!
//! ```text
//! cargo bench -p allonge-ledger --bench ledger -- rounds 1000000
//! cargo bench -p allonge-ledger --bench ledger -- growth 100000 10000000
//! ```
//!
//! For each line on standard input one round is measured, and printed as one line of JSON: for each term what it
//! measured, the seconds of a term as `{"wall", "cpu"}`. `tests/bench/ledger.py` asks for the rounds, measures
//! databases between them, and makes the ratios.
#![allow(missing_docs, clippy::expect_used, clippy::float_arithmetic)]

#[path = "bare/signatures.rs"]
mod signatures;
#[path = "bare/tree.rs"]
mod tree;
#[path = "ledger/world.rs"]
mod world;

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use allonge_ledger::{Account, Embedded, SignedTransaction, StateTree, StateTreeLoader, Workers, canonical};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use signatures::Signatures;
use tree::Tree;
use world::{BLOCK, LARGE, LARGE_BLOCK, NoRules, SUITE, Senders, Transfer, Work, World, mix};

/// Blocks of a term, so that what is put off until several blocks later is in it.
const BLOCKS: usize = 4;
/// Blocks of one transaction, for latency.
const SMALL_BLOCKS: usize = 32;
const PROOFS: usize = 2_000;
/// Blocks that are committed to count what is written.
const WRITTEN_BLOCKS: usize = 24;

type Terms = BTreeMap<String, Value>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|one| one != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().expect("a number");
    match arguments.as_slice() {
        ["rounds", accounts] => rounds(number(accounts)),
        ["growth", small, large] => growth(number(small), number(large)),
        ["victim", accounts, first, directory] => victim(number(accounts), number(first), directory.as_ref()),
        ["writer", accounts, directory] => writer(number(accounts), directory.as_ref()),
        _ => eprintln!("rounds ACCOUNTS | growth ACCOUNTS ACCOUNTS"),
    }
}

fn rounds(accounts: u64) {
    let scratch = scratch();
    let place = |name: &str| scratch.path().join(name);
    let mut world = World::new(accounts, 0);
    world.found(&place("one"));
    for name in ["two", "victim", "writer"] {
        copy(&place("one"), &place(name));
    }
    let written = written(accounts, &place("writer"));
    std::fs::remove_dir_all(place("writer")).expect("removed");

    let mut bare = Bare::new(&world, &place("bare"));
    let (mut one, mut two) = (world.open(&place("one"), 1), world.open(&place("two"), 2));
    // Before the idempotency keys of the rounds are in it.
    let memory = two.tree_memory() as f64 / world.accounts() as f64;
    // A victim numbers its transactions from far behind these.
    let mut victims = 1 << 40;
    for_each_line(|| {
        let mut terms = Terms::new();
        for (name, senders) in [("few", Senders::Few), ("distinct", Senders::Distinct)] {
            let work: Vec<Work> = (0..BLOCKS).map(|_| world.work(senders, BLOCK, 1)).collect();
            let mut seconds = bare.stages(&world, &work, &mut one, &mut two);
            terms.extend(seconds.drain(..).map(|(term, spent)| (format!("{name}.{term}"), spent)));
        }
        let work: Vec<Work> =
            (0..BLOCKS).map(|_| world.work(Senders::Distinct, LARGE_BLOCK, LARGE)).collect();
        let mut seconds = bare.stages(&world, &work, &mut one, &mut two);
        terms.extend(seconds.drain(..).map(|(term, spent)| (format!("large.{term}"), spent)));
        assert_eq!(one.state_root(), two.state_root());
        latency(&mut world, &mut bare, &mut [&mut one, &mut two], &mut terms);
        proofs(&world, &two, &mut terms);
        terms.insert("memory".into(), json!(memory));
        terms.insert("written".into(), json!(written));
        let reopened = reopened(&world, victims, &place("victim"));
        victims += 1 << 30;
        terms.insert("reopened".into(), reopened);
        terms.insert("accounts".into(), json!(world.accounts()));
        terms.insert(
            "operations".into(),
            json!({ "block": BLOCKS * BLOCK, "large": BLOCKS * LARGE_BLOCK * LARGE }),
        );
        terms
    });
}

/// What the ledger is compared with, each as bare as possible, at the same number of accounts.
struct Bare {
    balances: HashMap<u64, i128>,
    accounts: Tree,
    answers: Tree,
    state: StateTree,
    directory: PathBuf,
    workers: [Workers; 2],
}

impl Bare {
    fn new(world: &World, directory: &Path) -> Self {
        std::fs::create_dir(directory).expect("a directory");
        let workers = [Workers::none(), Workers::with_threads(2)];
        let mut state = StateTreeLoader::new(SUITE, &workers[1]);
        let mut accounts = Tree::Empty;
        let numbers: Vec<u64> = (0..world.accounts()).collect();
        for numbers in numbers.chunks(1 << 16) {
            let mut records: Vec<_> = numbers.iter().map(|number| world.record(*number, 0)).collect();
            records.iter().for_each(|(key, value)| state.push(key, value).expect("room"));
            records.sort_unstable();
            accounts = accounts.update(&workers[1], &records);
        }
        let state = state.finish().expect("room");
        assert_eq!(accounts.hash(), state.root());
        Bare {
            balances: numbers.iter().map(|number| (*number, 1_000_000)).collect(),
            accounts,
            answers: Tree::Empty,
            state,
            directory: directory.to_owned(),
            workers,
        }
    }

    /// Each stage of the same blocks alone, and the ledgers of one and of two threads.
    fn stages(
        &mut self,
        world: &World,
        work: &[Work],
        one: &mut Embedded<NoRules>,
        two: &mut Embedded<NoRules>,
    ) -> Vec<(&'static str, Value)> {
        let signed: Vec<_> =
            work.iter().map(|work| Signatures::of(SUITE, &world.network, &work.transactions)).collect();
        let mut spent = Vec::new();
        let mut term = |name, seconds| spent.push((name, seconds));
        term("signatures", time(|| signed.iter().for_each(Signatures::verify)));
        term("signatures.two", time(|| signed.iter().for_each(Signatures::verify_on_two_threads)));
        term("transfers", time(|| work.iter().for_each(|work| self.transfer(&work.transfers))));
        term("tree", time(|| work.iter().for_each(|work| self.update(work))));
        let [alone, both] = &self.workers;
        term("root", time(|| work.iter().for_each(|work| update_root(&mut self.state, alone, work))));
        term("root.two", time(|| work.iter().for_each(|work| update_root(&mut self.state, both, work))));
        term("ledger", time_with_background(|| commit_all(one, work)));
        term("ledger.two", time_with_background(|| commit_all(two, work)));
        let mut file = ZeroedFile::new(&self.directory, work.len() * world::newest_bytes(two));
        let bytes = vec![7; world::newest_bytes(two)];
        term("disk", time(|| work.iter().for_each(|_| file.append(&bytes))));
        spent
    }

    fn transfer(&mut self, transfers: &[Transfer]) {
        for (from, to) in black_box(transfers) {
            let payer = self.balances.get_mut(from).expect("an account");
            assert!(*payer >= 1);
            *payer -= 1;
            *self.balances.get_mut(to).expect("an account") += 1;
        }
    }

    fn update(&mut self, work: &Work) {
        let alone = &self.workers[0];
        self.accounts = std::mem::replace(&mut self.accounts, Tree::Empty).update(alone, &work.touched);
        self.answers = std::mem::replace(&mut self.answers, Tree::Empty).update(alone, &work.answers);
    }
}

fn update_root(state: &mut StateTree, workers: &Workers, work: &Work) {
    black_box(state.update(workers, work.touched.iter().map(|(key, value)| (key, value))).expect("room"));
}

/// Commits blocks; while one is committed the next is verified, as whoever embeds the ledger does it.
fn commit_all(ledger: &mut Embedded<NoRules>, work: &[Work]) {
    let (verifier, workers) = ledger.verifier();
    let verify = |work: &Work| verifier.verify(&workers, &work.transactions);
    let mut verified = work.first().map(verify);
    for next in work.iter().skip(1).map(Some).chain([None]) {
        let Some(block) = verified.take() else { return };
        let commit = || world::commit_verified(ledger, block);
        let ((), next) = workers.join(commit, || next.map(verify));
        verified = next;
    }
}

/// A block of one transaction, and its stages alone: each time, one after the other.
fn latency(
    world: &mut World,
    bare: &mut Bare,
    [one, two]: &mut [&mut Embedded<NoRules>; 2],
    terms: &mut Terms,
) {
    let (mut whole, mut stages, mut disk) = (Vec::new(), Vec::new(), Vec::new());
    let mut file = None;
    for _ in 0..SMALL_BLOCKS {
        let work = world.work(Senders::Distinct, 1, 1);
        whole.push(wall(|| world::commit(two, &work.transactions)));
        // The two stay alike.
        world::commit(one, &work.transactions);
        let signed = Signatures::of(SUITE, &world.network, &work.transactions);
        stages.push(wall(|| {
            signed.verify_singly();
            bare.transfer(&work.transfers);
            bare.update(&work);
        }));
        let bytes = vec![7; world::newest_bytes(two)];
        let file =
            file.get_or_insert_with(|| ZeroedFile::new(&bare.directory, 2 * SMALL_BLOCKS * bytes.len()));
        disk.push(wall(|| file.append(&bytes)));
    }
    for (name, seconds) in [("latency", whole), ("latency.stages", stages), ("latency.disk", disk)] {
        terms.insert(name.into(), json!(median(seconds)));
    }
}

fn proofs(world: &World, ledger: &Embedded<NoRules>, terms: &mut Terms) {
    let root = ledger.state_root();
    let chosen = |number: usize| world.account(mix(number as u64 ^ world.next()) % world.accounts());
    let accounts: Vec<_> = (0..PROOFS).map(chosen).collect();
    let mut proofs = Vec::with_capacity(PROOFS);
    let made = wall(|| {
        proofs.extend(accounts.iter().map(|id| ledger.prove::<Account>(id).expect("a proof")));
    });
    let records: Vec<_> = accounts
        .iter()
        .map(|id| {
            let account = ledger.get::<Account>(id).expect("readable").expect("an account");
            (<Account as allonge_ledger::Stored>::key(id), canonical(&account))
        })
        .collect();
    let verified = wall(|| {
        for (proof, (key, value)) in proofs.iter().zip(&records) {
            proof.verify(SUITE, &root, key, Some(value)).expect("it holds");
        }
    });
    let bytes: usize = proofs.iter().map(|proof| canonical(proof).len()).sum();
    let each = |total: f64| json!(total / PROOFS as f64);
    terms.insert("proof.bytes".into(), each(bytes as f64));
    terms.insert("proof.make".into(), each(made));
    terms.insert("proof.verify".into(), each(verified));
}

/// Blocks of the same size over two ledgers of different sizes.
fn growth(small: u64, large: u64) {
    let scratch = scratch();
    let mut ledgers: Vec<_> = [("small", small), ("large", large)]
        .into_iter()
        .map(|(name, accounts)| {
            let world = World::new(accounts, 0);
            let directory = scratch.path().join(name);
            world.found(&directory);
            let ledger = world.open(&directory, 2);
            (name, world, ledger)
        })
        .collect();
    for_each_line(|| {
        let mut terms = Terms::new();
        for (name, world, ledger) in &mut ledgers {
            let work: Vec<Work> = (0..BLOCKS).map(|_| world.work(Senders::Distinct, BLOCK, 1)).collect();
            terms.insert(format!("growth.{name}"), time_with_background(|| commit_all(ledger, &work)));
        }
        terms
    });
}

/// Commits until it is killed, and says so for each block.
fn victim(accounts: u64, first: u64, directory: &Path) {
    let mut world = World::new(accounts, first);
    let mut ledger = world.open(directory, 2);
    loop {
        let work = world.work(Senders::Distinct, BLOCK, 1);
        world::commit(&mut ledger, &work.transactions);
        println!("{}", ledger.height());
    }
}

/// How long opening takes after a kill in the middle of work.
fn reopened(world: &World, first: u64, directory: &Path) -> Value {
    let mut victim = myself("victim", &[&world.accounts().to_string(), &first.to_string()], directory);
    let said = BufReader::new(victim.stdout.take().expect("its output"));
    let blocks = 6 + usize::try_from(first >> 30).expect("a number") % 4;
    let heights = said.lines().take(blocks).map(|line| line.expect("a line").parse().expect("a height"));
    let acknowledged: u64 = heights.last().expect("some");
    victim.kill().expect("killed");
    victim.wait().expect("gone");
    time(|| assert!(world.open(directory, 2).height() >= acknowledged))
}

/// Commits blocks, closes, and prints the bytes of their transactions and what the system was told to write.
fn writer(accounts: u64, directory: &Path) {
    let mut world = World::new(accounts, 0);
    let mut ledger = world.open(directory, 2);
    let before = write_bytes();
    let mut bytes = 0;
    for _ in 0..WRITTEN_BLOCKS {
        let work = world.work(Senders::Distinct, BLOCK, 1);
        bytes += work.transactions.iter().map(|one: &SignedTransaction| one.to_bytes().len()).sum::<usize>();
        world::commit(&mut ledger, &work.transactions);
    }
    drop(ledger);
    println!("{}", (write_bytes() - before) / bytes as f64);
}

/// Bytes written to disk for each byte of transactions.
fn written(accounts: u64, directory: &Path) -> f64 {
    let writer = myself("writer", &[&accounts.to_string()], directory);
    let output = writer.wait_with_output().expect("its output").stdout;
    String::from_utf8(output).expect("text").trim().parse().expect("a number")
}

fn write_bytes() -> f64 {
    let counted = std::fs::read_to_string("/proc/self/io").expect("Linux");
    let line = counted.lines().find_map(|line| line.strip_prefix("write_bytes: ")).expect("a line");
    line.parse().expect("a number")
}

fn myself(role: &str, arguments: &[&str], directory: &Path) -> std::process::Child {
    let program = std::env::current_exe().expect("a program");
    let mut command = Command::new(program);
    command.arg(role).args(arguments).arg(directory).stdin(Stdio::null()).stdout(Stdio::piped());
    command.spawn().expect("it starts")
}

/// A file that was zeroed ahead, so that writing to it changes no length.
struct ZeroedFile {
    file: File,
    end: u64,
}

impl ZeroedFile {
    fn new(directory: &Path, bytes: usize) -> Self {
        let path = directory.join("zeroed");
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(path).expect("a file");
        file.write_all_at(&vec![0; bytes], 0).expect("written");
        file.sync_all().expect("durable");
        ZeroedFile { file, end: 0 }
    }

    fn append(&mut self, bytes: &[u8]) {
        self.file.write_all_at(bytes, self.end).expect("written");
        self.file.sync_data().expect("durable");
        self.end += bytes.len() as u64;
    }
}

fn for_each_line(mut round: impl FnMut() -> Terms) {
    println!("ready");
    for line in std::io::stdin().lines() {
        line.expect("a line");
        let round = round();
        println!("{}", json!(round));
        std::io::stdout().flush().expect("written");
    }
}

/// On the disk where the build is: that of the temporary directory may be memory.
fn scratch() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory")
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// Seconds by the clock and of all threads.
fn time(work: impl FnOnce()) -> Value {
    let busy = cpu();
    let wall = wall(work);
    json!({ "wall": wall, "cpu": cpu() - busy })
}

/// As [`time`]; what other threads still have to do afterwards costs no time of the clock, but CPU time. The next
/// term begins when they are done.
fn time_with_background(work: impl FnOnce()) -> Value {
    let busy = cpu();
    let wall = wall(work);
    for _ in 0..200 {
        let before = cpu();
        std::thread::sleep(Duration::from_millis(50));
        if cpu() - before < 0.001 {
            break;
        }
    }
    json!({ "wall": wall, "cpu": cpu() - busy })
}

fn wall(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

/// Seconds that all threads have computed.
fn cpu() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

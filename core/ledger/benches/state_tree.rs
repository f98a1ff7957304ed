//! What the state tree costs beside the same updates of a bare sparse Merkle tree, in interleaved runs.
//!
//! Prints rows of `{name, value, unit, baseline, ratio, must, aim, holds}` as JSON lines:
//!
//! ```text
//! cargo bench -p allonge-ledger --bench state_tree            at 1 M records
//! cargo bench -p allonge-ledger --bench state_tree -- growth  100 k beside 10 M records: 1.2 GB, a minute
//! ```
#![allow(missing_docs, clippy::expect_used, clippy::float_arithmetic)]

#[path = "bare/tree.rs"]
mod tree;

use std::hint::black_box;
use std::time::Instant;

use allonge_crypto::HashSuite;
use allonge_ledger::{StateTree, StateTreeLoader, Undo, Workers, canonical};
use serde_json::json;
use tree::Tree;

const SUITE: HashSuite = HashSuite::Sha256;
const RECORDS: u64 = 1_000_000;
const BATCH: usize = 10_000;
const ROUNDS: u64 = 31;

type Batch = Vec<([u8; 33], [u8; 60])>;

fn main() {
    if std::env::args().any(|argument| argument == "growth") { growth() } else { at_a_million() }
}

fn at_a_million() {
    let (one, two) = (Workers::none(), Workers::with_threads(2));
    let (mut tree, load) = loaded(RECORDS, &two);
    row("state tree: load, a record", load * 1e9 / RECORDS as f64, "ns", None);

    let mut bare = Tree::Empty;
    for start in (0..RECORDS).step_by(1 << 16) {
        let records: Batch = (start..RECORDS.min(start + (1 << 16))).map(|n| (key(n), value(n, 0))).collect();
        bare = bare.update(&two, &records);
    }
    assert_eq!(bare.hash(), tree.root());

    let (mut ours_one, mut ours_two, mut bare_two) = (vec![], vec![], vec![]);
    let (mut ours_cpu, mut bare_cpu) = (0.0, 0.0);
    for round in 0..ROUNDS {
        let batches: [Batch; 2] = [batch(RECORDS, 2 * round), batch(RECORDS, 2 * round + 1)];
        let [first, second] = &batches;
        let mut ours = |workers, batch| drop(black_box(update(&mut tree, workers, batch)));
        ours_cpu += cpu(|| ours_one.push(wall(|| ours(&one, first))));
        ours_two.push(wall(|| ours(&two, second)));
        let mut theirs =
            |workers, batch| bare = std::mem::replace(&mut bare, Tree::Empty).update(workers, batch);
        bare_cpu += cpu(|| theirs(&one, first));
        bare_two.push(wall(|| theirs(&two, second)));
        assert_eq!(bare.hash(), tree.root());
    }
    let [ours_one, ours_two, bare_two] = [ours_one, ours_two, bare_two].map(|times| least(&times) * 1e3);
    let [ours_cpu, bare_cpu] = [ours_cpu, bare_cpu].map(|sum: f64| sum * 1e3 / ROUNDS as f64);
    let name = "state tree: 10,000 updates at 1 M records, beside H";
    row(&format!("{name}, one thread"), ours_cpu, "ms CPU", Some((bare_cpu, 1.0, 1.0)));
    row(&format!("{name}, two threads"), ours_two, "ms", Some((bare_two, 1.0, 1.0)));
    row("state tree: two threads beside one", ours_two, "ms", Some((ours_one, 0.625, 0.55)));
    drop(bare);

    let each = tree.memory() as f64 / tree.len() as f64;
    row("state tree: memory, a record", each, "bytes", Some((400.0, 1.0, 120.0 / 400.0)));
    proofs(&tree);

    let undos: Vec<Undo> =
        (0..8).map(|round| update(&mut tree, &two, &batch(RECORDS, 1000 + round))).collect();
    let older: Vec<&Undo> = undos.iter().rev().collect();
    let times: Vec<f64> =
        (0..200).map(|n| wall(|| drop(black_box(tree.prove_at(&key(n * 997), &older))))).collect();
    row("state tree: proof 8 blocks of 10,000 ago", least(&times) * 1e6, "µs", None);
    let each = undos.iter().map(Undo::memory).sum::<usize>() as f64 / (8 * BATCH) as f64;
    row("state tree: what takes a change back", each, "bytes", None);

    // Where other threads begin to be worth waking.
    for count in [1, 8, 32, 64, 128, 256, 1024] {
        let (mut alone, mut shared) = (vec![], vec![]);
        for round in 0..301 {
            let changes = batch(RECORDS, 5000 + round);
            let (first, second) = (&changes[..count], &changes[count..2 * count]);
            alone.push(wall(|| drop(black_box(update(&mut tree, &one, first)))));
            shared.push(wall(|| drop(black_box(update(&mut tree, &two, second)))));
        }
        let (alone, shared) = (least(&alone) * 1e6, least(&shared) * 1e6);
        row(
            &format!("state tree: {count} updates, two threads beside one"),
            shared,
            "µs",
            Some((alone, 1.1, 1.0)),
        );
    }
}

fn proofs(tree: &StateTree) {
    let root = tree.root();
    let keys: Vec<_> = (0..20_000).map(|n| key(mix(n) % RECORDS)).collect();
    let made: Vec<_> = keys.iter().map(|key| tree.prove(key)).collect();
    let each = |call: &dyn Fn()| cpu(|| (0..10).for_each(|_| call())) / (10 * keys.len()) as f64;
    let make = each(&|| keys.iter().for_each(|key| drop(black_box(tree.prove(key)))));
    let value = |key: &[u8; 33]| latest(tree, key);
    let values: Vec<_> = keys.iter().map(value).collect();
    let check = || {
        for ((proof, key), value) in made.iter().zip(&keys).zip(&values) {
            proof.verify(SUITE, &root, key, Some(value)).expect("it holds");
        }
    };
    let verify = each(&check);
    let size = made.iter().map(|proof| canonical(proof).len()).sum::<usize>() as f64 / keys.len() as f64;
    let absent = keys.len() as f64;
    let absent =
        (0..20_000).map(|n| canonical(&tree.prove(&key(RECORDS + n))).len()).sum::<usize>() as f64 / absent;
    row("state tree: make a proof", make * 1e6, "µs", Some((30.0, 1.0, 5.0 / 30.0)));
    row("state tree: verify a proof", verify * 1e6, "µs", Some((10.0, 1.0, 5.0 / 10.0)));
    row("state tree: a proof", size, "bytes", Some((1024.0, 1.0, 800.0 / 1024.0)));
    row("state tree: a proof of absence", absent, "bytes", Some((1024.0, 1.0, 800.0 / 1024.0)));
}

/// The value that a record has after all rounds.
fn latest(tree: &StateTree, key: &[u8; 33]) -> [u8; 60] {
    let number = u64::from_le_bytes(key[25..33].try_into().expect("eight bytes"));
    let root = tree.root();
    let proof = tree.prove(key);
    let rounds = (0..=2 * ROUNDS).rev().map(|round| value(number, round));
    rounds.into_iter().find(|value| proof.verify(SUITE, &root, key, Some(value)).is_ok()).expect("a value")
}

/// What an update costs with a hundred times the records.
fn growth() {
    let two = Workers::with_threads(2);
    let (mut small, _) = loaded(100_000, &two);
    let (mut large, load) = loaded(10_000_000, &two);
    row("state tree: load 10 M, a record", load * 1e9 / 1e7, "ns", None);
    let (mut small_time, mut large_time) = (0.0, 0.0);
    for round in 0..ROUNDS {
        let changes = batch(100_000, round);
        small_time += cpu(|| drop(black_box(update(&mut small, &two, &changes))));
        let changes = batch(10_000_000, round);
        large_time += cpu(|| drop(black_box(update(&mut large, &two, &changes))));
    }
    let [small_time, large_time] =
        [small_time, large_time].map(|sum: f64| sum * 1e6 / (ROUNDS as f64 * BATCH as f64));
    row(
        "state tree: an update at 10 M records beside 100 k",
        large_time,
        "µs CPU",
        Some((small_time, 1.5, 1.5)),
    );
    let bytes = large.memory() as f64 / large.len() as f64;
    row("state tree: memory at 10 M, a record", bytes, "bytes", Some((400.0, 1.0, 120.0 / 400.0)));
}

fn loaded(records: u64, workers: &Workers) -> (StateTree, f64) {
    let mut loader = StateTreeLoader::new(SUITE, workers);
    let started = Instant::now();
    for number in 0..records {
        loader.push(&key(number), &value(number, 0)).expect("room");
    }
    let tree = loader.finish().expect("room");
    (tree, started.elapsed().as_secs_f64())
}

fn update(tree: &mut StateTree, workers: &Workers, changes: &[([u8; 33], [u8; 60])]) -> Undo {
    tree.update(workers, changes.iter().map(|(key, value)| (key, value))).expect("room")
}

/// As long as an account's.
fn key(number: u64) -> [u8; 33] {
    let mut key = *b"\x02\x0b\0\0\0SYNBCNBJXXXUSD\x08\0\0\0..........";
    key[25..33].copy_from_slice(&number.to_le_bytes());
    key
}

fn value(number: u64, round: u64) -> [u8; 60] {
    let mut value = [7; 60];
    value[..8].copy_from_slice(&number.to_le_bytes());
    value[8..16].copy_from_slice(&round.to_le_bytes());
    value
}

/// Distinct records, all over the tree.
fn batch(records: u64, round: u64) -> Batch {
    let mut numbers: Vec<u64> =
        (0..).map(|n| mix(round << 32 | n) % records).take(BATCH + BATCH / 2).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.sort_by_key(|number| mix(*number));
    numbers.truncate(BATCH);
    numbers.sort_unstable();
    assert_eq!(numbers.len(), BATCH);
    numbers.into_iter().map(|number| (key(number), value(number, round))).collect()
}

/// SplitMix64.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Seconds.
fn wall(call: impl FnOnce()) -> f64 {
    let started = Instant::now();
    call();
    started.elapsed().as_secs_f64()
}

/// Seconds that all threads have computed, which others on the machine disturb least, to some 4 ms; wall time
/// where the system does not tell.
fn cpu(call: impl FnOnce()) -> f64 {
    let before = computed();
    let wall = wall(call);
    before.zip(computed()).map_or(wall, |(before, after)| after - before)
}

fn computed() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let nanoseconds = threads.map(|thread| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<Option<f64>>().map(|sum| sum / 1e9)
}

/// Of the run that others on the machine disturbed least.
fn least(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}

/// A figure, and what it is measured by: a baseline, which ratio to it must hold, and which is aimed at.
fn row(name: &str, value: f64, unit: &str, measure: Option<(f64, f64, f64)>) {
    let row = match measure {
        Some((baseline, must, aim)) => json!({
            "name": name, "value": value, "unit": unit, "baseline": baseline, "ratio": value / baseline,
            "must": must, "aim": aim, "holds": value / baseline <= must,
        }),
        None => json!({ "name": name, "value": value, "unit": unit }),
    };
    println!("{row}");
}

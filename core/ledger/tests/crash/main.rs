//! Whatever the disk does under the log: nothing acknowledged is lost, nothing is there by half, nothing is silent.
//!
//! `make test` goes through some two thousand points, `make test-crash` through as many as
//! `ALLONGE_CRASH_POINTS` says. `ALLONGE_TEST_SEED` chooses which.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod disk;
mod faults;
mod flips;
mod power;
mod workload;
#[path = "../ledger/world.rs"]
#[allow(dead_code)]
mod world;

/// How many points `make test` goes through.
const POINTS: usize = 2_000;

/// How many points to go through.
fn points() -> usize {
    std::env::var("ALLONGE_CRASH_POINTS").map_or(POINTS, |points| points.parse().unwrap())
}

fn seed() -> u64 {
    let seed = std::env::var("ALLONGE_TEST_SEED").map_or(1, |seed| seed.parse().unwrap());
    println!("replay with ALLONGE_TEST_SEED={seed}");
    seed
}

/// Does `work` on each item, on a thread for each core.
fn on_all_cores<T: Send>(items: Vec<T>, work: impl Fn(T) + Sync) {
    let queue = std::sync::Mutex::new(items.into_iter());
    let next = || queue.lock().unwrap().next();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(item) = next() {
                    work(item);
                }
            });
        }
    });
}

/// Says where a test was when it failed.
struct Where(String);

impl Drop for Where {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("failed at {}", self.0);
        }
    }
}

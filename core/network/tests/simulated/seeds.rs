//! Random work under random faults, from seeds: `make simulate` runs 2,000 of them.

use std::time::Duration;

use allonge_crypto::Hash;
use allonge_network::{Link, Simulation};
use allonge_trade::TradeRules;

use crate::world::*;

const VALIDATORS: usize = 4;

/// The numbers that a seed gives, one after the other (SplitMix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn validator(&mut self) -> usize {
        usize::try_from(self.below(VALIDATORS as u64)).unwrap()
    }

    fn link(&mut self) -> Link {
        Link {
            latency: Duration::from_millis(1 + self.below(50)),
            jitter: Duration::from_millis(self.below(20)),
            lost_per_mille: u16::try_from(self.below(300)).unwrap(),
        }
    }
}

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
struct Course {
    fingerprint: String,
    root: Hash,
    settled: usize,
}

/// One network under the faults of a seed. Whoever runs it twice gets the same.
fn run(seed: u64) -> Course {
    let mut chance = Chance(seed);
    // In one run of three another validator takes the place of one of the first four.
    let others = u8::from(seed.is_multiple_of(3));
    let simulation = Simulation::start(with_others(4, others, seed), TradeRules).unwrap();
    let everybody = simulation.validators();
    open_accounts(&simulation);
    // One of four may be down, whatever else happens.
    let mut down: Option<usize> = None;
    let mut submitted = 0_u64;
    // Which validator proved what became of which submission.
    let mut settled = Vec::new();
    for _ in 0..12 {
        match chance.below(9) {
            0 => simulation.set_links(chance.link()).unwrap(),
            1 => {
                let alone = chance.validator();
                let rest = (0..everybody).filter(|validator| *validator != alone).collect();
                simulation.partition(vec![rest, vec![alone]]).unwrap();
            }
            2 if down.is_none() => {
                let validator = chance.validator();
                simulation.crash(validator).unwrap();
                down = Some(validator);
            }
            3 => {
                if let Some(validator) = down.take() {
                    simulation.restart(validator).unwrap();
                }
            }
            4 => {
                let behind = i64::try_from(chance.below(3_000)).unwrap();
                simulation.skew(chance.validator(), behind - 1_500).unwrap();
            }
            5 => simulation.run_for(Duration::from_millis(chance.below(5_000))).unwrap(),
            6 if others > 0 => {
                let validator = chance.validator();
                if down != Some(validator) {
                    approve(&simulation, || validator);
                }
            }
            _ => {
                let validator = chance.validator();
                if down == Some(validator) {
                    continue;
                }
                submitted += 1;
                let id = simulation.submit(validator, issue(4, 100 + submitted).to_bytes()).unwrap();
                let patience = Duration::from_millis(chance.below(3_000));
                if simulation.settle(validator, id, patience).unwrap().is_some() {
                    settled.push(id);
                }
            }
        }
    }

    // The faults heal, and whoever does not know what became of a submission submits it again.
    simulation.set_links(Link::default()).unwrap();
    if let Some(validator) = down {
        simulation.restart(validator).unwrap();
    }
    for validator in 0..everybody {
        simulation.skew(validator, 0).unwrap();
    }
    if others > 0 {
        approve(&simulation, || chance.validator());
        begin(&simulation, 1);
    }
    let all: Vec<Hash> = (1..=submitted)
        .map(|number| simulation.submit(chance.validator(), issue(4, 100 + number).to_bytes()).unwrap())
        .collect();
    for validator in 0..everybody {
        for id in &all {
            proven(&simulation, validator, id);
        }
    }
    assert!(settled.iter().all(|id| all.contains(id)));
    one_truth(&simulation, submitted);
    Course {
        fingerprint: simulation.fingerprint().unwrap(),
        root: simulation.read(0, |ledger| ledger.block(1).unwrap().state_root).unwrap(),
        settled: settled.len(),
    }
}

/// Submits what a quorum signs so that a fifth validator takes the place of the fourth.
fn approve(simulation: &Simulation<TradeRules>, mut at: impl FnMut() -> usize) {
    let next = roster(&[0, 1, 2, 4]);
    for number in 0..3 {
        let approval = approval(number, 0, &next);
        let approval = transaction(4, ALICE, 1_000 + u64::from(number), vec![approval]);
        simulation.submit(at(), approval.to_bytes()).unwrap();
    }
}

/// All have one history and one state, in which each submission took effect once.
fn one_truth(simulation: &Simulation<TradeRules>, submitted: u64) {
    let all: Vec<usize> = (0..simulation.validators()).collect();
    assert_one_history(simulation, &all);
    for validator in all {
        assert_eq!(balance(simulation, validator), i128::from(submitted) * 100, "at validator {validator}");
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn under_random_faults_there_is_one_history_and_each_submission_takes_effect_once() {
    let (first, count) = (number("ALLONGE_SEED", 1), number("ALLONGE_SEEDS", 12));
    let mut settled = 0;
    for seed in first..first + count {
        let course = std::panic::catch_unwind(|| run(seed));
        let course = course.unwrap_or_else(|_| {
            panic!(
                "seed {seed} failed; run it again with ALLONGE_SEED={seed} ALLONGE_SEEDS=1 \
                 cargo test -p allonge-network --test simulated under_random_faults"
            )
        });
        settled += course.settled;
    }
    println!("{count} seeds from {first} on; {settled} submissions settled while there were faults");
}

#[test]
fn a_seed_gives_the_same_course_twice() {
    for seed in [3, 4] {
        assert_eq!(run(seed), run(seed));
    }
}

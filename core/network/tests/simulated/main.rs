//! Networks of banks, simulated from a seed.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests stand outside test functions.

mod disks;
mod epochs;
mod lies;
mod seeds;
mod world;

use std::time::{Duration, Instant};

use allonge_network::Link;

use world::*;

#[test]
fn four_banks_agree_and_prove_it() {
    let began = Instant::now();
    let simulation = simulate(4, 1);
    let opened = transaction(4, ALICE, 1, vec![open(ALICE, "settlement")]);
    let receipt = settle(&simulation, 0, &opened);
    println!("up and first commit: {:?}; {} headers", began.elapsed(), receipt.headers.len());
    for validator in 1..4 {
        proven(&simulation, validator, &opened.id(SUITE));
    }
    assert_one_history(&simulation, &[0, 1, 2, 3]);
}

#[test]
fn a_committee_of_one_settles_alone() {
    let simulation = simulate(1, 1);
    settle(&simulation, 0, &transaction(1, ALICE, 1, vec![open(ALICE, "settlement")]));
}

#[test]
fn what_one_validator_took_all_execute_once() {
    let simulation = simulate(4, 2);
    open_accounts(&simulation);
    for key in 10..30 {
        // To several at once: each still takes effect once.
        for validator in [0, 1, 0] {
            simulation.submit(validator, issue(4, key).to_bytes()).unwrap();
        }
    }
    for key in 10..30 {
        proven(&simulation, 3, &issue(4, key).id(SUITE));
    }
    simulation.run_for(Duration::from_secs(5)).unwrap();
    assert_eq!((0..4).map(|validator| balance(&simulation, validator)).collect::<Vec<_>>(), [2_000; 4]);
    assert_one_history(&simulation, &[0, 1, 2, 3]);
}

#[test]
fn the_same_seed_gives_the_same_history() {
    let run = |seed| {
        let simulation = simulate(4, seed);
        simulation.set_links(Link { lost_per_mille: 100, ..Link::default() }).unwrap();
        open_accounts(&simulation);
        let receipts: Vec<_> =
            (10..15).map(|key| settle(&simulation, 1, &issue(4, key)).to_bytes()).collect();
        (receipts, simulation.fingerprint().unwrap())
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).1, run(8).1);
}

#[test]
fn a_crashed_validator_is_not_missed_and_catches_up() {
    let simulation = simulate(4, 3);
    open_accounts(&simulation);
    simulation.crash(2).unwrap();
    assert_eq!(simulation.submit(2, issue(4, 9).to_bytes()).unwrap_err().code(), "validator.down");
    for key in 10..20 {
        settle(&simulation, 0, &issue(4, key));
    }
    simulation.restart(2).unwrap();
    for key in 10..20 {
        proven(&simulation, 2, &issue(4, key).id(SUITE));
    }
    settle(&simulation, 2, &issue(4, 20));
    simulation.run_for(Duration::from_secs(2)).unwrap();
    assert_eq!(balance(&simulation, 2), 1_100);
    assert_one_history(&simulation, &[0, 1, 2, 3]);
}

#[test]
fn all_lose_power_and_nothing_that_was_proven_is_lost() {
    let simulation = simulate(4, 4);
    open_accounts(&simulation);
    for key in 10..15 {
        settle(&simulation, 1, &issue(4, key));
    }
    for validator in 0..4 {
        simulation.crash(validator).unwrap();
    }
    for validator in 0..4 {
        simulation.restart(validator).unwrap();
    }
    for key in 10..15 {
        proven(&simulation, 3, &issue(4, key).id(SUITE));
    }
    settle(&simulation, 3, &issue(4, 15));
    assert_eq!(balance(&simulation, 3), 600);
}

#[test]
fn two_halves_settle_nothing_and_go_on_together() {
    let simulation = simulate(4, 5);
    open_accounts(&simulation);
    simulation.partition(vec![vec![0, 1], vec![2, 3]]).unwrap();
    let id = simulation.submit(0, issue(4, 10).to_bytes()).unwrap();
    assert_eq!(simulation.settle(0, id, Duration::from_secs(30)).unwrap(), None);
    simulation.set_links(Link::default()).unwrap();
    for validator in 0..4 {
        proven(&simulation, validator, &id);
    }
    simulation.run_for(Duration::from_secs(2)).unwrap();
    assert_eq!((0..4).map(|validator| balance(&simulation, validator)).collect::<Vec<_>>(), [100; 4]);
}

#[test]
fn the_clocks_of_all_move_to_a_due_date() {
    let simulation = simulate(4, 6);
    let due = start().plus_millis(30 * 86_400_000).unwrap();
    simulation.advance_to(due).unwrap();
    for validator in 0..4 {
        assert!(simulation.read(validator, |ledger| ledger.time()).unwrap() >= due);
    }
    assert_eq!(simulation.advance_to(start()).unwrap_err().code(), "clock.backwards");
}

#[test]
fn what_is_of_another_network_or_badly_signed_is_not_taken() {
    let simulation = simulate(4, 8);
    let abroad = transaction(1, ALICE, 1, vec![open(ALICE, "settlement")]);
    let error = simulation.submit(0, abroad.to_bytes()).unwrap_err();
    assert_eq!(error.code(), "transaction.wrong_network");
    let mut forged = transaction(4, ALICE, 1, vec![open(ALICE, "settlement")]).to_bytes();
    *forged.last_mut().unwrap() ^= 1;
    assert_eq!(simulation.submit(0, forged).unwrap_err().code(), "signature.invalid");
    assert_eq!(simulation.submit(9, abroad.to_bytes()).unwrap_err().code(), "simulation.invalid");
}

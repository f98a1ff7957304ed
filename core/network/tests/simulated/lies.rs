//! Validators that lie: the others find out, and are one nevertheless.

use std::time::Duration;

use allonge_network::{Lie, Simulation};
use allonge_trade::TradeRules;

use crate::world::*;

/// The last of four lies, while the others do their work.
fn with_a_liar(how: Lie, seed: u64) -> Simulation<TradeRules> {
    let simulation = simulate(4, seed);
    open_accounts(&simulation);
    simulation.lie(3, Some(how)).unwrap();
    for key in 10..30 {
        settle(&simulation, usize::try_from(key % 3).unwrap(), &issue(4, key));
    }
    for validator in 0..3 {
        proven(&simulation, validator, &issue(4, 29).id(SUITE));
        assert_eq!(balance(&simulation, validator), 2_000);
    }
    assert_one_history(&simulation, &[0, 1, 2]);
    simulation
}

#[test]
fn one_of_four_that_sends_wrong_bytes_is_not_believed() {
    let simulation = with_a_liar(Lie::WrongBytes, 21);
    assert_eq!(simulation.caught(3).unwrap(), 3, "each of the others found out by itself");
    simulation.lie(3, None).unwrap();
    assert_eq!(simulation.caught(3).unwrap(), 0);
}

#[test]
fn one_of_four_that_claims_what_is_not_so_gets_no_votes() {
    let simulation = with_a_liar(Lie::WrongProof, 22);
    // What is badly signed, or was executed, it takes all the same, and proposes it.
    let mut forged = issue(4, 31).to_bytes();
    *forged.last_mut().unwrap() ^= 1;
    let forged = simulation.submit(3, forged).unwrap();
    let repeated = simulation.submit(3, issue(4, 10).to_bytes()).unwrap();
    simulation.run_for(Duration::from_secs(60)).unwrap();
    assert!(simulation.read(0, |ledger| ledger.receipt(&forged)).unwrap().unwrap().is_none());
    assert!(simulation.read(0, |ledger| ledger.receipt(&repeated)).unwrap().unwrap().is_some());
    settle(&simulation, 1, &issue(4, 31));
    simulation.run_for(Duration::from_secs(5)).unwrap();
    assert_eq!((0..3).map(|validator| balance(&simulation, validator)).collect::<Vec<_>>(), [2_100; 3]);
    assert_one_history(&simulation, &[0, 1, 2]);
}

#[test]
fn one_of_four_that_shows_each_half_another_history_changes_none() {
    // Every other time it shows both histories to one of them.
    let simulation = with_a_liar(Lie::Equivocation, 23);
    simulation.lie(3, Some(Lie::Equivocation)).unwrap();
    simulation.run_for(Duration::from_secs(60)).unwrap();
    assert!(simulation.caught(3).unwrap() > 0, "it signed two blocks of one view");
    assert_one_history(&simulation, &[0, 1, 2]);
}

#[test]
fn whoever_tells_the_truth_again_is_heard_and_catches_up() {
    for how in [Lie::WrongBytes, Lie::WrongProof, Lie::Equivocation] {
        let simulation = with_a_liar(how, 24);
        simulation.lie(3, None).unwrap();
        proven(&simulation, 3, &issue(4, 29).id(SUITE));
        // Now it is needed.
        simulation.crash(0).unwrap();
        settle(&simulation, 3, &issue(4, 30));
        assert_one_history(&simulation, &[1, 2, 3]);
    }
}

#[test]
fn whoever_catches_up_with_the_help_of_a_liar_has_the_same_history() {
    for (seed, how) in (31..).zip([Lie::WrongBytes, Lie::WrongProof, Lie::Equivocation]) {
        let simulation = simulate(7, seed);
        open_accounts(&simulation);
        simulation.crash(0).unwrap();
        for key in 10..40 {
            settle(&simulation, 1, &issue(7, key));
        }
        for liar in [5, 6] {
            simulation.lie(liar, Some(how)).unwrap();
        }
        simulation.restart(0).unwrap();
        for key in 10..40 {
            proven(&simulation, 0, &issue(7, key).id(SUITE));
        }
        assert_eq!(balance(&simulation, 0), 3_000);
        assert_one_history(&simulation, &[0, 1, 2, 3, 4]);
    }
}

#[test]
fn a_liar_that_is_down_lies_when_it_starts() {
    let simulation = simulate(4, 25);
    simulation.crash(3).unwrap();
    simulation.lie(3, Some(Lie::WrongBytes)).unwrap();
    assert_eq!(simulation.read(3, |_| ()).unwrap_err().code(), "validator.down");
    simulation.restart(3).unwrap();
    open_accounts(&simulation);
    assert_eq!(simulation.lie(4, None).unwrap_err().code(), "simulation.invalid");
}

#[cfg(feature = "mocks")]
#[test]
fn one_of_four_may_be_any_of_the_engines_own_mocks() {
    for (seed, mock) in (26..).zip(allonge_network::Mock::ALL) {
        println!("{mock:?}");
        let simulation = with_a_liar(Lie::Mock(mock), seed);
        assert_eq!(simulation.read(3, |_| ()).unwrap_err().code(), "validator.down");
        simulation.lie(3, None).unwrap();
        proven(&simulation, 3, &issue(4, 29).id(SUITE));
    }
}

//! Rosters that follow each other while the network runs.

use std::time::Duration;

use allonge_ledger::Epoch;
use allonge_network::Simulation;
use allonge_trade::TradeRules;

use crate::world::*;

/// Three of those in office approve a roster, and it takes office.
fn hand_over(simulation: &Simulation<TradeRules>, at: usize, epoch: u64, office: [u8; 3], next: &[u8]) {
    let roster = roster(next);
    for number in office {
        let approval = approval(number, epoch, &roster);
        settle(
            simulation,
            at,
            &transaction(4, ALICE, 1_000 + 10 * epoch + u64::from(number), vec![approval]),
        );
    }
    let all: Vec<usize> = (0..simulation.validators()).collect();
    begin(simulation, &all, epoch + 1);
}

#[test]
fn a_validator_is_replaced_by_another_without_a_pause() {
    let simulation = Simulation::start(with_others(4, 1, 1), TradeRules).unwrap();
    open_accounts(&simulation);
    let first = issue(4, 10);
    settle(&simulation, 0, &first);
    hand_over(&simulation, 0, 0, [0, 1, 2], &[0, 1, 2, 4]);
    // Who is in office votes, who is not follows: two of the new roster with one of the old are no quorum.
    let second = issue(4, 11);
    settle(&simulation, 4, &second);
    simulation.run_for(Duration::from_secs(5)).unwrap();
    for validator in 0..5 {
        for note in [&first, &second] {
            proven(&simulation, validator, &note.id(SUITE));
        }
        assert_eq!(simulation.read(validator, |ledger| ledger.tip().next_epoch).unwrap(), 1);
    }
    assert_one_history(&simulation, &[0, 1, 2, 3, 4]);
    assert_eq!(proven(&simulation, 0, &first.id(SUITE)).handovers.len(), 0);
    assert_eq!(proven(&simulation, 0, &second.id(SUITE)).handovers.len(), 1);
}

#[test]
fn four_rosters_follow_each_other_until_none_of_the_first_is_left() {
    let simulation = Simulation::start(with_others(4, 4, 2), TradeRules).unwrap();
    open_accounts(&simulation);
    let first = issue(4, 10);
    settle(&simulation, 0, &first);
    let rosters: [[u8; 4]; 5] = [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 6], [4, 5, 6, 7]];
    for (epoch, pair) in (0_u64..).zip(rosters.windows(2)) {
        hand_over(&simulation, 7, epoch, [pair[0][0], pair[0][1], pair[0][2]], &pair[1]);
    }
    for validator in 0..4 {
        simulation.crash(validator).unwrap();
    }
    let last = issue(4, 11);
    settle(&simulation, 4, &last);
    assert_eq!(proven(&simulation, 5, &last.id(SUITE)).handovers.len(), 4);
    assert_eq!(proven(&simulation, 5, &first.id(SUITE)).handovers.len(), 0);
    // Who was away for all of it catches up over every epoch.
    simulation.restart(0).unwrap();
    proven(&simulation, 0, &last.id(SUITE));
    assert_one_history(&simulation, &[0, 4, 5, 6, 7]);
}

#[test]
fn a_validator_that_was_away_while_rosters_changed_catches_up() {
    let simulation = Simulation::start(with_others(4, 2, 3), TradeRules).unwrap();
    open_accounts(&simulation);
    let (away, here) = (place(3), place(0));
    simulation.crash(away).unwrap();
    hand_over(&simulation, here, 0, [0, 1, 2], &[0, 1, 3, 4]);
    hand_over(&simulation, here, 1, [0, 1, 4], &[0, 1, 3, 5]);
    simulation.run_for(Duration::from_secs(60)).unwrap();
    simulation.restart(away).unwrap();
    let note = issue(4, 10);
    settle(&simulation, away, &note);
    for validator in 0..6 {
        proven(&simulation, validator, &note.id(SUITE));
    }
    assert_one_history(&simulation, &[0, 1, 2, 3, 4, 5]);
}

#[test]
fn all_lose_power_at_the_end_of_an_epoch_and_go_on_in_the_next() {
    let simulation = Simulation::start(with_others(4, 1, 4), TradeRules).unwrap();
    open_accounts(&simulation);
    let roster = roster(&[0, 1, 2, 4]);
    for number in 0..3 {
        let approval = approval(number, 0, &roster);
        settle(&simulation, 0, &transaction(4, ALICE, 1_000 + u64::from(number), vec![approval]));
    }
    let from = simulation.read(0, |ledger| ledger.get::<Epoch>(&1).unwrap().unwrap().from_height).unwrap();
    for height in from - 3..from + 3 {
        while simulation.read(0, |ledger| ledger.height()).unwrap() < height {
            simulation.run_for(Duration::from_millis(20)).unwrap();
        }
        for validator in 0..5 {
            simulation.crash(validator).unwrap();
        }
        for validator in 0..5 {
            simulation.restart(validator).unwrap();
        }
    }
    let note = issue(4, 10);
    settle(&simulation, 4, &note);
    simulation.run_for(Duration::from_secs(2)).unwrap();
    assert_eq!(proven(&simulation, 0, &note.id(SUITE)).handovers.len(), 1);
    assert_one_history(&simulation, &[0, 1, 2, 3, 4]);
}

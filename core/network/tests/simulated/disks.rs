//! Disks that fail, and power that fails in the middle of a block.

use std::time::Duration;

use allonge_network::{DiskFault, Link};

use crate::world::*;

#[test]
fn one_that_cannot_write_stops_and_goes_on_where_it_was_on_a_good_disk() {
    for (seed, fault) in (41..).zip([DiskFault::Full, DiskFault::Unsynchronised, DiskFault::BreaksAfter(3)]) {
        let simulation = simulate(4, seed);
        open_accounts(&simulation);
        simulation.fail_disk(2, Some(fault)).unwrap();
        for key in 10..20 {
            settle(&simulation, 0, &issue(4, key));
        }
        simulation.run_for(Duration::from_secs(5)).unwrap();
        let error = simulation.submit(2, issue(4, 20).to_bytes()).unwrap_err();
        assert_eq!(error.code(), "validator.down");
        assert!(error.to_string().contains("blocks.log"), "{error}");
        let stopped = simulation.read(2, |ledger| ledger.height()).unwrap();
        assert!(stopped < simulation.read(0, |ledger| ledger.height()).unwrap());

        simulation.crash(2).unwrap();
        simulation.fail_disk(2, None).unwrap();
        simulation.restart(2).unwrap();
        for key in 10..20 {
            proven(&simulation, 2, &issue(4, key).id(SUITE));
        }
        // Now it is needed.
        simulation.crash(3).unwrap();
        settle(&simulation, 2, &issue(4, 20));
        assert_eq!(balance(&simulation, 2), 1_100);
        assert_one_history(&simulation, &[0, 1, 2]);
    }
}

#[test]
fn power_may_fail_at_each_write_of_a_block() {
    let simulation = simulate(4, 44);
    open_accounts(&simulation);
    for writes in 0..12 {
        simulation.fail_disk(1, Some(DiskFault::BreaksAfter(writes))).unwrap();
        let key = u64::from(writes) + 10;
        settle(&simulation, 0, &issue(4, key));
        simulation.run_for(Duration::from_secs(10)).unwrap();
        assert_eq!(simulation.submit(1, issue(4, 99).to_bytes()).unwrap_err().code(), "validator.down");
        simulation.crash(1).unwrap();
        simulation.fail_disk(1, None).unwrap();
        simulation.restart(1).unwrap();
        proven(&simulation, 1, &issue(4, key).id(SUITE));
    }
    simulation.run_for(Duration::from_secs(2)).unwrap();
    assert_eq!((0..4).map(|validator| balance(&simulation, validator)).collect::<Vec<_>>(), [1_200; 4]);
    assert_one_history(&simulation, &[0, 1, 2, 3]);
}

#[test]
fn all_lose_power_at_once_with_half_written_journals_and_go_on_from_what_was_acknowledged() {
    for seed in 45..50 {
        let simulation = simulate(4, seed);
        open_accounts(&simulation);
        for round in 0..4 {
            let keys = 10 + 5 * round..15 + 5 * round;
            for key in keys.clone() {
                settle(&simulation, usize::try_from(key % 4).unwrap(), &issue(4, key));
            }
            // In the middle of the next block, as it happens.
            let late = simulation.submit(0, issue(4, 100 + round).to_bytes()).unwrap();
            simulation.run_for(Duration::from_millis(round * 3)).unwrap();
            simulation.power_cut().unwrap();
            for validator in 0..4 {
                for key in keys.clone() {
                    proven(&simulation, validator, &issue(4, key).id(SUITE));
                }
            }
            assert_eq!(simulation.submit(1, issue(4, 100 + round).to_bytes()).unwrap(), late);
            proven(&simulation, 1, &late);
        }
        simulation.run_for(Duration::from_secs(5)).unwrap();
        assert_eq!((0..4).map(|validator| balance(&simulation, validator)).collect::<Vec<_>>(), [2_400; 4]);
        assert_one_history(&simulation, &[0, 1, 2, 3]);
    }
}

#[test]
fn one_that_lost_its_disk_is_filled_again_and_never_votes_in_a_round_in_which_it_may_have_voted() {
    for seed in 61..66 {
        let simulation = simulate(4, seed);
        open_accounts(&simulation);
        settle(&simulation, 0, &issue(4, 10));
        simulation.wipe(2).unwrap();
        // It hears of the others late, when it thinks that the first leader is.
        let slow = Link { latency: Duration::from_secs(2), ..Link::default() };
        simulation.set_links(slow).unwrap();
        simulation.restart(2).unwrap();
        simulation.run_for(Duration::from_secs(10)).unwrap();
        simulation.set_links(Link::default()).unwrap();
        for key in 11..14 {
            settle(&simulation, 0, &issue(4, key));
        }
        simulation.run_for(Duration::from_secs(20)).unwrap();
        proven(&simulation, 2, &issue(4, 13).id(SUITE));
        assert_eq!(simulation.caught(2).unwrap(), 0, "the others hear it");
        // Now it is needed.
        simulation.crash(3).unwrap();
        settle(&simulation, 2, &issue(4, 20));
        assert_one_history(&simulation, &[0, 1, 2]);
    }
}

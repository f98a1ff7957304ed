//! Whoever kept an old header finds out when the log was forked.

use allonge_ledger::{Header, HistoryError, HistoryProof};

use crate::world::*;

/// A ledger of so many blocks; from one height on they say something else.
fn headers(blocks: u64, fork_at: u64) -> (tempfile::TempDir, allonge_ledger::Embedded<Notes>, Vec<Header>) {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create_with(directory.path(), genesis(1), little_memory()).unwrap();
    for number in 1..=blocks {
        let text = if number < fork_at { format!("note {number}") } else { format!("forked {number}") };
        commit(&mut ledger, 1, &transaction(ALICE, number, [note(&text)])).unwrap();
    }
    let headers = (1..=blocks).map(|height| ledger.block(height).unwrap().header.clone()).collect();
    (directory, ledger, headers)
}

#[test]
fn every_newer_block_is_proven_to_continue_every_older_one() {
    let (directory, ledger, headers) = headers(12, u64::MAX);
    let check = |ledger: &allonge_ledger::Embedded<Notes>| {
        for (newer, older) in (2..=12_usize).flat_map(|newer| (1..newer).map(move |older| (newer, older))) {
            let proof = ledger.prove_history(older as u64, newer as u64).unwrap();
            let (one, other) = (&headers[older - 1], &headers[newer - 1]);
            assert_eq!(proof.verify(SUITE, one, other), Ok(()), "{older} to {newer}");
            assert_eq!(proof.verify(SUITE, other, one), Err(HistoryError));
            let bytes = allonge_ledger::canonical(&proof);
            assert_eq!(allonge_ledger::from_canonical::<HistoryProof>(&bytes).unwrap(), proof);
        }
    };
    check(&ledger);
    for (older, newer) in [(0, 3), (3, 3), (4, 3), (3, 13)] {
        assert_eq!(ledger.prove_history(older, newer).unwrap_err().code(), "block.unknown");
    }
    drop(ledger);
    check(&open(directory.path()).unwrap());
}

#[test]
fn a_forked_log_is_found_out_by_whoever_kept_a_header() {
    let (_one, ledger, honest) = headers(9, u64::MAX);
    let (_other, forked_ledger, forked) = headers(9, 5);
    assert_eq!(honest[3], forked[3]);
    assert_ne!(honest[4], forked[4]);
    for kept in 1..9_usize {
        let proof = forked_ledger.prove_history(kept as u64, 9).unwrap();
        let expected = if kept < 5 { Ok(()) } else { Err(HistoryError) };
        assert_eq!(proof.verify(SUITE, &honest[kept - 1], &forked[8]), expected, "kept {kept}");
        // Nor does an honest proof help.
        let honest_proof = ledger.prove_history(kept as u64, 9).unwrap();
        assert_eq!(honest_proof.verify(SUITE, &honest[kept - 1], &forked[8]), Err(HistoryError));
    }
}

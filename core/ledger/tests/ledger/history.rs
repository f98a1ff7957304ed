//! Whoever kept an old header finds out when the log was forked.

use allonge_ledger::{Header, HistoryError, HistoryProof, HistoryReceipt, Trust};

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

/// The file that proves that one block of a ledger continues another.
fn receipt(ledger: &allonge_ledger::Embedded<Notes>, older: u64, newer: u64) -> HistoryReceipt {
    let (one, other) = (ledger.block(older).unwrap(), ledger.block(newer).unwrap());
    let proof = ledger.prove_history(older, newer).unwrap();
    let certificate = other.certificate.clone().unwrap();
    HistoryReceipt::new(one.header.clone(), proof, other.header.clone(), certificate, Vec::new())
}

#[test]
fn a_history_receipt_proves_the_newer_block_and_the_place_of_the_older_from_the_genesis_alone() {
    let (_directory, ledger, headers) = headers(6, u64::MAX);
    let trust = Trust::new(genesis(1));
    for (older, newer) in [(1, 2), (1, 6), (4, 5), (5, 6)] {
        let bytes = receipt(&ledger, older, newer).to_bytes();
        let read = HistoryReceipt::from_bytes(&bytes).unwrap();
        let expected = (&headers[older as usize - 1], &headers[newer as usize - 1]);
        assert_eq!(read.verify(&trust).unwrap(), expected);
    }
    let mut another = genesis(1);
    another.name = "another".into();
    let abroad = receipt(&ledger, 1, 6);
    assert_eq!(abroad.verify(&Trust::new(another)).unwrap_err().code(), "receipt.wrong_network");
    // The newer one must be final: another's certificate does not make it so.
    let certificate = ledger.block(5).unwrap().certificate.clone().unwrap();
    let uncertified = HistoryReceipt { certificate, ..abroad };
    assert_eq!(uncertified.verify(&trust).unwrap_err().code(), "receipt.invalid");
}

#[test]
fn an_older_block_of_a_fork_has_no_place_in_a_history_receipt() {
    let (_one, _ledger, honest) = headers(6, u64::MAX);
    let (_other, forked, _) = headers(6, 3);
    let trust = Trust::new(genesis(1));
    // Either the file has the older block of the fork, which is not the one that was kept, or it does not hold.
    let file = receipt(&forked, 4, 6);
    assert_ne!(file.verify(&trust).unwrap().0, &honest[3]);
    let swapped = HistoryReceipt { older: honest[3].clone(), ..file };
    assert_eq!(swapped.verify(&trust).unwrap_err().code(), "receipt.invalid");
}

#[test]
fn no_byte_of_a_history_receipt_can_change() {
    let (_directory, ledger, _) = headers(6, u64::MAX);
    let (trust, bytes) = (Trust::new(genesis(1)), receipt(&ledger, 3, 6).to_bytes());
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            let verified =
                HistoryReceipt::from_bytes(&flipped).and_then(|file| file.verify(&trust).map(drop));
            let code = refused(verified).code();
            assert!(code.starts_with("receipt."), "byte {place}, bit {bit}: {code}");
        }
    }
    for length in 0..bytes.len() {
        assert!(HistoryReceipt::from_bytes(&bytes[..length]).is_err(), "cut to {length}");
    }
    assert!(HistoryReceipt::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
}

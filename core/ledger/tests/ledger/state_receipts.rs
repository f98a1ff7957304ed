//! State receipts prove what the state has, or that it has nothing, from nothing but the genesis.

use allonge_ledger::{Account, Embedded, Party, RECENT_HEIGHTS, StateReceipt, Trust};

use crate::world::*;

#[test]
fn a_record_and_an_absence_are_proven_offline() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    assert_eq!(ledger.state_receipt::<Party>(&party(ALICE)).unwrap_err().code(), "block.unknown");
    commit(&mut ledger, 1, &transaction(ALICE, 1, [open_account(ALICE, "settlement")])).unwrap();
    commit(&mut ledger, 2, &transaction(ALICE, 2, [note("hello")])).unwrap();
    let trust = Trust::new(genesis(1));

    let id = account(ALICE, "settlement");
    let bytes = ledger.state_receipt::<Account>(&id).unwrap().to_bytes();
    let proven = StateReceipt::from_bytes(&bytes).unwrap().verify::<Account>(&trust, &id).unwrap();
    assert_eq!(proven.record, ledger.get::<Account>(&id).unwrap());
    assert_eq!((proven.height, proven.time), (2, at(2)));

    let nobody = account(BOB, "settlement");
    let absence = ledger.state_receipt::<Account>(&nobody).unwrap();
    assert_eq!(absence.verify::<Account>(&trust, &nobody).unwrap().record, None);
    // It says nothing of anything else.
    assert_eq!(absence.verify::<Account>(&trust, &id).unwrap_err().code(), "receipt.invalid");
    assert_eq!(absence.verify::<Note>(&trust, &party(BOB)).unwrap_err().code(), "receipt.invalid");
    let denied = StateReceipt { value: None, ..ledger.state_receipt::<Account>(&id).unwrap() };
    assert_eq!(denied.verify::<Account>(&trust, &id).unwrap_err().code(), "receipt.invalid");

    let mut another = genesis(1);
    another.name = "another".into();
    let wrong = absence.verify::<Account>(&Trust::new(another), &nobody).unwrap_err();
    assert_eq!(wrong.code(), "receipt.wrong_network");
}

#[test]
fn no_byte_of_a_state_receipt_can_change() {
    let directory = tempfile::tempdir().unwrap();
    let mut ledger = create(directory.path());
    commit(&mut ledger, 1, &transaction(ALICE, 1, [open_account(ALICE, "settlement")])).unwrap();
    let (trust, id) = (Trust::new(genesis(1)), account(ALICE, "settlement"));
    let bytes = ledger.state_receipt::<Account>(&id).unwrap().to_bytes();
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            let proven =
                StateReceipt::from_bytes(&flipped).and_then(|receipt| receipt.verify::<Account>(&trust, &id));
            let code = refused(proven).code();
            assert!(code.starts_with("receipt."), "byte {place}, bit {bit}: {code}");
        }
    }
    for length in 0..bytes.len() {
        assert!(StateReceipt::from_bytes(&bytes[..length]).is_err(), "cut to {length}");
    }
}

/// What the state had of Alice's note at a height, from a receipt.
fn note_at(ledger: &Embedded<Notes>, height: u64) -> Option<String> {
    let bytes = ledger.state_receipt_at::<Note>(height, &party(ALICE)).unwrap().to_bytes();
    let trust = Trust::new(genesis(1));
    let proven = StateReceipt::from_bytes(&bytes).unwrap().verify::<Note>(&trust, &party(ALICE)).unwrap();
    assert_eq!(proven.height, height);
    proven.record.map(|note| note.text)
}

#[test]
fn a_record_is_proven_as_it_was_at_each_recent_height() {
    let directory = tempfile::tempdir().unwrap();
    // Most of what is superseded is on disk.
    let mut ledger = create_with(directory.path(), genesis(1), little_memory()).unwrap();
    let newest = RECENT_HEIGHTS as u64 + 44;
    for number in 1..=newest {
        // Alice's note changes at every third height from 100 on.
        let (author, text) = if number >= 100 && number % 3 == 0 { (ALICE, "note") } else { (BOB, "noise") };
        let text = format!("{text} {number}");
        commit(&mut ledger, 1, &transaction(author, number, [note(&text)])).unwrap();
    }
    for height in newest - RECENT_HEIGHTS as u64..=newest {
        let changed = height / 3 * 3;
        let expected = (changed >= 102).then(|| format!("note {changed}"));
        assert_eq!(note_at(&ledger, height), expected, "{height}");
    }
    let refused = |ledger: &Embedded<Notes>, height| {
        ledger.state_receipt_at::<Note>(height, &party(ALICE)).unwrap_err().code()
    };
    assert_eq!(refused(&ledger, newest - RECENT_HEIGHTS as u64 - 1), "proof.too_old");
    assert_eq!((refused(&ledger, 0), refused(&ledger, newest + 1)), ("block.unknown", "block.unknown"));

    drop(ledger);
    let ledger = open_with(directory.path(), little_memory()).unwrap();
    assert_eq!(note_at(&ledger, newest), Some(format!("note {}", newest / 3 * 3)));
    assert_eq!(refused(&ledger, newest - 200), "proof.too_old");
}

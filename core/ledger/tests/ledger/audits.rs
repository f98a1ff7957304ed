//! Backups are whole ledgers, and executing one again shows whether it holds.

use std::fs;
use std::path::Path;

use allonge_ledger::{Embedded, Error, Replayed, Settings, replay_log};

use crate::world::*;

fn ledger(directory: &Path) -> Embedded<Notes> {
    let mut ledger = create(directory);
    for number in 1..=6 {
        let text = format!("note {number}");
        let candidates = [
            transaction(ALICE, number, [note(&text), open_account(ALICE, &format!("of-{number}"))]),
            transaction(BOB, number, [refused_note(&text)]),
        ];
        ledger.commit(at(number as i64), &candidates).unwrap();
    }
    ledger
}

fn replay(path: &Path) -> Result<Replayed, Error> {
    replay_log(path, &Notes, Settings::default(), |_| ())
}

/// Where each frame begins, and where the last ends.
fn frames(bytes: &[u8]) -> Vec<usize> {
    let mut starts = vec![16];
    while bytes.len() > starts[starts.len() - 1] {
        let start = starts[starts.len() - 1];
        let length = u32::from_le_bytes(bytes[start + 8..start + 12].try_into().unwrap());
        starts.push(start + 16 + length as usize);
    }
    starts
}

#[test]
fn a_backup_taken_while_the_ledger_runs_is_restored_to_the_same_root() {
    let (directory, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut ledger = ledger(directory.path());
    let (backup, root) = (ledger.backup(), ledger.state_root());
    commit(&mut ledger, 7, &transaction(ALICE, 7, [note("after the backup was asked for")])).unwrap();
    let file = elsewhere.path().join("backup.log");
    backup.write(&file).unwrap();
    commit(&mut ledger, 8, &transaction(ALICE, 8, [note("after it was written")])).unwrap();

    let replayed = replay(&file).unwrap();
    assert_eq!((backup.height, replayed.height, replayed.state_root), (6, 6, root));
    assert_eq!((replayed.transactions, replayed.time), (12, at(6)));
    assert_eq!(replayed.trust.network(), ledger.trust().network());

    let restored = tempfile::tempdir().unwrap();
    fs::copy(&file, restored.path().join("blocks.log")).unwrap();
    let mut restored = open(restored.path()).unwrap();
    assert_eq!((restored.height(), restored.state_root()), (6, root));
    commit(&mut restored, 9, &transaction(ALICE, 9, [note("life goes on")])).unwrap();

    let error = backup.write(&file).unwrap_err();
    assert_eq!((error.code(), error.detail("path")), ("store.exists", file.to_str()));
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1, "nothing else is left there");
}

#[test]
fn the_log_of_a_ledger_is_replayed_block_by_block_with_a_state_larger_than_memory() {
    let directory = tempfile::tempdir().unwrap();
    let root = ledger(directory.path()).state_root();
    let mut heights = Vec::new();
    let path = directory.path().join("blocks.log");
    let replayed = replay_log(&path, &Notes, little_memory(), |header| heights.push(header.height)).unwrap();
    assert_eq!((heights, replayed.state_root), ((1..=6).collect(), root));
    let mut left: Vec<_> =
        fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["blocks.log", "blocks.mark", "lock"]);
}

#[test]
fn the_first_bad_height_is_named_wherever_a_byte_is_damaged() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(directory.path());
    let file = directory.path().join("backup.log");
    ledger.backup().write(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    let starts = frames(&whole);
    assert_eq!((starts.len(), starts[7]), (8, whole.len()));
    for place in (0..whole.len()).step_by(11) {
        let mut damaged = whole.clone();
        damaged[place] ^= 0x20;
        fs::write(&file, &damaged).unwrap();
        let error = replay(&file).unwrap_err();
        if place < starts[1] {
            assert_eq!(error.code(), "replay.not_a_log", "byte {place}");
        } else {
            let height = starts.iter().filter(|start| **start <= place).count() - 1;
            assert_eq!(error.code(), "replay.bad_block", "byte {place}");
            assert_eq!(error.detail("height"), Some(height.to_string().as_str()), "byte {place}");
        }
    }
    // What is cut off inside a block does not pass for the end.
    fs::write(&file, &whole[..starts[5] + 30]).unwrap();
    assert_eq!(replay(&file).unwrap_err().detail("height"), Some("5"));
    fs::write(&file, &whole[..starts[5]]).unwrap();
    assert_eq!(replay(&file).unwrap().height, 4);
}

#[test]
fn a_block_that_was_altered_with_care_is_named_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = ledger(directory.path());
    let file = directory.path().join("backup.log");
    ledger.backup().write(&file).unwrap();
    let whole = fs::read(&file).unwrap();
    let starts = frames(&whole);
    for (text, height) in [("note 3", "3"), ("note 5", "5")] {
        let mut damaged = whole.clone();
        let at = damaged.windows(6).position(|window| window == text.as_bytes()).unwrap();
        damaged[at + 5] = b'9';
        let start = *starts.iter().rfind(|start| **start <= at).unwrap();
        let end = *starts.iter().find(|start| **start > at).unwrap();
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(&damaged[start + 8..start + 12]);
        hasher.update(&damaged[start + 16..end]);
        damaged[start + 12..start + 16].copy_from_slice(&hasher.finalize().to_le_bytes());
        fs::write(&file, &damaged).unwrap();
        let error = replay(&file).unwrap_err();
        assert_eq!((error.code(), error.detail("height")), ("replay.bad_block", Some(height)));
    }
}

#[test]
fn what_is_no_ledger_is_told_so() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    for content in [b"".as_slice(), b"ALG", b"something else entirely, but long enough"] {
        fs::write(&file, content).unwrap();
        assert_eq!(replay(&file).unwrap_err().code(), "replay.not_a_log");
    }
    assert_eq!(replay(&directory.path().join("missing")).unwrap_err().code(), "store.io");
}

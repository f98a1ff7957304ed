//! Directories that are locked, read-only, damaged or half made.

use std::fs;
use std::path::{Path, PathBuf};

use allonge_ledger::{Embedded, Error, Party, Settings};

use crate::world::*;

fn log(directory: &Path) -> PathBuf {
    directory.join("blocks.log")
}

fn store(directory: &Path) -> PathBuf {
    directory.join("state")
}

/// A ledger with some blocks, closed; its root.
fn closed_ledger(directory: &Path) -> allonge_crypto::Hash {
    closed_ledger_with(directory, Settings::default())
}

/// A ledger with a store on disk, and something in the log that the store has not; its root.
fn closed_ledger_with_store(directory: &Path) -> allonge_crypto::Hash {
    let root = closed_ledger_with(directory, little_memory());
    assert!(store(directory).exists());
    root
}

fn closed_ledger_with(directory: &Path, settings: Settings) -> allonge_crypto::Hash {
    let mut ledger = create_with(directory, genesis(1), settings).unwrap();
    for number in 1..=5 {
        commit(&mut ledger, 1, &transaction(ALICE, number, [note(&format!("note {number}"))])).unwrap();
    }
    ledger.state_root()
}

fn assert_whole(directory: &Path, root: allonge_crypto::Hash) {
    let mut ledger = open(directory).unwrap();
    assert_eq!((ledger.height(), ledger.state_root()), (5, root));
    for height in 1..=5 {
        let id =
            allonge_ledger::SignedTransaction::from_bytes(&ledger.block(height).unwrap().transactions[0])
                .unwrap()
                .id(SUITE);
        assert_eq!(prove(&ledger, &id).height, height);
    }
    for number in 1..=5 {
        let again = transaction(ALICE, number, [note(&format!("note {number}"))]);
        assert_eq!(refused(commit(&mut ledger, 2, &again)).code(), "transaction.repeated");
    }
    assert_eq!(ledger.list::<Note>(None, 9).unwrap(), [Note { text: "note 5".into() }]);
    assert_eq!(ledger.list::<Party>(None, 99).unwrap().len(), genesis(1).parties.len());
}

/// All files below a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A store written by its files alone, so that each can be damaged in turn.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target)
        } else {
            let _ = fs::copy(&path, &target).unwrap();
        }
    }
}

/// The error, which names the path.
fn refused_naming(result: Result<Embedded<Notes>, Error>, path: &Path) -> Error {
    let error = refused(result);
    assert_eq!(error.detail("path"), Some(path.display().to_string().as_str()), "{error}");
    error
}

#[test]
fn a_second_opener_is_told_that_the_ledger_is_locked() {
    let directory = tempfile::tempdir().unwrap();
    let ledger = create(directory.path());
    assert_eq!(refused_naming(open(directory.path()), directory.path()).code(), "store.locked");
    let second = create_with(directory.path(), genesis(1), Settings::default());
    assert_eq!(refused_naming(second, directory.path()).code(), "store.locked");
    drop(ledger);
    open(directory.path()).unwrap();
}

#[test]
fn a_directory_holds_one_ledger() {
    let directory = tempfile::tempdir().unwrap();
    let root = closed_ledger(directory.path());
    let second = create_with(directory.path(), genesis(1), Settings::default());
    assert_eq!(refused_naming(second, directory.path()).code(), "store.exists");
    assert_whole(directory.path(), root);
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let directory = tempfile::tempdir().unwrap();
    // A file stands where the directory should: that stops even the superuser, as a read-only one would not.
    let file = directory.path().join("file");
    fs::write(&file, b"").unwrap();
    for nowhere in [file, directory.path().join("missing")] {
        let created = create_with(&nowhere, genesis(1), Settings::default());
        assert_eq!(refused_naming(created, &nowhere.join("lock")).code(), "store.io");
        assert_eq!(refused_naming(open(&nowhere), &nowhere.join("lock")).code(), "store.io");
    }
    let missing = log(directory.path());
    assert_eq!(refused_naming(open(directory.path()), &missing).code(), "store.io");
}

#[cfg(unix)]
#[test]
fn a_read_only_directory_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let inner = directory.path().join("read-only");
    fs::create_dir(&inner).unwrap();
    fs::set_permissions(&inner, fs::Permissions::from_mode(0o555)).unwrap();
    let created = create_with(&inner, genesis(1), Settings::default());
    if fs::write(inner.join("probe"), b"").is_ok() {
        // Permissions do not bind the superuser.
        assert_eq!(created.map(|ledger| ledger.height()), Ok(0));
    } else {
        assert_eq!(refused_naming(created, &inner.join("lock")).code(), "store.io");
    }
}

#[test]
fn a_ledger_opens_with_its_own_key_only() {
    let directory = tempfile::tempdir().unwrap();
    let root = closed_ledger(directory.path());
    let other = Embedded::open(directory.path(), Notes, Box::new(signer(ALICE)), Settings::default());
    assert_eq!(refused(other).code(), "genesis.invalid");
    let committee = tempfile::tempdir().unwrap();
    let four = create_with(committee.path(), genesis(4), Settings::default());
    assert_eq!(refused(four).code(), "genesis.invalid");
    assert!(!Embedded::<Notes>::exists(committee.path()));
    assert_whole(directory.path(), root);
}

#[test]
fn a_damaged_log_is_named_and_left_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let root = closed_ledger(directory.path());
    let path = log(directory.path());
    let bytes = fs::read(&path).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    for place in (0..used).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        let error = refused_naming(open(directory.path()), &path);
        assert_eq!(error.code(), "store.corrupt", "byte {place}");
        assert_eq!(fs::read(&path).unwrap(), damaged, "byte {place}");
    }
    fs::write(&path, &bytes).unwrap();
    assert_whole(directory.path(), root);
}

#[test]
fn a_log_that_lost_acknowledged_blocks_is_refused_and_left_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    let root = closed_ledger(directory.path());
    let path = log(directory.path());
    let bytes = fs::read(&path).unwrap();
    let used = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    for length in (0..used).step_by(53) {
        fs::write(&path, &bytes[..length]).unwrap();
        let error = refused_naming(open(directory.path()), &path);
        assert_eq!(error.code(), "store.corrupt", "cut to {length}");
        assert_eq!(fs::read(&path).unwrap(), bytes[..length], "cut to {length}");
    }
    // Only the zeros behind the blocks may be missing.
    fs::write(&path, &bytes[..used]).unwrap();
    assert_whole(directory.path(), root);
}

#[test]
fn a_store_that_is_gone_is_made_anew_from_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let root = closed_ledger_with_store(directory.path());
    fs::remove_dir_all(store(directory.path())).unwrap();
    assert_whole(directory.path(), root);
    // It was not only answered for, but written.
    assert_whole(directory.path(), root);
}

#[test]
fn a_store_with_any_file_missing_cut_or_altered_is_made_anew_from_the_log() {
    let directory = tempfile::tempdir().unwrap();
    let root = closed_ledger_with_store(directory.path());
    let (state, whole) = (store(directory.path()), directory.path().join("whole"));
    copy(&state, &whole);
    let names: Vec<_> =
        files(&whole).iter().map(|path| path.strip_prefix(&whole).unwrap().to_owned()).collect();
    assert!(names.len() > 3, "{names:?}");
    for name in names {
        let content = fs::read(whole.join(&name)).unwrap();
        let used = content.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let damage: [&dyn Fn() -> Option<Vec<u8>>; 5] = [
            &|| None,
            &|| Some(Vec::new()),
            &|| Some(content[..used / 2].to_vec()),
            &|| Some(content.iter().map(|byte| !byte).take(used).collect()),
            &|| {
                let mut altered = content[..used].to_vec();
                altered.iter_mut().step_by(97).for_each(|byte| *byte ^= 1);
                Some(altered)
            },
        ];
        for (number, damage) in damage.iter().enumerate() {
            // What could not be used is gone.
            let _ = fs::remove_dir_all(&state);
            copy(&whole, &state);
            match damage() {
                None => fs::remove_file(state.join(&name)).unwrap(),
                Some(bytes) => fs::write(state.join(&name), bytes).unwrap(),
            }
            println!("{}: damage {number}", name.display());
            assert_whole(directory.path(), root);
        }
    }
}

#[test]
fn a_store_of_another_ledger_is_not_believed() {
    let mut another = genesis(1);
    another.parties[0].name = "Another".into();
    for blocks in [5, 6] {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut ledger = create(one.path());
        let mut foreign = create_with(other.path(), another.clone(), little_memory()).unwrap();
        (0..blocks).for_each(|_| drop(ledger.commit(at(1), &[]).unwrap()));
        for number in 0..5 {
            let draft = draft_for(&another, ALICE, number, [note("another")]);
            commit(&mut foreign, 1, &signed(&draft, &[ALICE])).unwrap();
        }
        let root = ledger.state_root();
        assert_ne!(foreign.state_root(), root);
        drop((ledger, foreign));
        assert!(!store(one.path()).exists());
        copy(&store(other.path()), &store(one.path()));
        let ledger = open(one.path()).unwrap();
        assert_eq!((ledger.height(), ledger.state_root()), (blocks, root));
        let first: Party = ledger.list(None, 1).unwrap().remove(0);
        assert_ne!(first.name, "Another");
    }
}

#[test]
fn a_store_that_outlived_its_log_does_not_enter_the_next_ledger() {
    let directory = tempfile::tempdir().unwrap();
    closed_ledger_with_store(directory.path());
    fs::remove_file(log(directory.path())).unwrap();
    assert!(!Embedded::<Notes>::exists(directory.path()));
    let mut ledger = create(directory.path());
    assert_eq!(ledger.get::<Note>(&party(ALICE)).unwrap(), None);
    commit(&mut ledger, 1, &transaction(ALICE, 3, [note("note 3")])).unwrap();
    let root = ledger.state_root();
    drop(ledger);
    assert_eq!(open(directory.path()).unwrap().state_root(), root);
}

#[test]
fn a_log_with_an_altered_body_and_a_mended_checksum_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    closed_ledger(directory.path());
    let path = log(directory.path());
    let mut bytes = fs::read(&path).unwrap();
    // The third block says something else.
    let at = bytes.windows(6).position(|window| window == b"note 3").unwrap();
    bytes[at + 5] = b'9';
    // Its frame begins at the last salt before it.
    let salt = bytes[8..16].to_vec();
    let frame = (16..at).rev().find(|start| bytes[*start..].starts_with(&salt)).unwrap();
    let length = u32::from_le_bytes(bytes[frame + 8..frame + 12].try_into().unwrap()) as usize;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&bytes[frame + 8..frame + 12]);
    hasher.update(&bytes[frame + 16..frame + 16 + length]);
    bytes[frame + 12..frame + 16].copy_from_slice(&hasher.finalize().to_le_bytes());
    fs::write(&path, &bytes).unwrap();
    let error = refused_naming(open(directory.path()), &path);
    assert_eq!(error.code(), "store.corrupt");
    assert!(error.to_string().contains("other transactions"), "{error}");
}

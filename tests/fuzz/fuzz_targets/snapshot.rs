//! Snapshots, restored: as they come; and once more with the hashes of the chunks put right, which anybody can, so that it
//! gets to what the certified header protects.

#![no_main]

use std::sync::LazyLock;

use allonge_crypto::Hash;
use allonge_fuzz::{SUITE, Sample, Vectors, expect_code, seed};
use allonge_ledger::{Embedded, Settings, Trust};
use allonge_trade::TradeRules;
use libfuzzer_sys::fuzz_target;

const MAGIC: &[u8] = b"ALGSNAP\x01";
/// The length and the hash before each chunk.
const HEAD: usize = 36;

/// Whom to trust, a snapshot, and the root of its state.
static SAMPLE: LazyLock<(Trust, Vec<u8>, Hash)> = LazyLock::new(|| {
    let genesis = Sample::genesis(&Vectors::read());
    let directory = tempfile::tempdir().unwrap();
    let ledger = Sample::ledger(&genesis, directory.path());
    let path = directory.path().join("snapshot");
    ledger.write_snapshot(&path).unwrap();
    (Trust::new(genesis), std::fs::read(path).unwrap(), ledger.state_root())
});

/// Whether a snapshot is taken: then it has the state that was certified.
fn restore(snapshot: &[u8]) -> bool {
    let (trust, _, state_root) = &*SAMPLE;
    let directory = tempfile::tempdir().unwrap();
    let (path, target) = (directory.path().join("snapshot"), directory.path().join("ledger"));
    std::fs::write(&path, snapshot).unwrap();
    std::fs::create_dir(&target).unwrap();
    let settings = Settings { threads: 1, ..Settings::default() };
    match Embedded::restore_snapshot(&path, &target, trust, None, &TradeRules, settings) {
        Ok(restored) => {
            assert_eq!(restored.state_root, *state_root);
            true
        }
        Err(error) => {
            expect_code(&error, &["snapshot.invalid", "receipt.wrong_network"]);
            false
        }
    }
}

/// The chunks, whatever their hashes are.
fn chunks(snapshot: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = snapshot.get(MAGIC.len()..).unwrap_or_default();
    let mut chunks = Vec::new();
    while let Some((head, behind)) = rest.split_first_chunk::<HEAD>() {
        let length = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let (chunk, behind) = behind.split_at(length.min(behind.len()));
        chunks.push(chunk.to_vec());
        rest = behind;
    }
    chunks
}

/// A snapshot of chunks, with the hashes that it should have.
fn hashed(chunks: &[Vec<u8>]) -> Vec<u8> {
    let (mut snapshot, mut previous) = (MAGIC.to_vec(), Hash::ZERO);
    for chunk in chunks {
        previous = SUITE.hash("allonge/snapshot/1", &[previous.as_bytes().as_slice(), chunk].concat());
        snapshot.extend(u32::try_from(chunk.len()).unwrap().to_le_bytes());
        snapshot.extend(previous.as_bytes());
        snapshot.extend(chunk);
    }
    snapshot
}

fuzz_target!(init: {
    assert!(restore(&SAMPLE.1));
    assert_eq!(hashed(&chunks(&SAMPLE.1)), SAMPLE.1, "an honest snapshot is put right as it is");
    seed([SAMPLE.1.clone(), MAGIC.to_vec()]);
}, |bytes: &[u8]| {
    if !restore(bytes) {
        restore(&hashed(&chunks(bytes)));
    }
});

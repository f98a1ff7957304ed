//! Snapshots of ledgers: one file with which a ledger begins at its newest height, and ledgers that keep less.

use std::io::Read;
use std::path::Path;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::registry::STORE_EXISTS;
use allonge_ledger::{Embedded, Error, SNAPSHOT_MAGIC, Settings};
use allonge_trade::TradeRules;
use serde::Serialize;

use crate::connected::COPY;
use crate::connected::ConnectOptions;
use crate::keys::{Keys, VALIDATOR};
use crate::ledger::{Ledger, create_directory};
use crate::receipt::Trust;
use crate::registry::file_failed;

/// A snapshot that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SnapshotRecord {
    /// The network's id.
    pub network: Hash,
    /// The height of the state in it.
    pub height: u64,
    /// The root of that state.
    pub state_root: Hash,
    /// The height of the oldest block in it.
    pub oldest: u64,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Where a ledger stands that was made of a snapshot, or pruned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeptRecord {
    /// The network's id.
    pub network: Hash,
    /// What people call the network.
    pub network_name: String,
    /// The height of its newest block.
    pub height: u64,
    /// The time of its newest block.
    pub time: Timestamp,
    /// The root of its newest state.
    pub state_root: Hash,
    /// The height of the oldest block that it keeps.
    pub oldest: u64,
}

impl Ledger {
    /// As [`connect_with`](Ledger::connect_with), and where the directory has no copy yet, it begins at a snapshot, of whomever:
    /// everything in it is verified from the genesis, and its history has the checkpoint of the options, if there is one.
    ///
    /// Errors: as of `connect_with`; `snapshot.invalid`, `receipt.wrong_network`.
    pub fn connect_from(
        snapshot: impl AsRef<Path>,
        urls: &[String],
        trust: Trust,
        state_dir: impl AsRef<Path>,
        options: &ConnectOptions,
    ) -> Result<Ledger, Error> {
        let copy = state_dir.as_ref().join(COPY);
        if !Embedded::<TradeRules>::exists(&copy) {
            let checkpoint = options.checkpoint.as_ref().map(|kept| (kept.height, kept.header));
            restore_snapshot(snapshot, &copy, &trust, checkpoint)?;
        }
        Ledger::connect_with(urls, trust, state_dir, options)
    }

    /// Writes the newest certified state, with all idempotency keys and the blocks of the last 90 days, to a file that is
    /// not there yet. Writing waits meanwhile. The file has no keys of parties.
    ///
    /// Errors: `store.exists`, `store.io`; `block.unknown` before the first block; `proof.not_certified`, `proof.too_old`
    /// on a network, until it has certified what was executed; `unsupported_here` for a simulated one.
    pub fn write_snapshot(&self, path: impl AsRef<Path>) -> Result<SnapshotRecord, Error> {
        self.shared.check_directory()?;
        let written = self.shared.read(|ledger| ledger.write_snapshot(path.as_ref()))?;
        let allonge_ledger::Snapshot { height, state_root, oldest, bytes, .. } = written;
        Ok(SnapshotRecord { network: self.trust().network(), height, state_root, oldest, bytes })
    }
}

/// Whether a file is a snapshot, by how it begins.
///
/// Errors: `file.io`.
pub fn is_snapshot(path: impl AsRef<Path>) -> Result<bool, Error> {
    let path = path.as_ref();
    let failed = |error| file_failed(path, "read", error);
    let mut beginning = Vec::new();
    let most = u64::try_from(SNAPSHOT_MAGIC.len()).unwrap_or_default();
    std::fs::File::open(path).map_err(failed)?.take(most).read_to_end(&mut beginning).map_err(failed)?;
    Ok(beginning == SNAPSHOT_MAGIC)
}

/// Makes a ledger in a directory of a snapshot, all of which is verified first from the genesis; and its history against a
/// checkpoint, the digest of the header of a height, if one is given. Keys are not in a snapshot: put the directory `keys`
/// of the old ledger into the new one, then open it.
///
/// Errors: `snapshot.invalid`, `receipt.wrong_network`, `store.*`.
pub fn restore_snapshot(
    snapshot: impl AsRef<Path>,
    directory: impl AsRef<Path>,
    trust: &Trust,
    checkpoint: Option<(u64, Hash)>,
) -> Result<KeptRecord, Error> {
    let (snapshot, directory) = (snapshot.as_ref(), directory.as_ref());
    if Embedded::<TradeRules>::exists(directory) {
        return Err(STORE_EXISTS.error().with("path", directory.display()));
    }
    create_directory(directory).map_err(|error| file_failed(directory, "created", error))?;
    let trust = allonge_ledger::Trust::new(trust.genesis().clone());
    let restored = Embedded::restore_snapshot(
        snapshot,
        directory,
        &trust,
        checkpoint,
        &TradeRules,
        Settings::default(),
    )?;
    Ok(KeptRecord {
        network: trust.network(),
        network_name: trust.genesis().name.clone(),
        height: restored.height,
        time: restored.time,
        state_root: restored.state_root,
        oldest: restored.oldest,
    })
}

/// Drops the blocks of the ledger of a directory, which nobody has open, that are neither among its newest so many nor of
/// the last 90 days. Receipts made before stay valid; what is read below answers `block.pruned`.
///
/// Errors: `store.*`, `key.*`; `block.unknown` before the first block.
pub fn prune(directory: impl AsRef<Path>, keep: u64) -> Result<KeptRecord, Error> {
    let directory = directory.as_ref();
    let validator = Keys::of(directory).existing(VALIDATOR)?;
    let ledger = Embedded::open(directory, TradeRules, Box::new(validator), Settings::default())?;
    let ledger = ledger.prune(keep)?;
    Ok(KeptRecord {
        network: ledger.trust().network(),
        network_name: ledger.trust().genesis().name.clone(),
        height: ledger.height(),
        time: ledger.time(),
        state_root: ledger.state_root(),
        oldest: ledger.oldest_height(),
    })
}

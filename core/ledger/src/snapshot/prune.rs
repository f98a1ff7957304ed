//! Making a ledger of a snapshot, and of a ledger one that keeps less.
//!
//! Either way the ledger is made in a directory of its own, opened there, by which everything in it is verified, and then
//! put in its place. The new log is what counts: its name changes hands all at once, when all else is there.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;

use super::load::check_head;
use super::{BASE_PREFIX, BASE_SUFFIX, Base, Chunk, SnapshotReader, SnapshotWriter, invalid};
use crate::disk::{Disk, RealDisk};
use crate::embedded::{Embedded, LOG, LogEntry, STORE, lock, remove_directory};
use crate::error::{Error, Phase};
use crate::log::LogWriter;
use crate::receipt::Trust;
use crate::recovery::{Recovered, recover};
use crate::registry::{STORE_CORRUPT, STORE_EXISTS, io_failed};
use crate::rules::Rules;
use crate::state::canonical;
use crate::store::Settings;

/// Where the new ledger is made.
const DRAFT: &str = "restoring";
/// A snapshot of the ledger itself, while it is pruned.
const OWN_SNAPSHOT: &str = "pruning.snapshot";
const MARK: &str = "blocks.mark";

/// What a snapshot was found to be of: everything in it holds.
#[derive(Clone, Debug)]
pub struct Restored {
    /// Its genesis.
    pub trust: Trust,
    /// The height of its newest block.
    pub height: u64,
    /// The time of its newest block.
    pub time: Timestamp,
    /// The root of its newest state.
    pub state_root: Hash,
    /// The height of the oldest block that is kept.
    pub oldest: u64,
}

impl<R: Rules> Embedded<R> {
    /// Makes the ledger of a directory, which exists and has none yet, of a snapshot: verifies all of it against a genesis
    /// first, and the history against a checkpoint, the digest of the header of a height, if there is one. Then open the
    /// ledger. A crash leaves none, or a whole one.
    ///
    /// Errors: `snapshot.invalid`, `receipt.wrong_network`, `store.*`.
    pub fn restore_snapshot(
        snapshot: &Path,
        directory: &Path,
        trust: &Trust,
        checkpoint: Option<(u64, Hash)>,
        rules: &R,
        settings: Settings,
    ) -> Result<Restored, Error> {
        let _lock = lock(directory)?;
        if directory.join(LOG).exists() {
            return Err(STORE_EXISTS.error().with("path", directory.display()));
        }
        let draft = directory.join(DRAFT);
        let restored = unpack(snapshot, &draft, trust, |_, _| Ok(()))
            .and_then(|()| verify(&draft, checkpoint, rules, settings))
            .map_err(not_held)
            .and_then(|restored| install(&draft, directory).map(|()| restored));
        if restored.is_err() {
            // The error is what counts.
            drop(remove_directory(&draft));
        }
        restored
    }

    /// Drops blocks that are neither among the newest so many nor needed: whatever the next ones could reverse stays, 90
    /// days. Receipts made before stay valid; what is read below answers `block.pruned`. The ledger is as it was when
    /// nothing can be dropped.
    ///
    /// Errors: `proof.*` as of [`write_snapshot`](Embedded::write_snapshot); `store.*`. After an error open the ledger
    /// again: it is as it was, or pruned.
    pub fn prune(self, keep: u64) -> Result<Self, Error> {
        self.check_not_failed()?;
        let extent = self.extent(keep)?;
        if extent.oldest <= self.oldest_height() {
            return Ok(self);
        }
        let directory = self.directory().to_owned();
        let snapshot = directory.join(OWN_SNAPSHOT);
        self.write_extent(&extent, &snapshot).inspect_err(|_| {
            // Room on the disk is what it may have lacked. The error is what counts.
            drop(fs::remove_file(&snapshot));
        })?;
        self.begin_at(&snapshot)
    }

    /// Drops the blocks that a snapshot of this ledger, which was written to a file before, does not have, and removes the
    /// file. The ledger is as it was when it keeps no more itself.
    ///
    /// Errors: `snapshot.invalid` for a snapshot of another ledger or history; `store.*`. After an error open the ledger
    /// again: it is as it was, or pruned.
    pub fn begin_at(self, snapshot: &Path) -> Result<Self, Error> {
        self.check_not_failed()?;
        let directory = self.directory().to_owned();
        let draft = directory.join(DRAFT);
        let made = self.make_beginning(snapshot, &draft);
        let removed = fs::remove_file(snapshot);
        let made = made.and_then(|made| {
            removed.map_err(|error| io_failed(snapshot.display(), "removed", error))?;
            Ok(made)
        });
        match made {
            Ok(true) => {}
            Ok(false) => return Ok(self),
            Err(error) => {
                // The error is what counts.
                drop(remove_directory(&draft));
                return Err(error);
            }
        }
        let settings = self.store().settings();
        let (rules, signer, lock) = self.close();
        drop(recover(&RealDisk, &draft, &rules, |_| Ok(()), settings)?);
        install(&draft, &directory)?;
        let recovered = recover(&RealDisk, &directory, &rules, |_| Ok(()), settings)?;
        Ok(Embedded::of(rules, signer, recovered, lock))
    }

    /// Makes the files of a ledger of a snapshot and of the blocks above it; nothing when it would keep no less.
    fn make_beginning(&self, snapshot: &Path, draft: &Path) -> Result<bool, Error> {
        let head = SnapshotReader::open(snapshot)?.head()?;
        check_head(self.trust(), &head)?;
        let own = self.store().digest(head.height())?;
        if own != head.headers.first().map(|header| header.digest(self.trust().genesis().hash_suite)) {
            return Err(invalid("it is of another history than the ledger"));
        }
        if head.oldest <= self.oldest_height() {
            return Ok(false);
        }
        unpack(snapshot, draft, self.trust(), |newest, log| {
            for height in newest.saturating_add(1)..=self.height() {
                log.push(&canonical(&LogEntry::Block(self.block(height)?)))?;
            }
            Ok(())
        })?;
        Ok(true)
    }
}

impl<R: Rules> Embedded<R> {
    /// Puts this ledger in the place of that of a directory, which nobody has open, and opens it there. A crash leaves the
    /// one or the other.
    ///
    /// Errors: `store.*`.
    pub fn take_place_of(self, directory: &Path) -> Result<Self, Error> {
        self.check_not_failed()?;
        let (draft, settings) = (self.directory().to_owned(), self.store().settings());
        let (rules, signer, _) = self.close();
        let lock = lock(directory)?;
        install(&draft, directory)?;
        let recovered = recover(&RealDisk, directory, &rules, |_| Ok(()), settings)?;
        Ok(Embedded::of(rules, signer, recovered, lock))
    }
}

/// What is wrong with a snapshot is said of the snapshot, not of the directory in which it is looked at.
fn not_held(error: Error) -> Error {
    let of_content = error.entry().phase == Phase::Proof || error.code() == STORE_CORRUPT.code;
    let said_well = ["snapshot.invalid", "receipt.wrong_network"].contains(&error.code());
    if of_content && !said_well { invalid(&error.to_string()).because(error) } else { error }
}

/// Takes a snapshot apart into the files of a ledger, of which `more` writes what comes above its newest block. Of what it
/// says only the head is proven.
fn unpack(
    snapshot: &Path,
    draft: &Path,
    trust: &Trust,
    more: impl FnOnce(u64, &mut LogWriter) -> Result<(), Error>,
) -> Result<(), Error> {
    remove_directory(draft)?;
    let mut reader = SnapshotReader::open(snapshot)?;
    let head = reader.head()?;
    check_head(trust, &head)?;
    let genesis = head.genesis.clone();
    fs::create_dir(draft).map_err(|error| io_failed(draft.display(), "created", error))?;

    let path = draft.join("base.new");
    let mut writer = SnapshotWriter::create(&path)?;
    let mut next = Chunk::Head(Box::new(head));
    loop {
        writer.write(&next)?;
        if matches!(next, Chunk::StateEnd) {
            break;
        }
        next = reader.next()?;
        if matches!(next, Chunk::Block(_) | Chunk::End) {
            return Err(invalid("its parts are in another order"));
        }
    }
    writer.finish()?;
    let base = Base { genesis, state: reader.previous };
    let named = base.path(draft);
    fs::rename(&path, &named).map_err(|error| io_failed(named.display(), "created", error))?;

    let mut log = LogWriter::create(&draft.join(LOG))?;
    log.push(&canonical(&LogEntry::Base(Box::new(base))))?;
    let mut newest = 0;
    loop {
        match reader.next()? {
            Chunk::Block(block) => {
                newest = block.header.height;
                log.push(&canonical(&LogEntry::Block(Arc::clone(&block))))?;
            }
            Chunk::End => break,
            _ => return Err(invalid("its parts are in another order")),
        }
    }
    reader.end()?;
    more(newest, &mut log)?;
    log.finish()
}

/// Opens the ledger that was made of a snapshot, which verifies everything in it.
fn verify<R: Rules>(
    draft: &Path,
    checkpoint: Option<(u64, Hash)>,
    rules: &R,
    settings: Settings,
) -> Result<Restored, Error> {
    let Recovered { trust, base, machine, newest, .. } =
        recover(&RealDisk, draft, rules, |_| Ok(()), settings)?;
    let head = machine.chain.head().ok_or_else(|| invalid("it has no block"))?;
    // What nobody certified could be anybody's.
    if newest.is_none_or(|newest| newest.certificate.is_none()) {
        return Err(invalid("its newest block is not certified"));
    }
    if let Some((height, digest)) = checkpoint
        && machine.store.digest(height)? != Some(digest)
    {
        return Err(invalid("its history has not the block of the checkpoint"));
    }
    Ok(Restored {
        height: machine.chain.height(),
        time: head.time,
        state_root: machine.tree.root(),
        oldest: base.map_or(1, |base| base.head.oldest),
        trust,
    })
}

/// Puts the files of a ledger that was made elsewhere in the place of those in a directory, of which nothing is open. A
/// crash leaves the one or the other.
pub(crate) fn install(draft: &Path, directory: &Path) -> Result<(), Error> {
    let failed = |error| io_failed(directory.display(), "written", error);
    // A store would not match the new log. Without one, what it had is executed again.
    remove_directory(&directory.join(STORE))?;
    let bases = names_of_bases(draft)?;
    for name in &bases {
        fs::rename(draft.join(name), directory.join(name)).map_err(failed)?;
    }
    RealDisk.sync_directory(directory).map_err(failed)?;
    RealDisk.rename(&draft.join(LOG), &directory.join(LOG)).map_err(failed)?;
    RealDisk.sync_directory(directory).map_err(failed)?;
    // From here on the new ledger is there; the rest saves time and room.
    for name in [MARK, STORE] {
        if draft.join(name).exists() {
            fs::rename(draft.join(name), directory.join(name)).map_err(failed)?;
        }
    }
    for name in names_of_bases(directory)?.iter().filter(|name| !bases.contains(name)) {
        fs::remove_file(directory.join(name)).map_err(failed)?;
    }
    remove_directory(draft)
}

fn names_of_bases(directory: &Path) -> Result<Vec<String>, Error> {
    let failed = |error| io_failed(directory.display(), "read", error);
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let name = name.to_str().filter(|name| name.starts_with(BASE_PREFIX) && name.ends_with(BASE_SUFFIX));
        names.extend(name.map(str::to_owned));
    }
    Ok(names)
}

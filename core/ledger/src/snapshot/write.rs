//! Writing a snapshot of a ledger that goes on meanwhile.

use std::path::Path;

use allonge_crypto::Hash;

use super::{CHUNK_ANSWERS, CHUNK_BYTES, Chunk, Head, SnapshotWriter};
use crate::answers::Bucket;
use crate::disk::{RealDisk, draft_of};
use crate::embedded::{Certified, Embedded};
use crate::error::Error;
use crate::index;
use crate::receipt::MAX_RECEIPT_HEADERS;
use crate::registry::{PROOF_NOT_CERTIFIED, PROOF_TOO_OLD, STORE_EXISTS, damaged, io_failed};
use crate::reversal::earliest_reversible;
use crate::rules::Rules;
use crate::state::from_canonical;

/// A snapshot that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The height of the state in it.
    pub height: u64,
    /// The root of that state.
    pub state_root: Hash,
    /// The height of the oldest block in it.
    pub oldest: u64,
    /// The height of the newest block in it.
    pub newest: u64,
    /// How many bytes it has.
    pub bytes: u64,
}

/// What of a ledger is written.
pub(super) struct Extent {
    /// The height of the state.
    height: u64,
    certified: Certified,
    /// The blocks from here on.
    pub(super) oldest: u64,
    /// The blocks up to here.
    newest: u64,
}

impl<R: Rules> Embedded<R> {
    /// Writes the newest state that a certified header says, with the blocks that have to be kept with it, to a file that
    /// is not there yet, as a whole and durably.
    ///
    /// Errors: `block.unknown` before the first block; `proof.not_certified`; `proof.too_old` on a network, until it has
    /// certified what was executed since the ledger was opened; `store.*`.
    pub fn write_snapshot(&self, path: &Path) -> Result<Snapshot, Error> {
        if path.exists() {
            return Err(STORE_EXISTS.error().with("path", path.display()));
        }
        let extent = self.extent(0)?;
        let newest = self.newest_certified(extent.certified.header.height)?;
        let draft = draft_of(path);
        let written = self.write_extent(&Extent { newest, ..extent }, &draft).and_then(|snapshot| {
            RealDisk.place(&draft, path).map_err(|error| io_failed(path.display(), "written", error))?;
            Ok(snapshot)
        });
        if written.is_err() {
            // The error is what counts.
            drop(std::fs::remove_file(draft));
        }
        written
    }

    /// What a snapshot has with at least so many of the newest blocks, up to the newest of all.
    pub(super) fn extent(&self, keep: u64) -> Result<Extent, Error> {
        let height = self.proven_height()?;
        let certified = self.certified_state(height)?;
        let oldest = self.oldest_needed(height, keep)?;
        Ok(Extent { height, certified, oldest, newest: self.height() })
    }

    /// The oldest block that a snapshot would have now; nothing when none can be written.
    pub fn snapshot_from(&self) -> Option<u64> {
        self.extent(0).ok().map(|extent| extent.oldest)
    }

    /// The newest block that is certified itself. There is one, at this height.
    fn newest_certified(&self, known: u64) -> Result<u64, Error> {
        let mut height = self.height();
        while height > known && self.block(height)?.certificate.is_none() {
            height = height.saturating_sub(1);
        }
        Ok(height)
    }

    /// The oldest block that a snapshot of a height keeps: with one that is too old to be reversed all are there that are
    /// not. It is one at which a header begins to say what blocks came to.
    fn oldest_needed(&self, height: u64, keep: u64) -> Result<u64, Error> {
        let floor = self.oldest_height();
        let executed = |height| Ok::<u64, Error>(self.block(height)?.header.executed.height);
        let earliest = earliest_reversible(index::time(self.store(), height)?);
        let (mut old, mut young) = (floor.saturating_sub(1), height);
        while young.saturating_sub(old) > 1 {
            let middle = old.midpoint(young);
            if index::time(self.store(), middle)? < earliest { old = middle } else { young = middle }
        }
        let old = old.min(self.height().saturating_sub(keep)).min(height);
        let below = match old.checked_sub(1) {
            Some(below) if below >= floor => below,
            _ => return Ok(floor),
        };
        let oldest = executed(below)?.min(executed(height)?).saturating_add(1);
        Ok(oldest.max(floor))
    }

    pub(super) fn write_extent(&self, extent: &Extent, path: &Path) -> Result<Snapshot, Error> {
        let mut writer = SnapshotWriter::create(path)?;
        let head = self.snapshot_head(extent)?;
        let state_root = extent.certified.header.executed.state_root;
        writer.write(&Chunk::Head(Box::new(head)))?;
        self.write_digests(extent.height, &mut writer)?;
        self.write_records(extent.height, &mut writer)?;
        self.write_answers(extent.height, &mut writer)?;
        writer.write(&Chunk::StateEnd)?;
        for height in extent.oldest..=extent.newest {
            writer.write(&Chunk::Block(self.block(height)?))?;
        }
        writer.write(&Chunk::End)?;
        let Extent { height, oldest, newest, .. } = *extent;
        Ok(Snapshot { height, state_root, oldest, newest, bytes: writer.finish()? })
    }

    fn snapshot_head(&self, extent: &Extent) -> Result<Head, Error> {
        let Certified { header: certified, certificate, handovers } = &extent.certified;
        let headers = self.headers_up_to(extent.height, certified)?;
        if headers.len() > MAX_RECEIPT_HEADERS {
            return Err(PROOF_NOT_CERTIFIED.error().with("height", extent.height));
        }
        Ok(Head {
            genesis: self.trust().genesis().clone(),
            headers,
            certificate: certificate.clone(),
            handovers: handovers.clone(),
            oldest: extent.oldest,
        })
    }

    fn write_digests(&self, height: u64, writer: &mut SnapshotWriter) -> Result<(), Error> {
        let most = u64::try_from(CHUNK_BYTES / size_of::<Hash>()).unwrap_or(1);
        let mut from = 1_u64;
        while from <= height {
            let below = from.saturating_add(most).min(height.saturating_add(1));
            writer.write(&Chunk::Digests(self.header_digests(from, below)?))?;
            from = below;
        }
        Ok(())
    }

    /// The records of the state as they were at a height that is not long ago.
    fn write_records(&self, height: u64, writer: &mut SnapshotWriter) -> Result<(), Error> {
        let newest = self.height();
        let too_old = || PROOF_TOO_OLD.error().with("height", height).with("newest", newest);
        let above = usize::try_from(newest.saturating_sub(height)).map_err(|_| too_old())?;
        let before = self.store().superseded_since(above).ok_or_else(too_old)?;
        let (mut some, mut bytes) = (Vec::new(), 0_usize);
        self.store().scan(|key, value| {
            let value = match before.get(key) {
                Some(None) => return Ok(()),
                Some(Some(before)) => before.clone(),
                None => value.to_vec(),
            };
            bytes = bytes.saturating_add(key.len()).saturating_add(value.len());
            some.push((key.to_vec(), value));
            if bytes < CHUNK_BYTES {
                return Ok(());
            }
            bytes = 0;
            writer.write(&Chunk::Records(std::mem::take(&mut some)))
        })?;
        if some.is_empty() { Ok(()) } else { writer.write(&Chunk::Records(some)) }
    }

    /// The idempotency keys that were used up to a height.
    fn write_answers(&self, height: u64, writer: &mut SnapshotWriter) -> Result<(), Error> {
        let unreadable = || damaged(self.log_path(), "an answer in the store cannot be read");
        for bucket in self.store().buckets(Bucket::FIRST)? {
            let mut answers = Vec::new();
            self.store().bucket(bucket, height, |key, answer| {
                answers.push((key.to_vec(), from_canonical(answer).map_err(|_| unreadable())?));
                if answers.len() < CHUNK_ANSWERS {
                    return Ok(());
                }
                writer.write(&Chunk::Answers { bucket, answers: std::mem::take(&mut answers) })
            })?;
            if !answers.is_empty() {
                writer.write(&Chunk::Answers { bucket, answers })?;
            }
        }
        Ok(())
    }
}

//! The snapshot with which a ledger itself begins, for others: its state is a file that is there, and the blocks are in the
//! log. Nothing is written, and nobody waits.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use allonge_crypto::Hash;

use super::{Chunk, chunk_head};
use crate::embedded::{Block, Embedded};
use crate::error::Error;
use crate::registry::io_failed;
use crate::rules::Rules;
use crate::state::canonical;

/// A piece of the state has at most this many bytes.
const PIECE: usize = 1 << 20;

/// The file of a snapshot, piece by piece.
#[derive(Debug)]
pub struct SnapshotPieces {
    state: Option<File>,
    path: PathBuf,
    /// The hash of the chunk before.
    previous: Hash,
    /// The next block.
    next: u64,
    /// The height of the state.
    height: u64,
    /// Whether the block before is certified itself: only such a one is the last.
    certified: bool,
    ended: bool,
}

impl<R: Rules> Embedded<R> {
    /// The snapshot with which this ledger begins; nothing when it begins at its genesis.
    ///
    /// Errors: `store.io`.
    pub fn own_snapshot(&self) -> Result<Option<SnapshotPieces>, Error> {
        let Some(open) = self.base() else { return Ok(None) };
        let path = open.base.path(self.directory());
        let state = File::open(&path).map_err(|error| io_failed(path.display(), "opened", error))?;
        Ok(Some(SnapshotPieces {
            state: Some(state),
            path,
            previous: open.base.state,
            next: open.head.oldest,
            height: open.head.height(),
            certified: false,
            ended: false,
        }))
    }
}

impl SnapshotPieces {
    /// The next piece, of the ledger's blocks as they are read; nothing behind the last.
    ///
    /// Errors: `store.*`, and those of `block`.
    pub fn piece(
        &mut self,
        block: impl FnOnce(u64) -> Result<Arc<Block>, Error>,
    ) -> Result<Option<Vec<u8>>, Error> {
        if let Some(state) = &mut self.state {
            let mut piece = Vec::new();
            let most = u64::try_from(PIECE).unwrap_or(u64::MAX);
            let read = state.by_ref().take(most).read_to_end(&mut piece);
            read.map_err(|error| io_failed(self.path.display(), "read", error))?;
            if !piece.is_empty() {
                return Ok(Some(piece));
            }
            self.state = None;
        }
        if self.ended {
            return Ok(None);
        }
        let chunk = if self.next > self.height && self.certified {
            self.ended = true;
            Chunk::End
        } else {
            let block = block(self.next)?;
            self.next = self.next.saturating_add(1);
            self.certified = block.certificate.is_some();
            Chunk::Block(block)
        };
        let payload = canonical(&chunk);
        let head = chunk_head(&mut self.previous, &payload);
        let head = head.map_err(|error| io_failed(self.path.display(), "read", error))?;
        Ok(Some([head, payload].concat()))
    }
}

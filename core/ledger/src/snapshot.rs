//! Snapshots: the state of a certified height in one file, with which a ledger begins there instead of at its genesis.
//!
//! Everything in it is proven by the genesis alone. The certified header names the root of the state; the state has the
//! roots of the buckets of idempotency keys; the header's history root is that of the digests of all headers below; and
//! these name the transactions and results of the blocks that are kept. Those are all blocks whose transactions can
//! still be reversed, and no fewer: what the next blocks come to depends on them.
//!
//! A file is a row of chunks. The hash of each covers the one before, so that the last names all of them.

mod kept;
mod load;
mod prune;
mod serve;
mod write;

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use allonge_crypto::{Hash, HashSuite};
use borsh::{BorshDeserialize, BorshSerialize};

pub(crate) use kept::Kept;
pub(crate) use load::{Loaded, load};
pub use prune::Restored;
pub use serve::SnapshotPieces;
pub use write::Snapshot;

use crate::answers::{Answer, Bucket};
use crate::block::Header;
use crate::certificate::Certificate;
use crate::embedded::Block;
use crate::error::Error;
use crate::genesis::Genesis;
use crate::handover::Handover;
use crate::registry::{SNAPSHOT_INVALID, damaged, io_failed};
use crate::state::{canonical, from_canonical};

/// What a snapshot begins with: a name and the version of its format.
pub const SNAPSHOT_MAGIC: [u8; 8] = *b"ALGSNAP\x01";
/// A chunk has at most this many bytes, as a frame of the log.
const MAX_CHUNK: u32 = 64 << 20;
/// A chunk of records or of digests is closed once it has this many bytes.
const CHUNK_BYTES: usize = 1 << 20;
/// So many idempotency keys stand together.
const CHUNK_ANSWERS: usize = 1 << 12;
const CHUNK_DOMAIN: &str = "allonge/snapshot/1";

/// A part of a snapshot, in this order: the head; the digests of the headers from height 1 on; the records of the state by
/// their keys; the idempotency keys by their buckets; the end of the state; the blocks that are kept; the end.
#[derive(BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[repr(u8)]
pub(crate) enum Chunk {
    Head(Box<Head>) = 0,
    Digests(Vec<Hash>) = 1,
    Records(Vec<(Vec<u8>, Vec<u8>)>) = 2,
    Answers { bucket: Bucket, answers: Vec<(Vec<u8>, Answer)> } = 3,
    StateEnd = 4,
    Block(Arc<Block>) = 5,
    End = 6,
}

/// What a snapshot is of, and what proves it.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Head {
    pub(crate) genesis: Genesis,
    /// From the header of the snapshot's height up to the certified one that says what its state is, each the parent of the
    /// next.
    pub(crate) headers: Vec<Header>,
    /// What makes the last of them final.
    pub(crate) certificate: Certificate,
    /// From the genesis to the roster that certified it.
    pub(crate) handovers: Vec<Handover>,
    /// The height of the oldest block that is kept.
    pub(crate) oldest: u64,
}

impl Head {
    /// The height of the state.
    pub(crate) fn height(&self) -> u64 {
        self.headers.first().map_or(0, |header| header.height)
    }
}

/// What the log of a ledger begins with that begins at a snapshot.
#[derive(Clone, Debug, BorshSerialize, BorshDeserialize)]
pub(crate) struct Base {
    pub(crate) genesis: Genesis,
    /// The hash of the last chunk of the snapshot's state.
    pub(crate) state: Hash,
}

impl Base {
    /// The file beside the log that has the state. Its name says which, so that another never takes its place.
    pub(crate) fn path(&self, directory: &Path) -> PathBuf {
        directory.join(base_name(&self.state))
    }

    /// Reads the head of the state.
    ///
    /// Errors: `store.corrupt`, `store.io`.
    pub(crate) fn read_head(&self, directory: &Path) -> Result<Head, Error> {
        let path = self.path(directory);
        let head = SnapshotReader::open(&path).and_then(|mut reader| reader.head());
        let head = head.map_err(|error| match error.code() == SNAPSHOT_INVALID.code {
            true => damaged(&path, "it is no snapshot").because(error),
            false => error,
        })?;
        if head.genesis != self.genesis {
            return Err(damaged(&path, "it is of another ledger"));
        }
        Ok(head)
    }
}

/// A base with the head of its state, which is read whenever the ledger is opened.
#[derive(Debug)]
pub(crate) struct OpenBase {
    pub(crate) base: Base,
    pub(crate) head: Head,
}

const BASE_PREFIX: &str = "base-";
const BASE_SUFFIX: &str = ".snapshot";

fn base_name(state: &Hash) -> String {
    let short: String = state.to_string().chars().take(16).collect();
    format!("{BASE_PREFIX}{short}{BASE_SUFFIX}")
}

pub(crate) fn invalid(reason: &str) -> Error {
    SNAPSHOT_INVALID.error().with("reason", reason)
}

/// Writes the chunks of a snapshot to a file that is new.
struct SnapshotWriter {
    file: BufWriter<File>,
    path: PathBuf,
    /// The hash of the chunk before.
    previous: Hash,
    bytes: u64,
}

impl SnapshotWriter {
    fn create(path: &Path) -> Result<Self, Error> {
        let failed = |error| io_failed(path.display(), "created", error);
        let mut file = BufWriter::with_capacity(1 << 20, File::create(path).map_err(failed)?);
        file.write_all(&SNAPSHOT_MAGIC).map_err(failed)?;
        let bytes = u64::try_from(SNAPSHOT_MAGIC.len()).unwrap_or_default();
        Ok(SnapshotWriter { file, path: path.to_owned(), previous: Hash::ZERO, bytes })
    }

    fn write(&mut self, chunk: &Chunk) -> Result<(), Error> {
        let payload = canonical(chunk);
        let failed = |error| io_failed(self.path.display(), "written", error);
        let head = chunk_head(&mut self.previous, &payload).map_err(failed)?;
        self.file.write_all(&head).and_then(|()| self.file.write_all(&payload)).map_err(failed)?;
        let written = head.len().saturating_add(payload.len());
        self.bytes = self.bytes.saturating_add(u64::try_from(written).unwrap_or(u64::MAX));
        Ok(())
    }

    /// Makes the file durable, and answers how many bytes it has.
    fn finish(self) -> Result<u64, Error> {
        let failed = |error| io_failed(self.path.display(), "written", error);
        let file = self.file.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        Ok(self.bytes)
    }
}

/// What stands before a chunk: its length, and the hash of it and of all before, which `previous` is afterwards.
fn chunk_head(previous: &mut Hash, payload: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(payload.len()).ok().filter(|length| *length <= MAX_CHUNK);
    let length = length.ok_or_else(|| io::Error::other("a chunk is too long"))?;
    *previous = chunk_hash(previous, payload);
    Ok([length.to_le_bytes().as_slice(), previous.as_bytes()].concat())
}

fn chunk_hash(previous: &Hash, payload: &[u8]) -> Hash {
    HashSuite::Sha256.hash(CHUNK_DOMAIN, &[previous.as_bytes().as_slice(), payload].concat())
}

/// Reads the chunks of a snapshot. What they say is proven elsewhere.
pub(crate) struct SnapshotReader<R> {
    file: R,
    path: PathBuf,
    previous: Hash,
}

impl SnapshotReader<BufReader<File>> {
    /// Errors: `store.io`, `snapshot.invalid`.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| io_failed(path.display(), "opened", error))?;
        let mut file = BufReader::with_capacity(1 << 20, file);
        let mut magic = [0; SNAPSHOT_MAGIC.len()];
        match file.read_exact(&mut magic) {
            Ok(()) if magic == SNAPSHOT_MAGIC => {}
            Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => {
                return Err(io_failed(path.display(), "read", error));
            }
            _ => return Err(invalid("it does not begin as a snapshot does")),
        }
        Ok(SnapshotReader { file, path: path.to_owned(), previous: Hash::ZERO })
    }
}

impl<R: Read> SnapshotReader<R> {
    /// The next chunk.
    ///
    /// Errors: `store.io`, `snapshot.invalid`.
    fn next(&mut self) -> Result<Chunk, Error> {
        let (mut length, mut hash) = ([0; 4], [0; 32]);
        self.read_exact(&mut length)?;
        self.read_exact(&mut hash)?;
        let length = u32::from_le_bytes(length);
        if length > MAX_CHUNK {
            return Err(invalid("a chunk is too long"));
        }
        let mut payload = Vec::new();
        let read = (&mut self.file).take(u64::from(length)).read_to_end(&mut payload);
        let read = read.map_err(|error| io_failed(self.path.display(), "read", error))?;
        if u32::try_from(read) != Ok(length) {
            return Err(invalid("it ends in the middle"));
        }
        let expected = chunk_hash(&self.previous, &payload);
        if *expected.as_bytes() != hash {
            return Err(invalid("a chunk is damaged"));
        }
        self.previous = expected;
        from_canonical(&payload).map_err(|error| invalid("a chunk cannot be read").because(error))
    }

    /// The first chunk.
    fn head(&mut self) -> Result<Head, Error> {
        match self.next()? {
            Chunk::Head(head) => Ok(*head),
            _ => Err(invalid("its head is missing")),
        }
    }

    /// Checks that nothing follows.
    fn end(&mut self) -> Result<(), Error> {
        let mut more = [0; 1];
        match self.file.read(&mut more) {
            Ok(0) => Ok(()),
            Ok(_) => Err(invalid("something follows its end")),
            Err(error) => Err(io_failed(self.path.display(), "read", error)),
        }
    }

    fn read_exact(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.file.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => invalid("it ends before its end"),
            _ => io_failed(self.path.display(), "read", error),
        })
    }
}

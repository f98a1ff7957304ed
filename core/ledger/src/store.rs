//! The store: what the blocks came to, as a disposable cache of the log. What the newest blocks wrote stands in
//! memory; once it is too much, it goes to disk, in `fjall`, with the height up to which it came. Whatever is
//! not on disk is applied again from the log when the ledger is opened, so a small ledger has no store at all.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use allonge_crypto::Hash;
use fjall::{Database, Keyspace, KeyspaceCreateOptions};

use crate::error::Error;
use crate::registry::{STORE_CORRUPT, io_failed};
use crate::state::{Changes, StateReader};

/// Records of the state, by their keys.
const STATE: u8 = b's';
/// Where transactions stand, by their ids.
const TRANSACTION: u8 = b't';
/// The height applied last.
const APPLIED: &[u8] = b"applied";
/// What was written goes to disk once it has this many bytes.
const MAX_PENDING_BYTES: usize = 4 << 20;

/// Where a transaction stands: its block's height and its place in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The block's height.
    pub height: u64,
    /// The place in the block, from 0.
    pub index: u32,
}

/// The open store.
pub struct Store {
    directory: PathBuf,
    /// None until something was too much for memory.
    disk: Option<Disk>,
    /// What is not on disk yet, by the same keys.
    pending: BTreeMap<Vec<u8>, Vec<u8>>,
    /// At least as many bytes as are pending.
    pending_bytes: usize,
    applied: Option<u64>,
}

/// The part on disk.
struct Disk {
    // A database stops its threads when it is dropped; keyspaces keep it alive.
    database: Database,
    records: Keyspace,
}

impl Store {
    /// Opens the store in a directory, which need not exist.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let mut store = Store {
            directory: directory.to_owned(),
            disk: None,
            pending: BTreeMap::new(),
            pending_bytes: 0,
            applied: None,
        };
        if directory.exists() {
            store.disk = Some(store.open_disk()?);
            store.applied = store.applied_on_disk()?;
        }
        Ok(store)
    }

    /// The height applied last, 0 for the genesis, `None` in a new store.
    pub fn applied(&self) -> Option<u64> {
        self.applied
    }

    /// Takes over what one block wrote, all at once.
    pub fn apply(
        &mut self,
        height: u64,
        changes: &Changes,
        transactions: impl IntoIterator<Item = Hash>,
    ) -> Result<(), Error> {
        for (key, value) in changes {
            self.put(prefixed(STATE, key), value.clone());
        }
        for (index, id) in (0_u32..).zip(transactions) {
            let mut position = height.to_le_bytes().to_vec();
            position.extend_from_slice(&index.to_le_bytes());
            self.put(prefixed(TRANSACTION, id.as_bytes()), position);
        }
        self.applied = Some(height);
        if self.pending_bytes > MAX_PENDING_BYTES { self.write_out(height) } else { Ok(()) }
    }

    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.pending_bytes = self.pending_bytes.saturating_add(key.len()).saturating_add(value.len());
        self.pending.insert(key, value);
    }

    /// Brings what is pending to disk, all at once.
    fn write_out(&mut self, height: u64) -> Result<(), Error> {
        if self.disk.is_none() {
            self.disk = Some(self.open_disk()?);
        }
        let Some(disk) = &self.disk else { return Ok(()) };
        let mut batch = disk.database.batch();
        for (key, value) in std::mem::take(&mut self.pending) {
            batch.insert(&disk.records, key, value);
        }
        batch.insert(&disk.records, APPLIED, height.to_le_bytes().to_vec());
        self.pending_bytes = 0;
        batch.commit().map_err(|source| self.io_failed("written", source))
    }

    fn open_disk(&self) -> Result<Disk, Error> {
        let failed = |source| self.io_failed("opened", source);
        // A ledger writes from one thread; one worker flushes and compacts behind it.
        let database = Database::builder(&self.directory).worker_threads(1).open().map_err(failed)?;
        let records = database.keyspace("ledger", KeyspaceCreateOptions::default).map_err(failed)?;
        Ok(Disk { database, records })
    }

    fn applied_on_disk(&self) -> Result<Option<u64>, Error> {
        let Some(bytes) = self.get(APPLIED)? else { return Ok(None) };
        let height = <[u8; 8]>::try_from(bytes);
        height.map(|height| Some(u64::from_le_bytes(height))).map_err(|_| self.corrupt("its height"))
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        match (self.pending.get(key), &self.disk) {
            (Some(value), _) => Ok(Some(value.clone())),
            (None, None) => Ok(None),
            (None, Some(disk)) => {
                let value = disk.records.get(key).map_err(|source| self.io_failed("read", source))?;
                Ok(value.map(|value| value.to_vec()))
            }
        }
    }

    /// Where a transaction stands.
    pub fn position(&self, transaction: &Hash) -> Result<Option<Position>, Error> {
        let Some(bytes) = self.get(&prefixed(TRANSACTION, transaction.as_bytes()))? else { return Ok(None) };
        let corrupt = || self.corrupt("a position");
        let (height, rest) = bytes.split_first_chunk().ok_or_else(corrupt)?;
        let index = rest.try_into().map_err(|_| corrupt())?;
        Ok(Some(Position { height: u64::from_le_bytes(*height), index: u32::from_le_bytes(index) }))
    }

    /// Hands every record of the state to `visit`, by key.
    pub fn scan(&self, mut visit: impl FnMut(&[u8], &[u8])) -> Result<(), Error> {
        self.page(&[], None, |key, value| {
            visit(key, value);
            true
        })
    }

    /// Hands the records whose keys begin with `prefix` and come after `after` to `visit`, by key, for as
    /// long as it answers `true`.
    pub fn page(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        mut visit: impl FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), Error> {
        let start = match after {
            Some(after) => Bound::Excluded(prefixed(STATE, after)),
            None => Bound::Included(prefixed(STATE, prefix)),
        };
        let prefix = prefixed(STATE, prefix);
        let range = (start, Bound::Unbounded);
        let within = |key: &[u8]| key.starts_with(&prefix);
        let on_disk = self.disk.iter().flat_map(|disk| disk.records.range(range.clone()));
        let mut on_disk = on_disk
            .map(|record| record.into_inner().map_err(|source| self.io_failed("read", source)))
            .take_while(|record| record.as_ref().map_or(true, |(key, _)| within(key)))
            .peekable();
        let mut pending = self.pending.range(range.clone()).take_while(|(key, _)| within(key)).peekable();
        loop {
            // What is pending supersedes what is on disk.
            let order = match (on_disk.peek(), pending.peek()) {
                (None, None) => return Ok(()),
                (Some(Ok((stored, _))), Some((key, _))) => stored.as_ref().cmp(key.as_slice()),
                (Some(_), _) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            let stored = if order.is_le() { on_disk.next().transpose()? } else { None };
            let newer = if order.is_ge() { pending.next() } else { None };
            let record = match (newer, &stored) {
                (Some((key, value)), _) => Some((key.as_slice(), value.as_slice())),
                (None, stored) => stored.as_ref().map(|(key, value)| (key.as_ref(), value.as_ref())),
            };
            let Some(([_, key @ ..], value)) = record else { return Ok(()) };
            if !visit(key, value) {
                return Ok(());
            }
        }
    }

    fn corrupt(&self, what: &str) -> Error {
        STORE_CORRUPT
            .error()
            .with("path", self.directory.display())
            .with("reason", format_args!("{what} cannot be read"))
    }

    fn io_failed(&self, what: &'static str, source: fjall::Error) -> Error {
        io_failed(self.directory.display(), what, source)
    }
}

impl StateReader for Store {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.get(&prefixed(STATE, key))
    }
}

fn prefixed(prefix: u8, key: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(key.len().saturating_add(1));
    whole.push(prefix);
    whole.extend_from_slice(key);
    whole
}

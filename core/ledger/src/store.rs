//! The store: a disposable cache of the log, in `fjall`. It records the height it has applied; whatever it
//! lacks is applied again from the log.

use std::path::Path;

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
    // A database stops its threads when it is dropped; keyspaces keep it alive.
    database: Database,
    records: Keyspace,
    path: String,
}

impl Store {
    /// Opens the store in a directory, or creates it.
    pub fn open(directory: &Path) -> Result<Self, Error> {
        let path = directory.display().to_string();
        let failed = |source| io_failed(&path, "opened", source);
        // A ledger writes from one thread; one worker flushes and compacts behind it.
        let database = Database::builder(directory).worker_threads(1).open().map_err(failed)?;
        let records = database.keyspace("ledger", KeyspaceCreateOptions::default).map_err(failed)?;
        Ok(Store { database, records, path })
    }

    /// The height applied last, 0 for the genesis, `None` in a new store.
    pub fn applied(&self) -> Result<Option<u64>, Error> {
        let Some(bytes) =
            self.records.get(APPLIED).map_err(|source| io_failed(&self.path, "read", source))?
        else {
            return Ok(None);
        };
        let height = <[u8; 8]>::try_from(bytes.as_ref());
        height.map(|height| Some(u64::from_le_bytes(height))).map_err(|_| self.corrupt("its height"))
    }

    /// Takes over what one block wrote, all at once.
    pub fn apply(
        &self,
        height: u64,
        changes: &Changes,
        transactions: impl IntoIterator<Item = Hash>,
    ) -> Result<(), Error> {
        let mut batch = self.database.batch();
        for (key, value) in changes {
            batch.insert(&self.records, prefixed(STATE, key), value.as_slice());
        }
        for (index, id) in (0_u32..).zip(transactions) {
            let mut position = height.to_le_bytes().to_vec();
            position.extend_from_slice(&index.to_le_bytes());
            batch.insert(&self.records, prefixed(TRANSACTION, id.as_bytes()), position);
        }
        batch.insert(&self.records, APPLIED, height.to_le_bytes().to_vec());
        batch.commit().map_err(|source| io_failed(&self.path, "written", source))
    }

    /// Where a transaction stands.
    pub fn position(&self, transaction: &Hash) -> Result<Option<Position>, Error> {
        let key = prefixed(TRANSACTION, transaction.as_bytes());
        let bytes = self.records.get(key).map_err(|source| io_failed(&self.path, "read", source))?;
        let Some(bytes) = bytes else { return Ok(None) };
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
            // The smallest key that is greater.
            Some(after) => [&[STATE], after, &[0]].concat(),
            None => prefixed(STATE, prefix),
        };
        let prefix = prefixed(STATE, prefix);
        for record in self.records.range(start..) {
            let (key, value) = record.into_inner().map_err(|source| io_failed(&self.path, "read", source))?;
            if !key.starts_with(&prefix) {
                break;
            }
            let Some((_, key)) = key.split_first() else { break };
            if !visit(key, &value) {
                break;
            }
        }
        Ok(())
    }

    fn corrupt(&self, what: &str) -> Error {
        STORE_CORRUPT.error().with("path", &self.path).with("reason", format_args!("{what} cannot be read"))
    }
}

impl StateReader for Store {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let value = self.records.get(prefixed(STATE, key));
        value
            .map(|value| value.map(|value| value.to_vec()))
            .map_err(|source| io_failed(&self.path, "read", source))
    }
}

fn prefixed(prefix: u8, key: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(key.len().saturating_add(1));
    whole.push(prefix);
    whole.extend_from_slice(key);
    whole
}

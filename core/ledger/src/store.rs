//! The store: what the blocks came to, as a disposable cache of the log.
//!
//! What the newest blocks wrote is pending in memory. Once it is much, another thread brings it to disk, sorted and
//! all at once, with the height up to which it came; meanwhile the ledger goes on. Whatever is not on disk is
//! applied again from the log when the ledger is opened, so a small ledger has nothing on disk but its log.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use allonge_crypto::{Hash, merkle};
use borsh::{BorshDeserialize, BorshSerialize};
use fjall::{Database, Keyspace, KeyspaceCreateOptions};

use crate::answers::{Answer, Answers, Bucket};
use crate::error::Error;
use crate::log::Place;
use crate::registry::{STORE_CORRUPT, io_failed};
use crate::state::{Changes, Map, StateReader, canonical, from_canonical};

/// Records of the state, by their keys.
const STATE: u8 = b's';
/// Where transactions stand, by their ids.
const TRANSACTION: u8 = b't';
/// In which bucket an idempotency key stands, by the key.
const KEY: u8 = b'k';
/// What idempotency keys were used for, by bucket and key.
const BUCKET: u8 = b'b';
/// Where blocks stand in the log and the digests of their headers, by height.
const BLOCK: u8 = b'h';
/// Where the transactions stand that booked to an account, by account and number.
const BOOKING: u8 = b'e';
/// What records are found by, what they said before, and who did what when: see `index.rs`.
const INDEX: u8 = b'i';
/// Up to where the log was applied.
const APPLIED: &[u8] = b"applied";

/// What a map takes for an entry, beside its key and value.
const ENTRY_BYTES: usize = 64;

/// How much memory and how many threads a ledger takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What blocks wrote goes to disk once it has this many bytes. At most twice as many wait in memory.
    pub pending_bytes: usize,
    /// Records that were read from disk are kept in memory, up to this many bytes.
    pub cached_bytes: usize,
    /// Threads that verify and hash.
    pub threads: usize,
}

impl Default for Settings {
    /// 32 MiB pending, 256 MiB cached, a thread for each core.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Settings { pending_bytes: 32 << 20, cached_bytes: 256 << 20, threads }
    }
}

/// Where a transaction stands: its block's height and its place in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Position {
    /// The block's height.
    pub height: u64,
    /// The place in the block, from 0.
    pub index: u32,
}

/// Up to where the log was applied, and what is needed to go on from there.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Applied {
    /// The network, so that the store of another ledger is not believed.
    pub network: Hash,
    /// The height of the newest block applied; 0 for the genesis.
    pub height: u64,
    /// Where that block, or the genesis, stands in the log.
    pub place: Place,
    /// The digest of its header, or the network's id.
    pub digest: Hash,
    /// The list of the digests of the headers up to that height.
    pub history: merkle::Frontier,
}

/// What a block wrote.
pub struct Writes<'a> {
    /// Records of the state.
    pub changes: Changes,
    /// Idempotency keys.
    pub answers: &'a Answers,
    /// The ids of the block's transactions, in their order.
    pub transactions: Vec<Hash>,
    /// What was booked to accounts.
    pub bookings: Vec<Booking>,
    /// Entries of the index, by their keys; an empty one is removed.
    pub index: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A booking to an account.
pub struct Booking {
    /// The canonical bytes of the account's id.
    pub account: Vec<u8>,
    /// The how manyth of the account it is, from 1.
    pub entry: u64,
    /// The place of its transaction in the block.
    pub index: u32,
}

/// The open store.
pub struct Store {
    directory: PathBuf,
    settings: Settings,
    pending: Layer,
    writing: Option<Writing>,
    cache: Mutex<Cache>,
    /// None until something was too much for memory.
    disk: Option<Arc<Disk>>,
    applied: Option<Applied>,
}

/// What some blocks wrote.
#[derive(Default)]
struct Layer {
    entries: Map<Vec<u8>, Vec<u8>>,
    /// Entries of the index, in their order: they are read as lists.
    index: BTreeMap<Vec<u8>, Vec<u8>>,
    /// At least as many bytes as there are.
    bytes: usize,
}

/// A layer on its way to disk.
struct Writing {
    layer: Arc<Layer>,
    thread: JoinHandle<Result<Arc<Disk>, Error>>,
}

/// The part on disk.
struct Disk {
    // A database stops its threads when it is dropped; keyspaces keep it alive.
    _database: Database,
    records: Keyspace,
}

impl Layer {
    fn put(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.count(&key, &value);
        self.entries.insert(key, value);
    }

    fn put_indexed(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.count(&key, &value);
        self.index.insert(key, value);
    }

    fn count(&mut self, key: &[u8], value: &[u8]) {
        let length = key.len().saturating_add(value.len());
        self.bytes = self.bytes.saturating_add(length).saturating_add(ENTRY_BYTES);
    }
}

impl Store {
    /// Opens the store in a directory, which need not exist.
    pub fn open(directory: &Path, settings: Settings) -> Result<Self, Error> {
        let mut store = Store {
            directory: directory.to_owned(),
            settings,
            pending: Layer::default(),
            writing: None,
            cache: Mutex::default(),
            disk: None,
            applied: None,
        };
        if directory.exists() {
            store.disk = Some(Arc::new(Disk::open(directory)?));
            let applied = store.get(APPLIED)?;
            let read = |bytes: Vec<u8>| from_canonical(&bytes).map_err(|_| store.corrupt("how far it came"));
            store.applied = applied.map(read).transpose()?;
        }
        Ok(store)
    }

    /// Up to where the log was applied; nothing in a new store.
    pub fn applied(&self) -> Option<&Applied> {
        self.applied.as_ref()
    }

    /// Takes over what one block wrote.
    pub fn apply(&mut self, applied: Applied, writes: Writes<'_>) -> Result<(), Error> {
        self.pending.entries.reserve(writes.changes.len().saturating_add(writes.bookings.len()));
        for (key, value) in writes.changes {
            self.pending.put(prefixed(STATE, &key), value);
        }
        for (key, bucket, answer) in writes.answers.iter() {
            let bucket = bucket.to_sorted_bytes();
            self.pending.put([&[BUCKET], bucket.as_slice(), key].concat(), canonical(answer));
            self.pending.put(prefixed(KEY, key), bucket.to_vec());
        }
        for (index, id) in (0_u32..).zip(writes.transactions) {
            let position = Position { height: applied.height, index };
            self.pending.put(prefixed(TRANSACTION, id.as_bytes()), canonical(&position));
        }
        for Booking { account, entry, index } in writes.bookings {
            let position = Position { height: applied.height, index };
            self.pending.put(booking_key(&account, entry), canonical(&position));
        }
        for (key, value) in writes.index {
            self.pending.put_indexed(prefixed(INDEX, &key), value);
        }
        self.pending.put(block_key(applied.height), canonical(&(applied.place, applied.digest)));
        self.applied = Some(applied);
        if self.pending.bytes > self.settings.pending_bytes { self.write_out() } else { Ok(()) }
    }

    /// Sends what is pending to disk. Waits for what is still on its way.
    fn write_out(&mut self) -> Result<(), Error> {
        self.settle()?;
        let mut layer = std::mem::take(&mut self.pending);
        layer.entries.insert(APPLIED.to_vec(), self.applied.as_ref().map(canonical).unwrap_or_default());
        let layer = Arc::new(layer);
        let (disk, directory, sent) = (self.disk.clone(), self.directory.clone(), Arc::clone(&layer));
        let thread = std::thread::Builder::new()
            .name("allonge-store".to_owned())
            .spawn(move || {
                let disk = disk.map_or_else(|| Disk::open(&directory).map(Arc::new), Ok)?;
                disk.take_over(&sent).map_err(|source| io_failed(directory.display(), "written", source))?;
                Ok(disk)
            })
            .map_err(|source| io_failed(self.directory.display(), "written", source))?;
        self.writing = Some(Writing { layer, thread });
        Ok(())
    }

    /// Waits for what is on its way to disk.
    fn settle(&mut self) -> Result<(), Error> {
        let Some(Writing { layer, thread }) = self.writing.take() else { return Ok(()) };
        let written = thread.join().unwrap_or_else(|_| {
            let source = std::io::Error::other("the thread that writes the store ended");
            Err(io_failed(self.directory.display(), "written", source))
        });
        // What failed stays in memory, where it can be read.
        match written {
            Ok(disk) => self.disk = Some(disk),
            Err(error) => {
                let mut entries = layer.entries.clone();
                entries.extend(std::mem::take(&mut self.pending.entries));
                self.pending.entries = entries;
                let mut index = layer.index.clone();
                index.append(&mut self.pending.index);
                self.pending.index = index;
                return Err(error);
            }
        }
        match Arc::try_unwrap(layer) {
            Ok(layer) => self.cache().replace(layer, self.settings.cached_bytes),
            // Nobody else has it once the thread has ended; if it were so, the cache could say what is old.
            Err(_) => *self.cache() = Cache::default(),
        }
        Ok(())
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is not on disk yet, the newest first.
    fn layers(&self) -> impl Iterator<Item = &Layer> {
        std::iter::once(&self.pending).chain(self.writing.as_ref().map(|writing| writing.layer.as_ref()))
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        if let Some(value) = self.layers().find_map(|layer| layer.entries.get(key)) {
            return Ok(Some(value.clone()));
        }
        let Some(disk) = &self.disk else { return Ok(None) };
        let limit = self.settings.cached_bytes;
        if let Some(known) = self.cache().get(key, limit) {
            return Ok(known);
        }
        let value = disk.records.get(key).map_err(|source| self.io_failed(source))?;
        let value = value.map(|value| value.to_vec());
        // A new idempotency key is there the next time.
        if key.first() == Some(&STATE) {
            self.cache().put(key.to_vec(), value.clone(), limit);
        }
        Ok(value)
    }

    fn read_as<T: BorshSerialize + BorshDeserialize>(
        &self,
        key: &[u8],
        what: &str,
    ) -> Result<Option<T>, Error> {
        let value = self.get(key)?;
        value.map(|value| from_canonical(&value).map_err(|_| self.corrupt(what))).transpose()
    }

    /// Where a transaction stands.
    pub fn position(&self, transaction: &Hash) -> Result<Option<Position>, Error> {
        self.read_as(&prefixed(TRANSACTION, transaction.as_bytes()), "a position")
    }

    /// Where the transaction stands that made a booking to the account of these canonical bytes.
    pub fn booking(&self, account: &[u8], entry: u64) -> Result<Option<Position>, Error> {
        self.read_as(&booking_key(account, entry), "a booking")
    }

    /// Where a block stands in the log.
    pub fn place(&self, height: u64) -> Result<Option<Place>, Error> {
        Ok(self.located(height)?.map(|(place, _)| place))
    }

    /// The digest of a block's header.
    pub fn digest(&self, height: u64) -> Result<Option<Hash>, Error> {
        Ok(self.located(height)?.map(|(_, digest)| digest))
    }

    fn located(&self, height: u64) -> Result<Option<(Place, Hash)>, Error> {
        self.read_as(&block_key(height), "the place of a block")
    }

    /// Hands every record of the state to `visit`, by key.
    pub fn scan(&self, visit: impl FnMut(&[u8], &[u8]) -> Result<(), Error>) -> Result<(), Error> {
        let mut visit = visit;
        let mut visited = Ok(());
        self.page(&[], None, |key, value| {
            visited = visit(key, value);
            visited.is_ok()
        })?;
        visited
    }

    /// Hands the records whose keys begin with `prefix` and come after `after` to `visit`, by key, for as
    /// long as it answers `true`.
    pub fn page(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        mut visit: impl FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), Error> {
        self.range(&prefixed(STATE, prefix), after.map(|after| prefixed(STATE, after)), |key, value| {
            key.split_first().is_some_and(|(_, key)| visit(key, value))
        })
    }

    /// What stands under a key of the index.
    pub fn indexed(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let key = prefixed(INDEX, key);
        if let Some(value) = self.layers().find_map(|layer| layer.index.get(&key)) {
            return Ok(Some(value.clone()).filter(|value| !value.is_empty()));
        }
        let Some(disk) = &self.disk else { return Ok(None) };
        let value = disk.records.get(key).map_err(|source| self.io_failed(source))?;
        Ok(value.map(|value| value.to_vec()))
    }

    /// Hands what stands in the index under the keys that begin with `prefix`, from `start` on, to `visit`, by key, for
    /// as long as it answers `true`.
    pub fn indexed_from(
        &self,
        prefix: &[u8],
        start: Bound<&[u8]>,
        mut visit: impl FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), Error> {
        type Entries<'a> = Box<dyn Iterator<Item = Result<(Vec<u8>, Vec<u8>), Error>> + 'a>;
        let prefix = prefixed(INDEX, prefix);
        let range = (start.map(|key| prefixed(INDEX, key)), Bound::Unbounded);
        let in_memory = self.layers().map(|layer| -> Entries<'_> {
            Box::new(layer.index.range(range.clone()).map(|(key, value)| Ok((key.clone(), value.clone()))))
        });
        let on_disk = self.disk.iter().map(|disk| -> Entries<'_> {
            Box::new(disk.records.range(range.clone()).map(|record| {
                let (key, value) = record.into_inner().map_err(|source| self.io_failed(source))?;
                Ok((key.to_vec(), value.to_vec()))
            }))
        });
        // The newest first: what it says of a key counts.
        let mut sources: Vec<_> = in_memory.chain(on_disk).map(Iterator::peekable).collect();
        loop {
            let mut least: Option<Vec<u8>> = None;
            for source in &mut sources {
                if let Some(Err(error)) = source.next_if(Result::is_err) {
                    return Err(error);
                }
                if let Some(Ok((key, _))) = source.peek()
                    && least.as_ref().is_none_or(|least| key < least)
                {
                    least = Some(key.clone());
                }
            }
            let Some(least) = least.filter(|least| least.starts_with(&prefix)) else { return Ok(()) };
            let mut newest = None;
            for source in &mut sources {
                if let Some(Ok((_, value))) =
                    source.next_if(|entry| entry.as_ref().is_ok_and(|(key, _)| *key == least))
                {
                    newest.get_or_insert(value);
                }
            }
            let value = newest.unwrap_or_default();
            let key = least.get(1..).unwrap_or_default();
            if !value.is_empty() && !visit(key, &value) {
                return Ok(());
            }
        }
    }

    /// What an idempotency key was used for, if it stands in this bucket.
    pub fn answer_in(&self, bucket: Bucket, key: &[u8]) -> Result<Option<Answer>, Error> {
        self.read_as(&[&[BUCKET], bucket.to_sorted_bytes().as_slice(), key].concat(), "an answer")
    }

    /// Hands each key of a bucket to `visit`, with its answer.
    pub fn bucket(
        &self,
        bucket: Bucket,
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let prefix = prefixed(BUCKET, &bucket.to_sorted_bytes());
        let mut visited = Ok(());
        self.range(&prefix, None, |key, value| {
            visited = visit(key.get(prefix.len()..).unwrap_or_default(), value);
            visited.is_ok()
        })?;
        visited
    }

    /// The buckets that have keys, from one on.
    pub fn buckets(&self, from: Bucket) -> Result<Vec<Bucket>, Error> {
        let mut found = Vec::new();
        let mut from = prefixed(BUCKET, &from.to_sorted_bytes());
        loop {
            let mut next = None;
            self.range(&[BUCKET], Some(from.clone()), |key, _| {
                next = key.get(1..9).and_then(|bytes| bytes.try_into().ok());
                false
            })?;
            let Some(bytes) = next else { return Ok(found) };
            found.push(Bucket::from_sorted_bytes(bytes));
            // Behind every key of that bucket.
            from = [&[BUCKET], bytes.as_slice(), &[u8::MAX; 64]].concat();
        }
    }

    /// Hands what stands under the keys that begin with `prefix` and come after `after` to `visit`, by key, for
    /// as long as it answers `true`.
    fn range(
        &self,
        prefix: &[u8],
        after: Option<Vec<u8>>,
        mut visit: impl FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), Error> {
        let start = after.map_or_else(|| Bound::Included(prefix.to_vec()), Bound::Excluded);
        let behind = |key: &[u8]| match &start {
            Bound::Excluded(after) => key > after.as_slice(),
            _ => true,
        };
        let mut newer = BTreeMap::new();
        for layer in self.layers() {
            for (key, value) in &layer.entries {
                if key.starts_with(prefix) && behind(key) {
                    newer.entry(key.as_slice()).or_insert(value.as_slice());
                }
            }
        }
        let mut newer = newer.into_iter().peekable();
        let range = (start.clone(), Bound::Unbounded);
        let mut on_disk = self
            .disk
            .iter()
            .flat_map(|disk| disk.records.range(range.clone()))
            .map(|record| record.into_inner().map_err(|source| self.io_failed(source)))
            .take_while(|record| record.as_ref().map_or(true, |(key, _)| key.starts_with(prefix)))
            .peekable();
        loop {
            // What is newer supersedes what is on disk.
            let order = match (on_disk.peek(), newer.peek()) {
                (None, None) => return Ok(()),
                (Some(Ok((stored, _))), Some((key, _))) => stored.as_ref().cmp(*key),
                (Some(_), _) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            let stored = if order.is_le() { on_disk.next().transpose()? } else { None };
            let newest = if order.is_ge() { newer.next() } else { None };
            let stored = stored.as_ref().map(|(key, value)| (key.as_ref(), value.as_ref()));
            let Some((key, value)) = newest.or(stored) else { return Ok(()) };
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

    fn io_failed(&self, source: fjall::Error) -> Error {
        io_failed(self.directory.display(), "read", source)
    }
}

impl Drop for Store {
    /// What is on its way to disk arrives there.
    fn drop(&mut self) {
        // It is a cache: what failed is applied again from the log.
        let _ = self.settle();
    }
}

impl Disk {
    fn open(directory: &Path) -> Result<Disk, Error> {
        let failed = |source| io_failed(directory.display(), "opened", source);
        // One worker compacts behind the thread that writes.
        let database = Database::builder(directory).worker_threads(1).open().map_err(failed)?;
        let records = database.keyspace("ledger", KeyspaceCreateOptions::default).map_err(failed)?;
        Ok(Disk { _database: database, records })
    }

    /// Takes over a layer, all at once.
    fn take_over(&self, layer: &Layer) -> Result<(), fjall::Error> {
        let mut entries: Vec<_> = layer.entries.iter().chain(&layer.index).collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        let mut ingestion = self.records.start_ingestion()?;
        for (key, value) in entries {
            if value.is_empty() && key.first() == Some(&INDEX) {
                ingestion.write_tombstone(key.as_slice())?;
            } else {
                ingestion.write(key.as_slice(), value.as_slice())?;
            }
        }
        ingestion.finish()
    }
}

impl StateReader for Store {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.get(&prefixed(STATE, key))
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        let Some(bucket) = self.get(&prefixed(KEY, key))? else { return Ok(None) };
        let bucket = bucket.try_into().map_err(|_| self.corrupt("a bucket"))?;
        self.answer_in(Bucket::from_sorted_bytes(bucket), key)
    }
}

/// What is on disk, and what is not, in two generations: the older one goes when the younger is full.
#[derive(Default)]
struct Cache {
    young: Map<Vec<u8>, Option<Vec<u8>>>,
    /// At least as many bytes as the younger has.
    bytes: usize,
    old: Map<Vec<u8>, Option<Vec<u8>>>,
}

impl Cache {
    /// What is known of a key: its value, or that it has none.
    fn get(&mut self, key: &[u8], limit: usize) -> Option<Option<Vec<u8>>> {
        if let Some(known) = self.young.get(key) {
            return Some(known.clone());
        }
        let (key, known) = self.old.remove_entry(key)?;
        self.put(key, known.clone(), limit);
        Some(known)
    }

    fn put(&mut self, key: Vec<u8>, value: Option<Vec<u8>>, limit: usize) {
        let length = value.as_ref().map_or(0, Vec::len);
        self.bytes = self.bytes.saturating_add(key.len()).saturating_add(length).saturating_add(ENTRY_BYTES);
        self.young.insert(key, value);
        if self.bytes > limit / 2 {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
    }

    /// Takes over what came to disk: nothing older may be left.
    fn replace(&mut self, layer: Layer, limit: usize) {
        for (key, value) in layer.entries {
            // Idempotency keys and positions are seldom read again.
            if key.first() == Some(&STATE) {
                self.old.remove(&key);
                self.put(key, Some(value), limit);
            }
        }
    }
}

fn prefixed(prefix: u8, key: &[u8]) -> Vec<u8> {
    let mut whole = Vec::with_capacity(key.len().saturating_add(1));
    whole.push(prefix);
    whole.extend_from_slice(key);
    whole
}

fn booking_key(account: &[u8], entry: u64) -> Vec<u8> {
    [&[BOOKING], account, entry.to_be_bytes().as_slice()].concat()
}

fn block_key(height: u64) -> Vec<u8> {
    prefixed(BLOCK, &height.to_be_bytes())
}

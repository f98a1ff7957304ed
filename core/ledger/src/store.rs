//! The store: what the blocks came to, as a disposable cache of the log.
//!
//! What the newest blocks wrote is pending in memory. Once it is much, another thread brings it to disk, sorted: first
//! the idempotency keys, then the rest, each all at once and with the height up to which it came; meanwhile the ledger
//! goes on. Whatever is not on disk is applied again from the log when the ledger is opened, so a small ledger has
//! nothing on disk but its log.

mod load;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use allonge_crypto::{Hash, merkle};
use allonge_finance::PartyId;
use borsh::{BorshDeserialize, BorshSerialize};
use fjall::compaction::Leveled;
use fjall::{Database, Keyspace, KeyspaceCreateOptions};

pub(crate) use load::Transactions;

use crate::account::{Account, AccountId};
use crate::account_table::AccountTable;
use crate::answers::{self, ANSWER_BYTES, Answer, Answers, Bucket};
use crate::entries::{Entries, Entry, superseding};
use crate::error::Error;
use crate::generations::Generations;
use crate::index::Filed;
use crate::layer::Layer;
use crate::log::Place;
use crate::machine::RECENT_HEIGHTS;
use crate::registry::{STORE_CORRUPT, io_failed};
use crate::state::{Author, Changes, StateReader, Stored, append, decode_record, from_canonical};
use crate::superseded::{self, Superseded};
use crate::workers::Workers;

/// Records of the state, by their keys.
pub(crate) const STATE: u8 = b's';
/// Where transactions stand, by their ids.
const TRANSACTION: u8 = b't';
/// Where an idempotency key stands, by the key.
const KEY: u8 = b'k';
/// The idempotency keys that a block used and what for, by bucket and height.
const BUCKET: u8 = b'b';
/// Where blocks stand in the log and the digests of their headers, by height.
const BLOCK: u8 = b'h';
/// Which transactions a party authored, by party and height.
const AUTHOR: u8 = b'w';
/// Where the transactions stand that booked to an account, by account and number.
const BOOKING: u8 = b'e';
/// What records are found by, what they said before, and who did what when: see `index.rs`.
pub(crate) const INDEX: u8 = b'i';
/// Up to where the log was applied.
const APPLIED: &[u8] = b"applied";

/// How many accounts a thread reads at a time.
const GRAIN: usize = 32;
/// What a map takes for an entry, beside its key and value.
const ENTRY_BYTES: usize = 64;
/// What an account takes, in an index too.
const ACCOUNT_BYTES: usize = size_of::<Account>() + 16;
/// What a party takes with a few keys and a policy.
const AUTHOR_BYTES: usize = 1024;

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
    /// 32 MiB pending, 512 MiB cached, a thread for each core.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Settings { pending_bytes: 32 << 20, cached_bytes: 512 << 20, threads }
    }
}

/// Where a transaction stands: its block's height and its place in the block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Position {
    /// The place in the block, from 0.
    pub index: u32,
    /// The block's height.
    pub height: u64,
}

/// Where the answer to an idempotency key stands: in the list of a bucket and a block, in this place.
#[derive(BorshSerialize, BorshDeserialize)]
struct AnswerPlace {
    index: u32,
    bucket: Bucket,
    height: u64,
}

/// Written without the zeros at its end: heights are far below what eight bytes hold, and such places are the most of
/// what is written.
trait Short: BorshSerialize + BorshDeserialize {
    /// How many bytes it has with those zeros.
    const BYTES: usize;

    fn append_short(&self, bytes: &mut Vec<u8>) {
        let start = bytes.len();
        append(bytes, self);
        while bytes.len() > start && bytes.last() == Some(&0) {
            bytes.pop();
        }
    }

    fn read_short(bytes: &[u8]) -> std::io::Result<Self> {
        let mut whole = bytes.to_vec();
        whole.resize(bytes.len().max(Self::BYTES), 0);
        Self::try_from_slice(&whole)
    }
}

impl Short for Position {
    const BYTES: usize = size_of::<u32>() + size_of::<u64>();
}

impl Short for AnswerPlace {
    const BYTES: usize = size_of::<u32>() + size_of::<i64>() + size_of::<u64>();
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
    pub changes: &'a Changes,
    /// The accounts among them, as they are.
    pub accounts: Vec<Account>,
    /// What stood there, of [`superseded_by`](Store::superseded_by).
    pub(crate) superseded: superseded::Block,
    /// Idempotency keys.
    pub answers: &'a Answers,
    /// The ids of the block's transactions, in their order; zeros for those that were not admitted.
    pub transactions: &'a [Hash],
    /// What was booked to accounts.
    pub bookings: &'a [Booking],
    /// The transactions with their authors.
    pub(crate) filed: Vec<(PartyId, Filed)>,
    /// Entries of the index, by their keys; an empty one is removed.
    pub index: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A booking to an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booking {
    /// Which account.
    pub account: AccountId,
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
    superseded: Superseded,
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
    /// Idempotency keys, and nothing else: each new one is looked for in vain.
    keys: Keyspace,
    records: Keyspace,
}

/// So many layers stand beside each other on disk before they are merged: the fewer the sooner found, the more the
/// less is written.
const KEY_RUNS: u8 = 4;
const RECORD_RUNS: u8 = 12;

impl Store {
    /// Opens the store in a directory, which need not exist.
    pub fn open(directory: &Path, settings: Settings) -> Result<Self, Error> {
        let mut store = Store {
            directory: directory.to_owned(),
            settings,
            pending: Layer::default(),
            writing: None,
            cache: Mutex::new(Cache::of(settings.cached_bytes)),
            disk: None,
            applied: None,
            superseded: Superseded::default(),
        };
        if directory.exists() {
            store.disk = Some(Arc::new(Disk::open(directory)?));
            let applied = store.get(APPLIED)?;
            let read = |bytes: Vec<u8>| from_canonical(&bytes).map_err(|_| store.corrupt("how far it came"));
            store.applied = applied.map(read).transpose()?;
            store.check_keys()?;
        }
        Ok(store)
    }

    /// The idempotency keys must not be behind the rest: a transaction could take effect twice.
    fn check_keys(&self) -> Result<(), Error> {
        let (Some(applied), Some(disk)) = (&self.applied, &self.disk) else { return Ok(()) };
        let come = disk.keys.get(APPLIED).map_err(|source| self.io_failed(source))?;
        let come = come.and_then(|bytes| bytes.as_ref().try_into().ok()).map(u64::from_be_bytes);
        if come.is_some_and(|height| height >= applied.height) {
            Ok(())
        } else {
            Err(self.corrupt("its keys"))
        }
    }

    /// Up to where the log was applied; nothing in a new store.
    pub fn applied(&self) -> Option<&Applied> {
        self.applied.as_ref()
    }

    /// Takes over what one block wrote. Nothing is read: the block is in the log already. When what waits cannot be
    /// brought to disk, it stays in memory.
    pub fn apply(&mut self, applied: Applied, writes: Writes<'_>) -> Result<(), Error> {
        let Writes { changes, accounts, superseded, answers, transactions, bookings, filed, index } = writes;
        self.superseded.push(superseded, RECENT_HEIGHTS);
        let mut cache = self.cache();
        cache.put_accounts(&accounts);
        changes.iter().filter_map(|(key, _)| Author::of(key)).for_each(|party| cache.authors.remove(&party));
        drop(cache);
        let pending = &mut self.pending;
        for (key, value) in changes.iter() {
            pending.put(&[&[STATE], key], |bytes| bytes.extend_from_slice(value));
        }
        for (bucket, entries) in answers.by_bucket() {
            self.put_answers(bucket, applied.height, &entries);
        }
        self.put_transactions(applied.height, transactions, bookings, filed);
        for (key, value) in index {
            self.pending.put_indexed(prefixed(INDEX, &key), value);
        }
        let located = (applied.place, applied.digest);
        self.pending.put(&[&block_key(applied.height)], |bytes| append(bytes, &located));
        self.applied = Some(applied);
        if self.pending.memory() > self.settings.pending_bytes { self.write_out() } else { Ok(()) }
    }

    /// Puts the idempotency keys of one bucket that the block of a height used.
    fn put_answers(&mut self, bucket: Bucket, height: u64, entries: &[answers::Entry<'_>]) {
        for (index, (key, _)) in (0_u32..).zip(entries) {
            let place = AnswerPlace { bucket, height, index };
            self.pending.put(&[&[KEY], key], |bytes| place.append_short(bytes));
        }
        self.pending.put(&[&bucket_key(bucket, height)], |bytes| append(bytes, entries));
    }

    /// Puts where the transactions of a block stand, what they booked, and who authored them.
    fn put_transactions(
        &mut self,
        height: u64,
        transactions: &[Hash],
        bookings: &[Booking],
        mut filed: Vec<(PartyId, Filed)>,
    ) {
        let pending = &mut self.pending;
        for (index, id) in (0_u32..).zip(transactions).filter(|(_, id)| **id != Hash::ZERO) {
            let position = Position { height, index };
            pending.put(&[&[TRANSACTION], id.as_bytes()], |bytes| position.append_short(bytes));
        }
        for Booking { account, entry, index } in bookings {
            let position = Position { height, index: *index };
            pending
                .put_with(|bytes| booking_key(bytes, account, *entry), |bytes| position.append_short(bytes));
        }
        filed.sort_by(|(one, _), (other, _)| one.cmp(other));
        for of_one in filed.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((author, _)) = of_one.first() else { continue };
            pending.put_with(
                |bytes| author_key(bytes, author, height),
                |bytes| of_one.iter().for_each(|(_, filed)| append(bytes, filed)),
            );
        }
    }

    /// What stands where a block is going to write; of the first accounts it is known already.
    pub(crate) fn superseded_by(
        &self,
        changes: &Changes,
        accounts: &[Account],
        before: Vec<Account>,
    ) -> Result<superseded::Block, Error> {
        let others = accounts.get(before.len()..).unwrap_or_default();
        let mut superseded = superseded::Block::of(before);
        for (key, _) in changes.iter().filter(|(key, _)| key.first() != Some(&Account::KIND)) {
            superseded.push(key.to_vec(), self.read(key)?);
        }
        for account in others {
            match self.account(&account.id)? {
                Some(before) => superseded.push_account(before),
                None => superseded.push(Account::key(&account.id), None),
            }
        }
        Ok(superseded)
    }

    /// Sends what is pending to disk. Waits for what is still on its way.
    fn write_out(&mut self) -> Result<(), Error> {
        self.settle()?;
        let next = Layer::as_large_as(&self.pending);
        let mut layer = std::mem::replace(&mut self.pending, next);
        layer.put(&[APPLIED], |bytes| {
            self.applied.iter().for_each(|applied| append(bytes, applied));
        });
        let layer = Arc::new(layer);
        let height = self.applied.as_ref().map_or(0, |applied| applied.height);
        let (disk, directory, sent) = (self.disk.clone(), self.directory.clone(), Arc::clone(&layer));
        let started = std::thread::Builder::new().name("allonge-store".to_owned()).spawn(move || {
            let disk = disk.map_or_else(|| Disk::open(&directory).map(Arc::new), Ok)?;
            disk.take_over(&sent, height)
                .map_err(|source| io_failed(directory.display(), "written", source))?;
            Ok(disk)
        });
        match started {
            Ok(thread) => {
                self.writing = Some(Writing { layer, thread });
                Ok(())
            }
            Err(source) => {
                // The thread that never was has let go of it.
                self.pending = Arc::into_inner(layer).unwrap_or_default();
                Err(io_failed(self.directory.display(), "written", source))
            }
        }
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
                let newer = std::mem::take(&mut self.pending);
                for (key, value) in layer.iter().chain(newer.iter()) {
                    self.pending.put(&[key], |bytes| bytes.extend_from_slice(value));
                }
                for (key, value) in layer.indexed().iter().chain(newer.indexed()) {
                    self.pending.put_indexed(key.clone(), value.clone());
                }
                return Err(error);
            }
        }
        // What it has is the newest that is on disk. Accounts are known as they are.
        let mut cache = self.cache();
        for kind in (0..=u8::MAX).filter(|kind| *kind != Account::KIND) {
            layer.prefixed(&[STATE, kind]).for_each(|(key, value)| cache.put(key, Some(value)));
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
        if let Some(value) = self.layers().find_map(|layer| layer.get(key)) {
            return Ok(Some(value.to_vec()));
        }
        let Some(disk) = &self.disk else { return Ok(None) };
        if let Some(known) = self.cache().records.get(key) {
            return Ok(known);
        }
        let value = disk.of(key).get(key).map_err(|source| self.io_failed(source))?;
        let value = value.map(|value| value.to_vec());
        // A new idempotency key is there the next time, and accounts are kept as they are.
        if matches!(key, [STATE, kind, ..] if *kind != Account::KIND) {
            self.cache().put(key, value.as_deref());
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

    fn read_short<T: Short>(&self, key: &[u8], what: &str) -> Result<Option<T>, Error> {
        let value = self.get(key)?;
        value.map(|value| T::read_short(&value).map_err(|_| self.corrupt(what))).transpose()
    }

    /// Those of these accounts that there are. What is not in memory is read from disk, on all threads.
    pub(crate) fn fetch<'a>(
        &self,
        workers: &Workers,
        ids: impl Iterator<Item = &'a AccountId>,
    ) -> Result<AccountTable, Error> {
        let (mut accounts, missing) = self.cache().accounts.gather(ids);
        let mut read: Vec<_> = missing.chunks(GRAIN).map(|some| (some, Vec::new())).collect();
        workers
            .for_each(&mut read, &|(some, found)| found.extend(some.iter().map(|id| self.read_account(id))));
        let read = read.into_iter().flat_map(|(_, found)| found).filter_map(Result::transpose);
        let read = read.collect::<Result<Vec<_>, Error>>()?;
        self.cache().put_accounts(&read);
        for account in read {
            accounts.insert(account);
        }
        Ok(accounts)
    }

    fn read_account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        self.read(&Account::key(id))?.map(|bytes| decode_record(&bytes)).transpose()
    }

    /// Where a transaction stands.
    pub fn position(&self, transaction: &Hash) -> Result<Option<Position>, Error> {
        self.read_short(&prefixed(TRANSACTION, transaction.as_bytes()), "a position")
    }

    /// Where the transaction stands that made a booking to an account.
    pub fn booking(&self, account: &AccountId, entry: u64) -> Result<Option<Position>, Error> {
        let mut key = Vec::new();
        booking_key(&mut key, account, entry);
        self.read_short(&key, "a booking")
    }

    /// Where a block stands in the log, if it is kept.
    pub fn place(&self, height: u64) -> Result<Option<Place>, Error> {
        Ok(self.located(height)?.map(|(place, _)| place).filter(|place| *place != Place::NOWHERE))
    }

    /// The digest of a block's header.
    pub fn digest(&self, height: u64) -> Result<Option<Hash>, Error> {
        Ok(self.located(height)?.map(|(_, digest)| digest))
    }

    fn located(&self, height: u64) -> Result<Option<(Place, Hash)>, Error> {
        self.read_as(&block_key(height), "the place of a block")
    }

    /// What a record of the state was before the newest so many blocks; `None` when that is too long ago.
    pub fn read_before(&self, blocks: usize, key: &[u8]) -> Result<Option<Option<Vec<u8>>>, Error> {
        if !self.superseded.reaches(blocks) {
            return Ok(None);
        }
        match self.superseded.before(blocks, key) {
            Some(value) => Ok(Some(value)),
            None => self.read(key).map(Some),
        }
    }

    /// What the newest so many blocks superseded: under each key what was there before them; `None` when that is too
    /// long ago.
    pub(crate) fn superseded_since(&self, blocks: usize) -> Option<BTreeMap<Vec<u8>, Option<Vec<u8>>>> {
        self.superseded.reaches(blocks).then(|| self.superseded.since(blocks))
    }

    /// How much memory and how many threads it takes.
    pub(crate) fn settings(&self) -> Settings {
        self.settings
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

    /// Hands the heights from `from` on at which a party has transactions, with these, to `visit`, for as long as it
    /// answers `true`.
    pub(crate) fn filed(
        &self,
        author: &PartyId,
        from: u64,
        mut visit: impl FnMut(u64, Vec<Filed>) -> bool,
    ) -> Result<(), Error> {
        let key = |height| {
            let mut key = Vec::new();
            author_key(&mut key, author, height);
            key
        };
        let mut damaged = false;
        let prefix = key(0);
        let prefix = prefix.split_last_chunk::<8>().map_or(prefix.as_slice(), |(prefix, _)| prefix);
        self.range(prefix, from.checked_sub(1).map(key), |key, value| {
            let height = key.split_last_chunk().map(|(_, height)| u64::from_be_bytes(*height));
            let (Some(height), Some(filed)) = (height, filed_of(value)) else {
                damaged = true;
                return false;
            };
            visit(height, filed)
        })?;
        if damaged { Err(self.corrupt("the transactions of a party")) } else { Ok(()) }
    }

    /// What stands under a key of the index.
    pub fn indexed(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let key = prefixed(INDEX, key);
        if let Some(value) = self.layers().find_map(|layer| layer.indexed().get(&key)) {
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
        let start = start.map(|key| prefixed(INDEX, key));
        let range = (start.clone(), Bound::Unbounded);
        let in_memory = self.layers().map(|layer| -> Entries<'_> {
            let entries = layer.indexed().range(range.clone());
            Box::new(entries.map(|(key, value)| Ok(Entry::InMemory(key, value))))
        });
        let newest_first: Vec<Entries<'_>> = in_memory.chain([self.on_disk(start)]).collect();
        let entries = newest_first.into_iter().reduce(superseding);
        visit_prefixed(&prefixed(INDEX, prefix), entries.into_iter().flatten(), |key, value| {
            // An empty value is none.
            value.is_empty() || visit(key.get(1..).unwrap_or_default(), value)
        })
    }

    /// What an idempotency key was used for, if it stands in this bucket and was used up to this height.
    pub fn answer_in(&self, bucket: Bucket, key: &[u8], height: u64) -> Result<Option<Answer>, Error> {
        let place = self.answer_place(key)?;
        let place = place.filter(|place| place.bucket == bucket && place.height <= height);
        place.map(|place| self.answer_at(&place)).transpose()
    }

    fn answer_place(&self, key: &[u8]) -> Result<Option<AnswerPlace>, Error> {
        let place = self.read_short::<AnswerPlace>(&prefixed(KEY, key), "the place of an answer")?;
        // A crash may leave keys of blocks that are applied again.
        let newest = self.applied.as_ref().map_or(0, |applied| applied.height);
        Ok(place.filter(|place| place.height <= newest))
    }

    fn answer_at(&self, place: &AnswerPlace) -> Result<Answer, Error> {
        let lost = || self.corrupt("an answer");
        let list = self.get(&bucket_key(place.bucket, place.height))?.ok_or_else(lost)?;
        let index = usize::try_from(place.index).map_err(|_| lost())?;
        let (_, answer) = answers_of(&list).nth(index).ok_or_else(lost)?;
        from_canonical(answer).map_err(|_| lost())
    }

    /// Hands each key that entered a bucket up to a height to `visit`, with its answer.
    pub fn bucket(
        &self,
        bucket: Bucket,
        height: u64,
        mut visit: impl FnMut(&[u8], &[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let prefix = prefixed(BUCKET, &bucket.to_sorted_bytes());
        let mut visited = Ok(());
        let above = bucket_key(bucket, height.saturating_add(1));
        self.range(&prefix, None, |key, list| {
            // The lists of a bucket stand in the order of their heights.
            if key >= above.as_slice() {
                return false;
            }
            visited = answers_of(list).try_for_each(|(key, answer)| visit(key, answer));
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
        visit: impl FnMut(&[u8], &[u8]) -> bool,
    ) -> Result<(), Error> {
        let start = after.map_or_else(|| Bound::Included(prefix.to_vec()), Bound::Excluded);
        let behind = |key: &[u8]| match &start {
            Bound::Excluded(after) => key > after.as_slice(),
            _ => true,
        };
        let mut newer = BTreeMap::new();
        for layer in self.layers() {
            for (key, value) in layer.prefixed(prefix).filter(|(key, _)| behind(key)) {
                newer.entry(key).or_insert(value);
            }
        }
        let newer = Box::new(newer.into_iter().map(|(key, value)| Ok(Entry::InMemory(key, value))));
        visit_prefixed(prefix, superseding(newer, self.on_disk(start.clone())), visit)
    }

    /// What is on disk from a key on.
    fn on_disk(&self, start: Bound<Vec<u8>>) -> Entries<'_> {
        let records =
            self.disk.iter().flat_map(move |disk| disk.records.range((start.clone(), Bound::Unbounded)));
        Box::new(records.map(|record| {
            let (key, value) = record.into_inner().map_err(|source| self.io_failed(source))?;
            Ok(Entry::OnDisk(key, value))
        }))
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

/// Hands entries to `visit` for as long as their keys begin with `prefix` and it answers `true`.
fn visit_prefixed<'a>(
    prefix: &[u8],
    entries: impl Iterator<Item = Result<Entry<'a>, Error>>,
    mut visit: impl FnMut(&[u8], &[u8]) -> bool,
) -> Result<(), Error> {
    for entry in entries {
        let entry = entry?;
        if !entry.key().starts_with(prefix) || !visit(entry.key(), entry.value()) {
            break;
        }
    }
    Ok(())
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
        let keyspace = |name, runs| {
            let strategy = Arc::new(Leveled::default().with_l0_threshold(runs));
            let options = || KeyspaceCreateOptions::default().compaction_strategy(strategy);
            database.keyspace(name, options).map_err(failed)
        };
        let (keys, records) = (keyspace("keys", KEY_RUNS)?, keyspace("records", RECORD_RUNS)?);
        Ok(Disk { _database: database, keys, records })
    }

    /// Takes over a layer: first the idempotency keys with the height up to which they came, then the rest with the
    /// same height, each all at once. Keys may be ahead, for their places say of which block they are.
    fn take_over(&self, layer: &Layer, height: u64) -> Result<(), fjall::Error> {
        let (mut keys, mut records) = (self.keys.start_ingestion()?, self.records.start_ingestion()?);
        keys.write(APPLIED, height.to_be_bytes())?;
        layer.sorted(|key, value| match key.first() {
            Some(&KEY) => keys.write(key, value),
            Some(&INDEX) if value.is_empty() => records.write_tombstone(key),
            _ => records.write(key, value),
        })?;
        keys.finish()?;
        records.finish()
    }

    /// Where a key stands, if it does.
    fn of(&self, key: &[u8]) -> &Keyspace {
        if key.first() == Some(&KEY) { &self.keys } else { &self.records }
    }
}

impl StateReader for Store {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.get(&prefixed(STATE, key))
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        self.answer_place(key)?.map(|place| self.answer_at(&place)).transpose()
    }

    fn account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        if let Some(account) = self.cache().accounts.look_up(id) {
            return Ok(Some(account.clone()));
        }
        let account = self.read_account(id)?;
        if let Some(account) = &account {
            self.cache().put_accounts(std::slice::from_ref(account));
        }
        Ok(account)
    }

    fn author(&self, party: &PartyId) -> Result<Option<Arc<Author>>, Error> {
        if let Some(author) = self.cache().authors.get(party) {
            return Ok(Some(author));
        }
        let author = Author::read(self, party)?.map(Arc::new);
        if let Some(author) = &author {
            self.cache().authors.put(party.clone(), Arc::clone(author), AUTHOR_BYTES);
        }
        Ok(author)
    }
}

/// What was read lately, or written. It is never older than what is pending or on disk.
struct Cache {
    /// Records on disk, other than accounts: the value of each, or that it has none.
    records: Generations<Vec<u8>, Option<Vec<u8>>>,
    accounts: AccountTable,
    /// So many accounts at most.
    most_accounts: usize,
    authors: Generations<PartyId, Arc<Author>>,
}

impl Cache {
    /// With room for so many bytes: half of it for accounts, three eighths for other records, the rest for authors.
    fn of(bytes: usize) -> Self {
        Cache {
            records: Generations::of(bytes / 8 * 3),
            accounts: AccountTable::default(),
            most_accounts: bytes / 2 / ACCOUNT_BYTES,
            authors: Generations::of(bytes / 8),
        }
    }

    fn put(&mut self, key: &[u8], value: Option<&[u8]>) {
        let bytes = key.len().saturating_add(value.map_or(0, <[u8]>::len)).saturating_add(ENTRY_BYTES);
        self.records.put(key.to_vec(), value.map(<[u8]>::to_vec), bytes);
    }

    fn put_accounts(&mut self, accounts: &[Account]) {
        self.accounts.insert_within(self.most_accounts, accounts);
    }
}

pub(crate) fn prefixed(prefix: u8, key: &[u8]) -> Vec<u8> {
    [&[prefix], key].concat()
}

fn author_key(bytes: &mut Vec<u8>, author: &PartyId, height: u64) {
    bytes.push(AUTHOR);
    append(bytes, author);
    bytes.extend_from_slice(&height.to_be_bytes());
}

/// The transactions of an author in a block, one after the other.
fn filed_of(mut bytes: &[u8]) -> Option<Vec<Filed>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        found.push(Filed::deserialize(&mut bytes).ok()?);
    }
    Some(found)
}

fn booking_key(bytes: &mut Vec<u8>, account: &AccountId, entry: u64) {
    bytes.push(BOOKING);
    append(bytes, account);
    bytes.extend_from_slice(&entry.to_be_bytes());
}

fn bucket_key(bucket: Bucket, height: u64) -> [u8; 17] {
    let mut key = [BUCKET; 17];
    key[1..9].copy_from_slice(&bucket.to_sorted_bytes());
    key[9..].copy_from_slice(&height.to_be_bytes());
    key
}

/// The keys of a list with their answers, as far as it can be read.
fn answers_of(list: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = list.get(size_of::<u32>()..).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, behind) = rest.split_first_chunk()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (key, behind) = behind.split_at_checked(length)?;
        let (answer, behind) = behind.split_at_checked(ANSWER_BYTES)?;
        rest = behind;
        Some((key, answer))
    })
}

fn block_key(height: u64) -> [u8; 9] {
    let mut key = [BLOCK; 9];
    key[1..].copy_from_slice(&height.to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Place;
    use crate::transaction::IdempotencyKey;

    /// A store whose blocks go to disk at once.
    fn open(directory: &Path) -> Store {
        Store::open(directory, Settings { pending_bytes: 0, ..Settings::default() }).unwrap()
    }

    fn apply(store: &mut Store, height: u64, answers: &Answers) {
        let history = merkle::Frontier::new();
        let applied =
            Applied { network: Hash::ZERO, height, place: Place::FIRST, digest: Hash::ZERO, history };
        let changes = Changes::default();
        let writes = Writes {
            changes: &changes,
            accounts: vec![],
            superseded: superseded::Block::default(),
            answers,
            transactions: &[],
            bookings: &[],
            filed: vec![],
            index: vec![],
        };
        store.apply(applied, writes).unwrap();
        store.settle().unwrap();
    }

    #[test]
    fn a_position_is_written_as_short_as_it_is_and_read_again() {
        let positions = [(0, 0, 0), (0, 1, 5), (7, 0, 1), (7, 256, 6), (u32::MAX, u64::MAX, 12)]
            .map(|(index, height, bytes)| (Position { index, height }, bytes));
        for (position, length) in positions {
            let mut bytes = vec![0, 0];
            position.append_short(&mut bytes);
            assert_eq!(bytes.len(), 2 + length, "{position:?}");
            assert_eq!(Position::read_short(&bytes[2..]).unwrap(), position);
        }
        assert!(Position::read_short(&[1; 13]).is_err());
    }

    #[test]
    fn keys_that_a_crash_left_ahead_of_their_block_are_unknown_until_it_is_applied_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let key = Answer::key(&(PartyId::parse("harbour-bank").unwrap(), IdempotencyKey::new([7; 16])));
        let answer = Answer { transaction: Hash::new([1; 32]), operations: Hash::new([2; 32]) };
        let bucket = Bucket::of(allonge_finance::Timestamp::from_millis(0).unwrap());
        let mut answers = Answers::default();
        answers.insert(key.clone(), bucket, answer.clone());

        let mut store = open(&path);
        apply(&mut store, 1, &Answers::default());
        // The power went between the keys of block 2 and the rest of it.
        let place = AnswerPlace { bucket, height: 2, index: 0 };
        let disk = store.disk.as_ref().unwrap();
        let mut bytes = Vec::new();
        place.append_short(&mut bytes);
        disk.keys.insert(prefixed(KEY, &key), bytes).unwrap();
        drop(store);

        let mut store = open(&path);
        assert_eq!(store.applied().unwrap().height, 1);
        assert_eq!(store.answer(&key).unwrap(), None);
        assert_eq!(store.answer_in(bucket, &key, 2).unwrap(), None);
        apply(&mut store, 2, &answers);
        assert_eq!(store.answer(&key).unwrap(), Some(answer.clone()));
        drop(store);
        let store = open(&path);
        assert_eq!(store.answer(&key).unwrap(), Some(answer));
    }
}

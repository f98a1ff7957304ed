//! The state that rules read and write: typed records under typed keys, over some reader.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::account::{Account, AccountId};
use crate::account_table::AccountTable;
use crate::answers::{Answer, Answers};
use crate::error::Error;
use crate::party::Party;
use crate::past::{PastResult, ResultReader};
use crate::policy::Policy;
use crate::registry::STORE_CORRUPT;

/// A record that is kept in the state.
///
/// Its key is the kind followed by the canonical bytes of its id; its value is its canonical bytes. Kinds
/// below 0x40 belong to the ledger, the others to the rules. A kind is never reused.
pub trait Stored: BorshSerialize + BorshDeserialize + Sized {
    /// What identifies one record of this kind.
    type Id: BorshSerialize + BorshDeserialize;

    /// The first byte of the key.
    const KIND: u8;

    /// The key of one record.
    fn key(id: &Self::Id) -> Vec<u8> {
        let mut key = vec![Self::KIND];
        key.extend_from_slice(&canonical(id));
        key
    }

    /// Reads one record. What is read very often has a shorter way than by its bytes.
    fn read(state: &(impl StateReader + ?Sized), id: &Self::Id) -> Result<Option<Self>, Error> {
        state.read(&Self::key(id))?.map(|bytes| decode_record(&bytes)).transpose()
    }

    /// Writes one record, as [`read`](Stored::read) reads it.
    fn write(&self, state: &mut (impl StateWriter + ?Sized), id: &Self::Id) {
        state.write(Self::key(id), canonical(self));
    }
}

/// The canonical bytes of a value. Writing to memory cannot fail.
pub fn canonical<T: BorshSerialize + ?Sized>(value: &T) -> Vec<u8> {
    borsh::to_vec(value).unwrap_or_default()
}

/// Reads canonical bytes strictly: nothing may follow, and encoding again must give the same bytes.
pub fn from_canonical<T: BorshSerialize + BorshDeserialize>(bytes: &[u8]) -> Result<T, std::io::Error> {
    let value = T::try_from_slice(bytes)?;
    if canonical(&value) == bytes {
        Ok(value)
    } else {
        Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "the encoding is not canonical"))
    }
}

/// Where the state is read from.
pub trait StateReader {
    /// The value under a key.
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error>;

    /// What the idempotency key of this [`Answer`] key was used for.
    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error>;

    /// An account.
    fn account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        self.read(&Account::key(id))?.map(|bytes| decode_record(&bytes)).transpose()
    }

    /// A party, and who must sign for it.
    fn author(&self, party: &PartyId) -> Result<Option<Arc<Author>>, Error> {
        Ok(Author::read(self, party)?.map(Arc::new))
    }
}

/// Where the state is read from and written to.
pub trait StateWriter: ResultReader {
    /// Puts a value under a key.
    fn write(&mut self, key: Vec<u8>, value: Vec<u8>);

    /// Puts an account under its id.
    fn write_account(&mut self, account: Account);
}

/// Who may author a transaction, and by whose signatures.
#[derive(Clone, Debug)]
pub struct Author {
    /// The party with its keys.
    pub party: Party,
    /// Which of its keys must sign what.
    pub policy: Option<Policy>,
}

impl Author {
    /// Reads what the state says of a party.
    pub(crate) fn read(state: &(impl StateReader + ?Sized), id: &PartyId) -> Result<Option<Self>, Error> {
        let Some(party) = read_record::<Party>(state, id)? else { return Ok(None) };
        Ok(Some(Author { party, policy: read_record::<Policy>(state, id)? }))
    }

    /// The party of which a record of this key says something, if it does.
    pub(crate) fn of(key: &[u8]) -> Option<PartyId> {
        let (kind, id) = key.split_first()?;
        let governs = [Party::KIND, Policy::KIND].contains(kind);
        if governs { PartyId::try_from_slice(id).ok() } else { None }
    }
}

/// Reads one record.
pub fn read_record<T: Stored>(reader: &(impl StateReader + ?Sized), id: &T::Id) -> Result<Option<T>, Error> {
    T::read(reader, id)
}

/// Decodes a record's value.
pub fn decode_record<T: Stored>(bytes: &[u8]) -> Result<T, Error> {
    T::try_from_slice(bytes).map_err(|source| {
        STORE_CORRUPT.error().with("path", "the state").with("reason", &source).because(source)
    })
}

/// A state in memory, for tests of rules and for replays that fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryState {
    records: BTreeMap<Vec<u8>, Vec<u8>>,
    answers: BTreeMap<Vec<u8>, Answer>,
    /// With the times of their blocks.
    results: BTreeMap<Hash, (Timestamp, PastResult)>,
}

impl MemoryState {
    /// Takes over what a block changed, and the keys that it used.
    pub fn merge(&mut self, changes: &Changes, answers: &Answers) {
        self.records.extend(changes.iter().map(|(key, value)| (key.to_vec(), value.to_vec())));
        self.answers.extend(answers.iter().map(|(key, _, answer)| (key.to_vec(), answer.clone())));
    }

    /// Keeps the results of a block, for those who name its transactions later. `transaction_bytes` is how many bytes
    /// its signed transactions have together.
    pub fn remember<'a>(
        &mut self,
        (height, time): (u64, Timestamp),
        transaction_bytes: usize,
        results: impl Iterator<Item = (&'a Hash, &'a Vec<u8>)> + Clone,
    ) {
        let lengths = results.clone().map(|(_, result)| result.len());
        let block_bytes = lengths.fold(transaction_bytes, usize::saturating_add);
        for (transaction, result) in results {
            let past = PastResult { height, block_bytes, result: result.clone() };
            self.results.insert(*transaction, (time, past));
        }
    }

    /// All records, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Vec<u8>, &Vec<u8>)> {
        self.records.iter()
    }
}

impl StateReader for MemoryState {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.records.get(key).cloned())
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        Ok(self.answers.get(key).cloned())
    }
}

impl ResultReader for MemoryState {
    fn result(&self, transaction: &Hash, since: Timestamp) -> Result<Option<PastResult>, Error> {
        let found = self.results.get(transaction).filter(|(time, _)| *time >= since);
        Ok(found.map(|(_, past)| past.clone()))
    }
}

/// Records written by a block, in no order; of equal keys the last counts. Records are superseded, never removed.
///
/// Keys and values stand one after the other in one piece of memory.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

/// Where a key stands, and its value behind it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    middle: usize,
    end: usize,
}

impl Changes {
    /// Puts a value under a key.
    pub fn insert(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        self.insert_with(
            |bytes| bytes.extend_from_slice(key.as_ref()),
            |bytes| {
                bytes.extend_from_slice(value.as_ref());
            },
        );
    }

    /// Puts a value under a key; each is appended by a function.
    pub(crate) fn insert_with(&mut self, key: impl FnOnce(&mut Vec<u8>), value: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        key(&mut self.bytes);
        let middle = self.bytes.len();
        value(&mut self.bytes);
        self.entries.push(Entry { start, middle, end: self.bytes.len() });
    }

    /// Each key with its value.
    pub fn iter(&self) -> Records<'_> {
        Records { bytes: &self.bytes, entries: self.entries.iter() }
    }

    /// The key and value that were put in this place.
    pub(crate) fn get(&self, place: usize) -> Option<(&[u8], &[u8])> {
        let Entry { start, middle, end } = self.entries.get(place)?;
        Some((self.bytes.get(*start..*middle)?, self.bytes.get(*middle..*end)?))
    }

    /// How much memory it takes, about.
    pub(crate) fn memory(&self) -> usize {
        self.bytes.len().saturating_add(self.entries.len().saturating_mul(size_of::<Entry>()))
    }

    /// How many values were put.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Keys with their values.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    bytes: &'a [u8],
    entries: std::slice::Iter<'a, Entry>,
}

impl<'a> Iterator for Records<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let Entry { start, middle, end } = self.entries.next()?;
        Some((self.bytes.get(*start..*middle)?, self.bytes.get(*middle..*end)?))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl<'a> IntoIterator for &'a Changes {
    type Item = (&'a [u8], &'a [u8]);
    type IntoIter = Records<'a>;

    fn into_iter(self) -> Records<'a> {
        self.iter()
    }
}

impl<K: AsRef<[u8]>, V: AsRef<[u8]>> FromIterator<(K, V)> for Changes {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(records: I) -> Self {
        let mut changes = Changes::default();
        records.into_iter().for_each(|(key, value)| changes.insert(key, value));
        changes
    }
}

/// A map by a seeded hash, so that nobody can choose keys that meet. What is in it has no order.
pub(crate) type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// What a block, and the transaction being executed in it, have written over a reader.
///
/// Accounts are kept as they are, and written as bytes once, when the block ends: most transactions change two.
pub struct Overlay<'a> {
    base: &'a dyn ResultReader,
    records: Map<Vec<u8>, Vec<u8>>,
    /// Those that were fetched ahead first, in the same order.
    accounts: AccountTable,
    /// What the reader has of those.
    fetched: Vec<Account>,
    /// Parties of which some record was written.
    authors: HashSet<PartyId>,
    /// What stood there before the transaction, in the order of its writing.
    records_before: Vec<(Vec<u8>, Option<Vec<u8>>)>,
    accounts_before: Vec<(AccountId, Option<Account>)>,
}

impl<'a> Overlay<'a> {
    /// Starts with no changes.
    pub fn new(base: &'a dyn ResultReader) -> Self {
        Overlay::with(base, AccountTable::default())
    }

    /// As [`new`](Overlay::new), with accounts that were fetched from the reader.
    pub(crate) fn with(base: &'a dyn ResultReader, accounts: AccountTable) -> Self {
        Overlay {
            base,
            records: Map::default(),
            fetched: accounts.accounts().to_vec(),
            accounts,
            authors: HashSet::new(),
            records_before: Vec::new(),
            accounts_before: Vec::new(),
        }
    }

    /// The transaction takes effect.
    pub(crate) fn commit_transaction(&mut self) {
        self.records_before.clear();
        self.accounts_before.clear();
    }

    /// The transaction leaves no trace.
    pub(crate) fn discard_transaction(&mut self) {
        for (key, before) in self.records_before.drain(..).rev() {
            match before {
                Some(value) => self.records.insert(key, value),
                None => self.records.remove(&key),
            };
        }
        for (id, before) in self.accounts_before.drain(..).rev() {
            match before {
                Some(account) => drop(self.accounts.insert(account)),
                // Those behind it were taken back before it.
                None => self.accounts.remove_last(&id),
            }
        }
    }

    /// All that the block wrote; the accounts among it once more as they are; and the first of these as they were.
    pub(crate) fn into_changes(self) -> (Changes, Vec<Account>, Vec<Account>) {
        let mut changes = Changes::default();
        let (mut accounts, mut before) = (self.accounts.into_accounts(), self.fetched);
        // What is as it was need not be written.
        let same: Vec<bool> =
            accounts.iter().zip(&before).map(|(account, before)| account == before).collect();
        retain_others(&mut accounts, &same);
        retain_others(&mut before, &same);
        for account in &accounts {
            changes.insert_with(
                |bytes| {
                    bytes.push(Account::KIND);
                    append(bytes, &account.id);
                },
                |bytes| append(bytes, account),
            );
        }
        self.records.iter().for_each(|(key, value)| changes.insert(key, value));
        (changes, accounts, before)
    }
}

/// Takes out those accounts that are marked; behind the marks none is.
fn retain_others(accounts: &mut Vec<Account>, marks: &[bool]) {
    let mut marks = marks.iter();
    accounts.retain(|_| !marks.next().is_some_and(|mark| *mark));
}

/// Appends canonical bytes. Writing to memory cannot fail.
pub(crate) fn append<T: BorshSerialize + ?Sized>(bytes: &mut Vec<u8>, value: &T) {
    drop(value.serialize(bytes));
}

/// Eight bytes in the order of the numbers.
pub(crate) fn to_sorted_bytes(value: i64) -> [u8; 8] {
    (value ^ i64::MIN).to_be_bytes()
}

/// The number of eight bytes of [`to_sorted_bytes`].
pub(crate) fn from_sorted_bytes(bytes: [u8; 8]) -> i64 {
    i64::from_be_bytes(bytes) ^ i64::MIN
}

/// The account of which a record of this key says something, if it does.
pub(crate) fn account_of(key: &[u8]) -> Option<AccountId> {
    let (kind, id) = key.split_first()?;
    if *kind == Account::KIND { AccountId::try_from_slice(id).ok() } else { None }
}

impl StateReader for Overlay<'_> {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        if let Some(account) = account_of(key) {
            return Ok(self.account(&account)?.as_ref().map(canonical));
        }
        match self.records.get(key) {
            Some(value) => Ok(Some(value.clone())),
            None => self.base.read(key),
        }
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        self.base.answer(key)
    }

    fn account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        match self.accounts.get(id) {
            Some(account) => Ok(Some(account.clone())),
            None => self.base.account(id),
        }
    }

    fn author(&self, party: &PartyId) -> Result<Option<Arc<Author>>, Error> {
        if !self.authors.contains(party) {
            return self.base.author(party);
        }
        Ok(Author::read(self, party)?.map(Arc::new))
    }
}

impl ResultReader for Overlay<'_> {
    fn result(&self, transaction: &Hash, since: Timestamp) -> Result<Option<PastResult>, Error> {
        self.base.result(transaction, since)
    }
}

impl StateWriter for Overlay<'_> {
    fn write(&mut self, key: Vec<u8>, value: Vec<u8>) {
        if account_of(&key).is_some()
            && let Ok(account) = decode_record(&value)
        {
            return self.write_account(account);
        }
        // A discarded transaction leaves it there, which costs a reading.
        self.authors.extend(Author::of(&key));
        let before = self.records.insert(key.clone(), value);
        self.records_before.push((key, before));
    }

    fn write_account(&mut self, account: Account) {
        let id = account.id.clone();
        let before = self.accounts.insert(account);
        self.accounts_before.push((id, before));
    }
}

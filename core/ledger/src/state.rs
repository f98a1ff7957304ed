//! The state that rules read and write: typed records under typed keys, over some reader.

use std::collections::{BTreeMap, HashMap};

use allonge_crypto::Hash;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::answers::{Answer, Answers};
use crate::block::TransactionResult;
use crate::error::Error;
use crate::past::{PastResult, ResultReader};
use crate::registry::STORE_CORRUPT;

/// A record that is kept in the state.
///
/// Its key is the kind followed by the canonical bytes of its id; its value is its canonical bytes. Kinds
/// below 0x40 belong to the ledger, the others to the rules. A kind is never reused.
pub trait Stored: BorshSerialize + BorshDeserialize {
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
}

/// Where the state is read from and written to.
pub trait StateWriter: ResultReader {
    /// Puts a value under a key.
    fn write(&mut self, key: Vec<u8>, value: Vec<u8>);
}

/// Reads one record.
pub fn read_record<T: Stored>(reader: &(impl StateReader + ?Sized), id: &T::Id) -> Result<Option<T>, Error> {
    match reader.read(&T::key(id))? {
        None => Ok(None),
        Some(bytes) => decode_record(&bytes).map(Some),
    }
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
    results: BTreeMap<Hash, PastResult>,
}

impl MemoryState {
    /// Takes over what a block changed, and the keys that it used.
    pub fn merge(&mut self, changes: Changes, answers: &Answers) {
        self.records.extend(changes);
        self.answers.extend(answers.iter().map(|(key, _, answer)| (key.to_vec(), answer.clone())));
    }

    /// Keeps the results of a block, for those who name its transactions later. `transaction_bytes` is how many bytes
    /// its signed transactions have together.
    pub fn remember<E: BorshSerialize>(
        &mut self,
        height: u64,
        transaction_bytes: usize,
        results: &[TransactionResult<E>],
    ) {
        let encoded: Vec<_> = results.iter().map(canonical).collect();
        let block_bytes = encoded.iter().map(Vec::len).fold(transaction_bytes, usize::saturating_add);
        for (result, encoded) in results.iter().zip(encoded) {
            let past = PastResult { height, block_bytes, result: encoded };
            self.results.insert(result.transaction, past);
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
    fn result(&self, transaction: &Hash) -> Result<Option<PastResult>, Error> {
        Ok(self.results.get(transaction).cloned())
    }
}

/// Records written by a block, by key, in no order. Records are superseded, never removed.
pub type Changes = Map<Vec<u8>, Vec<u8>>;

/// A map by a seeded hash, so that nobody can choose keys that meet. What is in it has no order.
pub(crate) type Map<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// What a block, and the transaction being executed in it, have written over a reader.
pub struct Overlay<'a> {
    base: &'a dyn ResultReader,
    block: Changes,
    transaction: Changes,
}

impl<'a> Overlay<'a> {
    /// Starts with no changes.
    pub fn new(base: &'a dyn ResultReader) -> Self {
        Overlay { base, block: Changes::default(), transaction: Changes::default() }
    }

    /// The transaction takes effect.
    pub(crate) fn commit_transaction(&mut self) {
        self.block.extend(self.transaction.drain());
    }

    /// The transaction leaves no trace.
    pub(crate) fn discard_transaction(&mut self) {
        self.transaction.clear();
    }

    /// All that the block wrote.
    pub(crate) fn into_changes(self) -> Changes {
        self.block
    }
}

impl StateReader for Overlay<'_> {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        match self.transaction.get(key).or_else(|| self.block.get(key)) {
            Some(value) => Ok(Some(value.clone())),
            None => self.base.read(key),
        }
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        self.base.answer(key)
    }
}

impl ResultReader for Overlay<'_> {
    fn result(&self, transaction: &Hash) -> Result<Option<PastResult>, Error> {
        self.base.result(transaction)
    }
}

impl StateWriter for Overlay<'_> {
    fn write(&mut self, key: Vec<u8>, value: Vec<u8>) {
        self.transaction.insert(key, value);
    }
}

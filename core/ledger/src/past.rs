//! The past: what became of earlier transactions, for those that name one.
//!
//! The store knows where a transaction stands, and the log has its result; those of the block at hand are in memory.
//! To read one, its whole block has to be read. So the bytes of a block count against the block that asks for them,
//! on every host alike, and one that asked for much takes no more transactions.

use std::sync::{Arc, Mutex, PoisonError};

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};

use crate::account::{Account, AccountId};
use crate::answers::Answer;
use crate::block::{TransactionResult, Verdict};
use crate::embedded::{Block, read_block_from};
use crate::error::Error;
use crate::index;
use crate::log::LogReader;
use crate::registry::{STORE_CORRUPT, damaged};
use crate::rules::{Context, Record};
use crate::state::{Author, Map, StateReader};
use crate::store::{Position, Store};

/// Where the results of the transactions of earlier blocks are read.
pub trait ResultReader: StateReader {
    /// The result of a transaction, if an earlier block of this time or later has it.
    fn result(&self, transaction: &Hash, since: Timestamp) -> Result<Option<PastResult>, Error>;
}

/// The result of a transaction of an earlier block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastResult {
    /// The height of the block that has it.
    pub height: u64,
    /// How many bytes the transactions and results of that block have together.
    pub block_bytes: usize,
    /// The canonical bytes of the [`TransactionResult`].
    pub result: Vec<u8>,
}

impl Block {
    /// How many bytes its transactions and results have together.
    pub fn content_bytes(&self) -> usize {
        self.transactions.iter().chain(&self.results).map(Vec::len).fold(0, usize::saturating_add)
    }
}

/// The state in the store, and the results in the log.
pub(crate) struct Archive<'a> {
    store: &'a Store,
    log: LogReader,
    /// The block read last.
    block: Mutex<Option<Arc<Block>>>,
}

impl<'a> Archive<'a> {
    pub(crate) fn new(store: &'a Store, log: LogReader) -> Self {
        Archive { store, log, block: Mutex::default() }
    }

    fn block(&self, height: u64) -> Result<Arc<Block>, Error> {
        let mut known = self.block.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = known.as_ref().filter(|block| block.header.height == height) {
            return Ok(Arc::clone(block));
        }
        let place = self.store.place(height)?;
        let place = place.ok_or_else(|| damaged(self.log.path(), "a block is missing"))?;
        let block = read_block_from(&self.log, place)?;
        *known = Some(Arc::clone(&block));
        Ok(block)
    }
}

impl StateReader for Archive<'_> {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.store.read(key)
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        self.store.answer(key)
    }

    fn account(&self, id: &AccountId) -> Result<Option<Account>, Error> {
        self.store.account(id)
    }

    fn author(&self, party: &PartyId) -> Result<Option<Arc<Author>>, Error> {
        self.store.author(party)
    }
}

impl ResultReader for Archive<'_> {
    fn result(&self, transaction: &Hash, since: Timestamp) -> Result<Option<PastResult>, Error> {
        let Some(Position { height, index }) = self.store.position(transaction)? else { return Ok(None) };
        if index::time(self.store, height)? < since {
            return Ok(None);
        }
        let block = self.block(height)?;
        let result = usize::try_from(index).ok().and_then(|index| block.results.get(index)).cloned();
        let result =
            result.ok_or_else(|| damaged(self.log.path(), "a block lacks a transaction that it had"))?;
        Ok(Some(PastResult { height, block_bytes: block.content_bytes(), result }))
    }
}

/// The transactions of the block at hand so far, and the canonical bytes of their results.
#[derive(Clone, Copy)]
pub(crate) struct Earlier<'a> {
    pub(crate) transactions: &'a [Hash],
    pub(crate) results: &'a [Vec<u8>],
}

/// What the transactions of a block have read of the past, in vain or not, and where those stand that are in the
/// block already.
#[derive(Default)]
pub(crate) struct Reading {
    /// How many bytes were read so far.
    pub(crate) bytes: usize,
    /// The height of the block read last, which is at hand when the next asks for it too.
    height: Option<u64>,
    /// The places of the block's first transactions, which are looked up only when somebody asks.
    places: Map<Hash, usize>,
    placed: usize,
}

impl Reading {
    fn count(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// The place of a transaction among those of the block so far.
    fn place(&mut self, earlier: &[Hash], transaction: &Hash) -> Option<usize> {
        let further = earlier.iter().enumerate().skip(self.placed);
        self.places.extend(further.map(|(place, transaction)| (*transaction, place)));
        self.placed = earlier.len();
        self.places.get(transaction).copied()
    }
}

impl<E: Record> Context<'_, E> {
    /// What became of a transaction of an earlier block of the time `since` or later, or of one before this in the same
    /// block.
    ///
    /// Errors: `store.*`.
    pub(crate) fn verdict_of(
        &mut self,
        transaction: &Hash,
        since: Timestamp,
    ) -> Result<Option<Verdict<E>>, Error> {
        let Earlier { transactions, results } = self.earlier;
        let place = self.reading.place(transactions, transaction);
        if let Some(result) = place.and_then(|place| results.get(place)) {
            self.reading.count(result.len());
            return decode_result(result).map(|result| Some(result.verdict));
        }
        let Some(past) = self.state.result(transaction, since)? else { return Ok(None) };
        self.reading.count(past.result.len());
        if self.reading.height.replace(past.height) != Some(past.height) {
            self.reading.count(past.block_bytes);
        }
        decode_result(&past.result).map(|result| Some(result.verdict))
    }
}

pub(crate) fn decode_result<E: BorshSerialize + BorshDeserialize>(
    bytes: &[u8],
) -> Result<TransactionResult<E>, Error> {
    TransactionResult::try_from_slice(bytes).map_err(|source| {
        let error = STORE_CORRUPT.error().with("path", "the log").with("reason", &source);
        error.because(source)
    })
}

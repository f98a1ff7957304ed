//! Why a transaction came out as it did: it is executed once more, over the state that it found.

use allonge_crypto::Hash;
use allonge_finance::Timestamp;

use crate::answers::Answer;
use crate::block::TransactionResult;
use crate::embedded::Embedded;
use crate::error::Error;
use crate::execution::Execution;
use crate::findings::Finding;
use crate::past::{PastResult, ResultReader, decode_result};
use crate::registry::damaged;
use crate::rules::{BlockContext, Rules};
use crate::state::StateReader;
use crate::store::Position;
use crate::upgrade::version_in_force;

/// What became of a transaction, and what the rules found on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation<E> {
    /// The height of its block.
    pub height: u64,
    /// The time of its block: the rules judged by it.
    pub time: Timestamp,
    /// What became of it.
    pub result: TransactionResult<E>,
    /// What the rules found, in the order in which they were asked. After a rule that is violated none is asked.
    pub findings: Vec<Finding>,
}

impl<R: Rules> Embedded<R> {
    /// Why a transaction of a recent block came out as it did; nothing where no block has it.
    ///
    /// Errors: `proof.too_old` below [`RECENT_HEIGHTS`](crate::RECENT_HEIGHTS) blocks or since the ledger was opened;
    /// `block.pruned`; `store.*`.
    pub fn explain(&self, transaction: &Hash) -> Result<Option<Explanation<R::Event>>, Error> {
        let Some(Position { height, index }) = self.position(transaction)? else { return Ok(None) };
        let block = self.block(height)?;
        let trust = self.trust();
        let (time, suite) = (block.header.time, trust.genesis().hash_suite);
        let context = BlockContext {
            network: trust.network(),
            suite,
            height,
            time,
            rules_version: version_in_force::<R>(self.store(), trust.genesis(), height)?,
            epoch: block.header.epoch,
        };
        let below = Below { ledger: self, height: height.saturating_sub(1) };
        // Whether the state of that height can still be read at all.
        below.read(&[])?;
        let mut execution = Execution::new(self.rules(), &below, context).explaining();
        let (verifier, workers) = self.verifier();
        let last = usize::try_from(index).unwrap_or(usize::MAX);
        let transactions = block.transactions.get(..=last).unwrap_or_default();
        let mut explained = None;
        for verified in verifier.verify_bytes(&workers, transactions) {
            let result = execution.push_ordered(&verified?)?;
            explained = Some(Explanation { height, time, result, findings: execution.findings() });
        }
        let recorded = block.results.get(last).map(|bytes| decode_result(bytes)).transpose()?;
        if explained.as_ref().map(|explained| &explained.result) != recorded.as_ref() {
            return Err(damaged(self.log_path(), "a transaction comes out otherwise than it did"));
        }
        Ok(explained)
    }
}

/// The state as it was at a height.
struct Below<'a, R: Rules> {
    ledger: &'a Embedded<R>,
    height: u64,
}

impl<R: Rules> Below<'_, R> {
    /// Whether a block up to that height has a transaction.
    fn has(&self, transaction: &Hash) -> Result<bool, Error> {
        let position = self.ledger.position(transaction)?;
        Ok(position.is_some_and(|position| position.height <= self.height))
    }
}

impl<R: Rules> StateReader for Below<'_, R> {
    fn read(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.ledger.read_at(self.height, key)
    }

    fn answer(&self, key: &[u8]) -> Result<Option<Answer>, Error> {
        match self.ledger.store().answer(key)? {
            Some(answer) if self.has(&answer.transaction)? => Ok(Some(answer)),
            _ => Ok(None),
        }
    }
}

impl<R: Rules> ResultReader for Below<'_, R> {
    fn result(&self, transaction: &Hash, since: Timestamp) -> Result<Option<PastResult>, Error> {
        if self.has(transaction)? { self.ledger.archive().result(transaction, since) } else { Ok(None) }
    }
}

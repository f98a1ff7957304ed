//! The log as a stream: what has happened, then what happens, in batches.

use std::fmt;
use std::str::FromStr;

use allonge_ledger::{Error, SignedTransaction, TransactionResult, from_canonical};
use allonge_trade::{TradeEvent, TradeOperation};

use crate::ledger::Ledger;
use crate::receipt::split_verdict;
use crate::records::LogEntry;
use crate::registry::{INPUT_INVALID, INTERNAL, LEDGER_CLOSED, STREAM_PRUNED};

/// A batch has at most this many entries.
pub const MAX_BATCH: usize = 1_000;

/// The log from a cursor on.
pub struct Subscription {
    ledger: Ledger,
    cursor: Cursor,
}

/// Behind the last entry that was seen: its height, and its place in the block from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cursor {
    height: u64,
    seen: usize,
}

impl Subscription {
    pub(crate) fn new(ledger: Ledger, after: Option<&str>) -> Result<Self, Error> {
        let cursor = match after {
            Some(after) => after.parse()?,
            None => Cursor { height: 1, seen: 0 },
        };
        Ok(Subscription { ledger, cursor })
    }

    /// The next entries, at most `max` (1 to 1,000); empty when there are none yet.
    ///
    /// Where the copy does not keep what comes next, nothing is left out in silence: `stream.pruned` says at which `height`
    /// the state has all of it, and the next entries are those behind that height. A new subscription goes on there after
    /// the error's `cursor`.
    ///
    /// Errors: `stream.pruned`, `store.*`, `ledger.closed`, `process.forked`.
    pub fn poll_batch(&mut self, max: usize) -> Result<Vec<LogEntry>, Error> {
        let max = max.clamp(1, MAX_BATCH);
        let (newest, oldest, state) = self
            .ledger
            .shared
            .read(|ledger| Ok((ledger.height(), ledger.oldest_height(), ledger.oldest_state())))?;
        if self.cursor.height < oldest {
            let from =
                std::mem::replace(&mut self.cursor, Cursor { height: state.saturating_add(1), seen: 0 });
            let error = STREAM_PRUNED.error().with("from", from.height).with("height", state);
            return Err(error.with("cursor", self.cursor));
        }
        let mut entries = Vec::new();
        while self.cursor.height <= newest && entries.len() < max {
            let block = self.ledger.shared.read(|ledger| ledger.block(self.cursor.height))?;
            let all = block.transactions.iter().zip(&block.results).enumerate();
            for (place, (transaction, result)) in all.skip(self.cursor.seen) {
                if entries.len() == max {
                    return Ok(entries);
                }
                self.cursor.seen = place.saturating_add(1);
                entries.push(self.entry(&block.header, transaction, result)?);
            }
            // A block of the clock alone has no entries. The newest is never left: it may be the last.
            if self.cursor.height == newest {
                break;
            }
            self.cursor = Cursor { height: self.cursor.height.saturating_add(1), seen: 0 };
        }
        Ok(entries)
    }

    /// The next entries, at most `max` (1 to 1,000); waits for the first. Empty only when the ledger was
    /// closed.
    ///
    /// Errors: `stream.pruned` as of [`poll_batch`](Self::poll_batch), `store.*`, `process.forked`.
    pub async fn next_batch(&mut self, max: usize) -> Result<Vec<LogEntry>, Error> {
        loop {
            self.ledger.shared.check_process()?;
            // Asked for before looking, so that no block falls between.
            let block = self.ledger.shared.next_block();
            let entries = match self.poll_batch(max) {
                Err(error) if error.code() == LEDGER_CLOSED.code => return Ok(Vec::new()),
                entries => entries?,
            };
            if !entries.is_empty() {
                return Ok(entries);
            }
            if block.await.is_err() {
                return Ok(Vec::new());
            }
        }
    }

    fn entry(
        &self,
        header: &allonge_ledger::Header,
        transaction: &[u8],
        result: &[u8],
    ) -> Result<LogEntry, Error> {
        let signed = SignedTransaction::from_bytes(transaction)?;
        let transaction = signed.transaction::<TradeOperation>()?;
        let result: TransactionResult<TradeEvent> =
            from_canonical(result).map_err(|error| INTERNAL.error().with("reason", &error).because(error))?;
        let (committed, events, error) = split_verdict(&result.verdict);
        Ok(LogEntry {
            cursor: self.cursor.to_string(),
            height: header.height,
            time: header.time,
            transaction: result.transaction,
            author: transaction.author,
            operations: transaction.operations,
            committed,
            events,
            error,
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.height, self.seen)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let cursor = text.split_once('/').and_then(|(height, seen)| {
            Some(Cursor {
                height: height.parse().ok().filter(|height| *height > 0)?,
                seen: seen.parse().ok()?,
            })
        });
        cursor.ok_or_else(|| {
            INPUT_INVALID
                .error()
                .with("where", "cursor")
                .with("reason", "it is not one that an entry carried")
        })
    }
}

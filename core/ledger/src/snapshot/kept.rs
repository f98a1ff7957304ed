//! The blocks that a snapshot keeps below its height: they are not executed again, but proven by the headers above them.

use std::collections::VecDeque;

use allonge_crypto::Hash;
use borsh::BorshDeserialize;

use super::{Head, invalid};
use crate::block::{Executed, Header, TransactionResult, Verdict, together};
use crate::embedded::Block;
use crate::epoch::Epochs;
use crate::error::Error;
use crate::index::{self, Filed};
use crate::log::Place;
use crate::receipt::Trust;
use crate::registry::{POLICY_UNSATISFIED, TRANSACTION_RESULT_TOO_LARGE};
use crate::reversal::earliest_reversible;
use crate::rules::Rules;
use crate::statement::bookings;
use crate::store::{Store, Transactions};
use crate::transaction::SignedTransaction;

/// Reads the kept blocks one after the other, from the oldest on.
pub(crate) struct Kept<'a> {
    trust: &'a Trust,
    head: &'a Head,
    epochs: &'a Epochs,
    /// The height of the next.
    next: u64,
    /// Up to where headers say what the blocks came to.
    known: u64,
    /// What the blocks above came to.
    unproven: VecDeque<Executed>,
    /// Where the newest of them stands.
    pub(crate) place: Option<Place>,
}

impl<'a> Kept<'a> {
    pub(crate) fn new(trust: &'a Trust, head: &'a Head, epochs: &'a Epochs) -> Self {
        let known = head.oldest.saturating_sub(1);
        Kept { trust, head, epochs, next: head.oldest, known, unproven: VecDeque::new(), place: None }
    }

    /// Whether the block of the snapshot's height was read.
    pub(crate) fn is_complete(&self) -> bool {
        self.next > self.head.height()
    }

    /// Checks the next block, which stands at a place of the log, and puts it into the store.
    ///
    /// Errors: `snapshot.invalid`, `receipt.invalid`, `store.*`.
    pub(crate) fn take<R: Rules>(
        &mut self,
        store: &mut Store,
        place: Place,
        block: &Block,
    ) -> Result<(), Error> {
        self.check(store, block)?;
        let height = block.header.height;
        store.load_block(height, place, block.header.digest(self.trust.genesis().hash_suite))?;
        store.load_transactions(height, transactions_of::<R>(block)?)?;
        self.place = Some(place);
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    fn check(&mut self, store: &Store, block: &Block) -> Result<(), Error> {
        let suite = self.trust.genesis().hash_suite;
        let header = &block.header;
        if header.height != self.next || store.digest(header.height)? != Some(header.digest(suite)) {
            return Err(invalid("a block that it keeps is not of the certified history"));
        }
        if !header.is_of(suite, &block.transactions) {
            return Err(invalid("a block that it keeps has other transactions"));
        }
        if header.height == self.head.oldest {
            self.check_oldest(header)?;
        }
        if let Some(certificate) = &block.certificate {
            let epoch = self.epochs.get(header.epoch);
            let epoch = epoch.ok_or_else(|| invalid("a block that it keeps is of an unknown epoch"))?;
            self.trust.verify_by(&epoch.roster, header, certificate)?;
        }
        self.unproven.push_back(block.executed(suite));
        self.hear(header)?;
        if header.height != self.head.height() {
            return Ok(());
        }
        // The headers above it say what the last of them came to.
        let head = self.head;
        head.headers.iter().skip(1).try_for_each(|header| self.hear(header))?;
        if self.unproven.is_empty() { Ok(()) } else { Err(invalid("its last block is not proven")) }
    }

    /// What the next blocks come to can depend on every block that is not older than this.
    fn check_oldest(&self, oldest: &Header) -> Result<(), Error> {
        let time = self.head.headers.first().map(|header| earliest_reversible(header.time));
        if oldest.height == 1 || time.is_some_and(|earliest| oldest.time < earliest) {
            return Ok(());
        }
        Err(invalid("it does not keep all blocks whose transactions can be reversed"))
    }

    /// What a header says of the blocks since the last that said something new.
    fn hear(&mut self, header: &Header) -> Result<(), Error> {
        let executed = header.executed;
        let Some(new) = executed.height.checked_sub(self.known).filter(|new| *new > 0) else { return Ok(()) };
        let wrong = || invalid("a block that it keeps has other results");
        let new = usize::try_from(new).map_err(|_| wrong())?;
        if new > self.unproven.len() {
            return Err(wrong());
        }
        let blocks: Vec<Executed> = self.unproven.drain(..new).collect();
        let roots: Vec<Hash> = blocks.iter().map(|one| one.results_root).collect();
        let root = blocks.last().map(|last| last.state_root);
        if together(self.trust.genesis().hash_suite, &roots) != executed.results_root
            || root != Some(executed.state_root)
        {
            return Err(wrong());
        }
        self.known = executed.height;
        Ok(())
    }
}

/// What executing a block wrote of its transactions beside the state.
fn transactions_of<R: Rules>(block: &Block) -> Result<Transactions, Error> {
    let (mut ids, mut booked, mut filed) = (Vec::new(), Vec::new(), Vec::new());
    for (index, (bytes, result)) in (0_u32..).zip(block.transactions.iter().zip(&block.results)) {
        let result = TransactionResult::<R::Event>::try_from_slice(result)
            .map_err(|error| invalid("a result cannot be read").because(error))?;
        if !was_admitted(&result) {
            ids.push(Hash::ZERO);
            continue;
        }
        let author = SignedTransaction::from_bytes(bytes)?.transaction::<R::Operation>()?.author;
        let committed = matches!(result.verdict, Verdict::Committed { .. });
        filed.push((author, Filed { index, transaction: result.transaction, committed }));
        booked.extend(bookings(&result.verdict, index));
        ids.push(result.transaction);
    }
    let index = vec![index::time_entry(block.header.height, block.header.time)];
    Ok(Transactions { ids, bookings: booked, filed, index })
}

/// Whether a transaction was admitted to its block: it took effect, or an operation of it was refused. Of those that were
/// not, only the refusal is there.
fn was_admitted<E>(result: &TransactionResult<E>) -> bool {
    match &result.verdict {
        Verdict::Committed { .. } => true,
        Verdict::Rejected { refusal } => {
            let of_operation = refusal.operation.is_some() && refusal.code != POLICY_UNSATISFIED.code;
            of_operation || refusal.code == TRANSACTION_RESULT_TOO_LARGE.code
        }
    }
}

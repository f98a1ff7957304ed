//! What was submitted and is not settled: it is in the outbox, on disk, before it leaves the process, and is handed over
//! again and again until it is certified what became of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::registry::{
    BLOCK_PRUNED, PROOF_TOO_OLD, TRANSACTION_EXPIRED, TRANSACTION_KEY_CONFLICT, TRANSACTION_REPEATED,
};
use allonge_ledger::{Error, IdempotencyKey, Receipts, SignedTransaction, Transaction};
use allonge_protocol::{Handed, MAX_BATCH, MAX_BATCH_BYTES, TraceParent};
use allonge_trade::TradeOperation;
use futures_channel::oneshot;

use super::health::Purpose;
use super::nodes::{ANSWER, Failure, Nodes};
use super::{Shared, copy_of, lock};
use crate::registry::{LEDGER_BUSY, SUBMISSION_REFUSED};
use crate::writer::{Done, Fate, answer};

/// So many submissions may wait to be settled.
const MAX_WAITING: usize = 16_384;
/// What is not settled yet is submitted again after this time, to another validator.
const AGAIN: Duration = Duration::from_secs(2);
/// Refusals that no block can change.
const FOR_EVER: [&str; 6] = [
    "transaction.malformed",
    "transaction.wrong_network",
    "transaction.operations",
    "transaction.too_large",
    "signature.invalid",
    "signature.missing",
];

/// What stands beside the bytes of a transaction in a batch, at most: their number, and a trace.
const MAX_FRAME_BYTES: usize = size_of::<u32>() + 1 + size_of::<TraceParent>();
/// What was submitted and is not settled.
#[derive(Default)]
pub(super) struct Waiting {
    pub(super) transactions: BTreeMap<Hash, Waits>,
}

/// One submission.
pub(super) struct Waits {
    asks: Asks,
    /// The trace that it is part of, if somebody said so since this process began.
    trace: Option<TraceParent>,
    /// Who waits for it in this process, if anybody.
    pub(super) told: Vec<Done<Fate>>,
    /// Whether a validator took it since it was put here.
    pub(super) admitted: bool,
    /// Who is to be told of that.
    pub(super) admissions: Vec<oneshot::Sender<()>>,
    /// When it is to be submitted, once more or for the first time.
    due: Instant,
    /// How often it was submitted.
    attempts: usize,
}

impl Waits {
    /// It is submitted at once.
    ///
    /// Errors: `transaction.malformed`.
    pub(super) fn of(signed: &SignedTransaction) -> Result<Self, Error> {
        let Transaction { author, key, valid_until, .. } = signed.transaction::<TradeOperation>()?;
        Ok(Waits {
            asks: Asks { author, key, valid_until },
            trace: None,
            told: Vec::new(),
            admitted: false,
            admissions: Vec::new(),
            due: Instant::now(),
            attempts: 0,
        })
    }
}

/// What a submission is known by, and how long it can come into a block.
#[derive(Clone)]
struct Asks {
    author: PartyId,
    key: IdempotencyKey,
    valid_until: Timestamp,
}

/// What the validators said to a submission.
enum HandedOver {
    /// One took it.
    Taken,
    /// All that answered refused it.
    Refused(Error),
    /// None answered.
    Unreached,
}

/// The id of what is submitted, and what is handed over.
type Submitted = (Hash, Handed);

impl Shared {
    /// Puts a submission into the outbox, and has it submitted as soon as it is on disk.
    pub(super) fn put(
        &self,
        signed: SignedTransaction,
        trace: Option<TraceParent>,
        done: Done<Fate>,
    ) -> Result<(), Error> {
        let id = signed.id(self.trust.genesis().hash_suite);
        if let Some(receipt) = self.read(|copy| copy.receipt(&id))? {
            answer(done, Ok(Fate::Proven(Box::new(receipt))));
            return Ok(());
        }
        let new = Waits::of(&signed)?;
        // Held over both: what waits is in the outbox.
        let mut waiting = lock(&self.waiting);
        if waiting.transactions.len() >= MAX_WAITING && !waiting.transactions.contains_key(&id) {
            return Err(LEDGER_BUSY.error().with("limit", MAX_WAITING));
        }
        lock(&self.outbox).put(signed)?;
        // Whoever fails looks at those who wait afterwards.
        self.check_failed()?;
        let waits = waiting.transactions.entry(id).or_insert(new);
        // Those who gave up waiting are forgotten.
        waits.told.retain(|done| !done.is_canceled());
        waits.told.push(done);
        waits.trace = trace.or(waits.trace);
        drop(waiting);
        self.work.notify_all();
        Ok(())
    }

    /// Waits until everything in the outbox is on disk; one waits for the disk for all who wait.
    ///
    /// Errors: `file.io`, which ends everything: nobody knows any more what is on disk.
    pub(super) fn keep(&self) -> Result<(), Error> {
        let written = lock(&self.outbox).written();
        let mut kept = lock(&self.kept);
        if *kept >= written {
            return Ok(());
        }
        let (unsynced, written) = lock(&self.outbox).unsynced();
        match unsynced.sync() {
            Ok(()) => *kept = written,
            Err(error) => {
                let told = copy_of(&error);
                self.fail(error);
                return Err(told);
            }
        }
        Ok(())
    }

    /// Answers those of whom is certified what became of their submissions, or that nothing can any more.
    pub(super) fn settle(&self) -> Result<(), Error> {
        let asks = |(id, waits): (&Hash, &Waits)| (*id, waits.asks.clone());
        let waiting: Vec<(Hash, Asks)> = lock(&self.waiting).transactions.iter().map(asks).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let proven = self.read(|copy| match copy.proven_height() {
            Ok(height) => Ok(Some(copy.block(height)?.header.time)),
            Err(_) => Ok(None),
        })?;
        let mut blocks = Blocks::default();
        let mut settled = Vec::new();
        for (id, asks) in waiting {
            if let Some(fate) = self.fate(&mut blocks, &id)? {
                settled.push((id, Ok(fate)));
            } else if let Some(fate) = self.overtaken(&mut blocks, &id, &asks, proven)? {
                settled.push((id, fate));
            }
        }
        self.settled(settled)
    }

    /// What became of a transaction, if it is certified.
    fn fate(&self, blocks: &mut Blocks, id: &Hash) -> Result<Option<Fate>, Error> {
        let Some(position) = self.read(|copy| copy.position(id))? else { return Ok(None) };
        let receipts = blocks.receipts(self, position.height)?;
        Ok(receipts.map(|receipts| Fate::InBlock(receipts, position.index)))
    }

    /// What else became of a submission that is in no block: its key was used by another, or its time is over in a
    /// certified state that knows nothing of it.
    fn overtaken(
        &self,
        blocks: &mut Blocks,
        id: &Hash,
        Asks { author, key, valid_until }: &Asks,
        proven: Option<Timestamp>,
    ) -> Result<Option<Result<Fate, Error>>, Error> {
        let (used_by, contained) = self.read(|copy| Ok((copy.used_by(author, *key)?, copy.contains(id)?)))?;
        // What was used below the oldest block of this copy did not expire: only its receipt is elsewhere.
        let kept = self.read(|copy| Ok(used_by.map(|used| copy.check_kept(&used))))?;
        if let Some(Err(error)) = kept {
            return if error.code() == BLOCK_PRUNED.code { Ok(Some(Err(error))) } else { Err(error) };
        }
        if let Some(first) = used_by.filter(|first| first != id) {
            let Some(fate) = self.fate(blocks, &first)? else { return Ok(None) };
            let Some(signed) = lock(&self.outbox).get(id).cloned() else { return Ok(None) };
            let refused = self.read(|copy| Ok(copy.admits(&signed)))?.err();
            let conflict = refused.filter(|error| error.code() == TRANSACTION_KEY_CONFLICT.code);
            return Ok(Some(conflict.map_or(Ok(fate), Err)));
        }
        let Some(time) = proven.filter(|proven| !contained && proven > valid_until) else { return Ok(None) };
        // Nothing is a fact without its proof. After the copy was opened the next block makes it.
        match self.read(|copy| copy.answer_receipt(author, *key, *valid_until)) {
            Ok(_) => {
                let expired = TRANSACTION_EXPIRED.error().with("valid_until", valid_until).with("time", time);
                Ok(Some(Err(expired)))
            }
            Err(error) if error.code() == PROOF_TOO_OLD.code => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn settled(&self, settled: Vec<(Hash, Result<Fate, Error>)>) -> Result<(), Error> {
        let mut waiting = lock(&self.waiting);
        let told = settled.into_iter().map(|(id, fate)| {
            let waits = waiting.transactions.remove(&id);
            (id, waits.map(|waits| waits.told).unwrap_or_default(), fate)
        });
        let told: Vec<_> = told.collect();
        lock(&self.outbox).settle(told.iter().map(|(id, ..)| id))?;
        drop(waiting);
        for (_, told, fate) in told {
            for done in told {
                let next = match &fate {
                    Ok(Fate::InBlock(receipts, index)) => Ok(Fate::InBlock(Arc::clone(receipts), *index)),
                    Ok(Fate::Proven(receipt)) => Ok(Fate::Proven(receipt.clone())),
                    Err(error) => Err(copy_of(error)),
                };
                answer(done, next);
            }
        }
        Ok(())
    }

    /// Submits what is due, until the ledger is closed.
    pub(super) fn submit_all(&self) {
        while !self.stopping.load(Ordering::Acquire) {
            let (attempts, due) = self.due();
            if let Err(error) = self.submit(attempts, &due) {
                self.fail(error);
            }
        }
    }

    /// What is to be submitted now, and how often it was before; waits a while when there is nothing.
    fn due(&self) -> (usize, Vec<Hash>) {
        let now = Instant::now();
        let mut waiting = lock(&self.waiting);
        let due = |waits: &Waits| (waits.due <= now).then_some(waits.due);
        let all = waiting.transactions.iter();
        let mut all: Vec<(Instant, usize, Hash)> =
            all.filter_map(|(id, waits)| Some((due(waits)?, waits.attempts, *id))).collect();
        all.sort_unstable();
        let Some(attempts) = all.first().map(|(_, attempts, _)| *attempts) else {
            let waited = self.work.wait_timeout(waiting, Duration::from_millis(100));
            drop(waited.unwrap_or_else(PoisonError::into_inner));
            return (0, Vec::new());
        };
        let same = all.into_iter().filter(|(_, before, _)| *before == attempts).take(MAX_BATCH);
        let ids: Vec<Hash> = same.map(|(.., id)| id).collect();
        for id in &ids {
            if let Some(waits) = waiting.transactions.get_mut(id) {
                waits.due = now.checked_add(AGAIN).unwrap_or(now);
                waits.attempts = attempts.saturating_add(1);
            }
        }
        (attempts, ids)
    }

    /// Hands submissions over to the validator whose turn it is: what came meanwhile goes together.
    fn submit(&self, attempts: usize, ids: &[Hash]) -> Result<(), Error> {
        if ids.is_empty() {
            return Ok(());
        }
        self.keep()?;
        let waiting = lock(&self.waiting);
        let traces: Vec<_> =
            ids.iter().map(|id| waiting.transactions.get(id).and_then(|waits| waits.trace)).collect();
        drop(waiting);
        let outbox = lock(&self.outbox);
        let due = ids.iter().zip(traces).filter_map(|(id, trace)| {
            let signed = outbox.get(id)?.to_bytes();
            Some((*id, Handed { signed, trace }))
        });
        let due: Vec<Submitted> = due.collect();
        drop(outbox);
        let mut rest = due.as_slice();
        while let Some((batch, after)) =
            rest.split_at_checked(batch_of(rest)).filter(|(now, _)| !now.is_empty())
        {
            match batch {
                [(id, handed)] => self.submit_one(id, handed, attempts)?,
                several => self.submit_batch(several, attempts)?,
            }
            rest = after;
        }
        Ok(())
    }

    /// The validators, the one whose turn it is first: the healthiest, and another with each attempt. Those that rest
    /// come last.
    fn in_turn(&self, attempts: usize) -> Vec<String> {
        let (mut urls, well) = self.nodes.in_turn(Purpose::Submit);
        if let Some(well) = urls.get_mut(..well) {
            let first = attempts.checked_rem(well.len()).unwrap_or_default();
            well.rotate_left(first);
        }
        urls
    }

    /// Asks the validator whose turn it is, and the next one too when it is late: a repeat takes effect once.
    fn hand_over<T: Send + 'static>(
        &self,
        attempts: usize,
        ask: impl Fn(&Nodes, &str) -> Result<T, Failure> + Send + Sync + 'static,
        failed: impl FnMut(&str, Failure),
    ) -> Option<T> {
        let urls = self.in_turn(attempts);
        let answer = self.nodes.first_of(Purpose::Submit, &urls, ANSWER, &self.stopping, ask, failed);
        answer.map(|(_, answer)| answer)
    }

    /// Hands several over to the first validator that answers. What it refuses is handed over one by one.
    fn submit_batch(&self, batch: &[Submitted], attempts: usize) -> Result<(), Error> {
        let transactions: Vec<Handed> = batch.iter().map(|(_, handed)| handed.clone()).collect();
        let ask = move |nodes: &Nodes, url: &str| match nodes.submit_batch(url, &transactions) {
            Err(Failure::Refused(_)) => Ok(vec![false; transactions.len()]),
            other => other,
        };
        let Some(taken) = self.hand_over(attempts, ask, |_, _| {}) else { return Ok(()) };
        for ((id, handed), taken) in batch.iter().zip(taken) {
            if taken {
                self.taken(id);
            } else {
                self.submit_one(id, handed, attempts)?;
            }
        }
        Ok(())
    }

    /// Hands one over.
    fn submit_one(&self, id: &Hash, handed: &Handed, attempts: usize) -> Result<(), Error> {
        match self.submit_to_one(handed, attempts) {
            HandedOver::Taken => self.taken(id),
            HandedOver::Refused(refused) => self.refused(id, &refused)?,
            HandedOver::Unreached => {}
        }
        Ok(())
    }

    /// A validator took a submission.
    fn taken(&self, id: &Hash) {
        if let Some(waits) = lock(&self.waiting).transactions.get_mut(id) {
            waits.admitted = true;
            waits.admissions.drain(..).for_each(|told| {
                // Whoever waited may have given up.
                let _ = told.send(());
            });
        }
    }

    /// Submits to the first validator that takes it, another with each attempt.
    fn submit_to_one(&self, handed: &Handed, attempts: usize) -> HandedOver {
        let transaction = handed.clone();
        let ask = move |nodes: &Nodes, url: &str| nodes.submit(url, &transaction);
        let mut handed_over = HandedOver::Unreached;
        let taken = self.hand_over(attempts, ask, |_, failure| {
            // One may know less than the others, or lie: it takes all that answer to refuse.
            if let Failure::Refused(error) = failure {
                handed_over = HandedOver::Refused(error);
            }
        });
        taken.map_or(handed_over, |()| HandedOver::Taken)
    }

    /// A submission was refused before it came into a block. Only what no block can change is a fact; anything else is
    /// told to those who wait as what it is, and the submission stays until it is settled or its time is over.
    fn refused(&self, id: &Hash, error: &Error) -> Result<(), Error> {
        let Some(signed) = lock(&self.outbox).get(id).cloned() else { return Ok(()) };
        match self.read(|copy| Ok(copy.admits(&signed)))? {
            // The follower answers with the first.
            Err(own) if own.code() == TRANSACTION_REPEATED.code => self.settle(),
            Err(own) if own.code() == error.code() && FOR_EVER.contains(&own.code()) => {
                self.settled(vec![(*id, Err(own))])
            }
            // The follower answers once a certified block proves it.
            Err(own) if own.code() == TRANSACTION_EXPIRED.code => Ok(()),
            Err(own) if own.code() == error.code() => {
                let mut waiting = lock(&self.waiting);
                let told = waiting.transactions.get_mut(id).map(|waits| std::mem::take(&mut waits.told));
                drop(waiting);
                for done in told.into_iter().flatten() {
                    let refused = SUBMISSION_REFUSED.error().with("code", own.code()).with("reason", &own);
                    answer(done, Err(refused));
                }
                Ok(())
            }
            // This copy is behind, or the validator is: once more, later.
            _ => Ok(()),
        }
    }
}

/// How many go together, from the first on.
fn batch_of(due: &[Submitted]) -> usize {
    let mut room = MAX_BATCH_BYTES.saturating_sub(size_of::<u32>());
    let fit = due.iter().take_while(|(_, handed)| {
        let size = handed.signed.len().saturating_add(MAX_FRAME_BYTES);
        let left = room.checked_sub(size);
        room = left.unwrap_or_default();
        left.is_some()
    });
    // One that is longer goes alone.
    fit.count().max(1).min(due.len())
}

/// The receipts of blocks, each read once.
#[derive(Default)]
struct Blocks(HashMap<u64, Option<Arc<Receipts>>>);

impl Blocks {
    /// Those of a block, if it is certified what it came to.
    fn receipts(&mut self, shared: &Shared, height: u64) -> Result<Option<Arc<Receipts>>, Error> {
        if let Some(known) = self.0.get(&height) {
            return Ok(known.clone());
        }
        let receipts = shared.read(|copy| copy.receipts(height))?.map(Arc::new);
        self.0.insert(height, receipts.clone());
        Ok(receipts)
    }
}

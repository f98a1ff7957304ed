//! A submission on its way: each of its stages can be awaited, and giving up waiting takes nothing back.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::registry::TRANSACTION_EXPIRED;
use allonge_ledger::{Error, IdempotencyKey, Position, SignedTransaction, Transaction};
use allonge_protocol::TraceParent;
use allonge_trade::TradeOperation;
use serde::Serialize;

use crate::ledger::Ledger;
use crate::outcome::{Expired, Outcome, Unknown};
use crate::receipt::Receipt;
use crate::registry::{DEADLINE_EXCEEDED, INTERNAL, LEDGER_CLOSED};
use crate::wait::wait;
use crate::writer::{Fate, Pending};

/// Where a final block has a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ordered {
    /// The height of the block.
    pub height: u64,
    /// The place in the block, from 0.
    pub index: u32,
}

/// A transaction that was handed over: in the outbox of a connected ledger, with the writer of an embedded one.
///
/// It goes on whether or not somebody waits: dropping this, or a future of it, does not cancel it. Each stage can be
/// awaited more than once, and by several at a time; waiting for a later one does not need the earlier.
#[derive(Clone)]
pub struct Submission {
    ledger: Ledger,
    intent: Arc<Intent>,
    /// The answer to the hand-over, until somebody waits for it.
    first: Arc<Mutex<Option<Pending<Fate>>>>,
}

/// What was handed over.
#[derive(Debug)]
pub(crate) struct Intent {
    pub(crate) id: Hash,
    pub(crate) party: PartyId,
    pub(crate) key: IdempotencyKey,
    pub(crate) valid_until: Timestamp,
    pub(crate) signed: SignedTransaction,
    pub(crate) trace: Option<TraceParent>,
}

impl Intent {
    /// Errors: `transaction.malformed`.
    pub(crate) fn of(ledger: &Ledger, signed: SignedTransaction) -> Result<Self, Error> {
        let transaction: Transaction<TradeOperation> = signed.transaction()?;
        let Transaction { author: party, key, valid_until, .. } = transaction;
        let id = signed.id(ledger.trust().genesis().hash_suite);
        Ok(Intent { id, party, key, valid_until, signed, trace: None })
    }
}

impl Submission {
    /// Hands it over, for the first time or once more: it takes effect once.
    pub(crate) fn of(ledger: &Ledger, intent: Arc<Intent>) -> Result<Self, Error> {
        let pending = ledger.shared.submit(intent.signed.clone(), intent.trace)?;
        let first = Arc::new(Mutex::new(Some(pending)));
        Ok(Submission { ledger: ledger.clone(), intent, first })
    }

    /// Itself, once it is on disk.
    pub(crate) fn kept(self) -> Result<Self, Error> {
        self.ledger.shared.keep()?;
        Ok(self)
    }

    /// The transaction's id.
    pub fn transaction(&self) -> Hash {
        self.intent.id
    }

    /// Its idempotency key.
    pub fn key(&self) -> IdempotencyKey {
        self.intent.key
    }

    /// Waits until a validator took it to be ordered; in an embedded ledger its writer has it at once.
    ///
    /// Errors: `deadline.exceeded` after so many milliseconds; those of [`Submission::outcome`], of what is refused
    /// before.
    pub fn admitted(&self, deadline_ms: u64) -> Result<(), Error> {
        wait(self.admitted_async(), Duration::from_millis(deadline_ms))
    }

    /// As [`Submission::admitted`], without blocking the caller and without a deadline.
    pub fn admitted_async(&self) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        let submission = self.clone();
        async move {
            let Some(admitted) = submission.ledger.shared.admitted(&submission.intent.id)? else {
                return Ok(());
            };
            let mut admitted = pin!(admitted);
            let mut fate = Waited::new(&submission)?;
            let taken = std::future::poll_fn(|context| match admitted.as_mut().poll(context) {
                Poll::Ready(Ok(())) => Poll::Ready(None),
                // Settled meanwhile.
                Poll::Ready(Err(_)) | Poll::Pending => fate.poll(context).map(Some),
            });
            match taken.await {
                None => Ok(()),
                Some(fate) => match submission.outcome_of(fate)? {
                    Outcome::Expired(expired) => Err(expired.error()),
                    _ => Ok(()),
                },
            }
        }
    }

    /// Waits until it is in a final block, and says where: it, or the transaction that used its idempotency key first.
    ///
    /// Errors: `deadline.exceeded` after so many milliseconds; `transaction.expired`; those of
    /// [`Submission::outcome`].
    pub fn ordered(&self, deadline_ms: u64) -> Result<Ordered, Error> {
        wait(self.ordered_async(), Duration::from_millis(deadline_ms))
    }

    /// As [`Submission::ordered`], without blocking the caller and without a deadline.
    pub fn ordered_async(&self) -> impl Future<Output = Result<Ordered, Error>> + Send + use<> {
        let submission = self.clone();
        async move {
            let mut fate = Waited::new(&submission)?;
            loop {
                let mut block = pin!(submission.ledger.shared.next_block());
                if let Some(ordered) = submission.place(&submission.intent.id)? {
                    return Ok(ordered);
                }
                let next = std::future::poll_fn(|context| match fate.poll(context) {
                    Poll::Ready(fate) => Poll::Ready(Some(fate)),
                    Poll::Pending => match block.as_mut().poll(context) {
                        Poll::Ready(Ok(())) => Poll::Ready(None),
                        // There will be no other block: the fate says why.
                        Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
                    },
                });
                let Some(fate) = next.await else { continue };
                let outcome = submission.outcome_of(fate)?;
                if let Outcome::Expired(expired) = outcome {
                    return Err(expired.error());
                }
                let lacks = || INTERNAL.error().with("reason", "what is settled stands in no block");
                return submission.place(&outcome.transaction())?.ok_or_else(lacks);
            }
        }
    }

    /// Waits until it is executed and certified what it came to. After so many milliseconds the answer is
    /// [`Outcome::Unknown`], which can be resolved later.
    ///
    /// Errors: as of [`Session::submit`](crate::Session::submit).
    pub fn outcome(&self, deadline_ms: u64) -> Result<Outcome, Error> {
        match wait(self.outcome_async(), Duration::from_millis(deadline_ms)) {
            Err(error) if error.code() == DEADLINE_EXCEEDED.code => Ok(self.unknown(deadline_ms)),
            outcome => outcome,
        }
    }

    /// As [`Submission::outcome`], without blocking the caller and without a deadline.
    pub fn outcome_async(&self) -> impl Future<Output = Result<Outcome, Error>> + Send + use<> {
        let submission = self.clone();
        async move {
            let mut fate = Waited::new(&submission)?;
            let fate = std::future::poll_fn(|context| fate.poll(context)).await;
            submission.outcome_of(fate)
        }
    }

    /// The outcome for whoever gave up waiting after so many milliseconds: nothing is known, and how to learn it. It is
    /// answered once the submission is on disk, as it is long since but for the shortest time.
    pub fn unknown(&self, waited_ms: u64) -> Outcome {
        // A disk that fails is what every other call answers from then on, and so does resolving it.
        drop(self.ledger.shared.keep());
        Outcome::Unknown(Unknown::new(self.ledger.clone(), Arc::clone(&self.intent), waited_ms))
    }

    fn place(&self, id: &Hash) -> Result<Option<Ordered>, Error> {
        let position = self.ledger.shared.read(|ledger| ledger.position(id))?;
        Ok(position.map(|Position { index, height }| Ordered { height, index }))
    }

    /// The fact that a fate is, verified.
    fn outcome_of(&self, fate: Result<Fate, Error>) -> Result<Outcome, Error> {
        let trust = self.ledger.trust();
        let receipt = match fate {
            Ok(Fate::InBlock(block, index)) => block
                .receipt(trust.ledger(), index)
                .ok_or_else(|| INTERNAL.error().with("reason", "a block lacks its own transaction"))?,
            Ok(Fate::Proven(receipt)) => *receipt,
            // A simulated network gave up, after virtual time.
            Err(error) if error.code() == DEADLINE_EXCEEDED.code => {
                let waited_ms = error.detail("milliseconds").and_then(|waited| waited.parse().ok());
                return Ok(self.unknown(waited_ms.unwrap_or_default()));
            }
            Err(error) if error.code() == TRANSACTION_EXPIRED.code => {
                return self.expired()?.map(Outcome::Expired).ok_or(error);
            }
            Err(error) => return Err(error),
        };
        Outcome::proven(Receipt::new(receipt), trust)
    }

    /// That it never takes effect, if the ledger can prove it by now.
    fn expired(&self) -> Result<Option<Expired>, Error> {
        let Intent { id, ref party, key, valid_until, .. } = *self.intent;
        let proof = match self.ledger.shared.read(|ledger| ledger.answer_receipt(party, key, valid_until)) {
            Ok(proof) => proof,
            Err(error) if error.code().starts_with("proof.") || error.code() == "block.unknown" => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let proven = proof.verify(self.ledger.trust().ledger(), (party, key), valid_until)?;
        let (height, time, proof) = (proven.height, proven.time, proof.to_bytes());
        let expired =
            Expired { transaction: id, party: party.clone(), key, valid_until, height, time, proof };
        Ok((proven.settled && proven.answer.is_none()).then_some(expired))
    }
}

/// The fate of a submission, asked for. Whoever stops asking leaves it to the next.
struct Waited {
    pending: Option<Pending<Fate>>,
    first: Arc<Mutex<Option<Pending<Fate>>>>,
}

impl Waited {
    fn new(submission: &Submission) -> Result<Self, Error> {
        let first = Arc::clone(&submission.first);
        let handed_over = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let pending = match handed_over {
            Some(pending) => pending,
            // Another waits for it, or has it: a repeat gets the same answer.
            None => {
                let Intent { signed, trace, .. } = &*submission.intent;
                submission.ledger.shared.submit(signed.clone(), *trace)?
            }
        };
        Ok(Waited { pending: Some(pending), first })
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Fate, Error>> {
        let Some(pending) = self.pending.as_mut() else {
            return Poll::Ready(Err(INTERNAL.error().with("reason", "a fate was asked for twice")));
        };
        let polled = Pin::new(pending)
            .poll(context)
            .map(|answer| answer.unwrap_or_else(|_| Err(LEDGER_CLOSED.error())));
        if polled.is_ready() {
            self.pending = None;
        }
        polled
    }
}

impl Drop for Waited {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            *self.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(pending);
        }
    }
}

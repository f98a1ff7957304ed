//! Executing transactions: first whether one may enter a block, then what it does.

use crate::answers::{Answer, Answers, Bucket};
use crate::block::{MAX_BLOCK_BYTES, Refusal, TransactionResult, Verdict};
use crate::error::{Error, Phase};
use crate::party::Party;
use crate::past::{Reading, ResultReader};
use crate::policy::Policy;
use crate::registry::{
    BLOCK_FULL, PARTY_UNKNOWN, TRANSACTION_EXPIRED, TRANSACTION_KEY_CONFLICT, TRANSACTION_REPEATED,
    TRANSACTION_RESULT_TOO_LARGE, TRANSACTION_VALIDITY_TOO_LONG,
};
use crate::rules::{BlockContext, Context, Rules};
use crate::state::{Changes, Overlay, StateReader, Stored, read_record};
use crate::transaction::MAX_VALIDITY_MS;
use crate::verification::Verified;

/// The events of a transaction have at most this many bytes, so that its receipt can always be read.
pub const MAX_RESULT_BYTES: usize = 4 << 20;

/// A block being executed over a state.
pub struct Execution<'a, R: Rules> {
    rules: &'a R,
    block: BlockContext,
    overlay: Overlay<'a>,
    answers: Answers,
    results: Vec<TransactionResult<R::Event>>,
    /// How many bytes the results have so far, without what all of them have.
    result_bytes: usize,
    /// How many bytes of proposals the transactions have read so far, in vain or not.
    proposal_bytes: usize,
    reading: Reading,
}

/// What the transactions of a block came to.
#[derive(Debug)]
pub struct Effects<E> {
    /// What became of each.
    pub results: Vec<TransactionResult<E>>,
    /// The records that they wrote.
    pub changes: Changes,
    /// The idempotency keys that they used.
    pub answers: Answers,
}

impl<'a, R: Rules> Execution<'a, R> {
    /// Starts a block over the state below it.
    pub fn new(rules: &'a R, state: &'a dyn ResultReader, block: BlockContext) -> Self {
        let (answers, results) = (Answers::default(), Vec::new());
        let overlay = Overlay::new(state);
        let reading = Reading::default();
        Execution { rules, block, overlay, answers, results, result_bytes: 0, proposal_bytes: 0, reading }
    }

    /// Executes one transaction. An error means that it may not enter the block, and nothing changed;
    /// otherwise its result, be it a refusal by the rules, is part of the block.
    ///
    /// Errors: `transaction.*`, `signature.*`, `policy.unsatisfied`, `party.unknown`, `store.*`.
    pub fn push(&mut self, verified: &Verified<R::Operation>) -> Result<&TransactionResult<R::Event>, Error> {
        if self.result_bytes.max(self.proposal_bytes).max(self.reading.bytes) > MAX_BLOCK_BYTES {
            return Err(BLOCK_FULL.error());
        }
        let Verified { id, operations, transaction, .. } = verified;
        let id = *id;
        let answer_key = Answer::key(&(transaction.author.clone(), transaction.key));
        self.admit(verified, &answer_key)?;

        let applied = self.apply(verified).and_then(|events| {
            let verdict = Verdict::Committed { events };
            // Counted without writing them: they are written once, into the block.
            let bytes = borsh::object_length(&verdict).unwrap_or(usize::MAX);
            if bytes > MAX_RESULT_BYTES {
                let limit = MAX_RESULT_BYTES;
                return Err(TRANSACTION_RESULT_TOO_LARGE.error().with("bytes", bytes).with("limit", limit));
            }
            Ok((verdict, bytes))
        });
        let verdict = match applied {
            Ok((verdict, bytes)) => {
                self.overlay.commit_transaction();
                self.result_bytes = self.result_bytes.saturating_add(bytes);
                verdict
            }
            Err(error) => {
                self.overlay.discard_transaction();
                if error.entry().phase == Phase::Storage {
                    return Err(error);
                }
                Verdict::Rejected { refusal: Refusal::from(&error) }
            }
        };
        // A refusal uses the key up as well: whoever repeats the call learns the same fate.
        let answer = Answer { transaction: id, operations: *operations };
        self.answers.insert(answer_key, Bucket::of(transaction.valid_until), answer);
        Ok(self.results.push_mut(TransactionResult { transaction: id, verdict }))
    }

    /// What the block's transactions came to.
    pub fn finish(self) -> Effects<R::Event> {
        Effects { results: self.results, changes: self.overlay.into_changes(), answers: self.answers }
    }

    /// Whether the transaction may enter the block.
    fn admit(&self, verified: &Verified<R::Operation>, answer_key: &[u8]) -> Result<(), Error> {
        let Verified { operations, transaction, keys, .. } = verified;
        let author = &transaction.author;
        let party = read_record::<Party>(&self.overlay, author)?
            .ok_or_else(|| PARTY_UNKNOWN.error().with("party", author))?;
        let signers =
            keys.iter().map(|key| party.key_at(key, self.block.height)).collect::<Result<Vec<_>, Error>>()?;

        // Only its author learns what a key was used for.
        let used = match self.answers.get(answer_key) {
            Some(answer) => Some(answer.clone()),
            None => self.overlay.answer(answer_key)?,
        };
        if let Some(first) = used {
            let entry = if first.operations == *operations {
                &TRANSACTION_REPEATED
            } else {
                &TRANSACTION_KEY_CONFLICT
            };
            return Err(entry.error().with("key", transaction.key).with("first", first.transaction));
        }
        let (time, valid_until) = (self.block.time, transaction.valid_until);
        if valid_until < time {
            return Err(TRANSACTION_EXPIRED.error().with("valid_until", valid_until).with("time", time));
        }
        if time.plus_millis(MAX_VALIDITY_MS).is_some_and(|latest| valid_until > latest) {
            return Err(TRANSACTION_VALIDITY_TOO_LONG
                .error()
                .with("valid_until", valid_until)
                .with("time", time));
        }
        match read_record::<Policy>(&self.overlay, author)? {
            Some(policy) => policy.check(&signers, &transaction.operations),
            None => Ok(()),
        }
    }

    fn apply(
        &mut self,
        verified: &Verified<R::Operation>,
    ) -> Result<Vec<crate::operation::Event<R::Event>>, Error> {
        let Verified { id, transaction, keys, .. } = verified;
        let mut context = Context {
            state: &mut self.overlay,
            block: self.block,
            author: transaction.author.clone(),
            transaction: *id,
            keys,
            proposal_bytes: 0,
            earlier: &self.results,
            reading: &mut self.reading,
            reverses: false,
            events: Vec::new(),
        };
        let applied = (0..).zip(&transaction.operations).try_for_each(|(index, operation)| {
            operation.apply(self.rules, &mut context).map_err(|error| error.at_operation(index))
        });
        let Context { events, proposal_bytes, .. } = context;
        self.proposal_bytes = self.proposal_bytes.saturating_add(proposal_bytes);
        applied.map(|()| events)
    }
}

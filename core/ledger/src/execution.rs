//! Executing transactions: first whether one may enter a block, then what it does.

use allonge_crypto::Hash;
use allonge_finance::PartyId;

use crate::account::Account;
use crate::account_table::AccountTable;
use crate::answers::{Answer, Answers, Bucket};
use crate::block::{MAX_BLOCK_BYTES, Refusal, TransactionResult, Verdict};
use crate::error::{Error, Phase};
use crate::findings::{Finding, Findings};
use crate::index::Filed;
use crate::past::{Earlier, Reading, ResultReader};
use crate::registry::{
    BLOCK_FULL, PARTY_UNKNOWN, TRANSACTION_EXPIRED, TRANSACTION_KEY_CONFLICT, TRANSACTION_REPEATED,
    TRANSACTION_RESULT_TOO_LARGE, TRANSACTION_VALIDITY_TOO_LONG,
};
use crate::rules::{BlockContext, Context, Rules};
use crate::state::{Changes, Overlay, StateReader, Stored, append};
use crate::statement::bookings;
use crate::store::Booking;
use crate::transaction::MAX_VALIDITY_MS;
use crate::verification::Verified;

/// The events of a transaction have at most this many bytes, so that its receipt can always be read.
pub const MAX_RESULT_BYTES: usize = 4 << 20;

/// A block being executed over a state.
pub struct Execution<'a, R: Rules> {
    rules: &'a R,
    block: BlockContext,
    overlay: Overlay<'a>,
    effects: Effects,
    /// Where results are encoded, so that each takes as much memory as it has bytes.
    encoded: Vec<u8>,
    /// How many bytes the verdicts have so far.
    result_bytes: usize,
    /// How many bytes of proposals the transactions have read so far, in vain or not.
    proposal_bytes: usize,
    reading: Reading,
    findings: Findings,
}

/// What the transactions of a block came to.
#[derive(Debug, Default)]
pub struct Effects {
    /// The transactions, in their order. One that may not enter a block, and is in it all the same, has zeros for its id:
    /// its refusal says nothing of a transaction of that id which was or will be admitted.
    pub transactions: Vec<Hash>,
    /// The canonical bytes of the [`TransactionResult`] of each.
    pub results: Vec<Vec<u8>>,
    /// The records that they wrote.
    pub changes: Changes,
    /// The accounts among them, once more as they are.
    pub accounts: Vec<Account>,
    /// What the first of these were before.
    pub(crate) before: Vec<Account>,
    /// The idempotency keys that they used.
    pub answers: Answers,
    /// What they booked to accounts.
    pub bookings: Vec<Booking>,
    /// Who authored them.
    pub(crate) filed: Vec<(PartyId, Filed)>,
}

impl<'a, R: Rules> Execution<'a, R> {
    /// Starts a block over the state below it.
    pub fn new(rules: &'a R, state: &'a dyn ResultReader, block: BlockContext) -> Self {
        Self::over(rules, Overlay::new(state), block)
    }

    /// As [`new`](Execution::new), with accounts that were fetched from the state.
    pub(crate) fn with(
        rules: &'a R,
        state: &'a dyn ResultReader,
        accounts: AccountTable,
        block: BlockContext,
    ) -> Self {
        Self::over(rules, Overlay::with(state, accounts), block)
    }

    fn over(rules: &'a R, overlay: Overlay<'a>, block: BlockContext) -> Self {
        Execution {
            rules,
            block,
            overlay,
            effects: Effects::default(),
            encoded: Vec::new(),
            result_bytes: 0,
            proposal_bytes: 0,
            reading: Reading::default(),
            findings: Findings::default(),
        }
    }

    /// Keeps what the rules find, for [`findings`](Execution::findings).
    pub(crate) fn explaining(mut self) -> Self {
        self.findings = Findings::kept();
        self
    }

    /// What the rules found of the transactions since the last call.
    pub(crate) fn findings(&mut self) -> Vec<Finding> {
        self.findings.take()
    }

    /// Executes one transaction. An error means that it may not enter the block, and nothing changed;
    /// otherwise its result, be it a refusal by the rules, is part of the block.
    ///
    /// Errors: `transaction.*`, `signature.*`, `policy.unsatisfied`, `party.unknown`, `store.*`.
    pub fn push(&mut self, verified: &Verified<R::Operation>) -> Result<TransactionResult<R::Event>, Error> {
        if self.result_bytes.max(self.proposal_bytes).max(self.reading.bytes) > MAX_BLOCK_BYTES {
            return Err(BLOCK_FULL.error());
        }
        let answer_key = Answer::key(&(verified.transaction.author.clone(), verified.transaction.key));
        self.admit(verified, &answer_key)?;
        self.take(verified, answer_key)
    }

    /// Whether a transaction may enter the block.
    ///
    /// Errors: as of [`push`](Execution::push).
    pub fn admits(&self, verified: &Verified<R::Operation>) -> Result<(), Error> {
        self.admit(verified, &Answer::key(&(verified.transaction.author.clone(), verified.transaction.key)))
    }

    /// Executes one transaction that is in the block already: what may not enter a block leaves nothing but its
    /// refusal, and does not use its idempotency key.
    ///
    /// Errors: `store.*`.
    pub fn push_ordered(
        &mut self,
        verified: &Verified<R::Operation>,
    ) -> Result<TransactionResult<R::Event>, Error> {
        let error = match self.push(verified) {
            Err(error) if error.entry().phase != Phase::Storage => error,
            pushed => return pushed,
        };
        let verdict = Verdict::Rejected { refusal: Refusal::from(&error) };
        let result = TransactionResult { transaction: verified.id, verdict };
        self.encode(&result);
        self.effects.transactions.push(Hash::ZERO);
        self.effects.results.push(self.encoded.as_slice().to_vec());
        Ok(result)
    }

    /// The place that the next transaction gets in the block.
    fn next_place(&self) -> u32 {
        u32::try_from(self.effects.results.len()).unwrap_or(u32::MAX)
    }

    /// Executes a transaction that may enter the block.
    fn take(
        &mut self,
        verified: &Verified<R::Operation>,
        answer_key: Vec<u8>,
    ) -> Result<TransactionResult<R::Event>, Error> {
        let Verified { id, operations, transaction, .. } = verified;
        let id = *id;
        let applied = self.apply(verified).and_then(|events| {
            let result = TransactionResult { transaction: id, verdict: Verdict::Committed { events } };
            let bytes = self.encode(&result);
            if bytes > MAX_RESULT_BYTES {
                let limit = MAX_RESULT_BYTES;
                return Err(TRANSACTION_RESULT_TOO_LARGE.error().with("bytes", bytes).with("limit", limit));
            }
            self.result_bytes = self.result_bytes.saturating_add(bytes);
            Ok(result)
        });
        let result = match applied {
            Ok(result) => {
                self.overlay.commit_transaction();
                result
            }
            Err(error) => {
                self.overlay.discard_transaction();
                if error.entry().phase == Phase::Storage {
                    return Err(error);
                }
                let verdict = Verdict::Rejected { refusal: Refusal::from(&error) };
                let result = TransactionResult { transaction: id, verdict };
                self.encode(&result);
                result
            }
        };
        let index = self.next_place();
        let committed = matches!(result.verdict, Verdict::Committed { .. });
        self.effects.filed.push((transaction.author.clone(), Filed { index, transaction: id, committed }));
        self.effects.bookings.extend(bookings(&result.verdict, index));
        // A refusal uses the key up as well: whoever repeats the call learns the same fate.
        let answer = Answer { transaction: id, operations: *operations };
        self.effects.answers.insert(answer_key, Bucket::of(transaction.valid_until), answer);
        self.effects.transactions.push(id);
        self.effects.results.push(self.encoded.as_slice().to_vec());
        Ok(result)
    }

    /// Encodes a result, and answers how many bytes its verdict has.
    fn encode(&mut self, result: &TransactionResult<R::Event>) -> usize {
        self.encoded.clear();
        append(&mut self.encoded, result);
        self.encoded.len().saturating_sub(Hash::ZERO.as_bytes().len())
    }

    /// What the block's transactions came to.
    pub fn finish(self) -> Effects {
        let mut effects = self.effects;
        (effects.changes, effects.accounts, effects.before) = self.overlay.into_changes();
        effects
    }

    /// Whether the transaction may enter the block.
    fn admit(&self, verified: &Verified<R::Operation>, answer_key: &[u8]) -> Result<(), Error> {
        let Verified { operations, transaction, keys, .. } = verified;
        let author = &transaction.author;
        let known = self.overlay.author(author)?;
        let known = known.ok_or_else(|| PARTY_UNKNOWN.error().with("party", author))?;
        let signers = keys
            .iter()
            .map(|key| known.party.key_at(key, self.block.height))
            .collect::<Result<Vec<_>, Error>>()?;

        // Only its author learns what a key was used for.
        let used = match self.effects.answers.get(answer_key) {
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
        match &known.policy {
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
            earlier: Earlier { transactions: &self.effects.transactions, results: &self.effects.results },
            reading: &mut self.reading,
            findings: &mut self.findings,
            reverses: false,
            events: Vec::with_capacity(transaction.operations.len()),
        };
        let applied = (0..).zip(&transaction.operations).try_for_each(|(index, operation)| {
            context.findings.begin(index);
            operation.apply(self.rules, &mut context).map_err(|error| error.at_operation(index))
        });
        let Context { events, proposal_bytes, .. } = context;
        self.proposal_bytes = self.proposal_bytes.saturating_add(proposal_bytes);
        applied.map(|()| events)
    }
}

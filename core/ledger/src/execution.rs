//! Executing transactions: first whether one may enter a block, then what it does.

use allonge_crypto::Hash;
use allonge_finance::PartyId;
use borsh::{BorshDeserialize, BorshSerialize};

use crate::block::{MAX_BLOCK_BYTES, Refusal, TransactionResult, Verdict};
use crate::error::{Error, Phase};
use crate::party::Party;
use crate::registry::{
    BLOCK_FULL, PARTY_UNKNOWN, TRANSACTION_EXPIRED, TRANSACTION_KEY_CONFLICT, TRANSACTION_REPEATED,
    TRANSACTION_RESULT_TOO_LARGE, TRANSACTION_VALIDITY_TOO_LONG, TRANSACTION_WRONG_NETWORK,
};
use crate::rules::{BlockContext, Context, Rules};
use crate::state::{Changes, Overlay, StateReader, StateWriter, Stored, canonical, read_record};
use crate::transaction::{IdempotencyKey, MAX_VALIDITY_MS, SignedTransaction, Transaction};

/// What an idempotency key was used for, for ever.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize)]
pub struct Answer {
    /// The transaction that used it.
    pub transaction: Hash,
    /// A hash of its operations, so that a repeat can be told from a mistake.
    pub operations: Hash,
}

impl Stored for Answer {
    type Id = (PartyId, IdempotencyKey);
    const KIND: u8 = 0x05;
}

/// The events of a transaction have at most this many bytes, so that its receipt can always be read.
pub const MAX_RESULT_BYTES: usize = 4 << 20;

const OPERATIONS_DOMAIN: &str = "allonge/operations/1";

/// A block being executed over a state.
pub struct Execution<'a, R: Rules> {
    rules: &'a R,
    block: BlockContext,
    overlay: Overlay<'a>,
    results: Vec<TransactionResult<R::Event>>,
    /// How many bytes the results have so far, without what all of them have.
    result_bytes: usize,
}

impl<'a, R: Rules> Execution<'a, R> {
    /// Starts a block over the state below it.
    pub fn new(rules: &'a R, state: &'a dyn StateReader, block: BlockContext) -> Self {
        Execution { rules, block, overlay: Overlay::new(state), results: Vec::new(), result_bytes: 0 }
    }

    /// Executes one transaction. An error means that it may not enter the block, and nothing changed;
    /// otherwise its result, be it a refusal by the rules, is part of the block.
    ///
    /// Errors: `transaction.*`, `signature.*`, `party.unknown`, `store.*`.
    pub fn push(&mut self, signed: &SignedTransaction) -> Result<&TransactionResult<R::Event>, Error> {
        signed.check_limits()?;
        if self.result_bytes > MAX_BLOCK_BYTES {
            return Err(BLOCK_FULL.error());
        }
        let id = signed.id(self.block.suite);
        let transaction: Transaction<R::Operation> = signed.transaction()?;
        let operations = self.block.suite.hash(OPERATIONS_DOMAIN, &canonical(&transaction.operations));
        self.admit(signed, &id, &transaction, operations)?;

        let applied = self.apply(id, &transaction).and_then(|events| {
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
        let answer = Answer { transaction: id, operations };
        self.overlay.write(Answer::key(&(transaction.author, transaction.key)), canonical(&answer));
        self.overlay.commit_transaction();
        Ok(self.results.push_mut(TransactionResult { transaction: id, verdict }))
    }

    /// What the block's transactions came to, and what they wrote.
    pub fn finish(self) -> (Vec<TransactionResult<R::Event>>, Changes) {
        (self.results, self.overlay.into_changes())
    }

    /// Whether the transaction may enter the block.
    fn admit(
        &self,
        signed: &SignedTransaction,
        id: &Hash,
        transaction: &Transaction<R::Operation>,
        operations: Hash,
    ) -> Result<(), Error> {
        if transaction.network != self.block.network {
            return Err(TRANSACTION_WRONG_NETWORK
                .error()
                .with("given", transaction.network)
                .with("expected", self.block.network));
        }
        let author = &transaction.author;
        let party = read_record::<Party>(&self.overlay, author)?
            .ok_or_else(|| PARTY_UNKNOWN.error().with("party", author))?;
        for approval in &signed.approvals {
            party.check_key(&approval.key, self.block.height)?;
        }
        signed.check_signatures(&self.block.network, id, author)?;

        // Only its author learns what a key was used for.
        let used = read_record::<Answer>(&self.overlay, &(author.clone(), transaction.key))?;
        if let Some(first) = used {
            let entry = if first.operations == operations {
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
        Ok(())
    }

    fn apply(
        &mut self,
        id: Hash,
        transaction: &Transaction<R::Operation>,
    ) -> Result<Vec<crate::operation::Event<R::Event>>, Error> {
        let mut context = Context {
            state: &mut self.overlay,
            block: self.block,
            author: transaction.author.clone(),
            transaction: id,
            events: Vec::new(),
        };
        for (index, operation) in (0..).zip(&transaction.operations) {
            operation.apply(self.rules, &mut context).map_err(|error| error.at_operation(index))?;
        }
        Ok(context.events)
    }
}

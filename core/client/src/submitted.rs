//! What was signed before is submitted, and what was submitted before is found again.

use std::future::Future;
use std::sync::Arc;

use allonge_finance::PartyId;
use allonge_ledger::{Error, IdempotencyKey, Position, SignedTransaction};
use allonge_protocol::TraceParent;

use crate::ledger::Ledger;
use crate::outcome::{Outcome, Unknown};
use crate::receipt::Receipt;
use crate::registry::INTERNAL;
use crate::submission::{Intent, Submission};

impl Ledger {
    /// Submits a transaction that was signed before, as [`Session::prepare`](crate::Session::prepare) makes it, and
    /// waits for the outcome. What was submitted already is answered with its first outcome.
    ///
    /// Errors: as of [`Session::submit`](crate::Session::submit).
    pub fn submit(&self, signed: &[u8], deadline_ms: u64) -> Result<Outcome, Error> {
        self.hand_over(SignedTransaction::from_bytes(signed)?, None)?.outcome(deadline_ms)
    }

    /// As [`Ledger::submit`], without blocking the caller; the transaction is handed over before this returns, and
    /// dropping the future does not take it back.
    pub fn submit_async(&self, signed: &[u8]) -> impl Future<Output = Result<Outcome, Error>> + Send + use<> {
        let started = SignedTransaction::from_bytes(signed).and_then(|signed| self.hand_over(signed, None));
        async move { started?.outcome_async().await }
    }

    /// Hands a transaction over that was signed before, without waiting.
    ///
    /// Errors: as of [`Session::start`](crate::Session::start).
    pub fn start_signed(&self, signed: &[u8]) -> Result<Submission, Error> {
        self.hand_over(SignedTransaction::from_bytes(signed)?, None)?.kept()
    }

    /// Hands a transaction over. It is on disk before it leaves the process, not yet when this returns.
    pub(crate) fn hand_over(
        &self,
        signed: SignedTransaction,
        trace: Option<TraceParent>,
    ) -> Result<Submission, Error> {
        Submission::of(self, Arc::new(Intent { trace, ..Intent::of(self, signed)? }))
    }

    /// What was submitted from this directory and is not settled, also before a restart: the outbox of a connected
    /// ledger, in no order. An embedded ledger settles what it has before it is closed, and answers nothing.
    ///
    /// Errors: `process.forked`, `ledger.closed`.
    pub fn pending(&self) -> Result<Vec<Unknown>, Error> {
        self.shared.check_process()?;
        self.shared.unsettled().into_iter().map(|signed| self.unknown(signed)).collect()
    }

    /// What became of the transaction that used a party's idempotency key, for ever, whoever submitted it:
    /// [`Outcome::Unknown`] while it is in the outbox, or in a block whose result is not certified yet. None when the
    /// key was not used: [`Ledger::prove_answer`] proves that.
    ///
    /// Errors: `block.pruned` when it was used and the block is not kept here; `process.forked`, `ledger.closed`, `store.*`.
    pub fn outcome(&self, party: &PartyId, key: IdempotencyKey) -> Result<Option<Outcome>, Error> {
        let used_by = self.shared.read(|ledger| ledger.used_by(party, key))?;
        let Some(transaction) = used_by else {
            let mut pending = self.pending()?.into_iter();
            let same = |unknown: &Unknown| unknown.key() == key && unknown.party() == party;
            return Ok(pending.find(same).map(Outcome::Unknown));
        };
        self.shared.read(|ledger| ledger.check_kept(&transaction))?;
        if let Some(receipt) = self.shared.read(|ledger| ledger.receipt(&transaction))? {
            return Outcome::proven(Receipt::new(receipt), self.trust()).map(Some);
        }
        let signed = self.shared.read(|ledger| {
            let Some(Position { height, index }) = ledger.position(&transaction)? else { return Ok(None) };
            let block = ledger.block(height)?;
            let place = usize::try_from(index).ok();
            let bytes = place.and_then(|place| block.transactions.get(place));
            bytes.map(|bytes| SignedTransaction::from_bytes(bytes)).transpose()
        })?;
        let lacks = || INTERNAL.error().with("reason", "a used key names no transaction");
        self.unknown(signed.ok_or_else(lacks)?).map(Outcome::Unknown).map(Some)
    }

    fn unknown(&self, signed: SignedTransaction) -> Result<Unknown, Error> {
        Ok(Unknown::new(self.clone(), Arc::new(Intent::of(self, signed)?), 0))
    }
}

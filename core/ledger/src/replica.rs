//! A validator's copy of the ledger: blocks come ordered and final, and are executed afterwards.
//!
//! A header says what the newest blocks came to that were executed when it was proposed, so each validator compares
//! what others executed with what it did itself before it votes.

use std::path::Path;

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};

use crate::answers::Answer;
use crate::block::{Header, list_root, list_tree};
use crate::certificate::Certificate;
use crate::chain::Tip;
use crate::disk::Disk;
use crate::embedded::Embedded;
use crate::epoch::Epochs;
use crate::error::Error;
use crate::execution::Execution;
use crate::genesis::Genesis;
use crate::recovery::{Flaw, execute_ordered};
use crate::registry::{BLOCK_NOT_NEXT, STORE_FAILED};
use crate::rules::Rules;
use crate::state::{StateReader, Stored};
use crate::store::Settings;
use crate::transaction::{IdempotencyKey, SignedTransaction};
use crate::upgrade::version_in_force;

/// Whether a proposed header says the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It does.
    True,
    /// It does not, and never will.
    False(&'static str),
    /// It says what a block came to that was not executed here yet: ask again after that height.
    After(u64),
}

impl<R: Rules> Embedded<R> {
    /// Creates a validator's copy in a directory that exists and holds none.
    ///
    /// Errors: `genesis.invalid`, `store.*`.
    pub fn create_replica(
        disk: &dyn Disk,
        directory: &Path,
        genesis: Genesis,
        rules: R,
        settings: Settings,
    ) -> Result<Self, Error> {
        Self::create_with(disk, directory, genesis, rules, None, settings)
    }

    /// Opens the validator's copy of a directory.
    ///
    /// Errors: `store.*`, `genesis.invalid`.
    pub fn open_replica(
        disk: &dyn Disk,
        directory: &Path,
        rules: R,
        settings: Settings,
    ) -> Result<Self, Error> {
        Self::open_with(disk, directory, rules, None, settings)
    }

    /// What the next block follows from.
    pub fn tip(&self) -> &Tip {
        self.machine().chain.tip()
    }

    /// The epochs that the newest state knows of.
    pub fn epochs(&self) -> &Epochs {
        &self.machine().epochs
    }

    /// Checks that a header is certified by the roster of its epoch, as the newest state names it.
    ///
    /// Errors: `receipt.invalid`.
    pub fn verify_header(&self, header: &Header, certificate: &Certificate) -> Result<(), Error> {
        self.machine().verify_header(self.trust(), header, certificate)
    }

    /// The header of a block that would follow from a header that is not below the newest executed block: with the
    /// rules in force, and what was executed since that header. Nothing when it is too far ahead of what was executed
    /// here, or was left behind.
    ///
    /// Errors: `rules.unknown`, `store.*`.
    pub fn propose(
        &self,
        parent: &Tip,
        time: Timestamp,
        transactions: &[Vec<u8>],
    ) -> Result<Option<Header>, Error> {
        let version = self.version_at(parent.height.saturating_add(1))?;
        let Some(executed) = self.machine().chain.executed_since(parent.executed) else { return Ok(None) };
        let suite = self.trust().genesis().hash_suite;
        let body_root = list_root(suite, &list_tree(suite, transactions));
        let next_roster = self.epochs().next_roster(parent.height.saturating_add(1));
        let header = parent.next_header(self.trust(), time, version, body_root, executed, next_roster);
        Ok(parent.check_next(self.trust(), &header).is_ok().then_some(header))
    }

    /// Whether a header that would follow from another says the truth of its transactions, of the rules in force and of
    /// what was executed.
    ///
    /// Errors: `rules.unknown`, `store.*`.
    pub fn judge(&self, parent: &Tip, header: &Header, transactions: &[Vec<u8>]) -> Result<Judgement, Error> {
        if let Err(reason) = parent.check_next(self.trust(), header) {
            return Ok(Judgement::False(reason));
        }
        if !header.is_of(self.trust().genesis().hash_suite, transactions) {
            return Ok(Judgement::False("a block has other transactions"));
        }
        match self.machine().chain.judge(parent.executed, header.executed) {
            None => return Ok(Judgement::After(header.executed.height)),
            Some(false) => return Ok(Judgement::False("a header says what executing did not come to")),
            Some(true) => {}
        }
        if let Err(reason) = self.machine().check_epoch(header) {
            return Ok(Judgement::False(reason));
        }
        if header.rules_version != self.version_at(header.height)? {
            return Ok(Judgement::False("a block is by rules that are not in force"));
        }
        Ok(Judgement::True)
    }

    /// Executes the next block, which is final, and makes it durable. Whoever made it final has verified its
    /// signatures.
    ///
    /// Errors: `block.not_next`, `rules.unknown`, `store.*`. After `store.*` it takes no more until it is opened again.
    pub fn execute(
        &mut self,
        header: Header,
        certificate: Option<Certificate>,
        transactions: Vec<Vec<u8>>,
    ) -> Result<(), Error> {
        self.check_not_failed()?;
        let not_next =
            |reason: &str| BLOCK_NOT_NEXT.error().with("height", header.height).with("reason", reason);
        self.tip().check_next(self.trust(), &header).map_err(not_next)?;
        self.machine().check_epoch(&header).map_err(not_next)?;
        let verified = transactions.iter().map(|bytes| {
            SignedTransaction::from_bytes(bytes).and_then(|signed| self.machine().verifier.trust(&signed))
        });
        let verified = verified.collect::<Result<Vec<_>, Error>>()?;
        let past = self.log_reader();
        let (context, effects) =
            execute_ordered(self.rules(), self.trust(), self.machine(), &past, &header, &verified)
                .map_err(|flaw: Flaw| flaw.into_error(not_next))?;
        self.write(context, effects, transactions, |ledger, body_root, own| {
            // What other validators executed, and this one did not, is a reason to stop before it spreads.
            let differs = |reason: &str| STORE_FAILED.error().with("reason", reason);
            if header.body_root != body_root {
                return Err(differs("a block has other transactions"));
            }
            ledger.machine().chain.check_executed(&header, own).map_err(differs)?;
            Ok((header, certificate))
        })
    }

    fn version_at(&self, height: u64) -> Result<u32, Error> {
        version_in_force::<R>(&self.machine().store, self.trust().genesis(), height)
    }

    /// Whether a transaction may enter a block after the newest one: everything that needs the state, but not what it
    /// does.
    ///
    /// Errors: `transaction.*`, `signature.*`, `policy.unsatisfied`, `party.unknown`, `store.*`.
    pub fn admits(&self, candidate: &SignedTransaction) -> Result<(), Error> {
        let context = self.next_context(self.time())?;
        let verified = self.machine().verifier.verify_one(candidate)?;
        let archive = self.archive();
        Execution::new(self.rules(), &archive, context).admits(&verified)
    }

    /// The transaction that used an idempotency key of a party, if one did.
    ///
    /// Errors: `store.*`.
    pub fn used_by(&self, author: &PartyId, key: IdempotencyKey) -> Result<Option<Hash>, Error> {
        let answer = self.machine().store.answer(&Answer::key(&(author.clone(), key)))?;
        Ok(answer.map(|answer| answer.transaction))
    }

    /// Checks that the block of a transaction that is known to be in one is kept.
    ///
    /// Errors: `block.pruned`, `store.*`.
    pub fn check_kept(&self, transaction: &Hash) -> Result<(), Error> {
        let oldest = self.oldest_height();
        if oldest > 1 && self.position(transaction)?.is_none() {
            return Err(self.pruned(oldest.saturating_sub(1), oldest));
        }
        Ok(())
    }

    /// Whether a transaction was admitted to a block.
    ///
    /// Errors: `store.*`.
    pub fn contains(&self, transaction: &Hash) -> Result<bool, Error> {
        Ok(self.position(transaction)?.is_some())
    }
}

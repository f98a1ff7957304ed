//! The state of a ledger as its blocks leave it: records, trees and the chain of headers, moved on together.

use std::collections::VecDeque;
use std::sync::Arc;

use allonge_crypto::{Hash, HashSuite};

use crate::answers::{Answers, Bucket, OpenBuckets};
use crate::block::{Executed, Header};
use crate::certificate::Certificate;
use crate::chain::Chain;
use crate::epoch::{Epoch, Epochs};
use crate::error::Error;
use crate::execution::Effects;
use crate::index;
use crate::log::Place;
use crate::receipt::Trust;
use crate::registry::{RECEIPT_INVALID, STORE_FAILED};
use crate::rules::{BlockContext, Rules};
use crate::state::{Changes, Stored};
use crate::store::{Store, Writes};
use crate::tree::{StateTree, StateTreeFull, StateTreeLoader, Undo};
use crate::verification::Verifier;
use crate::workers::Workers;

/// What is proven stays provable at this many heights below the newest, unless so much was written that memory
/// is short.
pub const RECENT_HEIGHTS: usize = 256;
const RECENT_BYTES: usize = 64 << 20;

/// What the blocks so far came to.
pub(crate) struct Machine {
    suite: HashSuite,
    pub(crate) verifier: Verifier,
    pub(crate) workers: Arc<Workers>,
    pub(crate) store: Store,
    pub(crate) tree: StateTree,
    pub(crate) buckets: OpenBuckets,
    pub(crate) chain: Chain,
    pub(crate) epochs: Epochs,
    /// What takes back each of the newest blocks, the newest first.
    recent: VecDeque<Undo>,
    recent_bytes: usize,
}

impl Machine {
    pub(crate) fn new(
        trust: &Trust,
        store: Store,
        tree: StateTree,
        buckets: OpenBuckets,
        chain: Chain,
        workers: Arc<Workers>,
    ) -> Self {
        Machine {
            suite: trust.genesis().hash_suite,
            verifier: Verifier::new(trust.genesis().hash_suite, trust.network()),
            workers,
            store,
            tree,
            buckets,
            epochs: Epochs::of(trust.genesis()),
            chain,
            recent: VecDeque::new(),
            recent_bytes: 0,
        }
    }

    /// The state of the genesis, in a new store.
    pub(crate) fn first<R: Rules>(
        trust: &Trust,
        mut store: Store,
        workers: &Workers,
    ) -> Result<(StateTree, Store), Error> {
        let state = trust.genesis().initial_state()?;
        let tree = first_tree(trust, workers, &state)?;
        let index = index::first_writes::<R>(&store, trust.genesis().created, &state)?;
        let writes = Writes {
            changes: &state,
            accounts: Vec::new(),
            superseded: store.superseded_by(&state, &[], Vec::new())?,
            answers: &Answers::default(),
            transactions: &[],
            bookings: &[],
            filed: Vec::new(),
            index,
        };
        store.apply(Chain::new(trust, tree.root()).applied(trust), writes)?;
        Ok((tree, store))
    }

    /// The root of the state of the genesis.
    pub(crate) fn first_root(trust: &Trust, workers: &Workers) -> Result<Hash, Error> {
        Ok(first_tree(trust, workers, &trust.genesis().initial_state()?)?.root())
    }

    /// Brings the trees to what a block wrote, and answers the state root. The roots of the buckets are added to
    /// the changes.
    pub(crate) fn take_over(
        &mut self,
        context: BlockContext,
        answers: &Answers,
        changes: &mut Changes,
    ) -> Result<Hash, Error> {
        self.buckets.update(context.suite, &self.workers, context.time, answers, changes).map_err(full)?;
        let undo = self.tree.update(&self.workers, &*changes).map_err(full)?;
        self.recent_bytes = self.recent_bytes.saturating_add(undo.memory());
        self.recent.push_front(undo);
        while self.recent.len() > RECENT_HEIGHTS
            || (self.recent_bytes > RECENT_BYTES && self.recent.len() > 1)
        {
            let oldest = self.recent.pop_back().map_or(0, |undo| undo.memory());
            self.recent_bytes = self.recent_bytes.saturating_sub(oldest);
        }
        Ok(self.tree.root())
    }

    /// The state root that [`take_over`](Machine::take_over) would lead to.
    pub(crate) fn preview(&self, answers: &Answers, mut changes: Changes) -> Result<Hash, Error> {
        self.buckets.preview(self.suite, &self.workers, answers, &mut changes).map_err(full)?;
        self.tree.root_with(&self.workers, &changes).map_err(full)
    }

    /// What a block writes to the store. Everything that has to be read for it is read here, before the block is in
    /// the log.
    pub(crate) fn writes<'a, R: Rules>(
        &self,
        context: BlockContext,
        effects: &'a mut Effects,
    ) -> Result<Writes<'a>, Error> {
        let index = index::writes::<R>(&self.store, context, &effects.changes)?;
        let before = std::mem::take(&mut effects.before);
        let superseded = self.store.superseded_by(&effects.changes, &effects.accounts, before)?;
        let Effects { transactions, changes, accounts, answers, bookings, filed, .. } = effects;
        Ok(Writes {
            changes,
            accounts: std::mem::take(accounts),
            superseded,
            answers,
            transactions,
            bookings,
            filed: std::mem::take(filed),
            index,
        })
    }

    /// Whether a header names the roster of the next epoch, or none, as the state says.
    pub(crate) fn check_epoch(&self, header: &Header) -> Result<(), &'static str> {
        if header.next_roster == self.epochs.next_roster(header.height) {
            return Ok(());
        }
        Err("a header names another next roster than was approved")
    }

    /// Checks that a header is certified by the roster of its epoch, as the state names it.
    pub(crate) fn verify_header(
        &self,
        trust: &Trust,
        header: &Header,
        certificate: &Certificate,
    ) -> Result<(), Error> {
        let unknown = || RECEIPT_INVALID.error().with("part", "epoch");
        let epoch = self.epochs.get(header.epoch).ok_or_else(unknown)?;
        trust.verify_by(&epoch.roster, header, certificate)
    }

    /// Moves on to a block that is durable and came to `own`.
    pub(crate) fn finish(
        &mut self,
        trust: &Trust,
        header: Header,
        own: Executed,
        place: Place,
        writes: Writes<'_>,
    ) -> Result<(), Error> {
        let scheduled = writes.changes.iter().any(|(key, _)| key.first() == Some(&Epoch::KIND));
        self.chain.push(trust, header, own, place);
        self.store.apply(self.chain.applied(trust), writes)?;
        if scheduled { self.epochs.catch_up(&self.store) } else { Ok(()) }
    }

    /// What takes back the blocks above a height, the newest first; nothing when it is too long ago.
    pub(crate) fn since(&self, height: u64) -> Option<Vec<&Undo>> {
        let blocks = usize::try_from(self.chain.height().checked_sub(height)?).ok()?;
        (blocks <= self.recent.len()).then(|| self.recent.iter().take(blocks).collect())
    }

    /// The tree of a bucket as it was after the block of a height, from disk.
    pub(crate) fn bucket_at(&self, bucket: Bucket, height: u64) -> Result<StateTree, Error> {
        bucket_tree(&self.store, self.suite, &self.workers, bucket, height)
    }
}

/// The tree of the genesis, whose state this is.
fn first_tree(trust: &Trust, workers: &Workers, state: &Changes) -> Result<StateTree, Error> {
    let mut tree = StateTree::new(trust.genesis().hash_suite);
    tree.update(workers, state).map_err(full)?;
    Ok(tree)
}

/// The tree of a bucket after the block of a height, from what the store has of it.
pub(crate) fn bucket_tree(
    store: &Store,
    suite: HashSuite,
    workers: &Workers,
    bucket: Bucket,
    height: u64,
) -> Result<StateTree, Error> {
    let mut tree = StateTreeLoader::new(suite, workers);
    store.bucket(bucket, height, |key, value| tree.push(key, value).map_err(full))?;
    tree.finish().map_err(full)
}

pub(crate) fn full(error: StateTreeFull) -> Error {
    STORE_FAILED.error().with("reason", error).because(error)
}

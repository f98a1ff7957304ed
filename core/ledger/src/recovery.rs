//! Opening a ledger: what the log has, the state is brought up to.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;

use crate::answers::{Bucket, OpenBuckets};
use crate::block::{Executed, Header};
use crate::chain::Chain;
use crate::embedded::{Block, LogEntry, read_block, remove_directory};
use crate::error::Error;
use crate::execution::{Effects, Execution};
use crate::index;
use crate::log::{Log, LogReader, Place};
use crate::machine::{Machine, bucket_tree, full};
use crate::past::Archive;
use crate::receipt::Trust;
use crate::registry::{RULES_UNKNOWN, damaged};
use crate::rules::{BlockContext, Rules};
use crate::state::from_canonical;
use crate::store::{Settings, Store};
use crate::transaction::SignedTransaction;
use crate::tree::{StateTree, StateTreeLoader};
use crate::upgrade::version_in_force;
use crate::verification::Verified;
use crate::workers::Workers;

/// Why a store does not serve.
enum Lag {
    /// It has applied blocks that the log does not have.
    LogBehind(Error),
    /// It can be made anew.
    Unusable(Error),
}

impl From<Error> for Lag {
    fn from(error: Error) -> Self {
        Lag::Unusable(error)
    }
}

/// What is needed to read a log.
pub(crate) struct Recovery<'a, R> {
    pub(crate) rules: &'a R,
    pub(crate) trust: &'a Trust,
    pub(crate) log_path: &'a Path,
    pub(crate) store_path: &'a Path,
    pub(crate) settings: Settings,
}

impl<R: Rules> Recovery<'_, R> {
    /// Reads the log from where the store stands, checks that each header follows from the one below and fits its
    /// block and that the last is certified, and executes the blocks again; each root must be its header's.
    ///
    /// The store is a cache: whatever is wrong with it, the log has the truth, and it is made anew. Only when it
    /// has applied what the log no longer has, the log lost an acknowledged block, and stays as it was found.
    pub(crate) fn run(&self, log: &mut Log, workers: Arc<Workers>) -> Result<Machine, Error> {
        match self.catch_up(log, &workers) {
            Ok(machine) => return Ok(machine),
            Err(Lag::LogBehind(error)) => return Err(error),
            // There was nothing but the log, or it is not the store's fault.
            Err(Lag::Unusable(error)) if !self.store_path.exists() || error.code() == RULES_UNKNOWN.code => {
                return Err(error);
            }
            Err(Lag::Unusable(_)) => remove_directory(self.store_path)?,
        }
        self.catch_up(log, &workers).map_err(|(Lag::LogBehind(error) | Lag::Unusable(error))| error)
    }

    fn catch_up(&self, log: &mut Log, workers: &Arc<Workers>) -> Result<Machine, Lag> {
        let (store, tree, buckets, chain, newest) = self.start(log, workers)?;
        let mut machine = Machine::new(self.trust, store, tree, buckets, chain, Arc::clone(workers));
        machine.epochs.catch_up(&machine.store)?;
        if let Some(block) = newest {
            self.check_certified(&machine, &block)?;
        }
        self.replay(log, &mut machine)?;
        Ok(machine)
    }

    /// What the store has, with the trees over it.
    #[expect(clippy::type_complexity, reason = "it is taken apart where it is called")]
    fn start(
        &self,
        log: &Log,
        workers: &Workers,
    ) -> Result<(Store, StateTree, OpenBuckets, Chain, Option<Arc<Block>>), Lag> {
        let genesis = self.trust.genesis();
        let store = Store::open(self.store_path, self.settings)?;
        let Some(applied) = store.applied().cloned() else {
            let (tree, store) = Machine::first::<R>(self.trust, store, workers)?;
            let chain = Chain::new(self.trust, tree.root());
            return Ok((store, tree, OpenBuckets::default(), chain, None));
        };
        let unusable = |reason| Lag::Unusable(damaged(self.store_path, reason));
        if applied.network != self.trust.network() {
            return Err(unusable("it is of another ledger"));
        }
        if !index::is_current::<R>(&store)? {
            return Err(unusable("its index is by other rules"));
        }
        let lost = || damaged(self.log_path, "it lacks acknowledged blocks, which the state beside it has");
        let newest = if applied.height == 0 {
            None
        } else {
            let block = read_block(log, self.log_path, applied.place)
                .map_err(|error| Lag::LogBehind(lost().because(error)))?;
            if block.header.height != applied.height {
                return Err(Lag::LogBehind(lost()));
            }
            Some(block)
        };
        let expected = match &newest {
            Some(block) => block.state_root,
            None => Machine::first_root(self.trust, workers)?,
        };
        let mut tree = StateTreeLoader::new(genesis.hash_suite, workers);
        store.scan(|key, value| tree.push(key, value).map_err(full))?;
        let tree = tree.finish().map_err(full)?;
        if tree.root() != expected {
            return Err(unusable("its root is not that of the block up to which it came"));
        }
        let time = newest.as_ref().map_or(genesis.created, |block| block.header.time);
        let mut buckets = OpenBuckets::default();
        for bucket in store.buckets(Bucket::of(time))? {
            buckets.insert(bucket, bucket_tree(&store, genesis.hash_suite, workers, bucket, u64::MAX)?);
        }
        let chain = match &newest {
            Some(block) => {
                let unproven = self.unproven(log, &store, block)?;
                Chain::resume(genesis.hash_suite, &applied, block.header.clone(), unproven)
            }
            None => Chain::new(self.trust, expected),
        };
        Ok((store, tree, buckets, chain, newest))
    }

    /// What the newest blocks came to of which the header of the newest does not say it.
    fn unproven(&self, log: &Log, store: &Store, newest: &Block) -> Result<VecDeque<Executed>, Error> {
        let suite = self.trust.genesis().hash_suite;
        let known = newest.header.executed.height;
        let executed = |height| {
            let place = store.place(height)?.ok_or_else(|| damaged(self.log_path, "a block is missing"))?;
            Ok(read_block(log, self.log_path, place)?.executed(suite))
        };
        (known.saturating_add(1)..=newest.header.height).map(executed).collect()
    }

    /// Applies what the log has beyond the store. The newest block is applied last, when it is known to be durable
    /// and certified: neither the store nor anybody may hear of a block that could still vanish.
    fn replay(&self, log: &mut Log, machine: &mut Machine) -> Result<(), Lag> {
        let from = machine.chain.applied(self.trust);
        let past = log.reader();
        let mut waiting: Option<(Place, Arc<Block>)> = None;
        let mut first = true;
        log.scan(from.place, |place, payload| {
            // It is known already.
            if std::mem::take(&mut first) {
                return Ok(());
            }
            if let Some((place, block)) = waiting.take() {
                self.apply(machine, &past, place, &block)?;
            }
            match from_canonical(payload) {
                Ok(LogEntry::Block(block)) => waiting = Some((place, block)),
                Ok(LogEntry::Genesis(_)) => {
                    return Err(damaged(self.log_path, "a second genesis stands in it"));
                }
                Err(error) => return Err(damaged(self.log_path, "a block cannot be read").because(error)),
            }
            Ok(())
        })?;
        if let Some((_, block)) = &waiting {
            self.check_certified(machine, block)?;
        }
        log.persist_newest()?;
        if let Some((place, block)) = waiting {
            self.apply(machine, &past, place, &block)?;
        }
        Ok(())
    }

    /// Of a validator's block that a later one made final there is no certificate.
    fn check_certified(&self, machine: &Machine, block: &Block) -> Result<(), Error> {
        let Some(certificate) = &block.certificate else { return Ok(()) };
        machine
            .verify_header(self.trust, &block.header, certificate)
            .map_err(|error| damaged(self.log_path, "its last block is not certified").because(error))
    }

    /// Whoever certified the block has verified its signatures.
    fn apply(
        &self,
        machine: &mut Machine,
        past: &LogReader,
        place: Place,
        block: &Block,
    ) -> Result<(), Error> {
        let verified = block.transactions.iter().map(|bytes| {
            SignedTransaction::from_bytes(bytes).and_then(|signed| machine.verifier.trust(&signed))
        });
        let verified = verified.collect::<Result<Vec<_>, Error>>()?;
        replay(self.rules, self.trust, machine, past, place, block, &verified)
            .map_err(|flaw| flaw.into_error(|reason| damaged(self.log_path, reason)))
    }
}

/// Why a block is not what it says.
pub(crate) enum Flaw {
    /// It differs from what it should be.
    Differs(&'static str),
    /// It could not be executed.
    Failed(Error),
}

impl From<Error> for Flaw {
    fn from(error: Error) -> Self {
        Flaw::Failed(error)
    }
}

impl Flaw {
    pub(crate) fn into_error(self, differs: impl FnOnce(&'static str) -> Error) -> Error {
        match self {
            Flaw::Differs(reason) => differs(reason),
            Flaw::Failed(error) => error,
        }
    }
}

/// Executes a block again, by the rules that were in force, and moves on to it: it must be the next, and have the
/// results and the root that it says. It stands at `place` of the log that `past` reads, behind those before it.
pub(crate) fn replay<R: Rules>(
    rules: &R,
    trust: &Trust,
    machine: &mut Machine,
    past: &LogReader,
    place: Place,
    block: &Block,
    verified: &[Verified<R::Operation>],
) -> Result<(), Flaw> {
    machine.chain.check_next(block, trust).map_err(Flaw::Differs)?;
    machine.check_epoch(&block.header).map_err(Flaw::Differs)?;
    let (context, mut effects) = execute_ordered(rules, trust, machine, past, &block.header, verified)?;
    if effects.results != block.results {
        return Err(Flaw::Differs("executing a block again gives other results"));
    }
    let root = machine.take_over(context, &effects.answers, &mut effects.changes)?;
    if root != block.state_root {
        return Err(Flaw::Differs("executing a block again gives another state"));
    }
    let own = block.executed(context.suite);
    machine.chain.check_executed(&block.header, own).map_err(Flaw::Differs)?;
    let writes = machine.writes::<R>(context, &mut effects)?;
    Ok(machine.finish(trust, block.header.clone(), own, place, writes)?)
}

/// Executes the transactions of a block that is in order already, by the rules that were in force.
pub(crate) fn execute_ordered<R: Rules>(
    rules: &R,
    trust: &Trust,
    machine: &Machine,
    past: &LogReader,
    header: &Header,
    verified: &[Verified<R::Operation>],
) -> Result<(BlockContext, Effects), Flaw> {
    let version = version_in_force::<R>(&machine.store, trust.genesis(), header.height)?;
    if header.rules_version != version {
        return Err(Flaw::Differs("a block is by rules that were not in force"));
    }
    let context = BlockContext {
        network: trust.network(),
        suite: trust.genesis().hash_suite,
        height: header.height,
        time: header.time,
        rules_version: version,
        epoch: header.epoch,
    };
    let archive = Archive::new(&machine.store, past.clone());
    let accounts = machine.store.fetch(&machine.workers, verified.iter().flat_map(Verified::accounts))?;
    let mut execution = Execution::with(rules, &archive, accounts, context);
    for transaction in verified {
        execution.push_ordered(transaction)?;
    }
    Ok((context, execution.finish()))
}

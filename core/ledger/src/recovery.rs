//! Opening a ledger: what the log has, the state is brought up to.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::answers::{Bucket, OpenBuckets};
use crate::block::{Executed, Header};
use crate::chain::Chain;
use crate::disk::Disk;
use crate::embedded::{Block, LOG, LogEntry, STORE, read_block, remove_directory};
use crate::epoch::Epochs;
use crate::error::{Error, Phase};
use crate::execution::{Effects, Execution};
use crate::index;
use crate::log::{Log, LogReader, Place};
use crate::machine::{Machine, bucket_tree, full};
use crate::past::Archive;
use crate::receipt::Trust;
use crate::registry::{RULES_UNKNOWN, damaged};
use crate::rules::{BlockContext, Rules};
use crate::snapshot::{Kept, Loaded, OpenBase, load};
use crate::state::from_canonical;
use crate::store::{Applied, Settings, Store};
use crate::transaction::SignedTransaction;
use crate::tree::{StateTree, StateTreeLoader};
use crate::upgrade::version_in_force;
use crate::verification::Verified;
use crate::workers::Workers;

/// A ledger that was brought up to its log.
pub(crate) struct Recovered {
    pub(crate) trust: Trust,
    /// Where it begins, if not at its genesis.
    pub(crate) base: Option<OpenBase>,
    pub(crate) log: Log,
    pub(crate) log_path: PathBuf,
    pub(crate) machine: Machine,
    /// The newest block, unless there is none.
    pub(crate) newest: Option<Arc<Block>>,
}

/// Opens the log of a directory and brings the state up to it, and checks whatever it reads on the way. `check` hears
/// whose ledger it is.
///
/// Errors: `store.*`, `genesis.invalid`, those of `check`.
pub(crate) fn recover<R: Rules>(
    disk: &dyn Disk,
    directory: &Path,
    rules: &R,
    check: impl FnOnce(&Trust) -> Result<(), Error>,
    settings: Settings,
) -> Result<Recovered, Error> {
    let (log_path, store_path) = (directory.join(LOG), directory.join(STORE));
    let mut log = Log::open(disk, &log_path)?;
    let first = log.read(Place::FIRST).and_then(|payload| {
        from_canonical(&payload)
            .map_err(|error| damaged(&log_path, "its genesis cannot be read").because(error))
    });
    let (trust, base) = match first? {
        LogEntry::Genesis(genesis) => (Trust::new(*genesis), None),
        LogEntry::Base(base) => {
            let head = base.read_head(directory)?;
            (Trust::new(base.genesis.clone()), Some(OpenBase { base: *base, head }))
        }
        LogEntry::Block(_) => return Err(damaged(&log_path, "the genesis is not its first entry")),
    };
    check(&trust)?;
    let recovery = Recovery {
        rules,
        trust: &trust,
        directory,
        log_path: &log_path,
        store_path: &store_path,
        base: base.as_ref(),
        settings,
    };
    let machine = recovery.run(&mut log, Arc::new(Workers::with_threads(settings.threads)))?;
    log.cut_unfinished()?;
    let newest = match machine.chain.height() {
        0 => None,
        _ => Some(read_block(&log, &log_path, machine.chain.applied(&trust).place)?),
    };
    Ok(Recovered { trust, base, log, log_path, machine, newest })
}

/// What a ledger goes on from.
struct Started {
    store: Store,
    tree: StateTree,
    buckets: OpenBuckets,
    chain: Chain,
    newest: Option<Arc<Block>>,
}

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
    pub(crate) directory: &'a Path,
    pub(crate) log_path: &'a Path,
    pub(crate) store_path: &'a Path,
    /// Where the log begins, if not at the genesis.
    pub(crate) base: Option<&'a OpenBase>,
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
        let Started { store, tree, buckets, chain, newest } = self.start(log, workers)?;
        let mut machine = Machine::new(self.trust, store, tree, buckets, chain, Arc::clone(workers));
        machine.epochs.catch_up(&machine.store)?;
        if let Some(block) = newest {
            self.check_certified(&machine, &block)?;
        }
        self.replay(log, &mut machine)?;
        Ok(machine)
    }

    /// What the store has, with the trees over it.
    fn start(&self, log: &mut Log, workers: &Workers) -> Result<Started, Lag> {
        let genesis = self.trust.genesis();
        let store = Store::open(self.store_path, self.settings)?;
        let Some(applied) = store.applied().cloned() else {
            if let Some(base) = self.base {
                return Ok(self.start_from(base, store, log, workers)?);
            }
            let (tree, store) = Machine::first::<R>(self.trust, store, workers)?;
            let chain = Chain::new(self.trust, tree.root());
            return Ok(Started { store, tree, buckets: OpenBuckets::default(), chain, newest: None });
        };
        let unusable = |reason| Lag::Unusable(damaged(self.store_path, reason));
        if applied.network != self.trust.network() {
            return Err(unusable("it is of another ledger"));
        }
        if self.base.is_some_and(|base| applied.height < base.head.height()) {
            return Err(unusable("it is older than the log"));
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
        Ok(Started { store, tree, buckets, chain, newest })
    }

    /// What the snapshot has at which the log begins, in a new store, with the blocks that are kept up to its height.
    fn start_from(
        &self,
        base: &OpenBase,
        store: Store,
        log: &mut Log,
        workers: &Workers,
    ) -> Result<Started, Error> {
        let path = base.base.path(self.directory);
        self.trust.genesis().initial_state()?;
        let loaded = load::<R>(self.trust, &path, &base.base.state, store, workers);
        let Loaded { head, mut store, tree, buckets, history } =
            loaded.map_err(|error| self.damaged_base(&path, error))?;
        let mut epochs = Epochs::of(self.trust.genesis());
        epochs.catch_up(&store)?;
        let mut kept = Kept::new(self.trust, &head, &epochs);
        log.scan(Place::FIRST, |place, payload| {
            if place == Place::FIRST || kept.is_complete() {
                return Ok(());
            }
            match from_canonical(payload) {
                Ok(LogEntry::Block(block)) => kept
                    .take::<R>(&mut store, place, &block)
                    .map_err(|error| self.damaged_base(self.log_path, error)),
                Ok(_) => Err(damaged(self.log_path, "a second genesis stands in it")),
                Err(error) => Err(damaged(self.log_path, "a block cannot be read").because(error)),
            }
        })?;
        let place = kept.place.filter(|_| kept.is_complete());
        let place = place.ok_or_else(|| damaged(self.log_path, "a block is missing"))?;
        let newest = read_block(log, self.log_path, place)?;
        let suite = self.trust.genesis().hash_suite;
        let applied = Applied {
            network: self.trust.network(),
            height: newest.header.height,
            place,
            digest: newest.header.digest(suite),
            history,
        };
        store.loaded(applied.clone());
        let unproven = self.unproven(log, &store, &newest)?;
        let chain = Chain::resume(suite, &applied, newest.header.clone(), unproven);
        Ok(Started { store, tree, buckets, chain, newest: Some(newest) })
    }

    /// What is found wrong with what was verified before is damage.
    fn damaged_base(&self, path: &Path, error: Error) -> Error {
        if error.entry().phase == Phase::Proof {
            damaged(path, &error.to_string()).because(error)
        } else {
            error
        }
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
                Ok(_) => return Err(damaged(self.log_path, "a second genesis stands in it")),
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

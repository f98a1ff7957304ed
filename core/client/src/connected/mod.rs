//! A ledger on a network of validators: a copy of its own, which follows the final blocks, executes each and believes
//! no validator anything that it cannot check.
//!
//! What is read is read from the copy. What is submitted is in the outbox first, and is submitted again until a
//! certified block says what became of it.

mod agents;
mod checker;
mod follower;
mod health;
mod hedge;
mod nodes;
mod outbox;
mod snapshots;
mod submissions;
mod tls;

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_ledger::registry::{CLOCK_NOT_MANUAL, RECEIPT_WRONG_NETWORK, STORE_LOCKED};
use allonge_ledger::{Embedded, Error, RealDisk, Settings, SignedTransaction};
use allonge_protocol::TraceParent;
use allonge_trade::TradeRules;
use futures_channel::oneshot;

use crate::history_proof::Checkpoint;
use crate::host::Host;
use crate::keys::Keys;
use crate::ledger::{Ledger, create_directory};
use crate::process::Process;
use crate::receipt::Trust;
use crate::registry::{
    HISTORY_FORKED, INTERNAL, LEDGER_CLOSED, NETWORK_UNREACHABLE, NETWORK_WRONG, file_failed,
};
use crate::watchers::Watchers;
use crate::writer::{Fate, Head, Pending, answer};
#[cfg(feature = "network")]
pub(crate) use follower::holds;
use health::{Purpose, chance, of_chance};
use nodes::{Failure, Nodes};
use outbox::Outbox;
use submissions::{Waiting, Waits};
pub use tls::{ClientIdentity, ConnectOptions};

/// How long connecting looks for a validator.
const CONNECT: Duration = Duration::from_secs(5);
/// Where the copy stands in its directory.
pub(crate) const COPY: &str = "copy";
/// Before it looks for one again, and up to as much more, as chance has it.
const AGAIN: Duration = Duration::from_millis(50);
/// A copy that comes no nearer to the block that was kept for so long, comes to none.
const NEARER: Duration = Duration::from_secs(10);

impl Ledger {
    /// Opens a ledger on a network: by the addresses of some of its validators, the genesis that everything is checked
    /// against, and a directory for the copy, the outbox and the keys.
    ///
    /// Blocks are followed with their certificates and executed here; every answer is from what was checked. What was
    /// submitted is kept until a certified block says what became of it, also over a restart.
    ///
    /// Errors: `network.unreachable` when no validator answers within 5 seconds, `network.wrong` when those that do are
    /// of another network, `network.insecure` for an address of another machine; `store.*`, `file.io`.
    pub fn connect(urls: &[String], trust: Trust, state_dir: impl AsRef<Path>) -> Result<Ledger, Error> {
        Ledger::connect_with(urls, trust, state_dir, &ConnectOptions::default())
    }

    /// As [`connect`](Ledger::connect), with the certificates by which the validators are known, and this client to them;
    /// and with a block that was kept: then this returns once the copy has it.
    ///
    /// Errors: as of `connect`; `receipt.wrong_network` for a checkpoint of another network, `history.forked` where the
    /// copy or the validators have another block, `network.unreachable` when the copy does not come nearer to it for 10
    /// seconds.
    pub fn connect_with(
        urls: &[String],
        trust: Trust,
        state_dir: impl AsRef<Path>,
        options: &ConnectOptions,
    ) -> Result<Ledger, Error> {
        let nodes = Nodes::new(urls, options)?;
        let checkpoint = options.checkpoint.clone();
        if let Some(kept) = checkpoint.as_ref().filter(|kept| kept.network != trust.network()) {
            let error = RECEIPT_WRONG_NETWORK.error();
            return Err(error.with("given", kept.network).with("expected", trust.network()));
        }
        let directory = state_dir.as_ref();
        create_directory(directory).map_err(|error| file_failed(directory, "created", error))?;
        let connected = Connected::start(nodes, &trust, directory, checkpoint)?;
        connected.reaches_checkpoint()?;
        let keys = Keys::of(directory);
        Ok(Ledger::elsewhere(Host::Connected(connected), Arc::new(trust), keys, directory.to_owned()))
    }
}

/// A copy that follows a network. The last handle stops its threads.
pub(crate) struct Connected {
    shared: Arc<Shared>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    process: Process,
}

/// What the threads of a connected ledger share.
struct Shared {
    trust: allonge_ledger::Trust,
    /// A block of the only history that is followed.
    checkpoint: Option<Checkpoint>,
    directory: PathBuf,
    nodes: Arc<Nodes>,
    /// `None` once closed.
    copy: RwLock<Option<Embedded<TradeRules>>>,
    /// Why it follows no longer.
    failed: Mutex<Option<Arc<Error>>>,
    outbox: Mutex<Outbox>,
    /// How much of what was written to the outbox is on disk.
    kept: Mutex<u64>,
    waiting: Mutex<Waiting>,
    /// Told when there is something to submit, or to stop.
    work: Condvar,
    watchers: Watchers,
    stopping: AtomicBool,
    /// Whether a snapshot is on its way.
    begins_anew: AtomicBool,
    /// A second process that opens the directory is refused. `None` once closed.
    lock: Mutex<Option<File>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the header of a height is the one that was kept.
///
/// Errors: `history.forked`.
fn check_kept(kept: &Checkpoint, given: Hash) -> Result<(), Error> {
    if kept.header == given {
        return Ok(());
    }
    let forked = HISTORY_FORKED.error().with("height", kept.height);
    Err(forked.with("given", given).with("kept", kept.header))
}

impl Connected {
    fn start(
        nodes: Nodes,
        trust: &Trust,
        directory: &Path,
        checkpoint: Option<Checkpoint>,
    ) -> Result<Arc<Self>, Error> {
        let held = lock_directory(directory)?;
        let nodes = Arc::new(nodes);
        find(&nodes, trust)?;
        let trust = trust.ledger().clone();
        let copy = open_copy(directory, &trust)?;
        if let Some(kept) = checkpoint.as_ref().filter(|kept| kept.height <= copy.height()) {
            let digests = copy.header_digests(kept.height, kept.height.saturating_add(1))?;
            let own = if kept.height == 0 { Some(trust.network()) } else { digests.first().copied() };
            let own = own.ok_or_else(|| INTERNAL.error().with("reason", "the copy has no such header"))?;
            check_kept(kept, own)?;
        }
        let outbox = Outbox::open(directory, trust.genesis().hash_suite)?;
        let waits = outbox.intents().map(|(id, signed)| Ok((*id, Waits::of(signed)?)));
        let waiting = Waiting { transactions: waits.collect::<Result<_, Error>>()? };
        let shared = Arc::new(Shared {
            trust,
            checkpoint,
            directory: directory.to_owned(),
            nodes,
            copy: RwLock::new(Some(copy)),
            failed: Mutex::default(),
            outbox: Mutex::new(outbox),
            kept: Mutex::new(0),
            waiting: Mutex::new(waiting),
            work: Condvar::new(),
            watchers: Watchers::new(),
            stopping: AtomicBool::new(false),
            begins_anew: AtomicBool::new(false),
            lock: Mutex::new(Some(held)),
        });
        let (follows, submits, checks) = (Arc::clone(&shared), Arc::clone(&shared), Arc::clone(&shared));
        let threads = vec![
            spawn("allonge-follower", move || follower::run(&follows))?,
            spawn("allonge-submitter", move || submits.submit_all())?,
            spawn("allonge-checker", move || checker::run(&checks))?,
        ];
        Ok(Arc::new(Connected { shared, threads: Mutex::new(threads), process: Process::this() }))
    }

    /// Waits until the copy has the block that was kept: what is read before could be of another history.
    ///
    /// Errors: `network.unreachable` when no block comes; `history.forked` when those that come are later, and it is not
    /// among them; why it follows no longer.
    fn reaches_checkpoint(&self) -> Result<(), Error> {
        let Some(kept) = &self.shared.checkpoint else { return Ok(()) };
        let (mut seen, mut since) = (0, Instant::now());
        loop {
            let (own, time, digest) =
                self.read(|copy| Ok((copy.height(), copy.time(), copy.tip().digest)))?;
            if own >= kept.height {
                return Ok(());
            }
            if time > kept.time {
                check_kept(kept, digest)?;
            }
            if own > seen || self.shared.begins_anew.load(Ordering::Acquire) {
                (seen, since) = (own, Instant::now());
            }
            if since.elapsed() > NEARER {
                let reason =
                    format_args!("no validator has the blocks up to that of the checkpoint, {}", kept.height);
                return Err(NETWORK_UNREACHABLE.error().with("reason", reason));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Reads the copy between two blocks.
    ///
    /// Errors: `process.forked`, `ledger.closed`; why it follows no longer; and those of `read`.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Embedded<TradeRules>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check_process()?;
        self.shared.check_failed()?;
        self.shared.read(read)
    }

    pub(crate) fn submit(
        &self,
        signed: SignedTransaction,
        trace: Option<TraceParent>,
    ) -> Result<Pending<Fate>, Error> {
        self.check_process()?;
        self.shared.check_failed()?;
        let (done, pending) = oneshot::channel();
        self.shared.put(signed, trace, done)?;
        Ok(pending)
    }

    /// Waits until everything that was submitted is on disk.
    ///
    /// Errors: `process.forked`, `ledger.closed`, `file.io`; why it follows no longer.
    pub(crate) fn keep(&self) -> Result<(), Error> {
        self.check_process()?;
        self.shared.check_failed()?;
        self.shared.keep()
    }

    /// Told once a validator took a transaction; dropped when it is settled.
    pub(crate) fn admitted(&self, id: &Hash) -> oneshot::Receiver<()> {
        let (told, admitted) = oneshot::channel();
        if let Some(waits) = lock(&self.shared.waiting).transactions.get_mut(id) {
            if waits.admitted {
                // Whoever waited may have given up.
                let _ = told.send(());
            } else {
                waits.admissions.retain(|told| !told.is_canceled());
                waits.admissions.push(told);
            }
        }
        admitted
    }

    /// What is in the outbox.
    pub(crate) fn unsettled(&self) -> Vec<SignedTransaction> {
        lock(&self.shared.outbox).intents().map(|(_, signed)| signed.clone()).collect()
    }

    /// Errors: `clock.not_manual`: a network has the clocks of its validators.
    #[expect(clippy::unused_self)]
    pub(crate) fn advance(&self) -> Result<Pending<Head>, Error> {
        Err(CLOCK_NOT_MANUAL.error())
    }

    pub(crate) fn next_block(&self) -> oneshot::Receiver<()> {
        self.shared.watchers.next_block()
    }

    pub(crate) fn check_process(&self) -> Result<(), Error> {
        self.process.check()
    }

    /// Stops following and submitting. What is not settled is submitted again when the directory is opened next.
    pub(crate) fn close(&self) {
        if self.check_process().is_err() {
            return;
        }
        self.shared.stop();
        for thread in lock(&self.threads).drain(..) {
            drop(thread.join());
        }
        drop(self.shared.copy.write().unwrap_or_else(PoisonError::into_inner).take());
        lock(&self.shared.waiting).transactions.clear();
        self.shared.watchers.close();
        drop(lock(&self.shared.lock).take());
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn read<T>(&self, read: impl FnOnce(&Embedded<TradeRules>) -> Result<T, Error>) -> Result<T, Error> {
        let copy = self.copy.read().unwrap_or_else(PoisonError::into_inner);
        read(copy.as_ref().ok_or_else(|| LEDGER_CLOSED.error())?)
    }

    fn check_failed(&self) -> Result<(), Error> {
        match lock(&self.failed).as_ref() {
            Some(error) => Err(copy_of(error)),
            None => Ok(()),
        }
    }

    /// Nothing more is believed, and everybody who waits hears why.
    fn fail(&self, error: Error) {
        let error = Arc::new(error);
        lock(&self.failed).get_or_insert_with(|| Arc::clone(&error));
        for (_, waits) in std::mem::take(&mut lock(&self.waiting).transactions) {
            waits.told.into_iter().for_each(|done| answer(done, Err(copy_of(&error))));
        }
        self.watchers.tell();
        self.watchers.close();
    }

    fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.work.notify_all();
    }
}

/// The same error for another who waits.
fn copy_of(error: &Error) -> Error {
    Error::from_parts(error.entry(), error.details().to_vec(), error.operation())
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    spawned.map_err(|error| INTERNAL.error().with("reason", &error).because(error))
}

/// One process at a time: the outbox is its own.
fn lock_directory(directory: &Path) -> Result<File, Error> {
    let path = directory.join("connection");
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|error| file_failed(&path, "opened", error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(STORE_LOCKED.error().with("path", directory.display())),
        Err(std::fs::TryLockError::Error(error)) => Err(file_failed(&path, "locked", error)),
    }
}

/// Finds a validator of the network, and refuses those of others. Whoever is late is not waited for.
fn find(nodes: &Arc<Nodes>, trust: &Trust) -> Result<(), Error> {
    let network = trust.network();
    let started = Instant::now();
    let mut wrong = None;
    let mut last = NETWORK_UNREACHABLE.error().with("reason", "no address answered in time");
    loop {
        let left = CONNECT.saturating_sub(started.elapsed());
        if nodes.all_lied() || left.is_zero() {
            return Err(wrong.unwrap_or(last));
        }
        let (urls, _) = nodes.in_turn(Purpose::Check);
        let ask = move |nodes: &Nodes, url: &str| nodes.check(url, &network);
        let failed = |url: &str, failure| match failure {
            Failure::Refused(error) if error.code() == NETWORK_WRONG.code => {
                nodes.quarantine(url);
                wrong = Some(error);
            }
            Failure::Refused(error) | Failure::Unreachable(error) => last = error,
            Failure::Unreadable(_) | Failure::Nothing => {}
        };
        let never = AtomicBool::new(false);
        if nodes.first_of(Purpose::Check, &urls, left, &never, ask, failed).is_some() {
            return Ok(());
        }
        std::thread::sleep(AGAIN.saturating_add(of_chance(AGAIN, chance())).min(left));
    }
}

/// The copy of a directory, new or as it was.
fn open_copy(directory: &Path, trust: &allonge_ledger::Trust) -> Result<Embedded<TradeRules>, Error> {
    let directory: &Path = &directory.join(COPY);
    create_directory(directory).map_err(|error| file_failed(directory, "created", error))?;
    let settings = Settings::default();
    if !Embedded::<TradeRules>::exists(directory) {
        let genesis = trust.genesis().clone();
        return Embedded::create_replica(&RealDisk, directory, genesis, TradeRules, settings);
    }
    let copy = Embedded::open_replica(&RealDisk, directory, TradeRules, settings)?;
    if copy.trust().network() != trust.network() {
        let error = NETWORK_WRONG.error().with("url", directory.display());
        return Err(error.with("given", copy.trust().network()).with("expected", trust.network()));
    }
    Ok(copy)
}

//! A ledger on a network of validators: a copy of its own, which follows the final blocks, executes each and believes
//! no validator anything that it cannot check.
//!
//! What is read is read from the copy. What is submitted is in the outbox first, and is submitted again until a
//! certified block says what became of it.

mod follower;
mod nodes;
mod outbox;

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::registry::{
    BLOCK_PRUNED, CLOCK_NOT_MANUAL, PROOF_TOO_OLD, STORE_LOCKED, TRANSACTION_EXPIRED,
    TRANSACTION_KEY_CONFLICT, TRANSACTION_REPEATED,
};
use allonge_ledger::{Embedded, Error, RealDisk, Settings, SignedTransaction, Transaction};
use allonge_trade::{TradeOperation, TradeRules};
use futures_channel::oneshot;

use crate::host::Host;
use crate::keys::Keys;
use crate::ledger::{Ledger, create_directory};
use crate::process::Process;
use crate::receipt::Trust;
use crate::registry::{
    INTERNAL, LEDGER_BUSY, LEDGER_CLOSED, NETWORK_UNREACHABLE, NETWORK_WRONG, SUBMISSION_REFUSED, file_failed,
};
use crate::watchers::Watchers;
use crate::writer::{Done, Fate, Head, Pending, answer};
#[cfg(feature = "network")]
pub(crate) use follower::holds;
use nodes::{Failure, Nodes};
use outbox::Outbox;

/// So many submissions may wait to be settled.
const MAX_WAITING: usize = 16_384;
/// How long connecting looks for a validator.
const CONNECT: Duration = Duration::from_secs(5);
/// Refusals that no block can change.
const FOR_EVER: [&str; 6] = [
    "transaction.malformed",
    "transaction.wrong_network",
    "transaction.operations",
    "transaction.too_large",
    "signature.invalid",
    "signature.missing",
];
/// What is not settled yet is submitted again after this time, to another validator.
const AGAIN: Duration = Duration::from_secs(2);

/// Where the copy stands in its directory.
pub(crate) const COPY: &str = "copy";

impl Ledger {
    /// Opens a ledger on a network: by the addresses of some of its validators, the genesis that everything is checked
    /// against, and a directory for the copy, the outbox and the keys.
    ///
    /// Blocks are followed with their certificates and executed here; every answer is from what was checked. What was
    /// submitted is kept until a certified block says what became of it, also over a restart.
    ///
    /// Errors: `network.unreachable` when no validator answers within 5 seconds, `network.wrong` when those that do are
    /// of another network; `store.*`, `file.io`.
    pub fn connect(urls: &[String], trust: Trust, state_dir: impl AsRef<Path>) -> Result<Ledger, Error> {
        let directory = state_dir.as_ref();
        create_directory(directory).map_err(|error| file_failed(directory, "created", error))?;
        let connected = Connected::start(urls, &trust, directory)?;
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
    directory: PathBuf,
    nodes: Nodes,
    /// `None` once closed.
    copy: RwLock<Option<Embedded<TradeRules>>>,
    /// Why it follows no longer.
    failed: Mutex<Option<Arc<Error>>>,
    outbox: Mutex<Outbox>,
    waiting: Mutex<Waiting>,
    /// Told when there is something to submit, or to stop.
    work: Condvar,
    watchers: Watchers,
    stopping: AtomicBool,
    /// A second process that opens the directory is refused. `None` once closed.
    lock: Mutex<Option<File>>,
}

/// What was submitted and is not settled.
#[derive(Default)]
struct Waiting {
    transactions: BTreeMap<Hash, Waits>,
}

/// One submission.
#[derive(Default)]
struct Waits {
    /// Who waits for it in this process, if anybody.
    told: Vec<Done<Fate>>,
    /// Whether a validator took it since it was put here.
    admitted: bool,
    /// Who is to be told of that.
    admissions: Vec<oneshot::Sender<()>>,
    /// When it is to be submitted, once more or for the first time.
    due: Option<Instant>,
    /// How often it was submitted.
    attempts: usize,
}

/// What the validators said to a submission.
enum HandedOver {
    /// One took it.
    Taken,
    /// All that answered refused it.
    Refused(Error),
    /// None answered.
    Unreached,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connected {
    fn start(urls: &[String], trust: &Trust, directory: &Path) -> Result<Arc<Self>, Error> {
        let held = lock_directory(directory)?;
        let nodes = Nodes::new(urls);
        find(&nodes, trust)?;
        let trust = trust.ledger().clone();
        let copy = open_copy(directory, &trust)?;
        let outbox = Outbox::open(directory, trust.genesis().hash_suite)?;
        let now = Instant::now();
        let waits = outbox.intents().map(|(id, _)| (*id, Waits { due: Some(now), ..Waits::default() }));
        let waiting = Waiting { transactions: waits.collect() };
        let shared = Arc::new(Shared {
            trust,
            directory: directory.to_owned(),
            nodes,
            copy: RwLock::new(Some(copy)),
            failed: Mutex::default(),
            outbox: Mutex::new(outbox),
            waiting: Mutex::new(waiting),
            work: Condvar::new(),
            watchers: Watchers::new(),
            stopping: AtomicBool::new(false),
            lock: Mutex::new(Some(held)),
        });
        let (follows, submits) = (Arc::clone(&shared), Arc::clone(&shared));
        let threads = vec![
            spawn("allonge-follower", move || follower::run(&follows))?,
            spawn("allonge-submitter", move || submits.submit_all())?,
        ];
        Ok(Arc::new(Connected { shared, threads: Mutex::new(threads), process: Process::this() }))
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

    pub(crate) fn submit(&self, signed: SignedTransaction) -> Result<Pending<Fate>, Error> {
        self.check_process()?;
        self.shared.check_failed()?;
        let (done, pending) = oneshot::channel();
        self.shared.put(signed, done)?;
        Ok(pending)
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

    /// Keeps a submission in the outbox, and has it submitted.
    fn put(&self, signed: SignedTransaction, done: Done<Fate>) -> Result<(), Error> {
        let id = signed.id(self.trust.genesis().hash_suite);
        if let Some(fate) = self.fate(&id)? {
            answer(done, Ok(fate));
            return Ok(());
        }
        let full = |waiting: &Waiting| {
            waiting.transactions.len() >= MAX_WAITING && !waiting.transactions.contains_key(&id)
        };
        if full(&lock(&self.waiting)) {
            return Err(LEDGER_BUSY.error().with("limit", MAX_WAITING));
        }
        lock(&self.outbox).put(signed)?;
        let mut waiting = lock(&self.waiting);
        // Whoever fails looks at those who wait afterwards.
        self.check_failed()?;
        let waits = waiting.transactions.entry(id).or_default();
        // Those who gave up waiting are forgotten.
        waits.told.retain(|done| !done.is_canceled());
        waits.told.push(done);
        waits.due.get_or_insert_with(Instant::now);
        drop(waiting);
        self.work.notify_all();
        Ok(())
    }

    /// What became of a transaction, if it is certified.
    fn fate(&self, id: &Hash) -> Result<Option<Fate>, Error> {
        let receipt = self.read(|copy| copy.receipt(id))?;
        Ok(receipt.map(|receipt| Fate::Proven(Box::new(receipt))))
    }

    /// Answers those of whom is certified what became of their submissions, or that nothing can any more.
    fn settle(&self) -> Result<(), Error> {
        let ids: Vec<Hash> = lock(&self.waiting).transactions.keys().copied().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let proven = self.read(|copy| match copy.proven_height() {
            Ok(height) => Ok(Some(copy.block(height)?.header.time)),
            Err(_) => Ok(None),
        })?;
        for id in ids {
            let fate = match self.fate(&id)? {
                Some(fate) => Ok(fate),
                None => match self.overtaken(&id, proven)? {
                    Some(fate) => fate,
                    None => continue,
                },
            };
            self.settled(&id, fate)?;
        }
        Ok(())
    }

    /// What else became of a submission that is in no block: its key was used by another, or its time is over in a
    /// certified state that knows nothing of it.
    fn overtaken(&self, id: &Hash, proven: Option<Timestamp>) -> Result<Option<Result<Fate, Error>>, Error> {
        let Some(signed) = lock(&self.outbox).get(id).cloned() else { return Ok(None) };
        let transaction: Transaction<TradeOperation> = signed.transaction()?;
        let (used_by, contained) =
            self.read(|copy| Ok((copy.used_by(&transaction.author, transaction.key)?, copy.contains(id)?)))?;
        // What was used below the oldest block of this copy did not expire: only its receipt is elsewhere.
        let kept = self.read(|copy| Ok(used_by.map(|used| copy.check_kept(&used))))?;
        if let Some(Err(error)) = kept {
            return if error.code() == BLOCK_PRUNED.code { Ok(Some(Err(error))) } else { Err(error) };
        }
        if let Some(first) = used_by.filter(|first| first != id) {
            let Some(fate) = self.fate(&first)? else { return Ok(None) };
            let refused = self.read(|copy| Ok(copy.admits(&signed)))?.err();
            let conflict = refused.filter(|error| error.code() == TRANSACTION_KEY_CONFLICT.code);
            return Ok(Some(conflict.map_or(Ok(fate), Err)));
        }
        let Transaction { author, key, valid_until, .. } = transaction;
        let Some(time) = proven.filter(|proven| !contained && *proven > valid_until) else { return Ok(None) };
        // Nothing is a fact without its proof. After the copy was opened the next block makes it.
        match self.read(|copy| copy.answer_receipt(&author, key, valid_until)) {
            Ok(_) => {
                let expired = TRANSACTION_EXPIRED.error().with("valid_until", valid_until).with("time", time);
                Ok(Some(Err(expired)))
            }
            Err(error) if error.code() == PROOF_TOO_OLD.code => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn settled(&self, id: &Hash, fate: Result<Fate, Error>) -> Result<(), Error> {
        let waits = lock(&self.waiting).transactions.remove(id).unwrap_or_default();
        lock(&self.outbox).settle(id)?;
        let mut fate = Some(fate);
        for done in waits.told {
            let next = match &fate {
                Some(Ok(Fate::Proven(receipt))) => Ok(Fate::Proven(receipt.clone())),
                Some(Err(error)) => Err(copy_of(error)),
                _ => Err(LEDGER_CLOSED.error()),
            };
            answer(done, next);
        }
        drop(fate.take());
        Ok(())
    }

    /// Submits what is due, until the ledger is closed.
    fn submit_all(&self) {
        while !self.stopping.load(Ordering::Acquire) {
            let now = Instant::now();
            let mut waiting = lock(&self.waiting);
            let due = |waits: &Waits| waits.due.filter(|due| *due <= now);
            let next = waiting.transactions.iter().filter_map(|(id, waits)| Some((due(waits)?, *id))).min();
            let Some((_, id)) = next else {
                let (guard, _) = self
                    .work
                    .wait_timeout(waiting, Duration::from_millis(100))
                    .unwrap_or_else(PoisonError::into_inner);
                drop(guard);
                continue;
            };
            let mut attempts = 0;
            if let Some(waits) = waiting.transactions.get_mut(&id) {
                waits.due = now.checked_add(AGAIN);
                attempts = waits.attempts;
                waits.attempts = attempts.saturating_add(1);
            }
            drop(waiting);
            let Some(signed) = lock(&self.outbox).get(&id).cloned() else { continue };
            match self.submit_to_one(&signed, attempts) {
                HandedOver::Taken => self.taken(&id),
                HandedOver::Refused(refused) => {
                    if let Err(error) = self.refused(&id, &refused) {
                        self.fail(error);
                    }
                }
                HandedOver::Unreached => {}
            }
        }
    }

    /// A validator took a submission.
    fn taken(&self, id: &Hash) {
        if let Some(waits) = lock(&self.waiting).transactions.get_mut(id) {
            waits.admitted = true;
            waits.admissions.drain(..).for_each(|told| {
                // Whoever waited may have given up.
                let _ = told.send(());
            });
        }
    }

    /// Submits to the first validator that takes it, another with each attempt.
    fn submit_to_one(&self, signed: &SignedTransaction, attempts: usize) -> HandedOver {
        let mut handed_over = HandedOver::Unreached;
        let mut urls = self.nodes.in_turn();
        let first = attempts.checked_rem(urls.len()).unwrap_or_default();
        urls.rotate_left(first);
        for url in urls {
            if self.stopping.load(Ordering::Acquire) {
                return HandedOver::Unreached;
            }
            match self.nodes.submit(&url, signed) {
                Ok(()) => return HandedOver::Taken,
                // One may know less than the others, or lie: it takes all that answer to refuse.
                Err(Failure::Refused(error)) => handed_over = HandedOver::Refused(error),
                Err(Failure::Unreachable(_) | Failure::Unreadable(_)) => self.nodes.failed(&url),
            }
        }
        handed_over
    }

    /// A submission was refused before it came into a block. Only what no block can change is a fact; anything else is
    /// told to those who wait as what it is, and the submission stays until it is settled or its time is over.
    fn refused(&self, id: &Hash, error: &Error) -> Result<(), Error> {
        let Some(signed) = lock(&self.outbox).get(id).cloned() else { return Ok(()) };
        match self.read(|copy| Ok(copy.admits(&signed)))? {
            // The follower answers with the first.
            Err(own) if own.code() == TRANSACTION_REPEATED.code => self.settle(),
            Err(own) if own.code() == error.code() && FOR_EVER.contains(&own.code()) => {
                self.settled(id, Err(own))
            }
            Err(own) if own.code() == error.code() => {
                let mut waiting = lock(&self.waiting);
                let told = waiting.transactions.get_mut(id).map(|waits| std::mem::take(&mut waits.told));
                drop(waiting);
                for done in told.into_iter().flatten() {
                    let refused = SUBMISSION_REFUSED.error().with("code", own.code()).with("reason", &own);
                    answer(done, Err(refused));
                }
                Ok(())
            }
            // This copy is behind, or the validator is: once more, later.
            _ => Ok(()),
        }
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

/// Finds a validator of the network, and refuses those of others.
fn find(nodes: &Nodes, trust: &Trust) -> Result<(), Error> {
    let until = Instant::now().checked_add(CONNECT);
    let mut last = NETWORK_UNREACHABLE.error().with("reason", "there is no address");
    loop {
        let mut wrong = 0_usize;
        let urls = nodes.in_turn();
        for url in &urls {
            match nodes.check(url, &trust.network()) {
                Ok(_) => return Ok(()),
                Err(Failure::Refused(error)) => {
                    if error.code() == NETWORK_WRONG.code {
                        nodes.quarantine(url);
                        wrong = wrong.saturating_add(1);
                    }
                    last = error;
                }
                Err(Failure::Unreachable(error)) => {
                    nodes.failed(url);
                    last = error;
                }
                Err(Failure::Unreadable(_)) => nodes.failed(url),
            }
        }
        if wrong == urls.len() || until.is_none_or(|until| Instant::now() >= until) {
            return Err(last);
        }
        std::thread::sleep(Duration::from_millis(100));
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

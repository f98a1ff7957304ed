//! The one thread that writes: it gathers what has been submitted and commits it as one block, while what has come
//! meanwhile is verified beside it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::registry::TRANSACTION_REPEATED;
use allonge_ledger::{
    Clock, Embedded, Error, Receipts, Rules, SignedTransaction, Verified, Verifier, Workers,
};
use allonge_trade::TradeRules;
use futures_channel::oneshot;

use crate::process::Process;
use crate::registry::{INTERNAL, LEDGER_BUSY, LEDGER_CLOSED};
use crate::watchers::Watchers;

/// A block takes at most this many submissions, so that none waits for too many others.
const MAX_BATCH: usize = 8_192;
/// A block takes at most this many bytes of submissions; the ledger's own limit is above.
const MAX_BATCH_BYTES: usize = 8 << 20;

/// Fewer submissions are verified sooner than a thread is started for it.
const MIN_BESIDE: usize = 16;

/// So many submissions may wait for a block.
const MAX_WAITING: usize = 16_384;

/// What the writer is asked for.
enum Job {
    Submit { signed: SignedTransaction, done: Done<Fate> },
    Advance { to: Timestamp, done: Done<Head> },
}

/// What the writer does, one after the other.
enum Step {
    Commit { candidates: Vec<Candidate>, answers: Vec<Done<Fate>> },
    Advance { to: Timestamp, done: Done<Head> },
}

/// A submission that was verified, or why it was refused.
type Candidate = Result<Verified<<TradeRules as Rules>::Operation>, Error>;

/// Where the fate of a submission stands. Its receipt is made by whoever waited, not by the writer.
pub(crate) enum Fate {
    /// At a place in the block that was just committed.
    InBlock(Arc<Receipts>, u32),
    /// In this receipt: of the transaction itself, or of the one that used its idempotency key first.
    Proven(Box<allonge_ledger::Receipt>),
}

/// Where the ledger stands after a block.
pub(crate) struct Head {
    pub(crate) height: u64,
    pub(crate) time: Timestamp,
    pub(crate) state_root: Hash,
}

impl Head {
    pub(crate) fn of(ledger: &Embedded<TradeRules>) -> Self {
        Head { height: ledger.height(), time: ledger.time(), state_root: ledger.state_root() }
    }
}

pub(crate) type Done<T> = oneshot::Sender<Result<T, Error>>;

/// An answer to come.
pub(crate) type Pending<T> = oneshot::Receiver<Result<T, Error>>;

/// The ledger, between those who read it and the thread that writes it.
struct Core {
    /// The time of the newest block in milliseconds, for whoever signs: nobody waits for a block for it.
    time: AtomicI64,
    /// `None` once closed.
    ledger: RwLock<Option<Embedded<TradeRules>>>,
    watchers: Watchers,
    /// Transactions are verified before anybody has to wait for it.
    verifier: Verifier,
    workers: Arc<Workers>,
}

/// An open ledger and its writer. When the last handle is dropped, what was submitted is finished first.
pub(crate) struct Shared {
    core: Arc<Core>,
    jobs: Mutex<Option<SyncSender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    process: Process,
}

impl Shared {
    pub(crate) fn start(ledger: Embedded<TradeRules>) -> Result<Arc<Self>, Error> {
        let (sender, receiver) = sync_channel(MAX_WAITING);
        let (verifier, workers) = ledger.verifier();
        let core = Arc::new(Core {
            verifier,
            workers,
            time: AtomicI64::new(ledger.time().millis()),
            ledger: RwLock::new(Some(ledger)),
            watchers: Watchers::new(),
        });
        let writing = Writing(Arc::clone(&core));
        let thread = std::thread::Builder::new()
            .name("allonge-writer".to_owned())
            .spawn(move || writing.0.run(&receiver))
            .map_err(|error| INTERNAL.error().with("reason", &error).because(error))?;
        Ok(Arc::new(Shared {
            core,
            jobs: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
            process: Process::this(),
        }))
    }

    /// The time of the newest block.
    pub(crate) fn time(&self) -> Result<Timestamp, Error> {
        Timestamp::from_millis(self.core.time.load(Ordering::Acquire))
            .map_err(|error| INTERNAL.error().with("reason", error).because(error))
    }

    pub(crate) fn submit(&self, signed: SignedTransaction) -> Result<Pending<Fate>, Error> {
        self.send(|done| Job::Submit { signed, done })
    }

    pub(crate) fn advance(&self, to: Timestamp) -> Result<Pending<Head>, Error> {
        self.send(|done| Job::Advance { to, done })
    }

    /// Told once, at the next block or when the ledger closes.
    pub(crate) fn next_block(&self) -> oneshot::Receiver<()> {
        self.core.watchers.next_block()
    }

    /// Whether this is the process that opened the ledger. In a fork every wait would be for ever.
    ///
    /// Errors: `process.forked`.
    pub(crate) fn check_process(&self) -> Result<(), Error> {
        self.process.check()
    }

    /// Reads the ledger between two blocks.
    ///
    /// Errors: `process.forked`, `ledger.closed`, and those of `read`.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Embedded<TradeRules>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.check_process()?;
        let ledger = self.core.ledger.read().unwrap_or_else(PoisonError::into_inner);
        read(ledger.as_ref().ok_or_else(|| LEDGER_CLOSED.error())?)
    }

    /// Finishes what was submitted, stops the writer, and releases the directory.
    pub(crate) fn close(&self) {
        if self.check_process().is_err() {
            return;
        }
        drop(lock(&self.jobs).take());
        // Held while joining, so that whoever closes too returns when it is closed. What a panic of the writer
        // left unanswered was answered when its channels went.
        let mut thread = lock(&self.thread);
        if let Some(thread) = thread.take() {
            drop(thread.join());
        }
        drop(self.core.ledger.write().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn send<T>(&self, job: impl FnOnce(Done<T>) -> Job) -> Result<Pending<T>, Error> {
        self.check_process()?;
        let (done, pending) = oneshot::channel();
        let jobs = lock(&self.jobs);
        let sender = jobs.as_ref().ok_or_else(|| LEDGER_CLOSED.error())?;
        sender.try_send(job(done)).map_err(|error| match error {
            TrySendError::Full(_) => LEDGER_BUSY.error().with("limit", MAX_WAITING),
            TrySendError::Disconnected(_) => LEDGER_CLOSED.error(),
        })?;
        Ok(pending)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if self.check_process().is_ok() {
            self.close();
            return;
        }
        // The threads that the store and the writer would be joined with do not exist here; nor does whoever
        // may have held a lock when the process was forked.
        std::mem::forget(self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        std::mem::forget(Arc::clone(&self.core));
    }
}

/// The writer's hold on the ledger. However the writer ends, nobody goes on waiting for its next block.
struct Writing(Arc<Core>);

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.watchers.close();
    }
}

impl Core {
    /// Writes until nothing more can come. While a batch is committed, the one that has come meanwhile is verified.
    fn run(&self, jobs: &Receiver<Job>) {
        let mut verified = None;
        while let Some(steps) =
            verified.take().or_else(|| jobs.recv().ok().map(|first| self.verify(batch(first, jobs))))
        {
            match jobs.try_recv() {
                Err(_) => self.write(steps),
                Ok(first) => verified = Some(self.write_and_verify(steps, batch(first, jobs))),
            }
        }
    }

    /// Commits one batch and verifies the next beside it. The thread that commits is never one of the workers: it waits
    /// for the ledger, and whoever reads the ledger waits for the workers.
    fn write_and_verify(&self, steps: Vec<Step>, next: Vec<Job>) -> Vec<Step> {
        if next.len() < MIN_BESIDE {
            self.write(steps);
            return self.verify(next);
        }
        let next = Mutex::new(next);
        let verify = || self.verify(std::mem::take(&mut *lock(&next)));
        std::thread::scope(|scope| {
            let name = "allonge-verifier".to_owned();
            let beside = std::thread::Builder::new().name(name).spawn_scoped(scope, verify);
            self.write(steps);
            match beside {
                Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
                // Where no more threads can be had, one after the other.
                Err(_) => verify(),
            }
        })
    }

    fn verify(&self, batch: Vec<Job>) -> Vec<Step> {
        let mut steps = Vec::new();
        let (mut submissions, mut answers) = (Vec::new(), Vec::new());
        for job in batch {
            match job {
                Job::Submit { signed, done } => {
                    submissions.push(signed);
                    answers.push(done);
                }
                Job::Advance { to, done } => {
                    steps.extend(self.block(&mut submissions, &mut answers));
                    steps.push(Step::Advance { to, done });
                }
            }
        }
        steps.extend(self.block(&mut submissions, &mut answers));
        steps
    }

    fn block(&self, submissions: &mut Vec<SignedTransaction>, answers: &mut Vec<Done<Fate>>) -> Option<Step> {
        if submissions.is_empty() {
            return None;
        }
        let candidates = self.verifier.verify(&self.workers, submissions);
        submissions.clear();
        Some(Step::Commit { candidates, answers: std::mem::take(answers) })
    }

    fn write(&self, steps: Vec<Step>) {
        for step in steps {
            match step {
                Step::Commit { candidates, answers } => self.commit(candidates, answers),
                Step::Advance { to, done } => {
                    let advanced = self.with_writable(|ledger| {
                        ledger.commit(to, &[])?;
                        Ok(Head::of(ledger))
                    });
                    answer(done, advanced);
                }
            }
        }
        self.watchers.tell();
    }

    fn with_writable<T>(
        &self,
        write: impl FnOnce(&mut Embedded<TradeRules>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut ledger = self.ledger.write().unwrap_or_else(PoisonError::into_inner);
        let ledger = ledger.as_mut().ok_or_else(|| LEDGER_CLOSED.error())?;
        let written = write(ledger);
        self.time.store(ledger.time().millis(), Ordering::Release);
        written
    }

    fn commit(&self, candidates: Vec<Candidate>, mut answers: Vec<Done<Fate>>) {
        let committed = self.with_writable(|ledger| {
            let time = next_time(ledger.trust().genesis().clock, ledger.time());
            let results = ledger.commit_verified(time, candidates)?;
            Ok(fates(ledger, results))
        });
        match committed {
            Ok(results) => {
                for (done, result) in answers.drain(..).zip(results) {
                    answer(done, result);
                }
            }
            Err(error) => {
                // Everyone in the batch learns the cause; the first has it whole.
                let mut error = Some(error);
                for done in answers.drain(..) {
                    let copy = error.as_ref().map(|error| {
                        Error::from_parts(error.entry(), error.details().to_vec(), error.operation())
                    });
                    answer(done, Err(error.take().or(copy).unwrap_or_else(|| LEDGER_CLOSED.error())));
                }
            }
        }
    }
}

/// Where the fate of each submission stands: in the block just made, or where its key was used first.
fn fates(ledger: &Embedded<TradeRules>, results: Vec<Result<Hash, Error>>) -> Vec<Result<Fate, Error>> {
    let block = ledger.newest_receipts();
    let mut places = 0_u32..;
    let fate = |result: Result<Hash, Error>| match (result, &block) {
        (Ok(_), Some(block)) => Ok(Fate::InBlock(Arc::clone(block), places.next().unwrap_or_default())),
        (Ok(_), None) => Err(INTERNAL.error().with("reason", "a block was not kept")),
        (Err(error), _) if error.code() == TRANSACTION_REPEATED.code => {
            let first = error.detail("first").and_then(|first| first.parse().ok());
            let lacks = || INTERNAL.error().with("reason", "a repeated key names no transaction");
            let first: Hash = first.ok_or_else(lacks)?;
            ledger.check_kept(&first)?;
            Ok(Fate::Proven(Box::new(ledger.receipt(&first)?.ok_or_else(lacks)?)))
        }
        (Err(error), _) => Err(error),
    };
    results.into_iter().map(fate).collect()
}

/// Takes what has come after a job, within the limits.
fn batch(first: Job, jobs: &Receiver<Job>) -> Vec<Job> {
    let size = |job: &Job| match job {
        Job::Submit { signed, .. } => signed.body.len(),
        Job::Advance { .. } => 0,
    };
    let mut bytes = size(&first);
    let mut batch = vec![first];
    while batch.len() < MAX_BATCH
        && bytes < MAX_BATCH_BYTES
        && let Ok(next) = jobs.try_recv()
    {
        bytes = bytes.saturating_add(size(&next));
        batch.push(next);
    }
    batch
}

/// The time of the next block: the system's, but never earlier than that of the newest.
pub(crate) fn next_time(clock: Clock, newest: Timestamp) -> Timestamp {
    match clock {
        Clock::Manual => newest,
        Clock::System => system_time().map_or(newest, |now| now.max(newest)),
    }
}

/// The system's time, in the range that the ledger can write.
pub(crate) fn system_time() -> Option<Timestamp> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Timestamp::from_millis(i64::try_from(since_epoch.as_millis()).ok()?).ok()
}

/// Whoever waited may have given up; the block stands all the same.
pub(crate) fn answer<T>(done: Done<T>, result: Result<T, Error>) {
    drop(done.send(result));
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

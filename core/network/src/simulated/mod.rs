//! Several validators in the process: real consensus on virtual time, over links that the caller can cut.
//!
//! One thread runs all of them. It stands still until something is asked for, and virtual time with it, so that the
//! same calls on the same seed lead to the same blocks.

mod disk;
mod lie;
#[cfg(feature = "mocks")]
mod mocks;
mod wire;
mod world;

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{Embedded, Error, Genesis, Receipt, Rules, SignedTransaction};
use commonware_runtime::deterministic;
use futures::future::BoxFuture;

use crate::replica::Copy;
use allonge_ledger::registry::{SIMULATION_INVALID, VALIDATOR_DOWN};
pub use disk::DiskFault;
pub use lie::Lie;
#[cfg(feature = "mocks")]
pub use mocks::Mock;
use world::{Remains, World};

/// Virtual time goes by for so long at most at once.
const MAX_RUN: Duration = Duration::from_secs(3_600);

/// No more validators are simulated.
pub const MAX_SIMULATED: usize = 20;

/// A network to be simulated.
#[derive(Clone, Debug)]
pub struct SimulatedNetwork {
    /// What the validators agree on; its roster is in office at first.
    pub genesis: Genesis,
    /// The private keys of the roster, in any order, and of others that run beside it and may follow it.
    pub keys: Vec<[u8; 32]>,
    /// Decides over everything that is chance.
    pub seed: u64,
    /// How the links are at first.
    pub link: Link,
}

/// How messages travel from one validator to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// How long a message takes.
    pub latency: Duration,
    /// By how much that varies.
    pub jitter: Duration,
    /// Of a thousand messages so many are lost.
    pub lost_per_mille: u16,
}

impl Default for Link {
    /// Two milliseconds, and nothing is lost.
    fn default() -> Self {
        Link { latency: Duration::from_millis(2), jitter: Duration::ZERO, lost_per_mille: 0 }
    }
}

/// The copies of the validators that run.
pub(crate) struct Copies<R: Rules>(Arc<Mutex<BTreeMap<usize, Arc<Copy<R>>>>>);

impl<R: Rules> Clone for Copies<R> {
    fn clone(&self) -> Self {
        Copies(Arc::clone(&self.0))
    }
}

impl<R: Rules> Copies<R> {
    fn set(&self, validator: usize, copy: Option<Arc<Copy<R>>>) {
        let mut copies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match copy {
            Some(copy) => copies.insert(validator, copy),
            None => copies.remove(&validator),
        };
    }
}

/// Reads the copy of one validator.
pub struct Reader<R: Rules> {
    copies: Copies<R>,
    validator: usize,
}

impl<R: Rules> Reader<R> {
    /// Reads the copy between two blocks.
    ///
    /// Errors: `validator.down`.
    pub fn read<T>(&self, read: impl FnOnce(&Embedded<R>) -> T) -> Result<T, Error> {
        let copies = self.copies.0.lock().unwrap_or_else(PoisonError::into_inner);
        let copy = copies.get(&self.validator).map(Arc::clone);
        drop(copies);
        let copy = copy.ok_or_else(|| VALIDATOR_DOWN.error().with("reason", "it crashed"))?;
        Ok(copy.read(read))
    }
}

/// Something to be done in the simulation, while virtual time goes on.
type Job<R> = Box<dyn for<'a> FnOnce(&'a mut World<R>) -> BoxFuture<'a, ()> + Send>;

/// A simulated network that runs. It ends when it is dropped.
pub struct Simulation<R: Rules + Clone> {
    copies: Copies<R>,
    jobs: Mutex<Option<Sender<Job<R>>>>,
    thread: Option<JoinHandle<()>>,
    validators: usize,
    /// Who started it.
    process: u32,
}

impl<R: Rules + Clone> Simulation<R> {
    /// Starts a network.
    ///
    /// Errors: `simulation.invalid`, `genesis.invalid`, `store.*`.
    pub fn start(network: SimulatedNetwork, rules: R) -> Result<Self, Error> {
        let validators = network.keys.len();
        let invalid = |reason: &str| SIMULATION_INVALID.error().with("reason", reason);
        if validators > MAX_SIMULATED {
            return Err(invalid("it has more than 20 validators"));
        }
        let (jobs, arriving) = channel::<Job<R>>();
        let (started, ready) = channel();
        let copies = Copies(Arc::default());
        let kept = copies.clone();
        let run = move || {
            let mut runner = deterministic::Runner::seeded(network.seed);
            let mut remains = match Remains::of(network, rules, kept) {
                Ok(remains) => remains,
                Err(error) => return drop(started.send(Err(error))),
            };
            // One world after the other: each ends when all lose power.
            loop {
                let (started, arriving) = (&started, &arriving);
                let live = |context| async move {
                    let mut world = match World::start(context, remains).await {
                        Ok(world) => world,
                        Err(error) => {
                            drop(started.send(Err(error)));
                            return None;
                        }
                    };
                    drop(started.send(Ok(())));
                    // Nothing moves while nothing is asked for.
                    while let Ok(job) = arriving.recv() {
                        job(&mut world).await;
                        if world.dark {
                            return world.end().ok();
                        }
                    }
                    None
                };
                let (next, checkpoint) = runner.start_and_recover(live);
                let Some(next) = next else { return };
                (remains, runner) = (next, checkpoint.into());
            }
        };
        let failed = |error: std::io::Error| invalid("no thread can be started").because(error);
        let thread =
            std::thread::Builder::new().name("allonge-simulation".to_owned()).spawn(run).map_err(failed)?;
        let simulation = Simulation {
            copies,
            jobs: Mutex::new(Some(jobs)),
            thread: Some(thread),
            validators,
            process: std::process::id(),
        };
        ready.recv().map_err(|_| ended())??;
        Ok(simulation)
    }

    /// How many validators there are. They are numbered from 0, in the order of the first roster, and then of their keys.
    pub fn validators(&self) -> usize {
        self.validators
    }

    /// Has a validator take a transaction and prove what became of it, without waiting for it here. `done` hears the
    /// receipt: the first, when its idempotency key was used before; nothing after `patience` of virtual time.
    ///
    /// Errors, to `done`: `transaction.*`, `signature.*`, `policy.unsatisfied`, `party.unknown`, `validator.*`, `store.*`.
    pub fn hand_over(
        &self,
        validator: usize,
        transaction: SignedTransaction,
        patience: Duration,
        done: impl FnOnce(Result<Option<Receipt>, Error>) + Send + 'static,
    ) -> Result<(), Error> {
        self.send(Box::new(move |world| {
            Box::pin(async move { done(world.hand_over(validator, &transaction, patience).await) })
        }))
    }

    /// As [`advance_to`](Simulation::advance_to), without waiting for it here.
    pub fn hand_over_time(
        &self,
        time: Timestamp,
        done: impl FnOnce(Result<(), Error>) + Send + 'static,
    ) -> Result<(), Error> {
        self.send(Box::new(move |world| Box::pin(async move { done(world.advance_to(time).await) })))
    }

    /// Hands a signed transaction to a validator; answers its id once it was taken.
    ///
    /// Errors: `transaction.*`, `signature.*`, `validator.*`, `simulation.invalid`.
    pub fn submit(&self, validator: usize, transaction: Vec<u8>) -> Result<Hash, Error> {
        self.run(move |world| Box::pin(async move { world.submit(validator, transaction) }))?
    }

    /// Waits, in virtual time, until a validator can prove what became of a transaction; nothing after `patience`.
    ///
    /// Errors: `validator.down`, `simulation.invalid`, `store.*`.
    pub fn settle(
        &self,
        validator: usize,
        transaction: Hash,
        patience: Duration,
    ) -> Result<Option<Receipt>, Error> {
        self.run(move |world| Box::pin(world.settle(validator, transaction, patience)))?
    }

    /// Reads the copy of a validator.
    ///
    /// Errors: `validator.down`, `simulation.invalid`.
    pub fn read<T>(&self, validator: usize, read: impl FnOnce(&Embedded<R>) -> T) -> Result<T, Error> {
        self.reader(validator)?.read(read)
    }

    /// Reads the copy of a validator, also while something else is asked for.
    ///
    /// Errors: `simulation.invalid`.
    pub fn reader(&self, validator: usize) -> Result<Reader<R>, Error> {
        if validator >= self.validators {
            let reason = format_args!("there is no validator {validator}");
            return Err(SIMULATION_INVALID.error().with("reason", reason));
        }
        Ok(Reader { copies: self.copies.clone(), validator })
    }

    /// Lets virtual time go by, at most an hour: blocks are made meanwhile. To come to a date use
    /// [`advance_to`](Simulation::advance_to).
    ///
    /// Errors: `simulation.invalid`.
    pub fn run_for(&self, time: Duration) -> Result<(), Error> {
        if time > MAX_RUN {
            let reason = "it runs for an hour at most at once; move its clock to come to a date";
            return Err(SIMULATION_INVALID.error().with("reason", reason));
        }
        self.run(move |world| Box::pin(world.run_for(time)))
    }

    /// Moves the clocks of all validators forward, and waits until a block says so.
    ///
    /// Errors: `clock.backwards`, `validator.down` when no quorum runs for a minute.
    pub fn advance_to(&self, time: Timestamp) -> Result<(), Error> {
        self.run(move |world| Box::pin(world.advance_to(time)))?
    }

    /// A validator loses power: it forgets everything that was not on its disk. Of what was written and not synchronised
    /// any part may be there when it starts again.
    ///
    /// Errors: `validator.down`, `simulation.invalid`.
    pub fn crash(&self, validator: usize) -> Result<(), Error> {
        self.run(move |world| Box::pin(async move { world.crash(validator) }))?
    }

    /// A validator loses its disk with everything on it, and keeps its key. Started again it fetches all blocks from the
    /// others, and votes once it is certain how it did not vote.
    ///
    /// Errors: `simulation.invalid`.
    pub fn wipe(&self, validator: usize) -> Result<(), Error> {
        self.run(move |world| Box::pin(async move { world.wipe(validator) }))?
    }

    /// Starts a validator that crashed.
    ///
    /// Errors: `simulation.invalid`, `store.*`.
    pub fn restart(&self, validator: usize) -> Result<(), Error> {
        self.run(move |world| Box::pin(world.restart(validator)))?
    }

    /// Has the disk of a validator's ledger fail from now on, or no longer. One that cannot write a block stops, and
    /// starts again once it crashed and its disk is mended.
    ///
    /// Errors: `simulation.invalid`.
    pub fn fail_disk(&self, validator: usize, fault: Option<DiskFault>) -> Result<(), Error> {
        self.run(move |world| Box::pin(async move { world.fail_disk(validator, fault) }))?
    }

    /// All that run lose power at once, and start again; the links are as they were set last, without groups. Of what
    /// was written and not synchronised any part may be there, also of what the engines wrote.
    ///
    /// Errors: `validator.down` when one of them cannot start.
    pub fn power_cut(&self) -> Result<(), Error> {
        self.run(|world| Box::pin(async move { world.dark = true }))?;
        // It is answered in the next world, if that begins.
        self.run(|_| Box::pin(async {}))
    }

    /// Sets the clock of a validator so many milliseconds before those of the others, or behind them.
    ///
    /// Errors: `simulation.invalid`.
    pub fn skew(&self, validator: usize, millis: i64) -> Result<(), Error> {
        self.run(move |world| Box::pin(async move { world.skew(validator, millis) }))?
    }

    /// Has a validator lie from now on, or tell the truth again. It starts anew, unless it is down, and the others hear
    /// of it again though they found it lying before. Waits until it has a block, for a minute at most.
    ///
    /// Errors: `simulation.invalid`, `store.*`.
    pub fn lie(&self, validator: usize, how: Option<Lie>) -> Result<(), Error> {
        self.run(move |world| Box::pin(world.lie(validator, how)))?
    }

    /// How many of the others hear no more of a validator, since they found out that it lies.
    ///
    /// Errors: `simulation.invalid`.
    pub fn caught(&self, validator: usize) -> Result<usize, Error> {
        self.run(move |world| Box::pin(world.caught(validator)))?
    }

    /// Changes all links.
    pub fn set_links(&self, link: Link) -> Result<(), Error> {
        self.run(move |world| Box::pin(world.set_links(link)))?
    }

    /// Only validators of one group hear of each other; whoever is in none hears of nobody.
    ///
    /// Errors: `simulation.invalid`.
    pub fn partition(&self, groups: Vec<Vec<usize>>) -> Result<(), Error> {
        self.run(move |world| Box::pin(world.partition(groups)))?
    }

    /// A fingerprint of everything that has happened: the same calls on the same seed give the same.
    pub fn fingerprint(&self) -> Result<String, Error> {
        self.run(|world| Box::pin(async move { world.fingerprint() }))
    }

    fn run<T: Send + 'static>(
        &self,
        job: impl for<'a> FnOnce(&'a mut World<R>) -> BoxFuture<'a, T> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = channel();
        let job: Job<R> = Box::new(move |world| {
            let work = job(world);
            Box::pin(async move {
                // Whoever asked waits for it.
                drop(answer.send(work.await));
            })
        });
        self.send(job)?;
        answered.recv().map_err(|_| ended())
    }

    fn send(&self, job: Job<R>) -> Result<(), Error> {
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        jobs.ok_or_else(ended)?.send(job).map_err(|_| ended())
    }
}

impl<R: Rules + Clone> Drop for Simulation<R> {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // A fork has the memory of a process but not its threads.
            std::mem::forget(self.thread.take());
            return;
        }
        drop(self.jobs.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        let inside = |thread: &JoinHandle<()>| thread.thread().id() == std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|thread| !inside(thread)) {
            // A panic of the simulation was told to whoever asked for something.
            drop(thread.join());
        }
    }
}

fn ended() -> Error {
    VALIDATOR_DOWN.error().with("reason", "the simulation ended")
}

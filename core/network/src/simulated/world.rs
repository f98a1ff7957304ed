//! The validators of a simulation, the links between them, and their clocks.

mod starting;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::registry::{CLOCK_BACKWARDS, SIMULATION_INVALID, TRANSACTION_REPEATED, VALIDATOR_DOWN};
use allonge_ledger::{Error, Genesis, Receipt, Rules, SignedTransaction};
use commonware_cryptography::ed25519;
use commonware_macros::select;
use commonware_p2p::simulated::{self, Oracle};
use commonware_runtime::{Clock as _, Handle, deterministic};
use commonware_utils::Probability;
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::keys::NodeKey;

use super::disk::{DiskFault, MemoryDisk};
use super::lie::Lie;
use super::{Copies, Link};
use crate::node::Node;
use crate::replica::Copy;
use crate::voting::Voting;

/// Everything that is simulated.
pub(crate) struct World<R: Rules + Clone> {
    context: deterministic::Context,
    oracle: Oracle<ed25519::PublicKey, deterministic::Context>,
    genesis: Genesis,
    rules: R,
    link: Link,
    /// In the order of the first roster, and then of their keys.
    validators: Vec<Validator<R>>,
    starts: u64,
    copies: Copies<R>,
    /// The locks of the validators' directories; nothing else is in them.
    directory: TempDir,
    /// All lost power: this world is over.
    pub(crate) dark: bool,
}

/// What is left of a world when all lose power, or what there is before it begins.
pub(crate) struct Remains<R: Rules + Clone> {
    genesis: Genesis,
    rules: R,
    link: Link,
    validators: Vec<Validator<R>>,
    /// Which of them start.
    start: Vec<usize>,
    starts: u64,
    copies: Copies<R>,
    directory: TempDir,
}

struct Validator<R: Rules> {
    key: NodeKey,
    public: ed25519::PublicKey,
    disk: MemoryDisk,
    /// Milliseconds that its clock is ahead of virtual time.
    clock: Arc<AtomicI64>,
    /// Milliseconds of them by which it is ahead of the others.
    skew: i64,
    lie: Option<Lie>,
    /// How often that was changed.
    changes: u64,
    /// In which rounds it votes.
    voting: Arc<Voting>,
    /// How often it lost its disk.
    wiped: u64,
    /// The disk of the one that runs beside it with the same key.
    twin: MemoryDisk,
    running: Option<Running<R>>,
    /// One of the engine's mocks, which plays it.
    mock: Option<Handle<()>>,
    /// What ran before a crash, for as long as anything of it is left.
    crashed: Vec<Weak<Copy<R>>>,
}

struct Running<R: Rules> {
    copy: Arc<Copy<R>>,
    node: Arc<Node>,
    submit: mpsc::UnboundedSender<Vec<u8>>,
    handle: Handle<()>,
    /// The one that runs beside it with the same key.
    twin: Option<Box<Running<R>>>,
}

/// Which of those that run with one key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Itself,
    Twin,
}

/// The transaction that used a key first, if that is why another was refused.
fn first_use(error: &Error) -> Option<Hash> {
    let repeated = error.code() == TRANSACTION_REPEATED.code;
    error.detail("first").filter(|_| repeated).and_then(|first| first.parse().ok())
}

fn invalid(reason: impl std::fmt::Display) -> Error {
    SIMULATION_INVALID.error().with("reason", reason)
}

fn down(reason: &str) -> Error {
    VALIDATOR_DOWN.error().with("reason", reason)
}

impl<R: Rules + Clone> World<R> {
    fn validator(&self, place: usize) -> Result<&Validator<R>, Error> {
        self.validators.get(place).ok_or_else(|| invalid(format_args!("there is no validator {place}")))
    }

    fn running(&self, place: usize) -> Result<&Running<R>, Error> {
        self.validator(place)?.running.as_ref().ok_or_else(|| down("it crashed"))
    }

    /// The directory of a validator, for its lock.
    fn home(&self, place: usize) -> PathBuf {
        self.directory.path().join(place.to_string())
    }

    pub(crate) fn copy(&self, place: usize) -> Result<Arc<Copy<R>>, Error> {
        Ok(Arc::clone(&self.running(place)?.copy))
    }

    pub(crate) fn submit(&self, place: usize, transaction: Vec<u8>) -> Result<Hash, Error> {
        let running = self.running(place)?;
        let (id, new) = running.node.admit(transaction.clone())?;
        if new {
            // A validator that stopped passes nothing on; whoever waits hears of it.
            drop(running.submit.send(transaction));
        }
        Ok(id)
    }

    pub(crate) async fn hand_over(
        &mut self,
        place: usize,
        transaction: &SignedTransaction,
        patience: Duration,
    ) -> Result<Option<Receipt>, Error> {
        let copy = self.copy(place)?;
        let id = match copy.read(|ledger| ledger.admits(transaction)) {
            Ok(()) => self.submit(place, transaction.to_bytes())?,
            Err(error) => first_use(&error).ok_or(error)?,
        };
        let receipt = self.settle(place, id, patience).await?;
        if receipt.is_some() {
            return Ok(receipt);
        }
        // The key may have been used by a transaction that was not executed when this one was taken.
        match copy.read(|ledger| ledger.admits(transaction)) {
            Ok(()) => Ok(None),
            Err(error) => {
                let first = first_use(&error).ok_or(error)?;
                self.settle(place, first, patience).await
            }
        }
    }

    pub(crate) async fn settle(
        &mut self,
        place: usize,
        transaction: Hash,
        patience: Duration,
    ) -> Result<Option<Receipt>, Error> {
        let running = self.running(place)?;
        let until = self.context.current().checked_add(patience).ok_or_else(|| invalid("it never ends"))?;
        loop {
            let executed = running.node.executed_height();
            running.node.check_running()?;
            if let Some(receipt) = running.copy.read(|ledger| ledger.receipt(&transaction))? {
                return Ok(Some(receipt));
            }
            if self.context.current() >= until {
                return Ok(None);
            }
            select! {
                () = running.node.executed_above(executed) => {},
                () = self.context.sleep_until(until) => {},
            }
        }
    }

    pub(crate) async fn run_for(&mut self, time: Duration) {
        self.context.sleep(time).await;
    }

    pub(crate) async fn advance_to(&mut self, time: Timestamp) -> Result<(), Error> {
        let now = self
            .validators
            .iter()
            .filter_map(|validator| Some(validator.running.as_ref()?.node.time(self.context.current())));
        let now = now.min().ok_or_else(|| down("all crashed"))?;
        let step = time.millis().saturating_sub(now.millis());
        let proven = self
            .validators
            .iter()
            .filter_map(|validator| Some(validator.running.as_ref()?.copy.read(|ledger| ledger.time())));
        // Clocks that moved while no quorum ran are no reason to refuse the same time again.
        if proven.min().is_some_and(|proven| time < proven) {
            return Err(CLOCK_BACKWARDS.error().with("time", now).with("given", time));
        }
        let step = step.max(0);
        for validator in &self.validators {
            validator.clock.fetch_add(step, Ordering::Relaxed);
        }
        for _ in 0..60 {
            let reached = |validator: &Validator<R>| {
                let running = validator.running.as_ref()?;
                Some(running.copy.read(|ledger| ledger.time()) >= time)
            };
            if self.validators.iter().filter_map(reached).all(|reached| reached) {
                return Ok(());
            }
            self.context.sleep(Duration::from_secs(1)).await;
        }
        Err(down("no quorum runs"))
    }

    pub(crate) fn skew(&mut self, place: usize, millis: i64) -> Result<(), Error> {
        self.validator(place)?;
        if let Some(validator) = self.validators.get_mut(place) {
            validator.clock.fetch_add(millis.saturating_sub(validator.skew), Ordering::Relaxed);
            validator.skew = millis;
        }
        Ok(())
    }

    pub(crate) fn crash(&mut self, place: usize) -> Result<(), Error> {
        self.validator(place)?;
        let validator = self.validators.get_mut(place);
        let Some(validator) = validator else { return Ok(()) };
        if let Some(mock) = validator.mock.take() {
            mock.abort();
        }
        let mut running = validator.running.take();
        if running.is_some() {
            self.copies.set(place, None);
            let seed = rand_core::Rng::next_u64(&mut self.context);
            validator.disk.cut_power(seed);
            validator.twin.cut_power(seed);
        }
        while let Some(Running { copy, handle, twin, .. }) = running {
            handle.abort();
            validator.crashed.push(Arc::downgrade(&copy));
            running = twin.map(|twin| *twin);
        }
        Ok(())
    }

    pub(crate) fn fail_disk(&self, place: usize, fault: Option<DiskFault>) -> Result<(), Error> {
        self.validator(place)?.disk.set_fault(fault);
        Ok(())
    }

    /// Everything that it had on disk is gone, and it is as after a crash.
    pub(crate) fn wipe(&mut self, place: usize) -> Result<(), Error> {
        self.crash(place)?;
        if let Some(validator) = self.validators.get_mut(place) {
            validator.disk = MemoryDisk::default();
            validator.voting = Arc::new(Voting::forgetful());
            validator.wiped = validator.wiped.saturating_add(1);
        }
        Ok(())
    }

    pub(crate) async fn lie(&mut self, place: usize, how: Option<Lie>) -> Result<(), Error> {
        let Validator { running, mock, public, .. } = self.validator(place)?;
        let (ran, public) = (running.is_some() || mock.is_some(), public.clone());
        self.crash(place)?;
        if let Some(validator) = self.validators.get_mut(place) {
            validator.lie = how;
            validator.changes = validator.changes.saturating_add(1);
        }
        for other in &self.validators {
            let heard = self.oracle.unblock(other.public.clone(), public.clone()).await;
            heard.map_err(|error| invalid(&error).because(error))?;
        }
        if !ran {
            return Ok(());
        }
        self.restart(place).await?;
        for _ in 0..60 {
            let begun = self.running(place).map_or(true, |running| running.node.executed_height() > 0);
            if begun {
                break;
            }
            self.context.sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    }

    pub(crate) async fn caught(&self, place: usize) -> Result<usize, Error> {
        let public = &self.validator(place)?.public;
        let blocked = self.oracle.blocked().await.map_err(|error| invalid(&error).because(error))?;
        Ok(blocked.iter().filter(|(_, liar)| liar == public).count())
    }

    pub(crate) async fn set_links(&mut self, link: Link) -> Result<(), Error> {
        self.link = link;
        let all = (0..self.validators.len()).collect();
        self.partition(vec![all]).await
    }

    pub(crate) async fn partition(&mut self, groups: Vec<Vec<usize>>) -> Result<(), Error> {
        let mut group_of = BTreeMap::new();
        for (group, members) in groups.iter().enumerate() {
            for member in members {
                self.validator(*member)?;
                if group_of.insert(*member, group).is_some() {
                    return Err(invalid(format_args!("validator {member} is in two groups")));
                }
            }
        }
        let delivered = 1_000_u64.checked_sub(u64::from(self.link.lost_per_mille));
        let success_rate = delivered.and_then(|delivered| Probability::new(delivered, 1_000));
        let success_rate = success_rate.ok_or_else(|| invalid("more than all messages are lost"))?;
        let link = simulated::Link { latency: self.link.latency, jitter: self.link.jitter, success_rate };
        for (one, from) in self.validators.iter().enumerate() {
            for (other, to) in self.validators.iter().enumerate().filter(|(other, _)| *other != one) {
                // There may be none yet.
                drop(self.oracle.remove_link(from.public.clone(), to.public.clone()).await);
                let together = group_of.get(&one).is_some_and(|group| group_of.get(&other) == Some(group));
                if together {
                    let added =
                        self.oracle.add_link(from.public.clone(), to.public.clone(), link.clone()).await;
                    added.map_err(|error| invalid(&error).because(error))?;
                }
            }
        }
        Ok(())
    }

    pub(crate) fn fingerprint(&self) -> String {
        self.context.auditor().state()
    }
}

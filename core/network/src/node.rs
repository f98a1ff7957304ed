//! What the parts of one validator share.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use allonge_crypto::Hash;
use allonge_finance::Timestamp;
use allonge_ledger::{Epochs, Error, Tip};
use commonware_consensus::marshal::ancestry::Ancestry;
use commonware_cryptography::{Digested, Digestible};
use futures::StreamExt;

use crate::ordered::OrderedBlock;
use crate::pool::Pool;
use crate::replica::Replica;
use crate::voting::Voting;
use crate::watch::Watch;
use allonge_ledger::registry::VALIDATOR_DOWN;

/// So many blocks are remembered that were proposed lately, final or not.
const MAX_KNOWN: usize = 1_024;

/// A validator, between its API, the engine and the one who executes.
pub(crate) struct Node {
    pub(crate) replica: Arc<dyn Replica>,
    pub(crate) pool: Pool,
    pub(crate) voting: Arc<Voting>,
    /// Milliseconds that this validator's clock is ahead of the runtime's.
    clock: Arc<AtomicI64>,
    pub(crate) progress: Watch<Progress>,
    /// Those that the executed blocks have decided.
    epochs: Mutex<Arc<Epochs>>,
    known: Mutex<Known>,
}

/// How far a validator came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    pub(crate) executed: u64,
    pub(crate) failed: Option<Arc<Error>>,
    #[cfg(feature = "validator")]
    stopped: bool,
}

/// Blocks that were proposed lately, by the digests of their headers.
#[derive(Default)]
struct Known {
    blocks: HashMap<Hash, Arc<KnownBlock>>,
    order: VecDeque<Hash>,
}

/// A block that others may follow.
struct KnownBlock {
    tip: Tip,
    parent: Hash,
    transactions: Vec<Hash>,
}

/// A block that the next may follow, with what is known of those below it.
pub(crate) struct Lineage {
    pub(crate) tip: Tip,
    /// The newest block of which no header says yet what it came to though it has transactions.
    pub(crate) owed: Option<u64>,
    below: Vec<Arc<KnownBlock>>,
}

impl Lineage {
    /// The transactions of the blocks above an executed height.
    pub(crate) fn transactions_above(&self, executed: u64) -> BTreeSet<Hash> {
        let above = self.below.iter().filter(|block| block.tip.height > executed);
        above.flat_map(|block| block.transactions.iter().copied()).collect()
    }
}

impl Node {
    pub(crate) fn new(replica: Arc<dyn Replica>, clock: Arc<AtomicI64>, voting: Arc<Voting>) -> Arc<Self> {
        let executed = replica.tip().height;
        let epochs = Mutex::new(Arc::new(replica.epochs()));
        Arc::new(Node {
            replica,
            pool: Pool::default(),
            voting,
            clock,
            epochs,
            progress: Watch::new(Progress { executed, ..Progress::default() }),
            known: Mutex::default(),
        })
    }

    /// The time of this validator's clock.
    pub(crate) fn time(&self, now: SystemTime) -> Timestamp {
        let since = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let millis = i64::try_from(since).unwrap_or(i64::MAX);
        let millis = millis.saturating_add(self.clock.load(Ordering::Relaxed));
        // A clock outside the years 1970 to 2199 says the end of them nearest to it.
        Timestamp::from_millis(millis).unwrap_or(if millis < 0 { Timestamp::MIN } else { Timestamp::MAX })
    }

    /// The time of this validator's clock now, where time is real.
    #[cfg(feature = "validator")]
    pub(crate) fn now(&self) -> Timestamp {
        self.time(SystemTime::now())
    }

    /// The height of the newest executed block.
    pub(crate) fn executed_height(&self) -> u64 {
        self.progress.look(|progress| progress.executed)
    }

    /// Waits until a block above a height is executed.
    pub(crate) async fn executed_above(&self, height: u64) {
        self.progress.until(|progress| (progress.executed > height).then_some(())).await;
    }

    pub(crate) fn executed(&self, height: u64) {
        *self.lock_epochs() = Arc::new(self.replica.epochs());
        self.progress.change(|progress| progress.executed = height);
    }

    fn lock_epochs(&self) -> MutexGuard<'_, Arc<Epochs>> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The epochs that the executed blocks have decided.
    pub(crate) fn epochs(&self) -> Arc<Epochs> {
        Arc::clone(&self.lock_epochs())
    }

    /// Waits until the last block of an epoch is executed.
    pub(crate) async fn epoch_over(&self, epoch: u64) {
        let over = |progress: &Progress| {
            let last = self.epochs().last_height(epoch)?;
            (progress.executed >= last).then_some(())
        };
        self.progress.until(over).await;
    }

    /// Nothing more is executed here, and nothing is voted for.
    pub(crate) fn fail(&self, error: Error) {
        self.progress.change(|progress| {
            progress.failed.get_or_insert_with(|| Arc::new(error));
        });
    }

    /// Whether this validator still executes.
    ///
    /// Errors: `validator.down`.
    pub(crate) fn check_running(&self) -> Result<(), Error> {
        match self.progress.look(|progress| progress.failed.clone()) {
            Some(error) => Err(VALIDATOR_DOWN.error().with("reason", error)),
            None => Ok(()),
        }
    }

    /// The validator ends: whoever answers its clients stops.
    #[cfg(feature = "validator")]
    pub(crate) fn stop(&self) {
        self.progress.change(|progress| progress.stopped = true);
    }

    /// Whether the validator ends.
    #[cfg(feature = "validator")]
    pub(crate) fn is_stopped(&self) -> bool {
        self.progress.look(|progress| progress.stopped)
    }

    /// Waits until the validator ends.
    #[cfg(feature = "validator")]
    pub(crate) async fn stopped(&self) {
        self.progress.until(|progress| progress.stopped.then_some(())).await;
    }

    /// Takes a transaction that somebody submitted here; answers its id, and whether it is new.
    ///
    /// Errors: `transaction.*`, `signature.*`, `validator.*`, `store.*`.
    pub(crate) fn admit(&self, bytes: Vec<u8>) -> Result<(Hash, bool), Error> {
        self.check_running()?;
        let id = self.replica.id(&bytes)?;
        if self.pool.contains(&id) || self.replica.contains(&id)? {
            return Ok((id, false));
        }
        self.replica.admits(&bytes)?;
        Ok((id, self.pool.insert(id, bytes)?))
    }

    /// Takes what other validators pass on. What may not enter a block is not kept: of one transaction there are as many
    /// forms as there are signatures, and only those of its author's keys count.
    pub(crate) fn admit_all(&self, transactions: Vec<Vec<u8>>) {
        let new = transactions.into_iter().filter(|bytes| {
            let known = |id: Hash| self.pool.contains(&id) || self.replica.contains(&id).unwrap_or(true);
            self.replica.id(bytes).is_ok_and(|id| !known(id))
        });
        for bytes in new {
            if let Ok(id) = self.replica.admits(&bytes) {
                // A full pool takes it when it is passed on again.
                drop(self.pool.insert(id, bytes));
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a block that may be followed.
    pub(crate) fn remember(&self, tip: Tip, parent: Hash, transactions: Vec<Hash>) {
        let digest = tip.digest;
        let mut known = self.known();
        if known.blocks.insert(digest, Arc::new(KnownBlock { tip, parent, transactions })).is_none() {
            known.order.push_back(digest);
        }
        if known.order.len() > MAX_KNOWN
            && let Some(oldest) = known.order.pop_front()
        {
            known.blocks.remove(&oldest);
        }
    }

    /// What the first block of an ancestry leads to, if it goes on from what was executed here.
    pub(crate) async fn follow(&self, mut ancestry: impl Ancestry<OrderedBlock>) -> Option<Lineage> {
        let mut above: Vec<Digested<OrderedBlock>> = Vec::new();
        let mut tip = loop {
            let block = ancestry.next().await?;
            let digest = Hash::new(block.digest().0);
            if let Some(known) = self.known().blocks.get(&digest) {
                break known.tip.clone();
            }
            let executed = self.replica.tip();
            if executed.digest == digest {
                break executed;
            }
            let header = block.inner().header()?;
            if header.height <= executed.height {
                return None;
            }
            above.push(block);
        };
        for block in above.iter().rev() {
            let header = block.inner().header()?;
            let ids = block.inner().transactions().iter().map(|bytes| self.replica.id(bytes));
            let ids = ids.collect::<Result<Vec<Hash>, Error>>().ok()?;
            let parent = tip.digest;
            tip = tip.next(self.replica.trust(), header);
            self.remember(tip.clone(), parent, ids);
        }
        Some(self.lineage(tip))
    }

    fn lineage(&self, tip: Tip) -> Lineage {
        let known = self.known();
        let (mut below, mut owed) = (Vec::new(), None);
        let (mut digest, mut height) = (tip.digest, tip.height);
        while height > tip.executed.height {
            let Some(block) = known.blocks.get(&digest) else {
                // After a start: it may have transactions.
                owed = owed.or(Some(height));
                break;
            };
            if !block.transactions.is_empty() {
                owed = owed.or(Some(height));
            }
            below.push(Arc::clone(block));
            digest = block.parent;
            height = height.saturating_sub(1);
        }
        Lineage { tip, owed, below }
    }
}

//! What the engine asks a validator for: blocks to propose, and a judgement of those that others propose.

use std::sync::Arc;
use std::time::Duration;

use allonge_crypto::{Hash, HashSuite};
use allonge_ledger::Judgement;
use commonware_consensus::Application;
use commonware_consensus::marshal::ancestry::Ancestry;
use commonware_consensus::simplex::types::Context;
use commonware_cryptography::{Digested, Digestible, ed25519, sha256};
use commonware_macros::select;
use commonware_runtime::Clock;
use futures::StreamExt;

use crate::node::{Lineage, Node};
use crate::ordered::OrderedBlock;
use crate::voting::Scheme;

/// With nothing to order, a block that moves the time comes this often.
pub(crate) const IDLE: Duration = Duration::from_millis(500);
/// A validator votes for a block that is at most so far from its own clock.
const TOLERANCE_MS: i64 = 2_000;

/// The ledger as the engine sees it.
#[derive(Clone)]
pub(crate) struct Proposer {
    node: Arc<Node>,
}

impl Proposer {
    pub(crate) fn new(node: Arc<Node>) -> Self {
        Proposer { node }
    }

    /// The next block: as soon as there are transactions, or what earlier ones came to can be said.
    async fn build(&self, context: &impl Clock, epoch: u64, parent: Lineage) -> Option<OrderedBlock> {
        let idle = context.current().checked_add(IDLE)?;
        loop {
            let arrived = self.node.pool.arrivals();
            let executed = self.node.executed_height();
            let chosen = self.node.pool.select(&parent.transactions_above(executed));
            let due = !chosen.is_empty()
                || parent.owed.is_some_and(|owed| owed <= executed)
                || context.current() >= idle;
            if due {
                let time = self.node.time(context.current()).max(parent.tip.time);
                let (ids, transactions): (Vec<Hash>, Vec<Vec<u8>>) = chosen.into_iter().unzip();
                match self.node.replica.propose(&parent.tip, time, &transactions) {
                    // The last block of an epoch has no other above it in the same.
                    Ok(Some(header)) if header.epoch != epoch => return None,
                    Ok(Some(header)) => {
                        let tip = parent.tip.next(self.node.replica.trust(), &header);
                        self.node.remember(tip, parent.tip.digest, ids);
                        return Some(OrderedBlock::new(HashSuite::Sha256, header, transactions));
                    }
                    // Too far ahead of what is executed: only execution helps.
                    Ok(None) => {
                        self.node.executed_above(executed).await;
                        continue;
                    }
                    Err(error) => {
                        self.node.fail(error);
                        return None;
                    }
                }
            }
            select! {
                () = self.node.pool.more_than(arrived) => {},
                () = self.node.executed_above(executed) => {},
                () = context.sleep_until(idle) => {},
            }
        }
    }

    /// Whether a block follows from its parent. Where that may still turn out, it waits.
    async fn judge(&self, context: &impl Clock, block: &OrderedBlock, parent: Lineage) -> bool {
        let Some(header) = block.header() else { return false };
        loop {
            let ahead = header.time.millis().saturating_sub(self.node.time(context.current()).millis());
            if ahead < -TOLERANCE_MS {
                // It may be right, but this validator does not vote for it.
                return std::future::pending().await;
            }
            let Ok(early) = u64::try_from(ahead.saturating_sub(TOLERANCE_MS)) else { break };
            if early == 0 {
                break;
            }
            context.sleep(Duration::from_millis(early)).await;
        }
        let Some(ids) = self.verified(block.transactions()) else { return false };
        loop {
            match self.node.replica.judge(&parent.tip, header, block.transactions()) {
                Ok(Judgement::True) => {
                    let tip = parent.tip.next(self.node.replica.trust(), header);
                    self.node.remember(tip, parent.tip.digest, ids);
                    return true;
                }
                Ok(Judgement::False(_)) => return false,
                Ok(Judgement::After(height)) => {
                    self.node.executed_above(height.saturating_sub(1)).await;
                }
                Err(error) => {
                    self.node.fail(error);
                    return std::future::pending().await;
                }
            }
        }
    }

    /// The ids of transactions, if all of them are of this network and rightly signed.
    fn verified(&self, transactions: &[Vec<u8>]) -> Option<Vec<Hash>> {
        let ids = transactions.iter().map(|bytes| self.node.replica.id(bytes));
        let ids: Vec<Hash> = ids.collect::<Result<_, _>>().ok()?;
        let new: Vec<Vec<u8>> = ids
            .iter()
            .zip(transactions)
            .filter(|(id, bytes)| !self.node.pool.has(id, bytes))
            .map(|(_, bytes)| bytes.clone())
            .collect();
        self.node.replica.verify(&new).iter().all(Result::is_ok).then_some(ids)
    }
}

impl<E: Clock> Application<E> for Proposer {
    type SigningScheme = Scheme;
    type Context = Context<sha256::Digest, ed25519::PublicKey>;
    type Block = OrderedBlock;
    type Input = ();

    async fn propose(
        &mut self,
        (context, Context { round, .. }): (E, Self::Context),
        ancestry: impl Ancestry<OrderedBlock>,
        (): (),
    ) -> Option<Digested<OrderedBlock>> {
        let parent = self.node.follow(ancestry).await?;
        let block = self.build(&context, round.epoch().get(), parent).await?;
        let digest = block.digest();
        Some(Digested::precomputed(block, digest))
    }

    async fn verify(
        &mut self,
        (context, Context { round, .. }): (E, Self::Context),
        mut ancestry: impl Ancestry<OrderedBlock>,
    ) -> bool {
        let Some(block) = ancestry.next().await else { return false };
        if block.inner().header().is_none_or(|header| header.epoch != round.epoch().get()) {
            return false;
        }
        match self.node.follow(ancestry).await {
            Some(parent) => self.judge(&context, block.inner(), parent).await,
            None => false,
        }
    }
}

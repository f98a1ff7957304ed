//! Executing what is final, block by block, in order.

use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_ledger::Certificate;
use allonge_ledger::registry::{STORE_FAILED, VALIDATOR_DOWN};
use commonware_actor::Feedback;
use commonware_codec::Encode;
use commonware_consensus::marshal::Update;
use commonware_consensus::marshal::core::Mailbox;
use commonware_consensus::marshal::standard::Standard;
use commonware_consensus::types::Height;
use commonware_consensus::{Heightable, Reporter};
use commonware_runtime::Clock;
use commonware_utils::Acknowledgement;
use commonware_utils::acknowledgement::Exact;
use tokio::sync::mpsc;

use crate::node::Node;
use crate::ordered::OrderedBlock;
use crate::voting::Scheme;

/// The engine's memory of final blocks.
pub(crate) type Marshal = Mailbox<Scheme, Standard<OrderedBlock>>;

/// Hands final blocks to the one who executes them.
#[derive(Clone)]
pub(crate) struct FinalBlocks(mpsc::UnboundedSender<(Arc<OrderedBlock>, Exact)>);

/// Where they arrive. The engine hands over a few at a time, and waits for these to be acknowledged.
pub(crate) type Arriving = mpsc::UnboundedReceiver<(Arc<OrderedBlock>, Exact)>;

impl FinalBlocks {
    pub(crate) fn channel() -> (Self, Arriving) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (FinalBlocks(sender), receiver)
    }
}

impl Reporter for FinalBlocks {
    type Activity = Update<OrderedBlock>;

    fn report(&mut self, update: Self::Activity) -> Feedback {
        if let Update::Block(block, acknowledgement) = update {
            // Whoever executed is gone: then the validator stops, and the block comes again when it starts.
            drop(self.0.send((block.inner_shared(), acknowledgement)));
        }
        Feedback::Ok
    }
}

/// Executes blocks as they become final, until one cannot be: then nothing is acknowledged any more.
pub(crate) async fn run(clock: impl Clock, node: Arc<Node>, marshal: Marshal, mut blocks: Arriving) {
    while let Some((block, acknowledgement)) = blocks.recv().await {
        let height = block.height().get();
        // Those before it that the engine took for executed, but which the log does not have.
        loop {
            let next = node.replica.tip().height.saturating_add(1);
            if next >= height {
                break;
            }
            let Some(missing) = marshal.get_block(Height::new(next)).await else {
                node.fail(VALIDATOR_DOWN.error().with("reason", format_args!("block {next} is missing")));
                break;
            };
            if !execute(&clock, &node, &marshal, missing.inner()).await {
                break;
            }
        }
        if node.replica.tip().height >= height || execute(&clock, &node, &marshal, &block).await {
            acknowledgement.acknowledge();
        } else {
            // Held for as long as the validator runs: letting go of it stops the engine with a panic.
            return std::future::pending().await;
        }
    }
}

/// Executes one block, and tells those who wait for it; whether it could.
async fn execute(clock: &impl Clock, node: &Node, marshal: &Marshal, block: &OrderedBlock) -> bool {
    let Some(header) = block.header().cloned() else { return true };
    let height = header.height;
    let epochs = node.epochs();
    let validators = epochs.get(header.epoch).map_or(0, |epoch| epoch.roster.len());
    let digest = header.digest(suite(node));
    let finalization = marshal.get_finalization(Height::new(height)).await;
    // One of a later view is of a descendant that repeats the block.
    let finalization = finalization.filter(|found| Hash::new(found.proposal.payload.0) == digest);
    let round = finalization.as_ref().map(|finalization| finalization.proposal.round);
    let certificate = finalization.and_then(|found| Certificate::decode(&found.encode(), validators).ok());
    let (time, now) = (header.time, node.time(clock.current()));
    match node.replica.execute(header, certificate, block.transactions().to_vec()) {
        Ok(()) => {
            let executed = block.transactions().iter();
            let executed =
                executed.filter_map(|bytes| Some((node.replica.id(bytes).ok()?, bytes.as_slice())));
            node.pool.remove(executed, |id| node.replica.contains(id).unwrap_or(false));
            node.executed(height);
            if let Some(Err(error)) = round.map(|round| node.voting.sees(time, round, now)) {
                node.fail(STORE_FAILED.error().with("reason", &error).because(error));
                return false;
            }
            true
        }
        Err(error) => {
            node.fail(error);
            false
        }
    }
}

fn suite(node: &Node) -> allonge_crypto::HashSuite {
    node.replica.trust().genesis().hash_suite
}

//! One instance of consensus for each epoch: when the last block of an epoch is executed, the next begins on it.

use std::sync::Arc;

use allonge_crypto::Hash;
use allonge_ledger::HANDOVER_BLOCKS;
use commonware_consensus::types::Height;
use commonware_cryptography::ed25519;
use commonware_macros::select;
use commonware_p2p::utils::mux::{Builder as _, MuxHandle, Muxer, SubReceiver, SubSender};
use commonware_p2p::{Channel, Message, Receiver, Sender};
use commonware_runtime::{Handle, Metrics, Spawner};
use commonware_utils::channel::mpsc;
use commonware_utils::vec::NonEmptyVec;

use crate::executor::Marshal;
use crate::node::Node;

/// So many of the heights that are next to be decided are asked for at once.
const HINTS: u64 = 4;

type Ends<S> = (SubSender<S>, SubReceiver<ed25519::PublicKey>);
type Strays = mpsc::Receiver<(Channel, Message<ed25519::PublicKey>)>;

/// The channels of consensus, one part of each for every epoch.
pub(crate) struct Channels<S: Sender<PublicKey = ed25519::PublicKey>> {
    votes: MuxHandle<S>,
    certificates: MuxHandle<S>,
    requests: MuxHandle<S>,
    /// Votes and certificates of epochs that do not run here.
    strays: [Strays; 2],
}

/// The ends of the channels for one epoch.
pub(crate) struct EpochChannels<S: Sender<PublicKey = ed25519::PublicKey>> {
    pub(crate) votes: Ends<S>,
    pub(crate) certificates: Ends<S>,
    pub(crate) requests: Ends<S>,
}

impl<S: Sender<PublicKey = ed25519::PublicKey>> Channels<S> {
    /// Divides the channels of votes, certificates and requests.
    pub(crate) fn divide<E, R>(context: &E, [votes, certificates, requests]: [(S, R); 3]) -> Self
    where
        E: Spawner + Metrics,
        R: Receiver<PublicKey = ed25519::PublicKey>,
    {
        let (votes_mux, votes, stray_votes) =
            Muxer::builder(context.child("votes"), votes.0, votes.1).with_backup().build();
        let (certificates_mux, certificates, stray_certificates) =
            Muxer::builder(context.child("certificates"), certificates.0, certificates.1)
                .with_backup()
                .build();
        let (requests_mux, requests) = Muxer::new(context.child("requests"), requests.0, requests.1);
        votes_mux.start();
        certificates_mux.start();
        requests_mux.start();
        Channels { votes, certificates, requests, strays: [stray_votes, stray_certificates] }
    }

    /// The ends for an epoch.
    pub(crate) async fn of(&mut self, epoch: u64) -> Option<EpochChannels<S>> {
        Some(EpochChannels {
            votes: self.votes.register(epoch).await.ok()?,
            certificates: self.certificates.register(epoch).await.ok()?,
            requests: self.requests.register(epoch).await.ok()?,
        })
    }
}

/// Runs consensus epoch by epoch, for as long as the validator runs. `begin` starts the engine of an epoch on the block
/// with this digest, the last of the epoch before.
pub(crate) async fn run<S: Sender<PublicKey = ed25519::PublicKey>>(
    node: Arc<Node>,
    marshal: Marshal,
    mut channels: Channels<S>,
    mut begin: impl FnMut(u64, Hash, EpochChannels<S>) -> Option<Handle<()>>,
) {
    loop {
        let epoch = node.epochs().at(node.executed_height().saturating_add(1));
        let Some(below) = last_digest_before(&node, epoch) else { return };
        let Some(ends) = channels.of(epoch).await else { return };
        let Some(engine) = begin(epoch, below, ends) else { return };
        let mut engine = Running(engine);
        let [stray_votes, stray_certificates] = &mut channels.strays;
        loop {
            select! {
                _ = &mut engine.0 => {
                    // It ends with the validator only.
                    return;
                },
                () = node.epoch_over(epoch) => {
                    break;
                },
                stray = stray_votes.recv() => {
                    let Some((other, (from, _))) = stray else { return };
                    look_ahead(&node, &marshal, epoch, other, &from);
                },
                stray = stray_certificates.recv() => {
                    let Some((other, (from, _))) = stray else { return };
                    look_ahead(&node, &marshal, epoch, other, &from);
                },
            }
        }
    }
}

/// The engine of an epoch. It ends with this.
struct Running(Handle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The digest on which an epoch begins.
fn last_digest_before(node: &Node, epoch: u64) -> Option<Hash> {
    let first = node.epochs().get(epoch)?.from_height;
    match node.replica.digest(first.checked_sub(1)?) {
        Ok(digest) => digest,
        Err(error) => {
            node.fail(error);
            None
        }
    }
}

/// Others are in a later epoch: whoever says so has the blocks that lead there.
fn look_ahead(node: &Node, marshal: &Marshal, epoch: u64, other: u64, from: &ed25519::PublicKey) {
    if other <= epoch {
        return;
    }
    let decided = node.executed_height().saturating_add(HANDOVER_BLOCKS);
    let ahead = node.epochs().last_height(epoch).map_or(decided, |last| last.min(decided));
    for behind in 0..HINTS {
        let height = Height::new(ahead.saturating_sub(behind));
        marshal.hint_finalized(height, NonEmptyVec::new(from.clone()));
    }
}

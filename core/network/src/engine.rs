//! The consensus engine of one validator. No other module knows of what it is made.
//!
//! Simplex orders the digests of headers; marshal keeps the blocks, and hands those that are final to the executor in
//! their order; buffered broadcast spreads what is proposed.

use std::num::{NonZeroU16, NonZeroU64, NonZeroUsize};
use std::sync::Arc;
use std::time::Duration;

use allonge_crypto::Hash;
use allonge_ledger::MAX_VALIDATORS;
use commonware_broadcast::buffered;
use commonware_consensus::marshal::core::Actor as MarshalActor;
use commonware_consensus::marshal::resolver::p2p as resolver;
use commonware_consensus::marshal::standard::{Inline, Standard};
use commonware_consensus::marshal::{self, Start};
use commonware_consensus::simplex;
use commonware_consensus::simplex::config::{Floor, ForwardPolicy, SkipBudget, SkipPolicy};
use commonware_consensus::simplex::elector::RoundRobin;
use commonware_consensus::types::{Epoch, Height, ViewDelta};
use commonware_cryptography::{Digested, Digestible, Sha256, ed25519, sha256};
use commonware_p2p::utils::mux::prefixed;
use commonware_p2p::{Blocker, Provider, Receiver, Sender, max_message_size};
use commonware_parallel::Sequential;
use commonware_runtime::buffer::paged::{CacheRef, page_size};
use commonware_runtime::{Clock, Handle, Metrics, Network, Spawner, Storage};
use commonware_storage::archive::prunable;
use commonware_storage::translator::EightCap;
use commonware_utils::NZDuration;
use rand_core::CryptoRng;
use tokio::sync::mpsc;

use crate::application::Proposer;
use crate::committees::Committees;
use crate::executor::{self, FinalBlocks};
use crate::gossip;
use crate::keys::NodeKey;
use crate::node::Node;
use crate::orchestrator::{self, EpochChannels};
use crate::ordered::{OrderedBlock, to_digest};
use crate::refill::{Final, Refusal, refill};
use crate::voting::Scheme;

const VIEW_RETENTION: ViewDelta = ViewDelta::new(256);
const PAGE: NonZeroU16 = page_size(4_096);
const SECTION: NonZeroU64 = NonZeroU64::new(4_096).unwrap();
const MAX_REPAIR: NonZeroUsize = NonZeroUsize::new(64).unwrap();
/// So many final blocks may wait to be executed.
const MAX_PENDING: NonZeroUsize = NonZeroUsize::new(16).unwrap();
/// Blocks of others that are kept until they are final, of each validator.
const BUFFERED: usize = 16;

/// What a validator sends is on one of these channels.
pub(crate) const CHANNELS: usize = 6;

/// The sending and receiving end of each channel.
pub(crate) type Channels<S, R> = [(S, R); CHANNELS];

/// No message between validators is longer.
pub(crate) fn max_message_bytes(validators: u32) -> u32 {
    max_message_size(&[
        prefixed(simplex::max_payload_size::<Scheme, sha256::Digest>(validators)),
        marshal::max_payload_size::<Standard<OrderedBlock>, Scheme>(validators, &Hash::ZERO),
    ])
}

/// How much memory the engine takes at once. Its mailboxes and buffers are as large from the start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    mailbox: NonZeroUsize,
    buffer: NonZeroUsize,
    pages: NonZeroUsize,
}

impl Sizes {
    /// For a validator on a machine of its own.
    #[cfg(feature = "validator")]
    pub(crate) const LARGE: Sizes = Sizes {
        mailbox: NonZeroUsize::new(1_024).unwrap(),
        buffer: NonZeroUsize::new(1 << 20).unwrap(),
        pages: NonZeroUsize::new(4_096).unwrap(),
    };

    /// For several validators in a process that is started often.
    pub(crate) const SMALL: Sizes = Sizes {
        mailbox: NonZeroUsize::new(32).unwrap(),
        buffer: NonZeroUsize::new(4 << 10).unwrap(),
        pages: NonZeroUsize::new(16).unwrap(),
    };
}

/// What tells one validator from another.
pub(crate) struct Config<B, M> {
    pub(crate) key: NodeKey,
    pub(crate) blocker: B,
    pub(crate) peers: M,
    pub(crate) partition: String,
    pub(crate) sizes: Sizes,
}

/// Starts the engine of a validator, for as long as the task that the context belongs to runs. What is submitted to it
/// comes in by `submitted`. One whose key is not of the roster in office follows the others, and votes when it is.
/// Nothing when its files cannot be read.
pub(crate) async fn start<E, B, M, S, R>(
    context: E,
    config: Config<B, M>,
    node: Arc<Node>,
    submitted: mpsc::UnboundedReceiver<Vec<u8>>,
    channels: Channels<S, R>,
) -> Option<Handle<()>>
where
    E: Spawner + Metrics + CryptoRng + Clock + Storage + Network,
    B: Blocker<PublicKey = ed25519::PublicKey>,
    M: Provider<PublicKey = ed25519::PublicKey>,
    S: Sender<PublicKey = ed25519::PublicKey>,
    R: Receiver<PublicKey = ed25519::PublicKey>,
{
    let Config { key, blocker, peers, partition, sizes } = config;
    let Sizes { mailbox: mailbox_size, buffer: buffer_size, pages } = sizes;
    let [votes, certificates, requests, backfill, broadcast, transactions] = channels;
    let network = node.replica.trust().network();
    node.voting.begins(node.time(context.current()));
    let committees = Committees::new(Arc::clone(&node), key.clone());
    let pages = CacheRef::new(PAGE, pages);

    let resolver = resolver::init(
        context.child("resolver"),
        resolver::Config {
            public_key: key.public().clone(),
            peer_provider: peers.clone(),
            blocker: blocker.clone(),
            mailbox_size,
            fetch_timeout: NZDuration!(Duration::from_secs(2)),
            fetch_retry_delay: Duration::from_millis(100),
            priority_requests: false,
            priority_responses: false,
        },
        backfill,
    );
    let (buffered, buffer) = buffered::Engine::new(
        context.child("broadcast"),
        buffered::Config {
            public_key: key.public().clone(),
            mailbox_size,
            deque_size: BUFFERED,
            priority: false,
            codec_config: network,
            peer_provider: peers,
            strategy: Sequential,
        },
    );
    buffered.start(broadcast);

    let finalizations: prunable::Archive<_, _, _, Final> = prunable::Archive::init(
        context.child("finalizations"),
        archive(&partition, "finalizations", &pages, buffer_size, MAX_VALIDATORS),
    )
    .await
    .ok()?;
    let blocks: prunable::Archive<_, _, _, Arc<OrderedBlock>> = prunable::Archive::init(
        context.child("blocks"),
        archive(&partition, "blocks", &pages, buffer_size, network),
    )
    .await
    .ok()?;

    let (finalizations, blocks, floor) = match refill(node.replica.as_ref(), finalizations, blocks).await {
        Ok(refilled) => refilled,
        Err(Refusal::Engine) => return None,
        Err(Refusal::Ledger(error)) => {
            node.fail(error);
            return None;
        }
    };
    let genesis = OrderedBlock::genesis(network);
    let digest = genesis.digest();
    let start = match floor {
        Some(finalization) => Start::Floor(finalization),
        None => Start::Genesis(Digested::precomputed(genesis, digest)),
    };
    let (marshal, mailbox, _) = MarshalActor::<_, Standard<OrderedBlock>, _, _, _, _, _>::init(
        context.child("marshal"),
        finalizations,
        blocks,
        marshal::Config {
            provider: committees.clone(),
            epocher: committees.clone(),
            start,
            partition_prefix: partition.clone(),
            mailbox_size,
            view_retention: VIEW_RETENTION,
            prunable_items_per_section: SECTION,
            page_cache: pages.clone(),
            replay_buffer: buffer_size,
            key_write_buffer: buffer_size,
            value_write_buffer: buffer_size,
            block_codec_config: network,
            max_repair: MAX_REPAIR,
            max_pending_acks: MAX_PENDING,
            strategy: Sequential,
        },
    )
    .await;

    // What the ledger dropped, the engine drops too, as far as it was executed.
    let oldest = node.replica.oldest();
    if oldest > 1 {
        mailbox.prune(Height::new(oldest));
    }

    let (final_blocks, arriving) = FinalBlocks::channel();
    let (executes, final_marshal) = (Arc::clone(&node), mailbox.clone());
    let executor = move |clock| executor::run(clock, executes, final_marshal, arriving);
    context.child("executor").dedicated().spawn(executor);
    marshal.start(final_blocks, buffer, resolver);

    let passing = Arc::clone(&node);
    context.child("gossip").spawn(move |context| gossip::run(passing, context, submitted, transactions));

    let application = Inline::new(
        context.child("application"),
        Proposer::new(Arc::clone(&node)),
        mailbox.clone(),
        committees.clone(),
    );
    let divided = orchestrator::Channels::divide(&context, [votes, certificates, requests]);
    let engines = context.child("epochs");
    let begin = move |epoch: u64, below: Hash, ends: EpochChannels<S>| {
        let scheme = committees.scheme_of(epoch)?.as_ref().clone();
        let engine = simplex::Engine::new(
            engines.child("simplex").with_attribute("epoch", epoch),
            simplex::Config {
                scheme,
                elector: RoundRobin::<Sha256>::default(),
                blocker: blocker.clone(),
                automaton: application.clone(),
                relay: application.clone(),
                reporter: application.clone(),
                strategy: Sequential,
                partition: format!("{partition}-simplex-{epoch}"),
                mailbox_size,
                epoch: Epoch::new(epoch),
                floor: Floor::Genesis(to_digest(&below)),
                replay_buffer: buffer_size,
                write_buffer: buffer_size,
                page_cache: pages.clone(),
                leader_timeout: Duration::from_secs(1),
                certification_timeout: Duration::from_secs(2),
                timeout_retry: Duration::from_millis(500),
                view_retention: VIEW_RETENTION,
                skip: SkipPolicy::Enabled {
                    timeout: Duration::from_secs(5),
                    budget: SkipBudget::Participants,
                },
                fetch_timeout: NZDuration!(Duration::from_secs(2)),
                fetch_retry_delay: Duration::from_millis(100),
                forward: ForwardPolicy::SilentVoters,
                track_historical_votes: false,
            },
        );
        let EpochChannels { votes, certificates, requests } = ends;
        Some(engine.start(votes, certificates, requests))
    };
    let orchestrated = orchestrator::run(node, mailbox, divided, begin);
    Some(context.child("orchestrator").spawn(|_| orchestrated))
}

/// How marshal keeps what is final.
fn archive<C>(
    partition: &str,
    name: &str,
    pages: &CacheRef,
    buffer: NonZeroUsize,
    codec: C,
) -> prunable::Config<EightCap, C> {
    prunable::Config {
        translator: EightCap,
        metadata_partition: format!("{partition}-{name}-metadata"),
        key_partition: format!("{partition}-{name}-key"),
        key_page_cache: pages.clone(),
        value_partition: format!("{partition}-{name}-value"),
        compression: None,
        codec_config: codec,
        items_per_section: SECTION,
        key_write_buffer: buffer,
        value_write_buffer: buffer,
        replay_buffer: buffer,
    }
}

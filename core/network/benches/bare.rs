//! Commonware alone, ordering opaque blocks: what `tests/bench/network.py` compares a network with.
//!
//! `bare DIRECTORY PLACE BYTES PORT PORT PORT PORT` runs one validator of four on loopback, which proposes blocks of so
//! many bytes one after the other, with the parts and the settings of a validator of Allonge, and no ledger. For every
//! line that it reads it prints how many blocks are final so far and the times, in microseconds, from its own proposals
//! to their certificates since the line before; it ends with its input.
#![allow(clippy::expect_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::collections::HashMap;
use std::io::BufRead;
use std::net::{Ipv4Addr, SocketAddr};
use std::num::{NonZeroU16, NonZeroU32, NonZeroU64, NonZeroUsize};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use commonware_actor::Feedback;
use commonware_broadcast::buffered;
use commonware_codec::{Buf, EncodeSize, Error, Read, Write};
use commonware_consensus::marshal::ancestry::Ancestry;
use commonware_consensus::marshal::core::Actor as MarshalActor;
use commonware_consensus::marshal::resolver::p2p as resolver;
use commonware_consensus::marshal::standard::{Inline, Standard};
use commonware_consensus::marshal::{self, Start, Update};
use commonware_consensus::simplex;
use commonware_consensus::simplex::config::{Floor, ForwardPolicy, SkipBudget, SkipPolicy};
use commonware_consensus::simplex::elector::RoundRobin;
use commonware_consensus::simplex::scheme::ed25519::Scheme;
use commonware_consensus::simplex::types::{Activity, Context, Finalization};
use commonware_consensus::types::{Epoch, FixedEpocher, Height, ViewDelta};
use commonware_consensus::{Application, Block, BoundedBlock, Heightable, Reporter, Reporters};
use commonware_cryptography::certificate::ConstantProvider;
use commonware_cryptography::{
    ChaCha20Poly1305, Digested, Digestible, Hasher, Sha256, Signer as _, ed25519, sha256,
};
use commonware_p2p::authenticated::lookup::{self, Network};
use commonware_p2p::{Address, AddressableManager as _, max_message_size};
use commonware_parallel::Sequential;
use commonware_runtime::buffer::paged::{CacheRef, page_size};
use commonware_runtime::{BufMut, Quota, Runner as _, Supervisor as _, tokio as runtime};
use commonware_storage::archive::prunable;
use commonware_storage::translator::EightCap;
use commonware_stream::cups::{self, Cups};
use commonware_stream::sake::{self, Sake};
use commonware_utils::acknowledgement::{Acknowledgement as _, Exact};
use commonware_utils::ordered::{Map, Set};
use commonware_utils::{NZDuration, TryFromIterator as _};
use futures::StreamExt as _;

const NAMESPACE: &[u8] = b"a bare network";
const VALIDATORS: u64 = 4;
const MAX_BYTES: usize = 17 << 20;
const MAILBOX: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();
const BUFFER: NonZeroUsize = NonZeroUsize::new(1 << 20).unwrap();
const PAGE: NonZeroU16 = page_size(4_096);
const PAGES: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();
const SECTION: NonZeroU64 = NonZeroU64::new(4_096).unwrap();
const VIEW_RETENTION: ViewDelta = ViewDelta::new(256);
const QUOTA: Quota = Quota::per_second(NonZeroU32::new(8_192).unwrap());

/// Bytes of which nobody asks what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Opaque {
    parent: sha256::Digest,
    height: u64,
    payload: Vec<u8>,
}

impl Write for Opaque {
    fn write(&self, buffer: &mut impl BufMut) {
        buffer.put_slice(&self.parent.0);
        buffer.put_u64(self.height);
        buffer.put_u32(u32::try_from(self.payload.len()).expect("it is small"));
        buffer.put_slice(&self.payload);
    }
}

impl EncodeSize for Opaque {
    fn encode_size(&self) -> usize {
        32 + 8 + 4 + self.payload.len()
    }
}

impl Read for Opaque {
    type Cfg = ();

    fn read_cfg(buffer: &mut impl Buf, (): &()) -> Result<Self, Error> {
        if buffer.remaining() < 44 {
            return Err(Error::EndOfBuffer);
        }
        let mut parent = sha256::Digest([0; 32]);
        buffer.copy_to_slice(&mut parent.0);
        let height = buffer.get_u64();
        let length = usize::try_from(buffer.get_u32()).unwrap_or(usize::MAX);
        if length > MAX_BYTES || buffer.remaining() < length {
            return Err(Error::EndOfBuffer);
        }
        let payload = buffer.copy_to_bytes(length).to_vec();
        Ok(Opaque { parent, height, payload })
    }
}

impl Digestible for Opaque {
    type Digest = sha256::Digest;

    fn digest(&self) -> sha256::Digest {
        let mut hasher = Sha256::default();
        hasher.update(&self.parent.0);
        hasher.update(&self.height.to_be_bytes());
        hasher.update(&self.payload);
        hasher.finalize().1
    }
}

impl Heightable for Opaque {
    fn height(&self) -> Height {
        Height::new(self.height)
    }
}

impl Block for Opaque {
    fn parent(&self) -> sha256::Digest {
        self.parent
    }
}

impl BoundedBlock for Opaque {
    fn max_encode_size(_: &()) -> usize {
        MAX_BYTES
    }
}

/// What is measured.
#[derive(Default)]
struct Measured {
    blocks: AtomicU64,
    proposed: Mutex<HashMap<sha256::Digest, Instant>>,
    certified: Mutex<Vec<Duration>>,
}

#[derive(Clone)]
struct Proposer {
    bytes: usize,
    measured: Arc<Measured>,
}

impl<E: commonware_runtime::Clock> Application<E> for Proposer {
    type SigningScheme = Scheme;
    type Context = Context<sha256::Digest, ed25519::PublicKey>;
    type Block = Opaque;
    type Input = ();

    async fn propose(
        &mut self,
        _: (E, Self::Context),
        mut ancestry: impl Ancestry<Opaque>,
        (): (),
    ) -> Option<Digested<Opaque>> {
        let parent = ancestry.next().await?;
        let began = Instant::now();
        let height = parent.inner().height + 1;
        let payload = height.to_be_bytes().into_iter().cycle().take(self.bytes).collect();
        let block = Opaque { parent: parent.digest(), height, payload };
        let digest = block.digest();
        self.measured.proposed.lock().expect("no panic").insert(digest, began);
        Some(Digested::precomputed(block, digest))
    }

    async fn verify(&mut self, _: (E, Self::Context), _: impl Ancestry<Opaque>) -> bool {
        true
    }
}

/// Hears of certificates.
#[derive(Clone)]
struct Certificates(Arc<Measured>);

impl Reporter for Certificates {
    type Activity = Activity<Scheme, sha256::Digest>;

    fn report(&mut self, activity: Self::Activity) -> Feedback {
        if let Activity::Finalization(finalization) = activity {
            let began = self.0.proposed.lock().expect("no panic").remove(&finalization.proposal.payload);
            let taken = began.map(|began| began.elapsed());
            self.0.certified.lock().expect("no panic").extend(taken);
        }
        Feedback::Ok
    }
}

/// Hears of final blocks.
#[derive(Clone)]
struct Blocks(Arc<Measured>);

impl Reporter for Blocks {
    type Activity = Update<Opaque, Exact>;

    fn report(&mut self, update: Self::Activity) -> Feedback {
        if let Update::Block(_, acknowledgement) = update {
            self.0.blocks.fetch_add(1, Ordering::Relaxed);
            acknowledgement.acknowledge();
        }
        Feedback::Ok
    }
}

fn key(place: u64) -> ed25519::PrivateKey {
    ed25519::PrivateKey::from_seed(place)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [directory, place, bytes, ports @ ..] = arguments.as_slice() else {
        eprintln!("bare DIRECTORY PLACE BYTES PORT PORT PORT PORT");
        std::process::exit(2);
    };
    let place: u64 = place.parse().expect("a number");
    let bytes: usize = bytes.parse().expect("a number");
    let address = |port: &String| SocketAddr::from((Ipv4Addr::LOCALHOST, port.parse().expect("a port")));
    let addresses: Vec<SocketAddr> = ports.iter().map(address).collect();
    let measured = Arc::new(Measured::default());
    let running = Arc::clone(&measured);
    let settings = runtime::Config::new().with_storage_directory(directory).with_catch_panics(false);
    std::thread::spawn(move || {
        runtime::Runner::new(settings).start(|context| run(context, place, bytes, addresses, running));
        std::process::exit(1);
    });
    for line in std::io::stdin().lock().lines() {
        line.expect("a line");
        let times = std::mem::take(&mut *measured.certified.lock().expect("no panic"));
        print!("{}", measured.blocks.load(Ordering::Relaxed));
        times.iter().for_each(|time| print!(" {}", time.as_micros()));
        println!();
    }
    std::process::exit(0);
}

async fn run(
    context: runtime::Context,
    place: u64,
    bytes: usize,
    addresses: Vec<SocketAddr>,
    measured: Arc<Measured>,
) {
    let own = key(place);
    let handshake = Cups::<_, ChaCha20Poly1305>::new(
        Sake {
            signer: own.clone(),
            synchrony_bound: Duration::from_secs(5),
            max_handshake_age: Duration::from_secs(10),
            version: sake::Version::V1,
        },
        cups::Version::V1,
    );
    let places = (0..VALIDATORS).zip(&addresses);
    let peers: Vec<_> = places.map(|(other, to)| (key(other).public_key(), Address::from(*to))).collect();
    let peers: Map<ed25519::PublicKey, Address> = peers.try_into().expect("distinct keys");
    let all = NonZeroUsize::new(peers.len()).expect("there are four");
    let validators = u32::try_from(VALIDATORS).expect("there are four");
    let size = max_message_size(&[
        simplex::max_payload_size::<Scheme, sha256::Digest>(validators),
        marshal::max_payload_size::<Standard<Opaque>, Scheme>(validators, &()),
    ]);
    let listen = addresses[usize::try_from(place).expect("a place")];
    let settings = lookup::Config::local(handshake, NAMESPACE, listen, all, size, MAILBOX);
    let (mut network, mut oracle) = Network::new(context.child("network"), settings);
    oracle.track(0, peers);
    let [votes, certificates, requests, backfill, broadcast] =
        [0, 1, 2, 3, 4].map(|channel| network.register(channel, QUOTA));
    network.start();

    let keys: Vec<_> = (0..VALIDATORS).map(|other| key(other).public_key()).collect();
    let mut sorted = keys;
    sorted.sort();
    let participants = Set::try_from_iter(sorted).expect("distinct keys");
    let scheme = Scheme::signer(NAMESPACE, participants, own.clone()).expect("its key is among them");
    let pages = CacheRef::new(PAGE, PAGES);
    let resolver = resolver::init(
        context.child("resolver"),
        resolver::Config {
            public_key: own.public_key(),
            peer_provider: oracle.clone(),
            blocker: oracle.clone(),
            mailbox_size: MAILBOX,
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
            public_key: own.public_key(),
            mailbox_size: MAILBOX,
            deque_size: 16,
            priority: false,
            codec_config: (),
            peer_provider: oracle.clone(),
            strategy: Sequential,
        },
    );
    buffered.start(broadcast);
    let finalizations: prunable::Archive<_, _, _, Finalization<Scheme, sha256::Digest>> =
        prunable::Archive::init(context.child("finalizations"), archive("finalizations", &pages, 4))
            .await
            .expect("an archive");
    let blocks: prunable::Archive<_, _, _, Arc<Opaque>> =
        prunable::Archive::init(context.child("blocks"), archive("blocks", &pages, ()))
            .await
            .expect("an archive");
    let genesis = Opaque { parent: sha256::Digest([0; 32]), height: 0, payload: Vec::new() };
    let below = genesis.digest();
    let (marshal, mailbox, _) = MarshalActor::<_, Standard<Opaque>, _, _, _, _, _>::init(
        context.child("marshal"),
        finalizations,
        blocks,
        marshal::Config {
            provider: ConstantProvider::new(scheme.clone()),
            epocher: FixedEpocher::new(NonZeroU64::MAX),
            start: Start::Genesis(Digested::precomputed(genesis, below)),
            partition_prefix: "bare".to_owned(),
            mailbox_size: MAILBOX,
            view_retention: VIEW_RETENTION,
            prunable_items_per_section: SECTION,
            page_cache: pages.clone(),
            replay_buffer: BUFFER,
            key_write_buffer: BUFFER,
            value_write_buffer: BUFFER,
            block_codec_config: (),
            max_repair: NonZeroUsize::new(64).expect("it is not zero"),
            max_pending_acks: NonZeroUsize::new(16).expect("it is not zero"),
            strategy: Sequential,
        },
    )
    .await;
    marshal.start(Blocks(Arc::clone(&measured)), buffer, resolver);
    let proposer = Proposer { bytes, measured: Arc::clone(&measured) };
    let application =
        Inline::new(context.child("application"), proposer, mailbox, FixedEpocher::new(NonZeroU64::MAX));
    let engine = simplex::Engine::new(
        context.child("simplex"),
        simplex::Config {
            scheme,
            elector: RoundRobin::<Sha256>::default(),
            blocker: oracle,
            automaton: application.clone(),
            relay: application.clone(),
            reporter: Reporters::from((application, Certificates(measured))),
            strategy: Sequential,
            partition: "bare-simplex".to_owned(),
            mailbox_size: MAILBOX,
            epoch: Epoch::zero(),
            floor: Floor::Genesis(below),
            replay_buffer: BUFFER,
            write_buffer: BUFFER,
            page_cache: pages,
            leader_timeout: Duration::from_secs(1),
            certification_timeout: Duration::from_secs(2),
            timeout_retry: Duration::from_millis(500),
            view_retention: VIEW_RETENTION,
            skip: SkipPolicy::Enabled { timeout: Duration::from_secs(5), budget: SkipBudget::Participants },
            fetch_timeout: NZDuration!(Duration::from_secs(2)),
            fetch_retry_delay: Duration::from_millis(100),
            forward: ForwardPolicy::SilentVoters,
            track_historical_votes: false,
        },
    );
    drop(engine.start(votes, certificates, requests).await);
}

fn archive<C>(name: &str, pages: &CacheRef, codec: C) -> prunable::Config<EightCap, C> {
    prunable::Config {
        translator: EightCap,
        metadata_partition: format!("{name}-metadata"),
        key_partition: format!("{name}-key"),
        key_page_cache: pages.clone(),
        value_partition: format!("{name}-value"),
        compression: None,
        codec_config: codec,
        items_per_section: SECTION,
        key_write_buffer: BUFFER,
        value_write_buffer: BUFFER,
        replay_buffer: BUFFER,
    }
}

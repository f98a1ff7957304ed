//! A validator as a process: its files, its sockets and its API.

mod api;
mod connections;
mod events;
mod limits;

use std::fs;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use allonge_ledger::registry::{VALIDATOR_DOWN, VALIDATOR_INVALID};
use allonge_ledger::{Embedded, Error, Genesis, RealDisk, Rules, Settings, ValidatorKey};
use commonware_cryptography::{ChaCha20Poly1305, Signer as _, ed25519};
use commonware_p2p::authenticated::lookup::{self, Network};
use commonware_p2p::{Address, AddressableManager as _};
use commonware_runtime::{Metrics as _, Quota, Runner as _, Supervisor as _, tokio as runtime};
use commonware_stream::cups::{self, Cups};
use commonware_stream::sake::{self, Sake};
use commonware_utils::ordered::Map;
use tokio::sync::{mpsc, oneshot};

pub use limits::ApiLimits;

use crate::engine::{self, CHANNELS, Config, Sizes, engine_key, engine_private_key, max_message_bytes};
use crate::node::Node;
use crate::replica::Copy;
use limits::Gate;

/// So many messages a second are taken from one validator on one channel.
const QUOTA: Quota = Quota::per_second(NonZeroU32::new(8_192).unwrap());
const MAILBOX: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// A validator that is to be started.
#[derive(Clone, Debug)]
pub struct ValidatorConfig {
    /// Its files: nobody else's, and on a disk that does not forget.
    pub home: PathBuf,
    /// What the validators agree on.
    pub genesis: Genesis,
    /// Its private key, the 32 bytes of the seed.
    pub key: [u8; 32],
    /// Where it listens to the other validators.
    pub listen: SocketAddr,
    /// Where each validator of the roster is to be found, itself included.
    pub peers: Vec<(ValidatorKey, SocketAddr)>,
    /// Where it listens to clients; port 0 takes one that is free.
    pub api: SocketAddr,
    /// What clients may ask of it at once.
    pub limits: ApiLimits,
}

/// A validator that runs. It stops when it is dropped.
pub struct Validator<R: Rules> {
    copy: Arc<Copy<R>>,
    node: Arc<Node>,
    api: SocketAddr,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    threads: Vec<JoinHandle<()>>,
}

/// Writes down what the engine counts, in the form of Prometheus.
type Encode = Box<dyn Fn() -> String + Send + Sync>;

fn invalid(reason: impl std::fmt::Display) -> Error {
    VALIDATOR_INVALID.error().with("reason", reason)
}

impl<R: Rules> Validator<R> {
    /// Starts a validator: creates its files when it has none, or opens those that it has.
    ///
    /// Errors: `validator.invalid` on any doubt about its configuration; `genesis.invalid`, `store.*`.
    pub fn start(config: ValidatorConfig, rules: R) -> Result<Self, Error> {
        let private_key = engine_private_key(&config.key).ok_or_else(|| invalid("its key is none"))?;
        let public_key = private_key.public_key();
        let peers = addresses(&config, &public_key)?;
        if !config.api.ip().is_loopback() {
            return Err(invalid(
                "it answers clients without TLS, so that only those on its own machine may ask it",
            ));
        }
        config.limits.check()?;
        let copy = Arc::new(Copy::new(open(&config, rules)?));
        let node = Node::new(Arc::clone(&copy) as _, Arc::new(AtomicI64::new(0)));
        let (submit, submitted) = mpsc::unbounded_channel();
        let listener = std::net::TcpListener::bind(config.api).map_err(|error| {
            invalid(format_args!("clients cannot be listened to on {}: {error}", config.api)).because(error)
        })?;
        let api = listener.local_addr().map_err(|error| invalid(&error).because(error))?;

        let (stop, stopped) = oneshot::channel();
        let (started, ready) = channel();
        let gate = Gate::new(config.limits);
        let engine_node = Arc::clone(&node);
        let run = move || {
            let settings = runtime::Config::new()
                .with_storage_directory(config.home.join("engine"))
                .with_catch_panics(false);
            runtime::Runner::new(settings).start(|context| async move {
                let size = u32::try_from(peers.len()).unwrap_or(u32::MAX);
                let all = NonZeroUsize::new(peers.len()).unwrap_or(NonZeroUsize::MIN);
                let handshake = Cups::<_, ChaCha20Poly1305>::new(
                    Sake {
                        signer: private_key.clone(),
                        synchrony_bound: Duration::from_secs(5),
                        max_handshake_age: Duration::from_secs(10),
                        version: sake::Version::V1,
                    },
                    cups::Version::V1,
                );
                let namespace = allonge_ledger::certificate_namespace(&engine_node.replica.trust().network());
                let (listen, size) = (config.listen, max_message_bytes(size));
                // Addresses come from the configuration, private ones too.
                let settings = lookup::Config::local(handshake, &namespace, listen, all, size, MAILBOX);
                let (mut network, mut oracle) = Network::new(context.child("network"), settings);
                oracle.track(0, peers);
                let channels: Vec<_> =
                    (0..).take(CHANNELS).map(|channel| network.register(channel, QUOTA)).collect();
                network.start();
                let config = Config {
                    private_key,
                    public_key,
                    blocker: oracle.clone(),
                    peers: oracle,
                    partition: "validator".to_owned(),
                    sizes: Sizes::LARGE,
                };
                let Ok(channels) = channels.try_into() else { return };
                let engine = engine::start(context.child("engine"), config, engine_node, submitted, channels);
                let Some(engine) = engine.await else { return };
                let metrics = context.child("metrics");
                let encode: Encode = Box::new(move || metrics.encode());
                let _ = started.send(encode);
                tokio::select! {
                    _ = stopped => {},
                    _ = engine => {},
                }
            });
        };
        let thread = spawn("allonge-validator", run)?;
        let Ok(metrics) = ready.recv() else {
            return Err(match thread.join() {
                Ok(()) => invalid("its files cannot be read, or its key is not of the roster"),
                Err(_) => VALIDATOR_DOWN.error().with("reason", "the engine stopped"),
            });
        };
        let served = api::serve(listener, Arc::clone(&copy), Arc::clone(&node), submit, metrics, gate)?;
        Ok(Validator { copy, node, api, stop: Mutex::new(Some(stop)), threads: vec![thread, served] })
    }

    /// Where it listens to clients.
    pub fn api(&self) -> SocketAddr {
        self.api
    }

    /// Its copy of the ledger.
    pub fn copy(&self) -> &Copy<R> {
        &self.copy
    }

    /// Whether it still executes what is ordered.
    ///
    /// Errors: `validator.down` with the reason.
    pub fn check_running(&self) -> Result<(), Error> {
        if self.threads.iter().any(JoinHandle::is_finished) {
            return Err(VALIDATOR_DOWN.error().with("reason", "the engine stopped"));
        }
        self.node.check_running()
    }
}

impl<R: Rules> Drop for Validator<R> {
    fn drop(&mut self) {
        drop(self.stop.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        self.node.stop();
        for thread in self.threads.drain(..) {
            // Why the engine stopped was told by it.
            drop(thread.join());
        }
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    let spawned = std::thread::Builder::new().name(name.to_owned()).spawn(run);
    spawned.map_err(|error| invalid(format_args!("no thread can be started: {error}")).because(error))
}

/// The ledger of a validator, new or as it was.
fn open<R: Rules>(config: &ValidatorConfig, rules: R) -> Result<Embedded<R>, Error> {
    let directory: &Path = &config.home.join("ledger");
    let unusable = |error: std::io::Error| {
        invalid(format_args!("{} cannot be created: {error}", directory.display())).because(error)
    };
    fs::create_dir_all(directory).map_err(unusable)?;
    let settings = Settings::default();
    if !Embedded::<R>::exists(directory) {
        let genesis = config.genesis.clone();
        return Embedded::create_replica(&RealDisk, directory, genesis, rules, settings);
    }
    let ledger = Embedded::open_replica(&RealDisk, directory, rules, settings)?;
    if ledger.trust().network() != config.genesis.network() {
        return Err(invalid("its ledger is of another network"));
    }
    Ok(ledger)
}

/// Where the validators of the roster are.
fn addresses(
    config: &ValidatorConfig,
    own: &ed25519::PublicKey,
) -> Result<Map<ed25519::PublicKey, Address>, Error> {
    let mut found = Vec::new();
    for key in config.genesis.roster.validators() {
        let address = config.peers.iter().find(|(peer, _)| peer == key);
        let (_, address) =
            address.ok_or_else(|| invalid(format_args!("the address of {key:?} is missing")))?;
        let key = engine_key(key.as_bytes()).ok_or_else(|| invalid("a key of the roster is none"))?;
        found.push((key, Address::from(*address)));
    }
    if config.peers.len() != found.len() {
        return Err(invalid("it has addresses of keys that are not of the roster, or one twice"));
    }
    if !found.iter().any(|(key, _)| key == own) {
        return Err(invalid("its key is not of the roster"));
    }
    found.try_into().map_err(|_| invalid("a key stands twice"))
}

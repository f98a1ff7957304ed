//! A validator as a process: its files, its sockets and its API.

mod api;
mod connections;
mod events;
mod limits;
mod pruning;
mod snapshots;
mod submissions;
mod tls;
mod traces;

use std::any::Any;
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use allonge_crypto::Signer;
use allonge_finance::Timestamp;
use allonge_ledger::registry::{STORE_FAILED, STORE_IO, VALIDATOR_DOWN, VALIDATOR_INVALID};
use allonge_ledger::{Embedded, Error, Genesis, MAX_VALIDATORS, RealDisk, Rules, Settings, ValidatorKey};
use commonware_cryptography::{ChaCha20Poly1305, ed25519};
use commonware_p2p::authenticated::lookup::{self, Network};
use commonware_p2p::{Address, AddressableManager as _};
use commonware_runtime::{Metrics as _, Quota, Runner as _, Spawner as _, Supervisor as _, tokio as runtime};
use commonware_stream::cups::{self, Cups};
use commonware_stream::sake::{self, Sake};
use commonware_utils::ordered::Map;
use tokio::sync::{mpsc, oneshot};

pub use api::api_routes;
pub use limits::ApiLimits;
pub use tls::TlsFiles;

use crate::engine::{self, CHANNELS, Config, Sizes, max_message_bytes};
use crate::keys::{NodeKey, engine_key};
use crate::node::Node;
use crate::replica::Copy;
use crate::voting::Voting;
use limits::Gate;
use tls::Tls;

/// So many messages a second are taken from one validator on one channel.
const QUOTA: Quota = Quota::per_second(NonZeroU32::new(8_192).unwrap());
/// Room for so many validators more than there are at the start: the engine keeps buffers for each.
const MORE_PEERS: usize = 8;
/// Whose newest block is older by its own clock may not know who is in office.
const OLD_MS: i64 = 86_400_000;
const MAILBOX: NonZeroUsize = NonZeroUsize::new(1_024).unwrap();

/// A validator that is to be started.
#[derive(Clone)]
pub struct ValidatorConfig {
    /// Its files: nobody else's, and on a disk that does not forget.
    pub home: PathBuf,
    /// What the validators agree on.
    pub genesis: Genesis,
    /// Its key, an Ed25519 one. It signs at once whatever the engine asks for, and the same bytes always alike.
    pub signer: Arc<dyn Signer>,
    /// A file that says that this key never voted, by naming it, or no key at all. It is removed before the first vote. A
    /// validator without it and without files of its engine lost them: it does not know how it voted, and votes again once
    /// no round is left in which it can have.
    pub unused: PathBuf,
    /// Where it listens to the other validators.
    pub listen: SocketAddr,
    /// Where each validator is to be found, itself included: at least those in office, and those that follow them.
    pub peers: Vec<(ValidatorKey, SocketAddr)>,
    /// Where it listens to clients; port 0 takes one that is free.
    pub api: SocketAddr,
    /// What it answers clients over TLS with. Without, it answers those on its own machine alone.
    pub tls: Option<TlsFiles>,
    /// What clients may ask of it at once.
    pub limits: ApiLimits,
    /// Whether it drops old blocks: once a day it writes a snapshot, at which its ledger begins when it is started next.
    pub prune: bool,
}

/// A validator that runs. It stops when it is dropped.
pub struct Validator<R: Rules> {
    copy: Arc<Copy<R>>,
    node: Arc<Node>,
    api: SocketAddr,
    tls: Option<Arc<Tls>>,
    own: ed25519::PublicKey,
    /// How many validators it has room for.
    most: NonZeroUsize,
    /// New addresses of validators.
    found: mpsc::UnboundedSender<Addresses>,
    stop: Mutex<Option<oneshot::Sender<()>>>,
    threads: Vec<JoinHandle<()>>,
}

/// Where validators are to be found.
type Addresses = Map<ed25519::PublicKey, Address>;

/// Writes down what the engine counts, in the form of Prometheus.
type Encode = Box<dyn Fn() -> String + Send + Sync>;

fn invalid(reason: impl std::fmt::Display) -> Error {
    VALIDATOR_INVALID.error().with("reason", reason)
}

impl<R: Rules + Clone> Validator<R> {
    /// Starts a validator: creates its files when it has none, or opens those that it has.
    ///
    /// Errors: `validator.invalid` on any doubt about its configuration; `genesis.invalid`, `store.*`.
    pub fn start(config: ValidatorConfig, rules: R) -> Result<Self, Error> {
        let key = NodeKey::new(Arc::clone(&config.signer)).ok_or_else(|| invalid("its key is none"))?;
        let public_key = key.public().clone();
        if !config.api.ip().is_loopback() && config.tls.as_ref().is_none_or(|tls| tls.clients.is_none()) {
            return Err(invalid(
                "it answers other machines, so that it needs TLS and the roots of its clients' certificates",
            ));
        }
        config.limits.check()?;
        let ledger = match config.prune {
            true => pruning::prune(&config.home, || open(&config, rules.clone()))?,
            false => open(&config, rules)?,
        };
        let copy = Arc::new(Copy::new(ledger));
        let engine_files = config.home.join("engine");
        let own_key = config.signer.public_key().to_string();
        let voting = Voting::open(&engine_files, &config.unused, &own_key).map_err(|error| {
            invalid(format_args!("{} cannot be used: {error}", engine_files.display())).because(error)
        })?;
        let node = Node::new(Arc::clone(&copy) as _, Arc::new(AtomicI64::new(0)), Arc::new(voting));
        let tls = config.tls.clone().map(|files| Tls::open(files, Arc::clone(&node)));
        let tls = tls.transpose()?.map(Arc::new);
        let most = config.peers.len().saturating_add(MORE_PEERS);
        let most = NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN);
        let peers = addresses(&config.peers, most, &node, &public_key)?;
        let own = public_key.clone();
        let (found, mut finding) = mpsc::unbounded_channel();
        let (submit, submitted) = mpsc::unbounded_channel();
        let listener = std::net::TcpListener::bind(config.api).map_err(|error| {
            invalid(format_args!("clients cannot be listened to on {}: {error}", config.api)).because(error)
        })?;
        let api = listener.local_addr().map_err(|error| invalid(&error).because(error))?;

        let (stop, stopped) = oneshot::channel();
        let (started, ready) = channel();
        let gate = Gate::new(config.limits);
        let (engine_node, failed_node) = (Arc::clone(&node), Arc::clone(&node));
        let (home, prune) = (config.home.clone(), config.prune);
        let pruned = home.clone();
        let engine = move || {
            let settings = runtime::Config::new()
                .with_storage_directory(config.home.join("engine"))
                .with_catch_panics(false);
            runtime::Runner::new(settings).start(|context| async move {
                let size = u32::try_from(MAX_VALIDATORS).unwrap_or(u32::MAX);
                let handshake = Cups::<_, ChaCha20Poly1305>::new(
                    Sake {
                        signer: key.clone(),
                        synchrony_bound: Duration::from_secs(5),
                        max_handshake_age: Duration::from_secs(10),
                        version: sake::Version::V1,
                    },
                    cups::Version::V1,
                );
                let namespace = allonge_ledger::certificate_namespace(&engine_node.replica.trust().network());
                let (listen, size) = (config.listen, max_message_bytes(size));
                // Addresses come from the configuration, private ones too.
                let settings = lookup::Config {
                    // The newest addresses count, and no others.
                    tracked_peer_sets: NonZeroUsize::MIN,
                    ..lookup::Config::local(handshake, &namespace, listen, most, size, MAILBOX)
                };
                let (mut network, mut oracle) = Network::new(context.child("network"), settings);
                oracle.track(0, peers);
                let channels: Vec<_> =
                    (0..).take(CHANNELS).map(|channel| network.register(channel, QUOTA)).collect();
                network.start();
                let mut tracked = oracle.clone();
                context.child("addresses").spawn(move |_| async move {
                    let mut sets = 0;
                    while let Some(peers) = finding.recv().await {
                        sets = u64::saturating_add(sets, 1);
                        tracked.track(sets, peers);
                    }
                });
                let config = Config {
                    key,
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
        let run = move || {
            // The engine has no error for a disk that fails: it panics.
            if let Err(panic) = catch_unwind(AssertUnwindSafe(engine)) {
                failed_node.fail(engine_failure(&home, panic.as_ref()));
            }
        };
        let thread = spawn("allonge-validator", run)?;
        let Ok(metrics) = ready.recv() else {
            drop(thread.join());
            node.check_running()?;
            return Err(invalid("the files of its engine cannot be read"));
        };
        let served =
            api::serve(listener, Arc::clone(&copy), Arc::clone(&node), submit, metrics, gate, tls.clone())?;
        let stop = Mutex::new(Some(stop));
        let mut threads = vec![thread, served];
        if prune {
            threads.push(pruning::run(&pruned, Arc::clone(&copy), Arc::clone(&node))?);
        }
        Ok(Validator { copy, node, api, tls, own, most, found, stop, threads })
    }
}

impl<R: Rules> Validator<R> {
    /// Where it listens to clients.
    pub fn api(&self) -> SocketAddr {
        self.api
    }

    /// When the certificate with which it answers clients expires, if it answers them over TLS.
    pub fn certificate_expires(&self) -> Option<Timestamp> {
        self.tls.as_ref().map(|tls| tls.expires())
    }

    /// The time of its clock.
    pub fn time(&self) -> Timestamp {
        self.node.now()
    }

    /// Looks for the other validators at these addresses from now on; those that are not among them are not heard.
    ///
    /// Errors: `validator.invalid`.
    pub fn set_peers(&self, peers: &[(ValidatorKey, SocketAddr)]) -> Result<(), Error> {
        let peers = addresses(peers, self.most, &self.node, &self.own)?;
        // A validator that stopped looks for nobody.
        drop(self.found.send(peers));
        Ok(())
    }

    /// Its copy of the ledger.
    pub fn copy(&self) -> &Copy<R> {
        &self.copy
    }

    /// Whether it still executes what is ordered.
    ///
    /// Errors: `validator.down` with the reason.
    pub fn check_running(&self) -> Result<(), Error> {
        self.node.check_running()?;
        if self.threads.iter().any(JoinHandle::is_finished) {
            return Err(VALIDATOR_DOWN.error().with("reason", "the engine stopped"));
        }
        Ok(())
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

/// Why the engine stopped with a panic: as a rule its disk, which says so itself when it is asked again.
fn engine_failure(home: &Path, panic: &(dyn Any + Send)) -> Error {
    let path = home.join("engine/.probe");
    let probe = [0; 1 << 16];
    let written = fs::File::create(&path).and_then(|mut file| {
        file.write_all(&probe)?;
        file.sync_all()
    });
    // What cannot be removed is no reason for anything.
    drop(fs::remove_file(&path));
    if let Err(error) = written {
        let path = home.join("engine");
        let failed = STORE_IO.error().with("path", path.display()).with("action", "written");
        return failed.with("reason", &error).because(error);
    }
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it does not say why");
    STORE_FAILED.error().with("reason", format_args!("the engine stopped: {said}"))
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

/// The addresses of validators: those in office are among them, and so is this one. Whose copy is old does not know who is
/// in office now.
fn addresses(
    peers: &[(ValidatorKey, SocketAddr)],
    most: NonZeroUsize,
    node: &Node,
    own: &ed25519::PublicKey,
) -> Result<Addresses, Error> {
    if peers.len() > most.get() {
        let reason = format_args!("it has room for {most} addresses until it is started again");
        return Err(invalid(reason));
    }
    let epochs = node.epochs();
    let office = epochs.get(epochs.at(node.executed_height().saturating_add(1)));
    let age = node.now().millis().saturating_sub(node.replica.tip().time.millis());
    for key in office.iter().flat_map(|epoch| epoch.roster.validators()) {
        if peers.iter().any(|(peer, _)| peer == key) {
            continue;
        }
        if age < OLD_MS {
            return Err(invalid(format_args!("the address of {key:?} is missing")));
        }
        tracing::warn!(target: "allonge::addresses", ?key, "no address of a validator that was in office is known");
    }
    let found = peers.iter().map(|(key, address)| {
        let key = engine_key(key.as_bytes()).ok_or_else(|| invalid("a key of a validator is none"))?;
        Ok((key, Address::from(*address)))
    });
    let found = found.collect::<Result<Vec<_>, Error>>()?;
    if !found.iter().any(|(key, _)| key == own) {
        return Err(invalid("its own key has no address"));
    }
    found.try_into().map_err(|_| invalid("a key stands twice"))
}

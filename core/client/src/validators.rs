//! Validators that run in this process: one of a network, or a whole network on this machine to try things out on.

use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use allonge_crypto::{PublicKey, Signer};
use allonge_finance::Timestamp;
use allonge_ledger::registry::VALIDATOR_INVALID;
use allonge_ledger::{Error, Genesis, LedgerOperation, RealDisk, ValidatorKey, roster_approval_message};
use allonge_network::{ApiLimits, TlsFiles, ValidatorConfig};
use allonge_trade::TradeRules;
use serde::{Deserialize, Serialize};

use crate::keys::{Keys, VALIDATOR};
use crate::ledger::{OpenOptions, create_directory, genesis, roster};
use crate::receipt::Trust;
use crate::registry::{INTERNAL, file_failed};
use crate::session::signer_failed;
use crate::tokens::{self, TokenKey, validator_signer};

/// The file of a validator's addresses, in its home.
const CONFIG: &str = "node.json";
/// The file that says that a validator's key never voted, in its home, with that key.
const UNUSED: &str = "_validator.unused";
/// The file of what the validators agree on, in its home.
const GENESIS: &str = "genesis.json";
/// The ports of a network on this machine: those that no operating system gives to connections by itself.
const PORTS: Range<u16> = 20_000..32_000;
/// How many validators a network on this machine has.
const DEVELOPMENT_VALIDATORS: usize = 4;

/// Where a validator listens, and where the others are: the file `node.json` of its home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeConfig {
    /// Where it listens to the other validators.
    pub listen: SocketAddr,
    /// Where it listens to clients on its own machine.
    pub api: SocketAddr,
    /// Validators of the network, itself included: at least those in office, and those that follow them.
    pub peers: Vec<Peer>,
    /// The files, in the home where they are not elsewhere, with which it answers clients over TLS. Without, it answers
    /// those on its own machine alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsFiles>,
    /// What clients may ask of it at once; what is not said is as usual.
    #[serde(default)]
    pub limits: ApiLimits,
    /// Whether it drops blocks that are older than 90 days: once a day it writes a snapshot, at which its ledger begins when
    /// it is started next.
    #[serde(default)]
    pub prune: bool,
}

/// A validator, and where it listens to the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Peer {
    /// Its public key.
    pub key: PublicKey,
    /// Its address.
    pub address: SocketAddr,
}

/// A validator that runs. It stops when it is dropped.
pub struct Validator {
    running: allonge_network::Validator<TradeRules>,
    config: PathBuf,
    /// The addresses that it looks for the others at.
    peers: Mutex<Vec<Peer>>,
}

impl Validator {
    /// Makes the key of a validator in its home, unless it is there, and answers the public part: that is all that its
    /// bank shows to the others.
    ///
    /// Errors: `file.io`, `key.file_invalid`, `signer.failed`.
    pub fn make_key(home: impl AsRef<Path>) -> Result<PublicKey, Error> {
        let home = home.as_ref();
        create_directory(home).map_err(|error| file_failed(home, "created", error))?;
        match tokens::named(home)? {
            Some(_) => Ok(validator_signer(home)?.public_key()),
            None => Ok(Keys::of(home).make(VALIDATOR, |key| says_unused(home, key))?.public_key()),
        }
    }

    /// As [`make_key`](Self::make_key), in a token of a hardware security module, which the private part never leaves.
    ///
    /// Errors: `file.io`; `signer.failed` also for a key that is there already; `signer.pin_wrong`; `validator.invalid`
    /// where the home has a key, or others may read the PIN.
    pub fn make_key_in_token(home: impl AsRef<Path>, token: &TokenKey) -> Result<PublicKey, Error> {
        let home = home.as_ref();
        let keys = home.join("keys");
        create_directory(&keys).map_err(|error| file_failed(&keys, "created", error))?;
        if tokens::named(home)?.is_some() || Keys::of(home).existing(VALIDATOR).is_ok() {
            return Err(VALIDATOR_INVALID.error().with("reason", "it has a key already"));
        }
        Ok(tokens::make(home, token, |key| says_unused(home, key))?.public_key())
    }

    /// Starts the validator of a home, which has its key, `genesis.json` and `node.json`. It refuses to start on any
    /// doubt about them.
    ///
    /// Errors: `validator.invalid`, `key.*`, `file.io`, `input.invalid`, `genesis.invalid`, `store.*`.
    pub fn start(home: impl AsRef<Path>) -> Result<Self, Error> {
        let home = home.as_ref();
        let genesis = Trust::load(home.join(GENESIS))?.genesis().clone();
        let path = home.join(CONFIG);
        let NodeConfig { listen, api, peers, tls, limits, prune } = NodeConfig::load(&path)?;
        let signer = validator_signer(home)?;
        let config = ValidatorConfig {
            home: home.to_owned(),
            genesis,
            signer,
            unused: home.join(UNUSED),
            listen,
            peers: vetted(&peers)?,
            api,
            tls: tls.map(|files| within(home, files)),
            limits,
            prune,
        };
        let running = allonge_network::Validator::start(config, TradeRules)?;
        Ok(Validator { running, config: path, peers: Mutex::new(peers) })
    }

    /// Reads the addresses of the other validators again, where `node.json` has others than before; whether it has.
    ///
    /// Errors: `validator.invalid`, `file.io`, `input.invalid`; then it goes on with those from before.
    pub fn read_peers(&self) -> Result<bool, Error> {
        let NodeConfig { peers, .. } = NodeConfig::load(&self.config)?;
        let mut known = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == peers {
            return Ok(false);
        }
        self.running.set_peers(&vetted(&peers)?)?;
        *known = peers;
        Ok(true)
    }

    /// What the validator of a home says to approve the roster that is to follow on that of an epoch: an operation that
    /// any party may submit. Once a quorum of those in office has approved the same, the roster takes office.
    ///
    /// `validators` are the keys of the next roster; approvals count until `valid_until`, at most 30 days ahead.
    ///
    /// Errors: `validator.invalid`, `key.*`, `file.io`, `signer.failed`.
    pub fn approve_roster(
        home: impl AsRef<Path>,
        epoch: u64,
        validators: &[PublicKey],
        valid_until: Timestamp,
    ) -> Result<LedgerOperation, Error> {
        let home = home.as_ref();
        let network = Trust::load(home.join(GENESIS))?.network();
        let signer = validator_signer(home)?;
        let roster = roster(validators.iter().copied(), &VALIDATOR_INVALID)?;
        let validator = vetted_key(signer.public_key())?;
        let message = roster_approval_message(&network, epoch, &roster, valid_until);
        let signature = signer.sign(&message).map_err(signer_failed)?;
        Ok(LedgerOperation::ApproveRoster { epoch, roster, valid_until, validator, signature })
    }

    /// Where clients find it.
    pub fn url(&self) -> String {
        let scheme = if self.certificate_expires().is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.running.api())
    }

    /// When the certificate with which it answers clients expires, if it answers them over TLS. Its files are read again
    /// when they change.
    pub fn certificate_expires(&self) -> Option<Timestamp> {
        self.running.certificate_expires()
    }

    /// The time of its clock.
    pub fn time(&self) -> Timestamp {
        self.running.time()
    }

    /// Whether it still executes what is ordered.
    ///
    /// Errors: `validator.down` with the reason.
    pub fn check_running(&self) -> Result<(), Error> {
        self.running.check_running()
    }
}

impl NodeConfig {
    fn load(path: &Path) -> Result<Self, Error> {
        let json = fs::read_to_string(path).map_err(|error| file_failed(path, "read", error))?;
        crate::records::from_json(&json, CONFIG)
    }
}

/// Says in a file of the home that a key never voted. Whoever copies the keys copies one that may have.
fn says_unused(home: &Path, key: &dyn Signer) -> Result<(), Error> {
    write(&home.join(UNUSED), &format!("{}\n", key.public_key()))
}

/// The files of a home, by their paths.
fn within(home: &Path, TlsFiles { certificate, key, clients }: TlsFiles) -> TlsFiles {
    TlsFiles {
        certificate: home.join(certificate),
        key: home.join(key),
        clients: clients.map(|path| home.join(path)),
    }
}

fn vetted(peers: &[Peer]) -> Result<Vec<(ValidatorKey, SocketAddr)>, Error> {
    peers.iter().map(|Peer { key, address }| Ok((vetted_key(*key)?, *address))).collect()
}

fn vetted_key(key: PublicKey) -> Result<ValidatorKey, Error> {
    ValidatorKey::try_from(key).map_err(|error| VALIDATOR_INVALID.error().with("reason", error))
}

/// A network of four validators on this machine, to try things out on. It stops when it is dropped.
pub struct DevelopmentNetwork {
    directory: PathBuf,
    validators: Vec<Validator>,
}

impl DevelopmentNetwork {
    /// Starts the network of a directory; where there is none, makes one. The operator's key is in `operator/keys`.
    ///
    /// Errors: as of [`Validator::start`].
    pub fn start(directory: impl AsRef<Path>, options: OpenOptions) -> Result<Self, Error> {
        let directory = directory.as_ref();
        if !directory.join(GENESIS).exists() {
            make(directory, options)?;
        }
        let homes = (0..DEVELOPMENT_VALIDATORS).map(|place| home(directory, place));
        // At once: the engines find each other sooner.
        let validators = std::thread::scope(|scope| {
            let starting: Vec<_> = homes.map(|home| scope.spawn(move || Validator::start(home))).collect();
            let joined = starting.into_iter().map(|thread| {
                let panicked = |_| Err(INTERNAL.error().with("reason", "a validator panicked"));
                thread.join().unwrap_or_else(panicked)
            });
            joined.collect::<Result<Vec<_>, Error>>()
        });
        Ok(DevelopmentNetwork { directory: directory.to_owned(), validators: validators? })
    }

    /// Where clients find the validators.
    pub fn urls(&self) -> Vec<String> {
        self.validators.iter().map(Validator::url).collect()
    }

    /// The file of what the validators agree on, for [`Trust::load`].
    pub fn genesis(&self) -> PathBuf {
        self.directory.join(GENESIS)
    }

    /// The directory for [`Ledger::connect`](crate::Ledger::connect) that has the operator's key.
    pub fn operator(&self) -> PathBuf {
        self.directory.join("operator")
    }

    /// An address of this machine that a validator can listen on: nobody does now, and while the validator is down the
    /// operating system gives its port to no connection.
    ///
    /// Errors: `internal` where every port is taken.
    pub fn free_address() -> Result<SocketAddr, Error> {
        // Two that are asked for together differ; other processes begin elsewhere.
        static NEXT: LazyLock<AtomicU64> =
            LazyLock::new(|| AtomicU64::new(RandomState::new().build_hasher().finish()));
        let mut failed = INTERNAL.error();
        for _ in PORTS {
            let place = NEXT.fetch_add(1, Ordering::Relaxed) % PORTS.len() as u64;
            let address = SocketAddr::from((
                Ipv4Addr::LOCALHOST,
                PORTS.start + u16::try_from(place).unwrap_or_default(),
            ));
            match TcpListener::bind(address) {
                Ok(_) => return Ok(address),
                Err(error) => failed = INTERNAL.error().with("reason", &error).because(error),
            }
        }
        Err(failed)
    }

    /// Whether all still execute what is ordered.
    ///
    /// Errors: `validator.down` with the reason.
    pub fn check_running(&self) -> Result<(), Error> {
        self.validators.iter().try_for_each(Validator::check_running)
    }
}

/// The genesis of a network: its validators by their public keys, and the operator, which holds every office, by its.
///
/// Errors: `validator.invalid`, `genesis.invalid`.
pub fn network_genesis(
    options: OpenOptions,
    validators: &[PublicKey],
    operator: PublicKey,
) -> Result<Genesis, Error> {
    let genesis = genesis(options, roster(validators.iter().copied(), &VALIDATOR_INVALID)?, operator)?;
    genesis.initial_state()?;
    Ok(genesis)
}

fn home(directory: &Path, place: usize) -> PathBuf {
    directory.join(format!("validator-{place}"))
}

/// Makes the files of a network on this machine. The genesis comes last: without it there is none.
fn make(directory: &Path, options: OpenOptions) -> Result<(), Error> {
    create_directory(directory).map_err(|error| file_failed(directory, "created", error))?;
    let mut peers = Vec::new();
    for place in 0..DEVELOPMENT_VALIDATORS {
        let key = Validator::make_key(home(directory, place))?;
        peers.push(Peer { key, address: DevelopmentNetwork::free_address()? });
    }
    let operator_keys = Keys::of(&directory.join("operator"));
    let name = options.operator.to_string();
    let operator = operator_keys.load_or_generate(&name)?;
    create_directory(&directory.join("operator"))
        .map_err(|error| file_failed(&directory.join("operator"), "created", error))?;
    let [operator] = operator_keys.keep([(&name, operator)])?;
    let keys: Vec<PublicKey> = peers.iter().map(|peer| peer.key).collect();
    let genesis = Trust::new(network_genesis(options, &keys, operator.public_key())?).to_json();
    for (place, peer) in peers.iter().enumerate() {
        let config = NodeConfig {
            listen: peer.address,
            api: DevelopmentNetwork::free_address()?,
            peers: peers.clone(),
            tls: None,
            limits: ApiLimits::default(),
            prune: false,
        };
        let json = serde_json::to_string_pretty(&config).unwrap_or_default();
        write(&home(directory, place).join(CONFIG), &json)?;
        write(&home(directory, place).join(GENESIS), &genesis)?;
    }
    write(&directory.join(GENESIS), &genesis)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    RealDisk.write_whole(path, text.as_bytes()).map_err(|error| file_failed(path, "written", error))
}

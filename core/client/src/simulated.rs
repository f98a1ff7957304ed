//! A ledger on a simulated network, as one of its validators has it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::Duration;

use allonge_crypto::{HashSuite, Signer, SoftwareSigner};
use allonge_finance::Timestamp;
use allonge_ledger::registry::{GENESIS_INVALID, SIMULATION_INVALID};
use allonge_ledger::{Clock, Embedded, Error, GenesisParty, SignedTransaction};
use allonge_network::{Link, MAX_SIMULATED, Simulation};
use allonge_trade::TradeRules;
use futures_channel::oneshot;

use crate::host::Host;
use crate::keys::Keys;
use crate::ledger::{self, Ledger, OpenOptions};
use crate::liar::Liar;
use crate::process::Process;
use crate::receipt::Trust;
use crate::registry::{DEADLINE_EXCEEDED, LEDGER_CLOSED};
use crate::simulate::{Act, Lie, LinkOptions, SimulateOptions};
use crate::watchers::Watchers;
use crate::writer::{Fate, Head, Pending, answer};

/// What is not settled after this virtual time is not for lack of it: most of the validators do not hear of each other.
const PATIENCE: Duration = Duration::from_secs(300);

/// One validator of a simulated network.
#[derive(Clone)]
pub(crate) struct Simulated {
    shared: Arc<Shared>,
    trust: Arc<Trust>,
    keys: SeededKeys,
    validator: usize,
}

struct Shared {
    /// `None` once closed.
    simulation: RwLock<Option<Arc<Simulation<TradeRules>>>>,
    validators: usize,
    /// Which of them lie.
    lies: Mutex<BTreeMap<usize, Lie>>,
    watchers: Watchers,
    process: Process,
}

/// Keys that follow from a seed, and the names of those that are in use.
#[derive(Clone, Debug)]
pub(crate) struct SeededKeys {
    seed: u64,
    kept: Arc<Mutex<BTreeSet<String>>>,
}

impl SeededKeys {
    fn new(seed: u64) -> Self {
        SeededKeys { seed, kept: Arc::default() }
    }

    pub(crate) fn derive(&self, name: &str) -> SoftwareSigner {
        let parts = [self.seed.to_be_bytes().as_slice(), name.as_bytes()].concat();
        let hash = HashSuite::Sha256.hash("allonge/simulated-key/1", &parts);
        SoftwareSigner::from_seed(*hash.as_bytes())
    }

    pub(crate) fn keep(&self, name: &str) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    }

    pub(crate) fn kept(&self, name: &str) -> Option<SoftwareSigner> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.contains(name).then(|| self.derive(name))
    }
}

/// Starts a network, and opens it at its first validator.
pub(crate) fn start(options: SimulateOptions) -> Result<Ledger, Error> {
    let SimulateOptions { mut banks, validators, seed, ledger } = options;
    if !(1..=MAX_SIMULATED).contains(&validators) {
        let reason = format_args!("it has {validators} validators");
        return Err(SIMULATION_INVALID.error().with("reason", reason));
    }
    let keys = SeededKeys::new(seed);
    let signers: Vec<SoftwareSigner> =
        (0..validators).map(|place| keys.derive(&format!("_validator-{place}"))).collect();
    let roster = ledger::roster(signers.iter().map(Signer::public_key), &GENESIS_INVALID)?;

    let operator = ledger.operator.to_string();
    keys.keep(&operator);
    let ledger = OpenOptions { clock: Clock::Manual, ..ledger };
    let mut genesis = ledger::genesis(ledger, roster, keys.derive(&operator).public_key())?;
    banks.sort();
    banks.dedup();
    if banks.iter().any(|bank| bank.to_string() == operator) {
        let reason = format_args!("{operator} is the operator, and admitted as such");
        return Err(SIMULATION_INVALID.error().with("reason", reason));
    }
    for bank in banks {
        let name = bank.to_string();
        keys.keep(&name);
        let key = keys.derive(&name).public_key();
        genesis.parties.push(GenesisParty { id: bank, name, keys: vec![key] });
    }
    genesis.parties.sort_by(|one, other| one.id.cmp(&other.id));
    let trust = Arc::new(Trust::new(genesis.clone()));

    let network = allonge_network::SimulatedNetwork {
        genesis,
        keys: signers.iter().map(|signer| *signer.seed()).collect(),
        seed,
        link: Link::default(),
    };
    let simulation = Simulation::start(network, TradeRules)?;
    let shared = Arc::new(Shared {
        simulation: RwLock::new(Some(Arc::new(simulation))),
        validators,
        lies: Mutex::default(),
        watchers: Watchers::new(),
        process: Process::this(),
    });
    let simulated = Simulated { shared, trust: Arc::clone(&trust), keys: keys.clone(), validator: 0 };
    Ok(Ledger::elsewhere(Host::Simulated(simulated), trust, Keys::simulated(keys), PathBuf::new()))
}

impl Simulated {
    pub(crate) fn validators(&self) -> usize {
        self.shared.validators
    }

    pub(crate) fn at(&self, validator: usize) -> Result<Ledger, Error> {
        if validator >= self.shared.validators {
            let reason = format_args!("there is no validator {validator}");
            return Err(SIMULATION_INVALID.error().with("reason", reason));
        }
        let simulated = Simulated { validator, ..self.clone() };
        let (trust, keys) = (Arc::clone(&self.trust), Keys::simulated(self.keys.clone()));
        Ok(Ledger::elsewhere(Host::Simulated(simulated), trust, keys, PathBuf::new()))
    }

    fn with<T>(&self, act: impl FnOnce(&Simulation<TradeRules>) -> Result<T, Error>) -> Result<T, Error> {
        let acted = act(&*self.simulation()?);
        self.shared.watchers.tell();
        acted
    }

    pub(crate) fn act(&self, act: Act) -> Result<(), Error> {
        self.with(|simulation| match act {
            Act::Crash(validator) => simulation.crash(validator),
            Act::Restart(validator) => simulation.restart(validator),
            Act::Partition(groups) => simulation.partition(groups),
            Act::SetLinks(LinkOptions { latency_ms, jitter_ms, lost_per_mille }) => {
                let [latency, jitter] = [latency_ms, jitter_ms].map(Duration::from_millis);
                simulation.set_links(Link { latency, jitter, lost_per_mille })
            }
            Act::Skew(validator, millis) => simulation.skew(validator, millis),
            Act::Lie(validator, how) => {
                simulation.lie(validator, how.map(in_network))?;
                let mut lies = self.shared.lies.lock().unwrap_or_else(PoisonError::into_inner);
                match how {
                    Some(lie) => lies.insert(validator, lie),
                    None => lies.remove(&validator),
                };
                Ok(())
            }
            Act::RunFor(time) => simulation.run_for(time),
        })
    }

    pub(crate) fn fingerprint(&self) -> Result<String, Error> {
        self.with(Simulation::fingerprint)
    }

    fn simulation(&self) -> Result<Arc<Simulation<TradeRules>>, Error> {
        self.check_process()?;
        let simulation = self.shared.simulation.read().unwrap_or_else(PoisonError::into_inner);
        simulation.clone().ok_or_else(|| LEDGER_CLOSED.error())
    }

    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Embedded<TradeRules>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let reader = self.simulation()?.reader(self.validator)?;
        match self.liar() {
            Some(liar) => reader.read(|ledger| liar.check(ledger).and_then(|()| read(ledger)))?,
            None => reader.read(read)?,
        }
    }

    fn liar(&self) -> Option<Liar> {
        let lies = self.shared.lies.lock().unwrap_or_else(PoisonError::into_inner);
        lies.get(&self.validator).map(|lie| Liar { validator: self.validator, lie: *lie })
    }

    pub(crate) fn submit(&self, signed: SignedTransaction) -> Result<Pending<Fate>, Error> {
        let (done, pending) = oneshot::channel();
        let shared = Arc::downgrade(&self.shared);
        let (liar, trust) = (self.liar(), Arc::clone(&self.trust));
        self.simulation()?.hand_over(self.validator, signed, PATIENCE, move |settled| {
            let unknown = || DEADLINE_EXCEEDED.error().with("milliseconds", PATIENCE.as_millis());
            let fate = settled.and_then(|receipt| receipt.ok_or_else(unknown));
            let fate = fate.and_then(|receipt| match liar {
                Some(liar) => liar.check_receipt(trust.ledger(), receipt),
                None => Ok(receipt),
            });
            answer(done, fate.map(|receipt| Fate::Proven(Box::new(receipt))));
            tell(&shared);
        })?;
        Ok(pending)
    }

    pub(crate) fn advance(&self, to: Timestamp) -> Result<Pending<Head>, Error> {
        let (done, pending) = oneshot::channel();
        let shared = Arc::downgrade(&self.shared);
        let simulation = self.simulation()?;
        let reader = simulation.reader(self.validator)?;
        simulation.hand_over_time(to, move |advanced| {
            answer(done, advanced.and_then(|()| reader.read(Head::of)));
            tell(&shared);
        })?;
        Ok(pending)
    }

    pub(crate) fn next_block(&self) -> oneshot::Receiver<()> {
        self.shared.watchers.next_block()
    }

    pub(crate) fn check_process(&self) -> Result<(), Error> {
        self.shared.process.check()
    }

    pub(crate) fn close(&self) {
        if self.check_process().is_ok() {
            drop(self.shared.simulation.write().unwrap_or_else(PoisonError::into_inner).take());
            self.shared.watchers.close();
        }
    }
}

fn in_network(lie: Lie) -> allonge_network::Lie {
    match lie {
        Lie::WrongBytes => allonge_network::Lie::WrongBytes,
        Lie::WrongProof => allonge_network::Lie::WrongProof,
        Lie::Equivocation => allonge_network::Lie::Equivocation,
    }
}

/// The thread of the simulation must not be the last to let go of it.
fn tell(shared: &Weak<Shared>) {
    if let Some(shared) = shared.upgrade() {
        shared.watchers.tell();
    }
}

//! A network of banks in the process, for tests: what is asked for, and the faults that a test injects.

use std::time::Duration;

use allonge_finance::PartyId;
use allonge_ledger::Error;
use allonge_ledger::registry::SIMULATION_INVALID;

use crate::host::Host;
use crate::ledger::{Ledger, OpenOptions};
use crate::simulated::{self, Simulated};

/// How a simulated network is to be.
#[derive(Clone, Debug)]
pub struct SimulateOptions {
    /// The banks that are admitted from the start; their keys follow from the seed.
    pub banks: Vec<PartyId>,
    /// How many validators order and execute, 1 to 20.
    pub validators: usize,
    /// Decides over everything that is chance: the same calls on the same seed lead to the same blocks.
    pub seed: u64,
    /// The ledger itself. Its clock is manual, whatever is said here: virtual time proves no time of day.
    pub ledger: OpenOptions,
}

impl Default for SimulateOptions {
    /// Four validators, no banks, seed 0, from 2 March 2026 on.
    fn default() -> Self {
        let start = allonge_finance::Timestamp::parse("2026-03-02T00:00:00Z").ok();
        let ledger = OpenOptions { name: "simulated".to_owned(), start, ..OpenOptions::default() };
        SimulateOptions { banks: Vec::new(), validators: 4, seed: 0, ledger }
    }
}

/// How messages travel between validators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkOptions {
    /// How long a message takes, in milliseconds.
    pub latency_ms: u64,
    /// By how much that varies, in milliseconds.
    pub jitter_ms: u64,
    /// Of a thousand messages so many are lost.
    pub lost_per_mille: u16,
}

impl Default for LinkOptions {
    /// Two milliseconds, and nothing is lost.
    fn default() -> Self {
        LinkOptions { latency_ms: 2, jitter_ms: 0, lost_per_mille: 0 }
    }
}

/// How a validator lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Bytes of what it sends are not those that it should send: to other validators, and to whoever reads there.
    WrongBytes,
    /// It proposes blocks and serves proofs that say what is not so, and votes for whatever others propose.
    WrongProof,
    /// It signs two blocks where there is to be one, and shows one half of the others another history than the rest.
    Equivocation,
}

impl Lie {
    /// The lie of a name: `wrong_bytes`, `wrong_proof`, `equivocation`; `none` is the truth.
    ///
    /// Errors: `simulation.invalid`.
    pub fn parse(name: &str) -> Result<Option<Self>, Error> {
        match name {
            "wrong_bytes" => Ok(Some(Lie::WrongBytes)),
            "wrong_proof" => Ok(Some(Lie::WrongProof)),
            "equivocation" => Ok(Some(Lie::Equivocation)),
            "none" => Ok(None),
            _ => {
                let reason = format_args!("{name:?} is none of wrong_bytes, wrong_proof, equivocation, none");
                Err(SIMULATION_INVALID.error().with("reason", reason))
            }
        }
    }
}

/// The validators of a simulated network and the links between them, for a test to break. They are numbered from 0.
#[derive(Clone)]
pub struct SimulatedNetwork {
    simulated: Simulated,
}

impl Ledger {
    /// A network of banks in the process: real consensus on virtual time, from a seed. Time stands still while nothing
    /// is asked for.
    ///
    /// ```
    /// use allonge::{Ledger, LedgerOperation, Operation, PartyId, SimulateOptions};
    ///
    /// let bank = PartyId::parse("SYNBCNBJXXX")?;
    /// let ledger = Ledger::simulate(SimulateOptions { banks: vec![bank.clone()], ..Default::default() })?;
    /// let network = ledger.network().expect("it is simulated");
    /// network.crash(3)?;
    ///
    /// let open = LedgerOperation::OpenAccount { account: "SYNBCNBJXXX/USD/settlement".parse()?, ceiling: None };
    /// let session = ledger.session(bank)?;
    /// session.submit(vec![Operation::Ledger(open)], Default::default())?.committed()?;
    ///
    /// network.restart(3)?;
    /// network.run_for(2_000)?;
    /// assert!(network.at(3)?.account(&"SYNBCNBJXXX/USD/settlement".parse()?)?.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Errors: `simulation.invalid`, `genesis.invalid`; `unsupported_here` where the engine is not built in.
    pub fn simulate(options: SimulateOptions) -> Result<Self, Error> {
        simulated::start(options)
    }

    /// The simulated network that this ledger lives on; none for one in a directory.
    pub fn network(&self) -> Option<SimulatedNetwork> {
        match &self.shared {
            Host::Simulated(simulated) => Some(SimulatedNetwork { simulated: simulated.clone() }),
            Host::Embedded(_) | Host::Connected(_) => None,
        }
    }
}

/// What is done to a network.
#[cfg_attr(not(feature = "network"), expect(dead_code, reason = "without the engine nobody does it"))]
pub(crate) enum Act {
    Crash(usize),
    Restart(usize),
    Partition(Vec<Vec<usize>>),
    SetLinks(LinkOptions),
    Skew(usize, i64),
    Lie(usize, Option<Lie>),
    RunFor(Duration),
}

impl SimulatedNetwork {
    /// How many validators there are.
    pub fn validators(&self) -> usize {
        self.simulated.validators()
    }

    /// The ledger as another validator has it: submits to that one, and reads its copy.
    ///
    /// Errors: `simulation.invalid`.
    pub fn at(&self, validator: usize) -> Result<Ledger, Error> {
        self.simulated.at(validator)
    }

    /// A validator loses power: it forgets everything that was not on its disk.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn crash(&self, validator: usize) -> Result<(), Error> {
        self.simulated.act(Act::Crash(validator))
    }

    /// Starts a validator that crashed.
    ///
    /// Errors: `simulation.invalid`, `store.*`, `ledger.closed`.
    pub fn restart(&self, validator: usize) -> Result<(), Error> {
        self.simulated.act(Act::Restart(validator))
    }

    /// Only validators of one group hear of each other; whoever is in none hears of nobody.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn partition(&self, groups: Vec<Vec<usize>>) -> Result<(), Error> {
        self.simulated.act(Act::Partition(groups))
    }

    /// Links all validators, in this way.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn link(&self, options: LinkOptions) -> Result<(), Error> {
        self.simulated.act(Act::SetLinks(options))
    }

    /// Sets the clock of a validator so many milliseconds before those of the others, or behind them.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn skew(&self, validator: usize, millis: i64) -> Result<(), Error> {
        self.simulated.act(Act::Skew(validator, millis))
    }

    /// Has a validator lie from now on; without a lie it tells the truth again. It starts anew, unless it is down. The
    /// others find out by themselves, and believe nothing that does not hold. So does whoever reads at it or submits to
    /// it: where it serves wrong bytes or proofs that is answered with `validator.lied`, from its first block on. What
    /// was submitted there may take effect all the same.
    ///
    /// ```
    /// use allonge::{Ledger, Lie, SimulateOptions};
    ///
    /// let ledger = Ledger::simulate(SimulateOptions::default())?;
    /// let network = ledger.network().expect("it is simulated");
    /// network.lie(3, Some(Lie::WrongProof))?;
    /// let error = network.at(3)?.account(&"operator/USD/issue".parse()?).unwrap_err();
    /// assert_eq!(error.code(), "validator.lied");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Errors: `simulation.invalid`, `store.*`, `ledger.closed`.
    pub fn lie(&self, validator: usize, how: Option<Lie>) -> Result<(), Error> {
        self.simulated.act(Act::Lie(validator, how))
    }

    /// Lets virtual time go by, in milliseconds, at most an hour.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn run_for(&self, millis: u64) -> Result<(), Error> {
        self.simulated.act(Act::RunFor(Duration::from_millis(millis)))
    }

    /// A fingerprint of everything that has happened: the same calls on the same seed give the same.
    ///
    /// Errors: `ledger.closed`.
    pub fn fingerprint(&self) -> Result<String, Error> {
        self.simulated.fingerprint()
    }
}

//! A network of banks in the process, for tests: what is asked for, and the faults that a test injects.

use allonge_finance::PartyId;
use allonge_ledger::Error;

use crate::ledger::{Ledger, OpenOptions};
#[cfg(not(feature = "network"))]
use crate::registry::UNSUPPORTED_HERE;

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

/// The validators of a simulated network and the links between them, for a test to break. They are numbered from 0.
#[derive(Clone)]
pub struct SimulatedNetwork {
    #[cfg(feature = "network")]
    simulated: crate::simulated::Simulated,
    #[cfg(not(feature = "network"))]
    never: std::convert::Infallible,
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
    #[cfg(feature = "network")]
    pub fn simulate(options: SimulateOptions) -> Result<Self, Error> {
        crate::simulated::start(options)
    }

    /// A network of banks in the process: this build has no engine for it.
    ///
    /// Errors: `unsupported_here`.
    #[cfg(not(feature = "network"))]
    pub fn simulate(_options: SimulateOptions) -> Result<Self, Error> {
        let error = UNSUPPORTED_HERE.error().with("what", "simulating a network");
        Err(error.with("reason", "the consensus engine is not part of this build"))
    }

    /// The simulated network that this ledger lives on; none for one in a directory.
    pub fn network(&self) -> Option<SimulatedNetwork> {
        #[cfg(feature = "network")]
        if let crate::host::Host::Simulated(simulated) = &self.shared {
            return Some(SimulatedNetwork { simulated: simulated.clone() });
        }
        None
    }
}

#[cfg(feature = "network")]
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
        self.simulated.with(|simulation| simulation.crash(validator))
    }

    /// Starts a validator that crashed.
    ///
    /// Errors: `simulation.invalid`, `store.*`, `ledger.closed`.
    pub fn restart(&self, validator: usize) -> Result<(), Error> {
        self.simulated.with(|simulation| simulation.restart(validator))
    }

    /// Only validators of one group hear of each other; whoever is in none hears of nobody.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn partition(&self, groups: Vec<Vec<usize>>) -> Result<(), Error> {
        self.simulated.with(|simulation| simulation.partition(groups))
    }

    /// Links all validators, in this way.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn link(&self, options: LinkOptions) -> Result<(), Error> {
        let LinkOptions { latency_ms, jitter_ms, lost_per_mille } = options;
        let millis = std::time::Duration::from_millis;
        let link =
            allonge_network::Link { latency: millis(latency_ms), jitter: millis(jitter_ms), lost_per_mille };
        self.simulated.with(|simulation| simulation.set_links(link))
    }

    /// Sets the clock of a validator so many milliseconds before those of the others, or behind them.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn skew(&self, validator: usize, millis: i64) -> Result<(), Error> {
        self.simulated.with(|simulation| simulation.skew(validator, millis))
    }

    /// Lets virtual time go by, in milliseconds, at most an hour.
    ///
    /// Errors: `simulation.invalid`, `ledger.closed`.
    pub fn run_for(&self, millis: u64) -> Result<(), Error> {
        let time = std::time::Duration::from_millis(millis);
        self.simulated.with(|simulation| simulation.run_for(time))
    }

    /// A fingerprint of everything that has happened: the same calls on the same seed give the same.
    ///
    /// Errors: `ledger.closed`.
    pub fn fingerprint(&self) -> Result<String, Error> {
        self.simulated.with(|simulation| simulation.fingerprint())
    }
}

/// There is none in this build.
#[cfg(not(feature = "network"))]
impl SimulatedNetwork {
    /// How many validators there are.
    pub fn validators(&self) -> usize {
        match self.never {}
    }

    /// The ledger as another validator has it.
    pub fn at(&self, _validator: usize) -> Result<Ledger, Error> {
        match self.never {}
    }

    /// A validator loses power.
    pub fn crash(&self, _validator: usize) -> Result<(), Error> {
        match self.never {}
    }

    /// Starts a validator that crashed.
    pub fn restart(&self, _validator: usize) -> Result<(), Error> {
        match self.never {}
    }

    /// Only validators of one group hear of each other.
    pub fn partition(&self, _groups: Vec<Vec<usize>>) -> Result<(), Error> {
        match self.never {}
    }

    /// Links all validators, in this way.
    pub fn link(&self, _options: LinkOptions) -> Result<(), Error> {
        match self.never {}
    }

    /// Sets the clock of a validator before those of the others, or behind them.
    pub fn skew(&self, _validator: usize, _millis: i64) -> Result<(), Error> {
        match self.never {}
    }

    /// Lets virtual time go by.
    pub fn run_for(&self, _millis: u64) -> Result<(), Error> {
        match self.never {}
    }

    /// A fingerprint of everything that has happened.
    pub fn fingerprint(&self) -> Result<String, Error> {
        match self.never {}
    }
}

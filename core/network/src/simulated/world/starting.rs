//! How a world begins, and its validators; and what it goes on with when all lost power at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

#[cfg(feature = "mocks")]
use allonge_ledger::Trust;
use allonge_ledger::{Embedded, Error, Rules, Settings};
use commonware_cryptography::ed25519;
use commonware_p2p::simulated::{self, Network};
use commonware_runtime::deterministic::{FaultConfig, PartialWriteMode, ResizeConfig, WriteConfig};
use commonware_runtime::{Clock as _, Quota, Spawner as _, Supervisor as _, deterministic};
use commonware_utils::probability;
use tokio::sync::mpsc;

use super::{Part, Remains, Running, Validator, World, down, invalid};
use crate::engine::{self, CHANNELS, Config, Sizes, max_message_bytes};
use crate::keys::{NodeKey, engine_key};
use crate::node::Node;
use crate::replica::{Copy, Replica};
use crate::simulated::disk::MemoryDisk;
use crate::simulated::lie::{Deceit, Liar, Lie};
use crate::simulated::wire::{self, Wires};
use crate::simulated::{Copies, SimulatedNetwork};
use crate::voting::Voting;

type SimulatedChannel =
    (simulated::Sender<ed25519::PublicKey, deterministic::Context>, simulated::Receiver<ed25519::PublicKey>);

/// So many messages a second are sent on one channel; the engine has room for as many from the start.
const QUOTA: Quota = Quota::per_second(std::num::NonZeroU32::new(1_024).unwrap());
/// So many milliseconds of virtual time are waited for what crashed to let go of its files.
const MAX_LETTING_GO: u32 = 60_000;
/// What blocks wrote stays in memory: a simulated ledger has nothing on a real disk.
const MEMORY: usize = usize::MAX / 4;

impl<R: Rules + Clone> Remains<R> {
    pub(crate) fn of(network: SimulatedNetwork, rules: R, copies: Copies<R>) -> Result<Self, Error> {
        let SimulatedNetwork { genesis, keys, link, .. } = network;
        let keys = keys.iter().map(|seed| NodeKey::of_seed(*seed).ok_or_else(|| invalid("a key is none")));
        let mut keys = keys.collect::<Result<Vec<_>, Error>>()?;
        let roster: Vec<_> =
            genesis.roster.validators().iter().map(|key| engine_key(key.as_bytes())).collect();
        let place = |key: &NodeKey| {
            let key = key.public().clone();
            (roster.iter().position(|other| other.as_ref() == Some(&key)).unwrap_or(usize::MAX), key)
        };
        keys.sort_by_key(place);
        keys.dedup_by_key(|key| key.public().clone());
        if keys.iter().filter(|key| place(key).0 < roster.len()).count() != roster.len() {
            return Err(invalid("not every validator has a key"));
        }
        // Virtual time begins with the genesis.
        let clock = genesis.created.millis();
        let validators = keys.into_iter().map(|key| Validator {
            public: key.public().clone(),
            key,
            disk: MemoryDisk::default(),
            clock: Arc::new(AtomicI64::new(clock)),
            skew: 0,
            lie: None,
            changes: 0,
            voting: Arc::new(Voting::remembering()),
            wiped: 0,
            twin: MemoryDisk::default(),
            running: None,
            mock: None,
            crashed: Vec::new(),
        });
        let validators: Vec<_> = validators.collect();
        let start = (0..validators.len()).collect();
        let directory = tempfile::tempdir().map_err(|error| invalid(&error).because(error))?;
        Ok(Remains { genesis, rules, link, validators, start, starts: 0, copies, directory })
    }
}

impl<R: Rules + Clone> World<R> {
    pub(crate) async fn start(context: deterministic::Context, remains: Remains<R>) -> Result<Self, Error> {
        let Remains { genesis, rules, link, validators, start, starts, copies, directory } = remains;
        *context.storage_fault_config().write() = FaultConfig::default();
        let public: Vec<_> = validators.iter().map(|validator| validator.public.clone()).collect();
        let size = u32::try_from(public.len()).unwrap_or(u32::MAX);
        let config = simulated::Config {
            max_size: max_message_bytes(size),
            max_peers_per_set: std::num::NonZeroUsize::new(public.len())
                .ok_or_else(|| invalid("it is empty"))?,
            disconnect_on_block: true,
            tracked_peer_sets: std::num::NonZeroUsize::MIN,
        };
        let (simulated, oracle) = Network::new_with_peers(context.child("network"), config, public).await;
        simulated.start();
        let dark = false;
        let mut world =
            World { context, oracle, genesis, rules, link, validators, starts, copies, directory, dark };
        world.set_links(link).await?;
        for place in start {
            world.restart(place).await?;
        }
        Ok(world)
    }

    /// All lose power. Of what the engines wrote and did not synchronise any part may be left.
    pub(crate) fn end(mut self) -> Result<Remains<R>, Error> {
        let half = probability!(0.5);
        *self.context.storage_fault_config().write() = FaultConfig {
            write_rate: Some(WriteConfig {
                failure_rate: probability!(0.0),
                retention_rate: half,
                mode: PartialWriteMode::Subset,
            }),
            resize_rate: Some(ResizeConfig { failure_rate: half, partial_rate: half }),
            ..FaultConfig::default()
        };
        let runs = |(place, validator): (usize, &Validator<R>)| {
            (validator.running.is_some() || validator.mock.is_some()).then_some(place)
        };
        let start: Vec<usize> = self.validators.iter().enumerate().filter_map(runs).collect();
        for place in &start {
            self.crash(*place)?;
        }
        let World { genesis, rules, link, validators, starts, copies, directory, .. } = self;
        Ok(Remains { genesis, rules, link, validators, start, starts, copies, directory })
    }

    pub(crate) async fn restart(&mut self, place: usize) -> Result<(), Error> {
        let Validator { running, mock, .. } = self.validator(place)?;
        if running.is_some() || mock.is_some() {
            return Err(invalid(format_args!("validator {place} runs")));
        }
        // What was aborted lets go of its files.
        for waited in 0.. {
            if self.validator(place)?.crashed.iter().all(|crashed| crashed.strong_count() == 0) {
                break;
            }
            if waited > MAX_LETTING_GO {
                return Err(down("somebody still reads its files from before it crashed"));
            }
            self.context.sleep(Duration::from_millis(1)).await;
        }
        let wires = wire::honest(self.register(place).await?);
        let Validator { lie, changes, .. } = *self.validator(place)?;
        let running = match lie {
            None | Some(Lie::WrongProof) => self.begin(place, Part::Itself, wires).await?,
            Some(Lie::WrongBytes) => self.begin(place, Part::Itself, wire::tampered(wires)).await?,
            Some(Lie::Equivocation) => {
                let others = self.validators.iter().enumerate().filter(|(other, _)| *other != place);
                let others: Vec<_> = others.map(|(_, other)| other.public.clone()).collect();
                let middle = others.len() / 2;
                let (first, second) = others.split_at(middle);
                // Every other time one hears both, and can tell that there are two.
                let both = if changes.is_multiple_of(2) { others.get(..=middle) } else { None };
                let split = wire::split(&self.context, wires, both.unwrap_or(first), second);
                let (first, second) = split.ok_or_else(|| invalid("a channel is missing"))?;
                let twin = self.begin(place, Part::Twin, second).await?;
                Running { twin: Some(Box::new(twin)), ..self.begin(place, Part::Itself, first).await? }
            }
            #[cfg(feature = "mocks")]
            Some(Lie::Mock(mock)) => return self.play(place, mock, wires),
        };
        self.copies.set(place, Some(Arc::clone(&running.copy)));
        if let Some(validator) = self.validators.get_mut(place) {
            validator.crashed.clear();
            validator.running = Some(running);
        }
        Ok(())
    }

    /// The channels of a validator, new.
    async fn register(&self, place: usize) -> Result<[SimulatedChannel; CHANNELS], Error> {
        let control = self.oracle.control(self.validator(place)?.public.clone());
        let mut channels = Vec::with_capacity(CHANNELS);
        for channel in (0..).take(CHANNELS) {
            let registered = control.register(channel, QUOTA).await;
            channels.push(registered.map_err(|error| invalid(&error).because(error))?);
        }
        channels.try_into().map_err(|_| invalid("a channel is missing"))
    }

    /// The context of what runs as a validator now.
    fn context_of(&mut self, place: usize) -> deterministic::Context {
        self.starts = self.starts.saturating_add(1);
        let context = self.context.child("validator");
        context.with_attribute("place", place).with_attribute("start", self.starts)
    }

    /// The ledger of a validator, as its disk has it.
    fn open(&self, place: usize, part: Part) -> Result<Embedded<R>, Error> {
        let validator = self.validator(place)?;
        let (disk, home) = match part {
            Part::Itself => (validator.disk.clone(), self.home(place)),
            Part::Twin => (validator.twin.clone(), self.home(place).join("twin")),
        };
        std::fs::create_dir_all(&home).map_err(|error| invalid(&error).because(error))?;
        let settings = Settings { pending_bytes: MEMORY, threads: 1, ..Settings::default() };
        let rules = self.rules.clone();
        if allonge_ledger::Disk::exists(&disk, &home.join("blocks.log")).unwrap_or(false) {
            Embedded::open_replica(&disk, &home, rules, settings)
        } else {
            Embedded::create_replica(&disk, &home, self.genesis.clone(), rules, settings)
        }
    }

    async fn begin(&mut self, place: usize, part: Part, wires: Wires) -> Result<Running<R>, Error> {
        let copy = Arc::new(Copy::new(self.open(place, part)?));
        let validator = self.validator(place)?;
        let replica = Arc::clone(&copy) as Arc<dyn Replica>;
        let replica = match (validator.lie, part) {
            (Some(Lie::WrongProof), _) => Arc::new(Liar::new(replica, Deceit::Claims(AtomicU64::new(0)))),
            (_, Part::Twin) => Arc::new(Liar::new(replica, Deceit::Time)),
            (_, Part::Itself) => replica,
        };
        let voting = match part {
            Part::Itself => Arc::clone(&validator.voting),
            Part::Twin => Arc::new(Voting::remembering()),
        };
        let node = Node::new(replica, Arc::clone(&validator.clock), voting);
        let config = Config {
            key: validator.key.clone(),
            blocker: self.oracle.control(validator.public.clone()),
            peers: self.oracle.manager(),
            partition: match part {
                Part::Itself => format!("validator-{place}-{}", validator.wiped),
                Part::Twin => format!("validator-{place}-twin"),
            },
            sizes: Sizes::SMALL,
        };
        let (submit, submitted) = mpsc::unbounded_channel();
        let (started, starting) = tokio::sync::oneshot::channel();
        let engine_node = Arc::clone(&node);
        let handle = self.context_of(place).spawn(move |context| async move {
            let Some(engine) = engine::start(context, config, engine_node, submitted, wires).await else {
                return;
            };
            let _ = started.send(());
            drop(engine.await);
        });
        starting.await.map_err(|_| invalid("a validator cannot start"))?;
        Ok(Running { copy, node, submit, handle, twin: None })
    }

    /// Has one of the engine's mocks play a validator.
    #[cfg(feature = "mocks")]
    fn play(&mut self, place: usize, mock: crate::simulated::Mock, wires: Wires) -> Result<(), Error> {
        let key = self.validator(place)?.key.clone();
        let scheme = crate::committees::first_signer(&Trust::new(self.genesis.clone()), key);
        let scheme = scheme.ok_or_else(|| invalid("a key is not of the roster"))?;
        let handle = mock.start(self.context_of(place), scheme, wires);
        if let Some(validator) = self.validators.get_mut(place) {
            validator.mock = Some(handle);
        }
        Ok(())
    }
}

//! What one client may ask of a validator at once, and all of them together.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use allonge_ledger::Error;
use allonge_ledger::registry::{REQUEST_RATE, VALIDATOR_OVERLOADED};
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::invalid;

/// So many addresses are told apart; those that asked for nothing lately are forgotten first.
const MAX_ADDRESSES: usize = 4_096;
/// So many handshakes of one address are made at once.
const HANDSHAKES_PER_ADDRESS: usize = 16;
/// So many snapshots are handed out at once: each is as large as the ledger.
const SNAPSHOTS: usize = 2;
/// The requests of so long a time may come at once.
const BURST: Duration = Duration::from_secs(1);

/// The limits of a validator's API. None of them is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiLimits {
    /// Connections at once.
    pub connections: usize,
    /// Connections at once from one address.
    pub connections_per_address: usize,
    /// Requests that are answered at once, but for those that ask whether the validator is well.
    pub requests_at_once: usize,
    /// Requests a second from one address; as many may come at once.
    pub requests_per_second: u32,
    /// Streams of events at once.
    pub streams: usize,
    /// How long the head of a request may take, in milliseconds. A connection that is idle for so long is closed.
    pub head_ms: u64,
    /// How long the body of a request may take, in milliseconds.
    pub body_ms: u64,
}

impl Default for ApiLimits {
    fn default() -> Self {
        ApiLimits {
            connections: 256,
            connections_per_address: 128,
            requests_at_once: 128,
            requests_per_second: 4_096,
            streams: 32,
            head_ms: 20_000,
            body_ms: 10_000,
        }
    }
}

impl ApiLimits {
    /// Checks that none of them is 0.
    ///
    /// Errors: `validator.invalid`.
    pub(super) fn check(&self) -> Result<(), Error> {
        let counts = [self.connections, self.connections_per_address, self.requests_at_once, self.streams];
        let none = counts.contains(&0) || self.requests_per_second == 0;
        if none || self.head_ms == 0 || self.body_ms == 0 || counts.iter().any(|count| *count > MAX_COUNT) {
            let reason = format_args!("a limit of its API is 0, or more than {MAX_COUNT}");
            return Err(invalid(reason));
        }
        Ok(())
    }
}

/// No limit on what happens at once is higher.
const MAX_COUNT: usize = 65_536;

/// Counts what is going on, and refuses what is too much.
pub(super) struct Gate {
    pub(super) limits: ApiLimits,
    connections: Arc<Places>,
    /// Whoever did not say yet who it is takes no place from those who did.
    handshakes: Arc<Places>,
    /// When the next request of an address would be due, if it came at its rate.
    due: Mutex<HashMap<IpAddr, Instant>>,
    requests: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    snapshots: Arc<Semaphore>,
    answered: AtomicU64,
    refused: AtomicU64,
}

/// What a [`Gate`] counted.
pub(super) struct Load {
    pub(super) connections: usize,
    pub(super) requests: usize,
    pub(super) streams: usize,
    pub(super) answered: u64,
    pub(super) refused: u64,
}

/// So many places, and so many for one address.
struct Places {
    all: usize,
    of_one: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// A place that is taken until this is dropped.
pub(super) struct Place {
    places: Arc<Places>,
    address: IpAddr,
}

/// There is no place left for one address, or for any.
struct Full {
    of_one: bool,
    limit: usize,
}

impl Places {
    fn new(all: usize, of_one: usize) -> Arc<Self> {
        Arc::new(Places { all, of_one, taken: Mutex::default() })
    }

    fn take(self: &Arc<Self>, address: IpAddr) -> Result<Place, Full> {
        let mut taken = lock(&self.taken);
        if taken.values().sum::<usize>() >= self.all {
            return Err(Full { of_one: false, limit: self.all });
        }
        let own = taken.get(&address).copied().unwrap_or(0);
        if own >= self.of_one {
            return Err(Full { of_one: true, limit: self.of_one });
        }
        taken.insert(address, own.saturating_add(1));
        Ok(Place { places: Arc::clone(self), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.places.taken);
        let left = taken.get(&self.address).copied().unwrap_or(0).saturating_sub(1);
        match left {
            0 => taken.remove(&self.address),
            left => taken.insert(self.address, left),
        };
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gate {
    pub(super) fn new(limits: ApiLimits) -> Arc<Self> {
        Arc::new(Gate {
            limits,
            connections: Places::new(limits.connections, limits.connections_per_address),
            handshakes: Places::new(limits.connections.div_ceil(2), HANDSHAKES_PER_ADDRESS),
            due: Mutex::default(),
            requests: Arc::new(Semaphore::new(limits.requests_at_once)),
            streams: Arc::new(Semaphore::new(limits.streams)),
            snapshots: Arc::new(Semaphore::new(SNAPSHOTS)),
            answered: AtomicU64::new(0),
            refused: AtomicU64::new(0),
        })
    }

    fn overloaded(&self, what: &str, limit: usize) -> Error {
        self.refused.fetch_add(1, Ordering::Relaxed);
        VALIDATOR_OVERLOADED.error().with("limit", limit).with("what", what)
    }

    /// Lets a connection in.
    ///
    /// Errors: `validator.overloaded`.
    pub(super) fn connect(&self, address: IpAddr) -> Result<Place, Error> {
        self.connections.take(address).map_err(|Full { of_one, limit }| {
            self.overloaded(if of_one { "connections of one address" } else { "connections" }, limit)
        })
    }

    /// Begins a handshake.
    ///
    /// Errors: `validator.overloaded`.
    pub(super) fn handshake(&self, address: IpAddr) -> Result<Place, Error> {
        self.handshakes.take(address).map_err(|Full { of_one, limit }| {
            self.overloaded(if of_one { "handshakes of one address" } else { "handshakes" }, limit)
        })
    }

    /// Counts a request of an address against its rate.
    ///
    /// Errors: `request.rate`; `validator.overloaded` when too many addresses ask.
    pub(super) fn take(&self, address: IpAddr, now: Instant) -> Result<(), Error> {
        let mut due = lock(&self.due);
        if due.len() >= MAX_ADDRESSES && !due.contains_key(&address) {
            due.retain(|_, due| *due > now);
            if due.len() >= MAX_ADDRESSES {
                return Err(self.overloaded("addresses", MAX_ADDRESSES));
            }
        }
        let rate = self.limits.requests_per_second;
        let interval = BURST.checked_div(rate).unwrap_or(BURST);
        let next = due.get(&address).copied().unwrap_or(now).max(now).checked_add(interval).unwrap_or(now);
        if next.saturating_duration_since(now) > BURST {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(REQUEST_RATE.error().with("limit", rate));
        }
        due.insert(address, next);
        self.answered.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Begins a request, which counts until what is answered is dropped.
    ///
    /// Errors: `validator.overloaded`.
    pub(super) fn begin(&self) -> Result<OwnedSemaphorePermit, Error> {
        let begun = Arc::clone(&self.requests).try_acquire_owned();
        begun.map_err(|_| self.overloaded("requests", self.limits.requests_at_once))
    }

    /// Begins a stream, which counts until what is answered is dropped.
    ///
    /// Errors: `validator.overloaded`.
    pub(super) fn stream(&self) -> Result<OwnedSemaphorePermit, Error> {
        let begun = Arc::clone(&self.streams).try_acquire_owned();
        begun.map_err(|_| self.overloaded("streams", self.limits.streams))
    }

    /// Begins to hand out a snapshot, which counts until that is dropped.
    ///
    /// Errors: `validator.overloaded`.
    pub(super) fn snapshot(&self) -> Result<OwnedSemaphorePermit, Error> {
        let begun = Arc::clone(&self.snapshots).try_acquire_owned();
        begun.map_err(|_| self.overloaded("snapshots", SNAPSHOTS))
    }

    pub(super) fn load(&self) -> Load {
        Load {
            connections: lock(&self.connections.taken).values().sum(),
            requests: self.limits.requests_at_once.saturating_sub(self.requests.available_permits()),
            streams: self.limits.streams.saturating_sub(self.streams.available_permits()),
            answered: self.answered.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
        }
    }
}

/// Whose limits count for an address: those of its network, where one machine has as many addresses as it likes.
pub(super) fn source(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn an_address_has_so_many_connections_and_all_together_so_many() {
        let gate =
            Gate::new(ApiLimits { connections: 3, connections_per_address: 2, ..ApiLimits::default() });
        let one = gate.connect(address(1)).unwrap();
        let _two = gate.connect(address(1)).unwrap();
        let refused = gate.connect(address(1)).err().unwrap();
        assert_eq!(refused.code(), "validator.overloaded");
        let _three = gate.connect(address(2)).unwrap();
        assert!(gate.connect(address(3)).is_err(), "all places are taken");
        drop(one);
        gate.connect(address(3)).unwrap();
        assert_eq!((gate.load().connections, gate.load().refused), (2, 2));
    }

    #[test]
    fn handshakes_take_no_place_of_connections_and_are_few() {
        let gate = Gate::new(ApiLimits { connections: 80, ..ApiLimits::default() });
        let held: Vec<_> = (0..16).map(|_| gate.handshake(address(1)).unwrap()).collect();
        assert!(gate.handshake(address(1)).is_err());
        let others: Vec<_> = (0..24).map(|place| gate.handshake(address(2 + place % 2)).unwrap()).collect();
        assert!(gate.handshake(address(4)).is_err(), "half as many as connections");
        assert_eq!(gate.load().connections, 0);
        drop((held, others));
        gate.handshake(address(1)).unwrap();
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let of = |text: &str| source(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), address(1));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }

    #[test]
    fn requests_come_at_the_rate_and_those_of_one_second_may_come_at_once() {
        let gate = Gate::new(ApiLimits { requests_per_second: 4, ..ApiLimits::default() });
        let now = Instant::now();
        for _ in 0..4 {
            gate.take(address(1), now).unwrap();
        }
        assert_eq!(gate.take(address(1), now).unwrap_err().code(), "request.rate");
        gate.take(address(2), now).unwrap();
        let later = now + Duration::from_millis(250);
        gate.take(address(1), later).unwrap();
        assert!(gate.take(address(1), later).is_err());
        assert_eq!((gate.load().answered, gate.load().refused), (6, 2));
    }

    #[test]
    fn addresses_that_are_remembered_are_bounded_and_the_quiet_ones_are_forgotten() {
        let gate = Gate::new(ApiLimits { requests_per_second: 1, ..ApiLimits::default() });
        let now = Instant::now();
        for number in 0..u32::try_from(MAX_ADDRESSES).unwrap() {
            gate.take(IpAddr::from(number.to_be_bytes()), now).unwrap();
        }
        assert_eq!(gate.take(address(1), now).unwrap_err().code(), "validator.overloaded");
        gate.take(address(1), now + Duration::from_secs(2)).unwrap();
        assert_eq!(lock(&gate.due).len(), 1);
    }

    #[test]
    fn what_is_begun_counts_until_it_ends() {
        let gate = Gate::new(ApiLimits { requests_at_once: 1, streams: 1, ..ApiLimits::default() });
        let (request, stream) = (gate.begin().unwrap(), gate.stream().unwrap());
        assert!(gate.begin().is_err() && gate.stream().is_err());
        drop((request, stream));
        assert!(gate.begin().is_ok() && gate.stream().is_ok());
    }

    #[test]
    fn no_limit_is_0() {
        ApiLimits::default().check().unwrap();
        for limits in [
            ApiLimits { connections: 0, ..ApiLimits::default() },
            ApiLimits { requests_per_second: 0, ..ApiLimits::default() },
            ApiLimits { head_ms: 0, ..ApiLimits::default() },
            ApiLimits { streams: usize::MAX, ..ApiLimits::default() },
        ] {
            assert_eq!(limits.check().unwrap_err().code(), "validator.invalid");
        }
    }
}

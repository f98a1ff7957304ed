//! The registrar's side: evaluates for each party within its limits, and keeps a record of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use allonge_crypto::fingerprint::{BlindedElement, FingerprintKeyId, MAX_FINGERPRINTS};
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::Error;
use serde::Serialize;

use super::limits::Bucket;
use super::{EvaluationAnswer, EvaluationLimits, FingerprintKeyHolder, FingerprintServer};
use crate::records::invalid;
use crate::registry::{
    FINGERPRINT_BATCH, FINGERPRINT_LOG_FULL, FINGERPRINT_NOT_PERMITTED, FINGERPRINT_RATE_LIMITED,
    FINGERPRINT_UNAVAILABLE, FINGERPRINT_UNKNOWN_KEY,
};
use crate::writer::system_time;

/// So many parties at most have used up a part of their limits at a time; and so many are told of in the counts of
/// refusals, all others together as one more.
pub const MAX_PARTIES: usize = 10_000;
/// The most records that a log holds.
pub const MAX_LOG: usize = 1_000_000;

type Now = dyn Fn() -> Option<Timestamp> + Send + Sync;

/// The service of whoever holds keys of fingerprints, or shares of them: the registrar, or several parties, each with its
/// share.
///
/// It trusts whoever calls it to know surely which party asks. It sees neither what a fingerprint is of nor what becomes
/// of it; that it could be asked to guess is why it limits how much each party asks, and why nothing is evaluated of
/// which no record is kept.
///
/// ```
/// use allonge::fingerprints::{EvaluationLimits, FingerprintService};
/// use allonge_crypto::fingerprint::{Blinding, FingerprintKey};
///
/// let key = FingerprintKey::generate()?;
/// let key_id = key.key_id();
/// let service = FingerprintService::new(vec![Box::new(key)], EvaluationLimits::default())?;
///
/// let asked = Blinding::new(["invoice 1"])?;
/// service.evaluate(&"SYNBCNBJXXX".parse()?, &key_id, asked.elements())?;
/// let log = service.take_log();
/// assert_eq!((log.evaluations.len(), log.evaluations[0].count), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FingerprintService {
    holders: BTreeMap<FingerprintKeyId, Box<dyn FingerprintKeyHolder>>,
    limits: EvaluationLimits,
    now: Box<Now>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    buckets: BTreeMap<PartyId, Bucket>,
    log: EvaluationLog,
}

/// What was evaluated since the log was taken the last time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvaluationLog {
    /// One record for each request, in their order.
    pub evaluations: Vec<EvaluationRecord>,
    /// How many requests were refused, by party and reason.
    pub refusals: Vec<RefusalCount>,
}

/// That something was evaluated: for whom and how much, and never what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EvaluationRecord {
    /// When.
    pub at: Timestamp,
    /// For whom.
    pub party: PartyId,
    /// With which key.
    pub key_id: FingerprintKeyId,
    /// How many elements.
    pub count: usize,
}

/// Requests that were refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusalCount {
    /// Whose; none for all parties beyond [`MAX_PARTIES`] rows together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
    /// The error's code.
    pub code: &'static str,
    /// How many.
    pub requests: u64,
    /// When the last one was.
    pub last_at: Timestamp,
}

impl FingerprintService {
    /// A service with at least one key, within limits, by the system's clock.
    ///
    /// Errors: `input.invalid`.
    pub fn new(holders: Vec<Box<dyn FingerprintKeyHolder>>, limits: EvaluationLimits) -> Result<Self, Error> {
        Self::with_clock(holders, limits, system_time)
    }

    /// As [`FingerprintService::new`], by another clock. When it knows no time, nothing is evaluated.
    ///
    /// Errors: `input.invalid`.
    pub fn with_clock(
        holders: Vec<Box<dyn FingerprintKeyHolder>>,
        limits: EvaluationLimits,
        now: impl Fn() -> Option<Timestamp> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        if !(1..=MAX_FINGERPRINTS).contains(&limits.batch) {
            return Err(invalid("limits", "batch", format_args!("not from 1 to {MAX_FINGERPRINTS}")));
        }
        if !(1..=MAX_LOG).contains(&limits.log) {
            return Err(invalid("limits", "log", format_args!("not from 1 to {MAX_LOG}")));
        }
        if limits.parties.len() > MAX_PARTIES {
            return Err(invalid("limits", "parties", format_args!("more than {MAX_PARTIES}")));
        }
        let rates = limits.parties.values().chain([&limits.each]);
        if rates.into_iter().any(|rate| rate.interval_ms == 0) {
            return Err(invalid("limits", "interval_ms", format_args!("0 would limit nothing")));
        }
        let (given, holders) = (holders.len(), holders.into_iter().map(|holder| (holder.key_id(), holder)));
        let holders: BTreeMap<_, _> = holders.collect();
        if holders.is_empty() || holders.len() != given {
            return Err(invalid("holders", "", format_args!("give at least one, each of another key")));
        }
        Ok(FingerprintService { holders, limits, now: Box::new(now), state: Mutex::default() })
    }

    /// The ids of the keys, for the registrar to adopt on the ledger.
    pub fn key_ids(&self) -> impl Iterator<Item = &FingerprintKeyId> {
        self.holders.keys()
    }

    /// Evaluates elements for a party that surely asks. What it is given counts, even when the holder fails afterwards.
    ///
    /// Errors: `fingerprint.unknown_key`, `fingerprint.batch`, `fingerprint.not_permitted`, `fingerprint.rate_limited`,
    /// `fingerprint.log_full`, `fingerprint.unavailable`.
    pub fn evaluate(
        &self,
        party: &PartyId,
        key_id: &FingerprintKeyId,
        blinded: &[BlindedElement],
    ) -> Result<EvaluationAnswer, Error> {
        let count = blinded.len();
        let now = (self.now)()
            .ok_or_else(|| FINGERPRINT_UNAVAILABLE.error().with("reason", "its clock knows no time"))?;
        let holder = match self.admit(party, key_id, count, now) {
            Ok(holder) => holder,
            Err(error) => {
                self.lock().log.refused(party, error.code(), now);
                let code = error.code();
                tracing::warn!(target: "allonge::fingerprints", %party, %key_id, count, code, "not evaluated");
                return Err(error);
            }
        };
        tracing::info!(target: "allonge::fingerprints", %party, %key_id, count, "evaluated");
        holder.evaluate(blinded).map_err(|error| {
            tracing::error!(target: "allonge::fingerprints", %key_id, %error, "the key's holder failed");
            FINGERPRINT_UNAVAILABLE.error().with("reason", &error).because(error)
        })
    }

    /// Hands the log over, and begins another: the registrar keeps it, and looks for parties that ask for more than they
    /// register.
    pub fn take_log(&self) -> EvaluationLog {
        std::mem::take(&mut self.lock().log)
    }

    /// The service as one party in the same process asks it.
    pub fn server_for(self: &Arc<Self>, party: PartyId, name: &str) -> impl FingerprintServer + use<> {
        InProcess { service: Arc::clone(self), party, name: name.to_owned() }
    }

    /// Checks what is asked against every limit, and takes it from them with a record.
    fn admit(
        &self,
        party: &PartyId,
        key_id: &FingerprintKeyId,
        count: usize,
        now: Timestamp,
    ) -> Result<&dyn FingerprintKeyHolder, Error> {
        let holder = self.holders.get(key_id);
        let holder = holder.ok_or_else(|| FINGERPRINT_UNKNOWN_KEY.error().with("key", key_id))?;
        if !(1..=self.limits.batch).contains(&count) {
            let error = FINGERPRINT_BATCH.error();
            return Err(error.with("count", count).with("limit", self.limits.batch));
        }
        let rate = self.limits.rate(party);
        if rate.burst == 0 {
            return Err(FINGERPRINT_NOT_PERMITTED.error().with("party", party));
        }
        if u32::try_from(count).is_ok_and(|count| count > rate.burst) {
            return Err(FINGERPRINT_BATCH.error().with("count", count).with("limit", rate.burst));
        }
        let limited =
            |wait: i64| FINGERPRINT_RATE_LIMITED.error().with("party", party).with("milliseconds", wait);
        let mut state = self.lock();
        let bucket = state.buckets.get(party).copied().unwrap_or(Bucket::full());
        let bucket = bucket.take(count, rate, now).map_err(limited)?;
        if state.log.evaluations.len() >= self.limits.log {
            return Err(FINGERPRINT_LOG_FULL.error().with("limit", self.limits.log));
        }
        if state.buckets.len() >= MAX_PARTIES && !state.buckets.contains_key(party) {
            state.buckets.retain(|_, bucket| !bucket.is_full(now));
            if state.buckets.len() >= MAX_PARTIES {
                return Err(limited(i64::from(rate.interval_ms)));
            }
        }
        state.buckets.insert(party.clone(), bucket);
        let record = EvaluationRecord { at: now, party: party.clone(), key_id: *key_id, count };
        state.log.evaluations.push(record);
        Ok(holder.as_ref())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EvaluationLog {
    fn refused(&mut self, party: &PartyId, code: &'static str, now: Timestamp) {
        let of =
            |row: &RefusalCount, party: Option<&PartyId>| (row.party.as_ref(), row.code).cmp(&(party, code));
        let mut party = Some(party);
        let mut place = self.refusals.binary_search_by(|row| of(row, party));
        if place.is_err() && self.refusals.len() >= MAX_PARTIES {
            party = None;
            place = self.refusals.binary_search_by(|row| of(row, party));
        }
        match place {
            Ok(place) => {
                if let Some(row) = self.refusals.get_mut(place) {
                    row.requests = row.requests.saturating_add(1);
                    row.last_at = row.last_at.max(now);
                }
            }
            Err(place) => {
                let row = RefusalCount { party: party.cloned(), code, requests: 1, last_at: now };
                self.refusals.insert(place, row);
            }
        }
    }
}

struct InProcess {
    service: Arc<FingerprintService>,
    party: PartyId,
    name: String,
}

impl FingerprintServer for InProcess {
    fn name(&self) -> &str {
        &self.name
    }

    fn evaluate(
        &self,
        key_id: &FingerprintKeyId,
        blinded: &[BlindedElement],
    ) -> Result<EvaluationAnswer, Error> {
        self.service.evaluate(&self.party, key_id, blinded)
    }
}

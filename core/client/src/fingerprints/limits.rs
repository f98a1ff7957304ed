//! How much each party may have evaluated: the bucket of tokens, in whole milliseconds.

use std::collections::BTreeMap;

use allonge_finance::{PartyId, Timestamp};

/// How fast one party may ask: `burst` elements at once, and one more each `interval_ms`.
///
/// A document with all tiers takes 26 elements under each key. Whoever guesses gets `86,400,000 / interval_ms` guesses a
/// day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvaluationRate {
    /// How many elements at once; with 0 the party may ask nothing.
    pub burst: u32,
    /// After how many milliseconds another one is free.
    pub interval_ms: u32,
}

/// What a service gives to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluationLimits {
    /// The rate of each party that has none of its own. With a burst of 0, only those that have one may ask.
    pub each: EvaluationRate,
    /// The rates of single parties.
    pub parties: BTreeMap<PartyId, EvaluationRate>,
    /// Elements of one request, from 1 to 1,024.
    pub batch: usize,
    /// Records that the log holds until the registrar takes it, from 1 to 1,000,000. Without room, nothing is evaluated.
    pub log: usize,
}

impl Default for EvaluationLimits {
    /// About 20 documents at once and 160 a day for each party; 256 elements a request, 65,536 records.
    fn default() -> Self {
        EvaluationLimits {
            each: EvaluationRate { burst: 520, interval_ms: 20_000 },
            parties: BTreeMap::new(),
            batch: 256,
            log: 65_536,
        }
    }
}

impl EvaluationLimits {
    pub(super) fn rate(&self, party: &PartyId) -> EvaluationRate {
        self.parties.get(party).copied().unwrap_or(self.each)
    }
}

/// What of a party's burst is used up, as the time at which all of it is free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    full_at_ms: i64,
}

impl Bucket {
    /// One of which nothing is used.
    pub(super) fn full() -> Self {
        Bucket { full_at_ms: i64::MIN }
    }

    /// Takes so many, or says after how many milliseconds they are free. A clock that goes backwards frees nothing.
    pub(super) fn take(self, count: usize, rate: EvaluationRate, now: Timestamp) -> Result<Self, i64> {
        let now = now.millis();
        let interval = i64::from(rate.interval_ms);
        let cost = i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(interval);
        let full_at_ms = self.full_at_ms.max(now).saturating_add(cost);
        let wait =
            full_at_ms.saturating_sub(now).saturating_sub(i64::from(rate.burst).saturating_mul(interval));
        if wait > 0 { Err(wait) } else { Ok(Bucket { full_at_ms }) }
    }

    pub(super) fn is_full(self, now: Timestamp) -> bool {
        self.full_at_ms <= now.millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 + ms).unwrap()
    }

    #[test]
    fn a_burst_is_free_at_once_and_then_one_each_interval() {
        let rate = EvaluationRate { burst: 3, interval_ms: 100 };
        let bucket = Bucket::full().take(2, rate, at(0)).unwrap();
        assert_eq!(bucket.take(2, rate, at(0)), Err(100));
        let bucket = bucket.take(1, rate, at(0)).unwrap();
        assert_eq!(bucket.take(1, rate, at(99)), Err(1));
        let bucket = bucket.take(1, rate, at(100)).unwrap();
        assert_eq!(bucket.take(3, rate, at(100)), Err(300));
        assert!(!bucket.is_full(at(399)) && bucket.is_full(at(400)));
        // What is not used does not add up beyond the burst.
        assert_eq!(bucket.take(3, rate, at(9_000)).unwrap().take(1, rate, at(9_000)), Err(100));
    }

    #[test]
    fn a_clock_that_goes_backwards_frees_nothing() {
        let rate = EvaluationRate { burst: 2, interval_ms: 100 };
        let bucket = Bucket::full().take(2, rate, at(500)).unwrap();
        assert_eq!(bucket.take(1, rate, at(0)), Err(600));
    }

    proptest::proptest! {
        #[test]
        fn nobody_gets_more_than_the_burst_and_one_each_interval(
            burst in 1_u32..50,
            interval_ms in 1_u32..1_000,
            asked in proptest::collection::vec((1_usize..60, 0_i64..5_000), 1..60),
        ) {
            let rate = EvaluationRate { burst, interval_ms };
            let (mut bucket, mut now, mut given) = (Bucket::full(), 0, 0);
            for (count, later) in asked {
                now += later;
                if let Ok(left) = bucket.take(count, rate, at(now)) {
                    bucket = left;
                    given += i64::try_from(count).unwrap();
                }
            }
            proptest::prop_assert!(given <= i64::from(burst) + now / i64::from(interval_ms));
        }
    }
}

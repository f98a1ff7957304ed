//! How well a validator answers, as seen from here: what decides whom to ask first, how long to wait before another is
//! asked too, and how long to leave alone one that fails.

use std::time::{Duration, Instant};

/// Whoever failed is asked last for so long, and twice as long each time, less a part that is chance: so that many
/// clients do not come back together.
const REST: Duration = Duration::from_millis(50);
const LONGEST_REST: Duration = Duration::from_secs(5);
/// An answer is not late before this time, whatever is usual.
const SOONEST: Duration = Duration::from_millis(20);
/// It is late after this time, whatever is usual.
const LATEST: Duration = Duration::from_secs(1);
/// What is believed of a validator that was not asked yet.
const UNKNOWN: Duration = Duration::from_millis(100);
/// One whose requests all fail is as good as one that takes so long.
const FAILURE_COSTS: Duration = Duration::from_secs(5);
const ALL: u32 = 1_000;

/// What is asked of validators: each has its own usual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Final blocks; the answer waits for the next one.
    Follow,
    /// To take submissions.
    Submit,
    /// Where it stands.
    Check,
}

/// The usual time of an answer: a moving average, and another of how far single answers are from it.
#[derive(Clone, Copy, Default)]
struct Usual {
    average: Duration,
    deviation: Duration,
    known: bool,
}

impl Usual {
    fn add(&mut self, took: Duration) {
        if !self.known {
            *self = Usual { average: took, deviation: part(took, 2), known: true };
            return;
        }
        self.deviation = moved(self.deviation, self.average.abs_diff(took), 4);
        self.average = moved(self.average, took, 8);
    }

    fn expected(&self) -> Duration {
        if self.known { self.average } else { UNKNOWN }
    }

    /// Nearly all answers come sooner: the average and four deviations, as TCP reckons.
    fn late_after(&self) -> Duration {
        let deviation = if self.known { self.deviation } else { part(UNKNOWN, 2) };
        self.expected().saturating_add(deviation.saturating_mul(4)).clamp(SOONEST, LATEST)
    }
}

fn part(whole: Duration, of: u32) -> Duration {
    whole.checked_div(of).unwrap_or_default()
}

/// An average, moved towards a new value by a part of the distance.
fn moved(average: Duration, value: Duration, by: u32) -> Duration {
    let step = part(average.abs_diff(value), by);
    if value > average { average.saturating_add(step) } else { average.saturating_sub(step) }
}

/// The health of one validator.
#[derive(Clone, Copy, Default)]
pub(super) struct Health {
    follow: Usual,
    submit: Usual,
    check: Usual,
    /// How many of a thousand requests fail: a moving average.
    failing: u32,
    /// How often in a row it failed.
    failures: u32,
    /// It is asked last before.
    rests_until: Option<Instant>,
}

impl Health {
    fn usual(&self, purpose: Purpose) -> &Usual {
        match purpose {
            Purpose::Follow => &self.follow,
            Purpose::Submit => &self.submit,
            Purpose::Check => &self.check,
        }
    }

    /// It took so long, whether it answered then or is waited for no longer.
    pub(super) fn took(&mut self, purpose: Purpose, time: Duration) {
        match purpose {
            Purpose::Follow => self.follow.add(time),
            Purpose::Submit => self.submit.add(time),
            Purpose::Check => self.check.add(time),
        }
    }

    pub(super) fn answered(&mut self) {
        self.failing = self.failing.saturating_sub(self.failing.div_ceil(8));
        (self.failures, self.rests_until) = (0, None);
    }

    /// It answered, and had nothing new.
    pub(super) fn stood_still(&mut self) {
        self.failing = self.failing.saturating_add(ALL.saturating_sub(self.failing).div_ceil(8));
        (self.failures, self.rests_until) = (0, None);
    }

    /// It failed; `chance` decides over up to half of its rest.
    pub(super) fn failed(&mut self, now: Instant, chance: u32) {
        self.failing = self.failing.saturating_add(ALL.saturating_sub(self.failing).div_ceil(4));
        let longest = REST.saturating_mul(2_u32.saturating_pow(self.failures.min(10))).min(LONGEST_REST);
        self.failures = self.failures.saturating_add(1);
        self.rests_until = now.checked_add(longest.saturating_sub(of_chance(part(longest, 2), chance)));
    }

    /// When its rest is over, if it rests.
    pub(super) fn rests(&self, now: Instant) -> Option<Instant> {
        self.rests_until.filter(|until| *until > now)
    }

    /// The least is asked first: the time until an answer that counts, as far as one can tell.
    pub(super) fn cost(&self, purpose: Purpose) -> Duration {
        let failing = part(FAILURE_COSTS.saturating_mul(self.failing), ALL);
        self.usual(purpose).expected().saturating_add(failing)
    }

    /// After this time another is asked too.
    pub(super) fn late_after(&self, purpose: Purpose) -> Duration {
        self.usual(purpose).late_after()
    }
}

/// Up to `whole`, as chance has it.
pub(super) fn of_chance(whole: Duration, chance: u32) -> Duration {
    part(whole.saturating_mul(chance.checked_rem(ALL).unwrap_or_default()), ALL)
}

/// A number that is chance; the same one where the system has none, which only makes clients meet.
pub(super) fn chance() -> u32 {
    getrandom::u32().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn an_answer_is_late_when_nearly_all_before_came_sooner_and_never_later_than_a_second() {
        let mut health = Health::default();
        assert_eq!(health.late_after(Purpose::Submit), ms(300));
        (0..100).for_each(|time| health.took(Purpose::Submit, ms(100 + time % 20)));
        let late = health.late_after(Purpose::Submit);
        assert!(late > ms(115) && late < ms(150), "{late:?}");
        (0..100).for_each(|_| health.took(Purpose::Submit, ms(1)));
        assert_eq!(health.late_after(Purpose::Submit), ms(20));
        (0..100).for_each(|_| health.took(Purpose::Submit, ms(30_000)));
        assert_eq!(health.late_after(Purpose::Submit), ms(1_000));
        // What is usual for one purpose says nothing of another.
        assert_eq!(health.late_after(Purpose::Follow), ms(300));
    }

    #[test]
    fn whoever_fails_rests_longer_each_time_by_chance_and_is_forgiven_once_it_answers() {
        let now = Instant::now();
        let rest = |failures: u32, chance: u32| {
            let mut health = Health::default();
            (0..failures).for_each(|_| health.failed(now, chance));
            health.rests(now).unwrap().duration_since(now)
        };
        assert_eq!([rest(1, 0), rest(2, 0), rest(3, 0), rest(30, 0)], [50, 100, 200, 5_000].map(ms));
        assert_eq!(rest(3, 500), ms(150));
        assert!(rest(30, 999) > ms(2_500));
        let mut health = Health::default();
        health.failed(now, 0);
        let sick = health.cost(Purpose::Submit);
        health.answered();
        assert!(health.rests(now).is_none());
        assert!(health.cost(Purpose::Submit) < sick);
        (0..100).for_each(|_| health.answered());
        assert_eq!(health.cost(Purpose::Submit), UNKNOWN);
    }

    #[test]
    fn the_quicker_is_asked_first_and_one_that_fails_after_all_others() {
        let mut healths = [Health::default(); 3];
        healths[0].took(Purpose::Submit, ms(80));
        healths[1].took(Purpose::Submit, ms(10));
        healths[2].took(Purpose::Submit, ms(1));
        (0..5).for_each(|_| healths[2].failed(Instant::now(), 0));
        let costs = healths.map(|health| health.cost(Purpose::Submit));
        assert!(costs[1] < costs[0] && costs[0] < costs[2], "{costs:?}");
    }
}

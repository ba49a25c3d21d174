//! Zoho's clock, as far as its answers tell: readers compare their own clocks with the gateway's `Date`, so a gateway
//! whose clock is wrong must not make all of them seem wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// From which difference on the system clock is reported as wrong.
const REPORTED: i64 = 60_000;
/// Below it, the system clock is taken for right: a `Date` has whole seconds, and has been on its way.
const NEGLIGIBLE: i64 = 2_000;
/// Above it, the `Date` is taken for wrong: with such a clock here, no certificate would be valid.
const INCREDIBLE: i64 = 86_400_000;
/// By how much the system clock may advance more than the monotonic one while the machine is not suspended.
const TOLERANCE: Duration = Duration::from_secs(2);

/// The system clock, and how far Zoho's is ahead of it. Clones share what is known.
#[derive(Clone)]
pub struct ZohoClock(Arc<State>);

struct State {
    system: Box<dyn Fn() -> SystemTime + Send + Sync>,
    /// In milliseconds.
    ahead: AtomicI64,
    is_reported: AtomicBool,
}

impl std::fmt::Debug for ZohoClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZohoClock").field("ahead", &self.0.ahead).finish_non_exhaustive()
    }
}

impl Default for ZohoClock {
    fn default() -> Self {
        ZohoClock::with(SystemTime::now)
    }
}

/// A moment, by both clocks of this machine: the system clock may be set, and the monotonic one stops while the machine
/// is suspended.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    system: SystemTime,
    monotonic: Instant,
}

impl Moment {
    /// By the system clock.
    #[must_use]
    pub fn by_system(self) -> SystemTime {
        self.system
    }
}

impl ZohoClock {
    /// A clock that is read from this system clock.
    pub fn with(system: impl Fn() -> SystemTime + Send + Sync + 'static) -> ZohoClock {
        let state = State { system: Box::new(system), ahead: AtomicI64::new(0), is_reported: false.into() };
        ZohoClock(Arc::new(state))
    }

    /// The present moment.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment { system: (self.0.system)(), monotonic: Instant::now() }
    }

    /// How long ago this was: the longer time of both clocks.
    #[must_use]
    pub fn since(&self, moment: Moment) -> Duration {
        let by_system = (self.0.system)().duration_since(moment.system).unwrap_or_default();
        moment.monotonic.elapsed().max(by_system)
    }

    /// Whether the machine was suspended since then.
    #[must_use]
    pub fn was_suspended_since(&self, moment: Moment) -> bool {
        self.since(moment).saturating_sub(moment.monotonic.elapsed()) > TOLERANCE
    }

    /// Takes over what an answer says that has just arrived, if it can be true. Whether it can.
    pub fn learn(&self, date: SystemTime) -> bool {
        let ahead = millis_between((self.0.system)(), date);
        if ahead.abs() > INCREDIBLE {
            return false;
        }
        self.0.ahead.store(if ahead.abs() < NEGLIGIBLE { 0 } else { ahead }, Ordering::Relaxed);
        let is_wrong = ahead.abs() > REPORTED;
        if is_wrong && !self.0.is_reported.swap(is_wrong, Ordering::Relaxed) {
            let (seconds, side) = (ahead.abs() / 1_000, if ahead > 0 { "behind" } else { "ahead of" });
            tracing::warn!(
                "this machine's clock is {seconds} seconds {side} Zoho's: set it, for example by NTP"
            );
        } else if !is_wrong {
            self.0.is_reported.store(false, Ordering::Relaxed);
        }
        true
    }

    /// That moment, by Zoho's clock.
    #[must_use]
    pub fn date_of(&self, moment: Moment) -> SystemTime {
        let ahead = self.0.ahead.load(Ordering::Relaxed);
        let distance = Duration::from_millis(ahead.unsigned_abs());
        let shifted =
            if ahead < 0 { moment.system.checked_sub(distance) } else { moment.system.checked_add(distance) };
        shifted.unwrap_or(moment.system)
    }

    /// Now, by Zoho's clock; `None` where that is the system clock.
    #[must_use]
    pub fn corrected(&self) -> Option<SystemTime> {
        let is_wrong = self.0.ahead.load(Ordering::Relaxed) != 0;
        is_wrong.then(|| self.date_of(self.moment()))
    }
}

fn millis_between(earlier: SystemTime, later: SystemTime) -> i64 {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    match later.duration_since(earlier) {
        Ok(duration) => millis(duration),
        Err(error) => -millis(error.duration()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::UNIX_EPOCH;

    use super::*;

    /// A clock and the hand that sets the system clock, in seconds.
    fn clock() -> (ZohoClock, Arc<Mutex<u64>>) {
        let seconds = Arc::new(Mutex::new(1_800_000_000));
        let system = seconds.clone();
        (ZohoClock::with(move || at(*system.lock().unwrap())), seconds)
    }

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[tokio::test(start_paused = true)]
    async fn dates_follow_zohos_clock() {
        for (zohos, expected) in [
            (1_800_000_600, Some(1_800_000_605)),
            (1_799_999_400, Some(1_799_999_405)),
            (1_800_000_001, None),
            (1_799_999_999, None),
            (0, None),
        ] {
            let (clock, system) = clock();
            assert_eq!(clock.corrected(), None, "nothing is known");
            clock.learn(at(zohos));
            *system.lock().unwrap() += 5;
            assert_eq!(clock.corrected(), expected.map(at), "{zohos}");
            // The machine's clock is set.
            let set = *system.lock().unwrap();
            clock.learn(at(set));
            assert_eq!(clock.corrected(), None, "{zohos}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_moment_is_as_long_ago_as_the_longer_of_both_clocks_says() {
        let (clock, system) = clock();
        let moment = clock.moment();
        tokio::time::advance(Duration::from_secs(4)).await;
        *system.lock().unwrap() += 4;
        assert_eq!((clock.since(moment).as_secs(), clock.was_suspended_since(moment)), (4, false));
        // Suspended for an hour.
        *system.lock().unwrap() += 3_600;
        assert_eq!((clock.since(moment).as_secs(), clock.was_suspended_since(moment)), (3_604, true));
        // Set back.
        *system.lock().unwrap() -= 7_200;
        assert_eq!((clock.since(moment).as_secs(), clock.was_suspended_since(moment)), (4, false));
    }
}

//! The reader's computer: its clock, and whether it sleeps.

use crate::mix::{Mix, Trouble};
use crate::random::Random;
use crate::units::{DAY, HOUR, MINUTE, Millis, SECOND};
use zoho_backup_core::instant::Timestamp;

#[derive(Clone, Debug)]
pub struct Computer {
    /// How far the clock was ahead when it was last set.
    ahead: Millis,
    set_at: Millis,
    /// Milliseconds that it gains in a million.
    drift: Millis,
    /// The end of a sleep, and its beginning.
    pub sleep: Option<(Millis, Millis)>,
}

/// By how much a clock is wrong: from within the tolerance to days.
pub fn error(random: &mut Random) -> Millis {
    let by = random.pick(&[4 * SECOND, 10 * SECOND, 50 * SECOND, 3 * MINUTE, 10 * MINUTE, 2 * HOUR, DAY]);
    if random.percent(50) { by } else { -by }
}

impl Computer {
    pub fn new(mix: &Mix, random: &mut Random, start: Millis) -> Computer {
        let ahead = if mix.has(Trouble::WrongClock) { error(random) } else { 0 };
        let drift =
            if mix.has(Trouble::DriftingClock) { random.pick(&[-1_000, -100, 100, 1_000]) } else { 0 };
        Computer { ahead, set_at: start, drift, sleep: None }
    }

    /// How far the clock is ahead.
    pub fn ahead(&self, at: Millis) -> Millis {
        self.ahead + (at - self.set_at) * self.drift / 1_000_000
    }

    /// What the clock says.
    pub fn now(&self, at: Millis) -> Timestamp {
        Timestamp::from_millis(at + self.ahead(at))
    }

    /// Sets the clock.
    pub fn set(&mut self, at: Millis, ahead: Millis) {
        (self.ahead, self.set_at) = (ahead, at);
    }

    /// From now on the clock is right.
    pub fn heal(&mut self, at: Millis) {
        self.set(at, 0);
        self.drift = 0;
    }

    /// By how much the clock drifts in a while.
    pub fn drift_in(&self, length: Millis) -> Millis {
        (length * self.drift / 1_000_000).abs()
    }

    pub fn is_drifting(&self) -> bool {
        self.drift != 0
    }

    pub fn is_asleep(&self) -> bool {
        self.sleep.is_some()
    }
}

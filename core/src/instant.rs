//! Instants, in milliseconds since the epoch.

use std::time::Duration;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, the unit of `Date.now()`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant that many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Timestamp(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The instant `length` later. Saturates.
    pub fn after(self, length: Duration) -> Self {
        self.shifted(millis(length))
    }

    /// The instant `length` earlier. Saturates.
    pub fn before(self, length: Duration) -> Self {
        Timestamp(self.0.saturating_sub(millis(length)))
    }

    /// The instant `millis` milliseconds later, earlier where negative. Saturates.
    pub(crate) fn shifted(self, millis: i64) -> Self {
        Timestamp(self.0.saturating_add(millis))
    }

    /// Milliseconds since another instant, negative if that one is later. Saturates.
    pub(crate) fn millis_since(self, other: Timestamp) -> i64 {
        self.0.saturating_sub(other.0)
    }

    /// The time since an earlier instant; zero if that one is later.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.millis_since(earlier)).unwrap_or(0))
    }
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_move_both_ways_and_never_overflow() {
        let at = Timestamp::from_millis(1_000);
        assert_eq!(at.after(Duration::from_secs(2)).as_millis(), 3_000);
        assert_eq!(at.before(Duration::from_secs(2)).as_millis(), -1_000);
        assert_eq!(at.after(Duration::MAX), Timestamp::from_millis(i64::MAX));
        assert_eq!(at.before(Duration::MAX), Timestamp::from_millis(1_000 - i64::MAX));
    }

    #[test]
    fn the_time_since_a_later_instant_is_zero() {
        let (early, late) = (Timestamp::from_millis(1), Timestamp::from_millis(5));
        assert_eq!(late.since(early), Duration::from_millis(4));
        assert_eq!(early.since(late), Duration::ZERO);
    }
}

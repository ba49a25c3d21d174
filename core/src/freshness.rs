//! How fresh an answer is: when it arrived, and when its source was read.

use crate::instant::Timestamp;
use crate::policy::Policy;
use std::time::Duration;

/// The age of the source on arrival beyond which an answer is stale at once.
pub const MAX_SOURCE_AGE: Duration = Duration::from_secs(15 * 60);

/// The age of the source beyond which an answer says nothing about the present.
pub const UNKNOWN_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// The two times of an answer, by the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// When it arrived here.
    pub arrived_at: Timestamp,
    /// When its source was read: earlier, if a cache has kept it.
    pub source_at: Timestamp,
}

impl Freshness {
    /// Of an answer that arrived after `age` in caches.
    pub fn new(arrived_at: Timestamp, age: Duration) -> Freshness {
        Freshness { arrived_at, source_at: arrived_at.before(age) }
    }

    /// The first instant at which the answer is stale, if no other arrives.
    ///
    /// It counts from the arrival: an answer that a cache has kept for a minute is replaced as soon as any other.
    pub fn stale_from(self, policy: &Policy) -> Timestamp {
        let is_old = self.arrived_at.since(self.source_at) > MAX_SOURCE_AGE;
        let from = if is_old { self.arrived_at } else { just_beyond(self.arrived_at, policy.stale_after) };
        from.min(self.unknown_from())
    }

    /// The first instant at which the answer says nothing about the present.
    pub fn unknown_from(self) -> Timestamp {
        just_beyond(self.source_at, UNKNOWN_AFTER)
    }
}

/// The first instant at which more than `length` has passed since `at`.
pub fn just_beyond(at: Timestamp, length: Duration) -> Timestamp {
    at.after(length).after(Duration::from_millis(1))
}

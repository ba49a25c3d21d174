//! How fresh an answer is: when it arrived, and when its source was read.

use crate::instant::Timestamp;
use crate::policy::Policy;
use std::time::Duration;

/// The age of the source on arrival beyond which an answer is stale at once.
pub const MAX_SOURCE_AGE: Duration = Duration::from_secs(15 * 60);

/// The age of the source beyond which an answer says nothing about the present.
pub const UNKNOWN_AFTER: Duration = Duration::from_secs(24 * 3_600);

/// By how much the headers of an answer may disagree with its arrival.
const TOLERANCE: Duration = Duration::from_secs(5);

/// The two times of an answer, by the server's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// When it arrived here.
    pub arrived_at: Timestamp,
    /// When its source was read: earlier, if a cache has kept it.
    pub source_at: Timestamp,
}

impl Freshness {
    /// Of an answer that arrived after `age` in caches, and whose source was read at that time by its headers, if they
    /// tell one. That counts if it is earlier by more than 5 s, which headers and a known clock error explain.
    pub fn new(arrived_at: Timestamp, age: Duration, source_at: Option<Timestamp>) -> Freshness {
        let by_age = arrived_at.before(age);
        Freshness {
            arrived_at,
            source_at: source_at.filter(|at| by_age.since(*at) > TOLERANCE).unwrap_or(by_age),
        }
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

/// The `Age` header of an answer: how long caches have kept it. `None` if it cannot be read.
///
/// Of several values, which caches one behind another may send, the first counts (RFC 9111, 5.1); of a fraction, the
/// whole seconds.
pub fn age(header: &str) -> Option<Duration> {
    let seconds = header.trim().split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default();
    // More digits than fit are still an age, and a great one.
    (!seconds.is_empty()).then(|| Duration::from_secs(seconds.parse().unwrap_or(u64::MAX)))
}

/// The first instant at which more than `length` has passed since `at`.
pub fn just_beyond(at: Timestamp, length: Duration) -> Timestamp {
    at.after(length).after(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::from_millis(1_795_608_000_000);

    fn minutes(minutes: u64) -> Duration {
        Duration::from_secs(60 * minutes)
    }

    #[test]
    fn an_age_is_the_first_number_of_its_header() {
        let cases = [
            ("0", Some(0)),
            (" 59 ", Some(59)),
            ("3600, 12", Some(3_600)),
            ("12,3600", Some(12)),
            ("99999999999999999999", Some(u64::MAX)),
            ("", None),
            ("-5", None),
            ("7200.5", Some(7_200)),
            ("60s", Some(60)),
            (".5", None),
            ("soon", None),
            (", 12", None),
        ];
        for (header, seconds) in cases {
            assert_eq!(age(header), seconds.map(Duration::from_secs), "{header:?}");
        }
    }

    #[test]
    fn a_source_is_as_old_as_the_older_of_age_and_date_say() {
        let source = |age, date: u64| {
            Freshness::new(NOON, minutes(age), Some(NOON.before(Duration::from_secs(date)))).source_at
        };
        let ago = |seconds| NOON.before(Duration::from_secs(seconds));
        assert_eq!(source(0, 5), NOON);
        assert_eq!(source(0, 6), ago(6));
        assert_eq!(source(10, 0), ago(600), "an Age with a new Date");
        assert_eq!(source(10, 605), ago(600));
        assert_eq!(source(10, 700), ago(700));
    }

    #[test]
    fn an_answer_is_stale_by_its_arrival_or_by_the_age_of_its_source() {
        let policy = Policy::default();
        let limit = policy.stale_after + Duration::from_millis(1);
        let cases = [
            ("new", minutes(0), NOON.after(limit)),
            ("kept for a minute", minutes(1), NOON.after(limit)),
            ("kept for 15 minutes", minutes(15), NOON.after(limit)),
            ("kept for longer", minutes(15) + Duration::from_millis(1), NOON),
        ];
        for (name, age, stale_from) in cases {
            let freshness = Freshness::new(NOON, age, None);
            assert_eq!(freshness.stale_from(&policy), stale_from, "{name}");
        }
        assert!(Freshness::new(NOON, Duration::MAX, None).unknown_from() < NOON);
    }

    #[test]
    fn an_answer_is_unknown_by_the_age_of_its_source() {
        let freshness = Freshness::new(NOON, minutes(60), None);
        assert_eq!(freshness.unknown_from(), just_beyond(NOON.before(minutes(60)), UNKNOWN_AFTER));
        let patient = Policy { stale_after: Duration::MAX, ..Policy::default() };
        assert_eq!(
            Freshness::new(NOON, minutes(0), None).stale_from(&patient),
            just_beyond(NOON, UNKNOWN_AFTER)
        );
    }
}

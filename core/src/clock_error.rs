//! How far this computer's clock is from the server's.

use crate::instant::Timestamp;
use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::time::Duration;

/// What the headers of an answer say about the time at which its source was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTime {
    /// `Date`: when the server made the answer, in whole seconds.
    pub date: Timestamp,
    /// `Age`: how long caches have kept it.
    pub age: Duration,
}

/// How far this computer's clock is ahead of the server's; negative where it is behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockError {
    millis: i64,
}

/// Milliseconds that a slow network can explain.
const TOLERANCE: i64 = 5_000;
/// Milliseconds that no request takes: see [`DEADLINE`](crate::reply::DEADLINE).
const LONGEST: i64 = 15_000;
/// The error, in milliseconds, above which the computer's user is informed, and nothing is good that is not explained.
const REPORTED: i64 = 60_000;
/// How far apart two requests are of which the second examines what the first one found, in milliseconds.
const PAIR: RangeInclusive<i64> = 10_000..=15_000;
/// No time is further from the epoch than that, so that differences do not overflow.
const MOST: i64 = i64::MAX / 8;

/// One look at the server's clock: what an answer tells of the time. All in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    date: i64,
    age: i64,
    sent: i64,
    arrived: i64,
}

impl Reading {
    /// Of an answer whose request was sent and that arrived at these times by this computer's clock.
    pub fn new(server: ServerTime, sent: Timestamp, arrived: Timestamp) -> Reading {
        let within = |at: Timestamp| at.as_millis().clamp(-MOST, MOST);
        let age = within(Timestamp::default().after(server.age));
        Reading { date: within(server.date), age, sent: within(sent), arrived: within(arrived) }
    }

    /// Whether this computer's clock can have gone on as it should during the request.
    pub(crate) fn is_sound(self) -> bool {
        (0..=LONGEST).contains(&(self.arrived - self.sent))
    }

    /// The same answer if a cache has set its `Date` anew, so that `Age` does not count for the clock.
    pub(crate) fn dated_anew(self) -> Reading {
        Reading { age: 0, ..self }
    }

    /// The server's time when the answer was sent, by the meaning that RFC 9111 gives `Age`.
    fn server_time(self) -> i64 {
        self.date + self.age
    }

    /// The error of the clock by this answer, to within half of what the request took.
    pub(crate) fn error(self) -> ClockError {
        // Request and response are assumed to have taken equally long. Headers have whole seconds.
        ClockError { millis: self.sent + (self.arrived - self.sent) / 2 - self.server_time() - 500 }
    }

    /// Whether the answer is consistent with that error to within 5 s, however long it took on which way.
    pub(crate) fn agrees_with(self, error: ClockError) -> bool {
        let slack = (self.arrived - self.sent) / 2 + 500;
        (self.error().millis - error.millis).abs() <= TOLERANCE + slack
    }

    /// Whether the server's clock is further behind this computer's by this answer than by that error.
    pub(crate) fn is_behind(self, error: ClockError) -> bool {
        self.error().millis - error.millis > TOLERANCE
    }

    /// Whether the two differ by more than a minute.
    pub(crate) fn is_far_from(self, error: ClockError) -> bool {
        (self.error().millis - error.millis).abs() > REPORTED
    }

    /// Whether the two tell of the same error of the clock.
    pub(crate) fn confirms(self, earlier: Reading) -> bool {
        (self.error().millis - earlier.error().millis).abs() <= TOLERANCE
    }

    /// Whether this one was asked for so long after an earlier one as to examine what that found.
    pub(crate) fn examines(self, earlier: Reading) -> bool {
        PAIR.contains(&(self.sent - earlier.sent))
    }

    /// How the server's time compares with that of an earlier answer, if it has not gone on since.
    pub(crate) fn stands_still_since(self, earlier: Reading) -> Option<Ordering> {
        // What is a little older may be from another server, and what is the same from the same second.
        let is_told = self.sent - earlier.sent >= *PAIR.start() || earlier.date - self.date > TOLERANCE;
        let goes_on = self.date > earlier.date || self.server_time() > earlier.server_time();
        (is_told && !goes_on).then_some(self.date.cmp(&earlier.date))
    }
}

impl ClockError {
    /// The error of a clock that is ahead by that many milliseconds.
    pub(crate) fn ahead_by(millis: i64) -> ClockError {
        ClockError { millis: millis.clamp(-MOST, MOST) }
    }

    /// By how many milliseconds the clock is ahead.
    pub(crate) const fn millis(self) -> i64 {
        self.millis
    }

    /// The server's time when this computer's clock says `local`.
    pub fn correct(self, local: Timestamp) -> Timestamp {
        local.shifted(self.millis.saturating_neg())
    }

    /// What this computer's clock says at a server's time.
    pub fn local(self, at: Timestamp) -> Timestamp {
        at.shifted(self.millis)
    }

    /// The error in whole minutes if it exceeds one minute; positive where this computer's clock is fast.
    pub fn reported_minutes(self) -> Option<i64> {
        let half_a_minute = self.millis.signum() * 30_000;
        (self.millis.saturating_abs() > REPORTED).then(|| self.millis.saturating_add(half_a_minute) / 60_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-25T12:00:00Z.
    const NOON: Timestamp = Timestamp::from_millis(1_795_608_000_000);

    /// An answer of noon to a clock that is so many milliseconds ahead, after so many seconds in a cache.
    fn reading(ahead: i64, age: u64, round_trip: i64) -> Reading {
        let age = Duration::from_secs(age);
        let middle = NOON.as_millis() + 500 + ahead;
        let at = |shift: i64| Timestamp::from_millis(middle + shift);
        let server = ServerTime { date: NOON.before(age), age };
        Reading::new(server, at(-round_trip / 2), at(round_trip / 2))
    }

    #[test]
    fn a_clock_is_measured_against_the_middle_of_the_request() {
        let cases = [
            ("right", 0, 0, 0, None),
            ("right, an answer of an hour's age", 0, 3_600, 0, None),
            ("right, over a slow network", 0, 0, 9_000, None),
            ("a little fast", 4_999, 0, 0, None),
            ("10 minutes fast", 600_000, 0, 200, Some(10)),
            ("10 minutes fast, an answer of an hour's age", 600_000, 3_600, 200, Some(10)),
            ("7 minutes slow", -420_000, 60, 200, Some(-7)),
            ("fast, but too little to report", 59_000, 0, 0, None),
            ("fast by just what is not reported", 60_000, 0, 0, None),
            ("fast by just what is reported", 60_001, 0, 0, Some(1)),
            ("a minute and a half fast", 90_000, 0, 0, Some(2)),
        ];
        for (name, ahead, age, round_trip, told) in cases {
            let error = reading(ahead, age, round_trip).error();
            assert_eq!(error.millis, ahead, "{name}");
            assert_eq!(error.correct(error.local(NOON)), NOON, "{name}");
            assert_eq!(error.local(NOON).millis_since(NOON), ahead, "{name}");
            assert_eq!(error.reported_minutes(), told, "{name}");
        }
    }

    #[test]
    fn an_answer_agrees_with_every_error_that_a_slow_network_can_explain() {
        let agrees = |reading: Reading, millis| reading.agrees_with(ClockError { millis });
        let at_once = reading(0, 0, 0);
        assert!(agrees(at_once, -5_500) && agrees(at_once, 5_500));
        assert!(!agrees(at_once, -5_501) && !agrees(at_once, 5_501));
        let slow = reading(0, 0, 8_000);
        assert!(agrees(slow, -9_500) && agrees(slow, 9_500));
        assert!(!agrees(slow, -9_501) && !agrees(slow, 9_501));
    }

    #[test]
    fn a_cache_that_sets_the_date_anew_adds_nothing_to_it() {
        let aged = Reading { age: 99_000, ..reading(0, 0, 0) };
        assert_eq!((aged.error().millis, aged.dated_anew().error().millis), (-99_000, 0));
    }

    #[test]
    fn an_answer_is_behind_or_far_from_an_error_beyond_its_limits() {
        for millis in [0, 10_000, -70_000] {
            let known = ClockError { millis };
            let by = |ahead| reading(millis + ahead, 0, 0);
            assert!(!by(5_000).is_behind(known) && by(5_001).is_behind(known), "{millis}");
            assert!(!by(-99_000).is_behind(known), "{millis}");
            for ahead in [60_000_i64, -60_000] {
                assert!(!by(ahead).is_far_from(known), "{millis} {ahead}");
                assert!(by(ahead + ahead.signum()).is_far_from(known), "{millis} {ahead}");
            }
        }
    }

    #[test]
    fn the_time_stands_still_where_neither_date_nor_age_goes_on() {
        let first = Reading { date: 100_000, age: 20_000, sent: 7_000, arrived: 7_000 };
        let cases = [
            (100_000, 20_000, 10_000, Some(Ordering::Equal)),
            (100_000, 20_000, 9_999, None),
            (100_000, 19_000, 10_000, Some(Ordering::Equal)),
            (100_000, 32_000, 12_000, None),
            (99_000, 20_000, 12_000, Some(Ordering::Less)),
            (99_000, 22_000, 12_000, None),
            (112_000, 0, 12_000, None),
            (95_000, 0, 1_000, None),
            (94_000, 0, 1_000, Some(Ordering::Less)),
        ];
        for (date, age, sent, expected) in cases {
            let sent = first.sent + sent;
            let second = Reading { date, age, sent, arrived: sent };
            assert_eq!(second.stands_still_since(first), expected, "{date} {age} {sent}");
        }
    }
}

//! How far this computer's clock is from the server's.

use crate::instant::Timestamp;
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
/// The largest `Age` for which a cache is expected to have kept `Date` unchanged.
const MAX_TRUSTED_AGE: Duration = Duration::from_secs(3_600);
/// The error, in milliseconds, above which the computer's user is informed.
const REPORTED: i64 = 60_000;

impl ClockError {
    /// The error after an answer, given the computer's time when its request was sent and when it arrived. Keeps the
    /// known error while it is consistent with the answer to within 5 s.
    ///
    /// Some caches keep the original `Date`, others set it anew: the answer left the server or the cache at some time
    /// between `Date` and `Date` + `Age`. Headers have whole seconds.
    #[must_use]
    pub fn after(self, server: ServerTime, sent: Timestamp, arrived: Timestamp) -> ClockError {
        let latest = server.date.after(server.age).after(Duration::from_secs(1));
        let (least, most) = (sent.millis_since(latest), arrived.millis_since(server.date));
        let is_consistent =
            self.millis >= least.saturating_sub(TOLERANCE) && self.millis <= most.saturating_add(TOLERANCE);
        let millis = if is_consistent {
            self.millis
        } else if server.age <= MAX_TRUSTED_AGE {
            // RFC 9111's meaning of `Age`. Request and response are assumed to have taken equally long.
            least.saturating_add(arrived.millis_since(sent) / 2).saturating_add(500)
        } else {
            self.millis.clamp(least.min(most), most)
        };
        ClockError { millis }
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

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn error(ahead: i64, age: u64, round_trip: i64) -> ClockError {
        let server =
            ServerTime { date: NOON.before(Duration::from_secs(age)), age: Duration::from_secs(age) };
        let middle = NOON.as_millis() + 500 + ahead;
        let (sent, arrived) = (at(middle - round_trip / 2), at(middle + round_trip / 2));
        ClockError::default().after(server, sent, arrived)
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
            ("a minute and a half fast", 90_000, 0, 0, Some(2)),
        ];
        for (name, ahead, age, round_trip, told) in cases {
            let error = error(ahead, age, round_trip);
            let corrected = error.correct(at(NOON.as_millis() + ahead));
            assert!((corrected.as_millis() - NOON.as_millis()).abs() < TOLERANCE, "{name}: {corrected:?}");
            assert_eq!(error.local(error.correct(NOON)), NOON, "{name}");
            assert_eq!(error.reported_minutes(), told, "{name}");
        }
    }

    #[test]
    fn absurd_headers_do_no_harm() {
        for (date, age) in [(i64::MAX, u64::MAX), (i64::MIN, 0), (0, u64::MAX)] {
            let server = ServerTime { date: at(date), age: Duration::from_secs(age) };
            for (sent, arrived) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (0, 0)] {
                let error = ClockError::default().after(server, at(sent), at(arrived));
                let _ = (error.reported_minutes(), error.correct(NOON), error.local(NOON));
            }
        }
    }

    #[test]
    fn an_error_of_less_than_five_seconds_is_none() {
        assert_eq!(error(4_400, 0, 0), ClockError::default());
        assert_eq!(error(-4_400, 0, 0), ClockError::default());
        assert_ne!(error(5_600, 0, 0), ClockError::default());
        assert_ne!(error(-5_600, 0, 0), ClockError::default());
    }

    #[test]
    fn a_cache_that_sets_the_date_anew_makes_no_error() {
        let server = ServerTime { date: NOON, age: Duration::from_secs(99_788) };
        assert_eq!(
            ClockError::default().after(server, NOON, NOON.after(Duration::from_millis(300))),
            ClockError::default()
        );
    }

    #[test]
    fn a_known_error_does_not_jitter() {
        let known = error(600_000, 0, 200);
        for jitter in [-4_000, -900, 0, 900, 4_000] {
            let server = ServerTime { date: NOON, age: Duration::ZERO };
            let instant = at(NOON.as_millis() + 600_000 + jitter);
            assert_eq!(known.after(server, instant, instant), known, "{jitter} ms");
        }
        let right = at(NOON.as_millis() + 500);
        let repaired = known.after(ServerTime { date: NOON, age: Duration::ZERO }, right, right);
        assert!(repaired.millis.abs() < TOLERANCE, "{repaired:?}");
    }
}

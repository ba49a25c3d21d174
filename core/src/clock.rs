//! Instants on the common time line, what a server's clock says of this computer's, and calendar days.

use std::time::Duration;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, as `Date.now()` gives them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant so many milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Timestamp(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This much later; the last instant there is, if that lies beyond.
    pub fn after(self, length: Duration) -> Self {
        Timestamp(self.0.saturating_add(millis(length)))
    }

    /// This much earlier; the first instant there is, if that lies beyond.
    pub fn before(self, length: Duration) -> Self {
        Timestamp(self.0.saturating_sub(millis(length)))
    }

    /// The time since an earlier instant; zero if that one is later.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// What an answer tells of the time at which it was read: its `Date`, and its `Age` in caches since then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerTime {
    /// When the server made it. Headers have whole seconds.
    pub date: Timestamp,
    /// How long caches have kept it.
    pub age: Duration,
}

/// How far this computer's clock is ahead of the server's; behind it where negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClockError {
    millis: i64,
}

/// A difference that a slow network may have made.
const IGNORED: i64 = 5_000;
/// An age beyond which a cache is not relied upon to have kept `Date` as well.
const BELIEVED_AGE: Duration = Duration::from_secs(3_600);
/// A difference that its user should know of.
const TOLD: i64 = 60_000;

impl ClockError {
    /// What is known of the error after an answer, given when by this computer's clock its request was sent and it
    /// arrived. What the answer leaves possible, give or take 5 seconds, stays as it was.
    ///
    /// A cache may have kept `Date` from when the answer was made, or set it anew: so it was between `Date` and `Date`
    /// plus `Age` when the answer was sent. Headers have whole seconds.
    #[must_use]
    pub fn after(self, server: ServerTime, sent: Timestamp, arrived: Timestamp) -> ClockError {
        let latest = server.date.after(server.age).after(Duration::from_secs(1));
        let (least, most) = (sent.0.saturating_sub(latest.0), arrived.0.saturating_sub(server.date.0));
        let is_possible =
            self.millis >= least.saturating_sub(IGNORED) && self.millis <= most.saturating_add(IGNORED);
        let millis = if is_possible {
            self.millis
        } else if server.age <= BELIEVED_AGE {
            // The standard's reading of `Age`; neither way of the request is likelier to have been the slow one.
            least.saturating_add(arrived.0.saturating_sub(sent.0) / 2).saturating_add(500)
        } else {
            self.millis.clamp(least.min(most), most)
        };
        ClockError { millis }
    }

    /// The true time when this computer's clock says `local`.
    pub fn correct(self, local: Timestamp) -> Timestamp {
        Timestamp(local.0.saturating_sub(self.millis))
    }

    /// What this computer's clock says at a true time.
    pub fn local(self, at: Timestamp) -> Timestamp {
        Timestamp(at.0.saturating_add(self.millis))
    }

    /// The error in whole minutes, to be told if it exceeds one; positive where the clock is fast.
    pub fn told_minutes(self) -> Option<i64> {
        let half_a_minute = self.millis.signum() * 30_000;
        (self.millis.saturating_abs() > TOLD).then(|| self.millis.saturating_add(half_a_minute) / 60_000)
    }
}

const DAY: i64 = 86_400_000;

/// The calendar day of an instant, counted from 1970-01-01, in the zone whose offset from UTC `offset_at` gives in
/// seconds.
pub fn calendar_day(at: Timestamp, offset_at: impl Fn(Timestamp) -> i32) -> i64 {
    at.0.saturating_add(i64::from(offset_at(at)) * 1_000).div_euclid(DAY)
}

/// The first instant of the next calendar day in that zone. Where clocks are changed, a day may begin at another time
/// than midnight, or twice, or be left out.
pub fn next_calendar_day(at: Timestamp, offset_at: impl Fn(Timestamp) -> i32) -> Timestamp {
    let today = calendar_day(at, &offset_at);
    let midnight = (today + 1).saturating_mul(DAY);
    let begins = |probe: Timestamp| Timestamp(midnight.saturating_sub(i64::from(offset_at(probe)) * 1_000));
    let guess = begins(at);
    // By the offset of now, by that of the guess, and by that of a few hours later.
    let candidates = [guess, begins(guess), begins(guess.after(Duration::from_secs(3 * 3_600)))];
    let is_next = |candidate: &Timestamp| *candidate > at && calendar_day(*candidate, &offset_at) > today;
    candidates.into_iter().filter(is_next).min().unwrap_or(Timestamp(at.0.saturating_add(DAY)))
}

fn millis(length: Duration) -> i64 {
    i64::try_from(length.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    /// 2026-11-25T12:00:00Z.
    const NOON: Timestamp = Timestamp(1_795_608_000_000);

    fn error(ahead: i64, age: u64, round_trip: i64) -> ClockError {
        let server =
            ServerTime { date: NOON.before(Duration::from_secs(age)), age: Duration::from_secs(age) };
        let middle = NOON.0 + 500 + ahead;
        let (sent, arrived) = (Timestamp(middle - round_trip / 2), Timestamp(middle + round_trip / 2));
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
            ("fast, but not worth telling", 59_000, 0, 0, None),
            ("a minute and a half fast", 90_000, 0, 0, Some(2)),
        ];
        for (name, ahead, age, round_trip, told) in cases {
            let error = error(ahead, age, round_trip);
            let corrected = error.correct(Timestamp(NOON.0 + ahead));
            assert!((corrected.0 - NOON.0).abs() < IGNORED, "{name}: {corrected:?}");
            assert_eq!(error.local(error.correct(NOON)), NOON, "{name}");
            assert_eq!(error.told_minutes(), told, "{name}");
        }
    }

    #[test]
    fn absurd_headers_do_no_harm() {
        for (date, age) in [(i64::MAX, u64::MAX), (i64::MIN, 0), (0, u64::MAX)] {
            let server = ServerTime { date: Timestamp(date), age: Duration::from_secs(age) };
            for (sent, arrived) in [(i64::MIN, i64::MAX), (i64::MAX, i64::MIN), (0, 0)] {
                let error = ClockError::default().after(server, Timestamp(sent), Timestamp(arrived));
                let _ = (error.told_minutes(), error.correct(NOON), error.local(NOON));
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
            let at = Timestamp(NOON.0 + 600_000 + jitter);
            assert_eq!(known.after(server, at, at), known, "{jitter} ms");
        }
        let right = Timestamp(NOON.0 + 500);
        let repaired = known.after(ServerTime { date: NOON, age: Duration::ZERO }, right, right);
        assert!(repaired.millis.abs() < IGNORED, "{repaired:?}");
    }

    fn zone(name: &str) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(name).unwrap()
    }

    fn offset_in(zone: &jiff::tz::TimeZone) -> impl Fn(Timestamp) -> i32 {
        |at| zone.to_offset(jiff::Timestamp::from_millisecond(at.0).unwrap()).seconds()
    }

    /// Each test: a zone, an instant, the first instant of the next day there.
    macro_rules! days {
        ($($name:ident: $zone:literal, $at:literal => $next:literal;)+) => {
            $(#[test]
            fn $name() {
                let at = Timestamp($at.parse::<jiff::Timestamp>().unwrap().as_millisecond());
                let found = next_calendar_day(at, offset_in(&zone($zone)));
                assert_eq!(jiff::Timestamp::from_millisecond(found.0).unwrap().to_string(), $next);
            })+
        };
    }

    days! {
        zone_utc: "UTC", "2026-11-25T12:00:00Z" => "2026-11-26T00:00:00Z";
        zone_utc_at_the_last_millisecond: "UTC", "2026-11-25T23:59:59.999Z" => "2026-11-26T00:00:00Z";
        zone_utc_at_midnight: "UTC", "2026-11-26T00:00:00Z" => "2026-11-27T00:00:00Z";
        zone_kolkata_before_midnight: "Asia/Kolkata", "2026-11-25T18:29:59Z" => "2026-11-25T18:30:00Z";
        zone_kolkata_at_midnight: "Asia/Kolkata", "2026-11-25T18:30:00Z" => "2026-11-26T18:30:00Z";
        zone_new_york_forward_a_day_of_23_hours:
            "America/New_York", "2026-03-08T05:00:00Z" => "2026-03-09T04:00:00Z";
        zone_new_york_back_a_day_of_25_hours:
            "America/New_York", "2026-11-01T04:00:00Z" => "2026-11-02T05:00:00Z";
        zone_lord_howe_back_by_half_an_hour:
            "Australia/Lord_Howe", "2026-04-04T13:00:00Z" => "2026-04-05T13:30:00Z";
        zone_lord_howe_forward_by_half_an_hour:
            "Australia/Lord_Howe", "2026-10-03T13:30:00Z" => "2026-10-04T13:00:00Z";
        zone_apia_without_30_december_2011:
            "Pacific/Apia", "2011-12-30T09:00:00Z" => "2011-12-30T10:00:00Z";
        zone_cairo_a_day_that_begins_at_1: "Africa/Cairo", "2026-04-23T12:00:00Z" => "2026-04-23T22:00:00Z";
        zone_cairo_a_day_whose_last_hour_comes_twice:
            "Africa/Cairo", "2026-10-29T12:00:00Z" => "2026-10-29T22:00:00Z";
    }

    proptest! {
        /// The next day begins exactly where the day changes.
        #[test]
        fn the_next_day_begins_where_it_says(
            at in 1_262_304_000_000_i64..2_524_608_000_000,
            name in prop::sample::select(vec![
                "UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo",
                "America/Asuncion", "Asia/Beirut", "America/Havana", "Antarctica/Troll",
            ]),
        ) {
            let zone = zone(name);
            let (at, offset_at) = (Timestamp(at), offset_in(&zone));
            let next = next_calendar_day(at, &offset_at);
            let day = |at| calendar_day(at, &offset_at);
            prop_assert!(day(next) > day(at));
            prop_assert_eq!(day(next.before(Duration::from_millis(1))), day(at));
        }
    }
}

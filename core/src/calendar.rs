//! Calendar days in a time zone, whose rules are passed in as a function from instant to offset.

use crate::instant::Timestamp;

const DAY: i64 = 86_400_000;

/// The calendar day of an instant, counted from 1970-01-01. `offset_at` gives the zone's offset from UTC in seconds.
pub fn calendar_day(at: Timestamp, offset_at: impl Fn(Timestamp) -> i32) -> i64 {
    at.shifted(i64::from(offset_at(at)) * 1_000).as_millis().div_euclid(DAY)
}

/// The first instant of the next calendar day in that zone. When clocks are changed, a day may begin at another time
/// than midnight, or twice, or be left out.
pub fn next_calendar_day(at: Timestamp, offset_at: impl Fn(Timestamp) -> i32) -> Timestamp {
    let today = calendar_day(at, &offset_at);
    let midnight = Timestamp::from_millis((today + 1).saturating_mul(DAY));
    let start = |probe: Timestamp| midnight.shifted(i64::from(offset_at(probe)) * -1_000);
    let guess = start(at);
    // By the offset of now, and of the guess.
    let candidates = [guess, start(guess)];
    let is_next = |candidate: &Timestamp| *candidate > at && calendar_day(*candidate, &offset_at) > today;
    candidates.into_iter().filter(is_next).min().unwrap_or(at.shifted(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn zone(name: &str) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(name).unwrap()
    }

    fn offset_in(zone: &jiff::tz::TimeZone) -> impl Fn(Timestamp) -> i32 {
        |at| zone.to_offset(jiff::Timestamp::from_millisecond(at.as_millis()).unwrap()).seconds()
    }

    /// Each test: a zone, an instant, the first instant of the next day there.
    macro_rules! days {
        ($($name:ident: $zone:literal, $at:literal => $next:literal;)+) => {
            $(#[test]
            fn $name() {
                let at = Timestamp::from_millis($at.parse::<jiff::Timestamp>().unwrap().as_millisecond());
                let found = next_calendar_day(at, offset_in(&zone($zone)));
                assert_eq!(jiff::Timestamp::from_millisecond(found.as_millis()).unwrap().to_string(), $next);
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
            let (at, offset_at) = (Timestamp::from_millis(at), offset_in(&zone));
            let next = next_calendar_day(at, &offset_at);
            let day = |at| calendar_day(at, &offset_at);
            prop_assert!(day(next) > day(at));
            prop_assert_eq!(day(next.before(Duration::from_millis(1))), day(at));
        }
    }
}

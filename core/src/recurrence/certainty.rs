//! What is certain about a rule, in whatever time zones it and the dates were written.
//!
//! Where months or years lack a day that a rule names, Zoho's ways are unknown, and nothing is certain.

use crate::date_time::DateTime;
use crate::instant::Timestamp;
use crate::recurrence::occurrences::{Days, EPOCH, MILLIS_PER_DAY, day_at, day_of};
use crate::recurrence::rule::{End, Frequency, Rule, Until};
use time::Date;

/// The offsets from UTC, in milliseconds, between which the day of an instant lies everywhere on earth.
const WESTERNMOST: i64 = -12 * 3_600_000;
const EASTERNMOST: i64 = 14 * 3_600_000;

/// In milliseconds. Every zone is a number of them ahead of UTC, or behind.
const QUARTER_HOUR: usize = 15 * 60_000;

/// The first instant at which the last run of a rule is certainly behind, by UNTIL, or by COUNT from the first run.
/// `None` if the rule has no end, or if its end is not known.
pub fn last_run_is_behind_at(rule: &Rule, start: Option<&DateTime>) -> Option<Timestamp> {
    match rule.end? {
        End::Until(Until::Utc(last)) => Some(instant(last.assume_utc().unix_timestamp()).shifted(1_000)),
        End::Until(until) => Some(end_on_earth(until.day())),
        End::Count(_) if may_lack_days(rule, start?) => None,
        End::Count(count) => {
            let first = day_of(start?)?;
            let days = Days { rule, first };
            let last = days.after(first.previous_day()?).nth((count as usize).checked_sub(1)?)?;
            Some(end_on_earth(last))
        }
    }
}

/// Whether a rule cannot have a run at `next`. `start` is the first run.
pub fn contradicts(rule: &Rule, next: &DateTime, start: Option<&DateTime>) -> bool {
    // Without a first run, a rule that lists no days may have any.
    let lists_days = !(rule.weekdays.is_empty() && rule.month_days.is_empty());
    let is_on_another_day = || {
        (lists_days || start.is_some()) && !is_possible(rule, next, start, &|days, day| days.is_named(day))
    };
    starts_later(next, start) || is_past_until(rule, next) || is_on_another_day()
}

/// Whether a rule may have a run at `next`, also by the phase of its interval and by its count. `start` is the first run.
pub fn fits(rule: &Rule, next: &DateTime, start: Option<&DateTime>) -> bool {
    let is_run = |days: &Days<'_>, day| {
        let is_counted = match (rule.end, start) {
            (Some(End::Count(most)), Some(_)) => {
                days.count_to(day).is_none_or(|count| count <= most as usize)
            }
            _ => true,
        };
        day >= days.first && days.include(day) && is_counted
    };
    !starts_later(next, start) && !is_past_until(rule, next) && is_possible(rule, next, start, &is_run)
}

/// Whether a run at `next` may come after one at `previous` by a rule, which has one run a day at most. All days are taken
/// in one zone, whichever it is, in which the rule has a run at `previous`.
pub fn may_follow(rule: &Rule, next: &DateTime, previous: &DateTime) -> bool {
    if day_of(next) <= day_of(previous) || is_past_until(rule, next) {
        return false;
    }
    if may_lack_days(rule, previous) {
        return true;
    }
    let day_pairs = (WESTERNMOST..=EASTERNMOST)
        .step_by(QUARTER_HOUR)
        .filter_map(|zone| Some((day_at(previous.at.shifted(zone))?, day_at(next.at.shifted(zone))?)));
    let mut pairs = day_pairs.filter(|(first, _)| Days { rule, first: *first }.include(*first)).peekable();
    // Where the one before was moved to a day that the rule does not have, only the names of days count.
    if pairs.peek().is_none() {
        return !contradicts(rule, next, None);
    }
    pairs.any(|(first, day)| first < day && Days { rule, first }.include(day))
}

/// Whether the first run is two days or more after the next one: less may be a matter of time zones.
fn starts_later(next: &DateTime, start: Option<&DateTime>) -> bool {
    start.is_some_and(|start| start.at.millis_since(next.at) >= 2 * MILLIS_PER_DAY)
}

/// Whether the day of UNTIL is before that of the next run everywhere on earth.
fn is_past_until(rule: &Rule, next: &DateTime) -> bool {
    match rule.end {
        // Somewhere on earth, two instants less than a day apart have the same day.
        Some(End::Until(Until::Utc(last))) => {
            next.at.millis_since(instant(last.assume_utc().unix_timestamp())) >= MILLIS_PER_DAY
        }
        Some(End::Until(until)) => days_on_earth(next.at).first().is_some_and(|day| until.day() < *day),
        Some(End::Count(_)) | None => false,
    }
}

/// Whether something holds of the rule and the next run's day somewhere on earth, or Zoho's ways are unknown.
fn is_possible(
    rule: &Rule,
    next: &DateTime,
    start: Option<&DateTime>,
    holds: &dyn Fn(&Days<'_>, Date) -> bool,
) -> bool {
    if may_lack_days(rule, start.unwrap_or(next)) {
        return true;
    }
    let (starts, nexts) = (start.map(|start| days_on_earth(start.at)), days_on_earth(next.at));
    let is_known = !nexts.is_empty() && starts.as_ref().is_none_or(|starts| !starts.is_empty());
    let any = |day: &Date| match &starts {
        Some(starts) => starts.iter().any(|first| holds(&Days { rule, first: *first }, *day)),
        None => holds(&Days { rule, first: *day }, *day),
    };
    !is_known || nexts.iter().any(any)
}

/// Whether the rule names a day that some months or years lack, or has it from its first run: the 29th to 31st, fifth
/// weekdays, 29 February. RFC 5545 skips those months; what Zoho does is not documented.
pub fn lacks_days(rule: &Rule, start: Option<&DateTime>) -> bool {
    names_rare_days(rule, start.and_then(day_of).as_slice())
}

/// The same, if it may be so in whatever zone the first run was written.
fn may_lack_days(rule: &Rule, start: &DateTime) -> bool {
    names_rare_days(rule, &days_on_earth(start.at))
}

fn names_rare_days(rule: &Rule, firsts: &[Date]) -> bool {
    if !(rule.weekdays.is_empty() && rule.month_days.is_empty()) {
        return rule.weekdays.iter().any(|day| day.ordinal.is_some_and(|ordinal| ordinal.abs() == 5))
            || rule.month_days.iter().any(|day| day.unsigned_abs() > 28);
    }
    matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly)
        && firsts.iter().any(|day| day.day() > 28)
}

/// The days that an instant has somewhere on earth, in order. None beyond the calendar.
fn days_on_earth(at: Timestamp) -> Vec<Date> {
    let (first, last) = (day_at(at.shifted(WESTERNMOST)), day_at(at.shifted(EASTERNMOST)));
    let mut days = Vec::new();
    if let (Some(first), Some(last)) = (first, last) {
        let mut next = Some(first);
        while let Some(day) = next.filter(|day| *day <= last) {
            days.push(day);
            next = day.next_day();
        }
    }
    days
}

/// The first instant at which a day is over everywhere on earth.
fn end_on_earth(day: Date) -> Timestamp {
    let midnight = (i64::from(day.to_julian_day()) + 1 - EPOCH) * MILLIS_PER_DAY;
    Timestamp::from_millis(midnight - WESTERNMOST)
}

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> DateTime {
        DateTime::parse(text).unwrap()
    }

    fn contradiction(rule: &str, next: &str, start: Option<&str>) -> bool {
        contradicts(&Rule::parse(rule).unwrap(), &date(next), start.map(date).as_ref())
    }

    // 2026-12-08 is a Tuesday.

    /// A named case each: rule, next run, first run.
    macro_rules! cases {
        ($($expected:ident { $($name:ident: $rule:literal, $next:literal, $start:expr;)+ })+) => { $($(
            #[test]
            fn $name() {
                assert_eq!(contradiction($rule, $next, $start), $expected);
            }
        )+)+ };
    }

    cases! {
        true {
            until_the_day_before: "FREQ=DAILY;UNTIL=20261206", "2026-12-08T09:00:00+05:30", None;
            until_an_instant_a_day_before: "FREQ=DAILY;UNTIL=20261207T090000Z", "2026-12-08T09:00:00Z", None;
            until_a_floating_time_long_before: "FREQ=DAILY;UNTIL=20261201T000000", "2026-12-08T09:00:00Z", None;
            on_another_weekday: "FREQ=WEEKLY;BYDAY=FR", "2026-12-08T09:00:00+05:30", None;
            on_another_weekday_of_a_month: "FREQ=MONTHLY;BYDAY=1TU", "2026-12-17T09:00:00Z", None;
            on_another_day_of_the_month: "FREQ=MONTHLY;BYMONTHDAY=16", "2026-12-08T09:00:00Z", None;
            on_another_weekday_than_the_first: "FREQ=WEEKLY", "2026-12-08T09:00:00Z", Some("2026-11-27T09:00:00Z");
            on_another_day_of_the_month_than_the_first: "FREQ=MONTHLY", "2026-12-08T09:00:00Z", Some("2026-11-12T09:00:00Z");
            starting_two_days_later: "FREQ=DAILY", "2026-12-08T09:00:00Z", Some("2026-12-10T09:00:00Z");
        }
        false {
            until_the_same_day: "FREQ=DAILY;UNTIL=20261208", "2026-12-08T09:00:00Z", None;
            until_the_day_before_in_another_zone: "FREQ=DAILY;UNTIL=20261207", "2026-12-08T09:00:00+05:30", None;
            until_an_instant_just_before: "FREQ=DAILY;UNTIL=20261207T090001Z", "2026-12-08T09:00:00Z", None;
            on_its_weekday: "FREQ=WEEKLY;BYDAY=TU", "2026-12-08T09:00:00Z", None;
            on_its_weekday_in_another_zone: "FREQ=WEEKLY;BYDAY=WE", "2026-12-08T20:30:00Z", None;
            on_the_weekday_of_the_first_in_another_zone:
                "FREQ=WEEKLY", "2026-12-08T01:00:00+05:30", Some("2026-11-30T19:30:00Z");
            at_the_end_of_the_calendar: "FREQ=WEEKLY;BYDAY=MO", "9999-12-31T23:00:00Z", None;
            on_no_weekday_without_a_first: "FREQ=WEEKLY", "2026-12-08T09:00:00Z", None;
            in_another_week_than_the_interval_has: "FREQ=WEEKLY;INTERVAL=2", "2026-12-08T09:00:00Z", Some("2026-12-01T09:00:00Z");
            on_a_day_that_months_lack: "FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-30T09:00:00Z", None;
            on_a_fifth_weekday: "FREQ=MONTHLY;BYDAY=5TU", "2026-12-08T09:00:00Z", None;
            from_the_31st: "FREQ=MONTHLY", "2026-11-30T09:00:00Z", Some("2026-10-31T09:00:00Z");
            from_29_february: "FREQ=YEARLY", "2027-03-01T09:00:00Z", Some("2024-02-29T09:00:00Z");
            starting_a_day_later: "FREQ=DAILY", "2026-12-08T09:00:00Z", Some("2026-12-10T08:59:59Z");
            after_the_last_by_count: "FREQ=DAILY;COUNT=3", "2026-12-08T09:00:00Z", Some("2026-11-01T09:00:00Z");
        }
    }

    #[test]
    fn days_that_months_lack_are_listed_or_the_first_runs() {
        let cases = [
            ("FREQ=MONTHLY;BYMONTHDAY=28", None, false),
            ("FREQ=MONTHLY;BYMONTHDAY=29", None, true),
            ("FREQ=MONTHLY;BYMONTHDAY=-1", None, false),
            ("FREQ=MONTHLY;BYMONTHDAY=-31", None, true),
            ("FREQ=MONTHLY;BYDAY=5MO", None, true),
            ("FREQ=MONTHLY;BYDAY=-5MO", None, true),
            ("FREQ=MONTHLY;BYDAY=4MO", Some("2026-10-31T09:00:00Z"), false),
            ("FREQ=MONTHLY", Some("2026-10-31T09:00:00Z"), true),
            ("FREQ=MONTHLY", Some("2026-10-28T09:00:00Z"), false),
            ("FREQ=MONTHLY", Some("2026-10-29T00:30:00+05:30"), true),
            ("FREQ=MONTHLY", Some("2026-10-28T23:30:00-08:00"), false),
            ("FREQ=MONTHLY", None, false),
            ("FREQ=YEARLY", Some("2024-02-29T09:00:00Z"), true),
            ("FREQ=WEEKLY", Some("2026-10-31T09:00:00Z"), false),
            ("FREQ=DAILY", Some("2026-10-31T09:00:00Z"), false),
        ];
        for (rule, start, expected) in cases {
            let found = lacks_days(&Rule::parse(rule).unwrap(), start.map(date).as_ref());
            assert_eq!(found, expected, "{rule} from {start:?}");
        }
    }

    #[test]
    fn a_next_run_fits_where_only_zones_or_the_ways_of_zoho_are_in_doubt() {
        let cases = [
            ("FREQ=WEEKLY;BYDAY=MO", "2026-12-08T01:00:00+05:30", None, true),
            ("FREQ=WEEKLY;BYDAY=MO", "2026-12-09T09:00:00Z", None, false),
            ("FREQ=WEEKLY", "2026-12-08T01:00:00+05:30", Some("2026-11-30T19:30:00Z"), true),
            ("FREQ=DAILY", "2026-12-08T01:00:00+05:30", Some("2026-12-08T19:30:00Z"), true),
            ("FREQ=DAILY", "2026-12-08T09:00:00Z", Some("2026-12-10T09:00:00Z"), false),
            ("FREQ=WEEKLY;INTERVAL=2", "2026-12-08T09:00:00Z", Some("2026-12-01T09:00:00Z"), false),
            ("FREQ=WEEKLY;INTERVAL=2", "2026-12-15T09:00:00Z", Some("2026-12-01T09:00:00Z"), true),
            ("FREQ=DAILY;INTERVAL=3", "2026-12-08T01:00:00+05:30", Some("2026-12-04T19:30:00Z"), true),
            ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-30T09:00:00Z", None, true),
            ("FREQ=MONTHLY;BYDAY=5TU", "2026-12-08T09:00:00Z", None, true),
            ("FREQ=YEARLY", "2027-03-01T09:00:00Z", Some("2024-02-29T09:00:00Z"), true),
            ("FREQ=DAILY;UNTIL=20261207", "2026-12-08T09:00:00+05:30", None, true),
            ("FREQ=DAILY;UNTIL=20261201", "2026-12-08T09:00:00+05:30", None, false),
            ("FREQ=DAILY;COUNT=3", "2026-12-04T00:30:00+05:30", Some("2026-12-01T19:30:00Z"), true),
            ("FREQ=DAILY;COUNT=3", "2026-12-07T09:00:00Z", Some("2026-12-01T09:00:00Z"), false),
            ("FREQ=DAILY;COUNT=3", "2026-12-07T09:00:00Z", None, true),
        ];
        for (rule, next, start, expected) in cases {
            let found = fits(&Rule::parse(rule).unwrap(), &date(next), start.map(date).as_ref());
            assert_eq!(found, expected, "{rule} at {next} from {start:?}");
        }
    }

    // 2026-12-07 is a Monday.
    #[test]
    fn a_run_may_follow_on_a_later_day_of_the_rule_in_one_zone() {
        let cases = [
            ("FREQ=DAILY", "2026-12-07T02:00:00+05:30", "2026-12-08T02:00:00+05:30", true),
            ("FREQ=DAILY", "2026-12-07T02:00:00+05:30", "2026-12-09T02:00:00+05:30", true),
            ("FREQ=DAILY", "2026-12-07T02:00:00+01:00", "2026-12-08T02:00:00+02:00", true),
            ("FREQ=DAILY", "2026-12-07T12:30:00+05:30", "2026-12-08T09:58:45+05:30", true),
            ("FREQ=DAILY", "2026-12-07T02:00:00+05:30", "2026-12-07T23:00:00+05:30", false),
            ("FREQ=DAILY", "2026-12-07T02:00:00+05:30", "2026-12-06T02:00:00+05:30", false),
            ("FREQ=DAILY;INTERVAL=2", "2026-12-07T02:00:00Z", "2026-12-08T02:00:00Z", false),
            ("FREQ=DAILY;INTERVAL=2", "2026-12-07T02:00:00Z", "2026-12-09T02:00:00Z", true),
            ("FREQ=DAILY;UNTIL=20261207", "2026-12-07T02:00:00Z", "2026-12-10T02:00:00Z", false),
            ("FREQ=WEEKLY", "2026-12-07T02:00:00+05:30", "2026-12-08T02:00:00+05:30", false),
            ("FREQ=WEEKLY;BYDAY=MO", "2026-12-07T02:00:00+05:30", "2026-12-08T02:00:00+05:30", false),
            ("FREQ=WEEKLY;BYDAY=MO", "2026-12-07T02:00:00+05:30", "2026-12-14T02:00:00+05:30", true),
            // The rule's days are those of another zone.
            ("FREQ=WEEKLY;BYDAY=SU", "2026-12-07T02:00:00+05:30", "2026-12-14T02:00:00+05:30", true),
            ("FREQ=WEEKLY;BYDAY=MO,TU", "2026-12-08T11:30:00+05:30", "2026-12-09T11:30:00+05:30", true),
            // Zoho's own sample: 13 days and 21.5 hours.
            ("FREQ=WEEKLY;INTERVAL=2", "2022-07-12T12:30:00+05:30", "2022-07-26T09:58:45+05:30", true),
            // The run on Wednesday was moved there.
            ("FREQ=WEEKLY;BYDAY=MO", "2026-12-09T12:00:00Z", "2026-12-14T12:00:00Z", true),
            ("FREQ=WEEKLY;BYDAY=MO", "2026-12-09T12:00:00Z", "2026-12-11T12:00:00Z", false),
            ("FREQ=MONTHLY;BYMONTHDAY=7", "2026-12-07T02:00:00Z", "2026-12-08T02:00:00Z", false),
            ("FREQ=MONTHLY;BYMONTHDAY=7", "2026-12-07T02:00:00Z", "2027-01-07T02:00:00Z", true),
            ("FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31T02:00:00Z", "2027-01-01T02:00:00Z", true),
        ];
        for (rule, previous, next, expected) in cases {
            let found = may_follow(&Rule::parse(rule).unwrap(), &date(next), &date(previous));
            assert_eq!(found, expected, "{rule} at {next} after {previous}");
        }
    }

    #[test]
    fn the_last_run_is_behind_when_its_day_is_over_everywhere() {
        let cases = [
            ("FREQ=DAILY", Some("2026-12-01T09:00:00Z"), None),
            ("FREQ=DAILY;COUNT=3", None, None),
            ("FREQ=DAILY;COUNT=3", Some("2026-12-01T09:00:00Z"), Some("2026-12-04T12:00:00Z")),
            ("FREQ=DAILY;COUNT=30", Some("2026-11-01T09:00:00Z"), Some("2026-12-01T12:00:00Z")),
            ("FREQ=WEEKLY;COUNT=2;BYDAY=FR", Some("2026-12-01T09:00:00Z"), Some("2026-12-12T12:00:00Z")),
            ("FREQ=MONTHLY;COUNT=2;BYMONTHDAY=31", Some("2026-12-01T09:00:00Z"), None),
            ("FREQ=MONTHLY;COUNT=2", Some("2026-12-31T09:00:00Z"), None),
            ("FREQ=DAILY;UNTIL=20261203", None, Some("2026-12-04T12:00:00Z")),
            ("FREQ=DAILY;UNTIL=20261203T090000", None, Some("2026-12-04T12:00:00Z")),
            ("FREQ=DAILY;UNTIL=20261203T090000Z", None, Some("2026-12-03T09:00:01Z")),
        ];
        for (rule, start, expected) in cases {
            let found = last_run_is_behind_at(&Rule::parse(rule).unwrap(), start.map(date).as_ref());
            assert_eq!(found, expected.map(|text| date(text).at), "{rule} from {start:?}");
        }
    }
}

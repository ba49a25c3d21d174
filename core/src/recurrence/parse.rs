//! Parsing a recurrence rule. A rule with a token that is not understood is refused whole.

use crate::recurrence::rule::{End, Frequency, NthWeekday, Rule, Until};
use time::{Date, Month, Time, Weekday};

/// The names of weekdays in rules, in lower case as the rule is read.
const WEEK: [(&str, Weekday); 7] = [
    ("mo", Weekday::Monday),
    ("tu", Weekday::Tuesday),
    ("we", Weekday::Wednesday),
    ("th", Weekday::Thursday),
    ("fr", Weekday::Friday),
    ("sa", Weekday::Saturday),
    ("su", Weekday::Sunday),
];

/// The ordinals of a weekday, in the order in which they are kept.
const ORDINALS: [Option<i8>; 11] =
    [None, Some(1), Some(2), Some(3), Some(4), Some(5), Some(-5), Some(-4), Some(-3), Some(-2), Some(-1)];

impl Rule {
    /// Reads a rule in the form of RFC 5545, in any letter case, with or without a leading `RRULE:` and a trailing `;`.
    ///
    /// `None` for anything malformed, forbidden by the RFC, or beyond what a [`Rule`] holds: no part is ever ignored.
    pub fn parse(text: &str) -> Option<Rule> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("rrule:").unwrap_or(&text);
        let text = text.strip_suffix(';').unwrap_or(text);
        let (mut frequency, mut interval, mut end, mut week_start) = (None, None, None, None);
        let (mut weekdays, mut month_days) = (None, None);
        for part in text.split(';') {
            let (key, value) = part.split_once('=')?;
            match key {
                "freq" => once(&mut frequency, Frequency::from_name(value)),
                "interval" => once(&mut interval, number(value, 999)),
                "byday" => once(&mut weekdays, each(value, nth_weekday)),
                "bymonthday" => once(&mut month_days, each(value, |day| signed(day, 31))),
                // The same place for both, as they exclude each other.
                "count" => once(&mut end, number(value, 9_999).map(|count| End::Count(count.into()))),
                "until" => once(&mut end, until(value).map(End::Until)),
                "wkst" => once(&mut week_start, weekday(value)),
                _ => None,
            }?;
        }
        let rule = Rule {
            frequency: frequency?,
            interval: interval.unwrap_or(1),
            weekdays: weekdays.map(in_order_of_the_week).unwrap_or_default(),
            month_days: month_days.map(in_order_of_the_month).unwrap_or_default(),
            end,
            week_start: week_start.unwrap_or(Weekday::Monday),
        };
        is_allowed(&rule).then_some(rule)
    }
}

/// Whether the days fit the frequency. RFC 5545 forbids days of the month in a week, and ordinals in days and weeks;
/// for days in a year there is no sentence.
fn is_allowed(rule: &Rule) -> bool {
    let plain = rule.weekdays.iter().all(|day| day.ordinal.is_none());
    match rule.frequency {
        Frequency::Daily => plain,
        Frequency::Weekly => plain && rule.month_days.is_empty(),
        Frequency::Monthly => true,
        Frequency::Yearly => rule.weekdays.is_empty() && rule.month_days.is_empty(),
    }
}

/// Stores a part that was read; `None` if there was nothing, or if the rule has that part already.
fn once<T>(place: &mut Option<T>, read: Option<T>) -> Option<()> {
    place.replace(read?).is_none().then_some(())
}

fn each<T>(list: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    list.split(',').map(read).collect()
}

// Picking from all days in order sorts and removes duplicates. A sort would add 8 KB to the wasm.

fn in_order_of_the_week(listed: Vec<NthWeekday>) -> Vec<NthWeekday> {
    let mut days = Vec::new();
    for (_, weekday) in WEEK {
        for ordinal in ORDINALS {
            let day = NthWeekday { weekday, ordinal };
            if listed.contains(&day) {
                days.push(day);
            }
        }
    }
    days
}

fn in_order_of_the_month(listed: Vec<i8>) -> Vec<i8> {
    let mut days = Vec::new();
    for day in (1..=31).chain(-31..=-1) {
        if listed.contains(&day) {
            days.push(day);
        }
    }
    days
}

/// `TH`, `1TH`, `+1TH` or `-1TH`.
fn nth_weekday(text: &str) -> Option<NthWeekday> {
    let (ordinal, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let ordinal = if ordinal.is_empty() { None } else { Some(signed(ordinal, 5)?) };
    Some(NthWeekday { weekday: weekday(name)?, ordinal })
}

fn weekday(text: &str) -> Option<Weekday> {
    WEEK.into_iter().find_map(|(name, weekday)| (name == text).then_some(weekday))
}

/// `YYYYMMDD`, `YYYYMMDDTHHMMSS` or `YYYYMMDDTHHMMSSZ`.
fn until(text: &str) -> Option<Until> {
    let Some((day, time)) = text.split_once('t') else { return date(text).map(Until::Day) };
    let (time, until): (_, fn(_) -> Until) = match time.strip_suffix('z') {
        Some(time) => (time, Until::Utc),
        None => (time, Until::Floating),
    };
    let [hour, minute, second] = fields(time, [2, 2, 2])?;
    let time = Time::from_hms(hour as u8, minute as u8, second as u8).ok()?;
    Some(until(date(day)?.with_time(time)))
}

fn date(text: &str) -> Option<Date> {
    let [year, month, day] = fields(text, [4, 2, 2])?;
    Date::from_calendar_date(year, Month::try_from(month as u8).ok()?, day as u8).ok()
}

/// Three numbers, each of exactly that many digits.
fn fields(mut text: &str, widths: [usize; 3]) -> Option<[i32; 3]> {
    let mut values = [0; 3];
    for (value, width) in values.iter_mut().zip(widths) {
        let (field, rest) = text.split_at_checked(width)?;
        *value = digits(field)?;
        text = rest;
    }
    text.is_empty().then_some(values)
}

/// A number from 1 on, or, with a minus sign, from -1 down.
fn signed(text: &str, most: u16) -> Option<i8> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    Some(sign * i8::try_from(number(text, most)?).ok()?)
}

fn number(text: &str, most: u16) -> Option<u16> {
    u16::try_from(digits(text)?).ok().filter(|number| (1..=most).contains(number))
}

/// `parse` alone would take a sign.
fn digits(text: &str) -> Option<i32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A named case each, so that the list of tests says what is refused.
    macro_rules! refused {
        ($($name:ident: $text:literal;)+) => { $(
            #[test]
            fn $name() {
                assert_eq!(Rule::parse($text), None);
            }
        )+ };
    }

    refused! {
        rule_without_separators_as_in_an_sdk_sample: "RRULE:FREQ=MONTHLYINTERVAL=1BYDAY=1TH";
        rule_that_is_empty: "";
        rule_that_is_a_prefix: "RRULE:";
        rule_in_words: "every other Tuesday";
        rule_without_frequency: "INTERVAL=2;BYDAY=TU";
        rule_with_another_prefix: "EXRULE:FREQ=DAILY";
        rule_with_two_prefixes: "RRULE:RRULE:FREQ=DAILY";
        rule_with_a_start: "DTSTART=20220712T123000Z;FREQ=DAILY";
        rule_with_a_frequency_below_a_day: "FREQ=HOURLY";
        rule_with_an_unknown_frequency: "FREQ=FORTNIGHTLY";
        rule_with_an_unknown_key: "FREQ=DAILY;X-ZOHO=1";
        rule_with_a_part_without_value: "FREQ=DAILY;COUNT";
        rule_with_two_trailing_separators: "FREQ=DAILY;;";
        rule_with_an_empty_part: "FREQ=DAILY;;COUNT=3";
        rule_with_a_leading_separator: ";FREQ=DAILY";
        rule_with_commas_for_separators: "FREQ=DAILY,COUNT=3";
        rule_with_blanks_inside: "FREQ=DAILY; COUNT=3";
        rule_with_blanks_before_the_separator: "FREQ=DAILY ;COUNT=3";
        rule_with_two_frequencies: "FREQ=DAILY;FREQ=DAILY";
        rule_with_two_intervals: "FREQ=DAILY;INTERVAL=2;INTERVAL=2";
        rule_with_two_lists_of_weekdays: "FREQ=WEEKLY;BYDAY=MO;BYDAY=TU";
        rule_with_two_lists_of_month_days: "FREQ=MONTHLY;BYMONTHDAY=1;BYMONTHDAY=2";
        rule_with_two_counts: "FREQ=DAILY;COUNT=3;COUNT=3";
        rule_with_two_week_starts: "FREQ=WEEKLY;WKST=MO;WKST=MO";
        rule_with_count_and_until: "FREQ=DAILY;COUNT=3;UNTIL=20221231";
        rule_with_until_and_count: "FREQ=DAILY;UNTIL=20221231;COUNT=3";
        rule_with_an_empty_interval: "FREQ=DAILY;INTERVAL=";
        rule_with_interval_0: "FREQ=DAILY;INTERVAL=0";
        rule_with_interval_1000: "FREQ=DAILY;INTERVAL=1000";
        rule_with_a_negative_interval: "FREQ=DAILY;INTERVAL=-1";
        rule_with_a_signed_interval: "FREQ=DAILY;INTERVAL=+1";
        rule_with_a_fractional_interval: "FREQ=DAILY;INTERVAL=1.5";
        rule_with_an_interval_beyond_numbers: "FREQ=DAILY;INTERVAL=4294967297";
        rule_with_count_0: "FREQ=DAILY;COUNT=0";
        rule_with_count_10000: "FREQ=DAILY;COUNT=10000";
        rule_with_an_empty_frequency: "FREQ=;COUNT=1";
        rule_with_an_empty_list_of_weekdays: "FREQ=WEEKLY;BYDAY=";
        rule_with_a_gap_in_the_weekdays: "FREQ=WEEKLY;BYDAY=MO,,TU";
        rule_with_a_comma_behind_the_weekdays: "FREQ=WEEKLY;BYDAY=MO,";
        rule_with_an_unknown_weekday: "FREQ=WEEKLY;BYDAY=XX";
        rule_with_a_long_weekday: "FREQ=WEEKLY;BYDAY=TUE";
        rule_with_a_weekday_of_wide_characters: "FREQ=MONTHLY;BYDAY=1日";
        rule_with_ordinal_0: "FREQ=MONTHLY;BYDAY=0MO";
        rule_with_ordinal_6: "FREQ=MONTHLY;BYDAY=6MO";
        rule_with_ordinal_minus_6: "FREQ=MONTHLY;BYDAY=-6MO";
        rule_with_a_sign_for_ordinal: "FREQ=MONTHLY;BYDAY=-MO";
        rule_with_two_signs: "FREQ=MONTHLY;BYDAY=-+1MO";
        rule_with_an_ordinal_behind: "FREQ=MONTHLY;BYDAY=MO1";
        rule_with_an_ordinal_in_weeks: "FREQ=WEEKLY;BYDAY=1MO";
        rule_with_an_ordinal_in_days: "FREQ=DAILY;BYDAY=1MO";
        rule_with_month_day_0: "FREQ=MONTHLY;BYMONTHDAY=0";
        rule_with_month_day_32: "FREQ=MONTHLY;BYMONTHDAY=32";
        rule_with_month_day_minus_32: "FREQ=MONTHLY;BYMONTHDAY=-32";
        rule_with_month_days_in_a_range: "FREQ=MONTHLY;BYMONTHDAY=1-5";
        rule_with_month_days_in_weeks: "FREQ=WEEKLY;BYMONTHDAY=1";
        rule_with_month_days_in_years: "FREQ=YEARLY;BYMONTHDAY=1";
        rule_with_weekdays_in_years: "FREQ=YEARLY;BYDAY=MO";
        rule_with_ordinals_in_years: "FREQ=YEARLY;BYDAY=20MO";
        rule_with_an_unknown_week_start: "FREQ=WEEKLY;WKST=1MO";
        rule_with_set_positions: "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1";
        rule_with_hours: "FREQ=DAILY;BYHOUR=9";
        rule_with_months: "FREQ=MONTHLY;BYMONTH=1";
        rule_with_days_of_the_year: "FREQ=YEARLY;BYYEARDAY=1";
        rule_with_weeks_of_the_year: "FREQ=YEARLY;BYWEEKNO=20";
        rule_until_no_day: "FREQ=DAILY;UNTIL=20230229";
        rule_until_month_13: "FREQ=DAILY;UNTIL=20231301";
        rule_until_a_day_with_dashes: "FREQ=DAILY;UNTIL=2022-12-31";
        rule_until_a_short_date: "FREQ=DAILY;UNTIL=221231";
        rule_until_a_long_date: "FREQ=DAILY;UNTIL=202212311";
        rule_until_hour_24: "FREQ=DAILY;UNTIL=20221231T240000Z";
        rule_until_a_time_without_seconds: "FREQ=DAILY;UNTIL=20221231T2359Z";
        rule_until_a_time_with_an_offset: "FREQ=DAILY;UNTIL=20221231T235959+0530";
        rule_until_a_bare_t: "FREQ=DAILY;UNTIL=20221231T";
        rule_until_a_day_in_utc: "FREQ=DAILY;UNTIL=20221231Z";
    }
}

//! Dates and times as Zoho writes them.

use crate::instant::Timestamp;
use std::fmt;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// A date and time: the instant, and how it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct DateTime {
    /// The instant meant.
    pub at: Timestamp,
    /// Seconds by which its writer's clock is ahead of UTC: the user's or the organisation's zone at that instant.
    pub offset: i32,
}

impl DateTime {
    /// Reads `YYYY-MM-DDTHH:MM`, seconds and their fraction optional, with an offset `±HH:MM`, `±HHMM` or `Z`.
    /// `None` for anything else: a time without an offset is no instant.
    pub fn parse(text: &str) -> Option<DateTime> {
        let (date_time, offset) = split_offset(text.trim())?;
        let (date, time) = date_time.split_once('T')?;
        let at = parse_date(date)?.with_time(parse_time(time)?).assume_offset(offset);
        let millis = at.unix_timestamp().checked_mul(1_000)?.checked_add(at.millisecond().into())?;
        Some(DateTime { at: Timestamp::from_millis(millis), offset: offset.whole_seconds() })
    }

    /// `YYYY-MM-DDTHH:MM:SS±HH:MM`, as Zoho writes it; in UTC with `Z`, milliseconds where there are any. `None` if its
    /// year has not four digits, or its offset is none of whole minutes within a day.
    pub fn written(&self) -> Option<String> {
        let offset = UtcOffset::from_whole_seconds(self.offset).ok()?;
        let (seconds, millis) =
            (self.at.as_millis().div_euclid(1_000), self.at.as_millis().rem_euclid(1_000));
        let local = OffsetDateTime::from_unix_timestamp(seconds).ok()?.checked_to_offset(offset)?;
        let (hours, minutes, rest) = offset.as_hms();
        if !(0..=9_999).contains(&local.year()) || hours.unsigned_abs() > 23 || rest != 0 {
            return None;
        }
        let fraction = if millis == 0 { String::new() } else { format!(".{millis:03}") };
        let sign = if offset.is_negative() { '-' } else { '+' };
        let zone = match offset.is_utc() {
            true => "Z".to_owned(),
            false => format!("{sign}{:02}:{:02}", hours.unsigned_abs(), minutes.unsigned_abs()),
        };
        let (year, month, day) = (local.year(), u8::from(local.month()), local.day());
        let (hour, minute, second) = (local.hour(), local.minute(), local.second());
        Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"))
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DateTime({} ms, {:+} s)", self.at.as_millis(), self.offset)
    }
}

// `time`'s own parser would do all this in fewer lines, and add 20 KB to the widget's wasm.

fn parse_date(text: &str) -> Option<Date> {
    let (year, rest) = text.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let month = Month::try_from(number(month, 2)? as u8).ok()?;
    Date::from_calendar_date(number(year, 4)?, month, number(day, 2)? as u8).ok()
}

fn parse_time(text: &str) -> Option<Time> {
    let (hour, rest) = text.split_once(':')?;
    let (minute, rest) = rest.split_once(':').unwrap_or((rest, "00"));
    let (second, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    let thousandths = [fraction, "00"].concat();
    let millisecond = number(thousandths.get(..3)?, 3)? as u16;
    // The digits beyond are dropped, but digits they must be.
    fraction.bytes().all(|byte| byte.is_ascii_digit()).then_some(())?;
    Time::from_hms_milli(
        number(hour, 2)? as u8,
        number(minute, 2)? as u8,
        number(second, 2)? as u8,
        millisecond,
    )
    .ok()
}

fn split_offset(text: &str) -> Option<(&str, UtcOffset)> {
    if let Some(date_time) = text.strip_suffix(['Z', 'z']) {
        return Some((date_time, UtcOffset::UTC));
    }
    // The date has dashes too, so the sign is looked for in the time alone.
    let sign_at = text.find('T').and_then(|time| Some(time + text.get(time..)?.find(['+', '-'])?))?;
    let (date_time, offset) = text.split_at_checked(sign_at)?;
    let digits = offset.get(1..)?;
    let (hours, minutes) = digits.split_once(':').or_else(|| digits.split_at_checked(2))?;
    let hours = number(hours, 2).filter(|hours| *hours < 24)?;
    let minutes = number(minutes, 2).filter(|minutes| *minutes < 60)?;
    let seconds = hours * 3_600 + minutes * 60;
    let signed = if offset.starts_with('-') { -seconds } else { seconds };
    Some((date_time, UtcOffset::from_whole_seconds(signed).ok()?))
}

/// A number of exactly so many digits, at most nine.
fn number(text: &str, digits: usize) -> Option<i32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A named case each, so that the list of tests says which forms are accepted and refused.
    macro_rules! dates {
        ($($name:ident: $text:literal => $expected:expr;)+) => { $(
            #[test]
            fn $name() {
                let expected: Option<(i64, i32)> = $expected;
                assert_eq!(DateTime::parse($text).map(|date| (date.at.as_millis(), date.offset)), expected);
            }
        )+ };
    }

    dates! {
        date_with_colon_offset: "2022-07-26T09:58:45+05:30" => Some((1_658_809_725_000, 19_800));
        date_with_compact_offset: "2022-07-26T09:58:45+0530" => Some((1_658_809_725_000, 19_800));
        date_with_negative_offset: "2022-07-26T09:58:45-03:30" => Some((1_658_842_125_000, -12_600));
        date_in_utc: "2022-07-26T04:28:45Z" => Some((1_658_809_725_000, 0));
        date_in_lower_case_utc: "2022-07-26T04:28:45z" => Some((1_658_809_725_000, 0));
        date_with_zero_offset: "2022-07-26T04:28:45-00:00" => Some((1_658_809_725_000, 0));
        date_with_milliseconds: "2022-07-26T04:28:45.250Z" => Some((1_658_809_725_250, 0));
        date_with_one_digit_fraction: "2022-07-26T09:58:45.5+05:30" => Some((1_658_809_725_500, 19_800));
        date_with_nanoseconds: "2022-07-26T04:28:45.123456789Z" => Some((1_658_809_725_123, 0));
        date_without_seconds: "2022-07-26T04:28Z" => Some((1_658_809_680_000, 0));
        date_without_seconds_with_offset: "2022-07-26T09:58+0530" => Some((1_658_809_680_000, 19_800));
        date_with_blanks_around: " 2022-07-26T04:28:45Z\n" => Some((1_658_809_725_000, 0));
        date_on_a_leap_day: "2024-02-29T00:00:00Z" => Some((1_709_164_800_000, 0));
        date_with_the_largest_offset: "2022-07-26T09:58:45+23:59" => Some((1_658_743_185_000, 86_340));
        date_with_an_offset_of_a_day: "2022-07-26T09:58:45+24:00" => None;
        date_before_the_epoch: "1969-12-31T23:59:59.500Z" => Some((-500, 0));
        date_with_a_bare_point_is_malformed: "2022-07-26T04:28:45.Z" => None;
        date_with_a_fraction_of_words_is_malformed: "2022-07-26T04:28:45.1x5Z" => None;
        date_with_a_short_year_is_malformed: "22-07-26T04:28:45Z" => None;
        date_with_signed_parts_is_malformed: "2022-+7-26T04:28:45Z" => None;
        date_at_minute_60_is_malformed: "2022-07-26T04:60:00Z" => None;
        date_with_a_comma_fraction_is_malformed: "2022-07-26T04:28:45,5Z" => None;
        date_without_offset_is_malformed: "2022-07-26T09:58:45" => None;
        date_without_time_is_malformed: "2022-07-26" => None;
        date_on_no_leap_day_is_malformed: "2023-02-29T00:00:00Z" => None;
        date_in_month_13_is_malformed: "2022-13-01T00:00:00Z" => None;
        date_at_hour_25_is_malformed: "2022-07-26T25:00:00Z" => None;
        date_with_offset_of_a_day_is_malformed: "2022-07-26T09:58:45+24:00" => None;
        date_with_offset_of_hours_only_is_malformed: "2022-07-26T09:58:45+05" => None;
        date_with_signed_offset_minutes_is_malformed: "2022-07-26T09:58:45+05:-3" => None;
        date_with_text_behind_is_malformed: "2022-07-26T09:58:45+05:30 (IST)" => None;
        date_in_words_is_malformed: "next Tuesday" => None;
        date_with_a_wide_character_is_malformed: "2022-07-26T09:58:45+é5" => None;
        date_that_is_empty_is_malformed: "" => None;
    }

    #[test]
    fn a_date_is_written_as_zoho_writes_it() {
        for text in [
            "2022-07-26T09:58:45+05:30",
            "2022-07-26T04:28:45Z",
            "2022-07-26T09:58:45-00:30",
            "2022-07-26T04:28:45.250Z",
            "1969-12-31T23:59:59.500-03:30",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59+23:59",
        ] {
            assert_eq!(DateTime::parse(text).unwrap().written().as_deref(), Some(text));
        }
        for (millis, offset) in
            [(i64::MAX, 0), (i64::MIN, 0), (0, 90_000), (0, 30), (253_402_300_799_000, 60)]
        {
            let date = DateTime { at: Timestamp::from_millis(millis), offset };
            assert_eq!(date.written(), None, "{date:?}");
        }
    }

    #[test]
    fn a_date_that_is_printed_names_instant_and_offset() {
        let date = DateTime { at: Timestamp::from_millis(1_500), offset: -12_600 };
        assert_eq!(format!("{date:?}"), "DateTime(1500 ms, -12600 s)");
    }
}

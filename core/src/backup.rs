//! The document as Zoho sends it.
//!
//! Every field is optional for the reader, and a field that holds something unexpected is kept as it
//! came: *malformed* is not *absent*, and neither is ever taken for a value.

use crate::clock::Timestamp;
use crate::json::Json;
use std::fmt;
use time::{Date, Month, Time, UtcOffset};

/// The latest backup scheduled for a CRM account: what stands under `backup`.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// `id`: the scheduled job.
    pub id: Field<String>,
    /// `scheduled_date`: when the next backup is to take place; the only authority for the countdown.
    pub scheduled_date: Field<DateTime>,
    /// `start_date`: when the first backup takes place.
    pub start_date: Field<DateTime>,
    /// `rrule`: the recurrence rule as sent.
    pub rrule: Field<String>,
    /// `requester`: who scheduled the job.
    pub requester: Field<Requester>,
    /// `status`: what the job does or did.
    pub status: Field<Status>,
    sent: Json,
}

/// One field of the document.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<T> {
    /// Not there, or `null`.
    Absent,
    /// What was expected.
    Value(T),
    /// Something else, as sent.
    Malformed(Json),
}

/// The state of the job. An open set: Zoho's pages differ, and may grow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// `STOPPED`: there will be no further run.
    Stopped,
    /// `SCHEDULED`: waiting for its next run.
    Scheduled,
    /// `INPROGRESS`: running now.
    InProgress,
    /// `COMPLETED`: the last run succeeded.
    Completed,
    /// `FAILED`: the last run did not succeed.
    Failed,
    /// `PAYMENT_FAILED`: the last run was not paid for (an older page of Zoho's).
    PaymentFailed,
    /// `FINISHED`: the last run succeeded (an older page of Zoho's).
    Finished,
    /// Any other word, as sent.
    Other(String),
}

/// Who scheduled the job. Personal data: a proxy may leave it out.
#[derive(Clone, Debug, PartialEq)]
pub struct Requester {
    /// `id`: the record of the user.
    pub id: Field<String>,
    /// `name`: the user's full name.
    pub name: Field<String>,
    /// `zuid`: the user's id with Zoho.
    pub zuid: Field<String>,
}

/// A date and time of the document: the instant, and how it was written.
#[derive(Clone, PartialEq, Eq)]
pub struct DateTime {
    /// The instant meant.
    pub at: Timestamp,
    /// Seconds by which its writer's clock is ahead of UTC: the user's or the organisation's zone at that instant.
    pub offset: i32,
}

impl Backup {
    /// Reads the value under `backup`; `None` if that is no object.
    pub fn read(value: &Json) -> Option<Backup> {
        let Json::Object(_) = value else { return None };
        Some(Backup {
            id: Field::text(value.get("id")),
            scheduled_date: Field::date_time(value.get("scheduled_date")),
            start_date: Field::date_time(value.get("start_date")),
            rrule: Field::text(value.get("rrule")),
            requester: Field::read(value.get("requester"), Requester::read),
            status: Field::read(value.get("status"), |status| status.as_text().map(Status::read)),
            sent: value.clone(),
        })
    }

    /// The document with every key as it was sent, those unknown to this crate included.
    pub fn sent(&self) -> &Json {
        &self.sent
    }

    /// The key of the first field that is malformed, if one is.
    pub fn malformed_key(&self) -> Option<&'static str> {
        let requester = match &self.requester {
            Field::Malformed(_) => Some("requester"),
            Field::Value(requester) => requester.malformed_key(),
            Field::Absent => None,
        };
        let fields = [
            (self.status.is_malformed(), "status"),
            (self.scheduled_date.is_malformed(), "scheduled_date"),
            (self.rrule.is_malformed(), "rrule"),
            (self.start_date.is_malformed(), "start_date"),
            (self.id.is_malformed(), "id"),
        ];
        fields.into_iter().find_map(|(malformed, key)| malformed.then_some(key)).or(requester)
    }
}

impl Requester {
    fn read(value: &Json) -> Option<Requester> {
        let Json::Object(_) = value else { return None };
        Some(Requester {
            id: Field::text(value.get("id")),
            name: Field::text(value.get("name")),
            zuid: Field::text(value.get("zuid")),
        })
    }

    fn malformed_key(&self) -> Option<&'static str> {
        [(&self.name, "requester.name"), (&self.id, "requester.id"), (&self.zuid, "requester.zuid")]
            .into_iter()
            .find_map(|(field, key)| field.is_malformed().then_some(key))
    }
}

impl Status {
    /// Reads a status word, in any case.
    pub fn read(word: &str) -> Status {
        let known = [
            ("STOPPED", Status::Stopped),
            ("SCHEDULED", Status::Scheduled),
            ("INPROGRESS", Status::InProgress),
            ("COMPLETED", Status::Completed),
            ("FAILED", Status::Failed),
            ("PAYMENT_FAILED", Status::PaymentFailed),
            ("FINISHED", Status::Finished),
        ];
        known
            .into_iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word.trim()))
            .map_or_else(|| Status::Other(word.to_owned()), |(_, status)| status)
    }
}

impl<T> Field<T> {
    fn read(sent: Option<&Json>, read: impl FnOnce(&Json) -> Option<T>) -> Field<T> {
        match sent {
            None | Some(Json::Null) => Field::Absent,
            Some(value) => read(value).map_or_else(|| Field::Malformed(value.clone()), Field::Value),
        }
    }

    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Field::Value(value) => Some(value),
            _ => None,
        }
    }

    /// Whether it was not sent, or `null`.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// Whether something unexpected was sent.
    pub fn is_malformed(&self) -> bool {
        matches!(self, Field::Malformed(_))
    }
}

impl Field<String> {
    fn text(sent: Option<&Json>) -> Field<String> {
        Field::read(sent, |value| value.as_text().map(str::to_owned))
    }
}

impl Field<DateTime> {
    fn date_time(sent: Option<&Json>) -> Field<DateTime> {
        Field::read(sent, |value| DateTime::parse(value.as_text()?))
    }
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

    fn read(text: &str) -> Backup {
        Backup::read(&serde_json::from_str(text).unwrap()).unwrap()
    }

    fn text(value: &str) -> Field<String> {
        Field::Value(value.to_owned())
    }

    #[test]
    fn zohos_own_sample_is_read_whole() {
        let sample = r#"{"id":"4876876000001593003","scheduled_date":"2022-07-26T09:58:45+05:30",
            "start_date":"2022-07-12T12:30:00+05:30","rrule":"RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "requester":{"id":"4876876000000327001","name":"Patricia Boyle","zuid":"7534658674"},"status":"SCHEDULED"}"#;
        let backup = read(sample);
        assert_eq!(backup.id, text("4876876000001593003"));
        assert_eq!(backup.rrule, text("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"));
        assert_eq!(backup.status, Field::Value(Status::Scheduled));
        let (next, first) = (backup.scheduled_date.value().unwrap(), backup.start_date.value().unwrap());
        assert_eq!((next.at.as_millis(), next.offset), (1_658_809_725_000, 19_800));
        // 13 d 21:28:45 apart: the next run cannot be computed from the first and the rule.
        assert_eq!(next.at.since(first.at).as_secs(), 13 * 86_400 + 21 * 3_600 + 28 * 60 + 45);
        let requester = backup.requester.value().unwrap();
        assert_eq!(
            (&requester.name, &requester.id, &requester.zuid),
            (&text("Patricia Boyle"), &text("4876876000000327001"), &text("7534658674"))
        );
        assert_eq!(backup.sent(), &serde_json::from_str::<Json>(sample).unwrap());
        assert_eq!(backup.malformed_key(), None);
    }

    #[test]
    fn what_was_not_sent_or_null_is_absent() {
        for document in [
            "{}",
            r#"{"id":null,"scheduled_date":null,"start_date":null,"rrule":null,"requester":null,"status":null}"#,
        ] {
            let backup = read(document);
            assert!(
                backup.id.is_absent() && backup.scheduled_date.is_absent() && backup.start_date.is_absent()
            );
            assert!(backup.rrule.is_absent() && backup.requester.is_absent() && backup.status.is_absent());
            assert_eq!(backup.malformed_key(), None);
        }
    }

    #[test]
    fn what_is_unexpected_is_malformed_and_kept() {
        let cases = [
            ("id", "4876876000001593003", "id"),
            ("status", "7", "status"),
            ("status", "[]", "status"),
            ("scheduled_date", "1658809725", "scheduled_date"),
            ("scheduled_date", "\"next Tuesday\"", "scheduled_date"),
            ("start_date", "\"\"", "start_date"),
            ("rrule", "{}", "rrule"),
            ("requester", "\"Patricia Boyle\"", "requester"),
            ("requester", "{\"name\":1}", "requester.name"),
            ("requester", "{\"zuid\":7534658674}", "requester.zuid"),
        ];
        for (key, value, malformed) in cases {
            let backup = read(&format!("{{\"{key}\":{value}}}"));
            assert_eq!(backup.malformed_key(), Some(malformed), "{key}: {value}");
            assert_eq!(backup.sent().get(key), Some(&serde_json::from_str(value).unwrap()));
        }
        let date = Json::Text("next Tuesday".to_owned());
        assert_eq!(read(r#"{"scheduled_date":"next Tuesday"}"#).scheduled_date, Field::Malformed(date));
    }

    #[test]
    fn only_an_object_is_a_backup() {
        for text in ["null", "[]", "[{}]", "\"SCHEDULED\"", "1", "true"] {
            assert_eq!(Backup::read(&serde_json::from_str(text).unwrap()), None, "{text}");
        }
    }

    #[test]
    fn statuses_are_read_in_any_case_and_unknown_ones_kept() {
        let cases = [
            ("STOPPED", Status::Stopped),
            ("SCHEDULED", Status::Scheduled),
            ("Scheduled", Status::Scheduled),
            ("INPROGRESS", Status::InProgress),
            ("COMPLETED", Status::Completed),
            ("FAILED", Status::Failed),
            ("PAYMENT_FAILED", Status::PaymentFailed),
            ("FINISHED", Status::Finished),
            (" paused ", Status::Other(" paused ".to_owned())),
            ("", Status::Other(String::new())),
        ];
        for (word, status) in cases {
            assert_eq!(Status::read(word), status, "{word:?}");
        }
    }

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
}

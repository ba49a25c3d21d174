//! The backup document of a scenario, and its JSON at a given instant.

use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime, Time, UtcOffset};

/// The UTC offset of every date in the sandbox: India's, as in Zoho's sample.
const OFFSET: (i8, i8, i8) = (5, 30, 0);

/// In characters: longer than any text that the widget shows, and far below the 64 KiB that a reply may have.
const HOSTILE_LENGTH: usize = 10_000;

/// The value of one key in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The key is absent.
    Absent,
    /// JSON `null`.
    Null,
    /// This text.
    Text(&'static str),
    /// This number, where Zoho sends a text.
    Number(i64),
    /// The date this many seconds after now, as Zoho writes it: `2022-07-26T09:58:45+05:30`.
    Ahead(i64),
    /// The date this many seconds before now.
    Past(i64),
    /// The date this many seconds after now, in the format of other API versions: `2022-07-26T09:58:45.250+0530`.
    OddAhead(i64),
    /// The date this many seconds after the epoch, whatever the time is.
    On(i64),
    /// The rule for every second week on the weekday of `scheduled_date`.
    Fortnightly,
    /// Two weeks before the day of `scheduled_date`, at 12:30: another time of day, as in Zoho's sample.
    FortnightBefore,
    /// 10,000 characters of markup, control characters and direction overrides.
    Hostile,
}

/// The keys of Zoho's document that differ between scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// `status`: one of an open set of words.
    pub status: Field,
    /// `scheduled_date`: when the next backup takes place.
    pub scheduled_date: Field,
    /// `start_date`: when the first backup took place.
    pub start_date: Field,
    /// `rrule`: the recurrence rule.
    pub rrule: Field,
    /// `requester.name`: who scheduled the backup.
    pub requester: Field,
}

impl Document {
    /// The JSON of the whole reply at the instant `now`.
    ///
    /// # Example
    /// ```
    /// # use sandbox::document::{Document, Field};
    /// let now = time::OffsetDateTime::UNIX_EPOCH;
    /// let document = Document {
    ///     status: Field::Text("SCHEDULED"),
    ///     scheduled_date: Field::Ahead(60),
    ///     start_date: Field::Null,
    ///     rrule: Field::Absent,
    ///     requester: Field::Text("Patricia Boyle"),
    /// };
    /// let backup = &document.to_json(now)["backup"];
    /// assert_eq!(backup["scheduled_date"], "1970-01-01T05:31:00+05:30");
    /// assert!(backup["start_date"].is_null() && backup.get("rrule").is_none());
    /// ```
    #[must_use]
    pub fn to_json(&self, now: OffsetDateTime) -> Value {
        let next_run = self.next_run(now);
        let put = |object: &mut Map<String, Value>, key: &str, field: Field| {
            if let Some(value) = field.to_json(now, next_run) {
                object.insert(key.into(), value);
            }
        };
        let mut requester = Map::new();
        requester.insert("id".into(), json!("4876876000000327001"));
        requester.insert("zuid".into(), json!("7534658674"));
        put(&mut requester, "name", self.requester);

        let mut backup = Map::new();
        backup.insert("id".into(), json!("4876876000001593003"));
        put(&mut backup, "scheduled_date", self.scheduled_date);
        put(&mut backup, "start_date", self.start_date);
        put(&mut backup, "rrule", self.rrule);
        backup.insert("requester".into(), requester.into());
        put(&mut backup, "status", self.status);
        json!({ "backup": backup })
    }

    /// The instant of `scheduled_date`, or `now` if that is not a date.
    fn next_run(&self, now: OffsetDateTime) -> OffsetDateTime {
        let seconds = match self.scheduled_date {
            Field::Ahead(seconds) | Field::OddAhead(seconds) => seconds,
            Field::Past(seconds) => -seconds,
            Field::On(seconds) => seconds.saturating_sub(now.unix_timestamp()),
            _ => 0,
        };
        local_time(now, seconds)
    }
}

impl Field {
    /// The value as JSON; `None` when the key is absent.
    fn to_json(self, now: OffsetDateTime, next_run: OffsetDateTime) -> Option<Value> {
        Some(match self {
            Self::Absent => return None,
            Self::Null => Value::Null,
            Self::Text(text) => json!(text),
            Self::Number(number) => json!(number),
            Self::Ahead(seconds) => json!(format_date(local_time(now, seconds), "", ":")),
            Self::Past(seconds) => json!(format_date(local_time(now, -seconds), "", ":")),
            Self::On(seconds) => json!(format_date(local_time(OffsetDateTime::UNIX_EPOCH, seconds), "", ":")),
            Self::OddAhead(seconds) => json!(format_date(local_time(now, seconds), ".250", "")),
            Self::Fortnightly => {
                let day = &next_run.weekday().to_string()[..2].to_uppercase();
                json!(format!("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY={day}"))
            }
            Self::FortnightBefore => {
                let half_past_twelve = Time::from_hms(12, 30, 0).unwrap_or(Time::MIDNIGHT);
                let first = (next_run - Duration::days(14)).replace_time(half_past_twelve);
                json!(format_date(first, "", ":"))
            }
            Self::Hostile => json!(hostile_text()),
        })
    }
}

/// The local time of the organization, this many seconds after now.
fn local_time(now: OffsetDateTime, seconds: i64) -> OffsetDateTime {
    let (hours, minutes, offset_seconds) = OFFSET;
    // The offset is in range. No scenario reaches the year 9999, where the addition saturates.
    let offset = UtcOffset::from_hms(hours, minutes, offset_seconds).unwrap_or(UtcOffset::UTC);
    now.saturating_add(Duration::seconds(seconds)).to_offset(offset)
}

fn format_date(date: OffsetDateTime, fraction: &str, colon: &str) -> String {
    let (hours, minutes, _) = date.offset().as_hms();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}+{hours:02}{colon}{minutes:02}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        date.hour(),
        date.minute(),
        date.second(),
    )
}

/// 10,000 characters that a page must not interpret: markup, script, control characters, direction overrides.
#[must_use]
pub fn hostile_text() -> String {
    let attack = concat!(
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>",
        "</bdi></span>{{7*7}}\u{0}\u{7}\u{1b}[31m\u{7f}\u{85}\r\n\t",
        "\u{200e}\u{200f}\u{202a}\u{202b}\u{202d}\u{202e}\u{202c}\u{2066}\u{2067}\u{2068}\u{2069}",
        "gnilaes\u{feff} &amp; \u{1f4a5} ",
    );
    attack.chars().cycle().take(HOSTILE_LENGTH).collect()
}

//! The backup document as a scenario describes it, and as JSON at a given instant.

use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime, Time, UtcOffset};

/// The organisation's offset in every date of the sandbox: India, as in Zoho's sample.
const OFFSET: (i8, i8, i8) = (5, 30, 0);

/// Longer than any text a reader should show, far below the 64 KiB a reply may have.
const HOSTILE_LENGTH: usize = 10_000;

/// What stands in the document for one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The key is not there.
    Absent,
    /// JSON `null`.
    Null,
    /// This text.
    Text(&'static str),
    /// This number, where Zoho sends text.
    Number(i64),
    /// A date so many seconds after now, as Zoho writes it: `2022-07-26T09:58:45+05:30`.
    Ahead(i64),
    /// A date so many seconds before now.
    Past(i64),
    /// A date so many seconds after now in a form that other versions use: `2022-07-26T09:58:45.250+0530`.
    OddAhead(i64),
    /// Every second week on the day of `scheduled_date`.
    Fortnightly,
    /// A fortnight before the day of `scheduled_date`, at 12:30: as in Zoho's sample, another time of day.
    FortnightBefore,
    /// Markup, control characters and direction overrides, 10,000 characters of them.
    Hostile,
}

/// The keys of Zoho's document that differ between scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document {
    /// `status`, an open set of words.
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
    /// The reply's JSON at the instant `now`.
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
        let put =
            |object: &mut Map<String, Value>, key: &str, field| put(object, key, field, now, self.next(now));
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
}

impl Document {
    /// The instant of `scheduled_date`; now if that is none.
    fn next(&self, now: OffsetDateTime) -> OffsetDateTime {
        let seconds = match self.scheduled_date {
            Field::Ahead(seconds) | Field::OddAhead(seconds) => seconds,
            Field::Past(seconds) => -seconds,
            _ => 0,
        };
        there(now, seconds)
    }
}

fn put(object: &mut Map<String, Value>, key: &str, field: Field, now: OffsetDateTime, next: OffsetDateTime) {
    let value = match field {
        Field::Absent => return,
        Field::Null => Value::Null,
        Field::Text(text) => json!(text),
        Field::Number(number) => json!(number),
        Field::Ahead(seconds) => json!(written(there(now, seconds), "", ":")),
        Field::Past(seconds) => json!(written(there(now, -seconds), "", ":")),
        Field::OddAhead(seconds) => json!(written(there(now, seconds), ".250", "")),
        Field::Fortnightly => {
            let day = &next.weekday().to_string()[..2].to_uppercase();
            json!(format!("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY={day}"))
        }
        Field::FortnightBefore => {
            let half_past_twelve = Time::from_hms(12, 30, 0).unwrap_or(Time::MIDNIGHT);
            let first = (next - Duration::days(14)).replace_time(half_past_twelve);
            json!(written(first, "", ":"))
        }
        Field::Hostile => json!(hostile_text()),
    };
    object.insert(key.into(), value);
}

/// So many seconds after now, by the organisation's clock.
fn there(now: OffsetDateTime, seconds: i64) -> OffsetDateTime {
    let (hours, minutes, offset_seconds) = OFFSET;
    // The offset is in range, and a year-9999 clock is none of the sandbox's cases.
    let offset = UtcOffset::from_hms(hours, minutes, offset_seconds).unwrap_or(UtcOffset::UTC);
    now.saturating_add(Duration::seconds(seconds)).to_offset(offset)
}

fn written(date: OffsetDateTime, fraction: &str, colon: &str) -> String {
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

/// Everything that a careless page would act upon, over and over: 10,000 characters.
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

//! The backup document as a scenario describes it, and as JSON at a given instant.

use serde_json::{Map, Value, json};
use time::{Duration, OffsetDateTime, UtcOffset};

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
        let mut requester = Map::new();
        requester.insert("id".into(), json!("4876876000000327001"));
        requester.insert("zuid".into(), json!("7534658674"));
        put(&mut requester, "name", self.requester, now);

        let mut backup = Map::new();
        backup.insert("id".into(), json!("4876876000001593003"));
        put(&mut backup, "scheduled_date", self.scheduled_date, now);
        put(&mut backup, "start_date", self.start_date, now);
        put(&mut backup, "rrule", self.rrule, now);
        backup.insert("requester".into(), requester.into());
        put(&mut backup, "status", self.status, now);
        json!({ "backup": backup })
    }
}

fn put(object: &mut Map<String, Value>, key: &str, field: Field, now: OffsetDateTime) {
    let value = match field {
        Field::Absent => return,
        Field::Null => Value::Null,
        Field::Text(text) => json!(text),
        Field::Number(number) => json!(number),
        Field::Ahead(seconds) => json!(zoho_date(now, seconds, "", ":")),
        Field::Past(seconds) => json!(zoho_date(now, -seconds, "", ":")),
        Field::OddAhead(seconds) => json!(zoho_date(now, seconds, ".250", "")),
        Field::Hostile => json!(hostile_text()),
    };
    object.insert(key.into(), value);
}

fn zoho_date(now: OffsetDateTime, seconds: i64, fraction: &str, colon: &str) -> String {
    let (hours, minutes, offset_seconds) = OFFSET;
    // The offset is in range, and a year-9999 clock is none of the sandbox's cases.
    let offset = UtcOffset::from_hms(hours, minutes, offset_seconds).unwrap_or(UtcOffset::UTC);
    let date = now.saturating_add(Duration::seconds(seconds)).to_offset(offset);
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

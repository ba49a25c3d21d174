//! The document as Zoho sends it.
//!
//! Every field is optional for the reader, and a field that holds something unexpected is kept as it
//! came: *malformed* is not *absent*, and neither is ever taken for a value.

use crate::date_time::DateTime;
use crate::json::Json;

/// The fields that Zoho documents, in its order, without the requester: what a proxy may pass on.
pub const DOCUMENTED: [&str; 5] = ["id", "scheduled_date", "start_date", "rrule", "status"];

/// The fields of a requester that Zoho documents.
pub const DOCUMENTED_REQUESTER: [&str; 3] = ["id", "name", "zuid"];

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
}

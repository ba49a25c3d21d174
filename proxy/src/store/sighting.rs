//! What an answer said, as it is stored: the texts as Zoho sent them, from which core reads.

use zoho_backup_core::backup::{Backup, Status};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{Observation, Seen, WATCH_GAP};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;

/// What an answer said, without the requester.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sighting {
    /// Nothing was ever scheduled.
    Nothing,
    /// A backup, by the texts that were sent.
    Backup(Sent),
}

/// The texts of a backup document as sent; `None` for what is absent or no text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The status.
    pub status: Option<String>,
    /// When the next run is to take place.
    pub scheduled_date: Option<String>,
    /// The recurrence rule.
    pub rrule: Option<String>,
    /// The id of the scheduled job.
    pub job: Option<String>,
}

impl Sighting {
    /// What an answer said; `None`: nothing was ever scheduled.
    #[must_use]
    pub fn of(backup: Option<&Backup>) -> Sighting {
        let Some(backup) = backup else { return Sighting::Nothing };
        let text = |name| backup.sent().get(name).and_then(Json::as_text).map(str::to_owned);
        Sighting::Backup(Sent {
            status: text("status"),
            scheduled_date: text("scheduled_date"),
            rrule: text("rrule"),
            job: text("id"),
        })
    }

    /// The same as core reads it.
    #[must_use]
    pub fn seen(&self) -> Seen {
        match self {
            Sighting::Nothing => Seen::Nothing,
            Sighting::Backup(sent) => Seen::Backup {
                job: sent.job.clone(),
                status: sent.status.as_deref().map(Status::read),
                scheduled_date: sent.scheduled_date.as_deref().and_then(DateTime::parse),
                rrule: sent.rrule.clone(),
            },
        }
    }
}

/// When an answer was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAt {
    /// By Zoho's clock.
    pub zoho: Timestamp,
    /// By this machine's.
    pub machine: Timestamp,
}

impl ReadAt {
    /// The later of both instants, each by its clock: a clock that is set back makes nothing older.
    #[must_use]
    pub fn max(self, other: ReadAt) -> ReadAt {
        ReadAt { zoho: self.zoho.max(other.zoho), machine: self.machine.max(other.machine) }
    }
}

/// What answers said from the first to the last, without a change and without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What they said.
    pub sighting: Sighting,
    /// When the first was read.
    pub first: ReadAt,
    /// When the last was read.
    pub last: ReadAt,
}

impl Reading {
    /// One answer.
    #[must_use]
    pub fn new(sighting: Sighting, at: ReadAt) -> Reading {
        Reading { sighting, first: at, last: at }
    }

    /// The same as core takes it, by Zoho's clock.
    #[must_use]
    pub fn observation(&self) -> Observation {
        Observation { first: self.first.zoho, last: self.last.zoho, seen: self.sighting.seen() }
    }

    /// Takes over what is read next, if that says the same, and so soon that nothing can have happened between both unseen.
    /// Returns whether it does.
    pub fn extend(&mut self, next: &Reading) -> bool {
        let continues = self.sighting == next.sighting && next.first.zoho.since(self.last.zoho) <= WATCH_GAP;
        if continues {
            self.last = self.last.max(next.last);
        }
        continues
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn core_reads_the_same_from_the_texts_as_from_the_answer() {
        for text in [
            r#"{"id":"1","status":"SCHEDULED","scheduled_date":"2026-11-28T04:26:35+05:30","rrule":"FREQ=DAILY"}"#,
            r#"{"id":2,"status":" inprogress","scheduled_date":"soon","rrule":null}"#,
            r#"{"status":"ARCHIVED","scheduled_date":"2026-11-28T04:26Z","requester":{"name":"Patricia Boyle"}}"#,
            "{}",
        ] {
            let backup = Backup::read(&serde_json::from_str(text).unwrap()).unwrap();
            let sighting = Sighting::of(Some(&backup));
            assert_eq!(sighting.seen(), Seen::of(Some(&backup)), "{text}");
            assert!(!format!("{sighting:?}").contains("Patricia"), "never the requester");
        }
        assert_eq!(Sighting::of(None).seen(), Seen::of(None));
    }
}

//! What Zoho says of a backup at one instant.

use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;

use crate::document::{Document, Field};

/// The UTC offset of every date, in seconds.
pub const OFFSET: i32 = 19_800;

/// The recurrence rule of every timeline.
const RULE: &str = "RRULE:FREQ=DAILY;INTERVAL=1";

/// What Zoho answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A backup.
    Backup(Statement),
    /// Nothing is scheduled.
    Nothing,
    /// Nothing that can be read: Zoho is down.
    Down,
}

/// What Zoho says of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The status.
    pub status: &'static str,
    /// The date of the next run.
    pub next: Option<Timestamp>,
    /// The date of the first run.
    pub first: Timestamp,
}

impl Statement {
    /// The document that says it. `date` is the date that is written for an instant, and a rule may be left out.
    #[must_use]
    pub fn document(&self, date: impl Fn(Timestamp) -> DateTime, has_rule: bool) -> Document {
        let written = |at| Field::On(date(at).at.as_millis().div_euclid(1_000));
        Document {
            status: Field::Text(self.status),
            scheduled_date: self.next.map_or(Field::Null, written),
            start_date: written(self.first),
            rrule: if has_rule { Field::Text(RULE) } else { Field::Null },
            requester: Field::Text("Patricia Boyle"),
        }
    }
}

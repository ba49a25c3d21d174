//! What was seen of a backup, without its names.

use crate::backup::{Backup, Field, Status};
use crate::date_time::DateTime;
use crate::instant::Timestamp;

/// What the answers said from one instant to another without a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// When this was read first, by Zoho's clock.
    pub first: Timestamp,
    /// When it was read last. Between this and the next observation's first, nobody looked.
    pub last: Timestamp,
    /// What was read.
    pub seen: Seen,
}

/// What an answer said.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    /// Nothing was ever scheduled.
    Nothing,
    /// A backup.
    Backup {
        /// The id of the scheduled job. `None` if there is none that can be read.
        job: Option<String>,
        /// What the job does or did. `None` if there is none that can be read.
        status: Option<Status>,
        /// When its next run is to take place. `None` if there is none that can be read.
        scheduled_date: Option<DateTime>,
        /// The recurrence rule as sent.
        rrule: Option<String>,
    },
}

impl Seen {
    /// What an answer said; `None`: nothing was ever scheduled.
    pub fn of(backup: Option<&Backup>) -> Seen {
        let Some(backup) = backup else { return Seen::Nothing };
        Seen::Backup {
            job: value(&backup.id),
            status: value(&backup.status),
            scheduled_date: value(&backup.scheduled_date),
            rrule: value(&backup.rrule),
        }
    }
}

fn value<T: Clone>(field: &Field<T>) -> Option<T> {
    field.value().cloned()
}

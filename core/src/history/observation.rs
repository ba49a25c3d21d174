//! What was seen of a backup, without its names.

use crate::backup::{Backup, Field, Status};
use crate::date_time::DateTime;
use crate::instant::Timestamp;
use std::time::Duration;

/// For how long nobody may have looked before it counts as a gap: what happens in a gap is not known.
pub const WATCH_GAP: Duration = Duration::from_secs(15 * 60);

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

impl Observation {
    /// What is read for the first time.
    pub fn new(seen: Seen, at: Timestamp) -> Observation {
        Observation { first: at, last: at, seen }
    }

    /// Adds what is read next. The same, without a gap, prolongs this observation; anything else is returned as the
    /// observation that follows.
    pub fn extend(&mut self, seen: Seen, at: Timestamp) -> Option<Observation> {
        let next = Observation::new(seen, at);
        if !self.continues_with(&next) {
            return Some(next);
        }
        self.last = self.last.max(at);
        None
    }

    /// Whether another observation, which follows, says the same without a gap.
    pub(super) fn continues_with(&self, next: &Observation) -> bool {
        next.first.since(self.last) <= WATCH_GAP && self.seen.is_same(&next.seen)
    }
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

    /// Whether another answer says the same. One instant written at two offsets is one date.
    pub fn is_same(&self, other: &Seen) -> bool {
        match (self, other) {
            (Seen::Nothing, Seen::Nothing) => true,
            (
                Seen::Backup { job, status, scheduled_date, rrule },
                Seen::Backup { job: job2, status: status2, scheduled_date: date2, rrule: rrule2 },
            ) => {
                let instant = |date: &Option<DateTime>| date.as_ref().map(|date| date.at);
                (job, status, rrule) == (job2, status2, rrule2) && instant(scheduled_date) == instant(date2)
            }
            (Seen::Nothing, Seen::Backup { .. }) | (Seen::Backup { .. }, Seen::Nothing) => false,
        }
    }
}

fn value<T: Clone>(field: &Field<T>) -> Option<T> {
    field.value().cloned()
}

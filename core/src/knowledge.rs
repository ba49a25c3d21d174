//! What is known of one backup.

use crate::backup::{Backup, Field, Status};
use crate::clock::Clock;
use crate::clock_error::ClockError;
use crate::fault::Fault;
use crate::freshness::Freshness;
use crate::instant::Timestamp;
use crate::reply::{self, Body};
use std::sync::Arc;

/// The last good answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it said; `None`: nothing was ever scheduled.
    pub backup: Option<Arc<Backup>>,
    /// How fresh it is. `None`: the host supplied it, so that it is always current and never stale.
    pub freshness: Option<Freshness>,
    /// Of a backup that is running: when the last answer was read that said otherwise.
    pub not_running_at: Option<Timestamp>,
}

/// Everything that is known of one backup. Nothing, before the first reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// The last good answer, if there was one.
    pub answer: Option<Answer>,
    /// What went wrong since, if something did.
    pub fault: Option<Fault>,
    /// What is known of this computer's clock. All instants here and in verdicts are by the server's.
    pub clock: Clock,
}

impl Answer {
    /// Whether its source was read after another one.
    pub(crate) fn was_read_after(&self, other: Option<Freshness>) -> bool {
        self.freshness.zip(other).is_some_and(|(own, other)| own.source_at > other.source_at)
    }

    /// Since when the backup of this answer runs at the earliest: since its date, if that has passed, or else since the
    /// last answer that said otherwise. `None` where neither is known, or it is not running.
    pub fn runs_since(&self, now: Timestamp) -> Option<Timestamp> {
        let backup = self.backup.as_ref().filter(|_| self.is_running())?;
        let date = backup.scheduled_date.value().map(|date| date.at).filter(|at| *at <= now);
        date.or(self.not_running_at)
    }

    fn is_running(&self) -> bool {
        self.backup.as_ref().is_some_and(|backup| backup.status == Field::Value(Status::InProgress))
    }

    /// This answer after another one.
    pub(crate) fn following(self, before: Option<&Answer>) -> Answer {
        let not_running_at = before.and_then(|before| match before.is_running() {
            true => before.not_running_at,
            false => Some(before.freshness?.source_at),
        });
        Answer { not_running_at, ..self }
    }

    /// The same answer, where an older one has arrived meanwhile.
    pub(crate) fn arrived_again(&self, older: Option<Freshness>) -> Answer {
        let freshness = self.freshness.zip(older);
        let freshness = freshness.map(|(own, older)| Freshness { arrived_at: older.arrived_at, ..own });
        Answer { freshness, ..self.clone() }
    }
}

impl Knowledge {
    /// What is known from a document that the host supplied, when this computer's clock has been set back by so much:
    /// see [`SteadyClock::set_back`](crate::clock::SteadyClock::set_back).
    pub fn supplied(document: &Body, set_back: ClockError) -> Knowledge {
        let clock = Clock::default().after_silence(set_back);
        match reply::read_supplied(document) {
            Ok(backup) => {
                let answer = Answer { backup: backup.map(Arc::new), freshness: None, not_running_at: None };
                Knowledge { answer: Some(answer), fault: None, clock }
            }
            Err(fault) => Knowledge { answer: None, fault: Some(fault), clock },
        }
    }

    /// Whether there was no reply yet.
    pub fn is_empty(&self) -> bool {
        self.answer.is_none() && self.fault.is_none()
    }
}

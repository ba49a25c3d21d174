//! What is known of one backup.

use crate::backup::{Backup, Field, Status};
use crate::clock::Clock;
use crate::fault::Fault;
use crate::freshness::Freshness;
use crate::history::HistoryDocument;
use crate::instant::Timestamp;
use crate::reply::{self, Body, Details};
use std::sync::Arc;

/// The last good answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it said; `None`: nothing was ever scheduled.
    pub backup: Option<Arc<Backup>>,
    /// What became of past runs, if it said so.
    pub history: Option<Arc<HistoryDocument>>,
    /// How fresh it is. `None`: the host supplied it, so that it is always current and never stale.
    pub freshness: Option<Freshness>,
    /// Since when it is running at the earliest, if it is and that is known from answers.
    pub running_since: Option<Timestamp>,
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
    /// An answer that follows nothing. `None` as freshness: the host supplied it.
    pub fn new(details: Details, freshness: Option<Freshness>) -> Answer {
        let Details { backup, history } = details;
        let (backup, history) = (backup.map(Arc::new), history.map(Arc::new));
        Answer { backup, history, freshness, running_since: None }
    }

    /// Whether its source was read after another one.
    pub(crate) fn was_read_after(&self, other: Option<Freshness>) -> bool {
        self.freshness.zip(other).is_some_and(|(own, other)| own.source_at > other.source_at)
    }

    /// Since when the backup of this answer runs at the earliest, as far as that is known.
    pub fn runs_since(&self, now: Timestamp) -> Option<Timestamp> {
        // What the host supplies follows nothing.
        let date = self.date().filter(|_| self.is_running() && self.freshness.is_none());
        self.running_since.or(date).filter(|since| *since <= now)
    }

    fn date(&self) -> Option<Timestamp> {
        Some(self.backup.as_ref()?.scheduled_date.value()?.at)
    }

    fn is_running(&self) -> bool {
        self.backup.as_ref().is_some_and(|backup| backup.status == Field::Value(Status::InProgress))
    }

    /// This answer after another one. A run that is seen first has begun since its date, if that had passed, or since the
    /// answer that said otherwise, whichever is later. One that was running before still is, unless its date is another one.
    pub(crate) fn following(self, before: Option<&Answer>) -> Answer {
        let read_at = |answer: &Answer| Some(answer.freshness?.source_at);
        let date = self.date().filter(|date| read_at(&self).is_some_and(|at| *date <= at));
        let running_since = match before {
            Some(before) if before.is_running() && before.date() == self.date() => before.running_since,
            Some(before) if before.is_running() => date.max(before.running_since),
            before => date.max(before.and_then(read_at)),
        };
        Answer { running_since: running_since.filter(|_| self.is_running()), ..self }
    }

    /// The same answer, where an older one has arrived meanwhile.
    pub(crate) fn arrived_again(&self, older: Option<Freshness>) -> Answer {
        let freshness = self.freshness.zip(older);
        let freshness = freshness.map(|(own, older)| Freshness { arrived_at: older.arrived_at, ..own });
        Answer { freshness, ..self.clone() }
    }
}

impl Knowledge {
    /// What is known from a document that the host supplied. Nothing tells the time but this computer's clock.
    pub fn supplied(document: &Body) -> Knowledge {
        match reply::read_supplied(document) {
            Ok(details) => Knowledge { answer: Some(Answer::new(details, None)), ..Knowledge::default() },
            Err(fault) => Knowledge { fault: Some(fault), ..Knowledge::default() },
        }
    }

    /// Whether there was no reply yet.
    pub fn is_empty(&self) -> bool {
        self.answer.is_none() && self.fault.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_before_the_first_reply_nothing_is_known() {
        assert!(Knowledge::default().is_empty());
        for document in ["{}", "no document"] {
            let body = Body::read(document, |text| serde_json::from_str(text).ok());
            assert!(!Knowledge::supplied(&body).is_empty(), "{document}");
        }
    }
}

//! One observation of a backup, by what it says of runs.

use crate::backup::Status;
use crate::date_time::DateTime;
use crate::instant::Timestamp;

/// What a status says of runs.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Phase {
    Waiting,
    Running,
    Completed,
    Failed,
    Stopped,
    /// An unknown word, or nothing that can be read.
    Untold,
}

impl Phase {
    pub(super) fn of(status: Option<&Status>) -> Phase {
        match status {
            Some(Status::Scheduled) => Phase::Waiting,
            Some(Status::InProgress) => Phase::Running,
            Some(Status::Completed | Status::Finished) => Phase::Completed,
            Some(Status::Failed | Status::PaymentFailed) => Phase::Failed,
            Some(Status::Stopped) => Phase::Stopped,
            Some(Status::Other(_)) | None => Phase::Untold,
        }
    }

    /// Whether the job waits or has completed. Anything else may hide how a run goes that is due.
    pub(super) fn is_clear(self) -> bool {
        match self {
            Phase::Waiting | Phase::Completed => true,
            Phase::Running | Phase::Failed | Phase::Stopped | Phase::Untold => false,
        }
    }
}

/// One observation of a backup.
pub(super) struct Sight<'a> {
    pub(super) first: Timestamp,
    pub(super) last: Timestamp,
    pub(super) phase: Phase,
    pub(super) date: Option<&'a DateTime>,
    pub(super) rule: Option<&'a str>,
}

impl Sight<'_> {
    pub(super) fn instant(&self) -> Option<Timestamp> {
        self.date.map(|date| date.at)
    }

    pub(super) fn has_date(&self, due: &DateTime) -> bool {
        self.date.is_some_and(|date| date.at == due.at)
    }

    pub(super) fn has_other_date(&self, due: &DateTime) -> bool {
        self.date.is_some_and(|date| date.at != due.at)
    }
}

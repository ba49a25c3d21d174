//! A run of a backup, as far as it was seen.

use crate::date_time::DateTime;
use crate::instant::Timestamp;

/// A run, as far as it was seen. A job has at most one for each date on which one was due.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// The id of its job. `None` if none could be read, and in a [`History`](super::History).
    pub job: Option<String>,
    /// When it was due. `None` for one that no date announced, or that had ended before the watch began.
    pub due: Option<DateTime>,
    /// When it started, if that was seen.
    pub started: Option<Between>,
    /// When its outcome was seen.
    pub ended: Between,
    /// What became of it.
    pub outcome: Outcome,
}

/// An instant that was not seen itself: it is later than one look and not later than the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Between {
    /// The last look before it. `None` if nobody looked before.
    pub after: Option<Timestamp>,
    /// The first look after it.
    pub by: Timestamp,
}

named_enum! {
    /// What became of a run.
    pub enum Outcome {
        /// Zoho said that it has completed.
        Completed = "completed",
        /// Zoho said that it has failed, or that it was not paid for.
        Failed = "failed",
        /// The schedule was stopped before it took place, or before its end was seen.
        Stopped = "stopped",
        /// It ran, and Zoho waits for the next one. Or it was not seen to run, but its date moved on to the next one of its
        /// rule before it was overdue. No failure was seen, and none stood when it was due.
        Passed = "passed",
        /// Zoho still waited for it when it was overdue.
        Missed = "missed",
        /// It is not known. Nobody looked when it was due, or what was read then fits a run as well as a date that somebody
        /// moved, a further failure, or a run that did not start.
        NotWatched = "not-watched",
    }
}

impl Outcome {
    /// Whether the backup is as safe as it should be after such a run.
    pub fn is_good(self) -> bool {
        match self {
            Outcome::Completed | Outcome::Passed => true,
            Outcome::Failed | Outcome::Stopped | Outcome::Missed | Outcome::NotWatched => false,
        }
    }

    /// Whether somebody must be told.
    pub fn is_failure(self) -> bool {
        match self {
            Outcome::Failed | Outcome::Missed => true,
            Outcome::Completed | Outcome::Stopped | Outcome::Passed | Outcome::NotWatched => false,
        }
    }

    /// Whether it is known how the run went, so that it counts.
    pub fn is_known(self) -> bool {
        self.is_good() || self.is_failure()
    }

    /// Whether nothing that is seen later changes it.
    pub fn is_final(self) -> bool {
        match self {
            Outcome::Completed | Outcome::Failed => true,
            Outcome::Stopped | Outcome::Passed | Outcome::Missed | Outcome::NotWatched => false,
        }
    }

    /// Whether a run of which this is told may turn out to be another one, as more is seen.
    ///
    /// What Zoho said of a run stays. A missed run is one until it has run after all: that its date moves on, or that
    /// the schedule is stopped, does not undo it. What was not seen may become anything.
    pub fn may_become(self, later: Outcome) -> bool {
        match self {
            Outcome::Completed | Outcome::Failed => false,
            Outcome::Passed => later.is_final(),
            Outcome::Missed => later.is_final() || later == Outcome::Passed,
            Outcome::Stopped => later != Outcome::NotWatched,
            Outcome::NotWatched => true,
        }
    }
}

impl Run {
    /// The date that it goes by: the one on which it was due; without that, the one by which its outcome was seen.
    pub fn date(&self) -> DateTime {
        self.due.clone().unwrap_or(DateTime { at: self.ended.by, offset: 0 })
    }

    /// Where it stands among others: when it was due; without that, when it was seen to start; without that, to end.
    pub(super) fn place(&self) -> Timestamp {
        match (&self.due, &self.started) {
            (Some(due), _) => due.at,
            (None, Some(started)) => started.by,
            (None, None) => self.ended.by,
        }
    }
}

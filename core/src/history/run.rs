//! A run of a backup, as far as it was seen.

use crate::date_time::DateTime;
use crate::instant::Timestamp;

/// A run, as far as it was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// When it was planned. `None` for one that had ended before the watch began.
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
        /// The schedule was stopped before it took place.
        Stopped = "stopped",
        /// Its date moved on after it was due, and no failure was seen.
        Passed = "passed",
        /// Nothing had happened by the time at which a run is overdue.
        Missed = "missed",
        /// Nobody looked when it was due, and nothing that was seen later tells.
        NotWatched = "not-watched",
    }
}

//! The run that is ahead or due, and whether what is read later is its.

use crate::date_time::DateTime;
use crate::history::observation::WATCH_GAP;
use crate::history::run::Between;
use crate::history::sight::{Phase, Sight};
use crate::instant::Timestamp;
use std::time::Duration;

/// How long after its date a result may be a run's, if the date has moved on meanwhile. Rules are daily at the most
/// frequent, so that no other run of the same rule can have been due.
pub(super) const NO_OTHER_RUN_WITHIN: Duration = Duration::from_secs(20 * HOUR);

/// In seconds.
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;

/// The run that is ahead, or due and of which nothing was seen yet.
pub(super) struct Plan {
    pub(super) due: DateTime,
    pub(super) rule: Option<String>,
    /// When this date was read last.
    pub(super) read: Timestamp,
    /// When it was seen to start, if Zoho waits for it again since.
    pub(super) started: Option<Between>,
}

impl Plan {
    pub(super) fn is_due(&self, at: Timestamp) -> bool {
        self.due.at <= at
    }

    /// Since when nobody has looked at it, now that it is due: from here on a gap is one.
    pub(super) fn unseen_since(&self) -> Timestamp {
        self.read.max(self.due.at)
    }

    /// Whether nobody looked shortly before it was due, or from then until something else was read.
    pub(super) fn is_unwatched(&self, until: Timestamp) -> bool {
        self.due.at.since(self.read) > WATCH_GAP || until.since(self.unseen_since()) > WATCH_GAP
    }

    /// Whether a change that is read now is this run's. `before` is what was read last. After a gap it is, if it comes
    /// within some time, and the date has moved on by whole days: otherwise the schedule may have been moved, and another
    /// run have been due.
    pub(super) fn explains(&self, sight: &Sight<'_>, before: Phase, within: Duration) -> bool {
        let is_same_rule = match (self.rule.as_deref(), sight.rule) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        };
        let may_have_run = match before {
            Phase::Waiting | Phase::Running | Phase::Completed => true,
            // There may have been a second attempt before it was due.
            Phase::Failed => self.due.at.since(self.read) <= WATCH_GAP,
            // It takes a new schedule to run again.
            Phase::Stopped => false,
            // Nor is it known whether the schedule went on.
            Phase::Untold => sight.has_date(&self.due),
        };
        let is_seen = !self.is_unwatched(sight.first);
        // While nobody looked, the next run may have followed one that was overdue for long.
        let is_other_ahead = sight.first.since(self.due.at) <= NO_OTHER_RUN_WITHIN;
        let is_in_time = is_other_ahead && sight.first.since(self.unseen_since()) <= within;
        let is_in_rhythm = sight.date.is_none_or(|date| is_whole_days(self.due.at, date.at));
        let is_only_run = is_same_rule && (is_seen || (is_in_time && is_in_rhythm));
        may_have_run && (is_only_run || sight.has_date(&self.due))
    }
}

/// Whether one instant is some days after another one at the same time of day, also where clocks were changed by an hour.
fn is_whole_days(from: Timestamp, to: Timestamp) -> bool {
    let beyond = to.since(from).as_secs() % DAY;
    from < to && [0, HOUR, DAY - HOUR].contains(&beyond)
}

//! The run that is ahead or due, and whether what is read later is its.

use crate::date_time::DateTime;
use crate::history::observation::WATCH_GAP;
use crate::history::run::Between;
use crate::history::sight::{Phase, Sight};
use crate::instant::Timestamp;
use crate::recurrence::{self, Rule};
use std::time::Duration;

/// How long after its date a result may be a run's, if the date has moved on meanwhile. Rules are daily at the most
/// frequent, so that no other run of the same rule can have been due, even where clocks were changed.
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
    /// Whether all that was read from the last look before it was due on is that the job waits or has completed. While
    /// FAILED stands, a further failure would look the same.
    is_clear: bool,
}

impl Plan {
    /// A date that is read for the first time.
    pub(super) fn new(due: DateTime, sight: &Sight<'_>) -> Plan {
        let is_clear = sight.phase.is_clear() && sight.first <= due.at;
        let rule = sight.rule.map(str::to_owned);
        Plan { due, rule, read: sight.last, started: None, is_clear }
    }

    /// A run that was seen to start, and for which Zoho waits again.
    pub(super) fn waiting_again(due: DateTime, started: Between, sight: &Sight<'_>) -> Plan {
        Plan { started: Some(started), is_clear: true, ..Plan::new(due, sight) }
    }

    /// Its date is read again.
    pub(super) fn read_again(&mut self, sight: &Sight<'_>) {
        self.note_phase(sight);
        // Who changes the rule when the run is due may move the date, too.
        if !self.is_due(sight.first) {
            self.rule = sight.rule.map(str::to_owned).or(self.rule.take());
        }
        self.read = sight.last;
    }

    /// Something is read while its date still stands, or without a date.
    pub(super) fn note_phase(&mut self, sight: &Sight<'_>) {
        // Before it is due, the last word counts.
        let was_clear = sight.first <= self.due.at || (self.is_clear && !self.is_unwatched(sight.first));
        self.is_clear = was_clear && sight.phase.is_clear();
    }

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

    /// Whether the run has passed, now that another date is read. If it was not seen to start, the date must be the next
    /// one of its rule and come in time: otherwise somebody may have moved a run that did not start.
    pub(super) fn has_passed(&self, sight: &Sight<'_>, overdue_after: Duration) -> bool {
        let is_watched = self.is_clear && sight.phase.is_clear() && !self.is_unwatched(sight.first);
        // Half a gap on either side of its date is one, too.
        let is_gap = sight.first.since(self.read) > WATCH_GAP;
        let is_in_time = || sight.first.since(self.due.at) <= overdue_after && self.is_followed(sight);
        is_watched
            && is_later_run(self.due.at, sight)
            && (self.started.is_some() || (!is_gap && is_in_time()))
    }

    /// Whether the date that is read now may be the next one of the same rule. Without a rule there is no next one, so that
    /// somebody has moved it.
    fn is_followed(&self, sight: &Sight<'_>) -> bool {
        let Some(rule) = self.rule.as_deref() else { return false };
        // One that is not understood may have any day.
        let rule = Rule::parse(rule);
        let may_follow = |date| {
            let may_follow = |rule| recurrence::may_follow(rule, date, &self.due);
            rule.as_ref().is_none_or(may_follow)
        };
        self.has_same_rule(sight) && sight.date.is_some_and(may_follow)
    }

    fn has_same_rule(&self, sight: &Sight<'_>) -> bool {
        match (self.rule.as_deref(), sight.rule) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        }
    }

    /// Whether a change that is read now is this run's. `before` is what was read last. After a gap it is, if it comes
    /// within some time, and the date has moved on by whole days: otherwise the schedule may have been moved, and another
    /// run have been due.
    pub(super) fn explains(&self, sight: &Sight<'_>, before: Phase, within: Duration) -> bool {
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
        let is_only_run = self.has_same_rule(sight) && (is_seen || (is_in_time && is_in_rhythm));
        may_have_run && (is_only_run || sight.has_date(&self.due))
    }
}

/// Whether the date that is read is late enough to be another run's than the one of `due`, and not a further attempt.
pub(super) fn is_later_run(due: Timestamp, sight: &Sight<'_>) -> bool {
    sight.instant().is_some_and(|date| date.since(due) >= NO_OTHER_RUN_WITHIN)
}

/// Whether one instant is some days after another one at the same time of day, also where clocks were changed by an hour.
fn is_whole_days(from: Timestamp, to: Timestamp) -> bool {
    let beyond = to.since(from).as_secs() % DAY;
    from < to && [0, HOUR, DAY - HOUR].contains(&beyond)
}

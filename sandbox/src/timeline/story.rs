//! The course of a backup, told in the words of the field.

use std::time::Duration;

use zoho_backup_core::history::Outcome;
use zoho_backup_core::instant::Timestamp;

use crate::timeline::course::{Timeline, TrueRun};
use crate::timeline::said::{Said, Statement};

/// 2026-10-01T00:00:00+05:30. Any other midnight would do, as no reader sees it.
const START: Timestamp = Timestamp::from_millis(1_790_793_000_000);

const DAY: Duration = Duration::from_hours(24);
/// How long after its date a run starts.
const DELAY: Duration = Duration::from_secs(40);
/// How long a run takes.
const RUN: Duration = Duration::from_mins(25);
/// How long after its date Zoho gives a missed run up.
const GIVEN_UP_AFTER: Duration = Duration::from_hours(3);
/// How long after a result an administrator acts.
const LATER: Duration = Duration::from_hours(5);
/// How long after the date of a run that does not start an administrator moves it.
const MOVED_AFTER: Duration = Duration::from_mins(20);
/// How long before its date an administrator moves a run just in time, between two looks of a gateway.
const MOVED_BEFORE: Duration = Duration::from_secs(30);
/// How long before a run nothing else changes any more. A stop would look as if the run had been.
const CALM: Duration = Duration::from_mins(10);
/// For how long Zoho shows a result before it says SCHEDULED again.
const RESULT_SHOWN: Duration = Duration::from_hours(1);

/// A backup that runs every day. Each sentence begins where the one before has ended.
///
/// Zoho says SCHEDULED, INPROGRESS from 40 seconds after the date on, the result for an hour, then SCHEDULED again. Its
/// date moves on when the run has ended.
#[derive(Clone, Debug)]
#[must_use = "a story becomes a timeline with `ends_after` or `is_running_for`"]
pub struct Story {
    timeline: Timeline,
    /// Where the next sentence begins.
    at: Timestamp,
    first: Timestamp,
    next: Timestamp,
    /// For how long Zoho shows a result. `None`: until the next run.
    shown: Option<Duration>,
}

impl Story {
    /// A backup that runs every day at this time of day in the organization, for the first time on the first day.
    pub fn daily_at(hour: u8, minute: u8) -> Self {
        let next = START.after(Duration::from_mins(60 * u64::from(hour) + u64::from(minute)));
        let timeline = Timeline {
            start: START,
            end: START,
            said: Vec::new(),
            down: Vec::new(),
            unwatched: Vec::new(),
            runs: Vec::new(),
        };
        Self { timeline, at: START, first: next, next, shown: Some(RESULT_SHOWN) }
            .says("SCHEDULED", Some(next))
    }

    /// From here on Zoho shows a result for that long. Less than 15 minutes, and a watch may not see a failure.
    pub fn results_are_shown_for(self, time: Duration) -> Self {
        Self { shown: Some(time), ..self }
    }

    /// From here on Zoho shows a result until the next run starts.
    pub fn results_are_shown_until_the_next_run(self) -> Self {
        Self { shown: None, ..self }
    }

    /// So many runs complete.
    pub fn completes(self, runs: u32) -> Self {
        (0..runs).fold(self, |story, _| story.runs("COMPLETED", Outcome::Completed, RUN))
    }

    /// So many runs take place, after which Zoho waits for the next one without a word of how they went.
    pub fn passes(self, runs: u32) -> Self {
        (0..runs).fold(self, |story, _| story.runs("SCHEDULED", Outcome::Passed, RUN))
    }

    /// A run takes that long, less than a day, and completes.
    pub fn completes_in(self, time: Duration) -> Self {
        self.runs("COMPLETED", Outcome::Completed, time)
    }

    /// A run fails.
    pub fn fails(self) -> Self {
        self.runs("FAILED", Outcome::Failed, RUN)
    }

    /// A run fails before a gateway sees it. For that long Zoho says FAILED and still has its date, then it waits for the
    /// next one. If the last run failed, too, and Zoho still says so, nothing shows that there was another run.
    pub fn fails_at_once(mut self, shown: Duration) -> Self {
        let due = self.next;
        self.at = due.after(DELAY);
        self.ended(Outcome::Failed);
        self = self.says("FAILED", Some(due));
        self.at = self.at.after(shown);
        let next = Some(self.next);
        self.says("SCHEDULED", next)
    }

    /// A run takes place before a gateway sees it. Zoho waits for the next one without a word of how it went.
    pub fn passes_at_once(mut self) -> Self {
        self.at = self.next.after(DELAY);
        self.ended(Outcome::Passed);
        let next = Some(self.next);
        self.says("SCHEDULED", next)
    }

    /// A run does not start. Zoho says SCHEDULED when it is due, and three hours later waits for the next one.
    pub fn is_missed(self) -> Self {
        self.is_missed_for(GIVEN_UP_AFTER)
    }

    /// A run does not start. Zoho says SCHEDULED when it is due, and that much later, less than a day, waits for the next
    /// one.
    pub fn is_missed_for(mut self, time: Duration) -> Self {
        let due = self.next;
        self.at = due;
        self = self.says("SCHEDULED", Some(due));
        self.at = due.after(time);
        self.ended(Outcome::Missed);
        let next = Some(self.next);
        self.says("SCHEDULED", next)
    }

    /// A run does not start. Zoho says what it said before, and that long after its date, less than a day, it waits for the
    /// next one.
    pub fn is_missed_unsaid(mut self, time: Duration) -> Self {
        self.at = self.next.after(time);
        self.ended(Outcome::Missed);
        let next = Some(self.next);
        self.says("SCHEDULED", next)
    }

    /// Somebody stops the schedule, and resumes it after that long. While it is stopped there is no date.
    pub fn is_stopped_for(mut self, time: Duration) -> Self {
        self.at = self.later();
        self = self.says("STOPPED", None);
        let resumed = self.at.after(time);
        while self.next <= resumed.after(CALM) {
            self.at = self.next;
            self.ended(Outcome::Stopped);
        }
        self.at = resumed;
        let next = Some(self.next);
        self.says("SCHEDULED", next)
    }

    /// Somebody moves the next run, and all that follow, to that much later.
    pub fn is_moved_by(self, time: Duration) -> Self {
        let at = self.later();
        self.moved_at(at, time)
    }

    /// Half a minute before it is due, somebody moves the next run, and all that follow, to that much later.
    pub fn is_moved_in_time_by(self, time: Duration) -> Self {
        let at = self.next.before(MOVED_BEFORE);
        self.moved_at(at, time)
    }

    /// A run does not start, and 20 minutes after its date somebody moves it, and all that follow, to that much later.
    pub fn is_moved_late_by(self, time: Duration) -> Self {
        let at = self.next.after(MOVED_AFTER);
        self.moved_at(at, time)
    }

    fn moved_at(mut self, at: Timestamp, time: Duration) -> Self {
        self.at = at;
        self.next = self.next.after(time);
        let next = Some(self.next);
        self.says("SCHEDULED", next)
    }

    /// Somebody deletes the schedule.
    pub fn is_deleted(mut self) -> Self {
        self.at = self.later();
        self.timeline.said.push((self.at, Said::Nothing));
        self
    }

    /// Zoho will be down, that long from here, for that long. What is told next happens meanwhile.
    pub fn zoho_is_down(mut self, from_here: Duration, time: Duration) -> Self {
        let from = self.at.after(from_here);
        self.timeline.down.push(from..from.after(time));
        self
    }

    /// The gateway will not run, that long from here, for that long. What is told next happens meanwhile.
    pub fn is_not_watched(mut self, from_here: Duration, time: Duration) -> Self {
        let from = self.at.after(from_here);
        self.timeline.unwatched.push(from..from.after(time));
        self
    }

    /// The timeline ends that long from here.
    #[must_use]
    pub fn ends_after(self, time: Duration) -> Timeline {
        Timeline { end: self.at.after(time), ..self.timeline }
    }

    /// The timeline ends that long after the start of a further run, which is still under way.
    #[must_use]
    pub fn is_running_for(mut self, time: Duration) -> Timeline {
        self.at = self.next.after(DELAY);
        let next = Some(self.next);
        self.says("INPROGRESS", next).ends_after(time)
    }

    fn runs(mut self, result: &'static str, outcome: Outcome, time: Duration) -> Self {
        let due = self.next;
        self.at = due.after(DELAY);
        self = self.says("INPROGRESS", Some(due));
        self.at = self.at.after(time);
        self.ended(outcome);
        let next = Some(self.next);
        self = self.says(result, next);
        let calm_from = self.next.before(CALM);
        let shown_until = self.shown.map(|shown| self.at.after(shown)).filter(|until| *until < calm_from);
        match shown_until {
            Some(until) => {
                self.at = until;
                self.says("SCHEDULED", next)
            }
            None => self,
        }
    }

    /// When somebody acts.
    fn later(&self) -> Timestamp {
        self.at.after(LATER).min(self.next.before(CALM)).max(self.at)
    }

    /// The run that was due is over, and the next one is ahead.
    fn ended(&mut self, outcome: Outcome) {
        self.timeline.runs.push(TrueRun { due: self.next, ended: self.at, outcome });
        self.next = self.next.after(DAY);
    }

    fn says(mut self, status: &'static str, next: Option<Timestamp>) -> Self {
        let statement = Statement { status, next, first: self.first };
        self.timeline.said.push((self.at, Said::Backup(statement)));
        self
    }
}

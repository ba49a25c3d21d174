//! Observations → runs.
//!
//! A run is told by what *changes*: a status that stands while a date passes says nothing of that date. So COMPLETED and
//! FAILED count once, until the job was seen waiting or running again. A failure that stands when a run is due may be that
//! run's, so only the run after it can pass.

use crate::date_time::DateTime;
use crate::freshness::just_beyond;
use crate::history::ledger::Ledger;
use crate::history::observation::{Observation, Seen, WATCH_GAP};
use crate::history::plan::{NO_OTHER_RUN_WITHIN, Plan, is_later_run};
use crate::history::run::{Between, Outcome, Run};
use crate::history::sight::{Phase, Sight};
use crate::instant::Timestamp;
use std::time::Duration;

/// The runs that follow from observations in the order in which they were made, the oldest first.
///
/// More observations, a later `now`, or both, change of the runs that were told before:
/// - *completed* and *failed*: nothing;
/// - *passed*: it may turn out to be completed or failed;
/// - *missed*: it may complete, fail or pass after all, if it was seen to run;
/// - *stopped*: it may become anything but not watched;
/// - *not watched*: it may become anything. If nobody has looked since, it may also be gone again, as a run that is
///   still awaited, was rescheduled, or is under way.
///
/// Where an observation begins before the end of one before it, it counts from there: time never goes back.
pub fn runs(observations: &[Observation], now: Timestamp, overdue_after: Duration) -> Vec<Run> {
    let mut watch = Watch::new(overdue_after);
    let mut rest = observations.iter().peekable();
    while let Some(first) = rest.next() {
        let mut row = first.clone();
        while let Some(next) = rest.next_if(|next| row.continues_with(next)) {
            row.last = row.last.max(next.first).max(next.last);
        }
        watch.read(&row);
    }
    watch.finish(now)
}

/// A run that was seen to start.
struct Open {
    due: Option<DateTime>,
    started: Between,
    /// Whether nobody looked for a while since: it may have failed there, and have been tried again.
    is_hidden: bool,
}

/// What is known after some observations.
struct Watch {
    ledger: Ledger,
    overdue_after: Duration,
    job: Option<String>,
    phase: Phase,
    plan: Option<Plan>,
    open: Option<Open>,
    /// The result that Zoho has told, until the job was seen waiting or running again.
    result: Option<Outcome>,
    /// When the job was seen to be stopped, if it is.
    stopped: Option<Between>,
    /// The number of the last run of this job.
    latest: Option<usize>,
    /// The date that was read last.
    date: Option<Timestamp>,
    /// When this job was looked at last.
    looked: Option<Timestamp>,
    /// The end of the last observation.
    clock: Timestamp,
}

impl Watch {
    fn new(overdue_after: Duration) -> Watch {
        Watch {
            ledger: Ledger::default(),
            overdue_after,
            job: None,
            phase: Phase::Untold,
            plan: None,
            open: None,
            result: None,
            stopped: None,
            latest: None,
            date: None,
            looked: None,
            clock: Timestamp::from_millis(i64::MIN),
        }
    }

    fn read(&mut self, row: &Observation) {
        let first = row.first.max(self.clock);
        let last = row.last.max(first);
        match &row.seen {
            Seen::Nothing => {
                self.withdraw(first);
                self.phase = Phase::Untold;
            }
            Seen::Backup { job, status, scheduled_date, rrule } => {
                if job.is_some() && *job != self.job {
                    self.change_job(job, first);
                }
                let (date, rule) = (scheduled_date.as_ref(), rrule.as_deref());
                let phase = Phase::of(status.as_ref());
                let sight = Sight { first, last, phase, date, rule };
                self.follow(&sight);
                (self.phase, self.date) = (sight.phase, sight.instant());
            }
        }
        (self.looked, self.clock) = (Some(last), last);
    }

    /// Another job replaces what was planned, and its results are its own.
    fn change_job(&mut self, job: &Option<String>, at: Timestamp) {
        if self.job.is_some() {
            self.withdraw(at);
            (self.phase, self.result, self.latest, self.looked) = (Phase::Untold, None, None, None);
        }
        self.job.clone_from(job);
    }

    /// The schedule is gone. What was still ahead is no run.
    fn withdraw(&mut self, at: Timestamp) {
        let ended = self.between(at);
        if let Some(open) = self.open.take() {
            self.conclude(open.due, Some(open.started), ended, Outcome::NotWatched);
        }
        if let Some(plan) = self.plan.take_if(|plan| plan.is_due(at)) {
            self.conclude(Some(plan.due), plan.started, ended, Outcome::NotWatched);
        }
        (self.plan, self.stopped) = (None, None);
    }

    fn follow(&mut self, sight: &Sight<'_>) {
        self.stopped = match sight.phase {
            Phase::Stopped => self.stopped.or(Some(self.between(sight.first))),
            _ => None,
        };
        let is_after_gap = self.is_after_gap(sight);
        if let Some(open) = &mut self.open {
            open.is_hidden |= is_after_gap;
        }
        match sight.phase {
            Phase::Running => self.run(sight),
            Phase::Completed => self.result(sight, Outcome::Completed),
            Phase::Failed => self.result(sight, Outcome::Failed),
            Phase::Waiting => self.wait(sight),
            Phase::Stopped => self.stop(sight),
            Phase::Untold if self.may_hide_a_run(sight) => self.close(sight, Outcome::NotWatched),
            // What runs may still do so.
            Phase::Untold => {}
        }
        self.leave_plan(sight);
        self.keep_plan(sight);
        self.judge_due(sight);
    }

    /// INPROGRESS.
    fn run(&mut self, sight: &Sight<'_>) {
        self.result = None;
        if self.open.is_none() {
            self.open = Some(self.begin(sight));
        } else if self.may_hide_a_run(sight) || (self.is_after_gap(sight) && self.date != sight.instant()) {
            self.close(sight, Outcome::NotWatched);
            self.open = Some(Open { due: None, started: self.between(sight.first), is_hidden: false });
        }
        if let Some(Open { due: Some(due), started, .. }) = &self.open {
            self.ledger.start(&self.job, due, *started);
        }
    }

    /// The run that starts: the one that is due. The date that Zoho gives may be of the next one, and have passed since, so
    /// that a run of which nothing else was seen has no date.
    fn begin(&mut self, sight: &Sight<'_>) -> Open {
        let started = self.between(sight.first);
        match self.plan.take_if(|plan| plan.is_due(sight.first)) {
            Some(plan) if plan.explains(sight, self.phase, self.overdue_after) => {
                let started = plan.started.unwrap_or(started);
                Open { due: Some(plan.due), started, is_hidden: false }
            }
            Some(plan) => {
                self.conclude(Some(plan.due), plan.started, started, Outcome::NotWatched);
                Open { due: None, started, is_hidden: false }
            }
            // The date may move on before the run starts.
            None => Open { due: self.latest_due(sight), started, is_hidden: false },
        }
    }

    /// The date of the latest run, if it is not overdue yet and was not seen to start.
    fn latest_due(&self, sight: &Sight<'_>) -> Option<DateTime> {
        let run = self.ledger.get(self.latest_untold(sight)?)?;
        let due = run.due.clone().filter(|_| run.started.is_none())?;
        (sight.first.since(due.at) <= self.overdue_after).then_some(due)
    }

    /// COMPLETED or FAILED.
    fn result(&mut self, sight: &Sight<'_>, outcome: Outcome) {
        let is_new = self.result != Some(outcome);
        self.result = Some(outcome);
        if self.open.is_some() {
            if !self.may_hide_a_run(sight) {
                return self.close(sight, outcome);
            }
            self.close(sight, Outcome::NotWatched);
            return self.conclude(None, None, self.between(sight.first), outcome);
        }
        if !is_new {
            return;
        }
        let ended = self.between(sight.first);
        match self.plan.take_if(|plan| plan.is_due(sight.first)) {
            Some(plan) if plan.explains(sight, self.phase, NO_OTHER_RUN_WITHIN) => {
                return self.conclude(Some(plan.due), plan.started, ended, outcome);
            }
            Some(plan) => self.conclude(Some(plan.due), plan.started, ended, Outcome::NotWatched),
            None => {
                if let Some(number) = self.latest_untold(sight) {
                    return self.ledger.revise(number, None, ended, outcome);
                }
            }
        }
        self.conclude(None, None, ended, outcome);
    }

    /// The latest run, if this may be what becomes of it: nothing else can have been due.
    fn latest_untold(&self, sight: &Sight<'_>) -> Option<usize> {
        let is_moved = self.plan.as_ref().is_some_and(|plan| sight.has_other_date(&plan.due));
        let went_on = !matches!(self.phase, Phase::Stopped | Phase::Untold) && !self.is_after_gap(sight);
        let number = self.latest.filter(|_| went_on && !is_moved)?;
        let run = self.ledger.get(number)?;
        matches!(run.outcome, Outcome::Passed | Outcome::Missed).then_some(())?;
        (sight.first.since(run.place()) <= NO_OTHER_RUN_WITHIN).then_some(number)
    }

    /// SCHEDULED.
    fn wait(&mut self, sight: &Sight<'_>) {
        self.result = None;
        let Some(open) = &self.open else { return };
        // Not before its date moves on is it over.
        if let Some(due) = open.due.clone().filter(|due| !sight.has_other_date(due)) {
            self.plan = Some(Plan::waiting_again(due, open.started, sight));
            self.open = None;
            return;
        }
        // Otherwise Zoho may wait to try the same run again.
        let is_for_another = match (&open.due, self.date) {
            (Some(due), _) => is_later_run(due.at, sight),
            (None, Some(date)) if sight.instant() != Some(date) => is_later_run(date, sight),
            (None, _) => sight.instant().is_some_and(|date| date > sight.first),
        };
        self.close(sight, if is_for_another { Outcome::Passed } else { Outcome::NotWatched });
    }

    /// STOPPED.
    fn stop(&mut self, sight: &Sight<'_>) {
        self.close(sight, Outcome::Stopped);
        if sight.date.is_some() {
            return;
        }
        let Some(plan) = self.plan.take_if(|plan| plan.is_due(sight.first)) else { return };
        // What was ahead when it stopped has no date any more.
        let is_unknown = self.phase != Phase::Stopped && plan.is_unwatched(sight.first);
        let outcome = if is_unknown { Outcome::NotWatched } else { Outcome::Stopped };
        let ended = self.stopped.unwrap_or(self.between(sight.first));
        self.conclude(Some(plan.due), plan.started, ended, outcome);
    }

    /// Ends the run that is under way. Nothing but a result tells how it went if nobody looked for a while.
    fn close(&mut self, sight: &Sight<'_>, outcome: Outcome) {
        let Some(open) = self.open.take() else { return };
        let outcome = if open.is_hidden && !outcome.is_final() { Outcome::NotWatched } else { outcome };
        self.conclude(open.due, Some(open.started), self.between(sight.first), outcome);
    }

    /// Whether nobody looked for a while before.
    fn is_after_gap(&self, sight: &Sight<'_>) -> bool {
        self.looked.is_some_and(|looked| sight.first.since(looked) > WATCH_GAP)
    }

    /// Whether the run that was under way may have ended in a gap, and another one have begun.
    fn may_hide_a_run(&self, sight: &Sight<'_>) -> bool {
        let is_long = self.looked.is_some_and(|looked| sight.first.since(looked) > NO_OTHER_RUN_WITHIN);
        let is_due = |plan: &Plan| plan.due.at > plan.read && plan.is_due(sight.first);
        is_long || (self.is_after_gap(sight) && self.plan.as_ref().is_some_and(is_due))
    }

    /// The date of a plan that is due has moved. Before that, it is a reschedule.
    fn leave_plan(&mut self, sight: &Sight<'_>) {
        let has_left = |plan: &mut Plan| plan.is_due(sight.first) && sight.has_other_date(&plan.due);
        let Some(plan) = self.plan.take_if(has_left) else { return };
        let is_earlier = sight.date.is_some_and(|date| date.at < plan.due.at);
        if is_earlier && plan.read < plan.due.at {
            return;
        }
        let is_stopped = self.phase == Phase::Stopped || sight.phase == Phase::Stopped;
        let looked = self.between(sight.first);
        let (outcome, ended) = if plan.has_passed(sight, self.overdue_after) {
            (Outcome::Passed, looked)
        } else if is_stopped && !is_earlier && !plan.is_unwatched(sight.first) {
            (Outcome::Stopped, self.stopped.unwrap_or(looked))
        } else {
            (Outcome::NotWatched, looked)
        };
        self.conclude(Some(plan.due), plan.started, ended, outcome);
    }

    /// What is planned from now on.
    fn keep_plan(&mut self, sight: &Sight<'_>) {
        let Some(date) = sight.date else {
            if let Some(plan) = &mut self.plan {
                plan.note_phase(sight);
                if sight.phase == Phase::Stopped {
                    plan.read = sight.last;
                }
            }
            return;
        };
        if let Some(plan) = self.plan.as_mut().filter(|plan| plan.due.at == date.at) {
            return plan.read_again(sight);
        }
        let is_running =
            self.open.as_ref().and_then(|open| open.due.as_ref()).is_some_and(|due| due.at == date.at);
        // A date that was in the past already when it was read first is awaited only if Zoho says so.
        let is_awaited = date.at > sight.first || sight.phase == Phase::Waiting;
        let is_over = self.ledger.outcome(&self.job, date).is_some_and(|it| it.is_final() || it.is_good());
        let is_planned = is_awaited && !is_running && !is_over;
        self.plan = is_planned.then(|| Plan::new(date.clone(), sight));
    }

    /// What is known while nothing but time passes.
    fn judge_due(&mut self, sight: &Sight<'_>) {
        let Some(plan) = &self.plan else { return };
        let overdue = just_beyond(plan.due.at, self.overdue_after);
        match sight.phase {
            Phase::Waiting
                if plan.started.is_none() && sight.has_date(&plan.due) && overdue <= sight.last =>
            {
                let ended = match sight.first < overdue {
                    true => Between { after: Some(overdue), by: overdue },
                    false => self.between(sight.first),
                };
                self.conclude(Some(plan.due.clone()), None, ended, Outcome::Missed);
            }
            Phase::Stopped if plan.is_due(sight.last) => {
                let ended = self.stopped.unwrap_or(self.between(sight.first));
                self.conclude(Some(plan.due.clone()), plan.started, ended, Outcome::Stopped);
            }
            _ => {}
        }
    }

    /// Nobody has looked since the last observation.
    fn finish(mut self, now: Timestamp) -> Vec<Run> {
        if let Some(plan) = self.plan.take() {
            let unwatched = just_beyond(plan.unseen_since(), WATCH_GAP);
            if now >= unwatched {
                // Its date may have gone unread for longer than that.
                let ended = self.between(unwatched.max(self.clock));
                self.conclude(Some(plan.due), plan.started, ended, Outcome::NotWatched);
            }
        }
        self.ledger.into_runs()
    }

    /// Since the last look, and by now.
    fn between(&self, now: Timestamp) -> Between {
        Between { after: self.looked, by: now }
    }

    fn conclude(
        &mut self,
        due: Option<DateTime>,
        started: Option<Between>,
        ended: Between,
        outcome: Outcome,
    ) {
        let run = Run { job: self.job.clone(), due, started, ended, outcome };
        self.latest = Some(self.ledger.conclude(run));
    }
}

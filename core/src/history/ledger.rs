//! Runs by job and date, each with the best that is known of it.

use crate::date_time::DateTime;
use crate::history::run::{Between, Outcome, Run};
use crate::instant::Timestamp;
use std::collections::BTreeMap;

/// The runs found so far.
#[derive(Default)]
pub(super) struct Ledger {
    runs: Vec<Run>,
    keys: BTreeMap<(Option<String>, Timestamp), usize>,
}

impl Ledger {
    /// Notes what became of a run, unless more than that is known of it. Returns its number.
    pub(super) fn conclude(&mut self, run: Run) -> usize {
        if let Some(number) = self.find(&run.job, run.due.as_ref()) {
            self.revise(number, run.started, run.ended, run.outcome);
            return number;
        }
        let number = self.runs.len();
        if let Some(due) = &run.due {
            self.keys.insert((run.job.clone(), due.at), number);
        }
        self.runs.push(run);
        number
    }

    /// Notes what became of a run after all.
    pub(super) fn revise(
        &mut self,
        number: usize,
        started: Option<Between>,
        ended: Between,
        outcome: Outcome,
    ) {
        let Some(run) = self.runs.get_mut(number) else { return };
        let started = run.started.or(started);
        let has_not_run = run.outcome == Outcome::Missed && outcome == Outcome::Passed && started.is_none();
        if run.outcome != outcome && run.outcome.may_become(outcome) && !has_not_run {
            (run.started, run.ended, run.outcome) = (started, ended, outcome);
        }
    }

    /// Notes that a run has started of which something is told already.
    pub(super) fn start(&mut self, job: &Option<String>, due: &DateTime, started: Between) {
        if let Some(number) = self.find(job, Some(due))
            && let Some(run) = self.runs.get_mut(number)
        {
            run.started = run.started.or(Some(started));
        }
    }

    pub(super) fn get(&self, number: usize) -> Option<&Run> {
        self.runs.get(number)
    }

    /// What became of the run of that date.
    pub(super) fn outcome(&self, job: &Option<String>, due: &DateTime) -> Option<Outcome> {
        let number = self.find(job, Some(due))?;
        self.runs.get(number).map(|run| run.outcome)
    }

    /// All runs, the oldest first.
    pub(super) fn into_runs(mut self) -> Vec<Run> {
        self.runs.sort_by_key(Run::place);
        self.runs
    }

    fn find(&self, job: &Option<String>, due: Option<&DateTime>) -> Option<usize> {
        self.keys.get(&(job.clone(), due?.at)).copied()
    }
}

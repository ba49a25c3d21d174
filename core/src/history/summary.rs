//! What readers are told of the past.

use crate::history::observation::Observation;
use crate::history::run::Run;
use crate::history::runs::runs;
use crate::instant::Timestamp;
use std::time::Duration;

/// How many runs readers are told of.
pub const RUNS_TOLD: usize = 10;

/// What readers are told of the past. Its runs name no job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The last runs, at most [`RUNS_TOLD`], the latest first. A failure that stands is one of them: if it is older, it is
    /// told of in place of the last of them.
    pub runs: Vec<Run>,
    /// The last run that was good, as far as was seen.
    pub last_good: Option<Run>,
    /// How many runs have failed or were missed since then.
    pub failures_since: u32,
    /// Since when the backup is watched.
    pub watched_since: Option<Timestamp>,
}

impl History {
    /// What follows from observations in the order in which they were made. A run that has not started is missed when
    /// more than `overdue_after` has passed.
    pub fn of(observations: &[Observation], now: Timestamp, overdue_after: Duration) -> History {
        let mut runs = runs(observations, now, overdue_after);
        runs.reverse();
        runs.iter_mut().for_each(|run| run.job = None);
        let since = runs.iter().take_while(|run| !run.outcome.is_good());
        let failures_since = since.filter(|run| run.outcome.is_failure()).count();
        let last_good = runs.iter().find(|run| run.outcome.is_good()).cloned();
        let runs = told(runs);
        History {
            runs,
            last_good,
            failures_since: u32::try_from(failures_since).unwrap_or(u32::MAX),
            watched_since: observations.first().map(|observation| observation.first),
        }
    }

    /// The last run of which it is known how it went, if it went wrong. One that was stopped, or not watched, lifts nothing.
    pub fn standing_failure(&self) -> Option<&Run> {
        let number = standing_failure(&self.runs)?;
        self.runs.get(number)
    }
}

/// The number of the run that [`History::standing_failure`] is.
fn standing_failure(runs: &[Run]) -> Option<usize> {
    let number = runs.iter().position(|run| run.outcome.is_known())?;
    runs.get(number).is_some_and(|run| run.outcome.is_failure()).then_some(number)
}

/// What readers are told of all runs. However many follow of which nothing is known, a failure stays in sight.
fn told(mut runs: Vec<Run>) -> Vec<Run> {
    if let Some(failure) = standing_failure(&runs).filter(|number| *number >= RUNS_TOLD) {
        runs.swap(RUNS_TOLD - 1, failure);
    }
    runs.truncate(RUNS_TOLD);
    runs
}

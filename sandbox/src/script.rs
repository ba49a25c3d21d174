//! Whose turn it is: the answers that a test has put in place of those of [`SCENARIOS`](crate::SCENARIOS), and how far
//! each scenario's own sequence has come.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use crate::answer::Answer;
use crate::scenarios::Scenario;

/// The turns of every scenario and of the token endpoint, by their names. Clones share one script.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Arc<Mutex<HashMap<String, Turns>>>);

#[derive(Debug, Default)]
struct Turns {
    /// How many answers were taken. Not read from the record, which a test may clear in the middle of a sequence.
    taken: usize,
    /// What a test wants answered, from now on.
    played: VecDeque<Answer>,
}

impl Script {
    pub(crate) fn play(&self, scenario: &str, answers: Vec<Answer>) {
        self.turns().entry(scenario.into()).or_default().played = answers.into();
    }

    /// What the next `GET` is answered at this moment.
    pub(crate) fn next(&self, scenario: &Scenario) -> Answer {
        self.turns().entry(scenario.name.into()).or_default().next(scenario)
    }

    /// The same, for the `GET` that is answered with it: the turn passes on.
    pub(crate) fn take(&self, scenario: &Scenario) -> Answer {
        let mut turns = self.turns();
        let turns = turns.entry(scenario.name.into()).or_default();
        let answer = turns.next(scenario);
        turns.taken += 1;
        turns.take_played().unwrap_or(answer)
    }

    /// What a test wants answered, where there is no scenario: the turn passes on.
    pub(crate) fn take_played(&self, name: &str) -> Option<Answer> {
        self.turns().get_mut(name)?.take_played()
    }

    fn turns(&self) -> MutexGuard<'_, HashMap<String, Turns>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn take_played(&mut self) -> Option<Answer> {
        if self.played.len() > 1 { self.played.pop_front() } else { self.played.front().cloned() }
    }

    fn next(&self, scenario: &Scenario) -> Answer {
        let played = self.played.front().cloned();
        played.unwrap_or_else(|| Answer::new(scenario.reply.after(self.taken), OffsetDateTime::now_utc()))
    }
}

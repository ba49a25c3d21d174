//! The answers that a test has put in place of those of [`SCENARIOS`](crate::SCENARIOS).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::answer::Answer;

/// Answers by the scenario's name. Clones share one script.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Arc<Mutex<HashMap<String, Answer>>>);

impl Script {
    pub(crate) fn set(&self, scenario: &str, answer: Answer) {
        self.answers().insert(scenario.into(), answer);
    }

    pub(crate) fn get(&self, scenario: &str) -> Option<Answer> {
        self.answers().get(scenario).cloned()
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<String, Answer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

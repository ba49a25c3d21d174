//! Which response comes next: those that a test plays in place of a scenario's own reply, and the position in each
//! scenario's own sequence.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use time::OffsetDateTime;

use crate::scenarios::Scenario;
use crate::timeline::Playing;
use crate::wire_response::WireResponse;

/// The turns of each scenario and of the token endpoint, by name. Clones share one script.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script(Arc<Mutex<HashMap<String, Turns>>>);

#[derive(Debug, Default)]
struct Turns {
    /// How many responses were taken. The record cannot tell: a test may clear it in the middle of a sequence.
    taken: usize,
    /// The responses that a test plays from now on.
    played: VecDeque<WireResponse>,
}

impl Script {
    pub(crate) fn play(&self, scenario: &str, responses: Vec<WireResponse>) {
        self.turns().entry(scenario.into()).or_default().played = responses.into();
    }

    /// The response to the next `GET`, if it came now.
    pub(crate) fn next(&self, scenario: &Scenario) -> WireResponse {
        self.turns().entry(scenario.name.into()).or_default().next(scenario, None)
    }

    /// The response to a `GET`, which may ask for a timeline to be played. The turn passes on.
    pub(crate) fn take(&self, scenario: &Scenario, playing: Option<Playing>) -> WireResponse {
        let mut turns = self.turns();
        let turns = turns.entry(scenario.name.into()).or_default();
        let response = turns.next(scenario, playing);
        turns.taken += 1;
        turns.take_played().unwrap_or(response)
    }

    /// The response that a test plays under this name, if any. The turn passes on.
    pub(crate) fn take_played(&self, name: &str) -> Option<WireResponse> {
        self.turns().get_mut(name)?.take_played()
    }

    fn turns(&self) -> MutexGuard<'_, HashMap<String, Turns>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turns {
    fn take_played(&mut self) -> Option<WireResponse> {
        if self.played.len() > 1 { self.played.pop_front() } else { self.played.front().cloned() }
    }

    fn next(&self, scenario: &Scenario, playing: Option<Playing>) -> WireResponse {
        if let Some(played) = self.played.front() {
            return played.clone();
        }
        let (reply, now) = (scenario.reply.after(self.taken), OffsetDateTime::now_utc());
        playing.map_or_else(|| reply.response_at(now), |playing| reply.played_at(playing, now))
    }
}

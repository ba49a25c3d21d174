//! The requests of the page: what the network and the proxy make of them.

use super::{Happening, World};
use crate::network::Ill;
use crate::proxy::Answer;
use crate::story::Entry;
use crate::units::{Millis, SECOND};
use crate::wire::Ending;
use zoho_backup_core::instant::Timestamp;

/// How long a request may take: `DEADLINE` of `reply.rs`.
const DEADLINE: Millis = 10 * SECOND;
/// How many answers the network can replay.
const REMEMBERED: usize = 40;

impl World {
    pub(super) fn ask(&mut self, request: u64) {
        self.note(Entry::Asked);
        self.watch.around.asked_at = Some(self.now);
        let is_slow = self.random.percent(3);
        let delay = self.random.between(40, if is_slow { 5_000 } else { 700 });
        let (ending, takes) = match self.network.ill(self.now) {
            None => {
                let answer = self.proxy.answer(&self.truth, self.now + delay / 2);
                self.remember(&answer);
                (Ending::Answer { answer, is_replay: false }, delay)
            }
            Some(Ill::Replays) => {
                let is_empty = self.past.is_empty();
                let past = (!is_empty).then(|| self.random.between(0, self.past.len() as Millis - 1));
                let past = past.map(|index| self.past[index as usize].clone());
                let answer = self.replayed.clone().or(past);
                self.replayed = answer.clone();
                (answer.map_or(Ending::Dropped, |answer| Ending::Answer { answer, is_replay: true }), delay)
            }
            Some(Ill::Drops { .. }) => (Ending::Dropped, delay),
            Some(Ill::Stalls) => (Ending::TimedOut, DEADLINE),
            Some(Ill::Refuses { status, body, retry_after }) => {
                (Ending::Refusal { status, body, retry_after }, delay)
            }
        };
        let sent = self.page.now();
        self.at(self.now + takes, Happening::End { request, sent, ending });
    }

    fn remember(&mut self, answer: &Answer) {
        match self.past.len() {
            ..REMEMBERED => self.past.push(answer.clone()),
            _ => {
                let index = self.random.between(0, REMEMBERED as Millis - 1) as usize;
                self.past[index] = answer.clone();
            }
        }
    }

    pub(super) fn end(&mut self, request: u64, sent: Timestamp, ending: Ending) {
        if !self.page.is_under_way(request) {
            return;
        }
        let (now, how) = (self.now, ending.name());
        let around = &mut self.watch.around;
        let source_age = match &ending {
            Ending::Answer { answer, is_replay } => {
                around.answered(now, answer, *is_replay, &self.computer);
                Some(now - answer.source_at)
            }
            Ending::Refusal { retry_after, .. } => {
                around.failed(&self.computer);
                around.asked_to_wait(now, retry_after.map_or(0, |wait| Millis::from(wait) * SECOND));
                None
            }
            Ending::Dropped | Ending::TimedOut => {
                around.failed(&self.computer);
                None
            }
        };
        self.note(Entry::Ended { how, source_age });
        let exchange = ending.exchange(sent, &mut self.page);
        self.page.answer(request, exchange);
    }
}

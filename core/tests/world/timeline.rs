//! The true story of one backup: what happens to it, and what Zoho says of it at each instant.

use crate::document::{Document, OVERDUE_AFTER, Plan};
use crate::random::Random;
use crate::units::{DAY, HOUR, MINUTE, Millis, SECOND};
use zoho_backup_core::countdown::Countdown;
use zoho_backup_core::reason::State;

/// A time during which the truth stays as it is.
#[derive(Clone, Debug)]
pub struct Moment {
    pub from: Millis,
    pub state: State,
    pub is_good: bool,
    pub countdown: Countdown,
    document: usize,
}

/// A run that truly took place.
#[derive(Clone, Copy, Debug)]
pub struct TrueRun {
    /// The date that announced it. `None` for a second attempt before that.
    pub due: Option<Millis>,
    pub started: Millis,
    pub ended: Millis,
}

#[derive(Clone, Debug)]
pub struct Timeline {
    documents: Vec<Document>,
    moments: Vec<Moment>,
    pub runs: Vec<TrueRun>,
}

impl Timeline {
    /// A timeline from a day before `start` until after `end`.
    pub fn new(random: &mut Random, start: Millis, end: Millis) -> Timeline {
        let mut author = Author { random, said: Vec::new(), runs: Vec::new(), at: start - DAY };
        author.write(start, end);
        Timeline::of(author.said, author.runs)
    }

    fn of(said: Vec<(Millis, Document)>, runs: Vec<TrueRun>) -> Timeline {
        let ends = said.iter().skip(1).map(|(from, _)| *from).chain([Millis::MAX]);
        let mut moments = Vec::<Moment>::new();
        for (document, ((from, says), until)) in said.iter().zip(ends).enumerate() {
            let changes = says.next.map(|next| [next, next + OVERDUE_AFTER + 1]);
            let changes = changes.into_iter().flatten().filter(|at| *from < *at && *at < until);
            for at in [*from].into_iter().chain(changes) {
                let (state, is_good, countdown) = (says.state(at), says.is_good(at), says.countdown(at));
                moments.push(Moment { from: at, state, is_good, countdown, document });
            }
        }
        Timeline { documents: said.into_iter().map(|(_, document)| document).collect(), moments, runs }
    }

    /// The index of the moment in force at an instant.
    pub fn index(&self, at: Millis) -> usize {
        self.moments.partition_point(|moment| moment.from <= at).saturating_sub(1)
    }

    pub fn at(&self, at: Millis) -> &Moment {
        &self.moments[self.index(at)]
    }

    pub fn get(&self, index: usize) -> Option<&Moment> {
        self.moments.get(index)
    }

    /// What Zoho says at an instant.
    pub fn document(&self, at: Millis) -> &Document {
        &self.documents[self.at(at).document]
    }

    /// Every moment that was in force at some instant between the two.
    pub fn between(&self, from: Millis, to: Millis) -> &[Moment] {
        &self.moments[self.index(from)..=self.index(to)]
    }

    /// Whether this state was true at some instant between the two, or would be now by what Zoho said then: what a
    /// widget shows that has read it since, and has a clock that is wrong by at most `error`.
    pub fn allows(&self, state: State, from: Millis, now: Millis, error: Millis) -> bool {
        self.between(from, now + error).iter().any(|moment| {
            let says = &self.documents[moment.document];
            moment.state == state || [now - error, now + error].iter().any(|at| says.state(*at) == state)
        })
    }

    /// Whether all was good between the two, and surely is now by all that Zoho said then.
    pub fn is_all_good(&self, from: Millis, now: Millis, error: Millis) -> bool {
        self.between(from, now + error).iter().all(|moment| {
            let says = &self.documents[moment.document];
            moment.is_good && says.is_surely_good(now - error) && says.is_surely_good(now + error)
        })
    }

    /// Since when the truth is not good, if it is not.
    pub fn not_good_since(&self, at: Millis) -> Option<Millis> {
        let earlier = self.moments[..=self.index(at)].iter().rev();
        earlier.take_while(|moment| !moment.is_good).last().map(|moment| moment.from)
    }

    /// When the truth changes.
    pub fn changes_after(&self, at: Millis) -> Vec<Millis> {
        self.moments.iter().map(|moment| moment.from).filter(|from| *from > at).collect()
    }
}

struct Author<'a> {
    random: &'a mut Random,
    said: Vec<(Millis, Document)>,
    runs: Vec<TrueRun>,
    at: Millis,
}

impl Author<'_> {
    fn write(&mut self, start: Millis, end: Millis) {
        let offset = self.random.pick(&[0, 19_800, -28_800, 3_600]);
        let period = self.random.pick(&[DAY, DAY, DAY, 2 * DAY, 7 * DAY]);
        let next = start + self.random.between(10 * MINUTE, period.min(2 * DAY)) / SECOND * SECOND;
        let past = self.random.between(1, 20);
        let is_finite = self.random.percent(10);
        let count = is_finite.then(|| past + self.random.between(1, 3));
        let mut plan = Plan { first: next - past * period, period, count, offset };
        // What Zoho says between runs is unknown: either.
        let waits = self.random.pick(&["SCHEDULED", "SCHEDULED", "COMPLETED", "FINISHED"]);
        if self.random.percent(25) {
            self.begin_oddly(start);
        }
        while self.at < end {
            let Some(mut next) = plan.next_after(self.at) else {
                return self.say("COMPLETED", None, Some(plan));
            };
            self.say(waits, Some(next), Some(plan));
            if !is_finite && self.random.percent(35) {
                let left = (next - self.at).max(2);
                self.at += self.random.between(1, left - 1);
                plan = self.meddle(plan, next);
                let Some(moved) = plan.next_after(self.at) else { return };
                next = moved;
                self.say(waits, Some(next), Some(plan));
            }
            self.run(next, plan);
        }
    }

    fn say(&mut self, status: &'static str, next: Option<Millis>, plan: Option<Plan>) {
        self.push(Document::new(status, next, plan));
    }

    fn push(&mut self, document: Document) {
        if self.said.last().is_some_and(|(from, _)| *from == self.at) {
            self.said.pop();
        }
        self.said.push((self.at, document));
    }

    /// Before a schedule exists.
    fn begin_oddly(&mut self, start: Millis) {
        match self.random.between(0, 3) {
            0 => self.push(Document::nothing()),
            1 => self.say("SCHEDULED", None, None),
            2 => self.say("COMPLETED", None, None),
            _ => self.say("PAUSED", None, None),
        }
        self.at = start + self.random.between(HOUR, DAY);
    }

    /// An administrator stops, moves, deletes or pauses the schedule.
    fn meddle(&mut self, plan: Plan, next: Millis) -> Plan {
        let away = self.random.between(30 * MINUTE, 30 * HOUR);
        match self.random.between(0, 5) {
            0 | 1 => {
                let date = self.random.pick(&[None, Some(next)]);
                self.say("STOPPED", date, Some(plan));
                self.at += away;
            }
            2 => {
                self.push(Document::nothing());
                self.at += away;
            }
            3 => {
                self.say("PAUSED", Some(next), Some(plan));
                self.at += away;
            }
            _ => {}
        }
        let moved = self.at + self.random.between(5 * MINUTE, 2 * DAY) / SECOND * SECOND;
        Plan { first: moved - moved % SECOND, ..plan }
    }

    /// One run: on time or late, long or short, with or without success.
    fn run(&mut self, next: Millis, plan: Plan) {
        let delay = match self.random.between(1, 100) {
            1..=17 => self.random.between(90 * MINUTE, 9 * HOUR),
            18..=20 => self.random.between(DAY, 30 * HOUR),
            _ => self.random.between(SECOND, 12 * MINUTE),
        };
        self.at = next + delay;
        let following = plan.next_after(self.at);
        let date = if self.random.percent(50) { Some(next) } else { following };
        self.say("INPROGRESS", date, Some(plan));
        let started = self.at;
        self.at += match self.random.between(1, 100) {
            1..=3 => self.random.between(DAY, 28 * HOUR),
            4..=40 => self.random.between(HOUR, 4 * HOUR),
            _ => self.random.between(3 * MINUTE, HOUR),
        };
        self.runs.push(TrueRun { due: Some(next), started, ended: self.at });
        let following = plan.next_after(self.at);
        match self.random.between(1, 100) {
            1..=18 => {
                let status = self.random.pick(&["FAILED", "FAILED", "PAYMENT_FAILED"]);
                self.say(status, following, Some(plan));
                // The next attempt: sometimes at once, by hand.
                self.at = match following {
                    Some(following) if self.random.percent(50) => {
                        following + self.random.between(1, 20) * MINUTE
                    }
                    _ => self.at + self.random.between(HOUR, 20 * HOUR),
                };
                self.say("INPROGRESS", following, Some(plan));
                let started = self.at;
                self.at += self.random.between(5 * MINUTE, 2 * HOUR);
                let due = following.filter(|due| *due <= started);
                self.runs.push(TrueRun { due, started, ended: self.at });
            }
            19..=35 => {
                // Zoho is late with the next date.
                self.say("COMPLETED", Some(next), Some(plan));
                self.at += self.random.between(5 * MINUTE, 3 * HOUR);
            }
            _ => {}
        }
    }
}

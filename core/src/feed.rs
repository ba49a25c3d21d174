//! One proxy URL as all widgets of a page share it: what is known from its answers, and when it is asked again.
//!
//! Time, chance and network are passed in: a browser and a simulation drive the same [`Feed`].

use crate::clock::Finding;
use crate::clock_error::{ClockError, Reading, ServerTime};
use crate::fault::Fault;
use crate::freshness::Freshness;
use crate::instant::Timestamp;
use crate::knowledge::{Answer, Knowledge};
use crate::polling::{Action, Effects, Event, Machine, Outcome};
use crate::reply::Details;
use crate::verdict::is_running_or_due;
use std::rc::Rc;
use std::time::Duration;

/// How a request went. All times are by this computer's [`SteadyClock`](crate::clock::SteadyClock).
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// What the answer said, or what went wrong.
    pub result: Result<Details, Fault>,
    /// When the request was sent.
    pub sent: Timestamp,
    /// When the answer arrived, if one did.
    pub arrived: Option<Timestamp>,
    /// How long caches have kept the answer; zero if the page cannot read that.
    pub age: Duration,
    /// When the server made the answer, if the page may read that.
    pub date: Option<Timestamp>,
    /// How far that clock is ahead of what this computer's clock says: see [`SteadyClock::set_back`](crate::clock::SteadyClock::set_back).
    pub set_back: ClockError,
}

/// The reply to a user who asked for a refresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// An answer is on its way, or will be in a moment.
    Awaited,
    /// The last answer or fault arrived less than 5 s ago.
    Recent,
    /// No request is made: the page is hidden, or the last answer asked to wait.
    Refused,
}

/// What a widget needs to know about the requests of its feed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// Whether one is under way, or overdue because the page is hidden or the computer asleep: what is known
    /// may be replaced in a moment.
    pub is_due: bool,
    /// Whether one is under way, or will be made as soon as possible.
    pub is_awaited: bool,
}

/// What is known from one proxy URL, and when it is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    known: Rc<Knowledge>,
    machine: Machine,
}

impl Default for Feed {
    fn default() -> Self {
        Feed { known: Rc::default(), machine: Machine::new(None) }
    }
}

impl Feed {
    /// What is known so far.
    pub fn known(&self) -> &Rc<Knowledge> {
        &self.known
    }

    /// Whether a request is under way.
    pub fn is_asking(&self) -> bool {
        self.machine.is_asking()
    }

    /// How the requests stand, by this computer's clock.
    pub fn requests(&self, now: Timestamp) -> Requests {
        Requests { is_due: self.machine.is_due(now), is_awaited: self.machine.is_awaited() }
    }

    /// Takes what happened to page or computer: see [`Machine::handle`]. The end of a request is for
    /// [`finish`](Self::finish), and a request of the user for [`refresh`](Self::refresh).
    pub fn handle(&mut self, event: Event, now: Timestamp, chance: u32) -> Effects {
        self.machine.handle(event, now, chance)
    }

    /// Takes the end of the request under way.
    pub fn finish(&mut self, exchange: Exchange, now: Timestamp, chance: u32) -> Effects {
        let (known, wants_second) = after(&self.known, exchange);
        let outcome = match &known.fault {
            None => Outcome::Good {
                running_or_due: is_running_or_due(&known, known.clock.correct(now)),
                wants_second,
            },
            Some(fault) => Outcome::Failed {
                is_configuration: fault.is_configuration(),
                asks_for_sign_on: fault.kind().asks_for_sign_on(),
                retry_at: fault.retry_at().map(|at| known.clock.local(at)),
            },
        };
        self.known = Rc::new(known);
        self.machine.handle(Event::Answered(outcome), now, chance)
    }

    /// The user asks for an answer, now if possible.
    pub fn refresh(&mut self, now: Timestamp, chance: u32) -> (Refresh, Effects) {
        let effects = self.handle(Event::RefreshAsked, now, chance);
        let refresh = match effects.action {
            Some(Action::RefreshRefused) => Refresh::Refused,
            _ if self.machine.is_awaited() => Refresh::Awaited,
            _ => Refresh::Recent,
        };
        (refresh, effects)
    }
}

/// What is known after a request, and whether a second one soon would tell more about the clock.
fn after(before: &Knowledge, exchange: Exchange) -> (Knowledge, bool) {
    let Exchange { result, sent, arrived, age, date, set_back } = exchange;
    let details = match result {
        Ok(details) => details,
        Err(fault) => {
            let fault = fault.with_retry_at(|at| before.clock.correct(at));
            return (Knowledge { fault: Some(fault), ..before.clone() }, false);
        }
    };
    let (clock, finding) = match (date, arrived) {
        (Some(date), Some(arrived)) => {
            before.clock.after(Reading::new(ServerTime { date, age }, sent, arrived), set_back)
        }
        _ => (before.clock.after_silence(set_back), Finding::default()),
    };
    let source_at = date.map(|date| clock.source_at(ServerTime { date, age }));
    let freshness = arrived.map(|arrived| Freshness::new(clock.correct(arrived), age, source_at));
    let answer = match &before.answer {
        // What is known is newer, and an answer has arrived.
        Some(newer) if finding.seems_old && newer.was_read_after(freshness) => newer.arrived_again(freshness),
        _ => Answer::new(details, freshness).following(before.answer.as_ref()),
    };
    (Knowledge { answer: Some(answer), fault: None, clock }, finding.wants_second)
}

//! When a feed asks: (what happened, now, chance) → what to do, and when to wake up again.
//!
//! A feed serves all widgets of a page that ask one proxy URL with the same credentials, and has one [`Machine`].
//! There is at most one request under way. None starts sooner than 2 s after the last, and none while the page is
//! hidden. After an answer it waits for the interval, after failures for ever longer pauses. That a browser calls itself
//! offline keeps no request back, since some do on a working network; its return hastens a request that has failed.
//!
//! ```
//! use std::time::Duration;
//! use zoho_backup_core::instant::Timestamp;
//! use zoho_backup_core::polling::{Action, Event, Machine, Outcome};
//!
//! let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
//! let chance = 1 << 31; // The middle of all.
//! let mut machine = Machine::new(Some(Duration::from_secs(300)));
//! assert_eq!(machine.handle(Event::Connected, at(0), chance).action, Some(Action::Fetch));
//! let good = Event::Answered(Outcome::Good { running_or_due: false, wants_second: false });
//! let effects = machine.handle(good, at(1), chance);
//! assert_eq!((effects.action, effects.wake_at), (Some(Action::Publish), Some(at(300))));
//! assert_eq!(machine.handle(Event::Timer, at(300), chance).action, Some(Action::Fetch));
//! ```

use crate::instant::Timestamp;
use std::time::Duration;

/// The shortest time from start to start. All lengths here are in milliseconds.
const GAP: u64 = 2_000;
/// How long after a start a refresh would bring nothing new.
const REFRESH_GAP: u64 = 5_000;
/// The longest interval while a backup runs or is due.
const RUNNING_INTERVAL: u64 = 60_000;
/// The longest pause after the first failure. It doubles with each further one.
const FIRST_PAUSE: u64 = 5_000;
/// What the longest pause grows to.
const LONGEST_PAUSE: u64 = 300_000;
/// The longest delay of the request about a run that comes due: not all pages should ask at the same moment.
const RUN_DUE_WITHIN: u64 = 5_000;
/// The longest delay of a request after the network returns, which is seldom ready at once.
const ONLINE_WITHIN: u64 = 2_000;
/// How long after the start of a request a second one examines what it told about the clock, and what chance may add:
/// within [`PAIR`](crate::clock), whose rest is for a timer that is late.
const SECOND_AFTER: u64 = 10_000;
const SECOND_WITHIN: u64 = 4_000;
/// The shortest time from start to start when somebody comes back who may have signed on in another tab.
const SIGN_ON_GAP: u64 = 30_000;
/// The longest `Retry-After` that is respected.
const LONGEST_FLOOR: u64 = 3_600_000;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The feed has its first subscriber.
    Connected,
    /// The subscribers' wishes changed.
    OptionsChanged {
        /// The shortest interval that a subscriber wants; `None`: only on request.
        interval: Option<Duration>,
    },
    /// The request under way has ended. An aborted request must not be reported.
    Answered(Outcome),
    /// The time that was asked for has come, or the computer's clock was set ahead.
    Timer,
    /// Nobody sees the page.
    Hidden,
    /// Somebody sees the page.
    Visible,
    /// The browser calls itself online.
    Online,
    /// The browser calls itself offline.
    Offline,
    /// The page was left, perhaps into the back/forward cache.
    PageHidden,
    /// The page is shown again, or somebody turns to it again.
    PageShown,
    /// The user asked for a refresh.
    RefreshAsked,
    /// A run was seen coming due.
    RunDue,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer.
    Good {
        /// Whether a backup runs or is due, according to it.
        running_or_due: bool,
        /// Whether a second answer, asked for 10 to 15 s after this one, would tell more about the clock.
        wants_second: bool,
    },
    /// With a fault.
    Failed {
        /// Whether it lasts until somebody acts: see [`is_configuration`](crate::fault::Fault::is_configuration).
        is_configuration: bool,
        /// Whether it may end because somebody signs on in another tab.
        asks_for_sign_on: bool,
        /// The time before which the answer asked not to retry, by this computer's clock.
        retry_at: Option<Timestamp>,
    },
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Start a request, and report its end with [`Event::Answered`].
    Fetch,
    /// Abort the request under way, and forget it.
    Abort,
    /// Give the subscribers the answer or fault that has just come.
    Publish,
    /// Tell the user who asked that no request is made now: the page is hidden, or the last answer asked to wait. (Where
    /// an answer is on its way or has just come, there is nothing to tell.)
    RefreshRefused,
}

/// What to do, and when to wake up again.
#[must_use = "a feed whose effects are ignored stands still"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effects {
    /// What to do now.
    pub action: Option<Action>,
    /// When to send [`Event::Timer`], never before now; `None`: not at all. Replaces the previous wake-up.
    pub wake_at: Option<Timestamp>,
}

/// Decides when one feed asks. Whoever drops it must abort the request that may be under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    interval: Option<Duration>,
    is_hidden: bool,
    is_offline: bool,
    /// Whether the last request failed meanwhile.
    has_failed_offline: bool,
    /// Whether the last request failed because nobody was signed on.
    awaits_sign_on: bool,
    is_page_hidden: bool,
    last_started: Option<Timestamp>,
    /// The time before which the last answer asked not to retry.
    floor: Option<Timestamp>,
    /// When to ask about a run that came due.
    run_due_ask: Option<Timestamp>,
    /// The longest pause after the next failure.
    pause: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Without a subscriber so far.
    Idle,
    /// A request is under way.
    Asking,
    /// The next request is ahead.
    Waiting(Next),
}

/// When the next request is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// At that time, whatever the interval: it is the first request, or replaces an aborted one.
    Owed(Timestamp),
    /// An interval after the last start, varied by chance.
    Interval { running_or_due: bool, chance: u32 },
    /// At that time, if there is an interval: after a failure, or to examine the clock.
    Retry(Timestamp),
}

impl Machine {
    /// A machine that waits for [`Event::Connected`]. It assumes a visible page with a network: report first where that
    /// is not so.
    pub const fn new(interval: Option<Duration>) -> Machine {
        Machine {
            interval,
            is_hidden: false,
            is_offline: false,
            has_failed_offline: false,
            awaits_sign_on: false,
            is_page_hidden: false,
            last_started: None,
            floor: None,
            run_due_ask: None,
            pause: FIRST_PAUSE,
            state: State::Idle,
        }
    }

    /// Whether a request is under way.
    pub fn is_asking(&self) -> bool {
        self.state == State::Asking
    }

    /// Whether a request is under way, or will be made as soon as possible, whatever the interval.
    pub fn is_awaited(&self) -> bool {
        matches!(self.state, State::Asking | State::Waiting(Next::Owed(_)))
    }

    /// Whether a request is under way, or overdue because the page is hidden or the computer asleep: what is known
    /// may be replaced in a moment.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.is_asking() || self.due().is_some_and(|at| at <= now)
    }

    /// Takes what happened, the time by this computer's clock, which never goes back (see
    /// [`SteadyClock`](crate::clock::SteadyClock)), and a random number (all equally likely).
    pub fn handle(&mut self, event: Event, now: Timestamp, chance: u32) -> Effects {
        let mut action = self.take(event, now, chance);
        let mut next = self.due().filter(|_| !self.is_unseen());
        if action.is_none() && next.is_some_and(|at| at <= now) {
            action = Some(self.start(now));
            next = None;
        }
        Effects { action, wake_at: next.map(|at| at.max(now)) }
    }

    fn take(&mut self, event: Event, now: Timestamp, chance: u32) -> Option<Action> {
        match event {
            Event::Connected if self.state == State::Idle => self.state = State::Waiting(Next::Owed(now)),
            Event::OptionsChanged { interval } => {
                self.interval = interval;
                self.run_due_ask = self.run_due_ask.filter(|_| interval.is_some());
            }
            Event::Answered(outcome) if self.is_asking() => {
                self.has_failed_offline = self.is_offline && matches!(outcome, Outcome::Failed { .. });
                self.awaits_sign_on = matches!(outcome, Outcome::Failed { asks_for_sign_on: true, .. });
                self.state = State::Waiting(self.after(outcome, now, chance));
                return Some(Action::Publish);
            }
            Event::Hidden => self.is_hidden = true,
            Event::Visible => self.is_hidden = false,
            Event::Offline => self.is_offline = true,
            Event::Online if self.is_offline => {
                self.is_offline = false;
                self.settle(now, chance);
            }
            Event::PageHidden => {
                self.is_page_hidden = true;
                if self.is_asking() {
                    self.state = State::Waiting(Next::Owed(now));
                    return Some(Action::Abort);
                }
            }
            Event::PageShown => {
                self.is_page_hidden = false;
                self.look_for_sign_on();
            }
            Event::RefreshAsked => return self.refresh(now),
            // A request that starts at this moment asks about it already.
            Event::RunDue if self.interval.is_some() && self.last_started < Some(now) => {
                self.run_due_ask.get_or_insert(later(now, part(chance, RUN_DUE_WITHIN + 1)));
            }
            Event::Connected | Event::Answered(_) | Event::Online | Event::RunDue | Event::Timer => {}
        }
        None
    }

    /// When the next request is, after one with this outcome.
    fn after(&mut self, outcome: Outcome, now: Timestamp, chance: u32) -> Next {
        match outcome {
            Outcome::Good { running_or_due, wants_second } => {
                self.pause = FIRST_PAUSE;
                match self.last_started.filter(|_| wants_second) {
                    Some(at) => Next::Retry(later(at, SECOND_AFTER + part(chance, SECOND_WITHIN))),
                    None => Next::Interval { running_or_due, chance },
                }
            }
            Outcome::Failed { is_configuration, retry_at, .. } => {
                self.floor = retry_at.map(|at| at.min(later(now, LONGEST_FLOOR)));
                let longest = self.pause;
                self.pause = (longest * 2).min(LONGEST_PAUSE);
                let pause =
                    if is_configuration { varied(LONGEST_PAUSE, chance) } else { 1 + part(chance, longest) };
                Next::Retry(later(now, pause))
            }
        }
    }

    /// Leaves a network that has just returned a moment before the next request.
    fn settle(&mut self, now: Timestamp, chance: u32) {
        let State::Waiting(next) = self.state else { return };
        let is_due = self.due().is_some_and(|at| at <= now);
        let at = later(now, part(chance, ONLINE_WITHIN + 1));
        let settled = match next {
            // The cause that the subscribers were told no longer holds, whatever the interval.
            Next::Retry(_) if self.has_failed_offline => Next::Owed(at),
            Next::Owed(_) => Next::Owed(at),
            Next::Interval { .. } if is_due => Next::Retry(at),
            Next::Retry(_) => Next::Retry(at),
            Next::Interval { .. } => return,
        };
        self.run_due_ask = None;
        self.state = State::Waiting(settled);
    }

    /// Asks soon whether somebody has signed on meanwhile.
    fn look_for_sign_on(&mut self) {
        if let (true, State::Waiting(Next::Retry(at)), Some(last)) =
            (self.awaits_sign_on, self.state, self.last_started)
        {
            self.state = State::Waiting(Next::Retry(at.min(later(last, SIGN_ON_GAP))));
        }
    }

    fn refresh(&mut self, now: Timestamp) -> Option<Action> {
        let gap = match self.state {
            // The last one was aborted: no answer is new enough.
            State::Waiting(Next::Owed(_)) => GAP,
            State::Waiting(_) => REFRESH_GAP,
            State::Idle | State::Asking => return None,
        };
        if self.last_started.is_some_and(|at| now < later(at, gap)) {
            return None;
        }
        let must_wait = self.is_unseen() || self.floor.is_some_and(|at| now < at);
        Some(if must_wait { Action::RefreshRefused } else { self.start(now) })
    }

    fn start(&mut self, now: Timestamp) -> Action {
        self.last_started = Some(now);
        self.floor = None;
        self.run_due_ask = None;
        self.state = State::Asking;
        Action::Fetch
    }

    /// When the next request is due, if the page is there then.
    fn due(&self) -> Option<Timestamp> {
        let State::Waiting(next) = self.state else { return None };
        let planned = match (next, self.interval) {
            (Next::Owed(at), _) | (Next::Retry(at), Some(_)) => at,
            (Next::Interval { running_or_due, chance }, Some(interval)) => {
                let interval = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
                let interval = if running_or_due { interval.min(RUNNING_INTERVAL) } else { interval };
                later(self.last_started?, varied(interval, chance))
            }
            (Next::Interval { .. } | Next::Retry(_), None) => return None,
        };
        let wanted = self.run_due_ask.map_or(planned, |at| at.min(planned));
        let allowed = self.last_started.map(|at| later(at, GAP)).max(self.floor);
        Some(allowed.map_or(wanted, |at| at.max(wanted)))
    }

    fn is_unseen(&self) -> bool {
        self.is_hidden || self.is_page_hidden
    }
}

fn later(at: Timestamp, millis: u64) -> Timestamp {
    at.after(Duration::from_millis(millis))
}

/// A random number below that.
fn part(chance: u32, below: u64) -> u64 {
    u64::from(chance).saturating_mul(below) >> 32
}

/// A length that differs at random by up to a tenth, so that pages which started together drift apart.
fn varied(length: u64, chance: u32) -> u64 {
    let tenth = length / 10;
    (length - tenth).saturating_add(part(chance, tenth * 2 + 1))
}

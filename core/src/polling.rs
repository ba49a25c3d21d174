//! When a feed asks: (what happened, now, chance) → what to do, and when to look again.
//!
//! A feed serves all widgets of a page that ask one proxy URL with the same credentials, and has one [`Machine`].
//! There is never more than one request under way, none starts sooner than 2 s after the last, and none while the
//! page is hidden or offline. Answers are followed by the interval, failures by ever longer pauses.
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
//! let good = Event::Answered(Outcome::Good { running_or_due: false });
//! let effects = machine.handle(good, at(1), chance);
//! assert_eq!((effects.action, effects.wake_at), (Some(Action::Publish), Some(at(300))));
//! assert_eq!(machine.handle(Event::Timer, at(300), chance).action, Some(Action::Fetch));
//! ```

use crate::instant::Timestamp;
use std::time::Duration;

/// The least time from start to start, in milliseconds like all lengths here.
const GAP: u64 = 2_000;
/// How long after a start another request has nothing new to tell a reader who asks for it.
const REFRESH_GAP: u64 = 5_000;
/// The longest interval while a backup runs or is due.
const RUNNING_INTERVAL: u64 = 60_000;
/// The longest pause after the first failure. It doubles with each further one.
const FIRST_PAUSE: u64 = 5_000;
/// What the longest pause grows to.
const LONGEST_PAUSE: u64 = 300_000;
/// Within what time a run that comes due is asked about: not all pages of the world at the same moment.
const RUN_DUE_WITHIN: u64 = 5_000;
/// Within what time a request follows the return of the network, which is seldom ready when it says so.
const ONLINE_WITHIN: u64 = 2_000;
/// The longest `Retry-After` that is heeded.
const LONGEST_FLOOR: u64 = 3_600_000;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The feed has its first reader.
    Connected,
    /// The readers' wishes changed.
    OptionsChanged {
        /// The shortest interval that one of them wants; `None`: only on request.
        interval: Option<Duration>,
    },
    /// The request under way has ended. Of one that was aborted, nothing must be told.
    Answered(Outcome),
    /// The time that was asked for has come, or the computer's clock was set.
    Timer,
    /// Nobody sees the page.
    Hidden,
    /// Somebody sees the page.
    Visible,
    /// There is a network.
    Online,
    /// There is no network.
    Offline,
    /// The page was left, perhaps into the back/forward cache.
    PageHidden,
    /// The page was come back to.
    PageShown,
    /// A reader asked for an answer.
    RefreshAsked,
    /// A run was seen coming due.
    RunDue,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer.
    Good {
        /// Whether it tells of a backup that runs or is due.
        running_or_due: bool,
    },
    /// With a fault.
    Failed {
        /// Whether it lasts until somebody acts: see [`is_configuration`](crate::fault::FaultKind::is_configuration).
        configuration: bool,
        /// Before when the answer asked not to ask again, by this computer's clock.
        retry_at: Option<Timestamp>,
    },
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Start a request, and tell of its end with [`Event::Answered`].
    Fetch,
    /// Abort the request under way, and forget it.
    Abort,
    /// Tell the readers of the answer or fault that has just come.
    Publish,
    /// Tell the readers that a request is due, and that it waits for the network to return. Once, until it does.
    ReportOffline,
    /// Tell the reader who asked that there will be no request now: the page is hidden or known to be offline, or the
    /// last answer asked to wait. (Where an answer is on its way or has just come, nothing need be told.)
    RefreshRefused,
}

/// What to do, and when to look again.
#[must_use = "a feed whose effects are ignored stands still"]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effects {
    /// What to do now.
    pub action: Option<Action>,
    /// When to send [`Event::Timer`], never before now; `None`: not at all. It replaces what was asked for before.
    pub wake_at: Option<Timestamp>,
}

/// Decides when one feed asks. It ends by being dropped; whoever drops it aborts the request that may be under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    interval: Option<Duration>,
    is_hidden: bool,
    is_offline: bool,
    /// Whether the readers were told so.
    is_offline_reported: bool,
    is_page_hidden: bool,
    last_started: Option<Timestamp>,
    /// Before when the last answer asked not to ask again.
    floor: Option<Timestamp>,
    /// When to ask about a run that came due.
    run_due_ask: Option<Timestamp>,
    /// The longest pause after the next failure.
    pause: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Without a reader so far.
    Idle,
    /// A request is under way.
    Asking,
    /// The next request is ahead.
    Waiting(Next),
}

/// When the next request is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// At that time, whatever the interval: it is the first, or one that was aborted.
    Owed(Timestamp),
    /// An interval after the last start, varied by chance.
    Interval { running_or_due: bool, chance: u32 },
    /// At that time, if there is an interval: after a failure, or what came due without a network.
    Retry(Timestamp),
}

impl Machine {
    /// A machine that waits for [`Event::Connected`], on a visible page with a network: where that is not so, tell it
    /// first.
    pub const fn new(interval: Option<Duration>) -> Machine {
        Machine {
            interval,
            is_hidden: false,
            is_offline: false,
            is_offline_reported: false,
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

    /// Whether a request is under way, or will be made as soon as it may, whatever the interval.
    pub fn is_awaited(&self) -> bool {
        matches!(self.state, State::Asking | State::Waiting(Next::Owed(_)))
    }

    /// Whether a request is under way, or overdue because the page is hidden or the computer asleep or offline: what is
    /// known may be replaced in a moment.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.is_asking() || self.due().is_some_and(|at| at <= now)
    }

    /// Takes what happened, the time by this computer's clock, and chance: any number, each as likely as another.
    pub fn handle(&mut self, event: Event, now: Timestamp, chance: u32) -> Effects {
        self.follow_clock(now);
        let mut action = self.take(event, now, chance);
        let mut next = self.due().filter(|_| !self.is_unseen() && !self.is_offline_reported);
        if action.is_none() && next.is_some_and(|at| at <= now) {
            action = Some(if self.is_offline { self.report_offline() } else { self.start(now) });
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
            Event::PageShown => self.is_page_hidden = false,
            Event::RefreshAsked => return self.refresh(now),
            // A request that starts at this moment asks about it already.
            Event::RunDue if self.interval.is_some() && self.last_started < Some(now) => {
                self.run_due_ask.get_or_insert(later(now, part(chance, RUN_DUE_WITHIN + 1)));
            }
            Event::Connected | Event::Answered(_) | Event::Online | Event::RunDue | Event::Timer => {}
        }
        None
    }

    /// When the next request is after one that ended so.
    fn after(&mut self, outcome: Outcome, now: Timestamp, chance: u32) -> Next {
        match outcome {
            Outcome::Good { running_or_due } => {
                self.pause = FIRST_PAUSE;
                Next::Interval { running_or_due, chance }
            }
            Outcome::Failed { configuration, retry_at } => {
                self.floor = retry_at.map(|at| at.min(later(now, LONGEST_FLOOR)));
                let longest = self.pause;
                self.pause = (longest * 2).min(LONGEST_PAUSE);
                let pause =
                    if configuration { varied(LONGEST_PAUSE, chance) } else { 1 + part(chance, longest) };
                Next::Retry(later(now, pause))
            }
        }
    }

    /// Gives a network that has just returned a moment, before what is due or has failed is asked.
    fn settle(&mut self, now: Timestamp, chance: u32) {
        let State::Waiting(next) = self.state else { return };
        let is_due = self.due().is_some_and(|at| at <= now);
        let at = later(now, part(chance, ONLINE_WITHIN + 1));
        let settled = match next {
            // What the readers were told holds no longer, whatever the interval.
            _ if std::mem::take(&mut self.is_offline_reported) => Next::Owed(at),
            Next::Owed(_) if is_due => Next::Owed(at),
            Next::Interval { .. } if is_due => Next::Retry(at),
            Next::Retry(_) => Next::Retry(at),
            Next::Owed(_) | Next::Interval { .. } => return,
        };
        self.run_due_ask = None;
        self.state = State::Waiting(settled);
    }

    fn refresh(&mut self, now: Timestamp) -> Option<Action> {
        let gap = match self.state {
            // The last one was aborted: there is no answer yet that would be new enough.
            State::Waiting(Next::Owed(_)) => GAP,
            State::Waiting(_) => REFRESH_GAP,
            State::Idle | State::Asking => return None,
        };
        if self.last_started.is_some_and(|at| now < later(at, gap)) {
            return None;
        }
        let must_wait = self.is_unseen() || self.is_offline_reported || self.floor.is_some_and(|at| now < at);
        Some(match must_wait {
            true => Action::RefreshRefused,
            false if self.is_offline => self.report_offline(),
            false => self.start(now),
        })
    }

    fn report_offline(&mut self) -> Action {
        self.is_offline_reported = true;
        Action::ReportOffline
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

    /// What lies further ahead than it ever did was fixed before the computer's clock was set back.
    fn follow_clock(&mut self, now: Timestamp) {
        let at_most = |at: Timestamp, ahead| at.min(later(now, ahead));
        if self.last_started > Some(now) {
            // Nobody knows how long ago it was: long enough for a reader to ask again.
            self.last_started = Some(now.before(Duration::from_millis(REFRESH_GAP)));
        }
        self.floor = self.floor.map(|at| at_most(at, LONGEST_FLOOR));
        self.run_due_ask = self.run_due_ask.map(|at| at_most(at, RUN_DUE_WITHIN));
        match &mut self.state {
            State::Waiting(Next::Owed(at)) => *at = at_most(*at, ONLINE_WITHIN),
            State::Waiting(Next::Retry(at)) => *at = at_most(*at, LONGEST_PAUSE + LONGEST_PAUSE / 10),
            State::Waiting(Next::Interval { .. }) | State::Asking | State::Idle => {}
        }
    }
}

fn later(at: Timestamp, millis: u64) -> Timestamp {
    at.after(Duration::from_millis(millis))
}

/// A number below that, by chance.
fn part(chance: u32, below: u64) -> u64 {
    u64::from(chance).saturating_mul(below) >> 32
}

/// A length that differs by up to a tenth, by chance, so that pages which started together drift apart.
fn varied(length: u64, chance: u32) -> u64 {
    let tenth = length / 10;
    (length - tenth).saturating_add(part(chance, tenth * 2 + 1))
}

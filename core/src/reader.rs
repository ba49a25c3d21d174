//! One widget over its feed: takes events, returns what to draw and which events to fire.
//!
//! ```
//! use zoho_backup_core::instant::Timestamp;
//! use zoho_backup_core::feed::Requests;
//! use zoho_backup_core::reader::{Event, Reader, Setup};
//! use zoho_backup_core::reason::State;
//!
//! let mut reader = Reader::new(Setup::default(), Timestamp::from_millis(0));
//! assert_eq!(reader.verdict().state, State::Loading);
//! let effects = reader.handle(Event::Time, Timestamp::from_millis(1_000), Requests::default());
//! assert!(effects.steps[0].drawing.is_none(), "nothing has changed");
//! ```

use crate::clock_error::ClockError;
use crate::countdown::{self, Pace};
use crate::feed::{Refresh, Requests};
use crate::instant::Timestamp;
use crate::knowledge::Knowledge;
use crate::news::{
    Announcement, Cause, HostEvent, Judgement, News, RefreshOutcome, RefreshResult, Told, news,
};
use crate::policy::Policy;
use crate::verdict::{Verdict, verdict};
use std::rc::Rc;
use std::time::Duration;

/// How long the outcome of a refresh is shown.
const OUTCOME_SHOWN: Duration = Duration::from_secs(10);

/// How long what was said aloud can still be read. Later it may no longer hold.
const SAID_KEPT: Duration = Duration::from_secs(60);

/// What a host and its page decide about one widget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// What verdicts depend on.
    pub policy: Policy,
    /// How finely the countdown moves.
    pub pace: Pace,
    /// Whether the answer's age is shown, which is a text that changes by itself.
    pub shows_age: bool,
}

/// What happened to a widget.
#[derive(Clone, Debug)]
pub enum Event {
    /// The time that was asked for has come, or somebody looks at the page again.
    Time,
    /// The widget was scrolled into view, or out of it, or is about to be printed, which counts as in view. So does
    /// everything before the first such event.
    InView(bool),
    /// The page has another language, time zone or preference for motion: everything is drawn again.
    PageChanged(Setup),
    /// The host changed options or data. (Send [`Event::Time`] first: what time has changed is not the host's doing.)
    HostChanged {
        /// What it decided.
        setup: Setup,
        /// What is known from now on; `None`: the same as before, from the same feed.
        known: Option<Rc<Knowledge>>,
    },
    /// The widget has joined a feed that knows this, perhaps nothing yet.
    Joined(Rc<Knowledge>),
    /// The feed publishes what it knows.
    Published(Rc<Knowledge>),
    /// A refresh was requested: the feed's reply, and what it knows.
    Refreshed(Refresh, Rc<Knowledge>),
}

/// What to do, in this order.
#[must_use = "what is not carried out is neither shown nor told"]
#[derive(Clone, Debug)]
pub struct Effects {
    /// What to show.
    pub steps: Vec<Step>,
    /// Whether to clear what was said aloud, since it may no longer hold. What the steps say comes later.
    pub clears_said: bool,
    /// Whether to tell the feed that a run came due.
    pub run_due: bool,
    /// What to tell those who asked for a refresh; `None`: they wait on.
    pub refreshed: Option<RefreshResult>,
}

/// One look at what is known.
#[derive(Clone, Debug)]
pub struct Step {
    /// The instant of the look, by the server's clock: texts that tick show this one.
    pub now: Timestamp,
    /// What to draw; `None`: what is drawn still holds, apart from texts that tick.
    pub drawing: Option<Drawing>,
    /// Whether to write the texts that tick. Out of view they stand still, which costs the page nothing.
    pub ticks: bool,
}

/// What to draw and tell.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// What to show and why.
    pub verdict: Rc<Verdict>,
    /// How far this computer's clock is from the server's.
    pub clock: ClockError,
    /// The outcome of a refresh, if one was asked for a moment ago.
    pub outcome: Option<RefreshOutcome>,
    /// What to say aloud; `None`: what was said stays.
    pub announcement: Option<Announcement>,
    /// The events to fire, in this order.
    pub events: Vec<HostEvent>,
}

/// The outcome of a refresh that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ShownOutcome {
    outcome: RefreshOutcome,
    /// How long it is shown, by this computer's clock; `None`: as long as it lasts.
    until: Option<Timestamp>,
    is_said: bool,
}

/// Decides what one widget shows and tells.
#[derive(Clone, Debug)]
pub struct Reader {
    setup: Setup,
    known: Rc<Knowledge>,
    verdict: Rc<Verdict>,
    judged_at: Timestamp,
    /// The first instant at which the judgement no longer holds, if nothing but time passes.
    holds_until: Option<Timestamp>,
    /// The same of what was drawn last.
    drawing_holds_until: Option<Timestamp>,
    told: Told,
    report: Option<ShownOutcome>,
    /// How long what was said can still be read, by this computer's clock.
    said_until: Option<Timestamp>,
    is_in_view: bool,
}

impl Reader {
    /// A widget that knows nothing yet.
    pub fn new(setup: Setup, now: Timestamp) -> Reader {
        let known = Rc::<Knowledge>::default();
        Reader {
            setup,
            verdict: Rc::new(verdict(&known, now, &setup.policy)),
            known,
            judged_at: now,
            holds_until: None,
            drawing_holds_until: None,
            told: Told::default(),
            report: None,
            said_until: None,
            is_in_view: true,
        }
    }

    /// What is shown and why.
    pub fn verdict(&self) -> &Rc<Verdict> {
        &self.verdict
    }

    /// Takes what happened, the time by this computer's clock, and how the requests of the feed stand. With a feed, the
    /// time is that of its [`SteadyClock`](crate::clock::SteadyClock).
    pub fn handle(&mut self, event: Event, now: Timestamp, requests: Requests) -> Effects {
        let clears_said = self.said_until.take_if(|until| *until <= now).is_some();
        let mut look = Look { reader: self, now, requests, steps: Vec::new(), run_due: false };
        let refreshed = look.apply(event);
        let Look { steps, run_due, .. } = look;
        Effects { steps, clears_said, run_due, refreshed }
    }

    /// Notes when the drawing that was made last changes by itself, such as the name of a day in it.
    pub fn drawing_changes_at(&mut self, at: Option<Timestamp>) {
        self.drawing_holds_until = at;
    }

    /// When to send [`Event::Time`], by this computer's clock, given the last step's `now`. `None`: nothing changes by
    /// itself.
    pub fn wake_at(&self, now: Timestamp) -> Option<Timestamp> {
        let next = earliest(&[self.holds_until, self.drawing_holds_until, self.text_changes_at(now)]);
        let next = next.map(|at| self.known.clock.local(at));
        earliest(&[next, self.report.and_then(|report| report.until), self.said_until])
    }

    /// When one of the texts changes that tick, if anybody sees it.
    fn text_changes_at(&self, now: Timestamp) -> Option<Timestamp> {
        if !self.is_in_view {
            return None;
        }
        let reading = countdown::read(self.verdict.countdown, now, self.setup.pace);
        let age = self.verdict.checked_at.filter(|_| self.setup.shows_age);
        let age = age.and_then(|checked_at| countdown::age(checked_at, now));
        earliest(&[reading, age].map(|reading| reading.map(|reading| reading.changes_at)))
    }

    fn last_outcome(&self) -> (RefreshOutcome, RefreshResult) {
        match self.known.fault {
            Some(_) => (RefreshOutcome::Failed, RefreshResult::Failed),
            None => (RefreshOutcome::Done, RefreshResult::Done),
        }
    }

    /// Judges what is known, given the time by this computer's clock and by the server's. Also returns whether a run
    /// came due.
    fn judge(
        &mut self,
        local: Timestamp,
        now: Timestamp,
        cause: Cause,
        requests: Requests,
    ) -> (Drawing, bool) {
        let verdict = Rc::new(verdict(&self.known, now, &self.setup.policy));
        let report = self.report.filter(|report| report.until.is_none_or(|until| local < until));
        let News { events, announcement, run_due, told } = news(
            self.told,
            &Judgement {
                before: &self.verdict,
                after: &verdict,
                now,
                cause,
                is_request_due: requests.is_due,
                refresh: report.filter(|report| !report.is_said).map(|report| report.outcome),
            },
        );
        self.told = told;
        self.report = report.map(|report| ShownOutcome { is_said: true, ..report });
        self.said_until = match announcement {
            Some(Announcement::Nothing) => None,
            Some(_) => Some(local.after(SAID_KEPT)),
            None => self.said_until,
        };
        self.holds_until = verdict.changes_at;
        self.drawing_holds_until = None;
        self.judged_at = now;
        self.verdict = verdict.clone();
        let (clock, outcome) = (self.known.clock.error(), report.map(|report| report.outcome));
        (Drawing { verdict, clock, outcome, announcement, events }, run_due)
    }
}

/// One event, and the looks that it brings.
struct Look<'a> {
    reader: &'a mut Reader,
    /// By this computer's clock.
    now: Timestamp,
    requests: Requests,
    steps: Vec<Step>,
    run_due: bool,
}

impl Look<'_> {
    /// Returns what to tell those who asked for a refresh.
    fn apply(&mut self, event: Event) -> Option<RefreshResult> {
        match event {
            Event::Time => self.look(),
            Event::InView(is_in_view) => {
                self.reader.is_in_view = is_in_view;
                self.look();
            }
            Event::PageChanged(setup) => {
                self.reader.setup = setup;
                self.judge(Cause::Time);
            }
            Event::HostChanged { setup, known } => return self.host_changed(setup, known),
            Event::Joined(known) => self.receive(known, Cause::Joined),
            Event::Published(known) => {
                self.receive(known, Cause::Request);
                return Some(self.reader.last_outcome().1);
            }
            Event::Refreshed(refresh, known) => return self.refreshed(refresh, known),
        }
        None
    }

    fn host_changed(&mut self, setup: Setup, known: Option<Rc<Knowledge>>) -> Option<RefreshResult> {
        let is_same_feed = known.is_none();
        let is_awaited = self.requests.is_awaited;
        self.reader.setup = setup;
        if let Some(known) = known {
            self.reader.known = known;
        }
        // The outcome of a refresh means nothing for another account, nor does one that nothing will end.
        self.reader.report = self.reader.report.filter(|report| match report.outcome {
            RefreshOutcome::Busy => is_awaited,
            RefreshOutcome::Done | RefreshOutcome::Failed | RefreshOutcome::Refused => is_same_feed,
        });
        self.judge(Cause::Host);
        // Without a request there is no answer to wait for.
        (!is_awaited).then_some(RefreshResult::Refused)
    }

    fn receive(&mut self, known: Rc<Knowledge>, cause: Cause) {
        if known.is_empty() {
            return;
        }
        // A run that came due before this answer was seen passing.
        self.look();
        self.reader.known = known;
        let is_busy = self.reader.report.is_some_and(|report| report.outcome == RefreshOutcome::Busy);
        if cause == Cause::Request && is_busy {
            self.report(self.reader.last_outcome().0);
        }
        self.judge(cause);
    }

    fn refreshed(&mut self, refresh: Refresh, known: Rc<Knowledge>) -> Option<RefreshResult> {
        if self.reader.known.is_empty() {
            // It joined a moment ago.
            self.receive(known, Cause::Joined);
        }
        let (outcome, result) = match refresh {
            Refresh::Awaited => (RefreshOutcome::Busy, None),
            Refresh::Refused => (RefreshOutcome::Refused, Some(RefreshResult::Refused)),
            Refresh::Recent => (self.reader.last_outcome().0, Some(RefreshResult::Recent)),
        };
        self.report(outcome);
        self.judge(Cause::Time);
        result
    }

    fn report(&mut self, outcome: RefreshOutcome) {
        let until = (outcome != RefreshOutcome::Busy).then(|| self.now.after(OUTCOME_SHOWN));
        self.reader.report = Some(ShownOutcome { outcome, until, is_said: false });
    }

    /// Judges unless what is drawn still holds.
    fn look(&mut self) {
        let now = self.true_now();
        let Reader { judged_at, holds_until, drawing_holds_until, report, .. } = *self.reader;
        let holds = earliest(&[holds_until, drawing_holds_until]).is_none_or(|at| now < at)
            && report.and_then(|report| report.until).is_none_or(|until| self.now < until);
        // A clock that was set back makes everything new that a host supplied.
        if judged_at <= now && holds {
            self.steps.push(Step { now, drawing: None, ticks: self.reader.is_in_view });
        } else {
            self.judge(Cause::Time);
        }
    }

    fn judge(&mut self, cause: Cause) {
        let now = self.true_now();
        let (drawing, run_due) = self.reader.judge(self.now, now, cause, self.requests);
        self.run_due |= run_due;
        self.steps.push(Step { now, drawing: Some(drawing), ticks: true });
    }

    fn true_now(&self) -> Timestamp {
        self.reader.known.clock.correct(self.now)
    }
}

fn earliest(instants: &[Option<Timestamp>]) -> Option<Timestamp> {
    instants.iter().copied().flatten().min()
}

//! What one widget knows, shows and tells, and when it looks again.

use crate::clock::{self, Alarm, Ring};
use crate::detail::Detail;
use crate::endpoint::Endpoint;
use crate::events::Events;
use crate::feed::{Refresh, Subscription};
use crate::fetch::Early;
use crate::given::{Given, Settings, supplied};
use crate::host::{self, StateSet};
use crate::json;
use crate::text::Sentence;
use crate::view::{RefreshOutcome, Scene};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use zoho_backup_core::clock::{ClockError, Timestamp};
use zoho_backup_core::fault::{Fault, FaultKind};
use zoho_backup_core::verdict::{Countdown, Knowledge, State, Verdict, verdict};

/// How long the outcome of a refresh is shown.
const OUTCOME_SHOWN: Duration = Duration::from_secs(10);

/// Why a widget looks at what it knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The host changed an option or the data: it needs no telling.
    Host,
    /// Time has passed.
    Time,
    /// It joined a feed that knew its answer already.
    Joined,
    /// A request has ended, or waits for the network.
    Request,
}

/// The outcome of a refresh that was asked for.
#[derive(Clone, Copy)]
struct Report {
    outcome: RefreshOutcome,
    /// How long it is shown; `None`: as long as it lasts.
    until: Option<Timestamp>,
    is_said: bool,
}

// Foreign code runs whenever the browser is called: a page may have wrapped `fetch`, and an event's listener may do
// anything. So no cell is borrowed across such a call, and events are dispatched in a task of their own.
pub struct Model {
    host: HtmlElement,
    pub scene: RwSignal<Rc<Scene>, LocalStorage>,
    /// By the server's clock, like all instants here.
    pub now: RwSignal<Timestamp>,
    /// What is said to those who do not see.
    pub said: RwSignal<Sentence>,
    settings: RefCell<Rc<Settings>>,
    known: RefCell<Rc<Knowledge>>,
    feed: RefCell<Option<Rc<Subscription>>>,
    alarm: RefCell<Option<Rc<Alarm>>>,
    /// State and staleness as the host knows them.
    told: Cell<(State, bool)>,
    /// The last run that was announced as due.
    told_due: Cell<Option<Timestamp>>,
    /// Until when the scene holds if nothing but time passes.
    holds_until: Cell<Option<Timestamp>>,
    report: Cell<Option<Report>>,
    /// Where style sheets see state and staleness, if the host is a custom element.
    states: Option<StateSet>,
    events: Rc<Events>,
    /// The `resolve` functions of those who wait for a refresh.
    waiting: RefCell<Vec<js_sys::Function>>,
}

impl Model {
    /// A model that knows nothing yet, with signals that belong to `owner`.
    pub fn new(
        host: HtmlElement,
        given: Given,
        states: Option<StateSet>,
        early: Early,
        owner: &Owner,
    ) -> Rc<Model> {
        let now = clock::now();
        let settings = Settings::of(&host, &given);
        let verdict = verdict(&Knowledge::default(), now, &settings.options.policy());
        let told = (verdict.state, verdict.stale);
        let clock = ClockError::default();
        let scene =
            Scene { settings: settings.clone(), verdict, url: String::new(), clock, now, outcome: None };
        let model = Rc::new(Model {
            events: Events::new(host.clone()),
            host,
            scene: owner.with(|| RwSignal::new_local(Rc::new(scene))),
            now: owner.with(|| RwSignal::new(now)),
            said: owner.with(|| RwSignal::new(Sentence::new())),
            settings: RefCell::new(settings),
            known: RefCell::default(),
            feed: RefCell::default(),
            alarm: RefCell::default(),
            told: Cell::new(told),
            told_due: Cell::default(),
            holds_until: Cell::default(),
            report: Cell::default(),
            states,
            waiting: RefCell::default(),
        });
        let looking = Rc::downgrade(&model);
        let look = move |why| {
            if let Some(model) = looking.upgrade() {
                if why == Ring::Awake {
                    model.take_over_locale();
                }
                model.look(Cause::Time);
            }
        };
        model.alarm.replace(Some(Rc::new(Alarm::new(look))));
        model.take_over(given, early);
        model
    }

    /// Ends it: no event, timer or request is left.
    pub fn end(&self) {
        self.events.forget();
        self.feed.take();
        self.alarm.take();
        self.resolve_waiting();
    }

    /// Takes over options or data.
    pub fn take_over(self: &Rc<Self>, given: Given, early: Early) {
        let settings = Settings::of(&self.host, &given);
        // What time has changed until now is not the host's doing.
        self.look(Cause::Time);
        self.settings.replace(settings.clone());
        let Given { data, warnings, .. } = given;
        warnings.into_iter().for_each(host::warn);
        let before = self.feed.borrow().clone();
        let options = &settings.options;
        let endpoint = Endpoint::resolve(options.proxy_url.as_deref(), options.credentials);
        let known = match (data, endpoint) {
            (None, Ok(endpoint)) => self.follow(endpoint, options.refresh_interval, early),
            (Some(data), _) => {
                self.feed.take();
                Rc::new(supplied(data))
            }
            (None, Err(refusal)) => {
                self.feed.take();
                Rc::new(Knowledge { fault: Some(Fault::bad_url(refusal)), ..Knowledge::default() })
            }
        };
        self.known.replace(known);
        // What came of a refresh is of no interest to another account, nor is one that nobody will end.
        let is_same_feed = before.as_ref().map(Rc::as_ptr) == self.feed.borrow().as_ref().map(Rc::as_ptr);
        let report = self.report.get().filter(|report| match report.outcome {
            RefreshOutcome::Busy => self.is_awaited(),
            _ => is_same_feed,
        });
        self.report.set(report);
        self.look(Cause::Host);
        if !self.is_awaited() {
            // There will be no answer to wait for.
            self.resolve_waiting();
        }
    }

    /// Reads the feed of that endpoint, the present one if it is the same. Returns what is known to begin with.
    fn follow(
        self: &Rc<Self>,
        endpoint: Endpoint,
        interval: Option<Duration>,
        early: Early,
    ) -> Rc<Knowledge> {
        let present = self.feed.borrow().clone();
        if let Some(present) = present.filter(|present| *present.endpoint() == endpoint) {
            present.set_interval(interval);
            // Not what the feed knows: that may be news that is still to be told.
            return self.known.borrow().clone();
        }
        drop(self.feed.take());
        let reading = Rc::downgrade(self);
        let publish = move |known: &Rc<Knowledge>| {
            // What is published before it has joined is told when it has.
            if let Some(model) = reading.upgrade().filter(|model| model.feed.borrow().is_some()) {
                model.receive(known, Cause::Request);
                model.resolve_waiting();
            }
        };
        let joined = Rc::new(Subscription::new(endpoint, interval, early, publish));
        let (model, feed) = (Rc::downgrade(self), Rc::downgrade(&joined));
        // What the feed knows already is news to this widget's host, like any first answer.
        if !joined.known().is_empty() {
            host::soon(move || {
                if let (Some(model), Some(feed)) = (model.upgrade(), feed.upgrade()) {
                    model.receive(&feed.known(), Cause::Joined);
                }
            });
        }
        self.feed.replace(Some(joined));
        Rc::default()
    }

    fn receive(self: &Rc<Self>, known: &Rc<Knowledge>, cause: Cause) {
        // A run that came due before this answer was seen passing.
        self.look(Cause::Time);
        self.known.replace(known.clone());
        if cause == Cause::Request
            && self.report.get().is_some_and(|report| report.outcome == RefreshOutcome::Busy)
        {
            self.report(self.last_outcome());
        }
        self.look(cause);
    }

    /// Writes as the page and the computer have it now: either may have gone to another zone or language.
    fn take_over_locale(self: &Rc<Self>) {
        let present = self.settings.borrow().clone();
        let Settings { options, texts, link, .. } = &*present;
        let settings = Settings::new(&self.host, options.clone(), texts.clone(), link.clone());
        if !Rc::ptr_eq(&settings.formats, &present.formats) || settings.pace != present.pace {
            self.settings.replace(settings);
            self.judge_anew();
        }
    }

    fn is_awaited(&self) -> bool {
        self.feed.borrow().as_ref().is_some_and(|feed| feed.is_awaited())
    }

    /// A reader asks for an answer, now if it may be. `resolve` is called with the verdict when there is one to tell.
    pub fn refresh(self: &Rc<Self>, resolve: Option<js_sys::Function>) {
        self.waiting.borrow_mut().extend(resolve);
        let feed = self.feed.borrow().clone();
        let refresh = feed.as_ref().map(|feed| feed.refresh());
        if let Some(feed) = feed.filter(|feed| self.known.borrow().is_empty() && !feed.known().is_empty()) {
            // It has joined a moment ago.
            self.receive(&feed.known(), Cause::Joined);
        }
        if let Some(refresh) = refresh {
            self.report(match refresh {
                Refresh::Awaited => RefreshOutcome::Busy,
                Refresh::Refused => RefreshOutcome::Refused,
                Refresh::Recent => self.last_outcome(),
            });
            self.judge_anew();
            self.look(Cause::Time);
        }
        if refresh != Some(Refresh::Awaited) {
            self.resolve_waiting();
        }
    }

    fn last_outcome(&self) -> RefreshOutcome {
        if self.known.borrow().fault.is_some() { RefreshOutcome::Failed } else { RefreshOutcome::Done }
    }

    fn report(&self, outcome: RefreshOutcome) {
        let until = (outcome != RefreshOutcome::Busy).then(|| self.true_now().after(OUTCOME_SHOWN));
        self.report.set(Some(Report { outcome, until, is_said: false }));
    }

    /// Has the next look judge, whatever holds.
    fn judge_anew(&self) {
        self.holds_until.set(Some(Timestamp::default()));
    }

    fn true_now(&self) -> Timestamp {
        let clock = self.known.borrow().clock;
        clock.correct(clock::now())
    }

    fn resolve_waiting(&self) {
        for resolve in self.waiting.take() {
            // A promise's own function: it does not throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &self.detail());
        }
    }

    /// Shows what holds now, sets the alarm for its next change, and tells the host what is news to it.
    fn look(self: &Rc<Self>, cause: Cause) {
        // None once its page is gone.
        let Some(mut scene) = self.scene.try_get_untracked() else { return };
        let now = self.true_now();
        // A clock that was set back makes everything new.
        let holds = scene.now <= now && self.holds_until.get().is_none_or(|at| now < at);
        if !(holds && cause == Cause::Time) {
            scene = self.judge(&scene.verdict, now, cause);
        }
        self.now.set(now);
        let next = [self.holds_until.get(), scene.text_changes_at(now)].into_iter().flatten().min();
        let (alarm, clock) = (self.alarm.borrow().clone(), self.known.borrow().clock);
        if let Some(alarm) = alarm {
            alarm.set(next.map(|at| clock.local(at)));
        }
    }

    /// Judges anew and shows the verdict in the place of the one before. The host is told what it did not do itself.
    fn judge(self: &Rc<Self>, before: &Verdict, now: Timestamp, cause: Cause) -> Rc<Scene> {
        let settings = self.settings.borrow().clone();
        let known = self.known.borrow().clone();
        let verdict = verdict(&known, now, &settings.options.policy());
        let shown = (verdict.state, verdict.stale);
        let told = self.told.get();
        // What has aged because nobody asked is told only if the request fails that is due.
        let feed = self.feed.borrow().clone();
        let is_due = feed.as_ref().is_some_and(|feed| feed.is_due());
        let is_withheld = verdict.stale && is_due && told.0 != State::Loading;
        // What was withheld is not the host's doing.
        let is_news = cause != Cause::Host || (before.state, before.stale) != shown;
        let has_changed = told != shown && is_news && !is_withheld;
        if has_changed {
            self.told.set(shown);
        }
        let is_failure = |fault: &Fault| fault.kind != FaultKind::Offline;
        let has_failed = cause == Cause::Request && verdict.fault.as_ref().is_some_and(is_failure);
        let comes_due = match before.countdown {
            Countdown::Until(at) if at <= now => self.told_due.replace(Some(at)) != Some(at),
            _ => false,
        };
        self.expose(shown);
        let report = self.report.get().filter(|report| report.until.is_none_or(|until| now < until));
        self.report.set(report.map(|report| Report { is_said: true, ..report }));
        let url = feed.as_ref().map(|feed| feed.endpoint().shown().to_owned());
        let scene = Rc::new(Scene {
            settings,
            verdict,
            url: url.unwrap_or_default(),
            clock: known.clock,
            now,
            outcome: report.map(|report| report.outcome),
        });
        let changes =
            [scene.verdict.changes_at, scene.day_changes_at(), report.and_then(|report| report.until)];
        self.holds_until.set(changes.into_iter().flatten().min());
        if let Some(report) = report.filter(|report| !report.is_said) {
            self.said.set(scene.announcement_of(report.outcome));
        } else if told.0 == State::Loading || shown.0 == State::Loading {
            // Neither the wait for an answer nor the first one: a page of ten widgets would talk for a minute.
            self.said.set(Sentence::new());
        } else if has_changed {
            self.said.set(scene.announcement());
        }
        self.scene.set(scene.clone());
        if let Some(feed) = feed.filter(|_| comes_due) {
            feed.run_due();
        }
        if cause != Cause::Host {
            let news = [
                (comes_due, "backup-status-due"),
                (has_changed, "backup-status-change"),
                (has_failed, "backup-status-error"),
            ];
            for (_, event) in news.into_iter().filter(|(is_news, _)| *is_news) {
                self.events.announce(event, self.detail());
            }
        }
        scene
    }

    /// Lets style sheets see the state. Browsers that know no such states refuse them, which harms nobody.
    fn expose(&self, (state, stale): (State, bool)) {
        if let Some(states) = &self.states {
            let _ = states.clear();
            let _ = states.add(state.name());
            if stale {
                let _ = states.add("stale");
            }
        }
    }

    /// The verdict as plain data.
    pub fn detail(&self) -> JsValue {
        self.scene.try_get_untracked().map_or(JsValue::NULL, |scene| json::to_js(&Detail::of(&scene)))
    }
}

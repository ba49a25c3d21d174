//! One widget: its options, what it knows, what it shows, and what it tells its host.

use crate::clock::{self, Alarm, Ring};
use crate::detail::Detail;
use crate::endpoint::Endpoint;
use crate::feed::Subscription;
use crate::fetch::Early;
pub use crate::fetch::HeadStart;
pub use crate::given::Given;
use crate::given::{Settings, supplied};
pub use crate::host::StateSet;
use crate::text::Sentence;
use crate::view::{self, Scene};
use crate::{feed, host, json};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement, ShadowRoot};
use zoho_backup_core::clock::{ClockError, Timestamp};
use zoho_backup_core::countdown;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::reply::Body;
use zoho_backup_core::verdict::{Countdown, Knowledge, State, Verdict, verdict};

/// A widget that runs in a shadow root. Dropping it leaves the root empty and nothing behind.
#[must_use = "dropping a widget removes it from its page"]
pub struct Widget {
    model: Rc<Model>,
    _view: Box<dyn std::any::Any>,
    // Owns the signals, which the view reads to its end: fields are dropped in order.
    _owner: Owner,
}

impl std::fmt::Debug for Widget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Widget").finish_non_exhaustive()
    }
}

/// The longest time after a run's date until it is asked whether it has begun: spread, so that pages do not ask at once.
const DUE_ASK_WITHIN: f64 = 5_000.0;

/// Why a widget looks at what it knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The host changed an option or the data: it needs no telling.
    Host,
    /// Time has passed.
    Time,
    /// It joined a feed that knew its answer already.
    Joined,
    /// A request has ended.
    Request,
}

// Foreign code runs whenever the browser is called: a page may have wrapped `fetch`, and an event's listener may do
// anything. So no cell is borrowed across such a call, and events are dispatched in a task of their own.
struct Model {
    host: HtmlElement,
    scene: RwSignal<Scene, LocalStorage>,
    /// By the server's clock, like all instants here.
    now: RwSignal<Timestamp>,
    /// What is said to those who do not see.
    said: RwSignal<Sentence>,
    settings: RefCell<Rc<Settings>>,
    known: RefCell<Rc<Knowledge>>,
    feed: RefCell<Option<Rc<Subscription>>>,
    alarm: RefCell<Option<Rc<Alarm>>>,
    /// State and staleness as the host knows them.
    told: Cell<(State, bool)>,
    /// The last run that was announced as due.
    told_due: Cell<Option<Timestamp>>,
    /// What the countdown shows, and until when the verdict holds if nothing but time passes.
    countdown: Cell<Countdown>,
    holds_until: Cell<Option<Timestamp>>,
    judged_at: Cell<Timestamp>,
    /// Where style sheets see state and staleness, if the host is a custom element.
    states: Option<StateSet>,
    /// Events that wait for their dispatch, with their details.
    events: RefCell<Vec<(&'static str, JsValue)>>,
    /// The `resolve` functions of those who wait for a refresh.
    waiting: RefCell<Vec<js_sys::Function>>,
}

impl Widget {
    /// Shows a widget in the shadow root of `host`, on which its events fire. `states` are a custom element's.
    pub fn mount(
        host: HtmlElement,
        root: &ShadowRoot,
        given: Given,
        states: Option<StateSet>,
        head_start: Option<HeadStart>,
    ) -> Widget {
        let owner = Owner::new();
        let now = clock::now();
        let Given { options, link, texts, warnings, data } = given;
        let settings = Settings::new(&host, options, texts, link);
        let verdict = verdict(&Knowledge::default(), now, &settings.options.policy());
        let told = (verdict.state, verdict.stale);
        let scene = Scene {
            settings: settings.clone(),
            verdict,
            url: String::new(),
            clock: ClockError::default(),
            now,
        };
        let model = Rc::new(Model {
            host,
            scene: owner.with(|| RwSignal::new_local(scene)),
            now: owner.with(|| RwSignal::new(now)),
            said: owner.with(|| RwSignal::new(Sentence::new())),
            settings: RefCell::new(settings.clone()),
            known: RefCell::default(),
            feed: RefCell::default(),
            alarm: RefCell::default(),
            told: Cell::new(told),
            told_due: Cell::default(),
            countdown: Cell::new(Countdown::None),
            holds_until: Cell::default(),
            judged_at: Cell::default(),
            states,
            events: RefCell::default(),
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
        model.take_over(settings, warnings, data, Early::new(head_start));
        let refreshing = Rc::downgrade(&model);
        let refresh = move || {
            if let Some(model) = refreshing.upgrade() {
                model.refresh();
            }
        };
        // Leptos mounts into elements only; it does with them nothing that a shadow root could not.
        let parent = root.unchecked_ref::<HtmlElement>().clone();
        let (scene, now, said) = (model.scene, model.now, model.said);
        let view =
            owner.with(|| leptos::mount::mount_to(parent, move || view::widget(scene, now, said, refresh)));
        Widget { model, _view: Box::new(view), _owner: owner }
    }

    /// Takes over changed options or data.
    pub fn update(&self, given: Given) {
        let Given { options, link, texts, warnings, data } = given;
        let settings = Settings::new(&self.model.host, options, texts, link);
        self.model.take_over(settings, warnings, data, Early::default());
    }

    /// Asks now, at most once in 5 seconds. The promise resolves with the verdict, its `fault` set when that failed.
    pub fn refresh(&self) -> js_sys::Promise {
        let verdict = js_sys::Promise::new(&mut |resolve, _| self.model.waiting.borrow_mut().push(resolve));
        if !self.model.refresh() {
            self.model.resolve_waiting();
        }
        verdict
    }

    /// The verdict; `None` once the widget's page is gone.
    pub fn current(&self) -> Option<Verdict> {
        self.model.scene.try_with_untracked(|scene| scene.verdict.clone())
    }

    /// The verdict as plain data.
    pub fn verdict(&self) -> JsValue {
        self.model.detail()
    }
}

/// Ends all timers, requests and events for good, without a word to anybody: after a panic nothing is certain any more.
pub fn abandon_all() {
    clock::stop();
    feed::abandon_all();
}

impl Drop for Widget {
    fn drop(&mut self) {
        self.model.events.take();
        self.model.feed.take();
        self.model.alarm.take();
        self.model.resolve_waiting();
    }
}

impl Model {
    fn take_over(
        self: &Rc<Self>,
        settings: Rc<Settings>,
        warnings: Vec<String>,
        data: Option<Body>,
        early: Early,
    ) {
        // What time has changed until now is not the host's doing.
        self.look(Cause::Time);
        self.settings.replace(settings.clone());
        warnings.into_iter().for_each(host::warn);
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
        self.look(Cause::Host);
        if !self.is_asking() {
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
        let present = self.feed.take();
        if let Some(present) = present.filter(|present| *present.endpoint() == endpoint) {
            present.set_interval(interval);
            let known = present.known();
            self.feed.replace(Some(present));
            return known;
        }
        let reading = Rc::downgrade(self);
        let publish = move |known: &Rc<Knowledge>| {
            if let Some(model) = reading.upgrade() {
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
        self.look(cause);
    }

    /// Writes as the page and the computer have it now: either may have gone to another zone or language.
    fn take_over_locale(self: &Rc<Self>) {
        let present = self.settings.borrow().clone();
        let Settings { options, texts, link, .. } = &*present;
        let settings = Settings::new(&self.host, options.clone(), texts.clone(), link.clone());
        if !Rc::ptr_eq(&settings.formats, &present.formats) {
            self.settings.replace(settings);
            self.holds_until.set(Some(Timestamp::default()));
        }
    }

    fn is_asking(&self) -> bool {
        self.feed.borrow().as_ref().is_some_and(|feed| feed.is_asking())
    }

    /// Asks now if it may. Tells whether an answer is on its way.
    fn refresh(&self) -> bool {
        let feed = self.feed.borrow().clone();
        if let Some(feed) = feed {
            feed.refresh();
        }
        self.is_asking()
    }

    fn resolve_waiting(&self) {
        for resolve in self.waiting.take() {
            // A promise's own function: it does not throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &self.detail());
        }
    }

    /// Shows what holds now, sets the alarm for its next change, and tells the host what is news to it.
    fn look(self: &Rc<Self>, cause: Cause) {
        let clock = self.known.borrow().clock;
        let now = clock.correct(clock::now());
        // A clock that was set back makes everything new.
        let holds = self.judged_at.get() <= now && self.holds_until.get().is_none_or(|at| now < at);
        if !(holds && cause == Cause::Time) {
            self.judge(now, cause);
        }
        self.now.set(now);
        let pace = self.settings.borrow().pace();
        let text_changes_at =
            countdown::read(self.countdown.get(), now, pace).map(|reading| reading.changes_at);
        let next = [self.holds_until.get(), text_changes_at].into_iter().flatten().min();
        let alarm = self.alarm.borrow().clone();
        if let Some(alarm) = alarm {
            alarm.set(next.map(|at| clock.local(at)));
        }
    }

    /// Judges anew and shows the verdict. The host is told what it did not do itself.
    fn judge(self: &Rc<Self>, now: Timestamp, cause: Cause) {
        let settings = self.settings.borrow().clone();
        let known = self.known.borrow().clone();
        let verdict = verdict(&known, now, &settings.options.policy());
        let told = (verdict.state, verdict.stale);
        let before = self.told.replace(told);
        let has_changed = before != told;
        let has_failed = cause == Cause::Request && verdict.fault.is_some();
        let is_due = match self.countdown.replace(verdict.countdown) {
            Countdown::Until(at) if at <= now => self.told_due.replace(Some(at)) != Some(at),
            _ => false,
        };
        self.judged_at.set(now);
        self.expose(told);
        let url = self.feed.borrow().as_ref().map(|feed| feed.endpoint().shown().to_owned());
        let scene = Scene { settings, verdict, url: url.unwrap_or_default(), clock: known.clock, now };
        self.holds_until.set([scene.verdict.changes_at, scene.day_changes_at()].into_iter().flatten().min());
        // Neither the wait for an answer nor the first one: a page of ten widgets would talk for a minute.
        if before.0 == State::Loading || told.0 == State::Loading {
            self.said.set(Sentence::new());
        } else if has_changed {
            self.said.set(scene.announcement());
        }
        self.scene.set(scene);
        if is_due {
            self.ask_whether_begun();
        }
        if cause != Cause::Host {
            let news = [
                (is_due, "backup-status-due"),
                (has_changed, "backup-status-change"),
                (has_failed, "backup-status-error"),
            ];
            for (_, event) in news.into_iter().filter(|(is_news, _)| *is_news) {
                self.announce(event);
            }
        }
    }

    fn ask_whether_begun(&self) {
        let feed = self.feed.borrow().clone();
        let asks_by_itself = self.settings.borrow().options.refresh_interval.is_some();
        if let Some(feed) = feed.filter(|_| asks_by_itself) {
            feed.ask_within(Duration::from_millis((js_sys::Math::random() * DUE_ASK_WITHIN) as u64));
        }
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

    /// Has an event dispatched, with the verdict of this moment, when all that is under way is done.
    fn announce(self: &Rc<Self>, event: &'static str) {
        self.events.borrow_mut().push((event, self.detail()));
        let model = self.clone();
        host::soon(move || {
            // Each announcement brings one task; an unmounted widget has no events left.
            let mut events = model.events.borrow_mut();
            let event = (!events.is_empty()).then(|| events.remove(0));
            drop(events);
            if let Some((name, detail)) = event {
                model.dispatch(name, &detail);
            }
        });
    }

    fn dispatch(&self, name: &str, detail: &JsValue) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            // The host's own listeners: what they throw is reported by the browser, not here.
            let _ = self.host.dispatch_event(&event);
        }
    }

    fn detail(&self) -> JsValue {
        self.scene.try_with_untracked(|scene| json::to_js(&Detail::of(scene))).unwrap_or(JsValue::NULL)
    }
}

//! One widget: its options, what it knows, what it shows, and what it tells its host.

use crate::clock::{self, Alarm};
use crate::detail::Detail;
use crate::feed::Subscription;
use crate::fetch::Endpoint;
pub use crate::fetch::HeadStart;
use crate::intl::{Formats, Locale};
use crate::view::{self, Scene};
use crate::{host, json};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, CustomEventInit, HtmlElement, ShadowRoot};
use zoho_backup_core::clock::Timestamp;
use zoho_backup_core::countdown;
use zoho_backup_core::fault::{Fault, FaultKind};
use zoho_backup_core::options::{HourCycle, Options, Problem, Warning};
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::{Answer, Countdown, Knowledge, State, verdict};

/// A widget that runs in a shadow root. Dropping it leaves the root empty and nothing behind.
#[must_use = "dropping a widget removes it from its page"]
pub struct Widget {
    model: Rc<Model>,
    _view: Box<dyn std::any::Any>,
    // Owns the signals, which the view reads to its end: fields are dropped in order.
    _owner: Owner,
}

/// What a host gives to a widget: the options as they are written, and perhaps a document to show.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The options.
    pub options: Rc<Options>,
    /// The options that could not be taken as given.
    pub warnings: Vec<Warning>,
    /// A reply document to show instead of fetching one.
    pub data: Option<JsValue>,
}

/// Why a widget looks at what it knows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// The host changed an option or the data: it needs no telling.
    Host,
    /// Time has passed.
    Time,
    /// A request has ended.
    Request,
}

impl std::fmt::Debug for Widget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Widget").finish_non_exhaustive()
    }
}

struct Model {
    host: HtmlElement,
    scene: RwSignal<Scene, LocalStorage>,
    now: RwSignal<Timestamp>,
    options: RefCell<Rc<Options>>,
    warned: RefCell<Vec<Warning>>,
    known: RefCell<Rc<Knowledge>>,
    feed: RefCell<Option<Subscription>>,
    alarm: RefCell<Option<Alarm>>,
    /// State and staleness as the host knows them.
    told: Cell<(State, bool)>,
    /// What the countdown shows, and until when the verdict holds if nothing but time passes.
    countdown: Cell<Countdown>,
    holds_until: Cell<Option<Timestamp>>,
    /// The `resolve` functions of those who wait for a refresh.
    waiting: RefCell<Vec<js_sys::Function>>,
}

impl Given {
    /// Reads what JavaScript gives: an object with the options by their camelCase names, and `data`.
    pub fn read(object: &JsValue) -> Given {
        let (options, warnings) = Options::read(|name| host::text_of(object, name));
        Given { options: Rc::new(options), warnings, data: host::member(object, "data") }
    }
}

impl Widget {
    /// Shows a widget in the shadow root of `host`, on which its events fire.
    pub fn mount(
        host: HtmlElement,
        root: &ShadowRoot,
        given: Given,
        head_start: Option<&HeadStart>,
    ) -> Widget {
        let owner = Owner::new();
        let now = clock::now();
        let verdict = verdict(&Knowledge::default(), now, &given.options.policy());
        let model = Rc::new(Model {
            told: Cell::new((verdict.state, verdict.stale)),
            options: RefCell::default(),
            warned: RefCell::default(),
            known: RefCell::default(),
            feed: RefCell::default(),
            alarm: RefCell::default(),
            countdown: Cell::new(Countdown::None),
            holds_until: Cell::default(),
            waiting: RefCell::default(),
            now: owner.with(|| RwSignal::new(now)),
            scene: owner.with(|| {
                let formats = Formats::of(&locale(&host, &given.options));
                let options = given.options.clone();
                RwSignal::new_local(Scene { options, verdict, formats, url: String::new() })
            }),
            host,
        });
        let weak = Rc::downgrade(&model);
        model.alarm.replace(Some(Alarm::new(move || {
            if let Some(model) = weak.upgrade() {
                model.look(Cause::Time);
            }
        })));
        model.update(given, head_start);
        let weak = Rc::downgrade(&model);
        let refresh = move || {
            if let Some(model) = weak.upgrade() {
                model.refresh();
            }
        };
        // Leptos mounts into elements only; it does with them nothing that a shadow root could not.
        let parent = root.unchecked_ref::<HtmlElement>().clone();
        let (scene, now) = (model.scene, model.now);
        let view = owner.with(|| leptos::mount::mount_to(parent, move || view::widget(scene, now, refresh)));
        Widget { model, _view: Box::new(view), _owner: owner }
    }

    /// Takes over changed options or data.
    pub fn update(&self, given: Given) {
        self.model.update(given, None);
    }

    /// Asks now, at most once in 5 seconds. The promise resolves with the verdict, its `fault` set when that failed.
    pub fn refresh(&self) -> js_sys::Promise {
        js_sys::Promise::new(&mut |resolve, _| {
            if self.model.refresh() {
                self.model.waiting.borrow_mut().push(resolve);
            } else {
                self.model.resolve([resolve]);
            }
        })
    }

    /// The verdict as plain data.
    pub fn verdict(&self) -> JsValue {
        self.model.detail()
    }
}

impl Drop for Widget {
    fn drop(&mut self) {
        self.model.feed.take();
        self.model.alarm.take();
        self.model.resolve(self.model.waiting.take());
    }
}

impl Model {
    fn update(self: &Rc<Self>, given: Given, head_start: Option<&HeadStart>) {
        // What time has changed until now is not the host's doing.
        self.look(Cause::Time);
        let endpoint = Endpoint::resolve(given.options.proxy_url.as_deref(), given.options.credentials);
        let interval = given.options.refresh_interval;
        self.options.replace(given.options);
        self.warn(given.warnings);
        let known = match (given.data, endpoint) {
            (Some(data), _) => {
                self.feed.take();
                Rc::new(supplied(&data))
            }
            (None, Err(refusal)) => {
                self.feed.take();
                Rc::new(Knowledge { answer: None, fault: Some(Fault::bad_url(refusal)) })
            }
            (None, Ok(endpoint)) => self.follow(endpoint, interval, head_start),
        };
        self.known.replace(known);
        self.look(Cause::Host);
    }

    /// Tells the page's developer about each option that could not be taken as given, once.
    fn warn(&self, warnings: Vec<Warning>) {
        let warned = self.warned.replace(warnings);
        for warning in self.warned.borrow().iter().filter(|warning| !warned.contains(warning)) {
            host::warn(&explain(warning));
        }
    }

    /// Reads the feed of that endpoint, the present one if it is the same.
    fn follow(
        self: &Rc<Self>,
        endpoint: Endpoint,
        interval: Option<std::time::Duration>,
        head_start: Option<&HeadStart>,
    ) -> Rc<Knowledge> {
        let mut feed = self.feed.borrow_mut();
        let feed = match feed.take() {
            Some(present) if *present.endpoint() == endpoint => {
                present.set_interval(interval);
                feed.insert(present)
            }
            left => {
                let model = Rc::downgrade(self);
                let publish = move |known: &Rc<Knowledge>| {
                    if let Some(model) = model.upgrade() {
                        model.receive(known);
                    }
                };
                let joined = Subscription::new(endpoint, interval, head_start, publish);
                drop(left);
                feed.insert(joined)
            }
        };
        feed.known()
    }

    fn receive(&self, known: &Rc<Knowledge>) {
        // A run that came due before this answer was seen passing.
        self.look(Cause::Time);
        self.known.replace(known.clone());
        self.look(Cause::Request);
        self.resolve(self.waiting.take());
    }

    fn refresh(&self) -> bool {
        self.feed.borrow().as_ref().is_some_and(Subscription::refresh)
    }

    fn resolve(&self, waiting: impl IntoIterator<Item = js_sys::Function>) {
        for resolve in waiting {
            // A promise's own function: it does not throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &self.detail());
        }
    }

    /// Shows what holds now, sets the alarm for its next change, and tells the host what is news to it.
    fn look(&self, cause: Cause) {
        let now = clock::now();
        let holds = self.holds_until.get().is_none_or(|at| now < at);
        let news = if holds && cause == Cause::Time { Vec::new() } else { self.judge(now, cause) };
        self.now.set(now);
        let reading = countdown::read(self.countdown.get(), now, self.options.borrow().countdown);
        let text_changes_at = reading.map(|reading| reading.changes_at);
        if let Some(alarm) = &*self.alarm.borrow() {
            alarm.set([self.holds_until.get(), text_changes_at].into_iter().flatten().min());
        }
        for event in news {
            self.dispatch(event);
        }
    }

    /// Judges anew and shows the verdict. Returns what is news to the host, which knows what it was told and did itself.
    fn judge(&self, now: Timestamp, cause: Cause) -> Vec<&'static str> {
        let options = self.options.borrow().clone();
        let verdict = verdict(&self.known.borrow(), now, &options.policy());
        let told = (verdict.state, verdict.stale);
        let has_changed = self.told.replace(told) != told;
        let has_failed = cause == Cause::Request && verdict.fault.is_some();
        let was_counted_to = self.countdown.replace(verdict.countdown);
        let is_due = matches!(was_counted_to, Countdown::Until(at) if at <= now);
        self.holds_until.set(verdict.changes_at);
        let formats = Formats::of(&locale(&self.host, &options));
        let url = self.feed.borrow().as_ref().map(|feed| feed.endpoint().shown().to_owned());
        self.scene.set(Scene { options, verdict, formats, url: url.unwrap_or_default() });
        let news = [
            (is_due, "backup-status-due"),
            (has_changed, "backup-status-change"),
            (has_failed, "backup-status-error"),
        ];
        news.into_iter()
            .filter_map(|(is_news, event)| (is_news && cause != Cause::Host).then_some(event))
            .collect()
    }

    fn dispatch(&self, name: &str) {
        let init = CustomEventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_detail(&self.detail());
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &init) {
            // The host's own listeners: what they throw is reported by the browser, not here.
            let _ = self.host.dispatch_event(&event);
        }
    }

    fn detail(&self) -> JsValue {
        self.scene.try_with_untracked(|scene| Detail::of(scene).to_js()).unwrap_or(JsValue::NULL)
    }
}

/// What is known from a document that the host supplied.
fn supplied(data: &JsValue) -> Knowledge {
    // By way of text, so that what is read is a document: no getters, no cycles, no later changes.
    let body = json::stringify(data).and_then(|text| json::parse(&text)).map_or(Body::Text, Body::Json);
    match reply::read(Reply { status: 200, body, retry_at: None }) {
        Ok(backup) => {
            let answer = Answer { backup: backup.map(Arc::new), read_at: None };
            Knowledge { answer: Some(answer), fault: None }
        }
        Err(fault) => {
            let is_no_document = fault.kind == FaultKind::NotJson;
            let fault = if is_no_document { Fault::new(FaultKind::Malformed) } else { fault };
            Knowledge { answer: None, fault: Some(Fault { http_status: None, ..fault }) }
        }
    }
}

fn locale(host: &HtmlElement, options: &Options) -> Locale {
    let inherited =
        |given: &Option<String>, attribute| given.clone().or_else(|| host::inherited(host, attribute));
    let hour_cycle = || host::inherited(host, "hour-cycle").and_then(|word| HourCycle::from_name(&word));
    Locale {
        lang: inherited(&options.lang, "lang"),
        time_zone: inherited(&options.time_zone, "time-zone"),
        hour_cycle: options.hour_cycle.or_else(hour_cycle),
    }
}

/// A warning in words, for the page's developer.
fn explain(warning: &Warning) -> String {
    let Warning { option, given, problem } = warning;
    let (what, used) = match problem {
        Problem::NotANumber(default) => ("is not a number of seconds", default.to_string()),
        Problem::TooSmall(least) => ("is too small", least.to_string()),
        Problem::UnknownWord => ("is not a word it knows", "its default".to_owned()),
    };
    [option, " \"", given, "\" ", what, ": ", &used, " is used"].concat()
}

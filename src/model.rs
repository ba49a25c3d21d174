//! One widget: reports what happens to the [`Reader`], and carries out what that decides.

use crate::detail::Detail;
use crate::endpoint::Endpoint;
use crate::events::Events;
use crate::feed::Subscription;
use crate::fetch::head_start::HeadStart;
use crate::host_input::HostInput;
use crate::json;
use crate::page::attribute_watch::watch_attributes;
use crate::page::clock::{self, Alarm, Wake};
use crate::page::listener::Listener;
use crate::page::observer::Observer;
use crate::page::view_watch::watch_view;
use crate::page::{console, objects, tasks};
use crate::scene::Scene;
use crate::settings::{FOLLOWED, Settings};
use crate::signals::Signals;
use crate::state_set::StateSet;
use leptos::prelude::*;
use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};
use zoho_backup_core::clock_error::ClockError;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::Knowledge;
use zoho_backup_core::news::RefreshResult;
use zoho_backup_core::reader::{Drawing, Event, Reader, Step};
use zoho_backup_core::reason::State;
use zoho_backup_core::verdict::Verdict;
use zoho_backup_words::sentence::Sentence;

thread_local! {
    static MODELS: RefCell<Vec<Weak<Model>>> = const { RefCell::new(Vec::new()) };
}

/// Leaves nothing on the page that would call a widget. Safe to call during a panic.
pub fn abandon_all() {
    let models = MODELS.with(|models| models.try_borrow().map(|models| models.clone()));
    for model in models.iter().flatten().filter_map(Weak::upgrade) {
        for watch in [&model.ancestors, &model.in_view] {
            drop(watch.try_borrow_mut().map(|mut watch| watch.take()));
        }
        drop(model.popover.try_borrow_mut().map(|mut popover| popover.take()));
    }
}

/// What is shown in a shadow root.
struct View {
    root: ShadowRoot,
    mount: Box<dyn Fn() -> Box<dyn Any>>,
    mounted: RefCell<Option<Box<dyn Any>>>,
}

// Foreign code runs whenever the browser is called: a page may have wrapped `fetch`, and an event's listener may do
// anything. So no cell is borrowed across such a call, and events are dispatched in tasks of their own.
pub struct Model {
    host: HtmlElement,
    signals: Signals,
    reader: RefCell<Reader>,
    settings: RefCell<Rc<Settings>>,
    feed: RefCell<Option<Rc<Subscription>>>,
    alarm: RefCell<Option<Rc<Alarm>>>,
    /// The host's custom states, if it is a custom element.
    states: Option<StateSet>,
    events: Rc<Events>,
    /// Watches what the widget inherits from its ancestors.
    ancestors: RefCell<Option<Observer>>,
    /// Watches whether the host is in view.
    in_view: RefCell<Option<Observer>>,
    popover: RefCell<Option<Listener>>,
    view: RefCell<Option<Rc<View>>>,
    /// The `resolve` functions of those who wait for a refresh.
    waiting: RefCell<Vec<js_sys::Function>>,
}

impl Model {
    /// A model that knows nothing yet, with signals that belong to `owner`.
    pub fn new(
        host: HtmlElement,
        input: HostInput,
        states: Option<StateSet>,
        head_start: HeadStart,
        owner: &Owner,
    ) -> Rc<Model> {
        let now = clock::now();
        let settings = Settings::of(&host, &input, None);
        let reader = Reader::new(settings.setup(), now);
        let scene = Scene {
            settings: settings.clone(),
            verdict: reader.verdict().clone(),
            url: String::new(),
            clock: ClockError::default(),
            now,
            outcome: None,
            said: Sentence::new(),
            is_open: false,
        };
        let signals =
            owner.with(|| Signals { scene: RwSignal::new_local(Rc::new(scene)), now: RwSignal::new(now) });
        let model = Rc::new(Model {
            events: Events::new(host.clone()),
            host,
            signals,
            reader: RefCell::new(reader),
            settings: RefCell::new(settings),
            feed: RefCell::default(),
            alarm: RefCell::default(),
            states,
            ancestors: RefCell::default(),
            in_view: RefCell::default(),
            popover: RefCell::default(),
            view: RefCell::default(),
            waiting: RefCell::default(),
        });
        let woken = Rc::downgrade(&model);
        MODELS.with_borrow_mut(|models| {
            models.retain(|model| model.strong_count() > 0);
            models.push(woken.clone());
        });
        let wake = move |why| {
            if let Some(model) = woken.upgrade() {
                model.wake(why);
            }
        };
        model.alarm.replace(Some(Rc::new(Alarm::new(wake))));
        model.take_over(input, head_start);
        model.watch_view();
        model
    }

    /// What the view reads.
    pub fn signals(&self) -> Signals {
        self.signals
    }

    /// The verdict of the event that is being dispatched.
    pub fn dispatched(&self) -> Option<Rc<Verdict>> {
        self.events.dispatched()
    }

    /// Ends it: no event, timer or request is left.
    pub fn end(&self) {
        self.events.end();
        self.feed.take();
        self.alarm.take();
        self.ancestors.take();
        self.in_view.take();
        self.popover.take();
        self.view.take();
        self.settle_refresh(None);
    }

    /// Takes over options or data.
    pub fn take_over(self: &Rc<Self>, input: HostInput, head_start: HeadStart) {
        let settings = Settings::of(&self.host, &input, Some(&self.settings()));
        self.handle(Event::Time);
        self.set(settings.clone());
        self.watch_ancestors();
        let HostInput { data, warnings, .. } = input;
        warnings.into_iter().for_each(console::warn);
        let options = &settings.options;
        let endpoint = Endpoint::resolve(options.proxy_url.as_deref(), options.credentials);
        let known = match (data, endpoint) {
            (None, Ok(endpoint)) => self.follow(endpoint, options.refresh_interval, head_start),
            (Some(data), _) => {
                self.feed.take();
                Some(Knowledge::supplied(&data))
            }
            (None, Err(refusal)) => {
                self.feed.take();
                Some(Knowledge { fault: Some(Fault::bad_url(refusal)), ..Knowledge::default() })
            }
        };
        // The page's own code may have changed the settings again meanwhile.
        let setup = self.settings().setup();
        self.handle(Event::HostChanged { setup, known: known.map(Rc::new) });
    }

    /// Keeps what follows the badge's card until the widget ends.
    pub fn keep(&self, popover: Listener) {
        drop(self.popover.replace(Some(popover)));
    }

    /// Lets texts that tick stand still while nobody sees them.
    fn watch_view(self: &Rc<Self>) {
        let moved = Rc::downgrade(self);
        let watch = watch_view(&self.host, move |is_in_view| {
            let Some(model) = moved.upgrade() else { return };
            let is_open = model.signals.scene.try_get_untracked().is_some_and(|scene| scene.is_open);
            model.handle(Event::InView(is_in_view || is_open));
        });
        drop(self.in_view.replace(watch));
    }

    /// Follows what the host inherits from the trees that it is in now.
    fn watch_ancestors(self: &Rc<Self>) {
        let changed = Rc::downgrade(self);
        let watch = watch_attributes(&self.host, &FOLLOWED, move || {
            if let Some(model) = changed.upgrade() {
                model.wake(Wake::PageChanged);
            }
        });
        drop(self.ancestors.replace(watch));
    }

    /// Subscribes to the feed of that endpoint. Returns what is known to begin with; `None` if it is subscribed already.
    fn follow(
        self: &Rc<Self>,
        endpoint: Endpoint,
        interval: Option<Duration>,
        head_start: HeadStart,
    ) -> Option<Knowledge> {
        if let Some(present) = self.feed().filter(|present| *present.endpoint() == endpoint) {
            present.set_interval(interval);
            return None;
        }
        drop(self.feed.take());
        let subscribed = Rc::downgrade(self);
        let publish = move |known: &Rc<Knowledge>| {
            // Publications before the subscription is stored are skipped: `Joined` delivers them.
            if let Some(model) = subscribed.upgrade().filter(|model| model.feed.borrow().is_some()) {
                model.handle(Event::Published(known.clone()));
            }
        };
        let back = Rc::downgrade(self);
        let is_back = move || {
            if let Some(model) = back.upgrade() {
                model.watch_ancestors();
                model.wake(Wake::PageChanged);
            }
        };
        let joined = Subscription::new(&self.host, endpoint, interval, head_start, publish, is_back);
        let joined = Rc::new(joined);
        let (model, feed) = (Rc::downgrade(self), Rc::downgrade(&joined));
        tasks::soon(move || {
            if let (Some(model), Some(feed)) = (model.upgrade(), feed.upgrade()) {
                model.handle(Event::Joined(feed.known()));
            }
        });
        self.feed.replace(Some(joined));
        Some(Knowledge::default())
    }

    /// Asks for an answer, now if possible. `resolve` is called with the verdict when there is one.
    pub fn refresh(self: &Rc<Self>, resolve: Option<js_sys::Function>) {
        self.waiting.borrow_mut().extend(resolve);
        let Some(feed) = self.feed() else { return self.settle_refresh(Some(RefreshResult::Refused)) };
        let refresh = feed.refresh();
        // The page's own `fetch` may have changed the proxy URL: then the answer of the new one settles it.
        if self.feed().is_some_and(|present| Rc::ptr_eq(&present, &feed)) {
            self.handle(Event::Refreshed(refresh, feed.known()));
        }
    }

    fn wake(self: &Rc<Self>, why: Wake) {
        let renewed = match why {
            Wake::PageChanged => self.settings().renewed(&self.host),
            // Until it is out of view again: who has just printed a page may print another one.
            Wake::PagePrinted => return self.handle(Event::InView(true)),
            Wake::Time | Wake::PageLeft => None,
        };
        self.handle(match renewed {
            Some(settings) => {
                let setup = settings.setup();
                self.set(settings);
                Event::PageChanged(setup)
            }
            None => Event::Time,
        });
    }

    /// Takes over settings, and looks again once their language is there.
    fn set(self: &Rc<Self>, settings: Rc<Settings>) {
        if let Some(promise) = settings.awaited.clone() {
            let model = Rc::downgrade(self);
            let look = move || {
                if let Some(model) = model.upgrade() {
                    model.wake(Wake::PageChanged);
                }
            };
            tasks::after(promise, Box::new(look));
        }
        self.settings.replace(settings);
    }

    fn settings(&self) -> Rc<Settings> {
        self.settings.borrow().clone()
    }

    fn feed(&self) -> Option<Rc<Subscription>> {
        self.feed.borrow().clone()
    }

    fn handle(&self, event: Event) {
        // Its page is gone.
        if self.signals.scene.try_get_untracked().is_none() {
            return;
        }
        let now = clock::now();
        let feed = self.feed();
        // What the host supplied does not age: for it, this computer's clock may be set back.
        let set_back = if feed.is_none() { clock::set_back() } else { ClockError::default() };
        let requests = feed.map(|feed| feed.requests(now)).unwrap_or_default();
        let effects = self.reader.borrow_mut().handle(event, set_back.correct(now), requests);
        if effects.clears_said {
            self.alter(|scene| scene.said.clear());
        }
        for Step { now, drawing, ticks } in effects.steps {
            if let Some(drawing) = drawing {
                self.draw(drawing, now);
            }
            if ticks {
                self.signals.now.set(now);
            }
            let wake_at = self.reader.borrow().wake_at(now);
            let alarm = self.alarm.borrow().clone();
            if let Some(alarm) = alarm {
                alarm.set(wake_at.map(|at| set_back.local(at)));
            }
        }
        if effects.refreshed.is_some() {
            self.settle_refresh(effects.refreshed);
        }
        // Last, as it may start a request, whose `fetch` may be the page's own.
        if let Some(feed) = self.feed().filter(|_| effects.run_due) {
            feed.run_due();
        }
    }

    /// Shows the view that `mount` makes in the shadow root, until the widget ends.
    pub fn show(&self, root: &ShadowRoot, mount: impl Fn() -> Box<dyn Any> + 'static) {
        let mounted = RefCell::new(Some(mount()));
        let view = View { root: root.clone(), mount: Box::new(mount), mounted };
        self.view.replace(Some(Rc::new(view)));
        self.mark_language();
        if self.reader.borrow().verdict().state != State::Loading {
            self.leave_slot();
        }
    }

    /// Removes the slot that hides the view: its content shows until there is an answer, or the host changes what is shown.
    pub fn leave_slot(&self) {
        let view = self.view.borrow().clone();
        let slot = view.and_then(|view| view.root.query_selector("slot").ok().flatten());
        if let Some(slot) = slot {
            slot.remove();
        }
    }

    /// Shows the view anew if a translator of the browser's has replaced its texts: what it has replaced would never
    /// change again. Whether it has.
    fn renew_translated(&self, shown: &Scene) -> bool {
        let Some(view) = self.view.borrow().clone() else { return false };
        let find = |selector| view.root.query_selector(selector).ok().flatten();
        let state = find("[data-state]").and_then(|drawn| drawn.get_attribute("data-state"));
        let word = state.map(|state| shown.settings.texts.plain(&["word.", &state].concat()));
        let is_translated = find(".badge > span").is_some_and(|drawn| drawn.text_content() != word);
        if is_translated {
            view.mounted.take();
            view.mounted.replace(Some((view.mount)()));
        }
        is_translated
    }

    /// Draws the badge's card, or removes it. An open card may be in view without its badge.
    pub fn set_open(&self, is_open: bool) {
        self.alter(|scene| scene.is_open = is_open);
        if is_open {
            self.handle(Event::InView(true));
        }
    }

    fn alter(&self, change: impl FnOnce(&mut Scene)) {
        if let Some(mut scene) = self.signals.scene.try_get_untracked() {
            change(Rc::make_mut(&mut scene));
            self.signals.scene.set(scene);
        }
    }

    fn draw(&self, drawing: Drawing, now: Timestamp) {
        let Drawing { verdict, clock, outcome, announcement, events } = drawing;
        if verdict.state != State::Loading {
            self.leave_slot();
        }
        if let Some(states) = &self.states {
            states.show(verdict.state, verdict.stale);
        }
        let url = self.feed().map(|feed| feed.endpoint().shown().to_owned()).unwrap_or_default();
        let settings = self.settings();
        let shown = self.signals.scene.try_get_untracked();
        let is_kept = shown.as_ref().is_some_and(|shown| !self.renew_translated(shown));
        let is_open = is_kept && shown.as_ref().is_some_and(|shown| shown.is_open && shown.is_badge());
        // What was said in another language is left out.
        let said = shown.filter(|shown| shown.settings.lang == settings.lang);
        let said = said.map(|shown| shown.said.clone()).unwrap_or_default();
        let mut scene = Scene { settings, verdict, url, clock, now, outcome, said, is_open };
        let changes_at = scene.day_changes_at();
        self.reader.borrow_mut().drawing_changes_at(changes_at);
        if let Some(announcement) = announcement {
            scene.said = scene.announcement(announcement);
        }
        let scene = Rc::new(scene);
        self.signals.scene.set(scene.clone());
        self.mark_language();
        for event in events {
            self.events.announce(event, scene.verdict.clone(), json::to_js(&Detail::of(&scene)));
        }
    }

    /// Says in which language the view is. By hand: an attribute that changes would add a third of a kilobyte to Leptos.
    fn mark_language(&self) {
        let view = self.view.borrow().clone();
        let shown = view.and_then(|view| view.root.last_element_child());
        let (Some(shown), settings) = (shown, self.settings()) else { return };
        for (attribute, value) in [("lang", &settings.lang), ("dir", &settings.direction)] {
            objects::set(shown.unchecked_ref(), attribute, &value.into());
        }
    }

    /// Tells those who wait for a refresh how it went; `None`: the widget ends.
    fn settle_refresh(&self, result: Option<RefreshResult>) {
        for resolve in self.waiting.take() {
            let detail = result.map_or(JsValue::NULL, |result| {
                let detail = self.detail();
                objects::set(detail.unchecked_ref(), "outcome", &result.name().into());
                detail
            });
            // A promise's own function: it does not throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &detail);
        }
    }

    /// The verdict as plain data; `null` once the widget's page is gone.
    pub fn detail(&self) -> JsValue {
        let scene = self.signals.scene.try_get_untracked();
        scene.map_or(JsValue::NULL, |scene| json::to_js(&Detail::of(&scene)))
    }
}

//! One feed per proxy URL, shared by every widget of the page that asks it with the same credentials.
//!
//! [`zoho_backup_core::feed`] decides when it asks and what is known. This file carries it out.

use crate::endpoint::Endpoint;
use crate::fetch::head_start::HeadStart;
use crate::fetch::request::{AbortOnDrop, Request};
use crate::page::clock::{self, Alarm, Wake};
use crate::page::{environment, tasks};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;
use web_sys::HtmlElement;
use zoho_backup_core::feed::{self, Refresh, Requests};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::Knowledge;
use zoho_backup_core::polling::{Action, Effects, Event};

/// How often a feed looks whether one of its widgets is back in the page.
const AWAY_LOOK: Duration = Duration::from_secs(1);

thread_local! {
    static FEEDS: RefCell<Vec<Weak<Feed>>> = const { RefCell::new(Vec::new()) };
}

/// Aborts every request without telling anybody. Safe to call during a panic.
pub fn abandon_all() {
    let feeds = FEEDS.with(|feeds| feeds.try_borrow().map(|feeds| feeds.clone()));
    for feed in feeds.iter().flatten().filter_map(Weak::upgrade) {
        let request = feed.request.try_borrow_mut().ok().and_then(|mut request| request.take());
        drop(request);
    }
}

struct Feed {
    endpoint: Endpoint,
    decisions: RefCell<feed::Feed>,
    subscribers: RefCell<Vec<Weak<Subscriber>>>,
    request: RefCell<Option<AbortOnDrop>>,
    alarm: Alarm,
}

/// Receives what the feed knows after a request.
type Publish = Box<dyn Fn(&Rc<Knowledge>)>;

struct Subscriber {
    host: HtmlElement,
    /// Whether the host is in the page, when that was last looked at.
    is_present: Cell<bool>,
    interval: Cell<Option<Duration>>,
    publish: Publish,
    /// Called when the host is back in the page, perhaps elsewhere.
    is_back: Box<dyn Fn()>,
}

/// A widget's subscription to a feed.
#[must_use = "dropping it leaves the feed"]
pub struct Subscription {
    feed: Rc<Feed>,
    subscriber: Rc<Subscriber>,
}

impl Subscription {
    /// Joins the feed of that endpoint, which starts with its first subscriber and ends with its last. It asks only
    /// while the `host` of a subscriber is in the page.
    ///
    /// `publish` is called after every request, and `is_back` when the host is in the page again.
    pub fn new(
        host: &HtmlElement,
        endpoint: Endpoint,
        interval: Option<Duration>,
        head_start: HeadStart,
        publish: impl Fn(&Rc<Knowledge>) + 'static,
        is_back: impl Fn() + 'static,
    ) -> Subscription {
        let subscriber = Rc::new(Subscriber {
            host: host.clone(),
            is_present: Cell::new(true),
            interval: Cell::new(interval),
            publish: Box::new(publish),
            is_back: Box::new(is_back),
        });
        let present = FEEDS.with_borrow(|feeds| {
            feeds.iter().filter_map(Weak::upgrade).find(|feed| feed.endpoint == endpoint)
        });
        let feed = present.unwrap_or_else(|| Feed::new(endpoint));
        feed.subscribers.borrow_mut().push(Rc::downgrade(&subscriber));
        feed.look();
        feed.connect(head_start);
        Subscription { feed, subscriber }
    }

    /// What the feed knows so far.
    pub fn known(&self) -> Rc<Knowledge> {
        self.feed.known()
    }

    /// How the requests stand, by this computer's clock.
    pub fn requests(&self, now: Timestamp) -> Requests {
        self.feed.decisions.borrow().requests(now)
    }

    /// Changes how often this subscriber wants the feed to ask; `None`: only on [`refresh`](Self::refresh).
    pub fn set_interval(&self, interval: Option<Duration>) {
        self.subscriber.interval.set(interval);
        self.feed.look();
    }

    /// The endpoint that it asks.
    pub fn endpoint(&self) -> &Endpoint {
        &self.feed.endpoint
    }

    /// A run was seen coming due.
    pub fn run_due(&self) {
        self.feed.handle(Event::RunDue);
    }

    /// Asks now, if possible.
    pub fn refresh(&self) -> Refresh {
        self.feed.look();
        let (now, chance) = now_and_chance();
        let (refresh, effects) = self.feed.decisions.borrow_mut().refresh(now, chance);
        self.feed.carry_out(effects, HeadStart::default());
        refresh
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let this = Rc::as_ptr(&self.subscriber);
        self.feed.subscribers.borrow_mut().retain(|subscriber| subscriber.as_ptr() != this);
        // Without subscribers, it only has to end.
        if !self.feed.subscribers().is_empty() {
            self.feed.look();
        }
    }
}

impl Feed {
    fn new(endpoint: Endpoint) -> Rc<Feed> {
        let feed = Rc::new_cyclic(|feed: &Weak<Feed>| {
            let feed = feed.clone();
            let wake = move |why| {
                if let Some(feed) = feed.upgrade() {
                    feed.wake(why);
                }
            };
            Feed {
                endpoint,
                decisions: RefCell::default(),
                subscribers: RefCell::default(),
                request: RefCell::default(),
                alarm: Alarm::new(wake),
            }
        });
        FEEDS.with_borrow_mut(|feeds| {
            feeds.retain(|feed| feed.strong_count() > 0);
            feeds.push(Rc::downgrade(&feed));
        });
        feed
    }

    fn connect(self: &Rc<Self>, head_start: HeadStart) {
        let (now, chance) = now_and_chance();
        let effects = self.decisions.borrow_mut().handle(Event::Connected, now, chance);
        self.carry_out(effects, head_start);
    }

    fn known(&self) -> Rc<Knowledge> {
        self.decisions.borrow().known().clone()
    }

    fn wake(self: &Rc<Self>, why: Wake) {
        match why {
            Wake::Time => {
                self.look();
                self.handle(Event::Timer);
            }
            Wake::PageChanged => {
                self.look();
                self.handle(Event::PageShown);
            }
            Wake::PageLeft => self.handle(Event::PageHidden),
            Wake::PagePrinted => {}
        }
    }

    /// Reports how the page is now, as its own listeners may be called before ours, and the shortest interval that a
    /// subscriber wants who is there.
    fn look(self: &Rc<Self>) {
        let mut interval = None;
        for subscriber in self.subscribers() {
            let is_present = environment::is_in_window(&subscriber.host);
            let was_present = subscriber.is_present.replace(is_present);
            if is_present {
                if !was_present {
                    (subscriber.is_back)();
                }
                interval = [interval, subscriber.interval.get()].into_iter().flatten().min();
            }
        }
        let is_seen = !environment::is_hidden() && !self.is_away();
        if !is_seen {
            self.handle(Event::Hidden);
        }
        // In this order: a network that has returned needs its moment, also where the page is seen again as well.
        self.handle(if environment::is_online() { Event::Online } else { Event::Offline });
        self.handle(Event::OptionsChanged { interval });
        if is_seen {
            self.handle(Event::Visible);
        }
    }

    /// Whether no subscriber is in the page.
    fn is_away(&self) -> bool {
        !self.subscribers().iter().any(|subscriber| subscriber.is_present.get())
    }

    fn handle(self: &Rc<Self>, event: Event) {
        let (now, chance) = now_and_chance();
        let effects = self.decisions.borrow_mut().handle(event, now, chance);
        self.carry_out(effects, HeadStart::default());
    }

    fn carry_out(self: &Rc<Self>, effects: Effects, head_start: HeadStart) {
        // No event tells that a widget is back in the page.
        let is_one_away = self.subscribers().iter().any(|subscriber| !subscriber.is_present.get());
        let look_at = is_one_away.then(|| clock::now().after(AWAY_LOOK));
        self.alarm.set([effects.wake_at, look_at].into_iter().flatten().min());
        match effects.action {
            Some(Action::Fetch) => self.fetch(head_start),
            Some(Action::Abort) => drop(self.request.take()),
            Some(Action::Publish) => self.publish(),
            Some(Action::RefreshRefused) | None => {}
        }
    }

    fn fetch(self: &Rc<Self>, head_start: HeadStart) {
        let request = Request::start(&self.endpoint, head_start);
        let abort_on_drop = request.abort_on_drop();
        // The page's own `fetch` may have left the page.
        if !self.decisions.borrow().is_asking() {
            return;
        }
        self.request.replace(Some(abort_on_drop));
        let feed = Rc::downgrade(self);
        tasks::spawn(Box::pin(async move {
            let exchange = request.answer().await;
            // Without subscribers the feed has ended.
            let Some(feed) = feed.upgrade() else { return };
            // The request may have been aborted or abandoned meanwhile, and another be under way.
            let ended = feed.request.borrow_mut().take_if(|present| present.is_of(&request));
            let Some(ended) = ended else { return };
            ended.disarm();
            let (now, chance) = now_and_chance();
            let effects = feed.decisions.borrow_mut().finish(exchange, now, chance);
            feed.carry_out(effects, HeadStart::default());
        }));
    }

    fn publish(&self) {
        for subscriber in self.subscribers() {
            (subscriber.publish)(&self.known());
        }
    }

    fn subscribers(&self) -> Vec<Rc<Subscriber>> {
        self.subscribers.borrow().iter().filter_map(Weak::upgrade).collect()
    }
}

/// Now, and a random number. Both may be a page's own code, so they come before anything is borrowed.
fn now_and_chance() -> (Timestamp, u32) {
    let chance = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    (clock::now(), chance)
}

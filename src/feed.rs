//! One feed per proxy URL, shared by every widget of the page that asks it with the same credentials.
//!
//! When it asks is decided by [`polling`](zoho_backup_core::polling). It ends with its last reader.

use crate::clock::{self, Alarm, Ring};
use crate::endpoint::Endpoint;
use crate::fetch::{AbortOnDrop, Answered, Early, Request};
use crate::host;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use zoho_backup_core::clock::Timestamp;
use zoho_backup_core::fault::{Fault, FaultKind};
use zoho_backup_core::polling::{Action, Effects, Event, Machine, Outcome};
use zoho_backup_core::verdict::{Answer, Knowledge};

thread_local! {
    static FEEDS: RefCell<Vec<Weak<Feed>>> = const { RefCell::new(Vec::new()) };
}

/// Aborts every request without telling anybody. Safe to call in the midst of a panic.
pub fn abandon_all() {
    let feeds = FEEDS.with(|feeds| feeds.try_borrow().map(|feeds| feeds.clone()));
    for feed in feeds.iter().flatten().filter_map(Weak::upgrade) {
        let request = feed.under_way.try_borrow_mut().ok().and_then(|mut request| request.take());
        drop(request);
    }
}

struct Feed {
    endpoint: Endpoint,
    known: RefCell<Rc<Knowledge>>,
    readers: RefCell<Vec<Weak<Reader>>>,
    machine: RefCell<Machine>,
    under_way: RefCell<Option<AbortOnDrop>>,
    alarm: Alarm,
}

/// Takes what the feed knows after a request, or when there can be none.
type Publish = Box<dyn Fn(&Rc<Knowledge>)>;

struct Reader {
    interval: Cell<Option<Duration>>,
    publish: Publish,
}

/// What became of a refresh that was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Refresh {
    /// An answer is on its way, or will be in a moment.
    Awaited,
    /// The last answer or fault is of a moment ago.
    Recent,
    /// There is no request now: the page is hidden or offline, or the last answer asked to wait.
    Refused,
}

/// A widget's place among the readers of a feed.
#[must_use = "dropping it leaves the feed"]
pub struct Subscription {
    feed: Rc<Feed>,
    reader: Rc<Reader>,
}

impl Subscription {
    /// Joins the feed of that endpoint, which starts if nobody else reads it.
    ///
    /// `publish` is called after every request, and when there can be none; perhaps from within this call.
    pub fn new(
        endpoint: Endpoint,
        interval: Option<Duration>,
        early: Early,
        publish: impl Fn(&Rc<Knowledge>) + 'static,
    ) -> Subscription {
        let reader = Rc::new(Reader { interval: Cell::new(interval), publish: Box::new(publish) });
        let found = FEEDS.with_borrow(|feeds| {
            feeds.iter().filter_map(Weak::upgrade).find(|feed| feed.endpoint == endpoint)
        });
        let feed = found.unwrap_or_else(|| Feed::start(endpoint, early));
        feed.readers.borrow_mut().push(Rc::downgrade(&reader));
        feed.heed_readers();
        Subscription { feed, reader }
    }

    /// What the feed knows so far.
    pub fn known(&self) -> Rc<Knowledge> {
        self.feed.known.borrow().clone()
    }

    /// Changes how often this reader wants the feed to ask; `None`: only on [`refresh`](Self::refresh).
    pub fn set_interval(&self, interval: Option<Duration>) {
        self.reader.interval.set(interval);
        self.feed.heed_readers();
    }

    /// Whom it asks.
    pub fn endpoint(&self) -> &Endpoint {
        &self.feed.endpoint
    }

    /// Whether an answer is on its way, or will be in a moment.
    pub fn is_awaited(&self) -> bool {
        self.feed.machine.borrow().is_awaited()
    }

    /// Whether what is known may be replaced in a moment.
    pub fn is_due(&self) -> bool {
        let now = clock::now();
        self.feed.machine.borrow().is_due(now)
    }

    /// Tells that a run was seen coming due.
    pub fn run_due(&self) {
        self.feed.tell(Event::RunDue);
    }

    /// Asks now, if it may be.
    pub fn refresh(&self) -> Refresh {
        self.feed.look_around();
        match self.feed.tell(Event::RefreshAsked) {
            Some(Action::RefreshRefused | Action::ReportOffline) => Refresh::Refused,
            _ if self.is_awaited() => Refresh::Awaited,
            _ => Refresh::Recent,
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let this = Rc::as_ptr(&self.reader);
        self.feed.readers.borrow_mut().retain(|reader| reader.as_ptr() != this);
        // Without readers, it has only to end.
        if !self.feed.readers().is_empty() {
            self.feed.heed_readers();
        }
    }
}

impl Feed {
    fn start(endpoint: Endpoint, early: Early) -> Rc<Feed> {
        let feed = Rc::new_cyclic(|feed: &Weak<Feed>| {
            let feed = feed.clone();
            let ring = move |why| {
                let Some(feed) = feed.upgrade() else { return };
                match why {
                    Ring::Time => {
                        feed.look_around();
                        feed.tell(Event::Timer);
                    }
                    Ring::Awake => {
                        feed.look_around();
                        feed.tell(Event::PageShown);
                    }
                    Ring::Left => {
                        feed.tell(Event::PageHidden);
                    }
                }
            };
            Feed {
                endpoint,
                known: RefCell::default(),
                readers: RefCell::default(),
                machine: RefCell::new(Machine::new(None)),
                under_way: RefCell::default(),
                alarm: Alarm::new(ring),
            }
        });
        FEEDS.with_borrow_mut(|feeds| {
            feeds.retain(|feed| feed.strong_count() > 0);
            feeds.push(Rc::downgrade(&feed));
        });
        feed.look_around();
        feed.tell_with(Event::Connected, early);
        feed
    }

    /// Tells the machine how the page is now: the page's own listeners may be called before ours.
    fn look_around(self: &Rc<Self>) {
        // In this order: a network that has returned needs its moment, also where the page is seen again as well.
        self.tell(if host::is_online() { Event::Online } else { Event::Offline });
        self.tell(if host::is_hidden() { Event::Hidden } else { Event::Visible });
    }

    /// Tells the machine how often the readers want to be told.
    fn heed_readers(self: &Rc<Self>) {
        self.look_around();
        let interval = self.readers().iter().filter_map(|reader| reader.interval.get()).min();
        self.tell(Event::OptionsChanged { interval });
    }

    fn tell(self: &Rc<Self>, event: Event) -> Option<Action> {
        self.tell_with(event, Early::default())
    }

    /// Tells the machine what happened, and does what it says.
    fn tell_with(self: &Rc<Self>, event: Event, early: Early) -> Option<Action> {
        // Both may be a page's own code: not called while anything is borrowed, and the time last.
        let chance = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        let now = clock::now();
        let Effects { action, wake_at } = self.machine.borrow_mut().handle(event, now, chance);
        self.alarm.set(wake_at);
        match action {
            Some(Action::Fetch) => self.fetch(early),
            Some(Action::Abort) => drop(self.under_way.take()),
            Some(Action::Publish) => self.publish(),
            Some(Action::ReportOffline) => {
                let fault = Some(Fault::new(FaultKind::Offline));
                let known = Knowledge { fault, ..(**self.known.borrow()).clone() };
                self.known.replace(Rc::new(known));
                self.publish();
            }
            Some(Action::RefreshRefused) | None => {}
        }
        action
    }

    fn fetch(self: &Rc<Self>, early: Early) {
        let request = Request::start(&self.endpoint, early);
        let under_way = request.abort_on_drop();
        // The page's own `fetch` may have left the page.
        if !self.machine.borrow().is_asking() {
            return;
        }
        self.under_way.replace(Some(under_way));
        let feed = Rc::downgrade(self);
        spawn_local(async move {
            let answered = request.answer().await;
            // Without readers there is no feed any more, and nobody to tell.
            let Some(feed) = feed.upgrade() else { return };
            // It may have been aborted or abandoned meanwhile, and another be under way.
            let ended = feed.under_way.borrow_mut().take_if(|under_way| under_way.is_of(&request));
            let Some(ended) = ended else { return };
            ended.disarm();
            let known = after(&feed.known.borrow(), answered, request.sent);
            let outcome = how_it_ended(&known);
            feed.known.replace(Rc::new(known));
            feed.tell(Event::Answered(outcome));
        });
    }

    fn publish(&self) {
        for reader in self.readers() {
            let known = self.known.borrow().clone();
            (reader.publish)(&known);
        }
    }

    fn readers(&self) -> Vec<Rc<Reader>> {
        self.readers.borrow().iter().filter_map(Weak::upgrade).collect()
    }
}

/// What is known after a request.
fn after(before: &Knowledge, answered: Answered, sent: Timestamp) -> Knowledge {
    let Answered { result, arrived, server } = answered;
    match result {
        Ok(backup) => {
            let clock = match (server, arrived) {
                (Some(server), Some(arrived)) => before.clock.after(server, sent, arrived),
                _ => before.clock,
            };
            // What a cache has kept was read as long ago.
            let age = server.map(|server| server.age).unwrap_or_default();
            let read_at = arrived.map(|arrived| clock.correct(arrived).before(age));
            let answer = Answer { backup: backup.map(Arc::new), read_at };
            Knowledge { answer: Some(answer), fault: None, clock }
        }
        Err(fault) => {
            let retry_at = fault.retry_at.map(|at| before.clock.correct(at));
            Knowledge { fault: Some(Fault { retry_at, ..fault }), ..before.clone() }
        }
    }
}

/// How the request ended that has led to this knowledge.
fn how_it_ended(known: &Knowledge) -> Outcome {
    match &known.fault {
        None => {
            let now = known.clock.correct(clock::now());
            Outcome::Good { running_or_due: known.is_running_or_due(now) }
        }
        Some(fault) => Outcome::Failed {
            configuration: fault.kind.is_configuration(),
            retry_at: fault.retry_at.map(|at| known.clock.local(at)),
        },
    }
}

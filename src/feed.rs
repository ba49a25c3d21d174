//! One feed per proxy URL, shared by every widget of the page that asks it with the same credentials.
//!
//! A feed asks at once when it gets its first reader, then at the shortest interval that one of them wants,
//! counted from start to start. It ends with its last reader.

use crate::clock::{self, Alarm, Ring};
use crate::endpoint::Endpoint;
use crate::fetch::{AbortOnDrop, Answered, Early, Request};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use zoho_backup_core::clock::Timestamp;
use zoho_backup_core::verdict::{Answer, Knowledge};

/// The shortest time between two requests that a reader asks for.
const REFRESH_AT_MOST_EVERY: Duration = Duration::from_secs(5);

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
    under_way: RefCell<Option<AbortOnDrop>>,
    last_started: Cell<Option<Timestamp>>,
    /// When a run was seen coming due: a time to ask before the interval's.
    due_ask: Cell<Option<Timestamp>>,
    timer: Alarm,
}

/// Takes what the feed knows after a request.
type Publish = Box<dyn Fn(&Rc<Knowledge>)>;

struct Reader {
    interval: Cell<Option<Duration>>,
    publish: Publish,
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
    /// `publish` is called after every request, never from within this call.
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
        let feed = found.clone().unwrap_or_else(|| Feed::new(endpoint));
        feed.readers.borrow_mut().push(Rc::downgrade(&reader));
        match found {
            None => feed.ask(early),
            Some(_) => feed.wait(),
        }
        Subscription { feed, reader }
    }

    /// What the feed knows so far.
    pub fn known(&self) -> Rc<Knowledge> {
        self.feed.known.borrow().clone()
    }

    /// Changes how often this reader wants the feed to ask; `None`: only on [`refresh`](Self::refresh).
    pub fn set_interval(&self, interval: Option<Duration>) {
        self.reader.interval.set(interval);
        self.feed.wait();
    }

    /// Whom it asks.
    pub fn endpoint(&self) -> &Endpoint {
        &self.feed.endpoint
    }

    /// Whether an answer is on its way.
    pub fn is_asking(&self) -> bool {
        self.feed.is_asking()
    }

    /// Asks after so long, unless it asks before then.
    pub fn ask_within(&self, wait: Duration) {
        self.feed.due_ask.set(Some(clock::now().after(wait)));
        self.feed.wait();
    }

    /// Asks now, unless a request is under way or was a moment ago.
    pub fn refresh(&self) {
        let now = clock::now();
        let is_moment_ago = |at: Timestamp| (at..at.after(REFRESH_AT_MOST_EVERY)).contains(&now);
        if !self.feed.last_started.get().is_some_and(is_moment_ago) {
            self.feed.ask(Early::default());
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let this = Rc::as_ptr(&self.reader);
        self.feed.readers.borrow_mut().retain(|reader| reader.as_ptr() != this);
        self.feed.wait();
    }
}

impl Feed {
    fn new(endpoint: Endpoint) -> Rc<Feed> {
        let feed = Rc::new_cyclic(|feed: &Weak<Feed>| {
            let feed = feed.clone();
            let ask = move |why| {
                if let (Ring::Time, Some(feed)) = (why, feed.upgrade()) {
                    feed.ask(Early::default());
                }
            };
            Feed {
                endpoint,
                known: RefCell::default(),
                readers: RefCell::default(),
                under_way: RefCell::default(),
                last_started: Cell::new(None),
                due_ask: Cell::new(None),
                timer: Alarm::new(ask),
            }
        });
        FEEDS.with_borrow_mut(|feeds| {
            feeds.retain(|feed| feed.strong_count() > 0);
            feeds.push(Rc::downgrade(&feed));
        });
        feed
    }

    fn is_asking(&self) -> bool {
        self.under_way.borrow().is_some()
    }

    fn ask(self: &Rc<Self>, early: Early) {
        if self.is_asking() {
            return;
        }
        let Some(request) = Request::start(&self.endpoint, early) else { return };
        self.timer.set(None);
        self.due_ask.set(None);
        self.last_started.set(Some(clock::now()));
        self.under_way.replace(Some(request.abort_on_drop()));
        let feed = Rc::downgrade(self);
        spawn_local(async move {
            let answered = request.answer().await;
            // Without readers there is no feed any more, and nobody to tell.
            let Some(feed) = feed.upgrade() else { return };
            // It may have been abandoned meanwhile.
            let Some(ended) = feed.under_way.take() else { return };
            ended.disarm();
            let known = after(&feed.known.borrow(), answered, request.sent);
            feed.known.replace(Rc::new(known));
            feed.wait();
            feed.publish();
        });
    }

    /// Sets the timer for the next request.
    fn wait(&self) {
        if self.is_asking() {
            return;
        }
        let interval = self.readers().iter().filter_map(|reader| reader.interval.get()).min();
        // A start that lies ahead was before the computer's clock was set back.
        let last_started = self.last_started.get().map(|at| at.min(clock::now()));
        let next = last_started.zip(interval).map(|(at, interval)| at.after(interval));
        self.timer.set([next, self.due_ask.get()].into_iter().flatten().min());
    }

    fn publish(&self) {
        let known = self.known.borrow().clone();
        for reader in self.readers() {
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
        Err(fault) => Knowledge { fault: Some(fault), ..before.clone() },
    }
}

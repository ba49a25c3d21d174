//! The requests that the sandbox has received, for tests.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use tokio::sync::Notify;

use crate::accounts::TOKEN;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The response is not sent yet.
    Pending,
    /// The response was sent, or the connection was ended because the scenario says so.
    Answered,
    /// The client closed the connection before the end of the response.
    Abandoned,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The scenario that it requested, if any; [`TOKEN`] if it requested a token. If it lacked a valid token that the
    /// API requires, the scenario of that error.
    pub scenario: Option<&'static str>,
    /// Its method.
    pub method: Method,
    /// Its path and query.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// The fields of its form in the order in which they were sent, if it requested a token.
    pub form: Vec<(String, String)>,
    /// When it arrived.
    pub at: Instant,
    /// How it ended.
    pub outcome: Outcome,
}

impl Request {
    /// A request that arrives now.
    pub(crate) fn new(scenario: Option<&'static str>, request: &Parts) -> Self {
        Self {
            scenario,
            method: request.method.clone(),
            path: request.uri.to_string(),
            headers: request.headers.clone(),
            form: Vec::new(),
            at: Instant::now(),
            outcome: Outcome::Pending,
        }
    }
}

/// The requests so far, in the order of their arrival. Clones share one record.
#[derive(Clone, Debug, Default)]
pub struct Record(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    entries: Mutex<Entries>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Entries {
    /// How many requests `clear` removed. A pending request finds its entry by its number minus this.
    cleared: usize,
    requests: Vec<Request>,
}

impl Record {
    /// All requests, CORS preflights included.
    #[must_use]
    pub fn all(&self) -> Vec<Request> {
        self.entries().requests.clone()
    }

    /// The requests for this scenario.
    #[must_use]
    pub fn of(&self, scenario: &str) -> Vec<Request> {
        let mut requests = self.all();
        requests.retain(|request| request.scenario == Some(scenario));
        requests
    }

    /// How many times this scenario was requested with `GET`, or a token with `POST`.
    #[must_use]
    pub fn count(&self, scenario: &str) -> usize {
        let method = if scenario == TOKEN { Method::POST } else { Method::GET };
        let counts = |request: &&Request| request.scenario == Some(scenario) && request.method == method;
        self.entries().requests.iter().filter(counts).count()
    }

    /// Resolves as soon as the requests satisfy `condition`; never, if they never do.
    pub async fn until(&self, mut condition: impl FnMut(&[Request]) -> bool) {
        loop {
            // Subscribe before the check, so that no change between the two is missed.
            let mut changed = pin!(self.0.changed.notified());
            changed.as_mut().enable();
            if condition(&self.entries().requests) {
                return;
            }
            changed.await;
        }
    }

    /// Removes all requests from the record.
    pub fn clear(&self) {
        let mut entries = self.entries();
        entries.cleared += entries.requests.len();
        entries.requests.clear();
    }

    pub(crate) fn add(&self, request: Request) -> Pending {
        let mut entries = self.entries();
        let number = entries.cleared + entries.requests.len();
        entries.requests.push(request);
        self.0.changed.notify_waiters();
        Pending { record: self.clone(), number }
    }

    fn settle(&self, number: usize, outcome: Outcome) {
        let mut entries = self.entries();
        let Some(index) = number.checked_sub(entries.cleared) else {
            return;
        };
        if let Some(request) = entries.requests.get_mut(index)
            && request.outcome == Outcome::Pending
        {
            request.outcome = outcome;
            self.0.changed.notify_waiters();
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request whose response is not complete. Dropped before `answered` is called, it counts as abandoned.
#[must_use]
pub(crate) struct Pending {
    record: Record,
    number: usize,
}

impl Pending {
    pub(crate) fn answered(&self) {
        self.record.settle(self.number, Outcome::Answered);
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.record.settle(self.number, Outcome::Abandoned);
    }
}

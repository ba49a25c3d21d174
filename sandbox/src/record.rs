//! What the sandbox was asked, for tests.

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
    /// The answer is still to come.
    Pending,
    /// It was answered, or the connection was ended because the scenario says so.
    Answered,
    /// The client went away before the answer, or in the middle of it.
    Abandoned,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The scenario that it asked for, if any; [`TOKEN`] if it asked for a token. Where the API
    /// demands a token and none or a wrong one came, it is the scenario of that error.
    pub scenario: Option<&'static str>,
    /// Its method.
    pub method: Method,
    /// Its path and query.
    pub path: String,
    /// Its headers.
    pub headers: HeaderMap,
    /// The fields of its form, in their order, if it asked for a token.
    pub form: Vec<(String, String)>,
    /// When it arrived.
    pub at: Instant,
    /// How it ended.
    pub outcome: Outcome,
}

impl Request {
    /// This request, arriving now.
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

/// The requests seen so far, in the order of their arrival. Clones share one record.
#[derive(Clone, Debug, Default)]
pub struct Record(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    entries: Mutex<Entries>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Entries {
    /// How many requests were forgotten by `clear`, so that those still pending find themselves.
    forgotten: usize,
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

    /// How many times this scenario was asked for with `GET`, or a token with `POST`.
    #[must_use]
    pub fn count(&self, scenario: &str) -> usize {
        let method = if scenario == TOKEN { Method::POST } else { Method::GET };
        let asks = |request: &&Request| request.scenario == Some(scenario) && request.method == method;
        self.entries().requests.iter().filter(asks).count()
    }

    /// Resolves as soon as the requests satisfy `condition`; waits for ever if they never do.
    pub async fn until(&self, mut condition: impl FnMut(&[Request]) -> bool) {
        loop {
            // Listening before looking: nothing that happens in between is missed.
            let mut changed = pin!(self.0.changed.notified());
            changed.as_mut().enable();
            if condition(&self.entries().requests) {
                return;
            }
            changed.await;
        }
    }

    /// Forgets everything seen so far.
    pub fn clear(&self) {
        let mut entries = self.entries();
        entries.forgotten += entries.requests.len();
        entries.requests.clear();
    }

    pub(crate) fn add(&self, request: Request) -> Pending {
        let mut entries = self.entries();
        let number = entries.forgotten + entries.requests.len();
        entries.requests.push(request);
        self.0.changed.notify_waiters();
        Pending { record: self.clone(), number }
    }

    fn settle(&self, number: usize, outcome: Outcome) {
        let mut entries = self.entries();
        let Some(index) = number.checked_sub(entries.forgotten) else {
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

/// A request that is being answered; dropped before `answered`, it counts as abandoned.
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

//! What this process has seen since its start: counts for `/metrics`, and the last success and failure for `/statusz`.
//! It holds codes, times and numbers, never a secret.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::error_shape::ErrorShape;
use crate::failure::Failure;

/// The code of an answer with backup details.
const OK: &str = "OK";
/// The code of the answer that nothing was ever scheduled.
const NOTHING_SCHEDULED: &str = "NOTHING_SCHEDULED";
/// What further codes are counted as once there are [`MAX_CODES`]: Zoho chooses its codes, and each is kept for ever.
const OTHER: &str = "OTHER";
const MAX_CODES: usize = 100;

/// The upper bounds of the histogram of latencies, in seconds. A reader waits for at most nine.
pub const LATENCY_BOUNDS: [f64; 9] = [0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What the process has seen. It is written by requests, and read by the administrator's pages.
#[derive(Debug, Default)]
pub struct Observations(Mutex<Observed>);

/// The observations so far.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// How many requests were answered, by route and status.
    pub requests: BTreeMap<(&'static str, u16), u64>,
    /// How long answers took, by route.
    pub latencies: BTreeMap<&'static str, Latencies>,
    /// How often Zoho was asked for the backup details, by the code of the outcome.
    pub zoho_requests: BTreeMap<String, u64>,
    /// How often a token was to be renewed, by the code of the outcome.
    pub token_renewals: BTreeMap<String, u64>,
    /// How often there was no answer, by code.
    pub failures: BTreeMap<String, u64>,
    /// The last answer of Zoho.
    pub last_success: Option<Success>,
    /// The last time that there was no answer.
    pub last_failure: Option<PastFailure>,
    /// When the current token ends.
    pub token_ends: Option<Instant>,
}

/// How long the answers on one route took.
#[derive(Clone, Debug, Default)]
pub struct Latencies {
    /// How many took at most each of the [bounds](LATENCY_BOUNDS), but more than the one before.
    pub counts: [u64; LATENCY_BOUNDS.len()],
    /// How many there were, those beyond the last bound included.
    pub count: u64,
    /// The time that all of them took.
    pub sum: Duration,
}

/// An answer of Zoho.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Success {
    /// When it arrived.
    pub at: SystemTime,
    /// `OK`, or `NOTHING_SCHEDULED`.
    pub code: &'static str,
}

/// A failure in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastFailure {
    /// When it happened.
    pub at: SystemTime,
    /// Its code, as readers see it.
    pub code: String,
    /// Whether it passes without anybody changing anything.
    pub passes_by_itself: bool,
}

impl Observations {
    /// A request was answered.
    pub fn answered(&self, route: &'static str, status: u16, took: Duration) {
        let mut observed = self.lock();
        *observed.requests.entry((route, status)).or_default() += 1;
        observed.latencies.entry(route).or_default().add(took);
    }

    /// Zoho was asked for the backup details. `is_scheduled` is false if nothing was ever scheduled.
    pub fn asked_zoho(&self, outcome: Result<bool, &Failure>) {
        let mut observed = self.lock();
        if outcome.is_err_and(Failure::is_invalid_token) {
            observed.token_ends = None;
        }
        count(&mut observed.zoho_requests, &outcome.map_or_else(code_of, |is| success_code(is).to_owned()));
    }

    /// A token was to be renewed. If it was, it ends then.
    pub fn renewed_token(&self, outcome: Result<Instant, &Failure>) {
        let mut observed = self.lock();
        if let Ok(ends) = outcome {
            observed.token_ends = Some(ends);
        }
        count(&mut observed.token_renewals, &outcome.map_or_else(code_of, |_| OK.to_owned()));
    }

    /// A fetch has ended, which may have asked Zoho several times or not at all.
    pub fn fetched(&self, outcome: Result<bool, &Failure>) {
        let (at, mut observed) = (SystemTime::now(), self.lock());
        match outcome {
            Ok(is_scheduled) => {
                observed.last_success = Some(Success { at, code: success_code(is_scheduled) });
            }
            Err(failure) => {
                let code = code_of(failure);
                count(&mut observed.failures, &code);
                let passes_by_itself = ErrorShape::from(failure).code.passes_by_itself();
                observed.last_failure = Some(PastFailure { at, code, passes_by_itself });
            }
        }
    }

    /// The observations so far.
    #[must_use]
    pub fn so_far(&self) -> Observed {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Observed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Latencies {
    fn add(&mut self, took: Duration) {
        let bound = LATENCY_BOUNDS.iter().position(|bound| took.as_secs_f64() <= *bound);
        if let Some(count) = bound.and_then(|bound| self.counts.get_mut(bound)) {
            *count += 1;
        }
        self.count += 1;
        self.sum += took;
    }
}

fn success_code(is_scheduled: bool) -> &'static str {
    if is_scheduled { OK } else { NOTHING_SCHEDULED }
}

fn code_of(failure: &Failure) -> String {
    ErrorShape::from(failure).code.name().to_owned()
}

fn count(counts: &mut BTreeMap<String, u64>, code: &str) {
    let is_new = !counts.contains_key(code);
    let code = if is_new && counts.len() >= MAX_CODES { OTHER } else { code };
    *counts.entry(code.to_owned()).or_default() += 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zoho_cannot_make_the_counts_grow_for_ever() {
        let observations = Observations::default();
        for number in 0..1_000 {
            observations.fetched(Err(&Failure::ZohoError(format!("CODE_{number}"))));
        }
        let failures = observations.so_far().failures;
        assert_eq!((failures.len(), failures[OTHER]), (MAX_CODES + 1, 900));
        assert_eq!(failures.values().sum::<u64>(), 1_000);
    }

    #[test]
    fn a_latency_is_counted_under_the_first_bound_that_it_does_not_exceed() {
        let mut latencies = Latencies::default();
        for millis in [0, 1, 2, 10_000, 10_001] {
            latencies.add(Duration::from_millis(millis));
        }
        assert_eq!((latencies.counts, latencies.count), ([2, 1, 0, 0, 0, 0, 0, 0, 1], 5));
        assert_eq!(latencies.sum, Duration::from_millis(20_004));
    }
}

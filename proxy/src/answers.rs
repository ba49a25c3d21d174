//! The cache of Zoho's answers. Zoho is asked once at a time, however many readers wait.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use zoho_backup_core::history::HistoryDocument;

use crate::backup_document::BackupDocument;
use crate::document::document;
use crate::error_shape::ErrorShape;
use crate::failure::Failure;
use crate::representation::{JSON, Representation};
use crate::zoho_clock::{Moment, ZohoClock};

/// The longest wait of a reader if there is a stale answer to fall back on.
const WAIT_WITH_STALE_ANSWER: Duration = Duration::from_secs(3);

/// What Zoho has answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The backup document; `None` if nothing was ever scheduled.
    pub document: Option<BackupDocument>,
    /// When it was sent, by Zoho's clock, if it says so.
    pub date: Option<SystemTime>,
}

/// An answer of Zoho.
#[derive(Debug)]
pub struct CachedAnswer {
    /// The backup document; `None` if nothing was ever scheduled.
    pub document: Option<BackupDocument>,
    /// What was known of past runs when it arrived, if the gateway remembers.
    pub history: Option<Arc<HistoryDocument>>,
    /// What readers get; `None` if there is nothing to tell.
    pub representation: Option<Representation>,
    /// When it was sent, by Zoho's clock.
    pub date: SystemTime,
    /// When it arrived; when it was asked for, if the machine was suspended meanwhile.
    since: Moment,
    clock: ZohoClock,
}

impl CachedAnswer {
    fn with_history(mut self, history: Option<HistoryDocument>) -> CachedAnswer {
        let backup = self.document.as_ref().map(|document| document.text.as_str());
        let told = history.as_ref().map(|history| history.sent().to_string());
        let is_told = backup.is_some() || told.is_some();
        let text = is_told.then(|| document(backup, told.as_deref()));
        self.representation = text.map(|text| Representation::new(text.into_bytes(), JSON));
        self.history = history.map(Arc::new);
        self
    }

    /// When it arrived, by this machine's clock.
    #[must_use]
    pub fn arrived(&self) -> SystemTime {
        self.since.by_system()
    }

    /// How old it is.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.clock.since(self.since)
    }
}

/// Why there is no answer, and until when Zoho is not asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CachedFailure {
    /// Why there is no answer.
    pub failure: Failure,
    /// Until when the failure is remembered.
    pub until: Instant,
}

impl CachedFailure {
    /// A failure that is not remembered.
    #[must_use]
    pub fn now(failure: Failure) -> CachedFailure {
        CachedFailure { failure, until: Instant::now() }
    }
}

/// An answer, fresh or stale, or why there is none.
pub type CachedResult = Result<Arc<CachedAnswer>, CachedFailure>;

/// Where the answers come from.
pub trait Source: Send + Sync + 'static {
    /// Asks Zoho.
    fn fetch(&self) -> BoxFuture<'static, Result<Fetched, Failure>>;

    /// A number that changes when one of the secrets does. Then a failure is forgotten.
    fn secrets(&self) -> u64;

    /// An answer has arrived. Returns what is known of past runs now, if the source remembers.
    fn answered(&self, _: &CachedAnswer) -> Option<HistoryDocument> {
        None
    }
}

/// What was learnt last, for the watch.
#[derive(Clone, Debug)]
pub struct Latest {
    /// The last answer, however old.
    pub answer: Option<Arc<CachedAnswer>>,
    /// The failure since then, if there was one.
    pub failure: Option<LatestFailure>,
}

/// A failure after the last answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LatestFailure {
    /// When it happened.
    pub at: Instant,
    /// Until when Zoho is not asked.
    pub until: Instant,
    /// How many failures there were in a row.
    pub count: u32,
}

/// The cached answers of one account.
pub struct Answers {
    source: Box<dyn Source>,
    clock: ZohoClock,
    cache_time: Duration,
    stale_time: Duration,
    state: Mutex<State>,
    /// Sent to after every fetch.
    changes: watch::Sender<()>,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").field("state", &self.state).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct State {
    answer: Option<Arc<CachedAnswer>>,
    failure: Option<CachedFailure>,
    /// When the last failure happened.
    failed_at: Option<Instant>,
    /// How many failures there were since the last answer.
    failures: u32,
    /// The secrets of the last failure.
    secrets: u64,
    /// The request to Zoho that is in flight.
    in_flight: Option<watch::Receiver<Option<CachedResult>>>,
}

impl Answers {
    /// A cache of what the source has. An answer is fresh for `cache_time`. If there is no newer one, it is served for
    /// `stale_time`.
    pub fn new(
        cache_time: Duration,
        stale_time: Duration,
        source: impl Source,
        clock: ZohoClock,
    ) -> Arc<Self> {
        let (source, state, changes) = (Box::new(source), Mutex::default(), watch::Sender::new(()));
        Arc::new(Self { source, clock, cache_time, stale_time, state, changes })
    }

    /// The cached result, or else the result of a request to Zoho. All readers that wait at the same time share one
    /// request. If all of them leave, it continues and its result is cached. `None` if there is none yet after the longest
    /// time that the reader waits.
    pub async fn get(self: &Arc<Self>, longest: Duration) -> Option<CachedResult> {
        let (mut in_flight, stale) = {
            let mut state = self.state();
            if let Some(cached) = self.cached_in(&state) {
                return Some(cached);
            }
            (state.in_flight.get_or_insert_with(|| self.start_fetch()).clone(), self.stale_answer(&state))
        };
        let wait = if stale.is_some() { longest.min(WAIT_WITH_STALE_ANSWER) } else { longest };
        let internal = || Err(CachedFailure::now(Failure::Internal));
        match timeout(wait, in_flight.wait_for(Option::is_some)).await {
            Ok(Ok(result)) => Some(result.clone().unwrap_or_else(internal)),
            // The task catches panics, so it always sends a result.
            Ok(Err(_)) => Some(internal()),
            Err(_) => stale.map(Ok),
        }
    }

    /// The cached result, if Zoho need not be asked.
    pub fn cached(&self) -> Option<CachedResult> {
        self.cached_in(&self.state())
    }

    /// The last answer, however old.
    pub fn last(&self) -> Option<Arc<CachedAnswer>> {
        self.state().answer.clone()
    }

    /// What was learnt last.
    pub fn latest(&self) -> Latest {
        let state = self.state();
        let failure = state.failure.as_ref().zip(state.failed_at);
        Latest {
            answer: state.answer.clone(),
            failure: failure.map(|(failure, at)| LatestFailure {
                at,
                until: failure.until,
                count: state.failures,
            }),
        }
    }

    /// Changes after every fetch.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// How long an answer is served without asking Zoho.
    pub fn cache_time(&self) -> Duration {
        self.cache_time
    }

    /// The last answer, if it may be served while there is no newer one.
    pub fn stale(&self) -> Option<Arc<CachedAnswer>> {
        self.stale_answer(&self.state())
    }

    fn cached_in(&self, state: &State) -> Option<CachedResult> {
        let fresh = state.answer.as_ref().filter(|answer| answer.age() < self.cache_time);
        if let Some(answer) = fresh {
            return Some(Ok(answer.clone()));
        }
        let failure = state.failure.as_ref().filter(|failure| Instant::now() < failure.until)?;
        if self.source.secrets() != state.secrets {
            return None;
        }
        Some(self.stale_answer(state).ok_or_else(|| failure.clone()))
    }

    fn stale_answer(&self, state: &State) -> Option<Arc<CachedAnswer>> {
        state.answer.clone().filter(|answer| answer.age() < self.stale_time)
    }

    fn start_fetch(self: &Arc<Self>) -> watch::Receiver<Option<CachedResult>> {
        let (sender, in_flight) = watch::channel(None);
        let answers = self.clone();
        // In its own task, so that a renewed token is not lost when the client that caused it leaves.
        tokio::spawn(async move {
            tracing::debug!("asking Zoho");
            // The secrets before the request: one that changes meanwhile ends the wait for this failure.
            let (sent, secrets) = (answers.clock.moment(), answers.source.secrets());
            let fetched = AssertUnwindSafe(async { answers.source.fetch().await }).catch_unwind().await;
            let result = answers.keep(sent, secrets, fetched.unwrap_or(Err(Failure::Internal)));
            answers.changes.send_replace(());
            // An error means that no reader waits any more.
            let _ = sender.send(Some(result));
        });
        in_flight
    }

    fn keep(&self, sent: Moment, secrets: u64, fetched: Result<Fetched, Failure>) -> CachedResult {
        let arrived = self.clock.moment();
        let was_suspended = self.clock.was_suspended_since(sent);
        let mut state = self.state();
        state.in_flight = None;
        match fetched {
            Ok(Fetched { document, date }) => {
                // Whether it was sent before or after the machine was suspended, is not known.
                let date = date.filter(|date| was_suspended || self.clock.learn(*date));
                let since = if was_suspended { sent } else { arrived };
                let date = date.unwrap_or_else(|| self.clock.date_of(since));
                let (history, representation, clock) = (None, None, self.clock.clone());
                let answer = CachedAnswer { document, history, representation, date, since, clock };
                // While the state is locked, so that answers are stored in their order.
                let history = self.source.answered(&answer);
                let answer = Arc::new(answer.with_history(history));
                state.answer = Some(answer.clone());
                state.failure = None;
                state.failures = 0;
                Ok(answer)
            }
            Err(failure) => {
                let code = ErrorShape::from(&failure).code;
                tracing::warn!(code = code.name(), "no answer: {}", code.message());
                state.failures = if secrets == state.secrets { state.failures.saturating_add(1) } else { 1 };
                state.secrets = secrets;
                let until = Instant::now() + failure.remembered_for(state.failures);
                let failure = CachedFailure { until, failure };
                state.failure = Some(failure.clone());
                state.failed_at = Some(Instant::now());
                self.stale_answer(&state).ok_or(failure)
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What Zoho answered, kept for a while: one question to Zoho at a time, however many ask the gateway.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::document::Document;
use crate::failure::Failure;

/// How long a client waits for an answer: less than the 10 seconds after which the widget gives up.
const PATIENCE: Duration = Duration::from_secs(9);
/// The same, where there is an old answer to tell.
const PATIENCE_WITH_AN_OLD_ANSWER: Duration = Duration::from_secs(3);

/// An answer of Zoho's.
#[derive(Debug)]
pub struct Answer {
    /// The backup details; `None` where nothing was ever scheduled.
    pub document: Option<Document>,
    /// When it was read, by the clock of the wall.
    pub date: SystemTime,
    /// When it was read, by a clock that nobody sets.
    read: Instant,
}

impl Answer {
    /// How long ago it was read. The clock that nobody sets stands still while the machine is suspended.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.read.elapsed().max(self.date.elapsed().unwrap_or_default())
    }
}

/// Why there is no answer, and how long Zoho will not be asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Why.
    pub failure: Failure,
    /// Until when that is remembered.
    pub until: Instant,
}

/// What there is to tell: an answer, perhaps an old one, or why there is none.
pub type Told = Result<Arc<Answer>, Silence>;

type Ask = Box<dyn Fn() -> BoxFuture<'static, Result<Option<Document>, Failure>> + Send + Sync>;

/// The answers of one account.
pub struct Answers {
    ask: Ask,
    cache_time: Duration,
    stale_time: Duration,
    state: Mutex<State>,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").field("state", &self.state).finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct State {
    good: Option<Arc<Answer>>,
    silence: Option<Silence>,
    /// The question under way.
    asking: Option<watch::Receiver<Option<Told>>>,
}

impl Answers {
    /// Answers of what `ask` asks, which are fresh for `cache_time`, and told for `stale_time` while there are no others.
    pub fn new<F>(
        cache_time: Duration,
        stale_time: Duration,
        ask: impl Fn() -> F + Send + Sync + 'static,
    ) -> Arc<Self>
    where
        F: Future<Output = Result<Option<Document>, Failure>> + Send + 'static,
    {
        let ask: Ask = Box::new(move || ask().boxed());
        Arc::new(Self { ask, cache_time, stale_time, state: Mutex::default() })
    }

    /// The answer to tell now. Whoever asks while Zoho is asked waits for the same answer; if all of them leave, it is
    /// still waited for and kept. Nobody waits for so long that the widget would give up.
    pub async fn get(self: &Arc<Self>) -> Told {
        let (mut asking, stale) = {
            let mut state = self.state();
            if let Some(known) = self.known(&state) {
                return known;
            }
            (state.asking.get_or_insert_with(|| self.start()).clone(), self.stale(&state))
        };
        let patience = if stale.is_some() { PATIENCE_WITH_AN_OLD_ANSWER } else { PATIENCE };
        let silence = |failure| Silence { failure, until: Instant::now() };
        match timeout(patience, asking.wait_for(Option::is_some)).await {
            Ok(Ok(told)) => told.clone().unwrap_or_else(|| Err(silence(Failure::Internal))),
            // The task catches panics, so it never ends without a word.
            Ok(Err(_)) => Err(silence(Failure::Internal)),
            Err(_) => stale.ok_or_else(|| silence(Failure::TimedOut)),
        }
    }

    /// The answer to tell now, if there is no need to ask for it.
    pub fn at_hand(&self) -> Option<Told> {
        self.known(&self.state())
    }

    /// What can be told without asking.
    fn known(&self, state: &State) -> Option<Told> {
        let fresh = state.good.as_ref().filter(|answer| answer.age() < self.cache_time);
        if let Some(answer) = fresh {
            return Some(Ok(answer.clone()));
        }
        let silence = state.silence.as_ref().filter(|silence| Instant::now() < silence.until)?;
        Some(self.or_stale(state, silence))
    }

    fn or_stale(&self, state: &State, silence: &Silence) -> Told {
        self.stale(state).ok_or_else(|| silence.clone())
    }

    /// An old answer that is better than none.
    fn stale(&self, state: &State) -> Option<Arc<Answer>> {
        state.good.clone().filter(|answer| answer.age() < self.stale_time)
    }

    fn start(self: &Arc<Self>) -> watch::Receiver<Option<Told>> {
        let (tell, asking) = watch::channel(None);
        let answers = self.clone();
        // In a task of its own: a token that was paid for is not lost with the client that had it renewed.
        tokio::spawn(async move {
            tracing::debug!("asking Zoho");
            let answered = AssertUnwindSafe(async { (answers.ask)().await }).catch_unwind().await;
            let told = answers.keep(answered.unwrap_or(Err(Failure::Internal)));
            // Nobody may be waiting any more.
            let _ = tell.send(Some(told));
        });
        asking
    }

    fn keep(&self, answered: Result<Option<Document>, Failure>) -> Told {
        let now = Instant::now();
        let mut state = self.state();
        state.asking = None;
        match answered {
            Ok(document) => {
                let answer = Arc::new(Answer { document, date: SystemTime::now(), read: now });
                state.good = Some(answer.clone());
                state.silence = None;
                Ok(answer)
            }
            Err(failure) => {
                tracing::warn!(code = failure.code(), "no answer: {}", failure.message());
                let silence = Silence { until: now + failure.remembered(), failure };
                let told = self.or_stale(&state, &silence);
                state.silence = Some(silence);
                told
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

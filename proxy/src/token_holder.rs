//! The holder of the access token: it requests the backup details, and renews the token when necessary.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::error_shape::ErrorShape;
use crate::failure::Failure;
use crate::renewal_log::RenewalLog;
use crate::zoho::{Answer, Token, Upstream};

/// How long before its end a token is renewed.
const RENEWAL_MARGIN: Duration = Duration::from_secs(300);
/// The shortest time between two requests for a token. Zoho issues ten in ten minutes, then none.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);
/// How long no token is requested that would be refused: until a secret changes, or the gateway is restarted.
const FOR_GOOD: Duration = Duration::from_secs(10 * 365 * 86_400);

/// An account at Zoho, and the one access token of this process.
#[derive(Debug)]
pub struct TokenHolder<U> {
    upstream: U,
    /// How long a request for the backup details may take, including the renewal of the token.
    timeout: Duration,
    /// The requests for tokens of earlier processes, if they are known.
    log: Option<RenewalLog>,
    // Locked while Zoho is asked, so that there is never more than one renewal at a time.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    current: Option<Current>,
    pause: Option<Pause>,
}

/// The token in use.
#[derive(Clone, Debug)]
struct Current {
    token: Token,
    ends: Instant,
    /// Whether the API has accepted it.
    has_worked: bool,
}

impl Current {
    /// Whether the API refuses this token, so that another one may help.
    fn is_refused_by(&self, failure: &Failure) -> bool {
        failure.is_invalid_token() || self.has_worked && failure.is_unauthenticated()
    }
}

/// A time in which no token is requested, unless a secret changes.
#[derive(Clone, Debug)]
struct Pause {
    until: Instant,
    /// The secrets of the last request for a token.
    secrets: u64,
    /// The failure of the last renewal; `None` if it succeeded or is still running.
    failure: Option<Failure>,
}

impl<U: Upstream> TokenHolder<U> {
    /// Asks Zoho nothing yet: a process that restarts again and again must not use up the tokens. `timeout` limits a
    /// request for the backup details, including the renewal of the token.
    pub fn new(upstream: U, timeout: Duration) -> Self {
        Self { upstream, timeout, log: None, state: Mutex::default() }
    }

    /// Keeps to Zoho's limit beyond the end of the process.
    #[must_use]
    pub fn with_log(self, log: Option<RenewalLog>) -> Self {
        Self { log, ..self }
    }

    /// A number that changes when one of the secrets does.
    pub fn secrets(&self) -> u64 {
        self.upstream.secrets()
    }

    /// Requests the backup details. If Zoho refuses the current token, one more request is sent with a new token.
    ///
    /// # Errors
    /// Why Zoho gave no answer.
    pub async fn fetch_backup(&self) -> Result<Answer, Failure> {
        let deadline = Instant::now() + self.timeout;
        let mut state = self.state.lock().await;
        let refusal = match self.ask(&mut state, deadline).await {
            Err(failure) if state.current.is_none() => failure,
            answer => return answer,
        };
        // With too little time left, a new token could not be used.
        let remaining = deadline.saturating_duration_since(Instant::now());
        if !refusal.is_invalid_token() && !refusal.is_unauthenticated() || remaining < self.timeout / 5 {
            return Err(refusal);
        }
        match self.ask(&mut state, deadline).await {
            // The refused token is less than a minute old: the refusal is the failure to report.
            Err(Failure::RenewalPaused(_)) => Err(refusal),
            answer => answer,
        }
    }

    /// Asks once, with a valid token. A token that is refused is dropped, however late Zoho says so.
    async fn ask(&self, state: &mut State, deadline: Instant) -> Result<Answer, Failure> {
        let token = self.valid_token(state, deadline).await?;
        let answer = self.upstream.fetch_backup(&token, deadline).await;
        let Some(current) = &mut state.current else { return answer };
        let Err(failure) = &answer else {
            current.has_worked = true;
            return answer;
        };
        if !current.is_refused_by(failure) {
            return answer;
        }
        let mismatch = current.token.mismatch.filter(|_| !current.has_worked);
        state.current = None;
        let Some(mismatch) = mismatch else { return answer };
        // No new token would be accepted either.
        let failure = Failure::WrongDataCenter(mismatch);
        let code = ErrorShape::from(&failure).code;
        tracing::error!(code = code.name(), "{}", code.message());
        // The pause after the renewal of this very token becomes one for good.
        if let Some(pause) = &mut state.pause {
            pause.until = Instant::now() + FOR_GOOD;
            pause.failure = Some(failure.clone());
        }
        Err(failure)
    }

    /// The current token, renewed if it ends soon.
    async fn valid_token(&self, state: &mut State, deadline: Instant) -> Result<SecretString, Failure> {
        let now = Instant::now();
        let current = state.current.clone().filter(|current| now < current.ends);
        let lifetime = current.as_ref().map_or(Duration::ZERO, |current| current.ends - now);
        if let Some(current) = current.as_ref().filter(|_| lifetime > RENEWAL_MARGIN) {
            return Ok(current.token.secret.clone());
        }
        let pause =
            state.pause.clone().filter(|pause| now < pause.until && pause.secrets == self.upstream.secrets());
        let pause_of_log = || self.log.as_ref()?.pause();
        let renewed = match pause {
            None if let Some(wait) = pause_of_log() => Err(Failure::RenewalPaused(wait)),
            Some(Pause { until, failure: None, .. }) => Err(Failure::RenewalPaused(until - now)),
            Some(Pause { until, failure: Some(Failure::TooManyTokens(_)), .. }) => {
                Err(Failure::TooManyTokens(until - now))
            }
            Some(Pause { failure: Some(failure), .. }) => Err(failure),
            // In half of the time, so that the current token can still be used if the renewal fails.
            None if current.is_some() => self.renew(state, now, now + (deadline - now) / 2).await,
            None => self.renew(state, now, deadline).await,
        };
        // If the renewal failed, the current token is used until its end.
        let current = current.filter(|current| Instant::now() < current.ends);
        renewed.or_else(|failure| current.map(|current| current.token.secret).ok_or(failure))
    }

    async fn renew(
        &self,
        state: &mut State,
        now: Instant,
        deadline: Instant,
    ) -> Result<SecretString, Failure> {
        let secrets = self.upstream.secrets();
        let pause = |length, failure| Some(Pause { until: now + length, secrets, failure });
        // Set before the request, so that it holds even if the renewal panics.
        state.pause = pause(RENEWAL_INTERVAL, None);
        let note = match &self.log {
            Some(log) => Some((log, log.begin().await)),
            None => None,
        };
        let renewed = self.upstream.renew_token(deadline).await;
        if let (Some((log, note)), Err(Failure::UnreadableSecret(_))) = (note, &renewed) {
            log.cancel(note).await;
        }
        match &renewed {
            Ok(token) => {
                tracing::info!(seconds = token.lifetime.as_secs(), "the token was renewed");
                // Counted from the request, because the answer may have been slow.
                let ends = now + token.lifetime;
                state.current = Some(Current { token: token.clone(), ends, has_worked: false });
            }
            Err(failure) => {
                let code = ErrorShape::from(failure).code;
                tracing::warn!(code = code.name(), "the token was not renewed: {}", code.message());
                state.pause = match failure {
                    // Nothing was requested.
                    Failure::UnreadableSecret(_) => None,
                    Failure::TooManyTokens(wait) => pause(*wait, Some(failure.clone())),
                    _ => pause(RENEWAL_INTERVAL, Some(failure.clone())),
                };
            }
        }
        renewed.map(|token| token.secret)
    }
}

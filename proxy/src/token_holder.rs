//! The holder of the access token: it requests the backup details, and renews the token when necessary.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::Instant;
use zoho_backup_core::backup::Backup;

use crate::error_shape::ErrorShape;
use crate::failure::Failure;
use crate::zoho::{Token, Upstream};

/// How long before its end a token is renewed.
const RENEWAL_MARGIN: Duration = Duration::from_secs(300);
/// The shortest time between two requests for a token. Zoho issues ten in ten minutes, then none.
const RENEWAL_INTERVAL: Duration = Duration::from_secs(60);

/// An account at Zoho, and the one access token of this process.
#[derive(Debug)]
pub struct TokenHolder<U> {
    upstream: U,
    /// How long a request for the backup details may take, including the renewal of the token.
    timeout: Duration,
    // Locked while Zoho is asked, so that there is never more than one renewal at a time.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The token, and when it ends.
    current: Option<(SecretString, Instant)>,
    pause: Option<Pause>,
}

/// A time in which no token is requested.
#[derive(Clone, Debug)]
struct Pause {
    until: Instant,
    /// The failure of the last renewal; `None` if it succeeded or is still running.
    failure: Option<Failure>,
}

impl<U: Upstream> TokenHolder<U> {
    /// Asks Zoho nothing yet: a process that restarts again and again must not use up the tokens. `timeout` limits a
    /// request for the backup details, including the renewal of the token.
    pub fn new(upstream: U, timeout: Duration) -> Self {
        Self { upstream, timeout, state: Mutex::default() }
    }

    /// Requests the backup details; `None` if nothing was ever scheduled. If Zoho refuses the current token, one more
    /// request is sent with a new token.
    ///
    /// # Errors
    /// Why Zoho gave no answer.
    pub async fn fetch_backup(&self) -> Result<Option<Backup>, Failure> {
        let deadline = Instant::now() + self.timeout;
        let mut state = self.state.lock().await;
        let token = self.valid_token(&mut state, deadline).await?;
        let answer = self.upstream.fetch_backup(&token, deadline).await;
        let Err(failure) = &answer else { return answer };
        let remaining = deadline.saturating_duration_since(Instant::now());
        // With too little time left, a new token could not be used.
        if !failure.is_invalid_token() || remaining < self.timeout / 5 {
            return answer;
        }
        state.current = None;
        match self.valid_token(&mut state, deadline).await {
            Ok(token) => self.upstream.fetch_backup(&token, deadline).await,
            // The refused token is less than a minute old: the refusal is the failure to report.
            Err(Failure::RenewalPaused(_)) => answer,
            Err(failure) => Err(failure),
        }
    }

    /// The current token, renewed if it ends soon.
    async fn valid_token(&self, state: &mut State, deadline: Instant) -> Result<SecretString, Failure> {
        let now = Instant::now();
        let current = state.current.clone().filter(|(_, ends)| now < *ends);
        let lifetime = current.as_ref().map_or(Duration::ZERO, |(_, ends)| *ends - now);
        if let Some((token, _)) = current.as_ref().filter(|_| lifetime > RENEWAL_MARGIN) {
            return Ok(token.clone());
        }
        let renewed = match state.pause.clone().filter(|pause| now < pause.until) {
            Some(Pause { until, failure: None }) => Err(Failure::RenewalPaused(until - now)),
            Some(Pause { until, failure: Some(Failure::TooManyTokens(_)) }) => {
                Err(Failure::TooManyTokens(until - now))
            }
            Some(Pause { failure: Some(failure), .. }) => Err(failure),
            // In half of the time, so that the current token can still be used if the renewal fails.
            None if current.is_some() => self.renew(state, now, now + (deadline - now) / 2).await,
            None => self.renew(state, now, deadline).await,
        };
        // If the renewal failed, the current token is used until its end.
        let current = current.filter(|(_, ends)| Instant::now() < *ends);
        renewed.or_else(|failure| current.map(|(token, _)| token).ok_or(failure))
    }

    async fn renew(
        &self,
        state: &mut State,
        now: Instant,
        deadline: Instant,
    ) -> Result<SecretString, Failure> {
        // Set before the request, so that it holds even if the renewal panics.
        state.pause = Some(Pause { until: now + RENEWAL_INTERVAL, failure: None });
        let renewed = self.upstream.renew_token(deadline).await;
        match &renewed {
            Ok(Token { secret, lifetime }) => {
                tracing::info!(seconds = lifetime.as_secs(), "the token was renewed");
                // Counted from the request, because the answer may have been slow.
                state.current = Some((secret.clone(), now + *lifetime));
            }
            Err(failure) => {
                let code = ErrorShape::from(failure).code;
                tracing::warn!(code = code.name(), "the token was not renewed: {}", code.message());
                let pause = |length| Pause { until: now + length, failure: Some(failure.clone()) };
                state.pause = match failure {
                    // Nothing was requested.
                    Failure::UnreadableSecret(_) => None,
                    Failure::TooManyTokens(wait) => Some(pause(*wait)),
                    _ => Some(pause(RENEWAL_INTERVAL)),
                };
            }
        }
        renewed.map(|token| token.secret)
    }
}

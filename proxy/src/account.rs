//! One account of Zoho's: asks for its backup details, with a token that is renewed when it must be.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Mutex;
use tokio::time::Instant;
use zoho_backup_core::backup::Backup;

use crate::failure::Failure;
use crate::zoho::{Token, Upstream};

/// How long before its end a token is renewed.
const RENEWED_BEFORE: Duration = Duration::from_secs(300);
/// The least time between two requests for a token: Zoho gives ten in ten minutes, then none.
const RENEWED_AT_MOST_EVERY: Duration = Duration::from_secs(60);

/// An account, and the one token of this process.
#[derive(Debug)]
pub struct Account<U> {
    upstream: U,
    /// How long an answer may take, the token's renewal included.
    patience: Duration,
    // Held while Zoho is asked: so there is never more than one renewal.
    tokens: Mutex<Tokens>,
}

#[derive(Debug, Default)]
struct Tokens {
    live: Option<(SecretString, Instant)>,
    /// Before when no token is asked for, and what came of the last attempt if it failed.
    pause: Option<(Instant, Option<Failure>)>,
}

impl<U: Upstream> Account<U> {
    /// Asks nothing yet: a process that is restarted again and again must not spend the tokens. An answer may take as
    /// long as `patience`, the token's renewal included.
    pub fn new(upstream: U, patience: Duration) -> Self {
        Self { upstream, patience, tokens: Mutex::default() }
    }

    /// Asks for the backup details; `None` where nothing was ever scheduled.
    ///
    /// # Errors
    /// A failure, after one more attempt with a new token if Zoho refused the present one.
    pub async fn ask(&self) -> Result<Option<Backup>, Failure> {
        let deadline = Instant::now() + self.patience;
        let mut tokens = self.tokens.lock().await;
        let token = self.token(&mut tokens, deadline).await?;
        let answer = self.upstream.backup(&token, deadline).await;
        let Err(refused) = &answer else { return answer };
        let left = deadline.saturating_duration_since(Instant::now());
        // A renewal that has no time left would spend a token for nothing.
        if !refused.is_invalid_token() || left < self.patience / 5 {
            return answer;
        }
        tokens.live = None;
        match self.token(&mut tokens, deadline).await {
            Ok(token) => self.upstream.backup(&token, deadline).await,
            // It was renewed a moment ago: what is to be told is that Zoho refuses it.
            Err(Failure::Paused(_)) => answer,
            Err(failure) => Err(failure),
        }
    }

    /// A token that is good for a while, as far as is known.
    async fn token(&self, tokens: &mut Tokens, deadline: Instant) -> Result<SecretString, Failure> {
        let now = Instant::now();
        let live = tokens.live.clone().filter(|(_, ends)| now < *ends);
        let left = live.as_ref().map_or(Duration::ZERO, |(_, ends)| *ends - now);
        if let Some((token, _)) = live.as_ref().filter(|_| left > RENEWED_BEFORE) {
            return Ok(token.clone());
        }
        let renewed = match tokens.pause.clone().filter(|(until, _)| now < *until) {
            Some((until, None)) => Err(Failure::Paused(until - now)),
            Some((until, Some(Failure::TooManyTokens(_)))) => Err(Failure::TooManyTokens(until - now)),
            Some((_, Some(failure))) => Err(failure),
            // In half of the time where the present one must still have some, should there be no other.
            None if live.is_some() => self.renew(tokens, now, now + (deadline - now) / 2).await,
            None => self.renew(tokens, now, deadline).await,
        };
        // The present one still does, when there is no other, unless it ended while another was asked for.
        let live = live.filter(|(_, ends)| Instant::now() < *ends);
        renewed.or_else(|failure| live.map(|(token, _)| token).ok_or(failure))
    }

    async fn renew(
        &self,
        tokens: &mut Tokens,
        now: Instant,
        deadline: Instant,
    ) -> Result<SecretString, Failure> {
        tokens.pause = Some((now + RENEWED_AT_MOST_EVERY, None));
        let renewed = self.upstream.renew(deadline).await;
        match &renewed {
            Ok(Token { secret, life }) => {
                tracing::info!(seconds = life.as_secs(), "the token was renewed");
                // Counted from before the request: it may have been slow.
                tokens.live = Some((secret.clone(), now + *life));
            }
            Err(failure) => {
                tracing::warn!(code = failure.code(), "the token was not renewed: {}", failure.message());
                tokens.pause = match failure {
                    // Nothing was asked.
                    Failure::NoSecret => None,
                    Failure::TooManyTokens(wait) => Some((now + *wait, Some(failure.clone()))),
                    _ => Some((now + RENEWED_AT_MOST_EVERY, Some(failure.clone()))),
                };
            }
        }
        renewed.map(|token| token.secret)
    }
}

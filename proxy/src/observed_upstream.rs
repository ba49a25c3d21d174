//! Zoho, or its substitute, with every request observed.

use std::sync::Arc;

use secrecy::SecretString;
use tokio::time::Instant;

use crate::failure::Failure;
use crate::observations::Observations;
use crate::zoho::{Answer, Token, Upstream};

/// An upstream of which the outcome of every request is observed.
#[derive(Debug)]
pub struct ObservedUpstream<U> {
    /// What is asked.
    pub upstream: U,
    /// Where the outcomes are recorded.
    pub observations: Arc<Observations>,
}

impl<U: Upstream> Upstream for ObservedUpstream<U> {
    async fn fetch_backup(&self, token: &SecretString, deadline: Instant) -> Result<Answer, Failure> {
        let answer = self.upstream.fetch_backup(token, deadline).await;
        self.observations.asked_zoho(answer.as_ref().map(|answer| answer.backup.is_some()));
        answer
    }

    async fn renew_token(&self, deadline: Instant) -> Result<Token, Failure> {
        // Its lifetime counts from the request, because the answer may have been slow.
        let asked = Instant::now();
        let token = self.upstream.renew_token(deadline).await;
        self.observations.renewed_token(token.as_ref().map(|token| asked + token.lifetime));
        token
    }

    fn secrets(&self) -> u64 {
        self.upstream.secrets()
    }
}

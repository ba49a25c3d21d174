//! Why Zoho gave no answer, and how long that is remembered. How a failure looks to a reader is in
//! [`error_shape`](crate::error_shape).

use std::time::Duration;

use zoho_backup_core::fault::{Fault, FaultKind};

use crate::data_center::Mismatch;

/// Why Zoho gave no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Zoho answered with this error code.
    ZohoError(String),
    /// The account's API credits or concurrent calls are used up. Carries the time to wait.
    RateLimited(Duration),
    /// The accounts server refused to issue a token.
    TokenRefused(TokenRefusal),
    /// The accounts server has issued too many tokens. Carries the time to wait.
    TooManyTokens(Duration),
    /// A token is needed, but may not be requested yet. Carries the time to wait.
    RenewalPaused(Duration),
    /// A secret cannot be read. The log says why.
    UnreadableSecret(Secret),
    /// The token is for another data centre than the API that is asked.
    WrongDataCenter(Mismatch),
    /// The proxy between the gateway and Zoho cannot be reached, or refuses.
    UpstreamProxyFailed,
    /// There is no connection to Zoho, or it breaks off.
    Unreachable,
    /// No complete answer came in time.
    TimedOut,
    /// One of Zoho's servers answered that it failed (HTTP 5xx), without an error code.
    ZohoFailed,
    /// The API's answer is neither a backup document nor one of Zoho's errors.
    UnreadableAnswer,
    /// The accounts server's answer is neither a token nor one of its errors.
    UnreadableTokenAnswer,
    /// The gateway panicked.
    Internal,
}

/// One of the gateway's two secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// The self client's.
    ClientSecret,
    /// The refresh token.
    RefreshToken,
}

/// Why the accounts server refused to issue a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// `invalid_client`: the client id is unknown, or the client secret is wrong.
    Client,
    /// `invalid_code`: the refresh token is invalid or revoked.
    RefreshToken,
    /// Any other error.
    Other,
}

/// The wait where Zoho gives none: Zoho does not say when credits are available again.
const DEFAULT_WAIT: Duration = Duration::from_secs(60);
/// The shortest time for which a failure is remembered. It doubles with each further failure, up to the longest.
const SHORTEST_WAIT: Duration = Duration::from_secs(15);
/// The longest time for a failure that may pass by itself.
const LONGEST_PASSING: Duration = Duration::from_secs(120);
/// The longest time for a failure that somebody must repair. It begins with a minute.
const LONGEST_LASTING: Duration = Duration::from_secs(600);
/// The longest wait that is passed on to readers.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// How long the accounts server issues no token after too many.
const TOKEN_WINDOW: Duration = Duration::from_secs(600);

impl Failure {
    /// The failure for a fault in an answer of the API. `retry_after` is the wait that the answer asks for.
    #[must_use]
    pub fn from_fault(fault: &Fault, retry_after: Option<Duration>) -> Failure {
        match (fault.code(), fault.kind()) {
            (_, FaultKind::RateLimited) => {
                Failure::RateLimited(retry_after.unwrap_or(DEFAULT_WAIT).clamp(SHORTEST_WAIT, LONGEST_WAIT))
            }
            (_, FaultKind::ServerError) => Failure::ZohoFailed,
            // Another gateway, at the address of the API.
            (_, FaultKind::Gateway) => Failure::UnreadableAnswer,
            (Some(code), _) if is_error_code(code) => Failure::ZohoError(code.to_owned()),
            _ => Failure::UnreadableAnswer,
        }
    }

    /// The failure when the accounts server has issued too many tokens. `retry_after` is the wait that its answer asks
    /// for.
    #[must_use]
    pub fn too_many_tokens(retry_after: Option<Duration>) -> Failure {
        Failure::TooManyTokens(retry_after.unwrap_or(TOKEN_WINDOW).clamp(SHORTEST_WAIT, LONGEST_WAIT))
    }

    /// Whether a new token may help.
    #[must_use]
    pub fn is_invalid_token(&self) -> bool {
        matches!(self, Failure::ZohoError(code) if code == "INVALID_TOKEN")
    }

    /// Whether a new token may help if this one has worked before.
    #[must_use]
    pub fn is_unauthenticated(&self) -> bool {
        matches!(self, Failure::ZohoError(code) if code == "AUTHENTICATION_FAILURE")
    }

    /// Whether it lasts until somebody changes a setting, a secret or a permission.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            Failure::ZohoError(code) => self.is_invalid_token() || is_configuration_error(code),
            Failure::TokenRefused(_) | Failure::UnreadableSecret(_) | Failure::WrongDataCenter(_) => true,
            Failure::RateLimited(_)
            | Failure::TooManyTokens(_)
            | Failure::RenewalPaused(_)
            | Failure::UpstreamProxyFailed
            | Failure::Unreachable
            | Failure::TimedOut
            | Failure::ZohoFailed
            | Failure::UnreadableAnswer
            | Failure::UnreadableTokenAnswer
            | Failure::Internal => false,
        }
    }

    /// How long the failure is remembered, as the `count`-th in a row. Zoho is not asked during that time.
    #[must_use]
    pub fn remembered_for(&self, count: u32) -> Duration {
        if let Failure::RateLimited(wait) | Failure::TooManyTokens(wait) | Failure::RenewalPaused(wait) = self
        {
            return *wait;
        }
        let (first, longest) = match self.is_lasting() {
            true => (DEFAULT_WAIT, LONGEST_LASTING),
            false => (SHORTEST_WAIT, LONGEST_PASSING),
        };
        let doublings = count.saturating_sub(1).min(8);
        (first * (1 << doublings)).min(longest)
    }
}

/// Whether the error lasts until somebody changes a setting or gives a permission.
fn is_configuration_error(code: &str) -> bool {
    FaultKind::of_code(code).is_some_and(FaultKind::is_configuration)
}

/// Whether the text has the form of Zoho's error codes. Only such text is passed on from an answer.
fn is_error_code(text: &str) -> bool {
    text.len() <= 64 && FaultKind::is_code(text)
}

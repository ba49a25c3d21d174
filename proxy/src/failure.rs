//! Why there is no answer from Zoho, and what the gateway says then: never in upstream's words.

use std::time::Duration;

use axum::http::StatusCode;
use zoho_backup_core::fault::{Fault, FaultKind};

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Zoho answered with an error of this code.
    Zoho(String),
    /// The account's API credits or concurrent calls are used up; how long to wait.
    Limited(Duration),
    /// The accounts server gives no token, for this reason.
    Refused(Refusal),
    /// The accounts server has given too many tokens: how long to wait.
    TooManyTokens(Duration),
    /// A token is needed, and may not be asked for yet: how long to wait.
    Paused(Duration),
    /// A secret cannot be read; the log says which.
    NoSecret,
    /// No connection.
    Unreachable,
    /// No complete answer in time.
    TimedOut,
    /// Neither a backup document nor an error of Zoho's.
    Unreadable,
    /// A panic within the gateway.
    Internal,
}

/// Why the accounts server gives no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `invalid_client`: it does not know the client id, or knows another secret for it.
    Client,
    /// `invalid_code`: the refresh token is not, or no longer, valid.
    RefreshToken,
    /// Another error.
    Other,
}

/// Zoho itself names no time after which credits are back.
const WAIT: Duration = Duration::from_secs(60);
/// How long a failure is remembered at least.
const SHORTEST_WAIT: Duration = Duration::from_secs(15);
/// The longest wait that is passed on.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// How long Zoho's accounts server refuses further tokens.
const TOKEN_WINDOW: Duration = Duration::from_secs(600);

impl Failure {
    /// What a fault in an answer of the API means here; `retry_after` is the answer's own.
    #[must_use]
    pub fn of(fault: &Fault, retry_after: Option<Duration>) -> Failure {
        match (fault.code(), fault.kind()) {
            (_, FaultKind::RateLimited) => {
                Failure::Limited(retry_after.unwrap_or(WAIT).clamp(SHORTEST_WAIT, LONGEST_WAIT))
            }
            (Some(code), _) if is_code(code) => Failure::Zoho(code.to_owned()),
            _ => Failure::Unreadable,
        }
    }

    /// That the accounts server has given too many tokens; `retry_after` is its answer's own.
    #[must_use]
    pub fn too_many_tokens(retry_after: Option<Duration>) -> Failure {
        Failure::TooManyTokens(retry_after.unwrap_or(TOKEN_WINDOW).clamp(SHORTEST_WAIT, LONGEST_WAIT))
    }

    /// Whether a new token may help.
    #[must_use]
    pub fn is_invalid_token(&self) -> bool {
        matches!(self, Failure::Zoho(code) if code == "INVALID_TOKEN")
    }

    /// How long it is remembered, and Zoho left alone.
    #[must_use]
    pub fn remembered(&self) -> Duration {
        match self {
            Failure::Limited(wait) | Failure::TooManyTokens(wait) | Failure::Paused(wait) => *wait,
            Failure::Zoho(code) if code == "INVALID_TOKEN" || is_lasting(code) => WAIT,
            Failure::Refused(_) => WAIT,
            _ => SHORTEST_WAIT,
        }
    }

    /// Whether it tells when to come again.
    #[must_use]
    pub fn says_when(&self) -> bool {
        self.status() == StatusCode::SERVICE_UNAVAILABLE
    }

    /// The status of the gateway's own answer. Never 401 or 403: portals would sign their users out.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Failure::Limited(_) | Failure::TooManyTokens(_) | Failure::Paused(_) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Failure::TimedOut => StatusCode::GATEWAY_TIMEOUT,
            Failure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_GATEWAY,
        }
    }

    /// The `code` in the envelope: Zoho's own where it gave one, else one that the widget knows.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Failure::Zoho(code) => code,
            Failure::Limited(_) => "TOO_MANY_REQUESTS",
            Failure::TooManyTokens(_) | Failure::Paused(_) => "SERVICE_UNAVAILABLE",
            Failure::Refused(_) => "INVALID_TOKEN",
            Failure::TimedOut => "GATEWAY_TIMEOUT",
            Failure::NoSecret | Failure::Unreachable | Failure::Unreadable | Failure::Internal => {
                "BAD_GATEWAY"
            }
        }
    }

    /// The `message` in the envelope: the gateway's words.
    #[must_use]
    pub fn message(&self) -> &'static str {
        match self {
            Failure::Zoho(_) => "Zoho answered with this error.",
            Failure::Limited(_) => "The account's API credits or concurrent calls are used up.",
            Failure::Refused(Refusal::Client) => {
                "The accounts server refuses the gateway's client id or secret."
            }
            Failure::Refused(Refusal::RefreshToken) => {
                "The accounts server refuses the gateway's refresh token."
            }
            Failure::TooManyTokens(_) => {
                "The accounts server has given too many tokens, and gives none for a while."
            }
            Failure::Refused(Refusal::Other) => "The accounts server gives the gateway no token.",
            Failure::Paused(_) => "The gateway needs a token, and asks for one at most once a minute.",
            Failure::NoSecret => "The gateway cannot read its secrets.",
            Failure::Unreachable => "The gateway cannot reach Zoho.",
            Failure::TimedOut => "Zoho did not answer the gateway in time.",
            Failure::Unreadable => "Zoho's answer to the gateway is not a backup document.",
            Failure::Internal => "The gateway failed.",
        }
    }
}

/// Whether it is an error that lasts until somebody acts.
fn is_lasting(code: &str) -> bool {
    FaultKind::of_code(code).is_some_and(FaultKind::is_configuration)
}

/// Whether this is shaped like a code of Zoho's, so that nothing else of an answer is passed on in its place.
fn is_code(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

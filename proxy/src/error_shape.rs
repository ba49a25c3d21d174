//! How an error looks to a reader: its HTTP status, its code, and its message. The messages are the gateway's own; of
//! Zoho's answers only error codes are passed on.

use std::borrow::Cow;

use axum::http::{Method, StatusCode};

use crate::failure::{Failure, TokenRefusal};
use crate::request_refusal::RequestRefusal;

/// An error as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorShape<'a> {
    /// The HTTP status.
    pub status: StatusCode,
    /// The `code` in the body: Zoho's own if it sent one, otherwise the gateway's.
    pub code: &'a str,
    /// The `message` in the body, a sentence.
    pub message: Cow<'static, str>,
}

impl<'a> ErrorShape<'a> {
    fn new(status: StatusCode, code: &'a str, message: impl Into<Cow<'static, str>>) -> Self {
        ErrorShape { status, code, message: message.into() }
    }
}

impl<'a> From<&'a Failure> for ErrorShape<'a> {
    /// The status is never 401 or 403: a portal could take these for its own and sign its user out.
    fn from(failure: &'a Failure) -> Self {
        const BAD_GATEWAY: (StatusCode, &str) = (StatusCode::BAD_GATEWAY, "BAD_GATEWAY");
        const INVALID_TOKEN: (StatusCode, &str) = (StatusCode::BAD_GATEWAY, "INVALID_TOKEN");
        const UNAVAILABLE: (StatusCode, &str) = (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE");

        let ((status, code), message) = match failure {
            Failure::ZohoError(code) => {
                ((StatusCode::BAD_GATEWAY, code.as_str()), "Zoho answered with this error.")
            }
            Failure::RateLimited(_) => (
                (StatusCode::SERVICE_UNAVAILABLE, "TOO_MANY_REQUESTS"),
                "The account's API credits or concurrent calls are used up.",
            ),
            Failure::TokenRefused(TokenRefusal::Client) => {
                (INVALID_TOKEN, "The accounts server refuses the gateway's client id or secret.")
            }
            Failure::TokenRefused(TokenRefusal::RefreshToken) => {
                (INVALID_TOKEN, "The accounts server refuses the gateway's refresh token.")
            }
            Failure::TokenRefused(TokenRefusal::Other) => {
                (INVALID_TOKEN, "The accounts server issues no token to the gateway.")
            }
            Failure::TooManyTokens(_) => {
                (UNAVAILABLE, "The accounts server has issued too many tokens, and issues none for a while.")
            }
            Failure::RenewalPaused(_) => {
                (UNAVAILABLE, "The gateway needs a token, and requests one at most once a minute.")
            }
            Failure::UnreadableSecret => (BAD_GATEWAY, "The gateway cannot read its secrets."),
            Failure::Unreachable => (BAD_GATEWAY, "The gateway cannot reach Zoho."),
            Failure::UnreadableAnswer => {
                (BAD_GATEWAY, "Zoho's answer to the gateway is not a backup document.")
            }
            Failure::TimedOut => {
                ((StatusCode::GATEWAY_TIMEOUT, "GATEWAY_TIMEOUT"), "Zoho did not answer the gateway in time.")
            }
            Failure::Internal => ((StatusCode::INTERNAL_SERVER_ERROR, "BAD_GATEWAY"), "The gateway failed."),
        };
        ErrorShape::new(status, code, message)
    }
}

impl From<RequestRefusal> for ErrorShape<'static> {
    fn from(refusal: RequestRefusal) -> Self {
        use StatusCode as Status;
        match refusal {
            RequestRefusal::NotFound => {
                Self::new(Status::NOT_FOUND, "NOT_FOUND", "This path does not exist.")
            }
            RequestRefusal::Method(allowed) => Self::new(
                Status::METHOD_NOT_ALLOWED,
                "INVALID_REQUEST_METHOD",
                format!("Allowed methods: {}.", list_methods(allowed)),
            ),
            RequestRefusal::Query => {
                Self::new(Status::BAD_REQUEST, "INVALID_QUERY", "This path allows no query.")
            }
            RequestRefusal::AbsoluteForm => {
                Self::new(Status::BAD_REQUEST, "NOT_A_PROXY", "Requests for other hosts are not forwarded.")
            }
            RequestRefusal::InvalidHost => {
                Self::new(Status::BAD_REQUEST, "INVALID_HOST", "Exactly one Host header is required.")
            }
            RequestRefusal::Host => {
                Self::new(Status::FORBIDDEN, "HOST_NOT_ALLOWED", "This Host is not one of the gateway's.")
            }
            RequestRefusal::Origin => {
                Self::new(Status::FORBIDDEN, "ORIGIN_NOT_ALLOWED", "Pages of this origin are not allowed.")
            }
            RequestRefusal::CrossSite => Self::new(
                Status::FORBIDDEN,
                "CROSS_SITE",
                "Pages of other sites are not allowed without an Origin header.",
            ),
            RequestRefusal::Busy => Self::new(
                Status::SERVICE_UNAVAILABLE,
                "SERVICE_UNAVAILABLE",
                "Too many requests are waiting at a time.",
            ),
        }
    }
}

/// Methods as the header `Allow` lists them.
#[must_use]
pub fn list_methods(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

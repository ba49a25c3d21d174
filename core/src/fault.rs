//! Everything that can go wrong between the widget and Zoho's answer.

use crate::address_space::AddressSpace;
use crate::instant::Timestamp;
use crate::proxy_url::UrlRefusal;

named_enum! {
    /// What went wrong. Each kind has one cause and one remedy that an administrator can act on.
    pub enum FaultKind {
        /// The proxy URL was refused, and nothing was sent: see [`Fault::refusal`].
        BadUrl = "bad-url",
        /// No answer, and the browser says that there is no network.
        Offline = "offline",
        /// No answer: the host is down, or its answer lacks the CORS headers. Browsers do not say which.
        Unreachable = "unreachable",
        /// No answer, to a page without an origin that a proxy could allow: one in a sandboxed frame.
        OpaqueOrigin = "opaque-origin",
        /// No answer from a proxy that is nearer than the page: on this computer or its local network, which browsers
        /// protect from pages that are not.
        LocalNetwork = "local-network",
        /// The page's own Content-Security-Policy forbade the request.
        Blocked = "blocked",
        /// The proxy redirected, as single sign-on does when its session has ended. Redirects are not followed.
        Redirected = "redirected",
        /// No complete answer within the deadline.
        TimedOut = "timed-out",
        /// The answer is larger than any backup document.
        TooLarge = "too-large",
        /// A successful answer without a body, other than 204, which says that nothing was ever scheduled.
        Empty = "empty",
        /// A successful answer that is not JSON.
        NotJson = "not-json",
        /// A successful answer that is a web page, as a sign-in page is.
        Html = "html",
        /// JSON, but not the backup document.
        Malformed = "malformed",
        /// `INVALID_URL_PATTERN`: the path behind the proxy is wrong.
        InvalidUrlPattern = "invalid-url-pattern",
        /// `OAUTH_SCOPE_MISMATCH`: the token lacks the scope.
        ScopeMismatch = "scope-mismatch",
        /// `NO_PERMISSION`: the token's user may not read backup data.
        NoPermission = "no-permission",
        /// `INVALID_TOKEN`: expired, revoked, or of another data centre.
        InvalidToken = "invalid-token",
        /// `AUTHENTICATION_FAILURE`: no usable token reached Zoho.
        AuthenticationFailure = "authentication-failure",
        /// `INVALID_REQUEST_METHOD`: something turned the GET into another method.
        InvalidRequestMethod = "invalid-request-method",
        /// `INTERNAL_ERROR`: Zoho's own server failed.
        InternalError = "internal-error",
        /// HTTP 429: the day's API credits or the concurrent calls are used up.
        RateLimited = "rate-limited",
        /// Zoho's error envelope with a code that is not known here: see [`Fault::code`].
        ApiError = "api-error",
        /// HTTP 401 without a known code.
        Unauthorized = "unauthorized",
        /// HTTP 403 without a known code.
        Forbidden = "forbidden",
        /// HTTP 404 without a known code.
        NotFound = "not-found",
        /// HTTP 5xx without a known code.
        ServerError = "server-error",
        /// Any other HTTP status that is no success: see [`Fault::http_status`].
        HttpError = "http-error",
    }
}

/// One thing that went wrong, and the details that its kind has. It never holds a URL's query or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    details: Details,
}

/// What is known beside the kind. Only the constructors pair the two.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Details {
    None,
    /// Of [`FaultKind::BadUrl`], and of no other kind.
    Refusal(UrlRefusal),
    Answer(BadAnswer),
}

/// An answer that holds no backup details.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BadAnswer {
    /// `None` for a document that the host supplied.
    pub http_status: Option<u16>,
    /// The `code` of Zoho's error envelope, as sent.
    pub code: Option<String>,
    /// The `message` of Zoho's error envelope, as sent.
    pub message: Option<String>,
    /// `Retry-After`, as an instant.
    pub retry_at: Option<Timestamp>,
}

/// A request that ended without an answer. Browsers say little more than that it failed.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// How it ended.
    pub ended: NoAnswer,
    /// Whether the browser says that there is a network.
    pub is_online: bool,
    /// The page's origin; `null` in a sandboxed frame.
    pub page_origin: &'a str,
    /// The page's hostname.
    pub page_host: &'a str,
    /// The proxy's hostname.
    pub proxy_host: &'a str,
}

/// How a request ended that got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAnswer {
    /// The page's Content-Security-Policy forbade it.
    Blocked,
    /// The deadline passed.
    TimedOut,
    /// The browser says no more than that it failed.
    Failed,
}

impl Fault {
    /// The proxy URL was refused.
    pub const fn bad_url(refusal: UrlRefusal) -> Fault {
        Fault { kind: FaultKind::BadUrl, details: Details::Refusal(refusal) }
    }

    /// The answer is a redirect, which is not followed.
    pub const fn redirected() -> Fault {
        Fault { kind: FaultKind::Redirected, details: Details::None }
    }

    /// The answer is larger than [`MAX_BYTES`](crate::reply::MAX_BYTES).
    pub const fn too_large() -> Fault {
        Fault { kind: FaultKind::TooLarge, details: Details::None }
    }

    /// A request got no answer.
    pub fn no_answer(attempt: &Attempt<'_>) -> Fault {
        let is_nearer = AddressSpace::of(attempt.proxy_host) > AddressSpace::of(attempt.page_host);
        let kind = match attempt.ended {
            NoAnswer::Blocked => FaultKind::Blocked,
            _ if !attempt.is_online => FaultKind::Offline,
            // Until the browser's user gives a permission, such a request fails or waits.
            _ if is_nearer => FaultKind::LocalNetwork,
            NoAnswer::TimedOut => FaultKind::TimedOut,
            NoAnswer::Failed if attempt.page_origin == "null" => FaultKind::OpaqueOrigin,
            NoAnswer::Failed => FaultKind::Unreachable,
        };
        Fault { kind, details: Details::None }
    }

    /// An answer holds no backup details.
    pub(crate) const fn bad_answer(kind: FaultKind, answer: BadAnswer) -> Fault {
        Fault { kind, details: Details::Answer(answer) }
    }

    /// What went wrong.
    pub const fn kind(&self) -> FaultKind {
        self.kind
    }

    /// Why the proxy URL was refused; `Some` for [`FaultKind::BadUrl`] alone.
    pub const fn refusal(&self) -> Option<UrlRefusal> {
        match self.details {
            Details::Refusal(refusal) => Some(refusal),
            Details::None | Details::Answer(_) => None,
        }
    }

    /// The HTTP status, if there was an answer.
    pub fn http_status(&self) -> Option<u16> {
        self.answer()?.http_status
    }

    /// The `code` of Zoho's error envelope, as sent.
    pub fn code(&self) -> Option<&str> {
        self.answer()?.code.as_deref()
    }

    /// The `message` of Zoho's error envelope, as sent.
    pub fn message(&self) -> Option<&str> {
        self.answer()?.message.as_deref()
    }

    /// The time before which the answer asked not to retry (`Retry-After`).
    pub fn retry_at(&self) -> Option<Timestamp> {
        self.answer()?.retry_at
    }

    /// The same fault with the time to retry moved from one clock to another.
    pub(crate) fn with_retry_at(mut self, moved: impl FnOnce(Timestamp) -> Timestamp) -> Fault {
        if let Details::Answer(answer) = &mut self.details {
            answer.retry_at = answer.retry_at.map(moved);
        }
        self
    }

    const fn answer(&self) -> Option<&BadAnswer> {
        match &self.details {
            Details::Answer(answer) => Some(answer),
            Details::None | Details::Refusal(_) => None,
        }
    }
}

impl FaultKind {
    /// The kind for an error code of Zoho or of the gateway; `None` if it is unknown.
    pub fn of_code(code: &str) -> Option<FaultKind> {
        Some(match code {
            "INVALID_URL_PATTERN" => FaultKind::InvalidUrlPattern,
            "OAUTH_SCOPE_MISMATCH" => FaultKind::ScopeMismatch,
            "NO_PERMISSION" => FaultKind::NoPermission,
            "INTERNAL_ERROR" => FaultKind::InternalError,
            "INVALID_REQUEST_METHOD" => FaultKind::InvalidRequestMethod,
            "INVALID_TOKEN" => FaultKind::InvalidToken,
            "AUTHENTICATION_FAILURE" => FaultKind::AuthenticationFailure,
            // The gateway's own codes, in the same envelope.
            "TOO_MANY_REQUESTS" => FaultKind::RateLimited,
            "BAD_GATEWAY" | "GATEWAY_TIMEOUT" | "SERVICE_UNAVAILABLE" => FaultKind::ServerError,
            _ => return None,
        })
    }

    /// The kind for an HTTP status, or `None` for a success (2xx).
    pub fn of_http_status(status: u16) -> Option<FaultKind> {
        Some(match status {
            200..=299 => return None,
            401 => FaultKind::Unauthorized,
            403 => FaultKind::Forbidden,
            404 => FaultKind::NotFound,
            429 => FaultKind::RateLimited,
            500..=599 => FaultKind::ServerError,
            _ => FaultKind::HttpError,
        })
    }

    /// Whether it lasts until somebody changes a setting, grants a permission or signs in, so that a retry soon is
    /// useless. Anything else may pass by itself.
    pub const fn is_configuration(self) -> bool {
        match self {
            FaultKind::BadUrl
            | FaultKind::OpaqueOrigin
            | FaultKind::Blocked
            | FaultKind::Redirected
            | FaultKind::InvalidUrlPattern
            | FaultKind::ScopeMismatch
            | FaultKind::NoPermission
            | FaultKind::AuthenticationFailure
            | FaultKind::InvalidRequestMethod
            | FaultKind::Unauthorized
            | FaultKind::Forbidden
            | FaultKind::NotFound => true,
            // Networks, servers, and quotas recover.
            FaultKind::Offline
            | FaultKind::Unreachable
            | FaultKind::TimedOut
            | FaultKind::InternalError
            | FaultKind::RateLimited
            | FaultKind::ServerError => false,
            // The browser's user may grant the permission at any moment.
            FaultKind::LocalNetwork => false,
            // Tokens last an hour, and a proxy may need a moment to renew one.
            FaultKind::InvalidToken => false,
            // A maintenance page or a truncated answer may be gone a moment later. So may what is unknown here.
            FaultKind::TooLarge
            | FaultKind::Empty
            | FaultKind::NotJson
            | FaultKind::Html
            | FaultKind::Malformed
            | FaultKind::ApiError
            | FaultKind::HttpError => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FaultKind::{LocalNetwork, OpaqueOrigin, TimedOut, Unreachable};
    use super::*;

    #[test]
    fn no_answer_is_explained_by_where_page_and_proxy_are() {
        let portal = ("https://portal.example", "portal.example");
        let local = ("http://localhost:8080", "localhost");
        let frame = ("null", "portal.example");
        let cases = [
            (portal, "proxy.example", Unreachable, TimedOut),
            (portal, "localhost", LocalNetwork, LocalNetwork),
            (portal, "192.168.1.10", LocalNetwork, LocalNetwork),
            (local, "localhost", Unreachable, TimedOut),
            (local, "127.0.0.1", Unreachable, TimedOut),
            (local, "192.168.1.10", Unreachable, TimedOut),
            (("http://10.0.0.1", "10.0.0.1"), "10.0.0.2", Unreachable, TimedOut),
            (("http://10.0.0.1", "10.0.0.1"), "127.0.0.1", LocalNetwork, LocalNetwork),
            (frame, "proxy.example", OpaqueOrigin, TimedOut),
            (frame, "127.0.0.1", LocalNetwork, LocalNetwork),
        ];
        for ((page_origin, page_host), proxy_host, failed, late) in cases {
            let kind = |ended, is_online| {
                Fault::no_answer(&Attempt { ended, is_online, page_origin, page_host, proxy_host }).kind()
            };
            let case = format!("{page_origin} → {proxy_host}");
            assert_eq!(kind(NoAnswer::Failed, true), failed, "{case}");
            assert_eq!(kind(NoAnswer::TimedOut, true), late, "{case}, late");
            assert_eq!(kind(NoAnswer::Failed, false), FaultKind::Offline, "{case}, offline");
            assert_eq!(kind(NoAnswer::TimedOut, false), FaultKind::Offline, "{case}, late and offline");
            for is_online in [true, false] {
                assert_eq!(kind(NoAnswer::Blocked, is_online), FaultKind::Blocked, "{case}, blocked");
            }
        }
    }

    #[test]
    fn a_url_that_was_refused_has_its_refusal_and_nothing_else() {
        for refusal in UrlRefusal::ALL {
            let fault = Fault::bad_url(*refusal);
            assert_eq!((fault.kind(), fault.refusal()), (FaultKind::BadUrl, Some(*refusal)));
            assert_eq!((fault.http_status(), fault.code(), fault.retry_at()), (None, None, None));
        }
    }

    #[test]
    fn every_fault_lasts_until_somebody_acts_or_may_pass() {
        let lasting = [
            "bad-url",
            "opaque-origin",
            "blocked",
            "redirected",
            "invalid-url-pattern",
            "scope-mismatch",
            "no-permission",
            "authentication-failure",
            "invalid-request-method",
            "unauthorized",
            "forbidden",
            "not-found",
        ];
        let passing = [
            "offline",
            "unreachable",
            "local-network",
            "timed-out",
            "too-large",
            "empty",
            "not-json",
            "html",
            "malformed",
            "invalid-token",
            "internal-error",
            "rate-limited",
            "api-error",
            "server-error",
            "http-error",
        ];
        assert_eq!(lasting.len() + passing.len(), FaultKind::ALL.len());
        for kind in FaultKind::ALL {
            let name = kind.name();
            assert_eq!(kind.is_configuration(), lasting.contains(&name), "{name}");
            assert_ne!(kind.is_configuration(), passing.contains(&name), "{name}");
        }
    }
}

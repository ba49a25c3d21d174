//! Everything that can go wrong between the widget and Zoho's answer.

use crate::address_space::AddressSpace;
use crate::clock::Timestamp;
use crate::proxy_url::Refusal;

words! {
    /// What went wrong. Each kind has one cause and one remedy that an administrator can act on.
    pub enum FaultKind {
        /// The proxy URL was refused before anything was sent: see [`Fault::refusal`].
        BadUrl = "bad-url",
        /// Nothing was sent: a request is due, and the browser says that there is no network.
        Offline = "offline",
        /// No answer: the host is down, or its answer lacks the CORS headers. A browser does not tell which.
        Unreachable = "unreachable",
        /// No answer, to a page without an origin that a proxy could allow: one in a sandboxed frame.
        OpaqueOrigin = "opaque-origin",
        /// No answer from a proxy that is nearer than the page: on this computer or its local network, which browsers
        /// guard.
        LocalNetwork = "local-network",
        /// The page's own Content-Security-Policy forbade the request.
        Blocked = "blocked",
        /// The proxy redirected, as single sign-on does when its session has ended. Redirects are not followed.
        Redirected = "redirected",
        /// No complete answer within the deadline.
        TimedOut = "timed-out",
        /// The answer exceeds the size that any backup document could have.
        TooLarge = "too-large",
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

/// One thing that went wrong, with what is known of it. It never carries a URL's query or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong.
    pub kind: FaultKind,
    /// The `code` of Zoho's error envelope, as sent.
    pub code: Option<String>,
    /// The HTTP status, if there was an answer.
    pub http_status: Option<u16>,
    /// The `message` of Zoho's error envelope, as sent.
    pub message: Option<String>,
    /// Before when the answer asked not to ask again (`Retry-After`).
    pub retry_at: Option<Timestamp>,
    /// Why the proxy URL was refused, for [`FaultKind::BadUrl`].
    pub refusal: Option<Refusal>,
}

impl Fault {
    /// A fault of which no more is known than its kind.
    pub const fn new(kind: FaultKind) -> Fault {
        Fault { kind, code: None, http_status: None, message: None, retry_at: None, refusal: None }
    }

    /// A proxy URL that was refused.
    pub fn bad_url(refusal: Refusal) -> Fault {
        Fault { refusal: Some(refusal), ..Fault::new(FaultKind::BadUrl) }
    }
}

impl FaultKind {
    /// The kind for a request that ended without an answer, of which a browser says no more than that. `page` and
    /// `proxy` are hostnames, `origin` is the page's.
    pub fn of_silence(timed_out: bool, origin: &str, page: &str, proxy: &str) -> FaultKind {
        if AddressSpace::of(proxy) > AddressSpace::of(page) {
            // Before a permission is given, such a request fails or waits.
            FaultKind::LocalNetwork
        } else if timed_out {
            FaultKind::TimedOut
        } else if origin == "null" {
            FaultKind::OpaqueOrigin
        } else {
            FaultKind::Unreachable
        }
    }

    /// The kind for an error code of Zoho's or of the gateway's, if it is a known one.
    pub fn of_code(code: &str) -> Option<FaultKind> {
        Some(match code {
            "INVALID_URL_PATTERN" => FaultKind::InvalidUrlPattern,
            "OAUTH_SCOPE_MISMATCH" => FaultKind::ScopeMismatch,
            "NO_PERMISSION" => FaultKind::NoPermission,
            "INTERNAL_ERROR" => FaultKind::InternalError,
            "INVALID_REQUEST_METHOD" => FaultKind::InvalidRequestMethod,
            "INVALID_TOKEN" => FaultKind::InvalidToken,
            "AUTHENTICATION_FAILURE" => FaultKind::AuthenticationFailure,
            // A gateway's own words, in the same envelope.
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

    /// Whether it lasts until somebody changes a setting, gives a right, or signs in, so that asking again soon is of
    /// no use. All else may pass by itself, or is not known well enough to tell.
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
            // The browser asks its user for a permission, who may give it at any moment.
            FaultKind::LocalNetwork => false,
            // Tokens last an hour, and a proxy may need a moment to get the next.
            FaultKind::InvalidToken => false,
            // A gateway's page of maintenance, or an answer cut short, may be gone a moment later; so may what is not
            // known here.
            FaultKind::TooLarge
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
    use super::FaultKind::{self, LocalNetwork, OpaqueOrigin, TimedOut, Unreachable};

    #[test]
    fn silence_is_explained_by_where_page_and_proxy_are() {
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
        for ((origin, page), proxy, failed, late) in cases {
            assert_eq!(FaultKind::of_silence(false, origin, page, proxy), failed, "{origin} → {proxy}");
            assert_eq!(FaultKind::of_silence(true, origin, page, proxy), late, "{origin} → {proxy}, late");
        }
    }

    #[test]
    fn faults_that_last_until_somebody_acts_are_told_from_those_that_may_pass() {
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

//! What can go wrong, by kind.

named_enum! {
    /// What went wrong. Each kind has one cause and one remedy that an administrator can act on.
    pub enum FaultKind {
        /// The proxy URL was refused, and nothing was sent: see [`Fault::refusal`](crate::fault::Fault::refusal).
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
        /// The gateway's own refusal or failure: see [`GatewayCode`](crate::gateway_code::GatewayCode).
        Gateway = "gateway",
        /// Zoho's error envelope with a code that is not known here: see
        /// [`Fault::code`](crate::fault::Fault::code).
        ApiError = "api-error",
        /// HTTP 401 without a known code.
        Unauthorized = "unauthorized",
        /// HTTP 403 without a known code.
        Forbidden = "forbidden",
        /// HTTP 404 without a known code.
        NotFound = "not-found",
        /// HTTP 5xx without a known code.
        ServerError = "server-error",
        /// Any other HTTP status that is no success: see
        /// [`Fault::http_status`](crate::fault::Fault::http_status).
        HttpError = "http-error",
    }
}

impl FaultKind {
    /// The kind for an error code of Zoho's; `None` if it is unknown.
    pub fn of_code(code: &str) -> Option<FaultKind> {
        Some(match code {
            "INVALID_URL_PATTERN" => FaultKind::InvalidUrlPattern,
            "OAUTH_SCOPE_MISMATCH" => FaultKind::ScopeMismatch,
            "NO_PERMISSION" => FaultKind::NoPermission,
            "INTERNAL_ERROR" => FaultKind::InternalError,
            "INVALID_REQUEST_METHOD" => FaultKind::InvalidRequestMethod,
            "INVALID_TOKEN" => FaultKind::InvalidToken,
            "AUTHENTICATION_FAILURE" => FaultKind::AuthenticationFailure,
            "TOO_MANY_REQUESTS" => FaultKind::RateLimited,
            _ => return None,
        })
    }

    /// Whether a text has the form of Zoho's error codes. What others call a code is seldom written like them.
    pub fn is_code(text: &str) -> bool {
        text.starts_with(|first: char| first.is_ascii_uppercase())
            && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
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
            // Its code says which: see `GatewayCode::is_configuration`.
            FaultKind::Gateway => false,
        }
    }

    /// Whether it may end at any moment because somebody signs on in another tab.
    pub const fn asks_for_sign_on(self) -> bool {
        matches!(self, FaultKind::Redirected | FaultKind::Unauthorized | FaultKind::Html)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
            "gateway",
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

    #[test]
    fn three_kinds_ask_for_a_sign_on() {
        let names = FaultKind::ALL.iter().filter(|kind| kind.asks_for_sign_on()).map(|kind| kind.name());
        assert_eq!(names.collect::<Vec<_>>(), ["redirected", "html", "unauthorized"]);
    }
}

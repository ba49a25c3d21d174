//! Why a request is refused without asking Zoho.

use axum::http::Method;

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestRefusal {
    /// The path does not exist.
    NotFound,
    /// The path does not allow this method. Carries the methods that it allows.
    Method(&'static [Method]),
    /// The path does not allow this query.
    Query,
    /// The request target names a host, as requests to a forward proxy do.
    AbsoluteForm,
    /// There is not exactly one `Host` header, or it is not text.
    InvalidHost,
    /// The `Host` is not one of the gateway's own.
    Host,
    /// The `Origin` is not allowed.
    Origin,
    /// A page of another site sent the request without CORS, so that it could not read the answer, or may not show the
    /// picture.
    CrossSite,
    /// Too many requests are waiting for Zoho.
    Busy,
}

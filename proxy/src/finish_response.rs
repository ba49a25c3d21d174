//! The outermost middleware: it gives every response its id and its headers for browsers, and logs it.

use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, DATE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;

use crate::gateway::Gateway;
use crate::route::Route;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The header that says whose pages may load a response.
pub const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const ANY_ORIGIN: HeaderValue = HeaderValue::from_static("*");
const CROSS_ORIGIN: HeaderValue = HeaderValue::from_static("cross-origin");
/// The value for pages of the same origin.
pub const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
/// The value that keeps browsers from guessing a media type.
pub const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_CONTENT_SOURCES: HeaderValue = HeaderValue::from_static("default-src 'none'");
const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");
const BY_ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
const TRUE: HeaderValue = HeaderValue::from_static("true");
/// The headers that pages of other origins may read.
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static("Date, ETag, Age, Retry-After, X-Request-Id");

/// The methods that are logged by name. Any other text in their place may be anything, and is not logged.
const LOGGED_METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// Parses the route for the handlers, and finishes every response of theirs and of the other middleware.
pub async fn finish_response(State(gateway): State<Gateway>, mut request: Request, next: Next) -> Response {
    let (started, id) = (Instant::now(), gateway.next_request_id());
    let route = gateway.route(request.uri().path());
    let method = LOGGED_METHODS.into_iter().find(|method| method == request.method());
    let allowed_origin = gateway.guard().allowed_origin(request.headers());
    request.extensions_mut().insert(route.clone());

    let mut response = next.run(request).await;

    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let headers = response.headers_mut();
    let date = gateway
        .corrected_date()
        .map(httpdate::fmt_http_date)
        .and_then(|date| HeaderValue::try_from(date).ok());
    if let Some(date) = date {
        headers.entry(DATE).or_insert(date);
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(X_REQUEST_ID, id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    if matches!(route, Route::WidgetFile(_)) && !is_error {
        headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, CROSS_ORIGIN);
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANY_ORIGIN);
    } else {
        restrict(headers, allowed_origin);
    }

    let took = started.elapsed();
    gateway.observations().answered(route.name(), status.as_u16(), took);
    // As JSON, an u128 would be a string.
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (route, status) = (route.name(), status.as_u16());
    let method = method.as_ref().map_or("other", Method::as_str);
    tracing::info!(id, method, route, status, ms, "answered");
    response
}

/// Lets only pages of the gateway's own origin, and of this one if there is one, read the response.
fn restrict(headers: &mut HeaderMap, allowed_origin: Option<HeaderValue>) {
    // The picture has its own of these three.
    headers.entry(CROSS_ORIGIN_RESOURCE_POLICY).or_insert(SAME_ORIGIN);
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(NO_CONTENT_SOURCES);
    headers.entry(VARY).or_insert(BY_ORIGIN);
    headers.insert(CACHE_CONTROL, PRIVATE);
    let Some(origin) = allowed_origin else { return };
    // Credentials are for a sign-on in front of the gateway. Browsers accept none with `*`.
    if origin != ANY_ORIGIN {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
}

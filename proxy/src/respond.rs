//! The gateway's HTTP responses, each built here. The headers that all responses share are added in
//! [`finish_response`](crate::finish_response).

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_MAX_AGE, AGE, ALLOW, CACHE_CONTROL, CONTENT_ENCODING,
    CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, DATE, ETAG, RETRY_AFTER, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::empty;
use tokio::time::Instant;

use crate::answers::{CachedAnswer, CachedFailure};
use crate::badge_sites::BadgeSites;
use crate::error_shape::ErrorShape;
use crate::finish_response::CROSS_ORIGIN_RESOURCE_POLICY;
use crate::picture::BadgePicture;
use crate::readiness::NotReady;
use crate::representation::{JSON, Representation};
use crate::request_refusal::RequestRefusal;
use crate::widget_files::WidgetFile;

const PLAIN_TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");
const READING: HeaderValue = HeaderValue::from_static("GET, HEAD");
/// How long a browser may remember a preflight: ten minutes.
const PREFLIGHT_SECONDS: HeaderValue = HeaderValue::from_static("600");
/// After how long a reader may retry while too many wait.
const BUSY_SECONDS: HeaderValue = HeaderValue::from_static("1");
/// The representation of a widget's file depends on this header of the request.
const BY_CODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");
/// A picture depends on these. Whether a page may read it depends on its origin, as for all other answers.
const BY_ORIGIN_AND_LANGUAGE: HeaderValue = HeaderValue::from_static("Origin, Accept-Language");
const REVALIDATE: HeaderValue = HeaderValue::from_static("public, no-cache");
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The backup details, or 204 if nothing was ever scheduled and nothing is known of past runs.
#[must_use]
pub fn backup(answer: &CachedAnswer, request: &HeaderMap) -> Response {
    let response = match &answer.representation {
        None => without_content(StatusCode::NO_CONTENT),
        Some(representation) => conditional(representation, request),
    };
    let date = (DATE, httpdate::fmt_http_date(answer.date));
    let age = (AGE, answer.age().as_secs().to_string());
    ([date, age], response).into_response()
}

/// The badge as a picture, which pages of these sites may show.
#[must_use]
pub fn badge(picture: &BadgePicture, sites: BadgeSites, request: &HeaderMap) -> Response {
    let policy = (CONTENT_SECURITY_POLICY, picture.policy.clone());
    let resource_policy = (CROSS_ORIGIN_RESOURCE_POLICY, sites.resource_policy());
    let language = (CONTENT_LANGUAGE, picture.language.clone());
    let vary = (VARY, BY_ORIGIN_AND_LANGUAGE);
    ([policy, resource_policy, language, vary], conditional(&picture.representation, request)).into_response()
}

/// The answer to a preflight request of CORS.
#[must_use]
pub fn preflight() -> Response {
    let headers = [(ACCESS_CONTROL_ALLOW_METHODS, READING), (ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS)];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// The health check: the process runs. It does not depend on Zoho.
#[must_use]
pub fn health() -> Response {
    ([(CONTENT_TYPE, PLAIN_TEXT)], Body::from("ok\n")).into_response()
}

/// The readiness check: 200, or 503 with a line for each secret that cannot be read.
#[must_use]
pub fn readiness(checked: Result<(), NotReady>) -> Response {
    match checked {
        Ok(()) => health(),
        Err(not_ready) => {
            let headers = [(CONTENT_TYPE, PLAIN_TEXT)];
            (StatusCode::SERVICE_UNAVAILABLE, headers, not_ready.to_string()).into_response()
        }
    }
}

/// One of the widget's files, in the coding that the client prefers.
#[must_use]
pub fn widget_file(file: &WidgetFile, query: Option<&str>, request: &HeaderMap) -> Response {
    let caching = if file.is_immutable(query) { IMMUTABLE } else { REVALIDATE };
    ([(CACHE_CONTROL, caching), (VARY, BY_CODING)], conditional(file.choose(request), request))
        .into_response()
}

/// 200 with the content, or 304 if the client has it.
fn conditional(representation: &Representation, request: &HeaderMap) -> Response {
    let entity_tag = (ETAG, representation.entity_tag.clone());
    if representation.is_known_to_client(request) {
        return ([entity_tag], without_content(StatusCode::NOT_MODIFIED)).into_response();
    }
    let media_type = (CONTENT_TYPE, representation.media_type.clone());
    let coding: HeaderMap =
        representation.coding.map(|it| (CONTENT_ENCODING, it.header())).into_iter().collect();
    ([media_type, entity_tag], coding, Body::from(representation.bytes.clone())).into_response()
}

/// A response of a status that has no content. The length of its body is unknown to axum, which would otherwise answer
/// `HEAD` with `Content-Length: 0`: wrong for a 204, and for a 304 not the length that `GET` has.
fn without_content(status: StatusCode) -> Response {
    (status, Body::from_stream(empty::<Result<Bytes, Infallible>>())).into_response()
}

impl IntoResponse for ErrorShape<'_> {
    /// The body has the form of Zoho's own errors.
    fn into_response(self) -> Response {
        (self.status, [(CONTENT_TYPE, JSON)], Body::from(self.body().to_string())).into_response()
    }
}

impl IntoResponse for RequestRefusal {
    fn into_response(self) -> Response {
        let response = ErrorShape::from(self).into_response();
        match self {
            RequestRefusal::Method(allowed) => ([(ALLOW, list_methods(allowed))], response).into_response(),
            RequestRefusal::Busy => ([(RETRY_AFTER, BUSY_SECONDS)], response).into_response(),
            _ => response,
        }
    }
}

impl IntoResponse for CachedFailure {
    /// A 503 says in `Retry-After` how many seconds are left, rounded up.
    fn into_response(self) -> Response {
        let response = ErrorShape::from(&self.failure).into_response();
        if response.status() != StatusCode::SERVICE_UNAVAILABLE {
            return response;
        }
        let remaining = self.until.saturating_duration_since(Instant::now());
        let seconds = remaining.as_millis().div_ceil(1_000).max(1);
        ([(RETRY_AFTER, seconds.to_string())], response).into_response()
    }
}

/// Methods as the header `Allow` lists them.
fn list_methods(methods: &[Method]) -> String {
    methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ")
}

//! The gateway's answers, each made here: nothing of an upstream answer passes but what core's types hold.

use axum::body::Body;
use axum::http::header::{AGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, IF_NONE_MATCH, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::answers::{Answer, Silence};
use crate::widget::WidgetFile;

const JSON: &str = "application/json; charset=utf-8";

/// Why a request is refused without a question to Zoho.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is nothing at this path.
    NotFound,
    /// The path knows other methods only.
    Method(&'static str),
    /// The path takes no query.
    Query,
    /// The request is for a proxy: its target names a host.
    AbsoluteForm,
    /// There is not exactly one `Host`.
    Hosts,
    /// The `Host` is not listed.
    Host,
    /// The `Origin` is not listed.
    Origin,
    /// A page of another site asks in a way that browsers do not let it read.
    CrossSite,
    /// Too many requests at a time.
    Busy,
}

impl Refusal {
    fn explain(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Refusal::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing here."),
            Refusal::Method(_) => {
                (StatusCode::METHOD_NOT_ALLOWED, "INVALID_REQUEST_METHOD", "Only GET is answered here.")
            }
            Refusal::Query => (StatusCode::BAD_REQUEST, "INVALID_QUERY", "A query is not taken here."),
            Refusal::AbsoluteForm => {
                (StatusCode::BAD_REQUEST, "NOT_A_PROXY", "Requests for other hosts are not passed on.")
            }
            Refusal::Hosts => (StatusCode::BAD_REQUEST, "INVALID_HOST", "Exactly one Host is needed."),
            Refusal::Host => (StatusCode::FORBIDDEN, "HOST_NOT_ALLOWED", "This gateway has another name."),
            Refusal::Origin => {
                (StatusCode::FORBIDDEN, "ORIGIN_NOT_ALLOWED", "Pages of this origin may not ask.")
            }
            Refusal::CrossSite => (
                StatusCode::FORBIDDEN,
                "CROSS_SITE",
                "Pages of other sites may not ask without their origin.",
            ),
            Refusal::Busy => {
                (StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", "Too many requests at a time.")
            }
        }
    }
}

/// The answer to a refused request.
#[must_use]
pub fn refused(refusal: Refusal) -> Response {
    let (status, code, message) = refusal.explain();
    let mut response = envelope(status, code, message);
    match refusal {
        Refusal::Method(allowed) => insert(&mut response, ALLOW, allowed),
        Refusal::Busy => insert(&mut response, RETRY_AFTER, "1"),
        _ => {}
    }
    response
}

/// What Zoho answered, whoever it was asked for.
#[must_use]
pub fn answered(answer: &Answer, request: &HeaderMap) -> Response {
    let mut response = match &answer.document {
        None => plain(StatusCode::NO_CONTENT, Body::empty()),
        Some(document) => tagged(request, &document.tag, JSON, document.content.clone().into()),
    };
    insert(&mut response, DATE, &httpdate::fmt_http_date(answer.date));
    insert(&mut response, AGE, &answer.age().as_secs().to_string());
    response
}

/// That there is no answer, and why.
#[must_use]
pub fn silent(silence: &Silence) -> Response {
    let failure = &silence.failure;
    let mut response = envelope(failure.status(), failure.code(), failure.message());
    if failure.says_when() {
        let left = silence.until.saturating_duration_since(Instant::now());
        let seconds = left.as_millis().div_ceil(1_000).max(1);
        insert(&mut response, RETRY_AFTER, &seconds.to_string());
    }
    response
}

/// That pages of this origin may ask, for the browser that asks before them.
#[must_use]
pub fn preflight() -> Response {
    let mut response = plain(StatusCode::NO_CONTENT, Body::empty());
    insert(&mut response, HeaderName::from_static("access-control-allow-methods"), "GET");
    insert(&mut response, HeaderName::from_static("access-control-max-age"), "600");
    response
}

/// That the process is there. It says nothing of Zoho.
#[must_use]
pub fn healthy() -> Response {
    let mut response = plain(StatusCode::OK, Body::from("ok\n"));
    insert(&mut response, CONTENT_TYPE, "text/plain; charset=utf-8");
    response
}

/// One of the widget's files. It is to be kept for ever only under the version that is its own: a page may still ask for
/// another build's.
#[must_use]
pub fn file(file: &WidgetFile, query: Option<&str>, request: &HeaderMap) -> Response {
    let is_versioned = query.and_then(|query| query.strip_prefix("v=")) == Some(&file.version);
    let mut response = tagged(request, &file.tag, file.media_type, file.content.clone().into());
    let caching = if is_versioned { "public, max-age=31536000, immutable" } else { "public, no-cache" };
    insert(&mut response, CACHE_CONTROL, caching);
    response
}

/// A strong entity tag.
#[must_use]
pub fn entity_tag(content: &[u8]) -> String {
    let digest = Sha256::digest(content);
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{hex}\"")
}

/// 200 with this body, or 304 for whoever has it.
fn tagged(request: &HeaderMap, tag: &str, media_type: &str, body: Body) -> Response {
    let has_it = request
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(','))
        .any(|known| matches!(known.trim(), "*") || known.trim().trim_start_matches("W/") == tag);
    let mut response = if has_it {
        plain(StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        let mut response = plain(StatusCode::OK, body);
        insert(&mut response, CONTENT_TYPE, media_type);
        response
    };
    insert(&mut response, ETAG, tag);
    response
}

/// An error in the shape that Zoho gives to its own.
#[must_use]
pub fn envelope(status: StatusCode, code: &str, message: &str) -> Response {
    let body = json!({ "code": code, "message": message, "details": {}, "status": "error" });
    let mut response = plain(status, Body::from(body.to_string()));
    insert(&mut response, CONTENT_TYPE, JSON);
    response
}

fn plain(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// Sets a header to what is known to be fit for one.
pub fn insert(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

//! A [`WireResponse`] as the HTTP response to a request, with the sandbox's own headers and CORS.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;

use crate::body::body;
use crate::record::Pending;
use crate::wire_response::WireResponse;

const EXPOSED: &str = "date, etag, age, retry-after, x-sandbox";

/// Responds after the delay that `response` asks for. A preflight is allowed wherever the response has CORS headers.
pub(crate) async fn respond(response: WireResponse, request: &Parts, pending: Pending) -> Response {
    let response =
        if request.method == Method::OPTIONS { preflight(&request.headers, response.cors) } else { response };
    if !response.delay.is_zero() {
        tokio::time::sleep(response.delay).await;
    }
    into_http(response, request.headers.get(header::ORIGIN), pending)
}

fn preflight(headers: &HeaderMap, cors: bool) -> WireResponse {
    if !cors {
        return WireResponse { cors, ..WireResponse::empty(204) };
    }
    let requested = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let requested = requested.and_then(|headers| headers.to_str().ok());
    WireResponse::empty(204)
        .with("access-control-allow-methods", "GET, OPTIONS")
        .with("access-control-allow-headers", requested.unwrap_or("*"))
        .with("access-control-max-age", "60")
}

fn into_http(response: WireResponse, origin: Option<&HeaderValue>, pending: Pending) -> Response {
    let mut http = Response::new(body(response.body, response.delivery, pending));
    *http.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    http.extensions_mut().insert(response.delivery);
    let headers = http.headers_mut();
    headers.insert("x-sandbox", HeaderValue::from_static("zoho-backup-status"));
    if response.cors {
        allow(headers, origin);
    }
    for (name, _) in &response.headers {
        headers.remove(*name);
    }
    for (name, value) in response.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(name, value);
        }
    }
    http
}

fn allow(headers: &mut HeaderMap, origin: Option<&HeaderValue>) {
    let any_origin = HeaderValue::from_static("*");
    if origin.is_some() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        headers.insert(header::VARY, HeaderValue::from_static("origin"));
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.cloned().unwrap_or(any_origin));
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
}

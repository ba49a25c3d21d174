//! The pages for an administrator, on a listener of their own: `/statusz` and `/metrics`. They are answered from memory,
//! and hold no secret.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::exposition;
use crate::finish_response::{CROSS_ORIGIN_RESOURCE_POLICY, NOSNIFF, SAME_ORIGIN};
use crate::gateway::Gateway;
use crate::guard::check_host;
use crate::metrics::metrics;
use crate::own_host::OwnHost;
use crate::representation::JSON;
use crate::status::status;

/// The path of the status.
pub const STATUS_PATH: &str = "/statusz";
/// The path of the metrics.
pub const METRICS_PATH: &str = "/metrics";

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The pages about this gateway, for requests to these hosts.
pub fn admin_router(gateway: Gateway, own_hosts: Vec<OwnHost>) -> Router {
    Router::new()
        .route(STATUS_PATH, get(show_status))
        .route(METRICS_PATH, get(show_metrics))
        .fallback(async || (StatusCode::NOT_FOUND, "There are /statusz and /metrics.\n"))
        .layer(from_fn_with_state(Arc::<[OwnHost]>::from(own_hosts), guard))
        .with_state(gateway)
}

async fn show_status(State(gateway): State<Gateway>) -> impl IntoResponse {
    let status =
        status(&gateway.observations().so_far(), gateway.last_answer().as_deref(), &gateway.upkeep());
    ([(CONTENT_TYPE, JSON)], status.to_string())
}

async fn show_metrics(State(gateway): State<Gateway>) -> impl IntoResponse {
    let metrics =
        metrics(&gateway.observations().so_far(), gateway.last_answer().as_deref(), &gateway.upkeep());
    ([(CONTENT_TYPE, exposition::MEDIA_TYPE)], metrics)
}

/// Refuses other hosts: their name may point to this machine, so that their pages could read the answers.
async fn guard(State(own_hosts): State<Arc<[OwnHost]>>, request: Request, next: Next) -> Response {
    let is_own = request.uri().authority().is_none() && check_host(&own_hosts, request.headers()).is_ok();
    let mut response = match is_own {
        true => next.run(request).await,
        false => (StatusCode::FORBIDDEN, "Send one Host: localhost, or the address.\n").into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, NO_STORE);
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, SAME_ORIGIN);
    response
}

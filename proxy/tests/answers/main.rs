//! How Zoho's answers are passed on: documents, errors, and everything else that a server or the network can cause.

mod documents;
mod errors;
mod unusable;
#[path = "../upstream/mod.rs"]
mod upstream;

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::join_all;
use sandbox::scenarios::{DEFAULT, SCENARIOS};
use sandbox::wire_response::JSON;
use sandbox::wire_response::{Delivery, WireResponse};
use sandbox::{Outcome, Request};
use serde_json::{Value, json};
use upstream::{HEADERS, Raw, Reply, Running, play, request_counts, scenario, settings, without_cache, zoho};
use zoho_backup_core::fault::FaultKind;
use zoho_backup_core::json::Json;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::zoho::Timeouts;

const HTML: &str = "text/html; charset=utf-8";

/// Stands in upstream answers in every place that must not be passed on.
const MARKER: &str = "qx7-marker-0f3ac9d1e88b42";

/// The gateway's response to this answer of the API.
async fn answer(upstream: WireResponse) -> Reply {
    let zoho = zoho().await;
    play(&zoho, upstream);
    let reply = Running::to(&zoho).await.get().await;
    assert_eq!(request_counts(&zoho), (1, 1), "this answer was used");
    reply
}

/// The gateway's response to these bytes from the API.
async fn answer_raw(upstream: impl Into<Vec<u8>>) -> Reply {
    let zoho = Raw::api(upstream).await;
    let reply = Running::with(settings(&zoho.origin())).await.get().await;
    assert_eq!(zoho.request_count(), 1, "this answer was used");
    reply
}

/// Checks what all responses have in common.
fn assert_is_the_gateways_own(reply: &Reply, case: &str) {
    for name in reply.headers.keys() {
        assert!(HEADERS.contains(&name.as_str()), "{case}: {name}");
        assert_eq!(reply.headers.get_all(name).iter().count(), 1, "{case}: {name}");
    }
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"), "{case}");
    assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'"), "{case}");
    assert!(!reply.holds(MARKER.as_bytes()), "{case}: {reply:?}");
}

/// Checks an error response.
fn assert_envelope(reply: &Reply, (status, code): (u16, &str), case: &str) {
    assert_is_the_gateways_own(reply, case);
    assert_eq!((reply.status, reply.envelope().as_str()), (status, code), "{case}");
    assert_eq!(reply.header("retry-after").is_some(), status == 503, "{case}");
}

fn good() -> WireResponse {
    scenario(DEFAULT)
}

fn json(status: u16, body: impl ToString) -> WireResponse {
    WireResponse::body(status, JSON, body.to_string())
}

fn delivered(delivery: Delivery) -> WireResponse {
    WireResponse { delivery, ..good() }
}

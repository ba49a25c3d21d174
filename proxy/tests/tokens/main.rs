//! The access token: when it is requested, renewed, kept and given up.

mod accounts_server;
mod renewal;
mod renewal_limit;
mod rotation;
#[path = "../upstream/mod.rs"]
mod upstream;

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::join_all;
use proptest::prelude::*;
use sandbox::accounts::TOKEN;
use sandbox::wire_response::JSON;
use sandbox::wire_response::{Delivery, WireResponse};
use sandbox::{Account, Outcome, Sandbox};
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::time::{Instant, advance};
use upstream::Turn::{Fails, Gives, Panics, Stalls};
use upstream::{
    InProcess, Reply, Running, Scripted, Turn, ask, request_counts, settings, skip, without_cache, zoho,
    zoho_with,
};
use zoho_backup_core::fault::FaultKind;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::{Failure, Secret, TokenRefusal};
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::token_holder::TokenHolder;
use zoho_backup_proxy::zoho::Timeouts;

const MARKER: &str = "qx7-marker-0f3ac9d1e88b42";

fn json(status: u16, body: impl ToString) -> WireResponse {
    WireResponse::body(status, JSON, body.to_string())
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn invalid_token<T>() -> Turn<T> {
    Fails(Failure::ZohoError("INVALID_TOKEN".into()))
}

/// A gateway without a cache, to this upstream.
fn uncached(upstream: &Scripted) -> InProcess {
    InProcess::with(upstream, without_cache("http://zoho.invalid"))
}

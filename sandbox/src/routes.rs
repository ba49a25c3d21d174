//! What the sandbox responds at each path.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRef, Path, State};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::Response;
use axum::routing::{any, post};
use axum::{Form, Router};
use serde_json::json;
use time::OffsetDateTime;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_picture::theme;

use crate::accounts::{self, Accounts, TOKEN, TOKEN_PATH};
use crate::badge;
use crate::http_response::respond;
use crate::instant;
use crate::record::{self, Record};
use crate::replay::Replay;
use crate::scenarios::{DEFAULT, SCENARIOS, SIGN_IN, SIGN_IN_PAGE, Scenario, find};
use crate::script::Script;
use crate::timeline::Playing;
use crate::wire_response::{HTML, JSON, TEXT, WireResponse};

/// The state that all routes share.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) record: Record,
    pub(crate) script: Script,
    pub(crate) accounts: Accounts,
    pub(crate) replay: Replay,
    /// When the sandbox started, and each timeline that is played.
    pub(crate) since: Timestamp,
}

impl FromRef<Shared> for Record {
    fn from_ref(shared: &Shared) -> Self {
        shared.record.clone()
    }
}

pub(crate) fn router(shared: Shared) -> Router {
    Router::new()
        .route("/crm/bulk/v6/backup", any(backup))
        .route(TOKEN_PATH, post(token).fallback(unknown))
        .route("/badge.svg", any(default_badge))
        .route("/scenarios", any(list))
        .route("/scenarios/{name}/badge.svg", any(scenario_badge))
        .route("/scenarios/{name}/crm/bulk/v6/backup", any(scenario))
        .route(SIGN_IN, any(sign_in))
        .fallback(unknown)
        .with_state(shared)
}

async fn backup(state: State<Shared>, request: Parts) -> Response {
    let name = state.accounts.scenario(request.headers.get(header::AUTHORIZATION));
    if name == DEFAULT
        && request.method == Method::GET
        && let Some(response) = state.replay.answer(instant::now())
    {
        return record_and_respond(&state.record, Some(DEFAULT), &request, response).await;
    }
    scenario(state, Path(name.into()), request).await
}

async fn token(
    State(Shared { record, script, accounts, .. }): State<Shared>,
    request: Parts,
    form: Result<Form<accounts::Form>, FormRejection>,
) -> Response {
    // A body that is not a form has no fields.
    let form = form.map_or_else(|_| Vec::new(), |Form(fields)| fields);
    let Some(response) = script.take_played(TOKEN).or_else(|| accounts.token_response(&form)) else {
        return unknown(State(record), request).await;
    };
    let pending = record.add(record::Request { form, ..record::Request::new(Some(TOKEN), &request) });
    respond(response, &request, pending).await
}

async fn scenario(
    State(Shared { record, script, since, .. }): State<Shared>,
    Path(name): Path<String>,
    request: Parts,
) -> Response {
    let Some(scenario) = find(&name) else {
        return unknown(State(record), request).await;
    };
    let response = if request.method == Method::GET {
        match Playing::of_query(request.uri.query().unwrap_or_default(), since) {
            Ok(playing) => script.take(scenario, playing),
            Err(message) => WireResponse::body(400, TEXT, message),
        }
    } else {
        // Zoho's error for every other method.
        let body = json!({
            "code": "INVALID_REQUEST_METHOD", "status": "error", "details": {},
            "message": "The http request method type is not a valid one",
        });
        WireResponse { cors: script.next(scenario).cors, ..WireResponse::body(400, JSON, body.to_string()) }
    };
    record_and_respond(&record, Some(scenario.name), &request, response).await
}

async fn default_badge(state: State<Shared>, request: Parts) -> Response {
    let reply = state.replay.answer(instant::now());
    let reply = reply.or_else(|| Some(state.script.next(find(DEFAULT)?)));
    picture(state, reply, request).await
}

async fn scenario_badge(state: State<Shared>, Path(name): Path<String>, request: Parts) -> Response {
    let reply = find(&name).map(|scenario| state.script.next(scenario));
    picture(state, reply, request).await
}

/// The badge of a reply as a picture.
async fn picture(
    State(Shared { record, .. }): State<Shared>,
    reply: Option<WireResponse>,
    request: Parts,
) -> Response {
    let Some(reply) = reply else {
        return unknown(State(record), request).await;
    };
    let response = match theme::of_query(request.uri.query()) {
        _ if !matches!(request.method, Method::GET | Method::HEAD) => {
            WireResponse::empty(405).with("allow", "GET, HEAD")
        }
        Some(theme) => badge::badge(&reply, theme, OffsetDateTime::now_utc()),
        None => WireResponse::body(400, TEXT, "the only query is theme=light or theme=dark\n".into()),
    };
    record_and_respond(&record, None, &request, response).await
}

async fn list(State(record): State<Record>, request: Parts) -> Response {
    let accept = request.headers.get(header::ACCEPT);
    let is_browser =
        accept.is_some_and(|accept| accept.to_str().is_ok_and(|text| text.contains("text/html")));
    let response = if is_browser {
        WireResponse::body(200, HTML, list_page(&record))
    } else {
        let list: Vec<_> = SCENARIOS
            .iter()
            .map(|Scenario { name, summary, .. }| {
                json!({ "name": name, "summary": summary, "requests": record.count(name) })
            })
            .collect();
        WireResponse::body(200, JSON, json!(list).to_string())
    };
    record_and_respond(&record, None, &request, response).await
}

/// Names and summaries are constants of this crate, so nothing needs escaping.
fn list_page(record: &Record) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>Sandbox: scenarios</title><h1>Scenarios</h1><dl>",
    );
    for scenario in SCENARIOS {
        page += &format!(
            "<dt><a href=\"/scenarios/{0}/crm/bulk/v6/backup\">{0}</a><dd>{1} Requests: {2}.",
            scenario.name,
            scenario.summary,
            record.count(scenario.name)
        );
    }
    page + "</dl></html>"
}

async fn sign_in(State(record): State<Record>, request: Parts) -> Response {
    let response = WireResponse::body(200, HTML, SIGN_IN_PAGE.into());
    record_and_respond(&record, None, &request, response).await
}

async fn unknown(State(record): State<Record>, request: Parts) -> Response {
    let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    let body = format!(
        "there is nothing at {}: request /crm/bulk/v6/backup, or /scenarios/{{name}}/crm/bulk/v6/backup with one of the \
         names in /scenarios: {}\n",
        request.uri.path(),
        names.join(", ")
    );
    record_and_respond(&record, None, &request, WireResponse::body(404, TEXT, body)).await
}

async fn record_and_respond(
    record: &Record,
    scenario: Option<&'static str>,
    request: &Parts,
    response: WireResponse,
) -> Response {
    let pending = record.add(record::Request::new(scenario, request));
    respond(response, request, pending).await
}

//! The HTTP side: routes, CORS, and connections that end without an answer.

use std::convert::Infallible;
use std::error::Error;
use std::io;

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRef, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum::routing::{any, post};
use axum::{Form, Router};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::accounts::{self, Accounts, TOKEN, TOKEN_PATH};
use crate::answer::{Answer, Delivery};
use crate::body::body;
use crate::record::{self, Pending, Record};
use crate::scenarios::{JSON, SCENARIOS, SIGN_IN, SIGN_IN_PAGE, Scenario, find};
use crate::script::Script;
use crate::tls::Tls;

const HTML: &str = "text/html; charset=utf-8";
const EXPOSED: &str = "date, etag, age, retry-after, x-sandbox";

/// What the routes share.
#[derive(Clone, Debug)]
pub(crate) struct Shared {
    pub(crate) record: Record,
    pub(crate) script: Script,
    pub(crate) accounts: Accounts,
}

impl FromRef<Shared> for Record {
    fn from_ref(shared: &Shared) -> Self {
        shared.record.clone()
    }
}

/// Serves until the future is dropped; its connections end with it.
///
/// Not `axum::serve`: only a service of hyper's own can end a connection without an answer, by failing.
pub(crate) async fn serve(listener: TcpListener, tls: Option<Tls>, shared: Shared) {
    let tls = tls.map(|tls| TlsAcceptor::from(tls.server));
    let router = Router::new()
        .route("/crm/bulk/v6/backup", any(default))
        .route(TOKEN_PATH, post(token).fallback(unknown))
        .route("/scenarios", any(list))
        .route("/scenarios/{name}/crm/bulk/v6/backup", any(scenario))
        .route(SIGN_IN, any(sign_in))
        .fallback(unknown)
        .with_state(shared);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // A client that is gone before it was accepted is no reason to stop.
                let Ok((stream, _)) = accepted else { continue };
                connections.spawn(connect(stream, tls.clone(), router.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connect(stream: TcpStream, tls: Option<TlsAcceptor>, router: Router) {
    let Some(tls) = tls else {
        return converse(stream, router, |stream| stream).await;
    };
    // A client that does not trust the certificate goes away.
    if let Ok(stream) = tls.accept(stream).await {
        converse(stream, router, |stream| stream.into_inner().0).await;
    }
}

async fn converse<S>(stream: S, router: Router, into_tcp: fn(S) -> TcpStream)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let service = service_fn(move |request| respond(router.clone(), request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // Fails for each dropped or aborted connection, which is as it should be.
    if let Err(error) = (&mut connection).await
        && is_reset(&error)
    {
        // Closing a socket that does not linger sends RST.
        let _ = into_tcp(connection.into_parts().io.into_inner()).set_zero_linger();
    }
}

fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset)
}

/// The response, or the error that ends the connection in its place.
async fn respond(router: Router, request: hyper::Request<hyper::body::Incoming>) -> io::Result<Response> {
    let answered: Result<Response, Infallible> = router.oneshot(request).await;
    let Ok(response) = answered;
    match response.extensions().get() {
        Some(Delivery::Dropped) => Err(io::ErrorKind::ConnectionAborted.into()),
        Some(Delivery::Reset) => Err(io::ErrorKind::ConnectionReset.into()),
        _ => Ok(response),
    }
}

async fn default(state: State<Shared>, request: Parts) -> Response {
    let name = state.accounts.scenario(request.headers.get(header::AUTHORIZATION));
    scenario(state, Path(name.into()), request).await
}

async fn token(
    State(Shared { record, script, accounts }): State<Shared>,
    request: Parts,
    form: Result<Form<accounts::Form>, FormRejection>,
) -> Response {
    // What is no form has no fields.
    let form = form.map_or_else(|_| Vec::new(), |Form(fields)| fields);
    let Some(answer) = script.take_played(TOKEN).or_else(|| accounts.answer(&form)) else {
        return unknown(State(record), request).await;
    };
    let pending = record.add(record::Request { form, ..record::Request::new(Some(TOKEN), &request) });
    answer_with(answer, &request, pending).await
}

async fn scenario(
    State(Shared { record, script, .. }): State<Shared>,
    Path(name): Path<String>,
    request: Parts,
) -> Response {
    let Some(scenario) = find(&name) else {
        return unknown(State(record), request).await;
    };
    let answer = if request.method == Method::GET {
        script.take(scenario)
    } else {
        // As Zoho answers every other method.
        let body = json!({
            "code": "INVALID_REQUEST_METHOD", "status": "error", "details": {},
            "message": "The http request method type is not a valid one",
        });
        Answer { cors: script.next(scenario).cors, ..Answer::body(400, JSON, body.to_string()) }
    };
    send(&record, Some(scenario.name), &request, answer).await
}

async fn list(State(record): State<Record>, request: Parts) -> Response {
    let accept = request.headers.get(header::ACCEPT);
    let browser = accept.is_some_and(|accept| accept.to_str().is_ok_and(|text| text.contains("text/html")));
    let answer = if browser {
        Answer::body(200, HTML, list_page(&record))
    } else {
        let list: Vec<_> = SCENARIOS
            .iter()
            .map(|Scenario { name, summary, .. }| {
                json!({ "name": name, "summary": summary, "requests": record.count(name) })
            })
            .collect();
        Answer::body(200, JSON, json!(list).to_string())
    };
    send(&record, None, &request, answer).await
}

/// Names and summaries are constants of this crate: nothing to escape.
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
    let answer = Answer::body(200, HTML, SIGN_IN_PAGE.into());
    send(&record, None, &request, answer).await
}

async fn unknown(State(record): State<Record>, request: Parts) -> Response {
    let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    let body = format!(
        "nothing is at {}: ask for /crm/bulk/v6/backup, or for \
         /scenarios/{{name}}/crm/bulk/v6/backup with one of the names of /scenarios: {}\n",
        request.uri.path(),
        names.join(", ")
    );
    let answer = Answer::body(404, "text/plain; charset=utf-8", body);
    send(&record, None, &request, answer).await
}

async fn send(record: &Record, scenario: Option<&'static str>, request: &Parts, answer: Answer) -> Response {
    let pending = record.add(record::Request::new(scenario, request));
    answer_with(answer, request, pending).await
}

async fn answer_with(answer: Answer, request: &Parts, pending: Pending) -> Response {
    let answer =
        if request.method == Method::OPTIONS { preflight(&request.headers, answer.cors) } else { answer };
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    into_response(answer, request.headers.get(header::ORIGIN), pending)
}

fn preflight(headers: &HeaderMap, cors: bool) -> Answer {
    if !cors {
        return Answer { cors, ..Answer::empty(204) };
    }
    let asked = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS);
    let asked = asked.and_then(|headers| headers.to_str().ok());
    Answer::empty(204)
        .with("access-control-allow-methods", "GET, OPTIONS")
        .with("access-control-allow-headers", asked.unwrap_or("*"))
        .with("access-control-max-age", "60")
}

fn into_response(answer: Answer, origin: Option<&HeaderValue>, pending: Pending) -> Response {
    let mut response = Response::new(body(answer.body, answer.delivery, pending));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.extensions_mut().insert(answer.delivery);
    let headers = response.headers_mut();
    headers.insert("x-sandbox", HeaderValue::from_static("zoho-backup-status"));
    if answer.cors {
        allow(headers, origin);
    }
    for (name, _) in &answer.headers {
        headers.remove(*name);
    }
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(name, value);
        }
    }
    response
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

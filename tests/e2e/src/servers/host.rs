//! The server of host pages, on another site than the files and the API.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::watch;
use tower::ServiceExt;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::route::BADGE_PATH;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::zoho::BACKUP_PATH;

use super::server::Server;

/// A page's HTML and its headers.
#[derive(Clone, Debug)]
pub struct Served {
    pub html: String,
    pub headers: Vec<(HeaderName, String)>,
}

#[derive(Debug)]
pub struct Host {
    server: Server,
    contents: Contents,
}

#[derive(Clone, Debug, Default)]
struct Contents {
    pages: Arc<Mutex<Vec<Served>>>,
    gateway: Arc<Mutex<Option<Gateway>>>,
    /// The paths of the requests so far.
    requests: Arc<Mutex<Vec<String>>>,
    holds: Arc<watch::Sender<Vec<String>>>,
}

impl Host {
    pub async fn start() -> Result<Self> {
        let contents = Contents::default();
        let router = Router::new().fallback(serve).with_state(contents.clone());
        Ok(Self { server: Server::start(router).await?, contents })
    }

    /// On `localhost`; the files and the API are on 127.0.0.1, which is another origin and another site.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.server.address.port())
    }

    /// Serves a page; returns its address.
    pub fn add(&self, page: Served) -> String {
        let mut pages = self.contents.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.push(page);
        format!("{}/{}", self.origin(), pages.len() - 1)
    }

    /// Serves a gateway on this origin, as the web server of a portal does.
    pub fn mount(&self, gateway: Gateway) {
        *self.contents.gateway.lock().unwrap_or_else(PoisonError::into_inner) = Some(gateway);
    }

    /// The number of requests for this path so far.
    pub fn count(&self, path: &str) -> usize {
        let requests = self.contents.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().filter(|request| *request == path).count()
    }

    /// Delays the responses at this path until `release`.
    pub fn hold(&self, path: &str) {
        self.contents.holds.send_modify(|holds| holds.push(path.into()));
    }

    /// Responds at this path, which `hold` has delayed.
    pub fn release(&self, path: &str) {
        self.contents.holds.send_modify(|holds| holds.retain(|held| held != path));
    }
}

async fn serve(State(contents): State<Contents>, request: Request) -> Response {
    let Contents { pages, gateway, requests, holds } = contents;
    let path = request.uri().path().to_owned();
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
    // An error here means that the server has stopped.
    let _ = holds.subscribe().wait_for(|holds| !holds.contains(&path)).await;
    if path == "/favicon.ico" {
        return StatusCode::NO_CONTENT.into_response();
    }
    let gateway = gateway.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let (BACKUP_PATH | BADGE_PATH, Some(gateway)) = (path.as_str(), gateway) {
        return router(gateway).oneshot(request).await.into_response();
    }
    let page = path.trim_start_matches('/').parse().ok().and_then(|number: usize| {
        let pages = pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.get(number).cloned()
    });
    match page {
        Some(Served { html, headers }) => {
            let mut response = Html(html).into_response();
            for (name, value) in headers {
                if let Ok(value) = value.parse() {
                    response.headers_mut().insert(name, value);
                }
            }
            response
        }
        None => (StatusCode::NOT_FOUND, "no such page").into_response(),
    }
}

//! The server of host pages, on another site than the files and the API.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::watch;
use tower::ServiceExt;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::route::BADGE_PATH;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::zoho::BACKUP_PATH;

use super::server::Server;
use super::sign_on::SignOn;

/// What a portal serves on its own origin besides its pages: the bundle, scripts of its own, and those of the tests.
const FILES: [&str; 3] = ["/widgets/", "/assets/", "/harness/"];

/// A page's HTML and its headers.
#[derive(Clone, Debug)]
pub struct Served {
    pub html: String,
    pub headers: Vec<(HeaderName, String)>,
}

#[derive(Debug)]
pub struct Host {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    files: Router,
    state: Mutex<Contents>,
    holds: watch::Sender<Vec<String>>,
}

#[derive(Debug, Default)]
struct Contents {
    pages: HashMap<String, Served>,
    /// Gateways by the path before their own.
    gateways: HashMap<String, Gateway>,
    sign_on: Option<SignOn>,
    /// The paths of the requests so far.
    requests: Vec<String>,
}

impl Host {
    /// Serves these files, too.
    pub async fn start(files: Router) -> Result<Self> {
        let shared = Arc::new(Shared { files, state: Mutex::default(), holds: watch::Sender::default() });
        let router = Router::new().fallback(serve).with_state(shared.clone());
        Ok(Self { server: Server::start(router).await?, shared })
    }

    /// On `localhost`; the files and the API are on 127.0.0.1, which is another origin and another site.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.server.address.port())
    }

    /// The same server by its address: another site.
    pub fn other_site(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Serves a page; returns its address.
    pub fn add(&self, page: Served) -> String {
        let path = format!("/{}", self.shared.contents().pages.len());
        self.add_at(&path, page)
    }

    /// Serves a page at this path; returns its address.
    pub fn add_at(&self, path: &str, page: Served) -> String {
        self.shared.contents().pages.insert(path.into(), page);
        format!("{}{path}", self.origin())
    }

    /// Serves a gateway on this origin, as the web server of a portal does.
    pub fn mount(&self, gateway: Gateway) {
        self.mount_at("", gateway);
    }

    /// Serves a gateway below this path: `/eu`.
    pub fn mount_at(&self, prefix: &str, gateway: Gateway) {
        self.shared.contents().gateways.insert(prefix.into(), gateway);
    }

    /// From now on everything on this origin needs a sign-on, without which the server answers like this.
    pub fn require(&self, sign_on: SignOn) {
        self.shared.contents().sign_on = Some(sign_on);
    }

    /// The number of requests for this path so far.
    pub fn count(&self, path: &str) -> usize {
        self.shared.contents().requests.iter().filter(|request| *request == path).count()
    }

    /// Delays the responses at this path until `release`.
    pub fn hold(&self, path: &str) {
        self.shared.holds.send_modify(|holds| holds.push(path.into()));
    }

    /// Responds at this path, which `hold` has delayed.
    pub fn release(&self, path: &str) {
        self.shared.holds.send_modify(|holds| holds.retain(|held| held != path));
    }
}

impl Shared {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    /// The gateway for this URL, with the URL without what is before the gateway's own path.
    fn gateway(&self, url: &Uri) -> Option<(Gateway, Uri)> {
        [BACKUP_PATH, BADGE_PATH].into_iter().find_map(|own| {
            let prefix = url.path().strip_suffix(own)?;
            let gateway = self.gateways.get(prefix)?;
            Some((gateway.clone(), url.to_string().strip_prefix(prefix)?.parse().ok()?))
        })
    }
}

async fn serve(State(shared): State<Arc<Shared>>, mut request: Request) -> Response {
    let path = request.uri().path().to_owned();
    shared.contents().requests.push(path.clone());
    // An error here means that the server has stopped.
    let _ = shared.holds.subscribe().wait_for(|holds| !holds.contains(&path)).await;
    if path == "/favicon.ico" {
        return StatusCode::NO_CONTENT.into_response();
    }
    // Tests' own scripts are not the portal's.
    if !path.starts_with("/harness/")
        && let Some(response) = shared.contents().sign_on.as_ref().and_then(|it| it.refuse(&request))
    {
        return response;
    }
    if FILES.iter().any(|prefix| path.starts_with(prefix)) {
        return shared.files.clone().oneshot(request).await.into_response();
    }
    let gateway = shared.contents().gateway(request.uri());
    if let Some((gateway, own)) = gateway {
        *request.uri_mut() = own;
        return router(gateway).oneshot(request).await.into_response();
    }
    let page = shared.contents().pages.get(&path).cloned();
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

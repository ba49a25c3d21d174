//! The file server: the built bundle, and the scripts that tests add.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::watch;

use super::server::Server;

/// The path of tests' scripts. Requests for them are not recorded, since they are not the page's.
const SCRIPTS: &str = "/harness/script-";

/// A request for a file.
#[derive(Clone, Debug)]
pub struct FileRequest {
    /// Its path, without query.
    pub path: String,
    /// When the request arrived.
    pub at: Instant,
}

#[derive(Debug)]
pub struct Files {
    server: Server,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    dist: PathBuf,
    state: Mutex<Contents>,
    holds: watch::Sender<Vec<String>>,
}

#[derive(Debug, Default)]
struct Contents {
    added: HashMap<String, String>,
    folders: Vec<(String, PathBuf)>,
    failing: HashSet<String>,
    pages: HashSet<String>,
    altered: HashSet<String>,
    caches_versions: bool,
    media_types: HashMap<String, &'static str>,
    requests: Vec<FileRequest>,
}

impl Files {
    /// Serves the directory `dist`.
    pub async fn start(dist: &Path) -> Result<Self> {
        let shared =
            Arc::new(Shared { dist: dist.into(), state: Mutex::default(), holds: watch::Sender::default() });
        Ok(Self { server: Server::start(router(&shared)).await?, shared })
    }

    /// The same files, for another server.
    pub fn router(&self) -> Router {
        router(&self.shared)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// The directory of the bundle.
    pub fn dist(&self) -> &Path {
        &self.shared.dist
    }

    /// Also serves this text at this path.
    pub fn add(&self, path: &str, text: impl Into<String>) {
        self.shared.contents().added.insert(path.into(), text.into());
    }

    /// Serves the script of a test; returns its path.
    pub fn add_script(&self, text: &str) -> String {
        let mut contents = self.shared.contents();
        let path = format!("{SCRIPTS}{}.js", contents.added.len());
        contents.added.insert(path.clone(), text.into());
        path
    }

    /// Also serves the bundle under this prefix: `/other/`.
    pub fn also_at(&self, prefix: &str) {
        self.also_serve(prefix, &self.shared.dist);
    }

    /// Also serves another directory under this prefix, before those that were added earlier.
    pub fn also_serve(&self, prefix: &str, directory: &Path) {
        self.shared.contents().folders.insert(0, (prefix.into(), directory.into()));
    }

    /// A file of the bundle, as text.
    pub fn text(&self, name: &str) -> Result<String> {
        let file = self.shared.dist.join(name);
        std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))
    }

    /// The requests so far, in the order of their arrival.
    pub fn requests(&self) -> Vec<FileRequest> {
        self.shared.contents().requests.clone()
    }

    /// The number of requests for the file at this path.
    pub fn count(&self, path: &str) -> usize {
        self.requests().iter().filter(|request| request.path == path).count()
    }

    /// Responds with 503 for the file at this path until `recover`.
    pub fn fail(&self, path: &str) {
        self.shared.contents().failing.insert(path.into());
    }

    /// Responds with a web page for the file at this path until `recover`, as the fallback of a single-page app does.
    pub fn answer_with_page(&self, path: &str) {
        self.shared.contents().pages.insert(path.into());
    }

    /// Serves the file at this path again.
    pub fn recover(&self, path: &str) {
        let mut contents = self.shared.contents();
        contents.failing.remove(path);
        contents.pages.remove(path);
    }

    /// Serves the file at this path with another last byte from now on.
    pub fn alter(&self, path: &str) {
        self.shared.contents().altered.insert(path.into());
    }

    /// Lets browsers keep files whose URL names a version, as the documentation has it.
    pub fn cache_versions(&self) {
        self.shared.contents().caches_versions = true;
    }

    /// Serves the file at this path as this media type from now on.
    pub fn serve_as(&self, path: &str, media_type: &'static str) {
        self.shared.contents().media_types.insert(path.into(), media_type);
    }

    /// Delays the file at this path until `release`.
    pub fn hold(&self, path: &str) {
        self.shared.holds.send_modify(|holds| holds.push(path.into()));
    }

    /// Serves the file at this path, which `hold` has delayed.
    pub fn release(&self, path: &str) {
        self.shared.holds.send_modify(|holds| holds.retain(|held| held != path));
    }
}

impl Shared {
    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new().fallback(serve).with_state(shared.clone())
}

async fn serve(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let path = uri.path().to_owned();
    if !path.starts_with(SCRIPTS) {
        shared.contents().requests.push(FileRequest { path: path.clone(), at: Instant::now() });
    }
    // An error here means that the server has stopped.
    let _ = shared.holds.subscribe().wait_for(|holds| !holds.contains(&path)).await;
    let contents = shared.contents();
    let is_version = uri.query().is_some_and(|query| query.starts_with("v="));
    let caching = match contents.caches_versions && is_version {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let cors = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CACHE_CONTROL, caching)];
    if contents.failing.contains(&path) {
        return (StatusCode::SERVICE_UNAVAILABLE, cors, "failing").into_response();
    }
    if contents.pages.contains(&path) {
        return (cors, Html("<!doctype html><title>Portal</title>")).into_response();
    }
    let Some(mut bytes) = contents.read(&path, &shared.dist) else {
        let missing = format!("{path} is not in {}", shared.dist.display());
        return (StatusCode::NOT_FOUND, cors, missing).into_response();
    };
    if contents.altered.contains(&path) {
        bytes.last_mut().into_iter().for_each(|last| *last ^= 1);
    }
    let media_type = contents.media_types.get(&path).copied().unwrap_or_else(|| media_type(&path));
    (cors, [(header::CONTENT_TYPE, media_type)], Body::from(bytes)).into_response()
}

impl Contents {
    /// The file at this path, unaltered.
    fn read(&self, path: &str, dist: &Path) -> Option<Vec<u8>> {
        if let Some(text) = self.added.get(path) {
            return Some(text.clone().into_bytes());
        }
        if path.contains("..") {
            return None;
        }
        let other = self
            .folders
            .iter()
            .find_map(|(prefix, directory)| Some(directory.join(path.strip_prefix(prefix.as_str())?)));
        std::fs::read(other.unwrap_or_else(|| dist.join(path.trim_start_matches('/')))).ok()
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        // Without parameters: instantiateStreaming refuses them.
        Some("wasm") => "application/wasm",
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

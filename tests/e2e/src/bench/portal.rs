//! One origin with everything: pages, scripts, the widget's files, and an API that takes its time.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use brotli::enc::BrotliEncoderParams;
use sandbox::WireResponse;
use sandbox::scenarios::{DEFAULT, Scenario, find};

use super::contender::Contender;
use crate::servers::server::Server;

/// How long the API takes for an answer.
pub const API: Duration = Duration::from_millis(300);

pub struct Portal {
    server: Server,
    /// The bytes that each of [`Contender::TICKING`] loads, compressed.
    pub sizes: [usize; 3],
}

/// A file, compressed as small as it gets.
struct File {
    compressed: Bytes,
    media_type: &'static str,
    tag: String,
}

struct Contents {
    files: HashMap<String, File>,
    pages: HashMap<String, String>,
}

impl Portal {
    /// Serves the bundle in `dist` and the scripts in `contenders`.
    pub async fn start(dist: &Path, contenders: &Path) -> Result<Portal> {
        let mut files = HashMap::new();
        for (folder, name, media_type) in [
            (dist, "zoho-backup-status.js", "text/javascript"),
            (dist, "widget_bg.wasm", "application/wasm"),
            (contenders, "hand-written.js", "text/javascript"),
            (contenders, "lit.js", "text/javascript"),
        ] {
            let path = folder.join(name);
            let content =
                std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            let tag = format!("\"{}\"", content.len());
            let file = File { compressed: compress(&content)?.into(), media_type, tag };
            files.insert(format!("/{name}"), file);
        }
        let script = std::fs::read_to_string(dist.join("zoho-backup-status.js"))?;
        let wasm = script.split("widget_bg.wasm?v=").nth(1).and_then(|rest| rest.get(..8));
        let wasm = format!("/widget_bg.wasm?v={}", wasm.context("the script names no version of its wasm")?);
        let size = |path: &str| files.get(path).map_or(0, |file| file.compressed.len());
        let wasm_size = |it| if it == Contender::Widget { size("/widget_bg.wasm") } else { 0 };
        let sizes = Contender::TICKING.map(|it| size(it.script()) + wasm_size(it));
        let visits = Contender::VISITED.map(|it| (it.visit_path(), it.visit(&wasm)));
        let crowds = Contender::TICKING.map(|it| (it.crowd_path(), it.crowd()));
        let pages = visits.into_iter().chain(crowds).chain([("/".to_owned(), String::new())]).collect();
        let router = Router::new().fallback(serve).with_state(Arc::new(Contents { files, pages }));
        Ok(Portal { server: Server::start(router).await?, sizes })
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address)
    }
}

async fn serve(State(contents): State<Arc<Contents>>, request: Request) -> Response {
    let path = request.uri().path();
    if let Some(page) = contents.pages.get(path) {
        return ([(header::CACHE_CONTROL, "no-cache")], Html(page.clone())).into_response();
    }
    if let Some(file) = contents.files.get(path) {
        return answer(file, request.uri().query().is_some(), request.headers());
    }
    match path {
        "/crm/bulk/v6/backup" => answer_late(Scenario::response_now, "application/json").await,
        "/badge.svg" => answer_late(Scenario::badge_now, "image/svg+xml").await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(file: &File, has_version: bool, request: &HeaderMap) -> Response {
    let caching = if has_version { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers: [(HeaderName, &str); 4] = [
        (header::CACHE_CONTROL, caching),
        (header::ETAG, &file.tag),
        (header::CONTENT_TYPE, file.media_type),
        (header::CONTENT_ENCODING, "br"),
    ];
    let is_known = request.get(header::IF_NONE_MATCH).is_some_and(|tag| tag == file.tag.as_str());
    if is_known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, file.compressed.clone()).into_response()
}

/// The API's answer, or the gateway's picture of it.
async fn answer_late(respond: fn(&Scenario) -> WireResponse, media_type: &str) -> Response {
    tokio::time::sleep(API).await;
    let Some(scenario) = find(DEFAULT) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")];
    (headers, respond(scenario).body).into_response()
}

fn compress(mut content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 22, ..BrotliEncoderParams::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut content, &mut compressed, &parameters)?;
    Ok(compressed)
}

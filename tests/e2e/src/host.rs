//! The host-page server: pages as tests write them, on an origin of their own and of another site.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};

use crate::server::Server;

/// A page's HTML and its headers.
#[derive(Clone, Debug)]
pub struct Served {
    pub html: String,
    pub headers: Vec<(HeaderName, String)>,
}

#[derive(Debug)]
pub struct Host {
    server: Server,
    pages: Pages,
}

type Pages = Arc<Mutex<Vec<Served>>>;

impl Host {
    pub async fn start() -> Result<Self> {
        let pages = Pages::default();
        let router = Router::new().fallback(serve).with_state(pages.clone());
        Ok(Self { server: Server::start(router).await?, pages })
    }

    /// `localhost`, where the files and the API are at 127.0.0.1: another origin and another site.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.server.address.port())
    }

    /// Registers a page; returns its address.
    pub fn add(&self, page: Served) -> String {
        let mut pages = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        pages.push(page);
        format!("{}/{}", self.origin(), pages.len() - 1)
    }
}

async fn serve(State(pages): State<Pages>, uri: Uri) -> Response {
    if uri.path() == "/favicon.ico" {
        return StatusCode::NO_CONTENT.into_response();
    }
    let page = uri.path().trim_start_matches('/').parse().ok().and_then(|number: usize| {
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

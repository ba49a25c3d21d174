//! The inward side: who may ask what.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, HOST, ORIGIN, VARY};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;

use crate::account::Account;
use crate::answers::{Answers, Silence};
use crate::config::Settings;
use crate::document::Document;
use crate::failure::Failure;
use crate::origin::{Host, Origins};
use crate::respond::{self, Refusal, insert};
use crate::widget::Widget;
pub use crate::zoho::BACKUP_PATH;
use crate::zoho::{Limits, Upstream, Zoho};

/// How many requests may wait for Zoho at a time.
pub const SLOTS: usize = 700;

/// What pages of other origins may read beside the body.
const EXPOSED: &str = "Date, ETag, Age, Retry-After, X-Request-Id";

/// The methods that are written down.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::OPTIONS, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

/// The gateway.
#[derive(Clone, Debug)]
pub struct Gateway(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origins: Origins,
    hosts: Vec<Host>,
    widget: Option<Widget>,
    answers: Arc<Answers>,
    slots: Semaphore,
    /// What makes request ids unlike those of other processes.
    seed: RandomState,
    requests: AtomicU64,
}

impl Gateway {
    /// A gateway to Zoho. It asks nothing before it is asked.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: Settings) -> anyhow::Result<Gateway> {
        Gateway::within(Limits::default(), settings)
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn within(limits: Limits, settings: Settings) -> anyhow::Result<Gateway> {
        let zoho = Zoho::new(
            &settings.api_domain,
            &settings.accounts_server,
            settings.client_id.clone(),
            settings.client_secret.clone(),
            settings.refresh_token.clone(),
            limits.connect,
        )?;
        Ok(Gateway::of(Account::new(zoho, limits.total), settings))
    }

    /// A gateway to whatever answers instead of Zoho.
    pub fn to(upstream: impl Upstream, settings: Settings) -> Gateway {
        Gateway::of(Account::new(upstream, Limits::default().total), settings)
    }

    fn of(account: Account<impl Upstream>, settings: Settings) -> Gateway {
        let account = Arc::new(account);
        let answers = Answers::new(settings.cache_time, settings.stale_time, move || {
            let account = account.clone();
            async move {
                let backup = account.ask().await?;
                backup.map(|backup| Document::of(&backup, settings.include_requester)).transpose()
            }
        });
        Gateway(Arc::new(Inner {
            origins: settings.origins,
            hosts: settings.hosts,
            widget: settings.widget,
            answers,
            slots: Semaphore::new(SLOTS),
            seed: RandomState::new(),
            requests: AtomicU64::new(0),
        }))
    }

    /// All of it as a service.
    pub fn router(self) -> Router {
        Router::new()
            .fallback(answer)
            .layer(CatchPanicLayer::custom(|_| {
                let silence = Silence { failure: Failure::Internal, until: tokio::time::Instant::now() };
                respond::silent(&silence)
            }))
            // Outermost, so that every answer is readable by those who may ask.
            .layer(from_fn_with_state(self.clone(), seal))
            .with_state(self)
    }

    fn next_id(&self) -> String {
        let number = self.0.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:016x}", self.0.seed.hash_one(number))
    }

    /// The value of `Access-Control-Allow-Origin`, for a request that has one of the origins that may ask.
    fn allowed_origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let origin = only(request, &ORIGIN)?;
        let is_allowed = origin.to_str().is_ok_and(|origin| self.0.origins.allow(origin));
        is_allowed.then(|| match self.0.origins {
            Origins::Any => HeaderValue::from_static("*"),
            Origins::Listed(_) => origin.clone(),
        })
    }

    fn check_host(&self, request: &Parts) -> Result<(), Refusal> {
        if request.uri.authority().is_some() {
            return Err(Refusal::AbsoluteForm);
        }
        let host = only(&request.headers, &HOST).and_then(|host| host.to_str().ok()).ok_or(Refusal::Hosts)?;
        if self.0.hosts.iter().any(|known| known.is(host)) { Ok(()) } else { Err(Refusal::Host) }
    }

    fn check_reader(&self, request: &HeaderMap) -> Result<(), Refusal> {
        if request.contains_key(ORIGIN) {
            return self.allowed_origin(request).map(drop).ok_or(Refusal::Origin);
        }
        let site = request.get("sec-fetch-site");
        if site.is_some_and(|site| site == "cross-site") { Err(Refusal::CrossSite) } else { Ok(()) }
    }

    async fn answer(&self, request: &Parts) -> Result<Response, Refusal> {
        self.check_host(request)?;
        let Parts { method, uri, headers, .. } = request;
        if let Some(file) = self.file(uri.path()) {
            get_only(method)?;
            return Ok(respond::file(file, uri.query(), headers));
        }
        match uri.path() {
            "/healthz" => get_only(method).map(|()| respond::healthy()),
            BACKUP_PATH => {
                self.check_reader(headers)?;
                if !matches!(*method, Method::GET | Method::OPTIONS) {
                    return Err(Refusal::Method("GET, OPTIONS"));
                }
                if uri.query().is_some() {
                    return Err(Refusal::Query);
                }
                if *method == Method::OPTIONS {
                    return Ok(respond::preflight());
                }
                let told = match self.0.answers.at_hand() {
                    Some(told) => told,
                    None => {
                        let _slot = self.0.slots.try_acquire().map_err(|_| Refusal::Busy)?;
                        self.0.answers.get().await
                    }
                };
                Ok(match told {
                    Ok(answer) => respond::answered(&answer, headers),
                    Err(silence) => respond::silent(&silence),
                })
            }
            _ => Err(Refusal::NotFound),
        }
    }

    fn file(&self, path: &str) -> Option<&crate::widget::WidgetFile> {
        self.0.widget.as_ref()?.find(path)
    }
}

fn get_only(method: &Method) -> Result<(), Refusal> {
    if method == Method::GET { Ok(()) } else { Err(Refusal::Method("GET")) }
}

async fn answer(State(gateway): State<Gateway>, request: Request) -> Response {
    gateway.answer(&request.into_parts().0).await.unwrap_or_else(respond::refused)
}

/// Gives every answer, whatever has become of the request, its id, its rules for browsers, and its line in the log.
async fn seal(State(gateway): State<Gateway>, request: Request, next: Next) -> Response {
    let (started, id) = (Instant::now(), gateway.next_id());
    let method = METHODS.into_iter().find(|method| method == request.method());
    let allowed = gateway.allowed_origin(request.headers());
    let file = gateway.file(request.uri().path()).map(|file| file.path);
    // Only what is known: a path and a method may hold anything, also what should not be written down.
    let route = file.unwrap_or(match request.uri().path() {
        "/healthz" => "/healthz",
        BACKUP_PATH => BACKUP_PATH,
        _ => "elsewhere",
    });
    let mut response = next.run(request).await;
    insert(&mut response, HeaderName::from_static("x-request-id"), &id);
    insert(&mut response, HeaderName::from_static("x-content-type-options"), "nosniff");
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    // Not where there is an error in its place.
    let is_error = response.status().is_client_error() || response.status().is_server_error();
    if file.is_some() && !is_error {
        insert(&mut response, corp, "cross-origin");
        insert(&mut response, HeaderName::from_static("access-control-allow-origin"), "*");
    } else {
        insert(&mut response, corp, "same-origin");
        insert(&mut response, HeaderName::from_static("content-security-policy"), "default-src 'none'");
        insert(&mut response, CACHE_CONTROL, "private, no-cache");
        insert(&mut response, VARY, "Origin");
        if let Some(origin) = allowed {
            let headers = response.headers_mut();
            // With cookies, so that a sign-on in front of this gateway works across origins.
            if origin != "*" {
                headers.insert("access-control-allow-credentials", HeaderValue::from_static("true"));
            }
            headers.insert("access-control-allow-origin", origin);
            headers.insert("access-control-expose-headers", HeaderValue::from_static(EXPOSED));
        }
    }
    let (status, ms) = (response.status().as_u16(), started.elapsed().as_millis());
    let method = method.as_ref().map_or("another", Method::as_str);
    tracing::info!(id, method, route, status, ms, "answered");
    response
}

/// The header of that name, if there is exactly one.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    let mut all = headers.get_all(name).iter();
    all.next().filter(|_| all.next().is_none())
}

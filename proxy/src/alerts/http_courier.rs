//! Alerts and pings by HTTP. Nothing of an address is logged, and nothing of an answer but its status.

use std::error::Error;
use std::io;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::header::{CONTENT_TYPE, HeaderName};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Proxy, Response};
use tokio::time::{Instant, timeout_at};

use crate::alerts::address::{is_loopback, read_address};
use crate::alerts::courier::{Courier, Parcel};
use crate::alerts::problem::{Problem, Refusal};
use crate::config::alerts::AlertSettings;
use crate::retry_after::retry_after;
use crate::secret::Source;
use crate::zoho::provide_tls;

/// How long an attempt may take.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How much of an answer is read, in bytes, so that the connection ends in order.
const MAX_BYTES: usize = 65_536;
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Alerts and pings by HTTP. Both addresses are read again for every attempt.
#[derive(Clone, Debug)]
pub struct HttpCourier {
    client: Client,
    url: Option<Source>,
    heartbeat_url: Option<Source>,
}

impl HttpCourier {
    /// A courier to the receivers of these settings.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: &AlertSettings) -> anyhow::Result<HttpCourier> {
        provide_tls();
        let mut client = Client::builder()
            .user_agent(concat!("zoho-backup-proxy/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .pool_max_idle_per_host(0)
            // None from the environment.
            .no_proxy();
        if let Some(proxy) = settings.proxy.clone() {
            client = client.proxy(Proxy::custom(move |url| (!is_loopback(url)).then(|| proxy.address())));
        }
        let (url, heartbeat_url) = (settings.url.clone(), settings.heartbeat_url.clone());
        Ok(HttpCourier { client: client.build()?, url, heartbeat_url })
    }

    async fn send(
        &self,
        method: Method,
        source: Option<&Source>,
        parcel: Option<Parcel>,
    ) -> Result<u16, Refusal> {
        let source = source.ok_or(Problem::Address)?;
        let url = read_address(source).map_err(|problem| {
            tracing::error!("{problem}");
            Problem::Address
        })?;
        if let Some(warning) = source.new_exposure() {
            tracing::warn!("{warning}");
        }
        let mut request = self.client.request(method, url);
        if let Some(Parcel { id, body }) = parcel {
            request = request.header(CONTENT_TYPE, "application/json").header(IDEMPOTENCY_KEY, id).body(body);
        }
        let deadline = Instant::now() + TIMEOUT;
        let response = timeout_at(deadline, request.send()).await.map_err(|_| Problem::TimedOut)?;
        let response = response.map_err(|error| problem_of(&error))?;
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        // Its status is known: whatever becomes of its body changes nothing.
        let _ = timeout_at(deadline, read(response)).await;
        match status.is_success() {
            true => Ok(status.as_u16()),
            false => Err(Refusal { problem: Problem::Status(status.as_u16()), retry_after }),
        }
    }
}

impl Courier for HttpCourier {
    fn post(&self, parcel: Parcel) -> BoxFuture<'static, Result<u16, Refusal>> {
        let courier = self.clone();
        async move { courier.send(Method::POST, courier.url.as_ref(), Some(parcel)).await }.boxed()
    }

    fn ping(&self) -> BoxFuture<'static, Result<u16, Refusal>> {
        let courier = self.clone();
        async move { courier.send(Method::GET, courier.heartbeat_url.as_ref(), None).await }.boxed()
    }
}

async fn read(mut response: Response) {
    let mut length = 0;
    while let Ok(Some(chunk)) = response.chunk().await {
        length += chunk.len();
        if length > MAX_BYTES {
            return;
        }
    }
}

/// The kind of an error. Its text is not passed on: that of a certificate names the host.
fn problem_of(error: &reqwest::Error) -> Problem {
    let mut cause: Option<&dyn Error> = Some(error);
    let mut problem = Problem::Connection;
    while let Some(error) = cause {
        // The types of some of these errors are private.
        let text = error.to_string();
        if text.starts_with("tunnel error") {
            return Problem::Proxy;
        }
        if text == "dns error" {
            problem = Problem::UnknownName;
        }
        match error.downcast_ref::<io::Error>().map(|error| (is_of_tls(error), error.kind())) {
            Some((true, _)) => problem = Problem::Tls,
            Some((_, io::ErrorKind::ConnectionRefused)) => problem = Problem::ConnectionRefused,
            Some((_, io::ErrorKind::TimedOut)) => problem = Problem::TimedOut,
            _ => {}
        }
        cause = error.source();
    }
    problem
}

/// Whether an error of TLS is in it. That is no source of its own, and may be in another one.
fn is_of_tls(error: &io::Error) -> bool {
    let Some(inner) = error.get_ref() else { return false };
    inner.is::<rustls::Error>() || inner.downcast_ref::<io::Error>().is_some_and(is_of_tls)
}

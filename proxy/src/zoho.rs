//! The two questions that Zoho is asked: for the backup details, and for a token.

use std::future::Future;
use std::time::{Duration, SystemTime};

use reqwest::header::{ACCEPT, AUTHORIZATION, DATE, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;
use zoho_backup_core::backup::Backup;
use zoho_backup_core::reply::{self, Body, MAX_BYTES, Reply};

use crate::failure::{Failure, Refusal};
use crate::secret::Source;

/// The one path that is asked for, inward as at Zoho.
pub const BACKUP_PATH: &str = "/crm/bulk/v6/backup";

/// A token to ask the API with.
#[derive(Clone, Debug)]
pub struct Token {
    /// What stands in the header.
    pub secret: SecretString,
    /// How long it is valid from the moment it was given.
    pub life: Duration,
}

/// What answers the two questions. Both end by the deadline.
pub trait Upstream: Send + Sync + 'static {
    /// The backup details; `None` where nothing was ever scheduled.
    fn backup(
        &self,
        token: &SecretString,
        deadline: Instant,
    ) -> impl Future<Output = Result<Option<Backup>, Failure>> + Send;

    /// A new token.
    fn renew(&self, deadline: Instant) -> impl Future<Output = Result<Token, Failure>> + Send;
}

/// Zoho's two servers, and who asks.
#[derive(Debug)]
pub struct Zoho {
    client: Client,
    backup_url: Url,
    token_url: Url,
    client_id: String,
    client_secret: Source,
    refresh_token: Source,
}

/// How long Zoho is waited for. No setting: tests have less patience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// For an answer, the token's renewal included.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: reply::DEADLINE }
    }
}

/// How long a connection is kept for the next question.
const IDLE: Duration = Duration::from_secs(5);
/// What a token lives where Zoho does not say.
const USUAL_LIFE: Duration = Duration::from_secs(3_600);

impl Zoho {
    /// Both URLs are origins: the paths are fixed here. Connections are waited for as long as `connect`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        api_domain: &Url,
        accounts_server: &Url,
        client_id: String,
        client_secret: Source,
        refresh_token: Source,
        connect: Duration,
    ) -> anyhow::Result<Self> {
        provide_tls();
        let client = Client::builder()
            .user_agent(concat!("zoho-backup-proxy/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect)
            // Questions are a minute apart: by then Zoho may have closed a connection at its end.
            .pool_idle_timeout(IDLE)
            .redirect(Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            client,
            backup_url: api_domain.join(BACKUP_PATH)?,
            token_url: accounts_server.join("/oauth/v2/token")?,
            client_id,
            client_secret,
            refresh_token,
        })
    }
}

/// Gives this process what TLS is made with, unless it has it already. Every client of reqwest's needs it.
pub fn provide_tls() {
    // Fails where there is one, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Upstream for Zoho {
    async fn backup(&self, token: &SecretString, deadline: Instant) -> Result<Option<Backup>, Failure> {
        let header = format!("Zoho-oauthtoken {}", token.expose_secret());
        let mut header = HeaderValue::try_from(header).map_err(|_| Failure::Unreadable)?;
        header.set_sensitive(true);
        let request = self.client.get(self.backup_url.clone()).header(AUTHORIZATION, header);
        let response = send(request, deadline).await?;
        let (status, retry_after) = (response.status().as_u16(), retry_after(&response));
        let body = Body::read(&text(response).await?, |text| serde_json::from_str(text).ok());
        reply::read(Reply { status, body, retry_at: None }).map_err(|fault| Failure::of(&fault, retry_after))
    }

    async fn renew(&self, deadline: Instant) -> Result<Token, Failure> {
        let read = |source: &Source| {
            source.read().map_err(|problem| {
                tracing::error!("{problem}");
                Failure::NoSecret
            })
        };
        let (client_secret, refresh_token) = (read(&self.client_secret)?, read(&self.refresh_token)?);
        let request = self.client.post(self.token_url.clone()).form(&[
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("client_secret", client_secret.expose_secret()),
            ("refresh_token", refresh_token.expose_secret()),
        ]);
        let response = send(request, deadline).await?;
        let status = response.status();
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Failure::too_many_tokens(retry_after(&response)));
        }
        // Errors come with any status, 200 too: what counts is the token.
        let answer: Value = serde_json::from_str(&text(response).await?).map_err(|_| Failure::Unreadable)?;
        token(&answer).ok_or_else(|| match refusal(&answer) {
            Some(failure) => failure,
            None if status.is_success() => Failure::Refused(Refusal::Other),
            None => Failure::Unreadable,
        })
    }
}

/// Reads an answer of the accounts server that has a token.
fn token(answer: &Value) -> Option<Token> {
    let secret = answer["access_token"].as_str().filter(|token| is_token(token))?;
    // Some answers give `expires_in` in milliseconds; those have the seconds beside it.
    let seconds = answer["expires_in_sec"].as_u64().or_else(|| answer["expires_in"].as_u64());
    let life = seconds.map_or(USUAL_LIFE, Duration::from_secs).min(USUAL_LIFE);
    Some(Token { secret: SecretString::from(secret), life })
}

fn is_token(text: &str) -> bool {
    (1..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn refusal(answer: &Value) -> Option<Failure> {
    Some(match answer["error"].as_str()? {
        "invalid_client" | "invalid_client_secret" => Failure::Refused(Refusal::Client),
        "invalid_code" | "invalid_token" => Failure::Refused(Refusal::RefreshToken),
        "Access Denied" => Failure::too_many_tokens(None),
        _ => Failure::Refused(Refusal::Other),
    })
}

async fn send(request: RequestBuilder, deadline: Instant) -> Result<Response, Failure> {
    let left = deadline.saturating_duration_since(Instant::now());
    let request = request.header(ACCEPT, "application/json").timeout(left);
    request.send().await.map_err(failure)
}

/// The body, as far as there may be one.
async fn text(mut response: Response) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        if chunk.len() > MAX_BYTES - bytes.len() {
            return Err(Failure::Unreadable);
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes).map_err(|_| Failure::Unreadable)
}

/// What an error of the network means. The log has its innermost cause, without the address that stands around it.
fn failure(error: reqwest::Error) -> Failure {
    let is_too_late = error.is_timeout() && !error.is_connect();
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    // Names of a certificate may stand in it.
    tracing::warn!("no answer from Zoho: {}", cause.to_string().escape_debug());
    if is_too_late { Failure::TimedOut } else { Failure::Unreachable }
}

/// The wait that an answer's `Retry-After` asks for: in seconds, or until a date, which is read against its own.
fn retry_after(response: &Response) -> Option<Duration> {
    let header = |name| response.headers().get(name)?.to_str().ok();
    let asked = header(RETRY_AFTER)?.trim();
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let sent = header(DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    httpdate::parse_http_date(asked).ok()?.duration_since(sent.unwrap_or_else(SystemTime::now)).ok()
}

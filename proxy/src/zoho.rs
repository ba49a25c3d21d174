//! The client of Zoho's two servers: it requests the backup details and tokens, and nothing else.

use std::future::Future;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::time::{Duration, SystemTime};

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response, StatusCode, Url};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tokio::time::Instant;
use zoho_backup_core::backup::Backup;
use zoho_backup_core::reply::{self, Body, MAX_BYTES, Reply};

use crate::config::Settings;
use crate::data_center::Mismatch;
use crate::failure::{Failure, Secret, TokenRefusal};
use crate::retry_after::{date, retry_after};
use crate::secret::Source;

/// The path of the backup details, at Zoho and at the gateway.
pub const BACKUP_PATH: &str = "/crm/bulk/v6/backup";

/// The path at which the accounts server issues tokens.
const TOKEN_PATH: &str = "/oauth/v2/token";

/// An access token for the API.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token itself.
    pub secret: SecretString,
    /// How long it is valid after it was issued.
    pub lifetime: Duration,
    /// That it is valid in another data centre than the one that is asked.
    pub mismatch: Option<Mismatch>,
}

/// What the API has answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The backup; `None` if nothing was ever scheduled.
    pub backup: Option<Backup>,
    /// The document as it was sent.
    pub text: String,
    /// When it was sent, by Zoho's clock, if it says so.
    pub date: Option<SystemTime>,
}

/// What the gateway requests: Zoho, or a substitute in tests. Both requests end by the deadline.
pub trait Upstream: Send + Sync + 'static {
    /// Requests the backup details.
    fn fetch_backup(
        &self,
        token: &SecretString,
        deadline: Instant,
    ) -> impl Future<Output = Result<Answer, Failure>> + Send;

    /// Requests a new token.
    fn renew_token(&self, deadline: Instant) -> impl Future<Output = Result<Token, Failure>> + Send;

    /// A number that changes when one of the secrets does.
    fn secrets(&self) -> u64 {
        0
    }
}

/// Zoho's two servers, and the credentials for them.
#[derive(Debug)]
pub struct Zoho {
    client: Client,
    backup_url: Url,
    token_url: Url,
    client_id: String,
    client_secret: Source,
    refresh_token: Source,
    /// Of this process, so that the hash of a secret tells nothing.
    hash_keys: RandomState,
}

/// How long the gateway waits for Zoho. It is not a setting; tests use shorter times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection.
    pub connect: Duration,
    /// For an answer, including the renewal of the token.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), total: reply::DEADLINE }
    }
}

/// How long an idle connection is kept. Requests are a minute apart, and by then Zoho may have closed it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(5);
/// The lifetime of a token if Zoho gives none, and the longest that is accepted.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(3_600);
/// The longest access token that is accepted, in bytes.
const MAX_TOKEN_BYTES: usize = 512;

impl Zoho {
    /// A client for the servers and the credentials of these settings. The paths are fixed here.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: &Settings, connect_timeout: Duration) -> anyhow::Result<Self> {
        provide_tls();
        let mut client = Client::builder()
            .user_agent(concat!("zoho-backup-proxy/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect_timeout)
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(Policy::none())
            // None from the environment.
            .no_proxy();
        if let Some(proxy) = &settings.upstream_proxy {
            client = client.proxy(proxy.clone().for_requests());
        }
        Ok(Self {
            client: client.build()?,
            backup_url: settings.api_domain.join(BACKUP_PATH)?,
            token_url: settings.accounts_server.join(TOKEN_PATH)?,
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
            refresh_token: settings.refresh_token.clone(),
            hash_keys: RandomState::new(),
        })
    }
}

/// Installs this process's TLS implementation, unless it has one. Every client of reqwest needs it.
pub fn provide_tls() {
    // An error means that one is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Upstream for Zoho {
    async fn fetch_backup(&self, token: &SecretString, deadline: Instant) -> Result<Answer, Failure> {
        let header = format!("Zoho-oauthtoken {}", token.expose_secret());
        let mut header = HeaderValue::try_from(header).map_err(|_| Failure::UnreadableAnswer)?;
        header.set_sensitive(true);
        let request = self.client.get(self.backup_url.clone()).header(AUTHORIZATION, header);
        let response = send(request, deadline).await?;
        let status = response.status().as_u16();
        let (retry_after, date) = (retry_after(response.headers()), date(response.headers()));
        let text = read_text(response).await?.ok_or(Failure::UnreadableAnswer)?;
        let body = Body::read(&text, |text| serde_json::from_str(text).ok());
        match reply::read(Reply { status, body, retry_at: None }) {
            Ok(details) => Ok(Answer { backup: details.backup, text, date }),
            Err(fault) => Err(Failure::from_fault(&fault, retry_after)),
        }
    }

    async fn renew_token(&self, deadline: Instant) -> Result<Token, Failure> {
        let client_secret = read_secret(Secret::ClientSecret, &self.client_secret)?;
        let refresh_token = read_secret(Secret::RefreshToken, &self.refresh_token)?;
        let request = self.client.post(self.token_url.clone()).form(&[
            ("grant_type", "refresh_token"),
            ("client_id", &self.client_id),
            ("client_secret", client_secret.expose_secret()),
            ("refresh_token", refresh_token.expose_secret()),
        ]);
        let response = send(request, deadline).await?;
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Failure::too_many_tokens(retry_after));
        }
        // The accounts server sends errors with any status, also with 200: only the body says whether there is a token.
        let text = read_text(response).await?;
        let answer = text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let unreadable = || match status.is_server_error() {
            true => Failure::ZohoFailed,
            false => Failure::UnreadableTokenAnswer,
        };
        let answer = answer.ok_or_else(unreadable)?;
        if let Some(token) = read_token(&answer, &self.backup_url) {
            return Ok(token);
        }
        Err(match read_token_error(&answer, status, retry_after) {
            Some(failure) => failure,
            None if status.is_success() => Failure::TokenRefused(TokenRefusal::Other),
            None => unreadable(),
        })
    }

    fn secrets(&self) -> u64 {
        let mut hasher = self.hash_keys.build_hasher();
        for source in [&self.client_secret, &self.refresh_token] {
            source.read().map(|secret| secret.expose_secret().to_owned()).hash(&mut hasher);
        }
        hasher.finish()
    }
}

fn read_secret(secret: Secret, source: &Source) -> Result<SecretString, Failure> {
    let read = source.read().map_err(|problem| {
        tracing::error!("{problem}");
        Failure::UnreadableSecret(secret)
    });
    if let Some(warning) = source.new_exposure() {
        tracing::warn!("{warning}");
    }
    read
}

/// The token in an answer of the accounts server.
fn read_token(answer: &Value, api: &Url) -> Option<Token> {
    let secret = answer["access_token"].as_str().filter(|token| is_token(token))?;
    // Some answers have `expires_in` in milliseconds; those have `expires_in_sec` as well.
    let seconds = answer["expires_in_sec"].as_u64().or_else(|| answer["expires_in"].as_u64());
    let lifetime = seconds.map_or(DEFAULT_LIFETIME, Duration::from_secs).min(DEFAULT_LIFETIME);
    let mismatch = answer["api_domain"].as_str().and_then(|issued| Mismatch::between(issued, api));
    Some(Token { secret: SecretString::from(secret), lifetime, mismatch })
}

fn is_token(text: &str) -> bool {
    (1..=MAX_TOKEN_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The failure for the `error` in an answer of the accounts server.
fn read_token_error(answer: &Value, status: StatusCode, retry_after: Option<Duration>) -> Option<Failure> {
    Some(match answer["error"].as_str() {
        Some("invalid_client" | "invalid_client_secret") => Failure::TokenRefused(TokenRefusal::Client),
        Some("invalid_code" | "invalid_token") => Failure::TokenRefused(TokenRefusal::RefreshToken),
        Some("Access Denied") => Failure::too_many_tokens(retry_after),
        // The same, in words of the account's language.
        _ if status == StatusCode::BAD_REQUEST && answer["status"] == "failure" => {
            Failure::too_many_tokens(retry_after)
        }
        Some(_) => Failure::TokenRefused(TokenRefusal::Other),
        None => return None,
    })
}

async fn send(request: RequestBuilder, deadline: Instant) -> Result<Response, Failure> {
    let remaining = deadline.saturating_duration_since(Instant::now());
    let request = request.header(ACCEPT, "application/json").timeout(remaining);
    request.send().await.map_err(network_failure)
}

/// Reads the body. `None` if it is no text, or longer than [`MAX_BYTES`].
async fn read_text(mut response: Response) -> Result<Option<String>, Failure> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(network_failure)? {
        if chunk.len() > MAX_BYTES - bytes.len() {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8(bytes).ok())
}

/// The failure for an error of the network. Only the innermost cause is logged: the outer ones contain the URL.
fn network_failure(error: reqwest::Error) -> Failure {
    let is_timeout = error.is_timeout() && !error.is_connect();
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    let mut is_proxy = false;
    while let Some(inner) = cause.source() {
        cause = inner;
        // The type of this error is private.
        is_proxy |= cause.to_string().starts_with("tunnel error");
    }
    // Escaped, because the message may contain names of a certificate.
    let cause = cause.to_string();
    tracing::warn!("no answer from Zoho: {}", cause.escape_debug());
    if is_timeout {
        Failure::TimedOut
    } else if is_proxy {
        Failure::UpstreamProxyFailed
    } else {
        Failure::Unreachable
    }
}

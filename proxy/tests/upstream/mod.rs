//! A gateway, a client that returns whole responses, and substitutes for Zoho: the sandbox, a server of raw bytes, or a
//! scripted upstream for tests that move the clock.

#![allow(dead_code, reason = "no test file uses all of it")]

#[path = "../common/mod.rs"]
mod common;

#[allow(unused_imports, reason = "no test file uses all of it")]
pub use common::{answer, backup, nothing, picture, reply::Reply, zoho, zoho_with};

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use sandbox::Sandbox;
use sandbox::accounts::TOKEN;
use sandbox::scenarios::{DEFAULT, find};
use sandbox::wire_response::WireResponse;
use secrecy::{ExposeSecret, SecretString};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tower::ServiceExt;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::data_center::{DATA_CENTERS, Mismatch};
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::zoho::{Answer, BACKUP_PATH, Timeouts, Token, Upstream};

/// The answer of this scenario of the sandbox.
pub fn scenario(name: &str) -> WireResponse {
    find(name).unwrap_or_else(|| panic!("no scenario {name}")).response_now()
}

/// How many requests the sandbox got: for the backup details, and for a token.
pub fn request_counts(zoho: &Sandbox) -> (usize, usize) {
    let backups = zoho.record().all().iter().filter(|request| request.path == BACKUP_PATH).count();
    (backups, zoho.record().count(TOKEN))
}

/// Answers every further request for the backup details with this, whether or not the token is valid.
pub fn play(zoho: &Sandbox, answer: WireResponse) {
    for scenario in [DEFAULT, "invalid-token"] {
        zoho.play(scenario, answer.clone());
    }
}

/// The common settings, with the requester passed on.
pub fn settings(zoho: &str) -> Settings {
    Settings { include_requester: true, ..common::settings(zoho) }
}

/// Settings with which no answer is served twice: it is neither fresh nor stale when it arrives.
pub fn without_cache(origin: &str) -> Settings {
    Settings { cache_time: Duration::ZERO, stale_time: Duration::ZERO, ..settings(origin) }
}

/// A gateway that listens on a socket.
#[must_use = "the gateway stops when its handle is dropped"]
pub struct Running {
    pub address: SocketAddr,
    server: JoinHandle<()>,
}

impl Running {
    /// A gateway to this sandbox.
    pub async fn to(zoho: &Sandbox) -> Running {
        Running::with(settings(&zoho.origin())).await
    }

    pub async fn with(settings: Settings) -> Running {
        Running::within(Timeouts::default(), settings).await
    }

    pub async fn within(timeouts: Timeouts, settings: Settings) -> Running {
        Running::of(Gateway::with_timeouts(settings, timeouts).expect("a client")).await
    }

    pub async fn of(gateway: Gateway) -> Running {
        let (address, server) = common::listen(gateway, std::future::pending()).await;
        Running { address, server }
    }

    pub async fn get(&self) -> Reply {
        self.get_with("").await
    }

    /// The response to a request with these headers: lines that end with `\r\n`.
    pub async fn get_with(&self, headers: &str) -> Reply {
        get(self.address, headers).await
    }
}

/// The response of the server at this address.
pub async fn get(address: SocketAddr, headers: &str) -> Reply {
    let mut answer = Vec::new();
    ask(address, headers).await.read_to_end(&mut answer).await.expect("an answer");
    Reply::read(&answer)
}

/// Sends a request with these headers, and returns the connection.
pub async fn ask(address: SocketAddr, headers: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let request =
        format!("GET {BACKUP_PATH} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.expect("a connection");
    stream
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// A server that answers each request with fixed bytes, one answer for tokens and one for the backup details, and closes
/// the connection.
#[must_use = "the server stops when its handle is dropped"]
pub struct Raw {
    address: SocketAddr,
    /// The answer to a request for a token, and for the backup details.
    answers: Arc<Mutex<(Vec<u8>, Vec<u8>)>>,
    backups: Arc<AtomicUsize>,
    server: JoinHandle<()>,
}

/// A valid answer to a request for a token.
pub const TOKEN_ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-length: 25\r\n\r\n{\"access_token\":\"1000.a\"}";

impl Raw {
    /// A server that issues a valid token.
    pub async fn api(backup: impl Into<Vec<u8>>) -> Raw {
        Raw::start(TOKEN_ANSWER.into(), backup.into()).await
    }

    pub async fn start(token: Vec<u8>, backup: Vec<u8>) -> Raw {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let backups = Arc::new(AtomicUsize::new(0));
        let count = backups.clone();
        let answers = Arc::new(Mutex::new((token, backup)));
        let given = answers.clone();
        let server = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.expect("a connection");
                let is_post = read_request(&mut stream).await.starts_with(b"POST");
                count.fetch_add(usize::from(!is_post), Ordering::Relaxed);
                let (token, backup) = given.lock().expect("no panic while it is held").clone();
                // Fails if the client has closed the connection before the end.
                let _ = stream.write_all(if is_post { &token } else { &backup }).await;
                let _ = stream.shutdown().await;
            }
        });
        Raw { address, answers, backups, server }
    }

    /// Changes the answers.
    pub fn play(&self, token: Vec<u8>, backup: Vec<u8>) {
        *self.answers.lock().expect("no panic while it is held") = (token, backup);
    }

    /// How many requests for the backup details it got.
    pub fn request_count(&self) -> usize {
        self.backups.load(Ordering::Relaxed)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Reads a request with its whole body: closing a socket with unread data would reset the connection.
async fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    loop {
        let whole =
            str::from_utf8(&request).expect("text").split_once("\r\n\r\n").is_some_and(|(head, form)| {
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                length.is_none_or(|length| length.parse() == Ok(form.len()))
            });
        if whole || stream.read_buf(&mut request).await.expect("a request") == 0 {
            return request;
        }
    }
}

/// Every header that a response with the backup details, or an error in their place, may have.
pub const HEADERS: [&str; 13] = [
    "age",
    "cache-control",
    "connection",
    "content-length",
    "content-security-policy",
    "content-type",
    "cross-origin-resource-policy",
    "date",
    "etag",
    "retry-after",
    "vary",
    "x-content-type-options",
    "x-request-id",
];

/// A gateway without a socket, for tests with a paused clock: with sockets, the clock would run ahead of them.
pub struct InProcess(Router);

impl InProcess {
    pub fn to(upstream: &Scripted) -> InProcess {
        InProcess::with(upstream, settings("http://zoho.invalid"))
    }

    pub fn with(upstream: &Scripted, settings: Settings) -> InProcess {
        InProcess::of(Gateway::with_upstream(settings, upstream.clone()))
    }

    pub fn of(gateway: Gateway) -> InProcess {
        InProcess(router(gateway))
    }

    pub async fn get(&self) -> Reply {
        self.ask("GET", BACKUP_PATH, "").await
    }

    /// The response to a request with this `If-None-Match`, if it is not empty.
    pub async fn ask(&self, method: &str, target: &str, known: &str) -> Reply {
        let mut request = Request::builder().method(method).uri(target).header("host", "127.0.0.1");
        if !known.is_empty() {
            request = request.header("if-none-match", known);
        }
        let request = request.body(Body::empty());
        let response = self.0.clone().oneshot(request.expect("a request")).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Reply { status: parts.status.as_u16(), headers: parts.headers, body: body.into() }
    }

    /// A summary of the response, for tables: `200 age 3`, `502 ZOHO_UNREACHABLE`, `503 RENEWAL_PAUSED in 40`.
    pub async fn summary(&self) -> String {
        let reply = self.get().await;
        let mut words = reply.status.to_string();
        if let Some(code) = reply.code() {
            words += &format!(" {code}");
        }
        if let Some(age) = reply.header("age") {
            words += &format!(" age {age}");
        }
        if let Some(wait) = reply.header("retry-after") {
            words += &format!(" in {wait}");
        }
        words
    }
}

/// How the scripted upstream handles one request.
#[derive(Clone, Debug)]
pub enum Turn<T> {
    Gives(T),
    Fails(Failure),
    /// Does not answer before the deadline.
    Stalls,
    /// Waits first.
    Later(Duration, Box<Turn<T>>),
    Panics,
}

impl<T> Turn<T> {
    pub fn later(self, seconds: u64) -> Turn<T> {
        Turn::Later(Duration::from_secs(seconds), Box::new(self))
    }

    async fn take(mut self, deadline: Instant) -> Result<T, Failure> {
        loop {
            match self {
                _ if Instant::now() >= deadline => return Err(Failure::TimedOut),
                Turn::Gives(given) => return Ok(given),
                Turn::Fails(failure) => return Err(failure),
                Turn::Panics => panic!("as the script says"),
                Turn::Later(wait, then) if Instant::now() + wait < deadline => {
                    tokio::time::sleep(wait).await;
                    self = *then;
                }
                Turn::Later(..) | Turn::Stalls => {
                    tokio::time::sleep_until(deadline).await;
                    return Err(Failure::TimedOut);
                }
            }
        }
    }
}

/// An upstream that follows a script and records its requests. Clones share one script.
#[derive(Clone, Debug, Default)]
pub struct Scripted(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    backups: VecDeque<Turn<()>>,
    /// With the lifetime of the token, in seconds.
    renewals: VecDeque<Turn<u64>>,
    /// The time of each request for the backup details, and the number of its token.
    asked: Vec<(Instant, usize)>,
    /// The time of each request for a token.
    renewed: Vec<Instant>,
    /// The end of each issued token.
    ends: Vec<Instant>,
    mismatch: Option<Mismatch>,
    secrets: u64,
}

impl Scripted {
    /// Sets the turns for requests for the backup details, in order; the last is repeated.
    pub fn play(&self, turns: impl IntoIterator<Item = Turn<()>>) {
        self.script().backups = turns.into_iter().collect();
    }

    /// Sets the turns for requests for a token, likewise.
    pub fn play_renewals(&self, turns: impl IntoIterator<Item = Turn<u64>>) {
        self.script().renewals = turns.into_iter().collect();
    }

    /// Issues tokens of another data centre from now on.
    pub fn is_of_another_data_center(&self) {
        self.script().mismatch = Some(Mismatch { issued: &DATA_CENTERS[0], asked: &DATA_CENTERS[1] });
    }

    /// Another secret is in use from now on.
    pub fn change_secrets(&self) {
        self.script().secrets += 1;
    }

    /// How many requests it got: for the backup details, and for a token.
    pub fn count(&self) -> (usize, usize) {
        let script = self.script();
        (script.asked.len(), script.renewed.len())
    }

    /// The number of the token in the last request; the first is 1.
    pub fn last_token(&self) -> usize {
        self.script().asked.last().expect("it was asked").1
    }

    /// The times of the requests for a token.
    pub fn renewals(&self) -> Vec<Instant> {
        self.script().renewed.clone()
    }

    /// The time of each request for the backup details, and the end of its token.
    pub fn uses(&self) -> Vec<(Instant, Instant)> {
        let script = self.script();
        script.asked.iter().map(|(at, token)| (*at, script.ends[token - 1])).collect()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().expect("no panic while it is held")
    }
}

fn next<T: Clone>(turns: &mut VecDeque<Turn<T>>, usual: T) -> Turn<T> {
    let turn = if turns.len() > 1 { turns.pop_front() } else { turns.front().cloned() };
    turn.unwrap_or(Turn::Gives(usual))
}

impl Upstream for Scripted {
    async fn fetch_backup(&self, token: &SecretString, deadline: Instant) -> Result<Answer, Failure> {
        let turn = {
            let mut script = self.script();
            let number = token.expose_secret().parse().expect("a token of this script");
            script.asked.push((Instant::now(), number));
            next(&mut script.backups, ())
        };
        turn.take(deadline).await.map(|()| answer())
    }

    async fn renew_token(&self, deadline: Instant) -> Result<Token, Failure> {
        let turn = {
            let mut script = self.script();
            script.renewed.push(Instant::now());
            next(&mut script.renewals, 3_600)
        };
        let lifetime = Duration::from_secs(turn.take(deadline).await?);
        let mut script = self.script();
        script.ends.push(Instant::now() + lifetime);
        Ok(Token {
            secret: SecretString::from(script.ends.len().to_string()),
            lifetime,
            mismatch: script.mismatch,
        })
    }

    fn secrets(&self) -> u64 {
        self.script().secrets
    }
}

/// Moves the clock forward by this many seconds while no request is in flight. Afterwards it runs again, because sockets
/// do not wait for a paused clock.
pub async fn skip(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

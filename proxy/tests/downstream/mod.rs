//! A gateway on its own socket, a substitute for Zoho, and a client that can send malformed requests.

#![allow(dead_code, reason = "no test file uses all of it")]

#[path = "../common/mod.rs"]
mod common;
pub mod folder;

#[allow(unused_imports, reason = "no test file uses all of it")]
pub use common::{answer, backup, host, nothing, picture, reply::Reply, zoho};

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sandbox::Sandbox;
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::origin::Origins;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream};

pub const BACKUP: &str = "/crm/bulk/v6/backup";

/// The allowed origins.
pub const LISTED: [&str; 3] =
    ["https://portal.example", "https://intranet.example:8443", "http://localhost:3000"];

/// The common settings, with allowed origins.
pub fn settings(zoho: &str) -> Settings {
    Settings { origins: Origins::Listed(LISTED.map(str::to_owned).into()), ..common::settings(zoho) }
}

/// A gateway that listens on a socket.
pub struct Running {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Running {
    pub async fn start(gateway: Gateway) -> Running {
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            // An error means that the sender was dropped: the test is over.
            let _ = stopped.await;
        };
        let (address, served) = common::listen(gateway, stopped).await;
        Running { address, stop, served }
    }

    /// A gateway to this sandbox.
    pub async fn before(sandbox: &Sandbox) -> Running {
        Running::start(Gateway::new(settings(&sandbox.origin())).expect("a gateway")).await
    }

    /// A gateway to this upstream.
    pub async fn to(upstream: impl Upstream) -> Running {
        Running::start(Gateway::with_upstream(settings("https://zoho.invalid"), upstream)).await
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("the gateway listens")
    }

    /// Sends bytes, and returns everything up to the end of the connection.
    pub async fn raw(&self, request: impl AsRef<[u8]>) -> Vec<u8> {
        let mut stream = self.connect().await;
        stream.write_all(request.as_ref()).await.unwrap();
        rest(&mut stream).await
    }

    pub async fn send(&self, request: impl AsRef<[u8]>) -> Reply {
        Reply::read(&self.raw(request).await)
    }

    /// Stops it. The returned task ends with it.
    pub fn stop(self) -> JoinHandle<()> {
        let _ = self.stop.send(());
        self.served
    }
}

/// Reads a connection to its end.
pub async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    // A reset at the end loses nothing that was read before.
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

/// A `GET` request for the backup details with these headers: lines that end with `\r\n`.
pub fn get(headers: &str) -> String {
    request("GET", BACKUP, headers)
}

pub fn request(method: &str, target: &str, headers: &str) -> String {
    bare(method, target, &format!("host: localhost\r\n{headers}"))
}

/// A request whose only `Host` is in `headers`, if any.
pub fn bare(method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n{headers}\r\n")
}

/// A substitute for Zoho with one answer. It counts its requests.
#[derive(Clone)]
pub struct FakeUpstream {
    answer: Arc<dyn Fn() -> Result<Answer, Failure> + Send + Sync>,
    asked: Arc<AtomicUsize>,
}

impl FakeUpstream {
    pub fn of(answer: impl Fn() -> Result<Answer, Failure> + Send + Sync + 'static) -> FakeUpstream {
        FakeUpstream { answer: Arc::new(answer), asked: Arc::default() }
    }

    /// A substitute that answers with a scheduled backup.
    pub fn scheduled() -> FakeUpstream {
        FakeUpstream::of(|| Ok(answer()))
    }

    pub fn request_count(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Upstream for FakeUpstream {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        (self.answer)()
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(token())
    }
}

/// A token for an upstream that does not check it.
pub fn token() -> Token {
    Token { secret: "1000.token".into(), lifetime: Duration::from_secs(3_600), mismatch: None }
}

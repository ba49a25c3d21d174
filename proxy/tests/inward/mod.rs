//! A gateway on a socket of its own, somebody who answers instead of Zoho, and a client that sends what no library
//! would.

#![allow(dead_code, reason = "no test file uses all of it")]

#[path = "../common/mod.rs"]
mod common;
pub mod folder;

#[allow(unused_imports, reason = "no test file uses all of it")]
pub use common::{backup, host, reply::Reply, zoho};

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
use zoho_backup_core::backup::Backup;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::origin::Origins;
use zoho_backup_proxy::zoho::{Token, Upstream};

pub const BACKUP: &str = "/crm/bulk/v6/backup";

/// The origins that may ask.
pub const LISTED: [&str; 3] =
    ["https://portal.example", "https://intranet.example:8443", "http://localhost:3000"];

/// The usual settings, and pages of other origins that may ask.
pub fn settings(zoho: &str) -> Settings {
    Settings { origins: Origins::Listed(LISTED.map(str::to_owned).into()), ..common::settings(zoho) }
}

/// A gateway that listens.
pub struct Running {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
}

impl Running {
    pub async fn start(gateway: Gateway) -> Running {
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            // Without a word, too: then the test is over.
            let _ = stopped.await;
        };
        let (address, served) = common::listen(gateway, stopped).await;
        Running { address, stop, served }
    }

    /// One that asks this sandbox.
    pub async fn before(sandbox: &Sandbox) -> Running {
        Running::start(Gateway::new(settings(&sandbox.origin())).expect("a gateway")).await
    }

    /// One that asks this.
    pub async fn to(upstream: impl Upstream) -> Running {
        Running::start(Gateway::to(upstream, settings("https://zoho.invalid"))).await
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("the gateway listens")
    }

    /// Everything that comes back, up to the end of the connection.
    pub async fn raw(&self, request: impl AsRef<[u8]>) -> Vec<u8> {
        let mut stream = self.connect().await;
        stream.write_all(request.as_ref()).await.unwrap();
        rest(&mut stream).await
    }

    pub async fn send(&self, request: impl AsRef<[u8]>) -> Reply {
        Reply::read(&self.raw(request).await)
    }

    /// Tells it to stop; what comes back ends with it.
    pub fn stop(self) -> JoinHandle<()> {
        let _ = self.stop.send(());
        self.served
    }
}

/// What is still to come on a connection.
pub async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    // A connection that is reset at its end has said what it had to say.
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

/// `GET` of the backup details with more headers, which are lines that end with `\r\n`.
pub fn get(headers: &str) -> String {
    request("GET", BACKUP, headers)
}

pub fn request(method: &str, target: &str, headers: &str) -> String {
    bare(method, target, &format!("host: localhost\r\n{headers}"))
}

/// A request without a `Host` but one in `headers`.
pub fn bare(method: &str, target: &str, headers: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nconnection: close\r\n{headers}\r\n")
}

/// Whoever answers instead of Zoho, and how often it was asked for anything.
#[derive(Clone)]
pub struct Instead {
    answer: Arc<dyn Fn() -> Result<Option<Backup>, Failure> + Send + Sync>,
    asked: Arc<AtomicUsize>,
}

impl Instead {
    pub fn of(answer: impl Fn() -> Result<Option<Backup>, Failure> + Send + Sync + 'static) -> Instead {
        Instead { answer: Arc::new(answer), asked: Arc::default() }
    }

    /// With a backup that is scheduled.
    pub fn scheduled() -> Instead {
        Instead::of(|| Ok(Some(backup())))
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

impl Upstream for Instead {
    async fn backup(&self, _: &SecretString, _: Instant) -> Result<Option<Backup>, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        (self.answer)()
    }

    async fn renew(&self, _: Instant) -> Result<Token, Failure> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(token())
    }
}

/// A token for whoever does not look at it.
pub fn token() -> Token {
    Token { secret: "1000.token".into(), life: Duration::from_secs(3_600) }
}

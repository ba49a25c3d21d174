//! The server: HTTP/1.1 connections, limited in number and time.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::idle_limit::{Activity, IdleLimit, ReadLimits};
use crate::listener::{Accepted, Listener};
use crate::unread_limit::UnreadLimit;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection that was accepted just before the gateway stops has for its first byte: hyper would close it
/// at once, and another process may be there for the next one only.
const LAST_REQUESTS: Duration = Duration::from_millis(250);
/// How long requests in flight may take once the gateway stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(12);
/// How many connections are open at a time; further ones wait. A process may usually open 1,024 files.
pub const MAX_CONNECTIONS: usize = 800;
/// The largest head of a request, in bytes.
const MAX_HEAD_BYTES: usize = 16 * 1_024;
/// How long a client may leave sent data unread.
const UNREAD_TIMEOUT: Duration = Duration::from_secs(30);
/// The pause after a connection could not be accepted, for example because the process has no file left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a server allows its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many connections are open at a time; further ones wait.
    pub connections: usize,
    /// How long a connection may be idle after an answer.
    pub idle_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { connections: MAX_CONNECTIONS, idle_time: Duration::from_secs(75) }
    }
}

/// Serves until `stop` resolves, and then until the requests in flight are answered.
pub async fn serve(
    listener: impl Into<Listener>,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let (listener, slots) = (listener.into(), Arc::new(Semaphore::new(limits.connections)));
    let server = Server::new(router, limits.idle_time);
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let slot = slots.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        tokio::select! {
            (Ok(slot), accepted) = accepted => match accepted {
                Ok(Accepted::Tcp(stream)) => {
                    limit_unacknowledged(&stream);
                    server.start(stream, slot);
                }
                #[cfg(unix)]
                Ok(Accepted::Unix(stream)) => server.start(stream, slot),
                Err(error) => {
                    tracing::warn!("a connection cannot be accepted: {}", error.kind());
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    tokio::time::sleep(LAST_REQUESTS).await;
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, server.graceful.shutdown()).await;
}

struct Server {
    http: http1::Builder,
    router: Router,
    graceful: GracefulShutdown,
    read_limits: ReadLimits,
}

impl Server {
    fn new(router: Router, idle_time: Duration) -> Server {
        let mut http = http1::Builder::new();
        // `IdleLimit` takes the place of hyper's own limit.
        http.timer(TokioTimer::new()).header_read_timeout(None).max_buf_size(MAX_HEAD_BYTES);
        // A client that has sent its request may close its side before the answer.
        http.half_close(true);
        let read_limits = ReadLimits { head: HEAD_TIMEOUT, idle: idle_time };
        Server { http, router, graceful: GracefulShutdown::new(), read_limits }
    }

    /// Serves one connection in its own task, which gives the slot back at its end.
    fn start(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        slot: OwnedSemaphorePermit,
    ) {
        let activity = Activity::default();
        let stream = UnreadLimit::new(stream, UNREAD_TIMEOUT);
        let stream = IdleLimit::new(stream, self.read_limits, activity.clone());
        let router = TowerToHyperService::new(self.router.clone());
        let service = service_fn(move |request| {
            let (answering, answer) = (activity.begin(), router.call(request));
            async move {
                let answer = answer.await;
                drop(answering);
                answer
            }
        });
        let connection = self.graceful.watch(self.http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // A client that disconnects or breaks the protocol affects nobody else.
            let _ = connection.await;
            drop(slot);
        });
    }
}

/// Limits how long data in the system's own buffer may stay unacknowledged, which [`UnreadLimit`] does not see.
fn limit_unacknowledged(stream: &tokio::net::TcpStream) {
    #[cfg(target_os = "linux")]
    if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNREAD_TIMEOUT)) {
        tracing::debug!("a connection has no limit for unread data: {}", error.kind());
    }
}

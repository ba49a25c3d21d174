//! The server: HTTP/1.1 connections, limited in number and time.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::gateway::Gateway;
use crate::router::router;

/// How long a client may take to send the headers of a request, and how long a connection may be idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests in flight may take once the gateway stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(12);
/// How many connections are open at a time; further ones wait. A process may usually open 1,024 files.
const MAX_CONNECTIONS: usize = 800;
/// The largest head of a request, in bytes.
const MAX_HEAD_BYTES: usize = 16 * 1_024;
/// How long a client may leave sent data unread.
#[cfg(target_os = "linux")]
const USER_TIMEOUT: Duration = Duration::from_secs(30);
/// The pause after a connection could not be accepted, for example because the process has no file left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` resolves, and then until the requests in flight are answered.
pub async fn serve(listener: TcpListener, gateway: Gateway, stop: impl Future<Output = ()>) {
    let (router, graceful) = (router(gateway), GracefulShutdown::new());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(MAX_HEAD_BYTES);
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let slot = slots.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        tokio::select! {
            (slot, accepted) = accepted => {
                let stream = match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!("a connection cannot be accepted: {}", error.kind());
                        tokio::time::sleep(ACCEPT_PAUSE).await;
                        continue;
                    }
                };
                #[cfg(target_os = "linux")]
                if let Err(error) = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(USER_TIMEOUT)) {
                    tracing::debug!("a connection has no limit for unread data: {}", error.kind());
                }
                let service = TowerToHyperService::new(router.clone());
                let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
                tokio::spawn(async move {
                    // A client that disconnects or breaks the protocol affects nobody else.
                    let _ = connection.await;
                    drop(slot);
                });
            }
            () = &mut stop => break,
        }
    }
    drop(listener);
    tracing::info!("stopping");
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await;
}

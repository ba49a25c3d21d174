//! Connections: HTTP/1.1, with bounds on how long and how many.

use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::gateway::Gateway;

/// How long a client may take for the headers of a request, and a connection be idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long requests under way may take once the gateway is to stop.
const FAREWELL: Duration = Duration::from_secs(12);
/// How many connections there may be; others wait to be accepted. A process may usually have 1,024 files.
const CONNECTIONS: usize = 800;
/// How much of a request is kept, in bytes, until its headers are complete.
const HEADER_BYTES: usize = 16 * 1_024;
/// How long a client may leave what it was sent unread.
#[cfg(target_os = "linux")]
const UNREAD: Duration = Duration::from_secs(30);

/// Serves until `stop` resolves, and then until the requests under way are answered.
pub async fn serve(listener: TcpListener, gateway: Gateway, stop: impl Future<Output = ()>) {
    let (router, graceful) = (gateway.router(), GracefulShutdown::new());
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT).max_buf_size(HEADER_BYTES);
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let slot = connections.clone().acquire_owned().await;
            (slot, listener.accept().await)
        };
        tokio::select! {
            (slot, accepted) = accepted => {
                let stream = match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        // Out of files, perhaps: a moment later there may be some.
                        tracing::warn!("a connection cannot be accepted: {}", error.kind());
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                };
                #[cfg(target_os = "linux")]
                if let Err(error) = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(UNREAD)) {
                    tracing::debug!("a connection has no bound on reading: {}", error.kind());
                }
                let service = TowerToHyperService::new(router.clone());
                let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
                tokio::spawn(async move {
                    // A client that is gone, or breaks the protocol, concerns nobody else.
                    let _ = connection.await;
                    drop(slot);
                });
            }
            () = &mut stop => break,
        }
    }
    drop(listener);
    tracing::info!("stopping");
    let _ = tokio::time::timeout(FAREWELL, graceful.shutdown()).await;
}

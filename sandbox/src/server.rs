//! Connections: plain or TLS, and those that end without a response.

use std::convert::Infallible;
use std::error::Error;
use std::io;

use axum::Router;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::tls::Tls;
use crate::wire_response::Delivery;

/// Serves until the future is dropped, which also ends the connections.
///
/// `axum::serve` cannot end a connection without a response; a hyper service can, by returning an error.
pub(crate) async fn serve(listener: TcpListener, tls: Option<Tls>, router: Router) {
    let tls = tls.map(|tls| TlsAcceptor::from(tls.server));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                // An error here means that the client has closed its connection.
                let Ok((stream, _)) = accepted else { continue };
                connections.spawn(accept(stream, tls.clone(), router.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn accept(stream: TcpStream, tls: Option<TlsAcceptor>, router: Router) {
    let Some(tls) = tls else {
        return serve_connection(stream, router, |stream| stream).await;
    };
    // A client that does not trust the certificate closes the connection.
    if let Ok(stream) = tls.accept(stream).await {
        serve_connection(stream, router, |stream| stream.into_inner().0).await;
    }
}

async fn serve_connection<S>(stream: S, router: Router, into_tcp: fn(S) -> TcpStream)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let service = service_fn(move |request| respond(router.clone(), request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // An error is expected here: every dropped or aborted connection ends with one.
    if let Err(error) = (&mut connection).await
        && is_reset(&error)
    {
        // Without linger, close sends RST.
        let _ = into_tcp(connection.into_parts().io.into_inner()).set_zero_linger();
    }
}

fn is_reset(error: &hyper::Error) -> bool {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionReset)
}

/// The response, or an error that ends the connection without one.
async fn respond(router: Router, request: hyper::Request<hyper::body::Incoming>) -> io::Result<Response> {
    let routed: Result<Response, Infallible> = router.oneshot(request).await;
    let Ok(response) = routed;
    match response.extensions().get() {
        Some(Delivery::Dropped) => Err(io::ErrorKind::ConnectionAborted.into()),
        Some(Delivery::Reset) => Err(io::ErrorKind::ConnectionReset.into()),
        _ => Ok(response),
    }
}

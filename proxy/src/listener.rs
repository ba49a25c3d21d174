//! What accepts connections: a TCP listener or a Unix socket.

use std::io;
use std::net::SocketAddr;

#[cfg(unix)]
use tokio::net::UnixStream;
use tokio::net::{TcpListener, TcpStream};

use crate::config::listen::Listen;
#[cfg(unix)]
use crate::unix_socket::BoundSocket;

/// What accepts connections.
#[derive(Debug)]
pub enum Listener {
    /// Over TCP.
    Tcp(TcpListener),
    /// On a Unix socket.
    #[cfg(unix)]
    Unix(BoundSocket),
}

/// One connection that was accepted.
#[derive(Debug)]
pub enum Accepted {
    /// Over TCP.
    Tcp(TcpStream),
    /// On a Unix socket.
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Listener {
    /// Listens.
    ///
    /// # Errors
    /// When the address or the socket cannot be used. The message does not name the setting.
    pub async fn bind(listen: &Listen) -> anyhow::Result<Listener> {
        match listen {
            Listen::Tcp(address) => Ok(Listener::Tcp(TcpListener::bind(address).await?)),
            #[cfg(unix)]
            Listen::Unix(socket) => Ok(Listener::Unix(BoundSocket::bind(socket)?)),
            #[cfg(not(unix))]
            Listen::Unix(_) => anyhow::bail!("this system has no Unix sockets"),
        }
    }

    /// Accepts the next connection.
    ///
    /// # Errors
    /// When it cannot be accepted. Later ones may be.
    pub async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Listener::Tcp(listener) => listener.accept().await.map(|(stream, _)| Accepted::Tcp(stream)),
            #[cfg(unix)]
            Listener::Unix(socket) => socket.accept().await.map(Accepted::Unix),
        }
    }

    /// Its IP address and port, if it has one.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Listener::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Listener::Unix(_) => None,
        }
    }

    /// Where it serves this path, for the log: `http://127.0.0.1:8095/path` or `unix:/run/socket`.
    #[must_use]
    pub fn place(&self, path: &str) -> String {
        match self {
            Listener::Tcp(listener) => match listener.local_addr() {
                Ok(address) => format!("http://{address}{path}"),
                Err(_) => format!("http:{path}"),
            },
            #[cfg(unix)]
            Listener::Unix(socket) => socket.place(),
        }
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Listener::Tcp(listener)
    }
}

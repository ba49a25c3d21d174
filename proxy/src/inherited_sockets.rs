//! Sockets that systemd has opened and passes to this process (`systemd.socket`, `sd_listen_fds`).

use std::env;

use anyhow::{Context, bail};
use listenfd::ListenFd;
use tokio::net::TcpListener;

use crate::listener::Listener;
use crate::unix_socket::BoundSocket;

/// The name of the administrator's socket (`FileDescriptorName=` of its unit). Any other name means readers.
const ADMIN: &str = "admin";

/// The sockets that were passed.
#[derive(Debug, Default)]
pub struct InheritedSockets {
    /// For readers.
    pub readers: Option<Listener>,
    /// For an administrator.
    pub administrator: Option<Listener>,
}

impl InheritedSockets {
    /// Takes the sockets. There are none if systemd passes none to this very process.
    ///
    /// # Errors
    /// When a socket is of another kind, there are several for the same use, or that of an administrator can be reached
    /// from other machines.
    pub fn take() -> anyhow::Result<InheritedSockets> {
        let names = env::var("LISTEN_FDNAMES").unwrap_or_default();
        let mut names = names.split(':');
        let mut passed = ListenFd::from_env();
        let mut sockets = InheritedSockets::default();
        for number in 0..passed.len() {
            let name = names.next().unwrap_or_default();
            let listener = take_listener(&mut passed, number)
                .with_context(|| format!("the socket {name:?} from systemd cannot be used"))?;
            let (role, use_of) = match name {
                ADMIN => (&mut sockets.administrator, "an administrator"),
                _ => (&mut sockets.readers, "readers"),
            };
            if role.replace(listener).is_some() {
                bail!(
                    "systemd passes several sockets for {use_of}, and one is expected: remove the others, or set \
                     FileDescriptorName={ADMIN} in the unit of the one for /statusz and /metrics"
                );
            }
        }
        let address = sockets.administrator.as_ref().and_then(Listener::address);
        if let Some(address) = address.filter(|address| !address.ip().is_loopback()) {
            bail!(
                "systemd passes {address} as the socket {ADMIN:?}, which other machines can reach: use 127.0.0.1"
            );
        }
        Ok(sockets)
    }
}

fn take_listener(passed: &mut ListenFd, number: usize) -> anyhow::Result<Listener> {
    // The one of the wrong family stays where it is.
    if let Ok(Some(listener)) = passed.take_unix_listener(number) {
        return Ok(Listener::Unix(BoundSocket::inherit(listener)?));
    }
    let listener = passed.take_tcp_listener(number);
    let listener = listener.context("it is neither a TCP nor a Unix stream socket that listens")?;
    let listener = listener.context("it is taken")?;
    listener.set_nonblocking(true)?;
    Ok(Listener::Tcp(TcpListener::from_std(listener)?))
}

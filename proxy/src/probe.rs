//! `--healthcheck`: asks a running gateway whether it is ready. For containers, whose image has no other client.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

#[cfg(not(unix))]
use anyhow::bail;
use anyhow::{Context, Result, ensure};

use crate::config::setting::LISTEN;
use crate::route::READY_PATH;

/// How long each step may take: to connect, to send, to receive.
const TIMEOUT: Duration = Duration::from_secs(3);
/// What every answer starts with, and where its status is.
const STATUS_LINE: &[u8] = b"HTTP/1.1 200";
const BEFORE_STATUS: usize = 9;

trait Connection: Read + Write {}
impl<T: Read + Write> Connection for T {}

/// Probes the gateway that listens here; prints why it is not ready.
#[must_use]
pub fn run(listen: &str) -> ExitCode {
    match probe(listen, TIMEOUT) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zoho-backup-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Asks the gateway that listens here: an address with a port, or `unix:` and a path. `timeout` is for each step.
///
/// # Errors
/// When it is not ready or does not answer in time.
pub fn probe(listen: &str, timeout: Duration) -> Result<()> {
    let status = ask(listen, READY_PATH, timeout)?;
    ensure!(status == "200", "the gateway at {listen} answers {READY_PATH} with {status}: its log says why");
    Ok(())
}

/// The status of the answer at this path.
fn ask(listen: &str, path: &str, timeout: Duration) -> Result<String> {
    let mut start = [0; STATUS_LINE.len()];
    let mut connection = connect(listen, timeout)
        .with_context(|| format!("nothing listens at {listen}: does the gateway run, with this {LISTEN}?"))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection
        .write_all(request.as_bytes())
        .and_then(|()| connection.read_exact(&mut start))
        .with_context(|| format!("no answer at {listen}"))?;
    let is_http = start[..BEFORE_STATUS] == STATUS_LINE[..BEFORE_STATUS];
    ensure!(is_http, "what answers at {listen} is no gateway: it does not speak HTTP/1.1");
    Ok(String::from_utf8_lossy(&start[BEFORE_STATUS..]).into_owned())
}

fn connect(listen: &str, timeout: Duration) -> Result<Box<dyn Connection>> {
    if let Some(path) = listen.trim().strip_prefix("unix:") {
        return connect_to_socket(path, timeout);
    }
    let mut address: SocketAddr = listen.trim().parse().context("it is not an IP address with a port")?;
    if address.ip().is_unspecified() {
        // It listens on every interface. Connecting to 0.0.0.0 does not work on every system.
        address.set_ip(if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    let stream = TcpStream::connect_timeout(&address, timeout)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    Ok(Box::new(stream))
}

#[cfg(unix)]
fn connect_to_socket(path: &str, timeout: Duration) -> Result<Box<dyn Connection>> {
    let stream = std::os::unix::net::UnixStream::connect(path)?;
    stream.set_read_timeout(Some(timeout))?;
    stream.set_write_timeout(Some(timeout))?;
    Ok(Box::new(stream))
}

#[cfg(not(unix))]
fn connect_to_socket(path: &str, _: Duration) -> Result<Box<dyn Connection>> {
    bail!("this system has no Unix sockets, such as {path}")
}

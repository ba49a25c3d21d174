//! Serves the demo page with the sandbox behind it: both are started, watched and stopped together.

mod process_group;

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::command::{self, cargo, root, trunk};
use crate::tools;
use process_group::ProcessGroup;

const PAGE_PORT: u16 = 8080;
/// The sandbox's port in Trunk.toml.
const SANDBOX_PORT: u16 = 8089;

/// How long the sandbox may take from its start to its first response.
const SANDBOX_START_LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(200);

/// Where to listen.
#[derive(Args)]
pub struct Options {
    /// The port of 127.0.0.1 for the demo page
    #[arg(long, default_value_t = PAGE_PORT, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The port of 127.0.0.1 for the sandbox
    #[arg(long, default_value_t = SANDBOX_PORT, value_parser = clap::value_parser!(u16).range(1..))]
    sandbox_port: u16,
}

/// Serves until Ctrl-C.
///
/// # Errors
/// When a port is in use, a tool is missing and cannot be installed, the sandbox does not compile, or either
/// program ends by itself.
pub fn run(options: &Options) -> Result<()> {
    let &Options { port, sandbox_port } = options;
    if port == sandbox_port {
        bail!("page and sandbox cannot share port {port}: choose different ones");
    }
    must_be_free(port, "the demo page", "--port")?;
    must_be_free(sandbox_port, "the sandbox", "--sandbox-port")?;
    tools::for_bundle()?;
    command::run(&mut cargo(["build", "--package", "sandbox"]))?;

    let interrupts = interrupts()?;
    let config = TrunkConfig::for_sandbox(sandbox_port)?;
    let mut both = Both { started: Vec::new(), interrupts };

    let mut sandbox = cargo(["run", "--quiet", "--package", "sandbox", "--", "--port"]);
    both.start("the sandbox", sandbox.arg(sandbox_port.to_string()))?;
    let deadline = Instant::now() + SANDBOX_START_LIMIT;
    while status(sandbox_port, "/scenarios").is_none() {
        if both.interrupted_within(POLL)? {
            return Ok(());
        }
        if Instant::now() > deadline {
            bail!(
                "the sandbox does not respond on port {sandbox_port}: `cargo run -p sandbox` runs it alone"
            );
        }
    }

    // If this build fails, Trunk would serve the files of an earlier one.
    let dist = root().join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist).with_context(|| format!("{} cannot be removed", dist.display()))?;
    }
    println!("building the page: the first time takes minutes");
    both.start("trunk serve", &mut config.serve(port))?;
    let mut built = None;
    while built.is_none() {
        if both.interrupted_within(POLL)? {
            return Ok(());
        }
        built = status(port, "/");
    }
    println!();
    if built != Some(200) {
        println!("the page could not be built, see above: Trunk builds it again when a source file changes");
    }
    println!(
        "==> open http://127.0.0.1:{port}/ (sandbox: http://127.0.0.1:{sandbox_port}/scenarios), stop with Ctrl-C"
    );
    io::stdout().flush()?;
    while !both.interrupted_within(POLL)? {}
    println!("stopped");
    Ok(())
}

/// Sandbox and Trunk, in the order of their start.
struct Both {
    started: Vec<(&'static str, ProcessGroup)>,
    interrupts: Receiver<()>,
}

impl Both {
    fn start(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        self.started.push((name, ProcessGroup::start(command)?));
        Ok(())
    }

    /// Waits, and returns whether Ctrl-C was pressed.
    ///
    /// # Errors
    /// When one of the programs has ended.
    fn interrupted_within(&mut self, time: Duration) -> Result<bool> {
        match self.interrupts.recv_timeout(time) {
            Ok(()) => return Ok(true),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => bail!("the handler of Ctrl-C is gone"),
        }
        for (name, group) in &mut self.started {
            if let Some(status) = group.ended()? {
                bail!(
                    "{name} ended by itself ({status}), see above for the reason; the other program is stopped too"
                );
            }
        }
        Ok(false)
    }
}

/// Receives a message for Ctrl-C and for the signals that end a program.
fn interrupts() -> Result<Receiver<()>> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        // The receiver is gone when this program is about to end.
        let _ = sender.send(());
    })
    .context("the handler of Ctrl-C cannot be set")?;
    Ok(receiver)
}

/// Trunk's configuration, with the sandbox on the chosen port.
struct TrunkConfig {
    /// The file that replaces Trunk.toml; removed when dropped.
    substitute: Option<PathBuf>,
}

impl TrunkConfig {
    fn for_sandbox(port: u16) -> Result<Self> {
        if port == SANDBOX_PORT {
            return Ok(Self { substitute: None });
        }
        // Trunk's command line can add a proxy but not replace one. Paths are relative to the folder of this file.
        let original = root().join("Trunk.toml");
        let text = fs::read_to_string(&original)
            .with_context(|| format!("{} cannot be read", original.display()))?;
        let substitute = root().join(format!(".trunk-{port}.toml"));
        fs::write(&substitute, on_port(&text, port)?)
            .with_context(|| format!("{} cannot be written", substitute.display()))?;
        Ok(Self { substitute: Some(substitute) })
    }

    fn serve(&self, port: u16) -> Command {
        let mut serve = trunk(["serve", "--port"]);
        serve.arg(port.to_string());
        if let Some(substitute) = &self.substitute {
            serve.arg("--config").arg(substitute);
        }
        serve
    }
}

impl Drop for TrunkConfig {
    fn drop(&mut self) {
        if let Some(substitute) = &self.substitute {
            // If it stays, git ignores it and the next run overwrites it.
            let _ = fs::remove_file(substitute);
        }
    }
}

/// The text of Trunk.toml with the sandbox on `port`.
fn on_port(config: &str, port: u16) -> Result<String> {
    let usual = format!("127.0.0.1:{SANDBOX_PORT}/");
    if !config.contains(&usual) {
        bail!("Trunk.toml has no [[proxy]] to {usual}, which --sandbox-port replaces: add it");
    }
    Ok(config.replace(&usual, &format!("127.0.0.1:{port}/")))
}

/// # Errors
/// When something listens on `port` already.
fn must_be_free(port: u16, whose: &str, flag: &str) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
            "port {port} of 127.0.0.1, for {whose}, is in use: \
             stop the program that listens there, or choose another port with `cargo xtask serve {flag} {}`",
            port.checked_add(100).unwrap_or(PAGE_PORT + 1)
        ),
        Err(error) => Err(error).with_context(|| {
            format!("port {port} of 127.0.0.1, for {whose}, cannot be opened: choose another with {flag}")
        }),
    }
}

/// The status of the response to `GET path`; `None` without one.
fn status(port: u16, path: &str) -> Option<u16> {
    const TIMEOUT: Duration = Duration::from_secs(5);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT).ok()?;
    stream.set_read_timeout(Some(TIMEOUT)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").ok()?;
    let mut start = [0; 12];
    stream.read_exact(&mut start).ok()?;
    // "HTTP/1.1 200"
    std::str::from_utf8(&start).ok()?.get(9..)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_moves_to_another_port_in_every_proxy() {
        let config = include_str!("../../../Trunk.toml");
        let moved = on_port(config, 9000).unwrap();
        assert!(!moved.contains("8089"));
        assert_eq!(moved.matches("127.0.0.1:9000/").count(), config.matches("[[proxy]]").count());
    }

    #[test]
    fn a_config_without_the_sandbox_is_refused() {
        assert!(on_port("[serve]\nport = 8080\n", 9000).is_err());
    }

    #[test]
    fn a_port_in_use_is_named_with_its_remedy() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let error = must_be_free(port, "the sandbox", "--sandbox-port").unwrap_err().to_string();
        assert!(error.contains(&format!("port {port}")) && error.contains("--sandbox-port"), "{error}");
    }
}

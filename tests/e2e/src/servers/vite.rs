//! Vite's development server, which optimises the packages of an app before it serves them.

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A server of its own, with a cache of its own. It ends with its handle.
#[derive(Debug)]
pub struct Vite {
    origin: String,
    _server: Child,
}

impl Vite {
    /// Starts `version`, the name of its package, for the app of the bundlers' tests; its optimisation leaves out
    /// `excluded`.
    pub async fn start(packages: &Path, version: &str, excluded: &str) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let programs = packages.join("node_modules/.bin");
        let system = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([programs].into_iter().chain(env::split_paths(&system)))?;
        let mut server = Command::new("node")
            .arg(format!("node_modules/{version}/bin/vite.js"))
            .args(["bundlers", "--host", "127.0.0.1", "--strictPort", "--port", &port.to_string()])
            .current_dir(packages)
            .env("PATH", path)
            .env("EXCLUDED", excluded)
            .env("CACHE", format!("../node_modules/.vite/{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| {
                format!(
                    "Vite cannot be started in {}: `cargo xtask test package` installs it",
                    packages.display()
                )
            })?;
        let stdout = server.stdout.take().context("Vite's output is taken")?;
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await? {
            if line.contains("Local:") {
                // Read on, so that Vite can write on.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { origin: format!("http://127.0.0.1:{port}"), _server: server });
            }
        }
        bail!("{version} has ended before it served anything")
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }
}

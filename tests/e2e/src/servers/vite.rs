//! Vite's development server, which optimises the packages of an app before it serves them.

use std::env;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// How long Vite may take until it serves.
const STARTING: Duration = Duration::from_secs(60);

/// A server of its own, with a cache of its own. It ends with its handle.
#[derive(Debug)]
pub struct Vite {
    origin: String,
    _server: Child,
}

impl Vite {
    /// Starts `version`, the name of its package, for the app of the bundlers' tests; its optimisation leaves out
    /// `excluded`. `caches` is a folder in `node_modules` for what it optimises.
    pub async fn start(packages: &Path, version: &str, excluded: &str, caches: &str) -> Result<Self> {
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
            .env("CACHE", format!("../node_modules/{caches}/{port}"))
            // Where CI or FORCE_COLOR is set it would colour the line that is awaited.
            .env("NO_COLOR", "1")
            .env_remove("FORCE_COLOR")
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
        let mut printed = String::new();
        let is_served = tokio::time::timeout(STARTING, async {
            while let Some(line) = lines.next_line().await? {
                if line.contains("Local:") {
                    return Ok(true);
                }
                printed += &line;
                printed.push('\n');
            }
            anyhow::Ok(false)
        })
        .await
        .unwrap_or(Ok(false))?;
        ensure!(is_served, "{version} serves nothing; it has printed: {}", printed.trim());
        // Read on, so that Vite can write on.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { origin: format!("http://127.0.0.1:{port}"), _server: server })
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }
}

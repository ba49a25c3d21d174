//! The programs under load.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// A program that listens on a port of the loopback interface. It is ended when its handle is dropped.
pub struct Program {
    process: Child,
    /// Its port.
    pub port: u16,
}

impl Program {
    /// Starts the gateway's release build, with more flags and variables.
    pub async fn gateway(flags: &[&str], variables: &[(&str, &str)]) -> Result<Program> {
        let port = free_port()?;
        let process = Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy"))
            .args(["--listen", &format!("127.0.0.1:{port}"), "--log-level", "warn"])
            .args(flags)
            .envs(variables.iter().copied())
            .spawn()
            .context("the gateway does not start")?;
        Program { process, port }.listening().await
    }

    /// Starts nginx with one worker. `http` and `server` are more of its configuration.
    pub async fn nginx(folder: &Path, http: &str, server: &str) -> Result<Program> {
        let port = free_port()?;
        let here = folder.display();
        let configuration = format!(
            "daemon off; worker_processes 1; pid {here}/nginx.pid; error_log {here}/error.log warn;
             events {{ worker_connections 1024; }}
             http {{
               access_log off; client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;
               fastcgi_temp_path {here}/fastcgi; uwsgi_temp_path {here}/uwsgi; scgi_temp_path {here}/scgi;
               keepalive_requests 10000000;
               {http}
               server {{ listen 127.0.0.1:{port}; {server} }}
             }}"
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration)?;
        let process = Command::new("nginx")
            .args(["-c", &file.display().to_string(), "-p", &here.to_string(), "-e", "stderr"])
            .stderr(Stdio::inherit())
            .spawn()
            .context("nginx does not start")?;
        Program { process, port }.listening().await
    }

    async fn listening(self) -> Result<Program> {
        let started = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            ensure!(started.elapsed() < Duration::from_secs(20), "nothing listens on port {}", self.port);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(self)
    }

    /// The resident memory of all its processes, in MiB.
    pub fn memory(&self) -> Result<f64> {
        Ok(memory(self.process.id())? as f64 / 1_024.0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGTERM, so that nginx ends its workers, too.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}

/// The resident memory of a process and of its children, in KiB.
fn memory(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let own = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS in /proc")?;
    let own: u64 = own.trim().trim_end_matches("kB").trim().parse()?;
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    children.split_whitespace().try_fold(own, |sum, child| Ok(sum + memory(child.parse()?)?))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

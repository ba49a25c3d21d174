//! The gateway under load, compared with nginx that caches the same answer: `cargo xtask bench proxy`.
//!
//! Timings are printed but not checked: they depend on the machine.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use sandbox::{Account, Options, Sandbox, Tls};

/// How long each is loaded, in seconds; over how many connections; and how long answers are cached.
const SECONDS: u64 = 10;
const CONNECTIONS: u64 = 64;
const CACHE_SECONDS: u64 = 2;

const PATH: &str = "/crm/bulk/v6/backup";

/// A program that is ended when its handle is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM, so that nginx ends its workers, too.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// The result of a load.
struct Load {
    per_second: f64,
    p99: String,
    /// Resident memory of all processes at the end, in KiB.
    memory: u64,
    /// Requests for the backup details that reached Zoho.
    upstream: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("load");
    fs::create_dir_all(&folder)?;
    let gateway = gateway(&folder).await?;
    let nginx = nginx(&folder).await?;
    println!(
        "{CONNECTIONS} connections for {SECONDS} s, answers cached for {CACHE_SECONDS} s\n\n\
         {:<20} {:>12} {:>10} {:>10} {:>18}",
        "", "answers/s", "p99", "memory", "requests to Zoho"
    );
    for (name, load) in [("zoho-backup-proxy", &gateway), ("nginx, proxy_cache", &nginx)] {
        let memory = format!("{:.1} MiB", load.memory as f64 / 1024.0);
        println!("{name:<20} {:>12.0} {:>10} {memory:>10} {:>18}", load.per_second, load.p99, load.upstream);
    }
    println!("\nratio {:.2} of nginx", gateway.per_second / nginx.per_second);
    let most = (SECONDS / CACHE_SECONDS + 1) as usize;
    ensure!(
        gateway.upstream <= most,
        "{} requests to Zoho, but at most {most} are expected",
        gateway.upstream
    );
    Ok(())
}

/// The release build of the program, which connects to Zoho by https only.
async fn gateway(folder: &Path) -> Result<Load> {
    let (account, tls) = (Account::default(), Tls::new()?);
    let authority = folder.join("ca.pem");
    fs::write(&authority, tls.authority())?;
    let (id, secret, refresh) =
        (account.client_id.clone(), account.client_secret.clone(), account.refresh_token.clone());
    let zoho = Sandbox::start_with(0, Options { account: Some(account), tls: Some(tls) }).await?;
    let port = free_port()?;
    let program = Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy"))
        .args(["--api-domain", &zoho.origin(), "--accounts-server", &zoho.origin(), "--client-id", &id])
        .args(["--listen", &format!("127.0.0.1:{port}"), "--cache-seconds", &CACHE_SECONDS.to_string()])
        .args(["--log-level", "warn"])
        .env("ZOHO_BACKUP_CLIENT_SECRET", secret)
        .env("ZOHO_BACKUP_REFRESH_TOKEN", refresh)
        .env("SSL_CERT_FILE", &authority)
        .spawn()
        .context("the gateway does not start")?;
    load(Running(program), port, &zoho).await
}

async fn nginx(folder: &Path) -> Result<Load> {
    let zoho = Sandbox::start(0).await?;
    let port = free_port()?;
    let here = folder.display();
    let configuration = format!(
        "daemon off; worker_processes 1; pid {here}/nginx.pid; error_log {here}/error.log warn;
         events {{ worker_connections 1024; }}
         http {{
           access_log off; client_body_temp_path {here}/body; proxy_temp_path {here}/proxy;
           fastcgi_temp_path {here}/fastcgi; uwsgi_temp_path {here}/uwsgi; scgi_temp_path {here}/scgi;
           proxy_cache_path {here}/cache keys_zone=zoho:1m; keepalive_requests 10000000;
           server {{
             listen 127.0.0.1:{port};
             location = {PATH} {{
               proxy_pass {};
               proxy_cache zoho; proxy_cache_valid 200 {CACHE_SECONDS}s; proxy_cache_lock on;
               proxy_cache_use_stale updating;
             }}
           }}
         }}",
        zoho.origin()
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, configuration)?;
    let program = Command::new("nginx")
        .args(["-c", &file.display().to_string(), "-p", &here.to_string(), "-e", "stderr"])
        .stderr(Stdio::inherit())
        .spawn()
        .context("nginx does not start")?;
    load(Running(program), port, &zoho).await
}

async fn load(program: Running, port: u16, zoho: &Sandbox) -> Result<Load> {
    let url = format!("http://127.0.0.1:{port}{PATH}");
    let started = Instant::now();
    while std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        ensure!(started.elapsed() < Duration::from_secs(20), "nothing listens on port {port}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let output = tokio::process::Command::new("wrk")
        .args(["-t", "1", "-c", &CONNECTIONS.to_string(), "-d", &format!("{SECONDS}s"), "--latency", &url])
        .output()
        .await
        .context("wrk does not start")?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    if report.contains("Non-2xx") || report.contains("Socket errors") {
        bail!("not every response was a success:\n{report}");
    }
    let field = |name: &str| {
        let line = report.lines().find_map(|line| line.trim().strip_prefix(name));
        line.map(str::trim).with_context(|| format!("wrk does not report {name}:\n{report}"))
    };
    Ok(Load {
        per_second: field("Requests/sec:")?.parse()?,
        p99: field("99%")?.to_owned(),
        memory: memory(program.0.id())?,
        upstream: zoho.record().count("scheduled"),
    })
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

//! The load: wrk, which repeats one request over many connections.

use anyhow::{Context, Result, bail};

/// Over how many connections.
pub const CONNECTIONS: u64 = 64;

/// The result of a load.
pub struct Load {
    /// Responses per second.
    pub per_second: f64,
    /// The latency that one response of a hundred exceeds, as wrk writes it.
    pub p99: String,
}

/// Requests a URL for some seconds, with more headers.
///
/// # Errors
/// When wrk does not start, or not every response is a success.
pub async fn load(url: &str, headers: &[&str], seconds: u64) -> Result<Load> {
    let output = tokio::process::Command::new("wrk")
        .args(["-t", "1", "-c", &CONNECTIONS.to_string(), "-d", &format!("{seconds}s"), "--latency"])
        .args(headers.iter().flat_map(|header| ["-H", header]))
        .arg(url)
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
    Ok(Load { per_second: field("Requests/sec:")?.parse()?, p99: field("99%")?.to_owned() })
}

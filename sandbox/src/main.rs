//! `cargo run -p sandbox`: the scripted Zoho on a port of this machine.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use sandbox::{SCENARIOS, Sandbox};

/// Answers as Zoho's backup API does, from a script. Loopback only; for development and tests.
#[derive(Parser)]
struct Arguments {
    /// The port of 127.0.0.1 to listen on
    #[arg(long, default_value_t = 8089)]
    port: u16,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse().port).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(port: u16) -> anyhow::Result<()> {
    let sandbox = Sandbox::start(port)
        .await
        .with_context(|| format!("port {port} of 127.0.0.1 cannot be had: choose another with --port"))?;
    let origin = sandbox.origin();
    println!("sandbox: {origin}/crm/bulk/v6/backup");
    println!("{} scenarios, listed at {origin}/scenarios", SCENARIOS.len());
    tokio::select! {
        () = sandbox.wait() => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped.context("Ctrl-C cannot be waited for"),
    }
}

//! `cargo run -p sandbox`: the scripted Zoho on a port of this machine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use sandbox::{Account, Options, SCENARIOS, Sandbox, Tls};

/// Answers as Zoho does, from a script. Loopback only; for development and tests.
#[derive(Parser)]
struct Arguments {
    /// The port of 127.0.0.1 to listen on
    #[arg(long, default_value_t = 8089)]
    port: u16,

    /// Listen on this port with HTTPS, to try a gateway
    ///
    /// The sandbox is Zoho's accounts server then, too: it gives access tokens, and its API demands one. It prints
    /// what the gateway must be told.
    #[arg(long, value_name = "PORT", conflicts_with = "port")]
    https: Option<u16>,

    /// Where to write the certificate that the gateway must trust, as PEM
    #[arg(long, value_name = "PATH", default_value = "target/sandbox-ca.pem", requires = "https")]
    ca_file: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let sandbox = match arguments.https {
        Some(port) => for_a_gateway(port, &arguments.ca_file).await?,
        None => for_a_page(arguments.port).await?,
    };
    tokio::select! {
        () = sandbox.wait() => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped.context("Ctrl-C cannot be waited for"),
    }
}

async fn for_a_page(port: u16) -> anyhow::Result<Sandbox> {
    let sandbox = start(port, Options::default(), "--port").await?;
    let origin = sandbox.origin();
    println!("sandbox: {origin}/crm/bulk/v6/backup");
    println!("{} scenarios, listed at {origin}/scenarios", SCENARIOS.len());
    Ok(sandbox)
}

async fn for_a_gateway(port: u16, ca_file: &Path) -> anyhow::Result<Sandbox> {
    let tls = Tls::new()?;
    let authority = tls.authority().to_owned();
    let account = Account::default();
    let options = Options { account: Some(account.clone()), tls: Some(tls) };
    // First the port: the file may belong to a sandbox that has it.
    let sandbox = start(port, options, "--https").await?;
    let ca_file = write(ca_file, &authority)
        .with_context(|| format!("{} cannot be written: choose another with --ca-file", ca_file.display()))?;
    let origin = sandbox.origin();
    println!("sandbox: {origin}, both of Zoho's servers. What a gateway must be told:");
    println!("api-domain={origin}");
    println!("accounts-server={origin}");
    println!("client-id={}", account.client_id);
    println!("client-secret={}", account.client_secret);
    println!("refresh-token={}", account.refresh_token);
    println!("SSL_CERT_FILE={}", ca_file.display());
    Ok(sandbox)
}

async fn start(port: u16, options: Options, flag: &str) -> anyhow::Result<Sandbox> {
    Sandbox::start_with(port, options)
        .await
        .with_context(|| format!("port {port} of 127.0.0.1 cannot be had: choose another with {flag}"))
}

/// Returns the absolute path: the gateway may run in another folder.
fn write(path: &Path, text: &str) -> std::io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text)?;
    Ok(path)
}

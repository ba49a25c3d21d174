//! `cargo run -p sandbox`: the scripted Zoho on a local port.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use clap::builder::PossibleValuesParser;
use sandbox::timeline::{MAX_SPEED, Name, Playing};
use sandbox::{Account, Options, SCENARIOS, Sandbox, Tls};

/// A scripted Zoho for development and tests, on the loopback interface only.
#[derive(Parser)]
struct Arguments {
    /// The port of 127.0.0.1 to listen on
    #[arg(long, default_value_t = 8089)]
    port: u16,

    /// Listen on this port with HTTPS, to try a gateway
    ///
    /// The sandbox then is Zoho's accounts server, too: it issues access tokens, and its API requires one. It prints
    /// the gateway's settings.
    #[arg(long, value_name = "PORT", conflicts_with = "port")]
    https: Option<u16>,

    /// The file for the certificate (PEM) that the gateway must trust
    #[arg(long, value_name = "PATH", default_value = "target/sandbox-ca.pem", requires = "https")]
    ca_file: PathBuf,

    /// Play this timeline at Zoho's own path, from now on: weeks in the life of a backup, again and again
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Name::ALL.map(Name::name)))]
    timeline: Option<String>,

    /// How many times as fast as real time the timeline is played
    ///
    /// A gateway asks Zoho once a minute at most: at 60, a day takes 24 minutes, and a run 25 seconds.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_SPEED)))]
    #[arg(requires = "timeline")]
    speed: u32,
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
    if let Some(name) = arguments.timeline.as_deref().and_then(Name::find) {
        sandbox.replay(name, Playing::new(sandbox.since(), arguments.speed));
        println!("timeline: {}, {} times as fast as real time", name.name(), arguments.speed);
    }
    tokio::select! {
        () = sandbox.wait() => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped.context("cannot listen for Ctrl-C"),
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
    // The port first: another sandbox may have it, and with it the file.
    let sandbox = start(port, options, "--https").await?;
    let ca_file = write(ca_file, &authority)
        .with_context(|| format!("cannot write {}: choose another file with --ca-file", ca_file.display()))?;
    let origin = sandbox.origin();
    println!("sandbox: {origin}, Zoho's API and accounts server. Settings for a gateway:");
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
        .with_context(|| format!("cannot listen on port {port} of 127.0.0.1: choose another with {flag}"))
}

/// Returns the absolute path, since the gateway may run in another folder.
fn write(path: &Path, text: &str) -> std::io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text)?;
    Ok(path)
}

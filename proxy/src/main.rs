//! `zoho-backup-proxy`: the gateway's program.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use tokio::net::TcpListener;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;
use zoho_backup_proxy::config::setting::LISTEN;
use zoho_backup_proxy::config::{Arguments, EXAMPLE, Settings};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::probe;
use zoho_backup_proxy::serve::serve;
use zoho_backup_proxy::zoho::BACKUP_PATH;

/// The exit status for mistakes in the configuration. Clap uses the same for a wrong command line.
const MISTAKES: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.example {
        print!("{EXAMPLE}");
        return ExitCode::SUCCESS;
    }
    if arguments.healthcheck {
        return probe::run(arguments.listen.as_deref().unwrap_or(LISTEN.default));
    }
    let settings = match Settings::validate(&arguments, variable) {
        Ok(settings) => settings,
        Err(mistakes) => {
            let count = mistakes.len();
            eprintln!(
                "zoho-backup-proxy: {count} mistake{} in the configuration",
                if count == 1 { "" } else { "s" }
            );
            for mistake in mistakes {
                eprintln!("  {mistake}");
            }
            return ExitCode::from(MISTAKES);
        }
    };
    if arguments.check {
        println!("The configuration is valid: asks {}, listens on {}.", settings.api_domain, settings.listen);
        for warning in settings.warnings() {
            println!("warning: {warning}");
        }
        return ExitCode::SUCCESS;
    }
    match run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zoho-backup-proxy: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The value of an environment variable. An empty one counts as unset: a container cannot unset what its image sets.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    (!value.is_empty()).then_some(value)
}

async fn run(settings: Settings) -> anyhow::Result<()> {
    zoho_backup_proxy::memory_dump::forbid();
    // Only the gateway's own lines: libraries log what they send and receive.
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let filter = Targets::new().with_target("zoho_backup_proxy", settings.log_level);
    tracing_subscriber::registry().with(log.with_filter(filter)).init();
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    let listen = settings.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: choose another {LISTEN}"))?;
    let gateway = Gateway::new(settings)?;
    let stop = stop_signal()?;
    tracing::info!("answering at http://{}{BACKUP_PATH}", listener.local_addr()?);
    serve(listener, gateway, stop).await;
    Ok(())
}

/// Registers for the signals to stop; the future resolves at the first.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupted = signal(SignalKind::interrupt())?;
    let mut terminated = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()>> {
    Ok(async {
        // If the program cannot wait for the signal, the system ends it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

//! `zoho-backup-proxy`: the gateway's program.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use zoho_backup_proxy::config::setting::LISTEN;
use zoho_backup_proxy::config::{Arguments, EXAMPLE, Settings};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::listener::Listener;
use zoho_backup_proxy::log;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::serve::{Limits, serve};
use zoho_backup_proxy::signals::Signals;
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
    log::start(settings.log_level, settings.log_format);
    match run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
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
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    // First, so that a signal at the start is not lost.
    let signals = Signals::register()?;
    let listen = settings.listen.clone();
    let listener = Listener::bind(&listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: choose another {LISTEN}"))?;
    let gateway = Gateway::new(settings)?;
    match &listener {
        Listener::Tcp(_) => tracing::info!("answering at {}{BACKUP_PATH}", listener.place()),
        _ => tracing::info!("answering at {}", listener.place()),
    }
    let stop = async {
        signals.obey(&gateway).await;
        tracing::info!("stopping");
    };
    serve(listener, router(gateway.clone()), Limits::default(), stop).await;
    Ok(())
}

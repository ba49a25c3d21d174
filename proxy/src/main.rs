//! `zoho-backup-proxy`: the gateway's program.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use tokio::sync::watch;
use zoho_backup_proxy::admin::{STATUS_PATH, admin_router};
use zoho_backup_proxy::alerts::http_courier::HttpCourier;
use zoho_backup_proxy::alerts::test_alert::send_test;
use zoho_backup_proxy::config::alerts::AlertSettings;
use zoho_backup_proxy::config::certificates::check_certificates;
use zoho_backup_proxy::config::readers::hosts_of;
use zoho_backup_proxy::config::setting::{LISTEN, STATE_DIR};
use zoho_backup_proxy::config::{Arguments, EXAMPLE, Settings};
use zoho_backup_proxy::export::{ExportError, export};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::listeners::Listeners;
use zoho_backup_proxy::own_host::OwnHost;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::serve::{Limits, serve};
#[cfg(unix)]
use zoho_backup_proxy::service_manager;
use zoho_backup_proxy::signals::Signals;
use zoho_backup_proxy::store::Store;
use zoho_backup_proxy::zoho::BACKUP_PATH;
use zoho_backup_proxy::{log, memory_dump, probe};

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
        let listen = arguments.listen.as_deref().filter(|listen| !listen.trim().is_empty());
        return probe::run(listen.unwrap_or(LISTEN.default));
    }
    if arguments.export_history {
        return export_history(arguments.state_dir.as_deref());
    }
    let mut checked = Settings::validate(&arguments, variable);
    if let Err(mistake) = check_certificates() {
        checked = Err(checked.err().into_iter().flatten().chain([mistake]).collect());
    }
    // At a start this is reported, and the gateway serves without a history.
    if arguments.check
        && let Ok(Some(folder)) = checked.as_ref().map(|settings| settings.state_dir.as_deref())
        && let Err(problem) = Store::check(folder)
    {
        let mistake = STATE_DIR.wrong(&folder.to_string_lossy(), &format!("cannot be used: {problem}"));
        checked = Err(vec![mistake]);
    }
    let settings = match checked {
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
        if let Err(error) = Gateway::new(settings.clone()) {
            eprintln!("zoho-backup-proxy: {error:#}");
            return ExitCode::from(MISTAKES);
        }
        println!("The configuration is valid: asks {}, listens on {}.", settings.api_domain, settings.listen);
        for warning in settings.warnings() {
            println!("warning: {warning}");
        }
        return ExitCode::SUCCESS;
    }
    if arguments.alert_test {
        return alert_test(&settings.alerts).await;
    }
    log::start(settings.log_level, settings.log_format);
    match run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            if error.is::<CannotListen>() { ExitCode::from(MISTAKES) } else { ExitCode::FAILURE }
        }
    }
}

/// Prints the history as JSON lines.
fn export_history(state_dir: Option<&Path>) -> ExitCode {
    let Some(folder) = state_dir.filter(|folder| !folder.as_os_str().is_empty()) else {
        eprintln!(
            "zoho-backup-proxy: {}",
            STATE_DIR.missing("name the folder whose history is to be printed")
        );
        return ExitCode::from(MISTAKES);
    };
    match export(folder, io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        // Such as `head`, which has enough.
        Err(ExportError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zoho-backup-proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Sends a test alert, and prints what became of it. The address is a secret, and not printed.
async fn alert_test(settings: &AlertSettings) -> ExitCode {
    let courier = match HttpCourier::new(settings) {
        Ok(courier) => courier,
        Err(error) => {
            eprintln!("zoho-backup-proxy: {error:#}");
            return ExitCode::from(MISTAKES);
        }
    };
    match send_test(settings, &courier).await {
        Ok(status) => {
            println!("The test alert was accepted (HTTP {status}).");
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            eprintln!("zoho-backup-proxy: the test alert was not accepted: {}", refusal.problem);
            ExitCode::FAILURE
        }
    }
}

/// How many connections an administrator and their monitoring may have.
const ADMIN_CONNECTIONS: usize = 32;

/// The value of an environment variable. An empty one counts as unset: a container cannot unset what its image sets.
fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    (!value.is_empty()).then_some(value)
}

/// The mark of an error that each further start would meet, too: an address that this machine does not have, a folder that
/// does not exist, a socket that cannot be meant. An address that another program has may become free.
#[derive(Debug)]
struct CannotListen;

impl CannotListen {
    fn mark(error: anyhow::Error) -> anyhow::Error {
        let mut kinds =
            error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
        let may_pass = kinds.any(|kind| kind == io::ErrorKind::AddrInUse);
        if may_pass { error } else { error.context(CannotListen) }
    }
}

impl std::fmt::Display for CannotListen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a mistake in the configuration")
    }
}

/// What calls itself random.
fn chance() -> impl FnMut() -> u32 {
    let random = RandomState::new();
    let mut count = 0_u32;
    move || {
        count = count.wrapping_add(1);
        // Its upper half is as random as the whole.
        (random.hash_one(count) >> 32) as u32
    }
}

async fn run(mut settings: Settings) -> anyhow::Result<()> {
    memory_dump::forbid();
    // First, so that a signal at the start is not lost.
    let signals = Signals::register()?;
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    let Listeners { readers, administrator } =
        Listeners::open(&settings).await.map_err(CannotListen::mark)?;
    // Of a socket that systemd has opened, the settings do not know the address.
    let own_host = readers.address().and_then(|address| OwnHost::of_address(address.ip()));
    settings.own_hosts.extend(own_host);
    let limits = Limits { idle_time: settings.idle_time, ..Limits::default() };
    let store = settings.state_dir.clone().map(|folder| Store::open(&folder, settings.history_time));
    let gateway = Gateway::with_store(settings, store)?;
    tracing::info!("answering at {}", readers.place(BACKUP_PATH));

    #[cfg(unix)]
    service_manager::ready();

    let (stop, stopped) = watch::channel(());
    let stopped = || {
        let mut stopped = stopped.clone();
        // An error means that the sender was dropped, after the signal.
        async move { drop(stopped.changed().await) }
    };
    let serve_readers = serve(readers, router(gateway.clone()), limits, stopped());
    let serve_administrator = async {
        let Some(listener) = administrator else { return };
        tracing::info!("for an administrator at {}", listener.place(STATUS_PATH));
        let router = admin_router(gateway.clone(), hosts_of(listener.address()));
        serve(listener, router, Limits { connections: ADMIN_CONNECTIONS, ..limits }, stopped()).await;
    };
    let await_signal = async {
        signals.obey(&gateway).await;
        tracing::info!("stopping");
        #[cfg(unix)]
        service_manager::stopping();
        drop(stop);
    };
    let watch = async {
        let work = async { tokio::join!(gateway.watch(chance()), gateway.alert(chance())) };
        tokio::select! {
            _ = work => {}
            () = stopped() => {}
        }
    };
    tokio::join!(serve_readers, serve_administrator, watch, await_signal);
    gateway.close().await;
    Ok(())
}

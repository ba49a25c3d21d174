//! The signals of the process: to stop, and to read the widget's files again.

#[cfg(unix)]
use crate::config::setting::WIDGET_DIR;
use crate::gateway::Gateway;
#[cfg(unix)]
use crate::service_manager;

/// The signals to stop and to reload. From the moment it exists they no longer end the process by themselves.
#[cfg(unix)]
#[derive(Debug)]
pub struct Signals {
    interrupted: tokio::signal::unix::Signal,
    terminated: tokio::signal::unix::Signal,
    hung_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Registers for the signals.
    ///
    /// # Errors
    /// When the system refuses it.
    pub fn register() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupted: signal(SignalKind::interrupt())?,
            terminated: signal(SignalKind::terminate())?,
            hung_up: signal(SignalKind::hangup())?,
        })
    }

    /// Reloads the widget's files at every SIGHUP, and resolves at the first SIGINT or SIGTERM.
    pub async fn obey(mut self, gateway: &Gateway) {
        loop {
            tokio::select! {
                _ = self.interrupted.recv() => return,
                _ = self.terminated.recv() => return,
                _ = self.hung_up.recv() => reload(gateway.clone()).await,
            }
        }
    }
}

/// The signal to stop.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Nothing is to be registered on this system.
    ///
    /// # Errors
    /// Never.
    pub fn register() -> std::io::Result<Signals> {
        Ok(Signals)
    }

    /// Resolves at Ctrl-C.
    pub async fn obey(self, _: &Gateway) {
        // If the program cannot wait for the signal, the system ends it.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Reads the widget's files again, and logs the outcome.
#[cfg(unix)]
async fn reload(gateway: Gateway) {
    service_manager::reloading();
    // Requests are answered meanwhile.
    let reloaded = tokio::task::spawn_blocking(move || gateway.reload_widget_files()).await;
    match reloaded {
        Ok(Ok(true)) => tracing::info!("the widget's files were read again"),
        Ok(Ok(false)) => tracing::info!("nothing to reload: {WIDGET_DIR} is not set"),
        Ok(Err(problem)) => tracing::error!("the old files are served on: {WIDGET_DIR} {problem}"),
        Err(_) => tracing::error!("the old files are served on: reading the new ones panicked"),
    }
    service_manager::ready();
}

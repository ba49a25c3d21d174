//! What the process tells the service manager that has started it (systemd's `Type=notify-reload`, `sd_notify`). Without
//! one, nothing happens.

use std::io;

use sd_notify::NotifyState;

/// The process listens, at its start or after a reload.
pub fn ready() {
    report(sd_notify::notify(&[NotifyState::Ready]));
}

/// The process begins to reload. [`ready`] must follow.
pub fn reloading() {
    // The time tells the manager's own request from an older one.
    let now = NotifyState::monotonic_usec_now();
    report(now.and_then(|now| sd_notify::notify(&[NotifyState::Reloading, now])));
}

/// The process stops.
pub fn stopping() {
    report(sd_notify::notify(&[NotifyState::Stopping]));
}

/// The manager may then end the process after a while, so the log says why.
fn report(notified: io::Result<()>) {
    if let Err(error) = notified {
        tracing::warn!("the service manager cannot be notified by NOTIFY_SOCKET: {}", error.kind());
    }
}

//! The listeners of the process: the sockets that systemd passes to it, or else those of the settings.

use anyhow::Context;

use crate::config::Settings;
use crate::config::listen::Listen;
use crate::config::setting::{ADMIN_LISTEN, LISTEN, Setting};
#[cfg(unix)]
use crate::inherited_sockets::InheritedSockets;
use crate::listener::Listener;

/// The listeners of the process.
#[derive(Debug)]
pub struct Listeners {
    /// For readers.
    pub readers: Listener,
    /// For an administrator, if there is one.
    pub administrator: Option<Listener>,
}

impl Listeners {
    /// Takes the sockets that systemd passes, and opens what is missing. Call it once: sockets can be taken only once.
    ///
    /// # Errors
    /// When a socket cannot be used. The message names it and the remedy.
    pub async fn open(settings: &Settings) -> anyhow::Result<Listeners> {
        #[cfg(unix)]
        let InheritedSockets { readers, administrator } = InheritedSockets::take()?;
        #[cfg(not(unix))]
        let (readers, administrator) = (None, None);
        let readers = match readers {
            Some(listener) => listener,
            None => bind(&LISTEN, &settings.listen).await?,
        };
        let administrator = match (administrator, &settings.admin_listen) {
            (Some(listener), _) => Some(listener),
            (None, Some(listen)) => Some(bind(&ADMIN_LISTEN, listen).await?),
            (None, None) => None,
        };
        Ok(Listeners { readers, administrator })
    }
}

async fn bind<D>(setting: &Setting<D>, listen: &Listen) -> anyhow::Result<Listener> {
    let bound = Listener::bind(listen).await;
    bound.with_context(|| format!("cannot listen on {listen}: choose another {setting}"))
}

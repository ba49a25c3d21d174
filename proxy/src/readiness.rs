//! Whether the gateway can do its work as far as that depends on this machine: its secrets can be read.

use std::fmt;

use crate::config::setting::{CLIENT_SECRET, REFRESH_TOKEN};
use crate::secret::Source;

/// Where the gateway's secrets are stored.
#[derive(Clone, Debug)]
pub struct Readiness {
    /// Where the self client's secret is stored.
    pub client_secret: Source,
    /// Where the refresh token is stored.
    pub refresh_token: Source,
}

/// Which secrets cannot be read, by what they are. The reasons are in the log only: they contain paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotReady(Vec<&'static str>);

impl Readiness {
    /// Reads both secrets, because a file may have been removed or replaced since the last token. Zoho is not asked.
    ///
    /// # Errors
    /// Which secrets cannot be read.
    pub fn check(&self) -> Result<(), NotReady> {
        let secrets = [(CLIENT_SECRET, &self.client_secret), (REFRESH_TOKEN, &self.refresh_token)];
        let unreadable: Vec<_> = secrets
            .into_iter()
            .filter_map(|(setting, source)| {
                let problem = source.read().err()?;
                tracing::warn!("not ready: {problem}");
                Some(setting.file_variable)
            })
            .collect();
        if unreadable.is_empty() { Ok(()) } else { Err(NotReady(unreadable)) }
    }
}

/// One line for each secret, with the setting to check.
impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file_variable in &self.0 {
            writeln!(f, "the secret of {file_variable} cannot be read: the log says why")?;
        }
        Ok(())
    }
}

//! The proxy between the gateway and Zoho, or the receivers of alerts, as companies have them: the gateway sends it
//! `CONNECT`, and TLS goes on to their servers.

use std::sync::Arc;

use reqwest::{Proxy, Url};
use secrecy::ExposeSecret;

use crate::secret::Source;

/// The proxy between the gateway and Zoho.
#[derive(Clone, Debug)]
pub struct UpstreamProxy {
    /// Its address, without credentials.
    pub url: Url,
    /// `user:password`, if it requires them.
    pub credentials: Option<Source>,
}

impl UpstreamProxy {
    /// The proxy for all requests. Its credentials are read again for each.
    #[must_use]
    pub fn for_requests(self) -> Proxy {
        let proxy = Arc::new(self);
        Proxy::custom(move |_| Some(proxy.address()))
    }

    /// Its address with the credentials, which are read again.
    #[must_use]
    pub fn address(&self) -> Url {
        let mut url = self.url.clone();
        let Some(credentials) = &self.credentials else { return url };
        match credentials.read() {
            Ok(credentials) => {
                // As the client decodes them again. Neither fails for an address with a host.
                let credentials = credentials.expose_secret().replace('%', "%25");
                let (user, password) = split(&credentials);
                let _ = url.set_username(user);
                let _ = url.set_password(Some(password));
            }
            // Without them the proxy refuses, and that is the failure that readers see.
            Err(problem) => tracing::error!("{problem}"),
        }
        url
    }
}

/// The user, up to the first colon, and the password.
fn split(credentials: &str) -> (&str, &str) {
    credentials.split_once(':').unwrap_or((credentials, ""))
}

//! Whom to ask: a proxy URL, resolved by the browser and judged by core.

use crate::host;
use zoho_backup_core::options::Credentials;
use zoho_backup_core::proxy_url::{Refusal, UrlParts, judge};

/// Whom to ask, and how: what requests of several widgets must agree in to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The URL, resolved and without fragment.
    pub url: String,
    /// Whether cookies are sent along.
    pub credentials: Credentials,
}

impl Endpoint {
    /// Resolves a proxy URL against the document's base and judges it.
    ///
    /// # Errors
    ///
    /// Why it is refused.
    pub fn resolve(proxy_url: Option<&str>, credentials: Credentials) -> Result<Endpoint, Refusal> {
        let url = host::resolve(proxy_url.ok_or(Refusal::Missing)?).ok_or(Refusal::Invalid)?;
        // A fragment is never sent, and must not tell two requests apart.
        url.set_hash("");
        let href = url.href();
        let parts = UrlParts {
            href: &href,
            protocol: &url.protocol(),
            username: &url.username(),
            password: &url.password(),
            hostname: &url.hostname(),
        };
        let keys = url.search_params().keys();
        let keys: Vec<_> = std::iter::from_fn(|| keys.next().ok()?.value().as_string()).collect();
        judge(&parts, keys.iter().map(String::as_str), host::page_is_http())?;
        Ok(Endpoint { url: href, credentials })
    }

    /// The origin and path: what may be shown of the URL.
    pub fn shown(&self) -> &str {
        self.url.split('?').next().unwrap_or_default()
    }
}

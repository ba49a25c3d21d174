//! What to ask: a proxy URL, resolved by the browser and judged by core.

use crate::page::environment;
use zoho_backup_core::options::Credentials;
use zoho_backup_core::proxy_url::{UrlParts, UrlRefusal, judge};

/// What to ask, and how. Widgets with equal endpoints share their requests.
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
    /// Why the URL is refused.
    pub fn resolve(proxy_url: Option<&str>, credentials: Credentials) -> Result<Endpoint, UrlRefusal> {
        let url = environment::resolve(proxy_url.ok_or(UrlRefusal::Missing)?).ok_or(UrlRefusal::Invalid)?;
        // A fragment is never sent: two URLs that differ by it are the same request.
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
        judge(&parts, keys.iter().map(String::as_str), environment::page_is_http())?;
        Ok(Endpoint { url: href, credentials })
    }

    /// The origin and path: what may be shown of the URL.
    pub fn shown(&self) -> &str {
        self.url.split('?').next().unwrap_or_default()
    }
}

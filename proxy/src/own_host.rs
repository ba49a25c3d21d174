//! The hosts by which clients address this gateway. Any other `Host` is refused: it may be another site's name that
//! points to this machine (DNS rebinding).

use std::net::IpAddr;

use reqwest::Url;

/// One of the gateway's own hosts: a name or an address, with any port or with one port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnHost(String);

impl OwnHost {
    /// Checks one host of a configuration.
    ///
    /// # Errors
    /// When it is not a host. The message says what is wrong and what to write instead; the caller puts the host
    /// before it.
    pub fn new(given: &str) -> Result<OwnHost, String> {
        let problem =
            || "is not a host: write it like backup.portal.example or backup.portal.example:8443".to_owned();
        if given.contains('*') {
            return Err("contains a wildcard: list each host".to_owned());
        }
        let url = Url::parse(&format!("http://{given}/")).map_err(|_| problem())?;
        let normalized = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            // The URL parser drops the scheme's default port.
            (Some(host), None) if given.ends_with(":80") => format!("{host}:80"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err(problem()),
        };
        if normalized == given.to_ascii_lowercase() { Ok(OwnHost(normalized)) } else { Err(problem()) }
    }

    /// The address of one network interface, with any port. `None` for an address that stands for all of them.
    #[must_use]
    pub fn of_address(address: IpAddr) -> Option<OwnHost> {
        let name = match address.to_canonical() {
            address if address.is_unspecified() => return None,
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        OwnHost::new(&name).ok()
    }

    /// Whether a `Host` header names this host.
    #[must_use]
    pub fn matches(&self, header: &str) -> bool {
        let has_any_port = without_port(&self.0) == self.0;
        let host = if has_any_port { without_port(header) } else { header };
        host.eq_ignore_ascii_case(&self.0)
    }
}

/// A `Host` header without its port. The colons of an IPv6 address are in brackets.
fn without_port(header: &str) -> &str {
    match header.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() => host,
        _ => header,
    }
}

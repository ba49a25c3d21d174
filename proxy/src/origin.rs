//! Who may ask: the origins of pages, and the hosts by which this gateway is known.

use reqwest::Url;

/// The pages that may read the gateway's answers from another origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// These, compared byte by byte. None at all where the gateway is mounted on the portal's own origin.
    Listed(Vec<String>),
    /// Every page of the world.
    Any,
}

impl Origins {
    /// Whether a page of this origin may read. Never one without an origin of its own (`null`).
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        match self {
            Origins::Listed(origins) => origins.iter().any(|listed| listed == origin),
            Origins::Any => origin != "null",
        }
    }
}

/// Judges an origin as it stands in a configuration.
///
/// # Errors
/// What is wrong with it, and how to write it.
pub fn check_origin(given: &str) -> Result<String, String> {
    match given {
        "*" => {
            return Err("stands for any origin: list each, or use --dangerously-allow-any-origin".to_owned());
        }
        "null" => {
            return Err("is what every sandboxed frame of the world sends: it cannot be allowed".to_owned());
        }
        _ if given.contains('*') => {
            return Err("stands for several origins: list each".to_owned());
        }
        _ => {}
    }
    let url =
        Url::parse(given).map_err(|_| "is no origin: write it like https://portal.example".to_owned())?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err("is neither https nor http".to_owned());
    }
    let origin = url.origin().ascii_serialization();
    if origin == given { Ok(origin) } else { Err(format!("is not as browsers send it: write {origin}")) }
}

/// A host by which clients may know this gateway: a name or an address, for every port or for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host(String);

impl Host {
    /// Judges a host as it stands in a configuration.
    ///
    /// # Errors
    /// What is wrong with it, and how to write it.
    pub fn new(given: &str) -> Result<Host, String> {
        let problem =
            || "is no host: write it like backup.portal.example or backup.portal.example:8443".to_owned();
        if given.contains('*') {
            return Err("stands for several hosts: list each".to_owned());
        }
        let url = Url::parse(&format!("http://{given}/")).map_err(|_| problem())?;
        let written = match (url.host_str(), url.port()) {
            (Some(host), Some(port)) => format!("{host}:{port}"),
            // The scheme's own port is none to the parser.
            (Some(host), None) if given.ends_with(":80") => format!("{host}:80"),
            (Some(host), None) => host.to_owned(),
            (None, _) => return Err(problem()),
        };
        if written == given.to_ascii_lowercase() { Ok(Host(written)) } else { Err(problem()) }
    }

    /// Whether a `Host` header names it.
    #[must_use]
    pub fn is(&self, header: &str) -> bool {
        let is_for_every_port = without_port(&self.0) == self.0;
        let named = if is_for_every_port { without_port(header) } else { header };
        named.eq_ignore_ascii_case(&self.0)
    }
}

/// A `Host` header without its port. The colons of an IPv6 address stand in brackets.
fn without_port(header: &str) -> &str {
    match header.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() => host,
        _ => header,
    }
}

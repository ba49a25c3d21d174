//! The origins of pages that may read the gateway's answers.

use reqwest::Url;

/// The origins whose pages may read the answers across origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// These origins, compared byte by byte. The list is empty where the gateway is mounted on the portal's own origin.
    Listed(Vec<String>),
    /// Every origin.
    Any,
}

impl Origins {
    /// Whether a page of this origin may read. The opaque origin `null` is never allowed.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        match self {
            Origins::Listed(origins) => origins.iter().any(|listed| listed == origin),
            Origins::Any => origin != "null",
        }
    }
}

/// Checks one origin of a configuration.
///
/// # Errors
/// When it is not an origin as browsers send it. The message says what is wrong and what to write instead; the caller
/// puts the origin before it.
pub fn check_origin(given: &str) -> Result<String, String> {
    match given {
        "null" => {
            return Err("is the origin of every sandboxed frame: it cannot be allowed".to_owned());
        }
        _ if given.contains('*') => {
            return Err("contains a wildcard: list each origin".to_owned());
        }
        _ => {}
    }
    let url =
        Url::parse(given).map_err(|_| "is not an origin: write it like https://portal.example".to_owned())?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err("is neither https nor http".to_owned());
    }
    let origin = url.origin().ascii_serialization();
    if origin == given { Ok(origin) } else { Err(format!("is not what browsers send: write {origin}")) }
}

//! The address of a receiver. It is a secret: whoever knows it can post.

use reqwest::Url;
use secrecy::ExposeSecret;

use crate::secret::Source;

/// Reads an address. The error says what is wrong with the file, never what it contains.
///
/// # Errors
/// When the file cannot be read, or has no address that may be used.
pub fn read_address(source: &Source) -> Result<Url, String> {
    let text = source.read()?;
    let problem =
        "the address in it is neither https nor http to this computer (127.0.0.1, [::1] or localhost)";
    let url = Url::parse(text.expose_secret()).map_err(|_| problem.to_owned())?;
    let is_allowed = match url.scheme() {
        "https" => url.host_str().is_some_and(|host| !host.is_empty()),
        "http" => is_loopback(&url),
        _ => false,
    };
    if is_allowed { Ok(url) } else { Err(problem.to_owned()) }
}

/// Whether an address leads to this computer.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_https_or_leads_to_this_computer() {
        let cases = [
            ("https://hooks.example/services/T/B/X", true),
            ("https://user:pass@hooks.example/", true),
            ("http://127.0.0.1:9000/x", true),
            ("http://[::1]:9000/x", true),
            ("http://localhost/x", true),
            ("http://hooks.example/x", false),
            ("http://127.0.0.1.example/x", false),
            ("http://localhost.example/x", false),
            ("ftp://127.0.0.1/x", false),
            ("hooks.example/x", false),
            ("file:///etc/passwd", false),
        ];
        for (address, is_allowed) in cases {
            let read = read_address(&Source::Text(address.into()));
            assert_eq!(read.is_ok(), is_allowed, "{address}");
            let problem = read.err().unwrap_or_default();
            assert!(!problem.contains("example") && !problem.contains("/x"), "{problem}");
        }
    }
}

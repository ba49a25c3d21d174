//! Which proxy URLs are accepted, judged by the parts that the browser's URL parser gives.

use crate::address_space::AddressSpace;

/// The longest proxy URL that is accepted, in characters.
pub const MAX_CHARACTERS: usize = 2_048;

/// Query keys that carry credentials. A page cannot keep a secret, so a URL with one of them is refused.
const SECRET_KEYS: [&str; 11] = [
    "token",
    "access_token",
    "refresh_token",
    "authtoken",
    "auth",
    "authorization",
    "api_key",
    "apikey",
    "client_secret",
    "secret",
    "password",
];

named_enum! {
    /// Why a proxy URL was refused.
    pub enum UrlRefusal {
        /// None was given.
        Missing = "missing",
        /// The URL parser rejects it.
        Invalid = "invalid",
        /// Neither http nor https.
        Scheme = "scheme",
        /// http from an https page to another computer: browsers block it.
        Insecure = "insecure",
        /// It contains a user name or password.
        UserInfo = "user-info",
        /// Its query contains a key that names a credential.
        Secret = "secret",
        /// It exceeds [`MAX_CHARACTERS`].
        TooLong = "too-long",
    }
}

/// A URL in parts, named as the URL standard names them.
#[derive(Clone, Copy, Debug)]
pub struct UrlParts<'a> {
    /// The whole URL, resolved.
    pub href: &'a str,
    /// The scheme with its colon: `https:`.
    pub protocol: &'a str,
    /// The user name, empty if there is none.
    pub username: &'a str,
    /// The password, empty if there is none.
    pub password: &'a str,
    /// The host without its port.
    pub hostname: &'a str,
}

/// Judges a resolved URL, given the decoded keys of its query and whether the page itself was loaded by plain http.
///
/// # Errors
///
/// The first reason to refuse it.
pub fn judge<'k>(
    url: &UrlParts<'_>,
    mut query_keys: impl Iterator<Item = &'k str>,
    page_is_http: bool,
) -> Result<(), UrlRefusal> {
    match url.protocol {
        protocol if is_link(protocol, page_is_http) => {}
        "http:" if AddressSpace::of(url.hostname) == AddressSpace::Loopback => {}
        "http:" => return Err(UrlRefusal::Insecure),
        _ => return Err(UrlRefusal::Scheme),
    }
    if !url.username.is_empty() || !url.password.is_empty() {
        return Err(UrlRefusal::UserInfo);
    }
    if query_keys.any(|key| SECRET_KEYS.iter().any(|secret| secret.eq_ignore_ascii_case(key.trim()))) {
        return Err(UrlRefusal::Secret);
    }
    if url.href.chars().count() > MAX_CHARACTERS {
        return Err(UrlRefusal::TooLong);
    }
    Ok(())
}

/// Whether a page may link to a resolved URL of that scheme, or fetch it: https, and on an http page http.
pub fn is_link(protocol: &str, page_is_http: bool) -> bool {
    protocol == "https:" || (protocol == "http:" && page_is_http)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: UrlParts<'static> = UrlParts {
        href: "https://proxy.example/crm/bulk/v6/backup",
        protocol: "https:",
        username: "",
        password: "",
        hostname: "proxy.example",
    };

    fn judged(url: UrlParts<'_>, keys: &[&str], page_is_http: bool) -> Result<(), UrlRefusal> {
        judge(&url, keys.iter().copied(), page_is_http)
    }

    #[test]
    fn https_is_accepted_everywhere() {
        assert_eq!(judged(GOOD, &[], false), Ok(()));
        assert_eq!(judged(GOOD, &["account", "tokens"], true), Ok(()));
    }

    #[test]
    fn http_is_accepted_from_http_pages_and_to_this_computer() {
        let http = UrlParts { protocol: "http:", ..GOOD };
        assert_eq!(judged(http, &[], true), Ok(()));
        assert_eq!(judged(http, &[], false), Err(UrlRefusal::Insecure));
        for hostname in ["localhost", "crm.localhost", "127.0.0.1", "127.8.9.10", "[::1]", "localhost."] {
            assert_eq!(judged(UrlParts { hostname, ..http }, &[], false), Ok(()), "{hostname}");
        }
        for hostname in ["localhost.example", "notlocalhost", "127.0.0.1.example", "128.0.0.1", "10.0.0.1"] {
            assert_eq!(
                judged(UrlParts { hostname, ..http }, &[], false),
                Err(UrlRefusal::Insecure),
                "{hostname}"
            );
        }
    }

    #[test]
    fn other_schemes_are_refused() {
        for protocol in ["ftp:", "javascript:", "data:", "blob:", "file:", "ws:"] {
            assert_eq!(
                judged(UrlParts { protocol, ..GOOD }, &[], true),
                Err(UrlRefusal::Scheme),
                "{protocol}"
            );
        }
    }

    #[test]
    fn links_lead_to_pages_only() {
        assert!(is_link("https:", false) && is_link("https:", true) && is_link("http:", true));
        for protocol in ["http:", "javascript:", "data:", "file:", "mailto:"] {
            assert!(!is_link(protocol, false), "{protocol}");
        }
    }

    #[test]
    fn user_info_is_refused() {
        assert_eq!(judged(UrlParts { username: "me", ..GOOD }, &[], false), Err(UrlRefusal::UserInfo));
        assert_eq!(judged(UrlParts { password: "x", ..GOOD }, &[], false), Err(UrlRefusal::UserInfo));
    }

    #[test]
    fn every_key_that_names_a_credential_is_refused_in_any_case() {
        for key in SECRET_KEYS {
            assert_eq!(judged(GOOD, &["account", key], false), Err(UrlRefusal::Secret), "{key}");
            assert_eq!(judged(GOOD, &[&key.to_uppercase()], false), Err(UrlRefusal::Secret), "{key}");
        }
    }

    #[test]
    fn the_length_is_counted_in_characters() {
        let href = |length: usize| "é".repeat(length);
        assert_eq!(judged(UrlParts { href: &href(MAX_CHARACTERS), ..GOOD }, &[], false), Ok(()));
        assert_eq!(
            judged(UrlParts { href: &href(MAX_CHARACTERS + 1), ..GOOD }, &[], false),
            Err(UrlRefusal::TooLong)
        );
    }
}

//! Whose pages may show the badge as a picture. Pages that run no scripts send no `Origin`, so browsers enforce this by
//! `Sec-Fetch-Site` and `Cross-Origin-Resource-Policy`.

use axum::http::HeaderValue;

/// The sites whose pages may show the badge as a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadgeSites {
    /// Pages of the gateway's own origin, such as the portal that it is mounted on.
    #[default]
    SameOrigin,
    /// Pages of the same site, too: `wiki.example` and `portal.example` are two, `wiki.corp.example` and
    /// `portal.corp.example` one.
    SameSite,
    /// Pages of every site.
    Any,
}

impl BadgeSites {
    /// All of them, the strictest first.
    pub const ALL: [BadgeSites; 3] = [BadgeSites::SameOrigin, BadgeSites::SameSite, BadgeSites::Any];

    /// As the setting is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            BadgeSites::SameOrigin => "same-origin",
            BadgeSites::SameSite => "same-site",
            BadgeSites::Any => "any",
        }
    }

    /// Whether a request with this `Sec-Fetch-Site` may get the picture. Without one it comes from no page, or from a
    /// browser that is too old to say so.
    #[must_use]
    pub fn allow(self, fetch_site: Option<&HeaderValue>) -> bool {
        let Some(site) = fetch_site else { return true };
        match self {
            BadgeSites::Any => true,
            BadgeSites::SameSite => site == "same-origin" || site == "none" || site == "same-site",
            BadgeSites::SameOrigin => site == "same-origin" || site == "none",
        }
    }

    /// The value of `Cross-Origin-Resource-Policy`.
    #[must_use]
    pub fn resource_policy(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            BadgeSites::SameOrigin => "same-origin",
            BadgeSites::SameSite => "same-site",
            BadgeSites::Any => "cross-origin",
        })
    }
}

//! One of the widget's files, as the gateway serves it.

use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha384};

use crate::content_coding::ContentCoding;
use crate::representation::Representation;

/// One of the widget's files.
#[derive(Debug)]
pub struct WidgetFile {
    /// The path at which the gateway serves it.
    pub path: String,
    /// The path as the log names it: one name for all versions, and for all languages.
    pub route: &'static str,
    /// What the file is.
    pub kind: Kind,
    /// How long browsers may cache it.
    pub caching: Caching,
    /// The file as it is.
    pub original: Representation,
    /// Its compressed forms, if there are any.
    pub compressed: Vec<Representation>,
}

/// What a file of a build is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The script that a page embeds.
    Script,
    /// The module that the script loads.
    Wasm,
    /// The sentences of a language, which the script loads for its readers.
    Language,
}

impl Kind {
    /// The value of `Content-Type`.
    #[must_use]
    pub fn media_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Kind::Script => "text/javascript; charset=utf-8",
            Kind::Wasm => "application/wasm",
            Kind::Language => "text/plain; charset=utf-8",
        })
    }

    /// The path in the log.
    #[must_use]
    pub fn route(self) -> &'static str {
        match self {
            Kind::Script => "/zoho-backup-status.js",
            Kind::Wasm => "/widget_bg.wasm",
            Kind::Language => "/lang/{language}.txt",
        }
    }

    /// The path in the log, of a version.
    #[must_use]
    pub fn route_of_version(self) -> &'static str {
        match self {
            Kind::Script => "/{version}/zoho-backup-status.js",
            Kind::Wasm => "/{version}/widget_bg.wasm",
            Kind::Language => "/{version}/lang/{language}.txt",
        }
    }
}

/// How long browsers may cache a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caching {
    /// For ever: the path names a version.
    Immutable,
    /// For ever with this version in the query, as in the script's URLs of the other files; else they must revalidate it. A page
    /// may still ask for the version of another build.
    ByVersion(String),
}

impl WidgetFile {
    /// The form of the file for this request.
    #[must_use]
    pub fn choose(&self, request: &HeaderMap) -> &Representation {
        let codings = self.compressed.iter().filter_map(|form| form.coding);
        let coding = ContentCoding::choose(codings, request);
        self.compressed.iter().find(|form| form.coding == coding).unwrap_or(&self.original)
    }

    /// Whether browsers may cache the answer to a request with this query for ever.
    #[must_use]
    pub fn is_immutable(&self, query: Option<&str>) -> bool {
        match &self.caching {
            Caching::Immutable => true,
            Caching::ByVersion(version) => query.and_then(|query| query.strip_prefix("v=")) == Some(version),
        }
    }
}

/// The version in the script's URLs of the other files: the first 8 hex digits of its SHA-384.
pub fn short_hash(content: &[u8]) -> String {
    Sha384::digest(content).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

//! One of the widget's files, as the gateway serves it.

use axum::http::HeaderMap;
use sha2::{Digest, Sha384};

use crate::content_coding::ContentCoding;
use crate::representation::Representation;

/// One of the widget's files.
#[derive(Debug)]
pub struct WidgetFile {
    /// The path at which the gateway serves it.
    pub path: String,
    /// The path as the log names it: one name for all versions.
    pub route: &'static str,
    /// How long browsers may cache it.
    pub caching: Caching,
    /// The file as it is.
    pub original: Representation,
    /// Its compressed forms, if there are any.
    pub compressed: Vec<Representation>,
}

/// How long browsers may cache a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caching {
    /// For ever: the path names a version.
    Immutable,
    /// For ever with this version in the query, as in the script's URL of the wasm; else they must revalidate it. A page
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

/// The version in the script's URL of the wasm: the first 8 hex digits of its SHA-384.
pub fn short_hash(content: &[u8]) -> String {
    Sha384::digest(content).iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

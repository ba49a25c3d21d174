//! What a URL of the gateway has to send: bytes, their media type, and their entity tag. It is written once and shared
//! by all answers.

use axum::body::Bytes;
use axum::http::header::IF_NONE_MATCH;
use axum::http::{HeaderMap, HeaderValue};
use sha2::{Digest, Sha256};

use crate::content_coding::ContentCoding;

/// The media type of JSON.
pub const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

/// A representation of one resource. Clones share the bytes.
#[derive(Clone, Debug)]
pub struct Representation {
    /// The content.
    pub bytes: Bytes,
    /// The value of `Content-Type`.
    pub media_type: HeaderValue,
    /// The value of `ETag`: a strong entity tag.
    pub entity_tag: HeaderValue,
    /// The coding of the bytes; `None` if they are sent as they are.
    pub coding: Option<ContentCoding>,
}

impl Representation {
    /// The representation of these bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>, media_type: HeaderValue) -> Representation {
        Representation { entity_tag: entity_tag(&bytes), media_type, bytes: bytes.into(), coding: None }
    }

    /// The representation whose bytes are in this coding. Its entity tag is of these bytes, and so its own.
    #[must_use]
    pub fn in_coding(self, coding: ContentCoding) -> Representation {
        Representation { coding: Some(coding), ..self }
    }

    /// Whether the client already has these bytes, by the `If-None-Match` of its request. Entity tags are compared
    /// weakly, as the standard asks for here (RFC 9110, section 13.1.2).
    #[must_use]
    pub fn is_known_to_client(&self, request: &HeaderMap) -> bool {
        request
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.trim_start_matches("W/") == self.entity_tag)
    }
}

/// What tells this content from any other: half of its SHA-256, as 32 hex digits.
pub fn fingerprint(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The strong entity tag of this content: its fingerprint, in quotes.
fn entity_tag(content: &[u8]) -> HeaderValue {
    HeaderValue::try_from(format!("\"{}\"", fingerprint(content)))
        .expect("hex digits in quotes are a header value")
}

//! The badge as a picture, and what browsers are told about it.

use axum::http::HeaderValue;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::options::Theme;
use zoho_backup_core::verdict::Verdict;
use zoho_backup_picture::{MEDIA_TYPE, Picture};
use zoho_backup_words::language::Language;

use crate::representation::Representation;

const ENGLISH: HeaderValue = HeaderValue::from_static("en");

/// The badge as a picture.
#[derive(Clone, Debug)]
pub struct BadgePicture {
    /// The SVG document.
    pub representation: Representation,
    /// The value of `Content-Security-Policy`: it allows the picture's own style, and nothing else.
    pub policy: HeaderValue,
    /// The value of `Content-Language`.
    pub language: HeaderValue,
}

impl BadgePicture {
    /// Draws the badge of a verdict, at an instant, in a language; `None`: English.
    #[must_use]
    pub fn draw(verdict: &Verdict, now: Timestamp, theme: Theme, language: Option<Language>) -> BadgePicture {
        let picture = Picture { verdict, now, theme, language };
        let hash = BASE64_STANDARD.encode(Sha256::digest(picture.style()));
        let policy = HeaderValue::try_from(format!("default-src 'none'; style-src 'sha256-{hash}'"));
        BadgePicture {
            representation: Representation::new(
                picture.svg().into_bytes(),
                HeaderValue::from_static(MEDIA_TYPE),
            ),
            // Base64 is always a valid value; without a style, the picture would still be one.
            policy: policy.unwrap_or(HeaderValue::from_static("default-src 'none'")),
            // A tag of ours is always one.
            language: HeaderValue::try_from(picture.language_tag()).unwrap_or(ENGLISH),
        }
    }
}

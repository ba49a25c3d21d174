//! The widget's files, for pages of any origin. They are read once: no request can reach another file.

use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use sha2::{Digest, Sha384};

use crate::respond::entity_tag;

/// The two files that a page loads.
#[derive(Clone, Debug)]
pub struct Widget(Arc<[WidgetFile]>);

/// One of them.
#[derive(Debug)]
pub struct WidgetFile {
    /// Its path.
    pub path: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub content: Bytes,
    /// Its entity tag.
    pub tag: String,
    /// By which the script refers to it: the first 8 hex digits of its SHA-384.
    pub version: String,
}

const FILES: [(&str, &str); 2] =
    [("/zoho-backup-status.js", "text/javascript; charset=utf-8"), ("/widget_bg.wasm", "application/wasm")];

impl Widget {
    /// Reads the files of a folder.
    ///
    /// # Errors
    /// Which file cannot be read.
    pub fn load(folder: &Path) -> Result<Widget, String> {
        let file = |(path, media_type): (&'static str, &'static str)| {
            let place = folder.join(path.trim_start_matches('/'));
            let content = std::fs::read(&place).map_err(|error| {
                format!(
                    "\"{}\" is no folder of the built widget: {} cannot be read: {}",
                    folder.display(),
                    place.display(),
                    error.kind()
                )
            })?;
            let version = Sha384::digest(&content).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            Ok(WidgetFile { path, media_type, tag: entity_tag(&content), version, content: content.into() })
        };
        FILES.into_iter().map(file).collect::<Result<Vec<_>, String>>().map(|files| Widget(files.into()))
    }

    /// The file at this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&WidgetFile> {
        self.0.iter().find(|file| file.path == path)
    }
}

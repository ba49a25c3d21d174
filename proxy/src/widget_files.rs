//! The widget's two files, for pages of any origin. They are read at the start and when the
//! gateway is told to: no request can reach another file.

use std::path::Path;
use std::sync::Arc;

use axum::http::HeaderValue;
use sha2::{Digest, Sha384};

use crate::representation::Representation;

/// The two files that a page loads. Clones share them.
#[derive(Clone, Debug)]
pub struct WidgetFiles {
    folder: Arc<Path>,
    files: Arc<[Arc<WidgetFile>]>,
}

/// One of the widget's files.
#[derive(Debug)]
pub struct WidgetFile {
    /// The path at which the gateway serves it.
    pub path: &'static str,
    /// The content.
    pub representation: Representation,
    /// The version in the script's URL of this file: the first 8 hex digits of its SHA-384.
    pub version: String,
}

const FILES: [(&str, HeaderValue); 2] = [
    ("/zoho-backup-status.js", HeaderValue::from_static("text/javascript; charset=utf-8")),
    ("/widget_bg.wasm", HeaderValue::from_static("application/wasm")),
];

impl WidgetFiles {
    /// Reads the files from a folder.
    ///
    /// # Errors
    /// When a file cannot be read. The message starts with the folder and names the file.
    pub fn load(folder: &Path) -> Result<WidgetFiles, String> {
        let load = |(path, media_type): (&'static str, HeaderValue)| {
            let file = folder.join(path.trim_start_matches('/'));
            let content = std::fs::read(&file).map_err(|error| {
                format!(
                    "\"{}\" is not a folder of the built widget: {} cannot be read: {}",
                    folder.display(),
                    file.display(),
                    error.kind()
                )
            })?;
            let version = Sha384::digest(&content).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
            let representation = Representation::new(content, media_type);
            Ok(Arc::new(WidgetFile { path, representation, version }))
        };
        let files = FILES.into_iter().map(load).collect::<Result<Vec<_>, String>>()?;
        Ok(WidgetFiles { folder: folder.into(), files: files.into() })
    }

    /// Reads the files from the same folder again.
    ///
    /// # Errors
    /// When a file cannot be read, as for [`WidgetFiles::load`].
    pub fn reload(&self) -> Result<WidgetFiles, String> {
        WidgetFiles::load(&self.folder)
    }

    /// The file at this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Arc<WidgetFile>> {
        self.files.iter().find(|file| file.path == path)
    }
}

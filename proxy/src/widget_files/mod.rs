//! The widget's files, for pages of any origin: the files of a build, and those of versions beside them. They are read
//! before any request: none can reach another file.

mod build;
mod integrity;
mod version;
mod widget_file;

use std::path::Path;
use std::sync::Arc;

pub use self::widget_file::{Caching, WidgetFile};

/// The files that the gateway serves. Clones share them.
#[derive(Clone, Debug)]
pub struct WidgetFiles {
    folder: Arc<Path>,
    files: Arc<[Arc<WidgetFile>]>,
}

impl WidgetFiles {
    /// Reads the files from a folder: those of a build, those of versions in folders that are named for them, or both.
    ///
    /// # Errors
    /// When a file cannot be read or does not fit the others. The message starts with the folder and names the file.
    pub fn load(folder: &Path) -> Result<WidgetFiles, String> {
        let load = || {
            let versions = version::list(folder)?;
            let mut files = Vec::new();
            if versions.is_empty() || build::is_in(folder) {
                files.extend(build::load(folder)?);
            }
            for version in &versions {
                files.extend(version::load(folder, version)?);
            }
            Ok(WidgetFiles { folder: folder.into(), files: files.into_iter().map(Arc::new).collect() })
        };
        load().map_err(|problem: String| format!("\"{}\" {problem}", folder.display()))
    }

    /// Reads the files from the same folder again.
    ///
    /// # Errors
    /// As for [`WidgetFiles::load`].
    pub fn reload(&self) -> Result<WidgetFiles, String> {
        WidgetFiles::load(&self.folder)
    }

    /// The file at this path.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<&Arc<WidgetFile>> {
        self.files.iter().find(|file| file.path == path)
    }
}

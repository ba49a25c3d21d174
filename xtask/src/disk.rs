//! Files and folders, with errors that name them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The text of a file.
///
/// # Errors
/// When it cannot be read.
pub fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// The bytes of a file.
///
/// # Errors
/// When it cannot be read.
pub fn read_bytes(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

/// Writes a file, and makes its folder.
///
/// # Errors
/// When either fails.
pub fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    file.parent().map_or(Ok(()), make_folder)?;
    fs::write(file, content).with_context(|| format!("{} cannot be written", file.display()))
}

/// Makes a folder, and those that it is in.
///
/// # Errors
/// When one cannot be made.
pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))
}

/// Removes a folder with everything in it, if it is there.
///
/// # Errors
/// When it cannot be removed.
pub fn remove_folder(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    fs::remove_dir_all(folder).with_context(|| format!("{} cannot be removed", folder.display()))
}

//! Where a secret is stored. It is read again for every use, so that a rotated file needs no restart.

use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

/// The largest part of a file that is read, in bytes. No secret is that long.
const MAX_BYTES: u64 = 4_096;

/// Where one secret is stored.
#[derive(Clone, Debug)]
pub enum Source {
    /// The text itself, from an environment variable. It cannot change while the program runs.
    Text(SecretString),
    /// A file, which can be replaced while the program runs.
    File(PathBuf),
}

impl Source {
    /// Reads the secret, without the white space around it.
    ///
    /// # Errors
    /// When the secret cannot be read, is empty, or is more than one ASCII word. The message names the file, never its
    /// content.
    pub fn read(&self) -> Result<SecretString, String> {
        let (text, place) = match self {
            Source::Text(text) => (text.clone(), "the environment".to_owned()),
            Source::File(path) => {
                let place = displayed(path);
                let text = read_file(path).map_err(|problem| format!("{place} cannot be read: {problem}"))?;
                (SecretString::from(text), place)
            }
        };
        let trimmed = text.expose_secret().trim();
        if trimmed.is_empty() {
            return Err(format!("{place} contains no secret: it is empty"));
        }
        if !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!("{place} contains more than a secret: one word of ASCII is expected"));
        }
        Ok(SecretString::from(trimmed))
    }

    /// A warning if every user of this machine can read the secret's file.
    #[must_use]
    pub fn exposure(&self) -> Option<String> {
        match self {
            Source::Text(_) => None,
            Source::File(path) => is_readable_by_all(path)
                .then(|| format!("{} is readable by every user of this machine: chmod 600", path.display())),
        }
    }
}

/// Reads the beginning of a regular file. A pipe is refused: reading could block, and its content is there only once.
fn read_file(path: &Path) -> Result<String, String> {
    let problem = |error: std::io::Error| error.kind().to_string();
    if !std::fs::metadata(path).map_err(problem)?.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(problem)?;
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(problem)?;
    Ok(text)
}

/// A path as it may be shown. A single word is not shown: it may be the secret itself, set by mistake.
fn displayed(path: &Path) -> String {
    if path.components().count() > 1 { path.display().to_string() } else { "that file".to_owned() }
}

#[cfg(unix)]
fn is_readable_by_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_readable_by_all(_: &Path) -> bool {
    false
}

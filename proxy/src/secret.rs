//! Where a secret comes from. It is read anew for every use, so that a rotated file needs no restart.

use std::io::Read;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

/// How much of a file is read, in bytes.
const LONGEST: u64 = 4_096;

/// The source of one secret.
#[derive(Clone, Debug)]
pub enum Source {
    /// The environment, which cannot change.
    Text(SecretString),
    /// A file, which may.
    File(PathBuf),
}

impl Source {
    /// Reads the secret, without white space around it.
    ///
    /// # Errors
    /// A sentence that names the file and never its content.
    pub fn read(&self) -> Result<SecretString, String> {
        let (text, whence) = match self {
            Source::Text(text) => (text.clone(), "the environment".to_owned()),
            Source::File(path) => {
                let whence = named(path);
                let text =
                    read_file(path).map_err(|problem| format!("{whence} cannot be read: {problem}"))?;
                (SecretString::from(text), whence)
            }
        };
        let trimmed = text.expose_secret().trim();
        if trimmed.is_empty() {
            return Err(format!("{whence} holds no secret: it is empty"));
        }
        if !trimmed.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!("{whence} holds more than a secret: one word of ASCII is expected"));
        }
        Ok(SecretString::from(trimmed))
    }

    /// Why others than its owner may know the secret, if they may.
    #[must_use]
    pub fn exposure(&self) -> Option<String> {
        match self {
            Source::Text(_) => None,
            Source::File(path) => is_readable_by_all(path)
                .then(|| format!("{} is readable by every user of this machine: chmod 600", path.display())),
        }
    }
}

/// The beginning of a file, longer than any secret. Not of a pipe, which would be waited for and have its content once.
fn read_file(path: &Path) -> Result<String, String> {
    let problem = |error: std::io::Error| error.kind().to_string();
    if !std::fs::metadata(path).map_err(problem)?.is_file() {
        return Err("it is no file".to_owned());
    }
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(problem)?;
    file.take(LONGEST).read_to_string(&mut text).map_err(problem)?;
    Ok(text)
}

/// A file as it may be named. A word alone may be the secret itself, by mistake.
fn named(path: &Path) -> String {
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

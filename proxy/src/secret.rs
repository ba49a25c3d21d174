//! Where a secret is stored. It is read again for every use, so that a rotated file needs no restart.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use secrecy::{ExposeSecret, SecretString};

/// The largest part of a file that is read, in bytes. No secret is that long.
const MAX_BYTES: u64 = 4_096;

/// Where one secret is stored.
#[derive(Clone, Debug)]
pub enum Source {
    /// The text itself, from an environment variable. It cannot change while the program runs.
    Text(SecretString),
    /// A file, which can be replaced while the program runs.
    File(SecretFile),
}

/// A file with a secret, and the warnings about it.
#[derive(Clone, Debug)]
pub struct SecretFile {
    path: PathBuf,
    /// The widest [`Exposure`] that was warned of.
    warned: Arc<AtomicU8>,
}

/// Who can read a file besides its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Exposure {
    Nobody,
    /// Its group. Orchestrators mount secrets in this way.
    Group,
    Everybody,
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
            Source::File(SecretFile { path, .. }) => {
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

    /// A secret in a file.
    #[must_use]
    pub fn file(path: PathBuf) -> Source {
        Source::File(SecretFile { path, warned: Arc::default() })
    }

    /// A warning if others than its owner can read the secret's file; once, unless it gets worse.
    #[must_use]
    pub fn new_exposure(&self) -> Option<String> {
        let Source::File(SecretFile { path, warned }) = self else { return None };
        let exposure = exposure(path);
        if warned.fetch_max(exposure as u8, Ordering::Relaxed) >= exposure as u8 {
            return None;
        }
        let (readers, mode) = match exposure {
            Exposure::Nobody => return None,
            Exposure::Group => ("its group", "chmod 600, unless the group is the gateway's own"),
            Exposure::Everybody => ("every user of this machine", "chmod 600"),
        };
        Some(format!("{} is readable by {readers}: {mode}", displayed(path)))
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
fn exposure(path: &Path) -> Exposure {
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path).map(|metadata| metadata.permissions().mode()) {
        Ok(mode) if mode & 0o004 != 0 => Exposure::Everybody,
        Ok(mode) if mode & 0o040 != 0 => Exposure::Group,
        _ => Exposure::Nobody,
    }
}

#[cfg(not(unix))]
fn exposure(_: &Path) -> Exposure {
    Exposure::Nobody
}

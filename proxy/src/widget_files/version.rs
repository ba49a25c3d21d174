//! Versions side by side: folders such as `0.1.0`, as `cargo xtask package` makes them. A page that is pinned to one by its
//! integrity runs until its version is removed.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::build::{self, SCRIPT, WASM};
use super::integrity::integrity;
use super::widget_file::{Caching, Kind, WidgetFile};

/// The file with the script's integrity, as a page states it.
const NOTE: &str = "integrity.txt";

/// The folders here that are named for a version, in order of their names.
///
/// # Errors
/// When the folder cannot be read.
pub fn list(folder: &Path) -> Result<Vec<String>, String> {
    let unreadable = |error: std::io::Error| format!("is not a folder that can be read: {}", error.kind());
    let mut versions = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Follows a link to a folder.
        if is_version(&name) && entry.path().is_dir() {
            versions.push(name);
        }
    }
    versions.sort_unstable();
    Ok(versions)
}

/// Reads one version, for paths below its name. Browsers may cache them for ever, as a version never changes.
///
/// # Errors
/// As for any build, and when the script is not the one whose integrity is noted.
pub fn load(folder: &Path, version: &str) -> Result<Vec<WidgetFile>, String> {
    let of_version = folder.join(version);
    let load = || {
        let files = build::load(&of_version)?;
        for script in files.iter().filter(|file| file.kind == Kind::Script) {
            check_note(&of_version, script)?;
        }
        let at_version = |file: WidgetFile| WidgetFile {
            path: format!("/{version}{}", file.path),
            route: file.kind.route_of_version(),
            caching: Caching::Immutable,
            ..file
        };
        Ok(files.into_iter().map(at_version).collect())
    };
    load().map_err(|problem: String| format!("has the version {version}, which {problem}"))
}

/// Checks the script against the integrity that is noted beside it. Without a note, nothing is checked.
fn check_note(folder: &Path, script: &WidgetFile) -> Result<(), String> {
    let note = folder.join(NOTE);
    let noted = match fs::read_to_string(&note) {
        Ok(noted) => noted,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let (note, why) = (note.display(), error.kind());
            return Err(format!("has a note that cannot be read: {note}: {why}"));
        }
    };
    let (noted, actual) = (noted.trim(), integrity(&script.original.bytes));
    if noted == actual {
        return Ok(());
    }
    Err(format!(
        "has changed: {SCRIPT} is {actual}, but {} notes \"{noted}\": pages that are pinned to this version would not run \
         it. Copy {SCRIPT} and {WASM} of the version from its package again, and give a changed build another version",
        note.display()
    ))
}

/// Whether this names a version: three numbers, then perhaps a pre-release such as `-beta.1`.
fn is_version(name: &str) -> bool {
    let (numbers, pre_release) =
        name.split_once('-').map_or((name, None), |(numbers, rest)| (numbers, Some(rest)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && pre_release.is_none_or(|pre_release| pre_release.split('.').all(is_word))
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn a_version_is_three_numbers_and_perhaps_a_pre_release() {
        for name in ["0.1.0", "10.20.30", "1.0.0-beta", "1.0.0-beta.1", "1.0.0-x-y.2"] {
            assert!(is_version(name), "{name}");
        }
        for name in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "v1.0.0",
            "1.0.x",
            "1..0",
            "1.0.0-",
            "1.0.0-a..b",
            "1.0.0-a/b",
            "1.0.0 ",
        ] {
            assert!(!is_version(name), "{name}");
        }
    }
}

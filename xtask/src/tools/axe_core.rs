//! axe-core, which finds mistakes of accessibility in pages: one script, from npm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::install;
use crate::command::{command, find, line, root, run, target_directory};

/// The folder with the version and the integrity of what is fetched, from the repository's root.
const LOCKED: &str = "tests/e2e/axe-core";
const MANIFEST: &str = "package.json";
const LOCK: &str = "package-lock.json";

/// Fetches axe-core below target/, unless the version of the lock file is there. Returns the folder with `axe.min.js`.
///
/// # Errors
/// When npm is missing and cannot be installed, or finds no package with the integrity of the lock file.
pub fn fetch() -> Result<PathBuf> {
    let folder = target_directory().join("axe-core");
    let package = folder.join("node_modules/axe-core");
    let script = package.join("axe.min.js");
    let lock = read(&root().join(LOCKED).join(LOCK))?;
    // Written last: says that everything before it is complete.
    let fetched = folder.join("fetched.json");
    if script.is_file() && fs::read_to_string(&fetched).is_ok_and(|fetched| fetched == lock) {
        return Ok(package);
    }
    install::packages("axe-core is fetched with npm", &["npm"], || find(&["npm"]).is_some())?;
    let write = |path: PathBuf, text: &str| {
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
    };
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    write(folder.join(MANIFEST), &read(&root().join(LOCKED).join(MANIFEST))?)?;
    write(folder.join(LOCK), &lock)?;
    let mut npm = command("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    npm.current_dir(&folder);
    run(&mut npm).with_context(|| format!("in {}, `{}` failed", folder.display(), line(&npm)))?;
    if !script.is_file() {
        bail!("npm reports success, but {} does not exist", script.display());
    }
    write(fetched, &lock)?;
    Ok(package)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_has_the_integrity_of_every_package_and_names_no_registry() -> Result<()> {
        let lock: serde_json::Value = serde_json::from_str(&read(&root().join(LOCKED).join(LOCK))?)?;
        let packages = lock["packages"].as_object().context("no packages")?;
        let fetched: Vec<_> = packages.iter().filter(|(path, _)| !path.is_empty()).collect();
        assert!(!fetched.is_empty());
        for (path, package) in fetched {
            let integrity = package["integrity"].as_str().unwrap_or_default();
            assert!(integrity.starts_with("sha512-"), "{path} has the integrity {integrity:?}");
            assert!(package["resolved"].is_null(), "{path} names {}", package["resolved"]);
        }
        Ok(())
    }
}

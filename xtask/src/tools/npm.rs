//! Packages of npm, for tests and benches only: of the versions and with the integrity in a lock file of the repository.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::install;
use crate::command::{command, find, line, root, run, target_directory};
use crate::disk::{read, write};

const MANIFEST: &str = "package.json";
const LOCK: &str = "package-lock.json";

/// Packages that are fetched together.
pub struct Packages {
    /// What they are for.
    need: &'static str,
    /// The name of their folder below target/.
    name: &'static str,
    /// The folder with their manifest and lock file, from the repository's root.
    pub locked: &'static str,
    /// A file that is there once they are, from their folder.
    file: &'static str,
}

/// axe-core, which finds mistakes of accessibility in pages: one script.
pub const AXE_CORE: Packages = Packages {
    need: "axe-core is fetched with npm",
    name: "axe-core",
    locked: "tests/e2e/axe-core",
    file: "node_modules/axe-core/axe.min.js",
};

/// What the widget is compared with, and the bundler for it.
pub const CONTENDERS: Packages = Packages {
    need: "the bench compares the widget with packages of npm",
    name: "contenders",
    locked: "tests/e2e/contenders",
    file: "node_modules/.bin/esbuild",
};

/// The tools that check the package, and the bundlers and frameworks that use it.
pub const CONSUMERS: Packages = Packages {
    need: "the package is checked with packages of npm",
    name: "packages",
    locked: "tests/package",
    file: "node_modules/.bin/vite",
};

impl Packages {
    /// Fetches them below target/, unless the versions of the lock file are there. Returns the folder with `node_modules`.
    ///
    /// # Errors
    /// When npm is missing and cannot be installed, or finds no package with the integrity of the lock file.
    pub fn fetch(&self) -> Result<PathBuf> {
        let folder = target_directory().join(self.name);
        let lock = self.read(LOCK)?;
        // Written last: says that everything before it is complete.
        let fetched = folder.join("fetched.json");
        let file = folder.join(self.file);
        if file.is_file() && fs::read_to_string(&fetched).is_ok_and(|fetched| fetched == lock) {
            return Ok(folder);
        }
        install::packages(self.need, &["npm"], || find(&["npm"]).is_some())?;
        write(&folder.join(MANIFEST), &self.read(MANIFEST)?)?;
        write(&folder.join(LOCK), &lock)?;
        let mut npm = command("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        npm.current_dir(&folder);
        run(&mut npm).with_context(|| format!("in {}, `{}` failed", folder.display(), line(&npm)))?;
        if !file.is_file() {
            bail!("npm reports success, but {} does not exist", file.display());
        }
        write(&fetched, &lock)?;
        Ok(folder)
    }

    fn read(&self, file: &str) -> Result<String> {
        read(&root().join(self.locked).join(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_files_have_the_integrity_of_every_package_and_name_no_registry() -> Result<()> {
        for packages in [AXE_CORE, CONTENDERS, CONSUMERS] {
            let lock: serde_json::Value = serde_json::from_str(&packages.read(LOCK)?)?;
            let all = lock["packages"].as_object().context("no packages")?;
            let fetched: Vec<_> = all.iter().filter(|(path, _)| !path.is_empty()).collect();
            assert!(!fetched.is_empty());
            for (path, package) in fetched {
                let integrity = package["integrity"].as_str().unwrap_or_default();
                assert!(integrity.starts_with("sha512-"), "{path} has the integrity {integrity:?}");
                assert!(package["resolved"].is_null(), "{path} names {}", package["resolved"]);
            }
        }
        Ok(())
    }
}

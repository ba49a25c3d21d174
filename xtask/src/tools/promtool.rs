//! promtool, with which the rules for Prometheus are tested. Debian's package would also start a server, so only the program
//! is taken out of it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::install;
use crate::command::{command, find, output, run, target_directory};
use crate::disk::make_folder;

/// The package that has the program.
const PACKAGE: &str = "prometheus";

/// The program's path: from PATH, else below target/, where it is fetched to.
///
/// # Errors
/// When it is missing and cannot be fetched; the error says what to do.
pub fn promtool() -> Result<PathBuf> {
    if let Some(found) = find(&["promtool"]) {
        return Ok(found);
    }
    let folder = target_directory().join("promtool");
    let program = folder.join("usr/bin/promtool");
    if !program.is_file() {
        fetch(&folder).context(
            "promtool tests the gateway's rules for Prometheus: install it, and put it on PATH (on Debian, it is in the \
             package prometheus)",
        )?;
    }
    Ok(program)
}

fn fetch(folder: &Path) -> Result<()> {
    make_folder(folder)?;
    let download = || {
        let mut download = command("apt-get", ["download", PACKAGE]);
        download.current_dir(folder);
        download
    };
    if output(&mut download()).is_none() {
        // Its lists of packages may be missing or old.
        install::update_lists()?;
        run(&mut download())?;
    }
    let package = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let package = package.into_iter().find(|path| path.extension().is_some_and(|it| it == "deb"));
    let package = package.with_context(|| format!("{} has no package", folder.display()))?;
    run(command("dpkg-deb", ["--extract"]).arg(&package).arg(folder))?;
    fs::remove_file(package).context("the package cannot be removed")
}

//! A release: one folder that is what a host serves and what npm installs, and the lines that embed it.

mod archive;
mod crates;
pub mod files;
mod licences;
mod npm;
mod sbom;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::bundle::integrity::{integrity, short_hash};
use crate::bundle::{SCRIPT, WASM, build, size};
use crate::command::{root, target_directory};
use crate::tools;
use files::{INTEGRITY, NAME, VERSION};

/// Where the package will be served.
#[derive(Args)]
pub struct Options {
    /// The URL under which you will serve the folder of the version
    #[arg(long, default_value = "https://portal.example/widgets")]
    base_url: String,
}

/// What was written.
pub struct Package {
    /// The folder that a host serves.
    pub folder: PathBuf,
    /// The same as npm installs it.
    pub archive: PathBuf,
}

/// Builds the release, makes a package of it, and prints the lines that embed it.
///
/// # Errors
/// When it cannot be built, exceeds its budget, or cannot be written.
pub fn run(options: &Options) -> Result<()> {
    tools::for_bundle()?;
    build::release()?;
    println!();
    size::check()?;
    let Package { folder, archive } = write()?;
    let integrity = integrity(&fs::read(folder.join(SCRIPT))?);
    let wasm_version = short_hash(&fs::read(folder.join(WASM))?);
    println!(
        "\nFor a web server: {}\nServe it under a path with its version, and put this on the page, the first two lines into \
         its head:\n\n{}\n\nFor npm: {}\n\nnpm install ./{NAME}-{VERSION}.tgz",
        folder.display(),
        lines(&options.base_url, &integrity, &wasm_version),
        archive.display(),
    );
    Ok(())
}

/// Makes the package of the release in dist/.
///
/// # Errors
/// When a file is missing or cannot be written.
pub fn write() -> Result<Package> {
    let packages = target_directory().join("npm");
    let folder = packages.join(VERSION);
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    for (from, name) in files::copied() {
        let content = fs::read(root().join(&from)).with_context(|| format!("{from} cannot be read"))?;
        put(&folder, &name, &content)?;
    }
    let integrity = integrity(&fs::read(folder.join(SCRIPT))?);
    put(&folder, INTEGRITY, format!("{integrity}\n").as_bytes())?;
    put(&folder, npm::MANIFEST, npm::manifest()?.as_bytes())?;
    put(&folder, npm::README, npm::readme(&integrity)?.as_bytes())?;
    let crates = crates::compiled_in()?;
    put(&folder, licences::FILE, licences::text(&crates)?.as_bytes())?;
    put(&folder, sbom::FILE, sbom::document(&crates)?.as_bytes())?;
    let archive = packages.join(format!("{NAME}-{VERSION}.tgz"));
    archive::write(&folder, &archive)?;
    Ok(Package { folder, archive })
}

fn put(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let file = folder.join(name);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    }
    fs::write(&file, content).with_context(|| format!("{} cannot be written", file.display()))
}

/// The lines for a path with the version. The script itself checks the wasm's integrity; the first line lets the wasm load
/// at the same time as the script.
fn lines(base_url: &str, integrity: &str, wasm_version: &str) -> String {
    let base_url = base_url.trim_end_matches('/');
    format!(
        "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"{base_url}/{VERSION}/{WASM}?v={wasm_version}\">\n\
         <script type=\"module\" src=\"{base_url}/{VERSION}/{SCRIPT}\"\n        \
         integrity=\"{integrity}\" crossorigin></script>\n\n\
         <zoho-backup-status proxy-url=\"/crm/bulk/v6/backup\">\n  \
         <img src=\"/badge.svg\" alt=\"State of the Zoho CRM backup\" width=\"440\" height=\"28\">\n\
         </zoho-backup-status>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_name_version_and_integrity() {
        let expected = format!(
            "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"https://cdn.example/w/{VERSION}/widget_bg.wasm?v=0badcafe\">\n\
             <script type=\"module\" src=\"https://cdn.example/w/{VERSION}/zoho-backup-status.js\"\n        \
             integrity=\"sha384-abc\" crossorigin></script>\n\n<zoho-backup-status "
        );
        let lines = lines("https://cdn.example/w/", "sha384-abc", "0badcafe");
        assert!(lines.starts_with(&expected), "{lines}");
    }
}

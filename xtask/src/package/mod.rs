//! A release: one folder that is what a host serves and what npm installs, and the lines that embed it.

mod archive;
mod crates;
pub mod files;
mod licences;
mod npm;
mod sbom;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::bundle::integrity::{integrity, short_hash};
use crate::bundle::{SCRIPT, WASM, build, size};
use crate::command::{root, target_directory};
use crate::disk::{self, read_bytes, remove_folder};
use crate::tools;
use files::{INTEGRITY, NAME, VERSION};

/// Where the package will be served.
#[derive(Args)]
pub struct Options {
    /// The URL under which you will serve the folder of the version
    #[arg(long, default_value = "https://portal.example/widgets")]
    base_url: String,
}

/// The folder that a host serves.
fn folder() -> PathBuf {
    target_directory().join("npm").join(VERSION)
}

/// The same, as npm installs it.
pub fn archive() -> PathBuf {
    target_directory().join("npm").join(format!("{NAME}-{VERSION}.tgz"))
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
    let integrity = write()?;
    let folder = folder();
    let wasm_version = short_hash(&read_bytes(&folder.join(WASM))?);
    println!(
        "\nFor a web server: {}\nServe it under a path with its version, and put this on the page, the first two lines into \
         its head:\n\n{}\n\nFor npm: {}\n\nnpm install ./{NAME}-{VERSION}.tgz",
        folder.display(),
        lines(&options.base_url, &integrity, &wasm_version),
        archive().display(),
    );
    Ok(())
}

/// Makes the package of the release in dist/. Returns the script's integrity.
///
/// # Errors
/// When a file is missing or cannot be written.
pub fn write() -> Result<String> {
    let folder = folder();
    remove_folder(&folder)?;
    let put = |name: &str, content: &[u8]| disk::write(&folder.join(name), content);
    for (from, name) in files::copied() {
        put(&name, &read_bytes(&root().join(from))?)?;
    }
    let integrity = integrity(&read_bytes(&folder.join(SCRIPT))?);
    put(INTEGRITY, format!("{integrity}\n").as_bytes())?;
    put(npm::MANIFEST, npm::manifest()?.as_bytes())?;
    put(npm::README, npm::readme(&integrity)?.as_bytes())?;
    let crates = crates::compiled_in()?;
    put(licences::FILE, licences::text(&crates)?.as_bytes())?;
    put(sbom::FILE, sbom::document(&crates)?.as_bytes())?;
    archive::write(&folder, &archive())?;
    Ok(integrity)
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

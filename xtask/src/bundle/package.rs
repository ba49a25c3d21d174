//! A release: the files that a host serves, and the lines that embed them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use super::compress::FORMS;
use super::integrity::{integrity, short_hash};
use super::{SCRIPT, WASM, build, languages, size};
use crate::command::{root, target_directory};
use crate::tools;

/// Where the package will be served.
#[derive(Args)]
pub struct Options {
    /// The URL under which you will serve the folder of the version
    #[arg(long, default_value = "https://portal.example/widgets")]
    base_url: String,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Declarations for the tools of a host's developers.
const DECLARATIONS: [&str; 3] =
    ["zoho-backup-status.d.ts", "zoho-backup-status.react.d.ts", "custom-elements.json"];

/// The script's integrity, one line as in a script tag. The gateway compares it with the script that it serves.
const INTEGRITY: &str = "integrity.txt";

/// Builds the release, copies it into a folder named for its version, and prints the lines that embed it.
///
/// # Errors
/// When it cannot be built, exceeds its budget, or cannot be copied.
pub fn run(options: &Options) -> Result<()> {
    tools::for_bundle()?;
    build::release()?;
    println!();
    size::check()?;
    let folder = target_directory().join("package").join(VERSION);
    for file in files() {
        copy(&root().join("dist").join(&file), &folder.join(&file))?;
    }
    let integrity = integrity(&fs::read(folder.join(SCRIPT))?);
    let note = folder.join(INTEGRITY);
    fs::write(&note, format!("{integrity}\n"))
        .with_context(|| format!("{} cannot be written", note.display()))?;
    let wasm_version = short_hash(&fs::read(folder.join(WASM))?);
    println!(
        "\nThe files are in {}. Serve them under a path with their version, and put this on the page, the first two lines \
         into its head:\n",
        folder.display()
    );
    println!("{}", lines(&options.base_url, &integrity, &wasm_version));
    Ok(())
}

/// The files for a host: those that pages load, with their compressed forms, and the declarations.
fn files() -> impl Iterator<Item = String> {
    let languages = languages::files().map(|(file, _)| file);
    let loaded = [SCRIPT, WASM].into_iter().map(str::to_owned).chain(languages);
    let forms = FORMS.map(|(extension, _)| format!(".{extension}"));
    let with_forms = loaded.flat_map(move |file| {
        let compressed = forms.clone().map(|form| [file.as_str(), &form].concat());
        std::iter::once(file).chain(compressed).collect::<Vec<_>>()
    });
    with_forms.chain(DECLARATIONS.map(str::to_owned))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be created", folder.display()))?;
    }
    fs::copy(from, to).with_context(|| format!("{} cannot be copied to {}", from.display(), to.display()))?;
    Ok(())
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
    fn a_package_has_the_compressed_forms_of_what_pages_load() {
        let files: Vec<_> = files().collect();
        for file in [SCRIPT, WASM, "lang/de.txt"] {
            for name in [file.to_owned(), format!("{file}.br"), format!("{file}.gz")] {
                assert!(files.contains(&name), "{name} is missing: {files:?}");
            }
        }
    }

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

//! The size of the files that a host's page loads, compared with the budget.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::compress::{brotli, gzip};
use super::{SCRIPT, WASM, build, languages};
use crate::command::root;
use crate::table::{self, grouped};
use crate::tools;

/// The limit for all files of the release bundle together, in bytes after brotli 11.
///
/// Lower it when the bundle gets smaller; raise it only with a reason in CHANGELOG.md. The path of the folder in which
/// it is built changes the size by up to 200 bytes.
const BUDGET: u64 = 108_800;

/// The size of one file, or of all, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Size {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Builds the release bundle and prints its size.
///
/// # Errors
/// When it cannot be built or exceeds the budget.
pub fn run() -> Result<()> {
    tools::for_bundle()?;
    build::release()?;
    println!();
    check()
}

/// Prints the size of the bundle in dist/.
///
/// # Errors
/// When a file is missing or the bundle exceeds the budget.
pub fn check() -> Result<()> {
    let dist = root().join("dist");
    let files = [SCRIPT, WASM]
        .iter()
        .map(|name| Ok((*name, size_of(&dist.join(name))?)))
        .collect::<Result<Vec<_>>>()?;
    print!("{}", report(&files));
    check_languages(&dist)?;
    let total = total(&files).brotli;
    if total > BUDGET {
        bail!(
            "the bundle exceeds its budget of {} by {} bytes: `twiggy top` on a build with names lists the largest functions",
            grouped(BUDGET),
            grouped(total - BUDGET)
        );
    }
    println!(
        "budget: {} of {} bytes of brotli, {} left",
        grouped(total),
        grouped(BUDGET),
        grouped(BUDGET - total)
    );
    Ok(())
}

/// Prints the sizes of the languages' files, of which a page loads one at most.
fn check_languages(dist: &Path) -> Result<()> {
    let files: Vec<_> = languages::files().map(|(name, _)| name).collect();
    let sizes = files.iter().map(|name| Ok((name.as_str(), size_of(&dist.join(name))?)));
    let sizes = sizes.collect::<Result<Vec<_>>>()?;
    println!("\n{}", table::format(&rows(&sizes)));
    let too_large: Vec<_> = sizes.iter().filter(|(_, size)| size.brotli > languages::BUDGET).collect();
    if !too_large.is_empty() {
        bail!(
            "a language exceeds its {} bytes: {too_large:?}: shorten its sentences",
            grouped(languages::BUDGET)
        );
    }
    Ok(())
}

fn report(files: &[(&str, Size)]) -> String {
    let mut rows = rows(files);
    rows.push(row("total", total(files)));
    table::format(&rows)
}

fn rows(files: &[(&str, Size)]) -> Vec<[String; 4]> {
    let mut rows = vec![["file", "raw", "gzip 9", "brotli 11"].map(str::to_owned)];
    rows.extend(files.iter().map(|(name, size)| row(name, *size)));
    rows
}

fn row(name: &str, size: Size) -> [String; 4] {
    [name.to_owned(), grouped(size.raw), grouped(size.gzip), grouped(size.brotli)]
}

fn total(files: &[(&str, Size)]) -> Size {
    files.iter().fold(Size::default(), |sum, (_, size)| Size {
        raw: sum.raw + size.raw,
        gzip: sum.gzip + size.gzip,
        brotli: sum.brotli + size.brotli,
    })
}

fn size_of(file: &Path) -> Result<Size> {
    let bytes = fs::read(file)
        .with_context(|| format!("{} cannot be read: `cargo xtask size` builds it", file.display()))?;
    Ok(Size {
        raw: bytes.len() as u64,
        gzip: gzip(&bytes)?.len() as u64,
        brotli: brotli(&bytes)?.len() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_adds_up() {
        let files = [
            ("a.js", Size { raw: 40_000, gzip: 9_000, brotli: 8_000 }),
            ("b.wasm", Size { raw: 120_000, gzip: 60_000, brotli: 50_500 }),
        ];
        let expected = "\
file        raw  gzip 9  brotli 11
a.js     40,000   9,000      8,000
b.wasm  120,000  60,000     50,500
total   160,000  69,000     58,500
";
        assert_eq!(report(&files), expected);
    }
}

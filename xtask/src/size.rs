//! What a host's page has to load, in bytes, against the budget.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::command::{self, root};
use crate::join::{SCRIPT, WASM};
use crate::table::{self, grouped};
use crate::tools;

/// What all files of the release bundle together may weigh: bytes, after brotli 11.
///
/// Lower it whenever less is reached; raise it only with a reason in CHANGELOG.md. The folder in which one builds
/// moves the figure by some 200 bytes.
const BUDGET: u64 = 97_000;

/// The bytes of one file, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Builds the release bundle and weighs it.
///
/// # Errors
/// When it cannot be built, or is over the budget.
pub fn run() -> Result<()> {
    tools::for_bundle()?;
    build_bundle()?;
    println!();
    weigh()
}

/// `trunk build --release`, into dist/.
///
/// # Errors
/// When it fails.
pub fn build_bundle() -> Result<()> {
    let mut trunk = command::trunk(["build", "--release"]);
    if let Some(flags) = without_folders() {
        trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    }
    command::run(&mut trunk)
}

/// The flags that keep the folders of this machine out of the messages of panics: `tachys-0.2.19/src/…` remains.
fn without_folders() -> Option<String> {
    let cargo = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    let indexes = fs::read_dir(cargo.join("registry/src")).ok()?;
    let flags = indexes.flatten().map(|index| format!("--remap-path-prefix={}/=", index.path().display()));
    let flags = flags.collect::<Vec<_>>();
    // Cargo takes flags apart at blanks: better the folders than flags that are none.
    flags.iter().all(|flag| !flag.contains(char::is_whitespace)).then(|| flags.join(" "))
}

/// Prints the weight of the bundle in dist/.
///
/// # Errors
/// When a file is missing, or the bundle is over the budget.
pub fn weigh() -> Result<()> {
    let dist = root().join("dist");
    let files = [SCRIPT, WASM]
        .iter()
        .map(|name| Ok((*name, weight(&dist.join(name))?)))
        .collect::<Result<Vec<_>>>()?;
    print!("{}", report(&files));
    let total = total(&files).brotli;
    if total > BUDGET {
        bail!(
            "the bundle is {} bytes over its budget of {}: `twiggy top` on a build with names shows what weighs",
            grouped(total - BUDGET),
            grouped(BUDGET)
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

fn report(files: &[(&str, Weight)]) -> String {
    let row = |name: &str, weight: Weight| {
        [name.to_owned(), grouped(weight.raw), grouped(weight.gzip), grouped(weight.brotli)]
    };
    let mut rows = vec![["file", "raw", "gzip 9", "brotli 11"].map(str::to_owned)];
    rows.extend(files.iter().map(|(name, weight)| row(name, *weight)));
    rows.push(row("total", total(files)));
    table::format(&rows)
}

fn total(files: &[(&str, Weight)]) -> Weight {
    files.iter().fold(Weight::default(), |sum, (_, weight)| Weight {
        raw: sum.raw + weight.raw,
        gzip: sum.gzip + weight.gzip,
        brotli: sum.brotli + weight.brotli,
    })
}

fn weight(file: &Path) -> Result<Weight> {
    let bytes = fs::read(file)
        .with_context(|| format!("{} cannot be read: `trunk build --release` makes it", file.display()))?;
    Ok(Weight { raw: bytes.len() as u64, gzip: gzip(&bytes)?, brotli: brotli(&bytes)? })
}

fn gzip(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

fn brotli(mut bytes: &[u8]) -> Result<u64> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut bytes, &mut compressed, &parameters)?;
    Ok(compressed.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_adds_up() {
        let files = [
            ("a.js", Weight { raw: 40_000, gzip: 9_000, brotli: 8_000 }),
            ("b.wasm", Weight { raw: 120_000, gzip: 60_000, brotli: 50_500 }),
        ];
        let expected = "\
file        raw  gzip 9  brotli 11
a.js     40,000   9,000      8,000
b.wasm  120,000  60,000     50,500
total   160,000  69,000     58,500
";
        assert_eq!(report(&files), expected);
    }

    #[test]
    fn repetition_weighs_little() {
        let bytes = [b'x'; 10_000];
        assert!(gzip(&bytes).unwrap() < 100);
        assert!(brotli(&bytes).unwrap() < 100);
    }
}

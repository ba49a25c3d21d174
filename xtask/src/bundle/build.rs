//! `trunk build --release`.

use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::command;

/// Builds the release bundle into dist/.
///
/// # Errors
/// When it fails.
pub fn release() -> Result<()> {
    let mut trunk = command::trunk(["build", "--release"]);
    if let Some(flags) = without_folders() {
        trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
    }
    command::run(&mut trunk)
}

/// The flags that keep the folders of this machine out of panic messages: `tachys-0.2.19/src/…` remains.
fn without_folders() -> Option<String> {
    let cargo = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    let indexes = fs::read_dir(cargo.join("registry/src")).ok()?;
    let flags = indexes.flatten().map(|index| format!("--remap-path-prefix={}/=", index.path().display()));
    let flags = flags.collect::<Vec<_>>();
    // Cargo splits flags at blanks: better the folders than broken flags.
    flags.iter().all(|flag| !flag.contains(char::is_whitespace)).then(|| flags.join(" "))
}

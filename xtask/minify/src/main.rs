//! Minifies the release bundle in place: `minify <script> <wasm> <style sheet>`.
//!
//! `cargo xtask join` calls it with the files that it has joined, before it fills in what depends on their final bytes.

mod bundle;
mod glue;
mod locals;
mod names;
mod order;
mod script;
mod style;
mod wasm;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let files: Vec<_> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [script, wasm, style] = files.as_slice() else {
        bail!("minify takes a script, a wasm and a style sheet; `cargo xtask join` calls it");
    };
    let (new_script, new_wasm) = bundle::minify(&read_text(script)?, &read(wasm)?)?;
    let new_style = style::minify(&read_text(style)?)?;
    write(script, new_script.as_bytes())?;
    write(wasm, &new_wasm)?;
    write(style, new_style.as_bytes())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn read_text(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn write(file: &Path, content: &[u8]) -> Result<()> {
    fs::write(file, content).with_context(|| format!("{} cannot be written", file.display()))
}

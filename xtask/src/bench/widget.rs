//! The widget's speed beside other elements: builds and bundles what is compared, then lets `e2e` measure.

use anyhow::{Context, Result};
use clap::Args;

use crate::bundle::build;
use crate::command::{cargo, command, line, root, run as run_command};
use crate::tools;
use crate::tools::browsers::Engine;
use crate::tools::npm::CONTENDERS;

/// How to measure.
#[derive(Args)]
pub struct Options {
    /// How often each figure is measured
    #[arg(long, value_name = "NUMBER", default_value_t = 9)]
    rounds: usize,
}

/// The scripts that are compared, below the folder of [`CONTENDERS`].
const SCRIPTS: [&str; 2] = ["hand-written.js", "lit.js"];

/// Measures, and writes docs/benchmarks.md.
///
/// # Errors
/// When something is missing and cannot be installed, or a program fails.
pub fn run(options: &Options) -> Result<()> {
    tools::for_bundle()?;
    Engine::Chromium.install()?;
    build::release()?;
    let folder = CONTENDERS.fetch()?;
    let bundled = folder.join("bundled");
    let mut esbuild = command(
        &folder.join("node_modules/.bin/esbuild").to_string_lossy(),
        ["--bundle", "--minify", "--format=esm", "--log-level=warning"],
    );
    esbuild.args(SCRIPTS.map(|script| root().join(CONTENDERS.locked).join(script)));
    // The scripts are in the repository, the packages below target/.
    esbuild.arg(format!("--outdir={}", bundled.display())).env("NODE_PATH", folder.join("node_modules"));
    run_command(&mut esbuild).with_context(|| format!("`{}` failed", line(&esbuild)))?;
    let mut bench = cargo(["run", "--quiet", "--package", "e2e", "--", "--dist", "dist", "--bench"]);
    bench.arg(bundled).args(["--rounds", &options.rounds.to_string()]);
    run_command(&mut bench)
}

//! `cargo xtask bench`: speed, compared with a well-known program on the same machine.

mod widget;

use anyhow::Result;
use clap::Subcommand;

use crate::command::{self, cargo, find};
use crate::tools::install;

/// What to measure.
#[derive(Subcommand)]
pub enum Bench {
    /// The gateway compared with nginx: answers that both cache, and compressed widget files
    ///
    /// Responses per second, latency, memory and requests to Zoho; for the files, several runs in turn with their spread.
    Proxy,
    /// The widget compared with an element written by hand and one of well-known libraries, in Chromium
    ///
    /// First and second visit on three lines, and the cost of ticking. Writes docs/benchmarks.md. Takes a quarter of an
    /// hour, in which the computer should do nothing else.
    Widget(widget::Options),
}

/// Measures and prints the results.
///
/// # Errors
/// When something is missing and cannot be installed, or a program fails.
pub fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Widget(options) => widget::run(options),
        Bench::Proxy => {
            let are_installed = || ["nginx", "wrk"].iter().all(|program| find(&[program]).is_some());
            install::packages("the bench needs nginx and wrk", &["nginx-light", "wrk"], are_installed)?;
            command::run(&mut cargo([
                "bench",
                "--quiet",
                "--package",
                "zoho-backup-proxy",
                "--bench",
                "load",
            ]))
        }
    }
}

//! `cargo xtask bench`: how fast, beside something well known on the same machine.

use anyhow::Result;
use clap::Subcommand;

use crate::command::{self, cargo, find};
use crate::tools;

/// What to measure.
#[derive(Subcommand)]
pub enum Bench {
    /// The gateway beside nginx, which caches the same answer: answers per second, waiting, memory, questions to Zoho
    Proxy,
}

/// Measures, and prints what came of it.
///
/// # Errors
/// When something is missing and cannot be installed, or a program fails.
pub fn run(bench: &Bench) -> Result<()> {
    match bench {
        Bench::Proxy => {
            let are_there = || ["nginx", "wrk"].iter().all(|program| find(&[program]).is_some());
            tools::packages("the bench needs nginx and wrk", &["nginx-light", "wrk"], are_there)?;
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

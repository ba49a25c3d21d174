//! `cargo run -p e2e`: whole host pages in real browsers.
//!
//! Each page is of another origin than the widget's files and than the API, as on a real portal.

mod browser;
mod engine;
mod exceptions;
mod files;
mod host;
mod page;
mod runner;
mod server;
mod session;
mod suite;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;

use engine::Engine;
use runner::{Runner, Tally, Test};

/// Drives the built bundle on whole host pages in real browsers.
#[derive(Parser)]
struct Arguments {
    /// Run only tests whose "group: name" contains this text
    filter: Option<String>,
    /// The built bundle
    #[arg(long, default_value = "dist")]
    dist: PathBuf,
    /// The built example app of Leptos
    #[arg(long, default_value = "target/leptos-example")]
    example: PathBuf,
    /// The engine to run them in; may be given several times [default: chromium]
    #[arg(long = "engine", value_enum)]
    engines: Vec<Engine>,
    /// List the tests instead of running them
    #[arg(long)]
    list: bool,
    /// Show the browser's window
    #[arg(long)]
    headed: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    // The driver's client is the gateway's, too, and so can speak TLS.
    zoho_backup_proxy::zoho::provide_tls();
    match start(&Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("e2e: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn start(arguments: &Arguments) -> Result<ExitCode> {
    let tests = select(arguments.filter.as_deref())?;
    if arguments.list {
        for test in &tests {
            println!("{}", test.title());
        }
        return Ok(ExitCode::SUCCESS);
    }
    tokio::select! {
        tally = run(arguments, &tests) => {
            let Tally { passed, failed } = tally?;
            println!("{passed} passed, {failed} failed");
            Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        // Browser and driver end as their handles are dropped.
        stopped = tokio::signal::ctrl_c() => {
            stopped.context("Ctrl-C cannot be waited for")?;
            bail!("stopped by Ctrl-C")
        }
    }
}

fn select(filter: Option<&str>) -> Result<Vec<Test>> {
    let all = suite::all();
    let filter = filter.unwrap_or_default();
    let tests: Vec<_> = all.into_iter().filter(|test| test.title().contains(filter)).collect();
    ensure!(!tests.is_empty(), "no test contains \"{filter}\": --list shows their names");
    Ok(tests)
}

async fn run(arguments: &Arguments, tests: &[Test]) -> Result<Tally> {
    let dist = &arguments.dist;
    for file in ["zoho-backup-status.js", "widget_bg.wasm"] {
        ensure!(
            dist.join(file).is_file(),
            "{} is not there: build the bundle with `trunk build --release`, or say with --dist where it is",
            dist.join(file).display()
        );
    }
    let engines =
        if arguments.engines.is_empty() { vec![Engine::Chromium] } else { arguments.engines.clone() };
    let runner = Runner { dist, example: &arguments.example, headed: arguments.headed };
    let mut total = Tally::default();
    let mut tallies = Vec::new();
    for engine in engines {
        let tally = runner.run(engine, tests).await.with_context(|| format!("in {}", engine.name()))?;
        total.passed += tally.passed;
        total.failed += tally.failed;
        tallies.push((engine, tally));
    }
    println!();
    for (engine, Tally { passed, failed }) in tallies {
        println!("{}: {passed} passed, {failed} failed", engine.name());
    }
    Ok(total)
}

//! `cargo run -p e2e`: tests of whole host pages in real browsers.
//!
//! As on a real portal, the page, the widget's files and the API have three different origins.

mod accessibility;
mod bench;
mod browser;
mod engine;
mod exceptions;
mod folders;
mod page;
mod recipe;
mod report;
mod runner;
mod servers;
mod session;
mod suite;
mod test_case;
mod time_units;
mod verdict;

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use futures_util::stream::{self, StreamExt, TryStreamExt};

use engine::Engine;
use folders::Folders;
use runner::{Queue, Runner, Tally};
use test_case::Test;

/// Tests the built bundle on whole host pages in real browsers.
#[derive(Parser)]
struct Arguments {
    /// Run only tests whose "group: name" contains this text
    filter: Option<String>,
    #[command(flatten)]
    folders: Folders,
    /// The engine to test in; may be given several times [default: chromium]
    #[arg(long = "engine", value_enum)]
    engines: Vec<Engine>,
    /// How many browsers run at a time; 1 runs one engine after the other [default: one per core; 1 with --headed]
    #[arg(long, value_name = "NUMBER")]
    browsers: Option<NonZero<usize>>,
    /// List the tests instead of running them
    #[arg(long)]
    list: bool,
    /// Make the contact sheets in docs/looks/ instead
    #[arg(long, conflicts_with_all = ["filter", "list", "engines"])]
    pictures: bool,
    /// Measure speed instead, compared with the bundled scripts in this folder, and write docs/benchmarks.md
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["filter", "list", "engines", "pictures"])]
    bench: Option<PathBuf>,
    /// How often each figure of the bench is measured
    #[arg(long, value_name = "NUMBER", default_value_t = 9, requires = "bench")]
    rounds: usize,
    /// Show the browser's window
    #[arg(long)]
    headed: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    // The client of the drivers is the gateway's, which needs a provider of TLS.
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
    if let Some(contenders) = &arguments.bench {
        bench::run(&arguments.folders, contenders, arguments.rounds).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let tests =
        if arguments.pictures { suite::SHEETS.to_vec() } else { select(arguments.filter.as_deref())? };
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
        // The browsers and drivers end when their handles are dropped.
        stopped = tokio::signal::ctrl_c() => {
            stopped.context("cannot listen for Ctrl-C")?;
            bail!("stopped by Ctrl-C")
        }
    }
}

fn select(filter: Option<&str>) -> Result<Vec<Test>> {
    let all = suite::all();
    let filter = filter.unwrap_or_default();
    let tests: Vec<_> = all.into_iter().filter(|test| test.title().contains(filter)).collect();
    ensure!(!tests.is_empty(), "no test contains \"{filter}\": --list shows all names");
    Ok(tests)
}

async fn run(arguments: &Arguments, tests: &[Test]) -> Result<Tally> {
    let dist = &arguments.folders.dist;
    for file in ["zoho-backup-status.js", "widget_bg.wasm"] {
        ensure!(
            dist.join(file).is_file(),
            "{} does not exist: build the bundle with `trunk build --release`, or give its directory with --dist",
            dist.join(file).display()
        );
    }
    let engines =
        if arguments.engines.is_empty() { &[Engine::Chromium] } else { arguments.engines.as_slice() };
    let queues: Vec<_> = engines.iter().map(|&engine| Queue::new(engine, tests)).collect();
    let runner = Runner { folders: &arguments.folders, headed: arguments.headed };
    let mut tallies = vec![Tally::default(); queues.len()];
    let browsers = browsers_at_a_time(arguments);
    // Each engine gets a browser before any gets a second one, which helps with the tests that are left.
    let turns = (0..browsers).flat_map(|_| queues.iter().enumerate());
    let turns = turns.map(async |(index, queue)| runner.run(queue).await.map(|tally| (index, tally)));
    let mut finished = stream::iter(turns).buffer_unordered(browsers);
    while let Some((index, tally)) = finished.try_next().await? {
        tallies[index].add(tally);
    }
    println!();
    let mut total = Tally::default();
    for (queue, tally) in queues.iter().zip(tallies) {
        println!("{}: {} passed, {} failed", queue.engine.name(), tally.passed, tally.failed);
        total.add(tally);
    }
    Ok(total)
}

fn browsers_at_a_time(arguments: &Arguments) -> usize {
    let default = || match arguments.headed {
        // Visible windows would cover each other, and a covered page is hidden.
        true => NonZero::<usize>::MIN,
        false => thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
    };
    arguments.browsers.unwrap_or_else(default).get()
}

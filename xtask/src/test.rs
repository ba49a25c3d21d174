//! Every check of the project, in the order in which one wants to hear of a failure.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::{Args, Subcommand};

use crate::browsers::Engine;
use crate::command::{self, cargo, line, run_watched};
use crate::{example, size, tools};

/// Seconds that one file of headless tests may take: a slow machine starts its browser within them too.
const HEADLESS_TIMEOUT: &str = "120";

/// What to check; everything when no part is named.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    part: Option<Part>,
    /// The engine to run whole pages in; may be given several times [default: all that this system can have]
    #[arg(long = "engine", value_enum, value_name = "ENGINE", global = true)]
    engines: Vec<Engine>,
}

#[derive(Subcommand)]
enum Part {
    /// Format, lints native and for wasm, and documentation
    Lint,
    /// Tests of everything that runs without a browser
    Native,
    /// Tests of the widget in a headless browser
    Headless,
    /// Whole pages in browsers, against the release bundle, which is built first
    E2e(WholePages),
}

/// Which tests of whole pages to run, and how.
#[derive(Args, Default)]
struct WholePages {
    /// Run only tests whose "group: name" contains this text
    filter: Option<String>,
    /// List the tests instead of running them
    #[arg(long)]
    list: bool,
    /// Show the browser's window
    #[arg(long)]
    headed: bool,
}

/// Runs the checks and says how many tests passed and failed.
///
/// # Errors
/// When a step fails; the error names it and the command that runs it alone.
pub fn run(options: &Options) -> Result<()> {
    let started = Instant::now();
    let mut tally = Tally::default();
    let outcome = run_parts(options, &mut tally);
    println!("\n{} in all", seconds(started.elapsed()));
    if tally != Tally::default() {
        println!("{} passed, {} failed", tally.passed, tally.failed);
    }
    outcome
}

fn run_parts(options: &Options, tally: &mut Tally) -> Result<()> {
    let engines = if options.engines.is_empty() { Engine::usual() } else { options.engines.clone() };
    match &options.part {
        None => {
            lint()?;
            native(tally)?;
            headless(tally)?;
            e2e(&WholePages::default(), &engines, tally)?;
            budget()
        }
        Some(Part::Lint) => lint(),
        Some(Part::Native) => native(tally),
        Some(Part::Headless) => headless(tally),
        Some(Part::E2e(pages)) => e2e(pages, &engines, tally),
    }
}

fn lint() -> Result<()> {
    const ALONE: &str = "cargo xtask test lint";
    step("tools for linting", ALONE, tools::for_lint)?;
    let clippy = |arguments: &[&str]| {
        let mut clippy = cargo(["clippy"]);
        clippy.args(arguments).args(["--", "-D", "warnings"]);
        clippy
    };
    const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
    const WIDGET: [&str; 4] = ["--package", "zoho-backup-status", WASM[0], WASM[1]];
    let steps = [
        ("format", cargo(["fmt", "--all", "--check"])),
        ("lints, native", clippy(&["--workspace", "--all-targets"])),
        ("lints, core for wasm", clippy(&["--package", "zoho-backup-core", WASM[0], WASM[1]])),
        // As an app that depends on it gets it, then with the bin and the tests.
        ("lints, the widget as a library", clippy(&[&WIDGET[..], &["--lib"]].concat())),
        ("lints, the widget", clippy(&[&WIDGET[..], &["--all-targets", "--features", "widget"]].concat())),
        ("lints, the example app", clippy(&["--package", "leptos-example", WASM[0], WASM[1]])),
        ("documentation", documentation()),
    ];
    for (name, mut clippy) in steps {
        step(&titled(name, &clippy), ALONE, || command::run(&mut clippy))?;
    }
    Ok(())
}

fn documentation() -> Command {
    let mut doc = cargo(["doc", "--no-deps", "--workspace", "--exclude", "leptos-example"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    doc
}

fn native(tally: &mut Tally) -> Result<()> {
    // The widget's own tests need a browser: `headless`.
    const OTHERS: [&str; 4] = ["--exclude", "zoho-backup-status", "--exclude", "leptos-example"];
    let mut tests = cargo(["test", "--workspace", "--no-fail-fast"]);
    tests.args(OTHERS);
    step(&titled("native tests", &tests), "cargo xtask test native", || {
        run_watched(&mut tests, |line| tally.read(line))
    })
}

fn headless(tally: &mut Tally) -> Result<()> {
    const ALONE: &str = "cargo xtask test headless";
    let driver = step("tools for headless tests", ALONE, tools::for_headless)?;
    let mut tests = cargo(["test", "--package", "zoho-backup-status", "--target", "wasm32-unknown-unknown"]);
    tests.arg("--no-fail-fast");
    tests.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_TIMEOUT", HEADLESS_TIMEOUT);
    step(&titled("headless tests", &tests), ALONE, || run_watched(&mut tests, |line| tally.read(line)))
}

fn e2e(pages: &WholePages, engines: &[Engine], tally: &mut Tally) -> Result<()> {
    const ALONE: &str = "cargo xtask test e2e";
    step("tools for whole pages", ALONE, || {
        tools::for_bundle()?;
        engines.iter().try_for_each(|engine| engine.make_sure())
    })?;
    step("release bundle: trunk build --release", ALONE, size::build_bundle)?;
    let example = step("the example app of Leptos", ALONE, example::build)?;
    let mut tests = cargo(["run", "--quiet", "--package", "e2e", "--", "--dist", "dist", "--example"]);
    tests.arg(example).args(&pages.filter);
    for (flag, is_set) in [("--list", pages.list), ("--headed", pages.headed)] {
        tests.args(is_set.then_some(flag));
    }
    for engine in engines {
        tests.args(["--engine", engine.name()]);
    }
    step(&titled("whole pages", &tests), ALONE, || run_watched(&mut tests, |line| tally.read(line)))
}

fn budget() -> Result<()> {
    step("byte budget", "cargo xtask size", size::weigh)
}

/// Does one step under a heading, and says how long it took.
fn step<T>(heading: &str, alone: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("\n==> {heading}");
    let started = Instant::now();
    let outcome = work();
    let took = seconds(started.elapsed());
    println!("    {} after {took}", if outcome.is_ok() { "done" } else { "failed" });
    outcome.with_context(|| format!("step \"{heading}\" failed; alone it runs with `{alone}`"))
}

fn titled(name: &str, command: &Command) -> String {
    format!("{name}: {}", line(command))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// How many tests passed and failed, as their harnesses said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
}

impl Tally {
    /// Adds what `line` says, if it is a harness's summary: `test result: ok. 3 passed; 0 failed; …` or
    /// `3 passed, 0 failed`.
    fn read(&mut self, line: &str) {
        let line = line.trim();
        let counts = match line.strip_prefix("test result: ") {
            Some(result) => result.split_once(". ").map_or("", |(_, counts)| counts),
            None => line,
        };
        let mut parts = counts.split([';', ',']).map(str::trim);
        let mut count = |word: &str| parts.next()?.strip_suffix(word)?.trim_end().parse::<u64>().ok();
        if let (Some(passed), Some(failed)) = (count("passed"), count("failed")) {
            self.passed += passed;
            self.failed += failed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn the_tally_reads_summaries_only() {
        let cases = [
            (
                "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n",
                (12, 0),
            ),
            ("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 filtered out", (3, 2)),
            ("  41 passed, 1 failed\n", (41, 1)),
            ("test it_says_3_passed ... ok", (0, 0)),
            ("all 3 passed, 0 failed", (0, 0)),
            ("3 passed", (0, 0)),
            ("", (0, 0)),
        ];
        for (line, (passed, failed)) in cases {
            let mut tally = Tally::default();
            tally.read(line);
            assert_eq!(tally, Tally { passed, failed }, "{line:?}");
        }
    }
}

//! Every check of the project, cheap ones first.

mod crates;
mod defects;
mod example_app;
mod package;
mod recipes;
mod report;

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::bundle::{build, size};
use crate::command::{self, cargo};
use crate::tools;
use crate::tools::browsers::Engine;
use crate::tools::npm::AXE_CORE;
use crate::tools::promtool::promtool;
use report::{Report, count_tests, run_step};

/// Seconds that one file of headless tests may take, the browser's start included.
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
    /// Format, dependencies, rules of the repository, lints native and for wasm, and documentation
    Lint,
    /// Rules of the repository: no circles of imports, no unused Rust file, no broken link between documents
    Tidy,
    /// What each crate packs for the registry: all that it needs, nothing else, and no warning of cargo
    Crates,
    /// Tests of everything that runs without a browser
    Native,
    /// Defects that the simulated world must find, one after the other (not part of everything: some minutes)
    Defects,
    /// Tests of the widget in a headless browser
    Headless,
    /// The package of npm: its manifest, types, bundlers, frameworks, and import on a server
    Package,
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
    /// How many browsers run at the same time [default: one for each processor core, one with --headed]
    #[arg(long, value_name = "NUMBER")]
    browsers: Option<usize>,
}

/// Runs the checks, then prints how long each step took and how many tests passed and failed.
///
/// # Errors
/// When a step fails; the error names it and the command that runs it alone.
pub fn run(options: &Options) -> Result<()> {
    let mut report = Report::default();
    let outcome = run_parts(options, &mut report);
    print!("\n{}", report.summary());
    outcome
}

/// Makes the contact sheets.
///
/// # Errors
/// When a tool is missing and cannot be installed, the bundle cannot be built, or Chromium shows no page.
pub fn screenshots() -> Result<()> {
    tools::for_bundle()?;
    Engine::Chromium.install()?;
    build::release()?;
    command::run(&mut cargo(["run", "--quiet", "--package", "e2e", "--", "--dist", "dist", "--pictures"]))
}

fn run_parts(options: &Options, report: &mut Report) -> Result<()> {
    let engines = if options.engines.is_empty() { Engine::defaults() } else { options.engines.clone() };
    match &options.part {
        None => {
            lint(report)?;
            native(report)?;
            headless(report)?;
            package_and_pages(&WholePages::default(), &engines, "cargo xtask test e2e", report)?;
            budget(report)
        }
        Some(Part::Lint) => lint(report),
        Some(Part::Tidy) => tidy(report),
        Some(Part::Crates) => packed(report),
        Some(Part::Native) => native(report),
        Some(Part::Defects) => report.step(
            "defects that the simulated world must find",
            None,
            "cargo xtask test defects",
            |_| defects::run(),
        ),
        Some(Part::Headless) => headless(report),
        Some(Part::Package) => {
            let pages = WholePages { filter: Some("package ".to_owned()), ..WholePages::default() };
            package_and_pages(&pages, &engines, "cargo xtask test package", report)
        }
        Some(Part::E2e(pages)) => e2e(pages, &engines, report),
    }
}

fn lint(report: &mut Report) -> Result<()> {
    const ALONE: &str = "cargo xtask test lint";
    report.step("tools for linting", None, ALONE, |_| tools::for_lint())?;
    run_step(report, "format", ALONE, cargo(["fmt", "--all", "--check"]))?;
    let deny = cargo(["deny", "--workspace", "check", "licenses", "bans", "sources"]);
    run_step(report, "licences and sources of dependencies", ALONE, deny)?;
    tidy(report)?;
    packed(report)?;
    let clippy = |arguments: &[&str]| {
        let mut clippy = cargo(["clippy"]);
        clippy.args(arguments).args(["--", "-D", "warnings"]);
        clippy
    };
    const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];
    const WIDGET: [&str; 4] = ["--package", "zoho-backup-status", WASM[0], WASM[1]];
    let steps = [
        ("lints, native", clippy(&["--workspace", "--all-targets"])),
        ("lints, core for wasm", clippy(&["--package", "zoho-backup-core", WASM[0], WASM[1]])),
        // First what an app gets that depends on the library, then all of it.
        ("lints, the widget as a library", clippy(&[&WIDGET[..], &["--lib"]].concat())),
        ("lints, the widget", clippy(&[&WIDGET[..], &["--all-targets", "--features", "widget"]].concat())),
        ("lints, the example app", clippy(&["--package", "leptos-example", WASM[0], WASM[1]])),
        ("documentation", documentation(&["--workspace", "--exclude", "leptos-example"])),
        // As docs.rs builds it.
        ("documentation, the widget", documentation(&WIDGET)),
    ];
    for (name, command) in steps {
        run_step(report, name, ALONE, command)?;
    }
    Ok(())
}

fn tidy(report: &mut Report) -> Result<()> {
    let tests = cargo(["test", "--quiet", "--package", "xtask", "--test", "tidy"]);
    run_step(report, "rules of the repository", "cargo xtask test tidy", tests)
}

fn packed(report: &mut Report) -> Result<()> {
    report.step("crates for the registry", None, "cargo xtask test crates", |_| crates::check())
}

fn documentation(of: &[&str]) -> Command {
    let mut doc = cargo(["doc", "--no-deps"]);
    doc.args(of).env("RUSTDOCFLAGS", "-D warnings");
    doc
}

fn native(report: &mut Report) -> Result<()> {
    // The widget's own tests need a browser: `headless`.
    const ALONE: &str = "cargo xtask test native";
    const OTHERS: [&str; 4] = ["--exclude", "zoho-backup-status", "--exclude", "leptos-example"];
    let mut tests = cargo(["test", "--workspace", "--no-fail-fast"]);
    tests.args(OTHERS);
    let promtool = report.step("tools for native tests", None, ALONE, |_| {
        tools::for_native()?;
        promtool()
    })?;
    tests.env("PROMTOOL", promtool);
    count_tests(report, "native tests", ALONE, tests)
}

fn headless(report: &mut Report) -> Result<()> {
    const ALONE: &str = "cargo xtask test headless";
    let driver = report.step("tools for headless tests", None, ALONE, |_| tools::for_headless())?;
    let mut tests = cargo(["test", "--package", "zoho-backup-status", "--target", "wasm32-unknown-unknown"]);
    tests.arg("--no-fail-fast");
    tests.env("CHROMEDRIVER", driver).env("WASM_BINDGEN_TEST_TIMEOUT", HEADLESS_TIMEOUT);
    count_tests(report, "headless tests", ALONE, tests)
}

/// What browsers open.
struct Built {
    example: PathBuf,
    axe_core: PathBuf,
    consumers: PathBuf,
}

fn build_pages(engines: &[Engine], alone: &str, report: &mut Report) -> Result<Built> {
    report.step("tools for whole pages", None, alone, |_| {
        tools::for_bundle()?;
        engines.iter().try_for_each(|engine| engine.install())
    })?;
    let axe_core = report.step("axe-core", None, alone, |_| AXE_CORE.fetch())?;
    report.step("release bundle", None, alone, |_| build::release())?;
    let example = report.step("example app of Leptos", None, alone, |_| example_app::build())?;
    let consumers = package::install(report)?;
    package::build(&consumers, report)?;
    Ok(Built { example, axe_core, consumers })
}

fn e2e(pages: &WholePages, engines: &[Engine], report: &mut Report) -> Result<()> {
    const ALONE: &str = "cargo xtask test e2e";
    let built = build_pages(engines, ALONE, report)?;
    open_pages(&built, pages, engines, ALONE, report)
}

fn package_and_pages(pages: &WholePages, engines: &[Engine], alone: &str, report: &mut Report) -> Result<()> {
    let built = build_pages(engines, alone, report)?;
    package::check(&built.consumers, report)?;
    open_pages(&built, pages, engines, alone, report)
}

fn open_pages(
    built: &Built,
    pages: &WholePages,
    engines: &[Engine],
    alone: &str,
    report: &mut Report,
) -> Result<()> {
    let mut tests = cargo(["run", "--quiet", "--package", "e2e", "--", "--dist", "dist"]);
    tests.arg("--example").arg(&built.example);
    tests.arg("--axe-core").arg(built.axe_core.join("node_modules/axe-core"));
    tests.arg("--packages").arg(&built.consumers).args(&pages.filter);
    for (flag, is_set) in [("--list", pages.list), ("--headed", pages.headed)] {
        tests.args(is_set.then_some(flag));
    }
    if let Some(browsers) = pages.browsers {
        tests.args(["--browsers", &browsers.to_string()]);
    }
    for engine in engines {
        tests.args(["--engine", engine.name()]);
    }
    count_tests(report, "whole pages", alone, tests)
}

fn budget(report: &mut Report) -> Result<()> {
    report.step("byte budget", None, "cargo xtask size", |_| size::check())
}

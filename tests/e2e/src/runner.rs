//! Runs the tests: one after the other, a fresh page and fresh servers for each, one browser per engine.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::browser::Browser;
use crate::engine::Engine;
use crate::exceptions;
use crate::session::Session;

/// How long one test may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// What a test does with its session.
pub type Run = for<'a> fn(&'a mut Session) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

#[derive(Clone, Copy)]
pub struct Test {
    pub group: &'static str,
    pub name: &'static str,
    pub run: Run,
}

impl Test {
    pub fn title(&self) -> String {
        format!("{}: {}", self.group, self.name)
    }
}

/// A table of tests: `tests!("group", "what holds" => function, …)`.
#[macro_export]
macro_rules! tests {
    ($group:literal, $($name:literal => $run:expr),+ $(,)?) => {
        &[$($crate::runner::Test { group: $group, name: $name, run: |session| Box::pin($run(session)) }),+]
    };
}

#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
}

pub struct Runner<'a> {
    pub dist: &'a Path,
    pub example: &'a Path,
    pub headed: bool,
}

impl Runner<'_> {
    /// Runs these tests in this engine.
    pub async fn run(&self, engine: Engine, tests: &[Test]) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut browser = Browser::start(engine, self.headed).await?;
        for test in tests {
            if let Some(reason) = exceptions::reason(engine, test) {
                println!("left out {}  {}: {reason}", engine.name(), test.title());
                continue;
            }
            let started = Instant::now();
            forget_console(&browser).await;
            let outcome = self.run_one(&browser, test).await;
            let seconds = started.elapsed().as_secs_f32();
            match outcome {
                Ok(()) => {
                    tally.passed += 1;
                    println!("ok      {}  {} ({seconds:.1} s)", engine.name(), test.title());
                }
                Err(reason) => {
                    tally.failed += 1;
                    println!("FAILED  {}  {} ({seconds:.1} s)", engine.name(), test.title());
                    println!("{}", without_stacktrace(&format!("{reason:#}")));
                    report(&browser, test).await;
                }
            }
            let cleared = tokio::time::timeout(Duration::from_secs(10), browser.web().goto("about:blank"));
            if !matches!(cleared.await, Ok(Ok(()))) || !browser.is_alive().await {
                println!("        {} does not answer any more: starting another", engine.name());
                browser.quit().await;
                browser = Browser::start(engine, self.headed).await?;
            }
        }
        browser.quit().await;
        Ok(tally)
    }

    async fn run_one(&self, browser: &Browser, test: &Test) -> Result<()> {
        let mut session = Session::start(browser.web().clone(), self.dist, self.example).await?;
        tokio::time::timeout(DEADLINE, (test.run)(&mut session))
            .await
            .unwrap_or_else(|_| Err(anyhow!("still running after {DEADLINE:?}")))
    }
}

/// The driver keeps the console's lines until they are read: those of earlier tests are not this one's.
async fn forget_console(browser: &Browser) {
    let _ = browser.web().browser_log().await;
}

/// A driver's errors end with the addresses of its own stack.
fn without_stacktrace(reason: &str) -> &str {
    reason.split_once("Stacktrace:").map_or(reason, |(reason, _)| reason).trim_end()
}

/// What helps to understand a failure: the console and a picture, as far as the engine gives them.
async fn report(browser: &Browser, test: &Test) {
    let gathered = tokio::time::timeout(Duration::from_secs(15), async {
        // Chromium's driver alone keeps the console.
        for line in browser.web().browser_log().await.unwrap_or_default() {
            println!("        console {}: {}", line.level, line.message);
        }
        match screenshot(browser, test).await {
            Ok(path) => println!("        screenshot: {}", path.display()),
            Err(error) => println!("        no screenshot: {error:#}"),
        }
    });
    if gathered.await.is_err() {
        println!("        the browser says nothing more");
    }
}

async fn screenshot(browser: &Browser, test: &Test) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let folder = target.join("e2e");
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let title: String =
        test.title().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let path = folder.join(format!("{}-{title}.png", browser.engine.name()));
    browser.web().screenshot(&path).await?;
    Ok(path)
}

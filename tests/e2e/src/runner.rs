//! Runs tests in browsers: a new page and new servers for each test, one browser for many tests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::accessibility::force_colors;
use crate::browser::Browser;
use crate::engine::Engine;
use crate::exceptions;
use crate::folders::Folders;
use crate::report::Report;
use crate::session::Session;
use crate::test_case::Test;

/// How long one test may take, even on a busy machine. On a quiet one the longest takes 11 s.
const DEADLINE: Duration = Duration::from_secs(120);

/// How long a browser may take to leave the page of a test.
const LEAVING: Duration = Duration::from_secs(10);

/// The tests of one engine. Its browsers share it: each takes the next test.
pub struct Queue<'a> {
    pub engine: Engine,
    tests: &'a [Test],
    next: AtomicUsize,
}

impl<'a> Queue<'a> {
    pub fn new(engine: Engine, tests: &'a [Test]) -> Self {
        Self { engine, tests, next: AtomicUsize::new(0) }
    }

    fn take(&self) -> Option<&'a Test> {
        self.tests.get(self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// How many tests have passed and failed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
}

impl Tally {
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

pub struct Runner<'a> {
    pub folders: &'a Folders,
    pub headed: bool,
}

impl Runner<'_> {
    /// Runs tests of this queue in one browser until none is left.
    pub async fn run(&self, queue: &Queue<'_>) -> Result<Tally> {
        let engine = queue.engine;
        let mut tally = Tally::default();
        let mut browser = None;
        while let Some(test) = queue.take() {
            let mut report = Report::new(engine, test);
            if let Some(reason) = exceptions::reason(engine, test) {
                report.left_out(reason);
                report.print();
                continue;
            }
            let current = match browser.take() {
                Some(browser) => browser,
                None => self.start(engine).await?,
            };
            if self.run_one(&current, test, &mut report).await {
                tally.passed += 1;
            } else {
                tally.failed += 1;
            }
            if is_usable(&current).await {
                browser = Some(current);
            } else {
                report.line(&format!("{} does not respond any more: it is replaced", engine.name()));
                current.quit().await;
            }
            report.print();
        }
        if let Some(browser) = browser {
            browser.quit().await;
        }
        Ok(tally)
    }

    async fn start(&self, engine: Engine) -> Result<Browser> {
        Browser::start(engine, self.headed).await.with_context(|| format!("in {}", engine.name()))
    }

    /// Runs a test and reports its outcome; returns whether it has passed.
    async fn run_one(&self, browser: &Browser, test: &Test, report: &mut Report<'_>) -> bool {
        let started = Instant::now();
        start_afresh(browser).await;
        let (outcome, notes) = match Session::start(browser, self.folders).await {
            Ok(mut session) => {
                let whole = async {
                    (test.run)(&mut session).await?;
                    session.is_quiet().await
                };
                let outcome = tokio::time::timeout(DEADLINE, whole)
                    .await
                    .unwrap_or_else(|_| Err(anyhow!("still running after {DEADLINE:?}")));
                (outcome, session.into_notes())
            }
            Err(error) => (Err(error), Vec::new()),
        };
        let passed = outcome.is_ok();
        match outcome {
            Ok(()) => report.passed(started.elapsed(), &notes),
            Err(error) => report.failed(started.elapsed(), &notes, &error, browser).await,
        }
        passed
    }
}

/// Ends what earlier tests have left in the driver: the lines of the console, which it keeps until they are read, and
/// forced colours.
async fn start_afresh(browser: &Browser) {
    if browser.engine == Engine::Chromium {
        let _ = browser.web().browser_log().await;
        let _ = force_colors(browser.web(), None).await;
    }
}

/// Whether the browser leaves the page of a test and still responds.
async fn is_usable(browser: &Browser) -> bool {
    let left = tokio::time::timeout(LEAVING, browser.web().goto("about:blank")).await;
    matches!(left, Ok(Ok(()))) && browser.is_alive().await
}

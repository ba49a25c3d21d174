//! The output of one test. It is printed in one piece, since several browsers run at a time.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::browser::Browser;
use crate::engine::Engine;
use crate::test_case::Test;

/// How long a browser may take to give its console and a screenshot.
const GATHERING: Duration = Duration::from_secs(15);

#[must_use = "a report is shown by `print`"]
pub struct Report<'a> {
    engine: Engine,
    test: &'a Test,
    text: String,
}

impl<'a> Report<'a> {
    pub fn new(engine: Engine, test: &'a Test) -> Self {
        Self { engine, test, text: String::new() }
    }

    pub fn left_out(&mut self, reason: &str) {
        self.text += &format!("left out {}  {}: {reason}\n", self.engine.name(), self.test.title());
    }

    pub fn passed(&mut self, duration: Duration, notes: &[String]) {
        self.heading("ok     ", duration);
        self.lines(notes);
    }

    /// Adds the error, and what helps to understand it: the console and a screenshot, as far as the engine gives them.
    pub async fn failed(
        &mut self,
        duration: Duration,
        notes: &[String],
        error: &anyhow::Error,
        browser: &Browser,
    ) {
        self.heading("FAILED ", duration);
        self.text += without_stacktrace(&format!("{error:#}"));
        self.text.push('\n');
        self.lines(notes);
        let gathered = tokio::time::timeout(GATHERING, async {
            // Only Chromium's driver keeps the console.
            for line in browser.web().browser_log().await.unwrap_or_default() {
                self.line(&format!("console {}: {}", line.level, line.message));
            }
            match screenshot(browser, self.test).await {
                Ok(path) => self.line(&format!("screenshot: {}", path.display())),
                Err(error) => self.line(&format!("no screenshot: {error:#}")),
            }
        })
        .await;
        if gathered.is_err() {
            self.line("the browser gives neither console nor screenshot");
        }
    }

    fn heading(&mut self, word: &str, duration: Duration) {
        let seconds = duration.as_secs_f32();
        self.text += &format!("{word} {}  {} ({seconds:.1} s)\n", self.engine.name(), self.test.title());
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.line(line);
        }
    }

    /// Adds an indented line.
    pub fn line(&mut self, line: &str) {
        self.text += &format!("        {line}\n");
    }

    pub fn print(self) {
        print!("{}", self.text);
    }
}

/// A driver's error ends with the addresses of its own stack.
fn without_stacktrace(error: &str) -> &str {
    error.split_once("Stacktrace:").map_or(error, |(error, _)| error).trim_end()
}

async fn screenshot(browser: &Browser, test: &Test) -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    let folder = target.join("e2e");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let title: String =
        test.title().chars().map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect();
    let path = folder.join(format!("{}-{title}.png", browser.engine.name()));
    browser.web().screenshot(&path).await?;
    Ok(path)
}

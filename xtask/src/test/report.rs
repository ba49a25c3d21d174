//! What a run of the checks reports at its end: how long each step took, how many tests passed, and why others failed.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::command::{line, run, run_watched};
use crate::table;

/// The steps that have run and the results of their tests.
#[derive(Default)]
pub struct Report {
    steps: Vec<(String, Duration)>,
    pub tally: Tally,
}

impl Report {
    /// Runs one step under a heading: its name, and the command that it runs if it is one.
    ///
    /// # Errors
    /// When the step fails; the error says that `alone` runs it alone.
    pub fn step<T>(
        &mut self,
        name: &str,
        command: Option<&str>,
        alone: &str,
        work: impl FnOnce(&mut Tally) -> Result<T>,
    ) -> Result<T> {
        println!("\n==> {name}{}", command.map(|line| format!(": {line}")).unwrap_or_default());
        let started = Instant::now();
        let outcome = work(&mut self.tally);
        let took = started.elapsed();
        println!("    {} after {}", if outcome.is_ok() { "done" } else { "failed" }, seconds(took));
        self.steps.push((name.to_owned(), took));
        outcome.with_context(|| format!("step \"{name}\" failed; to run it alone: `{alone}`"))
    }

    /// A table of the steps, the number of tests if any ran, and the failures again, which are far above by then.
    pub fn summary(&self) -> String {
        let longest = self.steps.iter().map(|(_, time)| *time).max();
        let total: Duration = self.steps.iter().map(|(_, time)| *time).sum();
        let row = |name: &str, time: Duration, mark: &str| [name.to_owned(), seconds(time), mark.to_owned()];
        let steps = self.steps.iter().map(|(name, time)| {
            let is_longest = self.steps.len() > 1 && Some(*time) == longest;
            row(name, *time, if is_longest { "longest" } else { "" })
        });
        let mut rows: Vec<_> = steps.collect();
        rows.push(row("total", total, ""));
        let mut summary = table::format(&rows);
        if self.tally != Tally::default() {
            summary += &format!("{} passed, {} failed\n", self.tally.passed, self.tally.failed);
        }
        for failure in &self.tally.failures {
            summary += &format!("\n{}\n", failure.join("\n"));
        }
        summary
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// How many lines of a failure are said again.
const LINES_OF_A_FAILURE: usize = 6;

/// How many tests passed and failed, and why those failed, as the test harnesses print it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    passed: u64,
    failed: u64,
    failures: Vec<Vec<String>>,
    is_in_failure: bool,
}

impl Tally {
    /// Reads the next line of a harness.
    pub fn read(&mut self, line: &str) {
        self.count(line.trim());
        self.read_failure(line.trim_end());
    }

    /// Keeps the first lines of a failure: what follows `FAILED`, or the heading `---- name stdout ----`, until an
    /// empty line or the outcome of another test.
    fn read_failure(&mut self, line: &str) {
        if line.starts_with("FAILED ") || line.starts_with("---- ") {
            self.failures.push(Vec::new());
            self.is_in_failure = true;
        } else if line.is_empty() || ["ok ", "left out "].iter().any(|outcome| line.starts_with(outcome)) {
            self.is_in_failure = false;
        }
        if let Some(failure) = self.failures.last_mut().filter(|_| self.is_in_failure)
            && failure.len() < LINES_OF_A_FAILURE
        {
            failure.push(line.to_owned());
        }
    }

    /// Adds the numbers in `line` if it is a harness's summary: `test result: ok. 3 passed; 0 failed; …` or
    /// `3 passed, 0 failed`.
    fn count(&mut self, line: &str) {
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

/// Runs a command as one step.
///
/// # Errors
/// When it fails.
pub fn run_step(report: &mut Report, name: &str, alone: &str, mut command: Command) -> Result<()> {
    let line = line(&command);
    report.step(name, Some(&line), alone, |_| run(&mut command))
}

/// Runs a command as one step and counts the tests that it reports.
///
/// # Errors
/// When it fails.
pub fn count_tests(report: &mut Report, name: &str, alone: &str, mut command: Command) -> Result<()> {
    let line = line(&command);
    report.step(name, Some(&line), alone, |tally| run_watched(&mut command, |line| tally.read(line)))
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

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
            assert_eq!(tally, Tally { passed, failed, ..Tally::default() }, "{line:?}");
        }
    }

    #[test]
    fn failures_are_said_again_at_the_end() {
        let mut report = Report::default();
        let printed = "\
test a::works ... ok
test a::breaks ... FAILED

failures:

---- a::breaks stdout ----
thread 'a::breaks' panicked at src/a.rs:3:9:
left is not right

failures:
    a::breaks

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
FAILED  firefox  badge: it shows (0.7 s)
        shown: nothing
nothing is shown
        2
        3
        4
ok      chromium  badge: it shows (0.1 s)
        shown: a badge
FAILED  webkit  badge: it shows (0.7 s)
nothing is shown
left out webkit  badge: it counts: it cannot

2 passed, 2 failed
";
        printed.lines().for_each(|line| report.tally.read(line));
        let expected = "\
total  0.0 s
3 passed, 3 failed

---- a::breaks stdout ----
thread 'a::breaks' panicked at src/a.rs:3:9:
left is not right

FAILED  firefox  badge: it shows (0.7 s)
        shown: nothing
nothing is shown
        2
        3
        4

FAILED  webkit  badge: it shows (0.7 s)
nothing is shown
";
        assert_eq!(report.summary(), expected);
    }

    #[test]
    fn the_summary_names_each_step_the_longest_and_the_total() {
        let report = Report {
            steps: vec![
                ("format".to_owned(), Duration::from_millis(400)),
                ("whole pages".to_owned(), Duration::from_millis(61_250)),
                ("byte budget".to_owned(), Duration::from_millis(50)),
            ],
            tally: Tally { passed: 12, failed: 1, ..Tally::default() },
        };
        let expected = "\
format        0.4 s
whole pages  61.2 s  longest
byte budget   0.1 s
total        61.7 s
12 passed, 1 failed
";
        assert_eq!(report.summary(), expected);
    }

    #[test]
    fn a_failed_step_is_in_the_summary_and_names_its_command() {
        let mut report = Report::default();
        let outcome: Result<()> = report.step("lints", None, "cargo xtask test lint", |_| bail!("no"));
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains("lints") && error.contains("`cargo xtask test lint`"), "{error}");
        assert!(report.summary().starts_with("lints"));
    }
}

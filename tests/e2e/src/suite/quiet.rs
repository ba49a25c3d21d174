//! The rule that a page is quiet: what a test does not expect on the console fails it.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("quiet",
    "a line that the test has not read is found, and one that it expects is not" => lines,
    "an error of the page is found" => errors,
);

async fn lines(session: &mut Session) -> Result<()> {
    session.open(Page::new("").without_widget()).await?;
    session.run("console.warn('first'); console.info('second');").await?;
    ensure!(session.is_quiet().await.is_err(), "two lines are not found");
    ensure!(session.open(Page::new("").without_widget()).await.is_err(), "the page is left in spite of them");
    session.expect_console(&["warn: first", "info: second"]).await?;
    session.is_quiet().await?;
    session.run("console.log('third');").await?;
    ensure!(session.expect_console(&[]).await.is_err(), "a line that is not expected passes");
    session.is_quiet().await
}

async fn errors(session: &mut Session) -> Result<()> {
    session.open(Page::new("").without_widget()).await?;
    session.run("Promise.reject(new Error('thrown'));").await?;
    session.wait("__record.errors.length > 0").await?;
    ensure!(session.is_quiet().await.is_err(), "the error is not found");
    session.run("__record.errors.length = 0;").await
}

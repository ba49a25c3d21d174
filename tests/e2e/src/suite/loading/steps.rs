//! Steps of the tests of loading.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::session::Session;

pub const WASM: &str = "/widget_bg.wasm";

/// Opens a page with a fake clock, whose widget `w` fails to load the wasm. `first` is its promise `ready`.
pub async fn failed(session: &Session) -> Result<()> {
    session.files.fail(WASM);
    session.open(Page::of("scheduled").fake_clock().ledger()).await?;
    session.run("window.w = widget(); window.first = w.ready;").await?;
    has_failed(session, 1).await?;
    let fails: bool = session.eval("await first.then(() => false, () => true)").await?;
    ensure!(fails, "`ready` resolves without the wasm");
    session.barrier().await
}

/// Waits until the load has failed, its cause is known, and this many timers are set for the next attempt.
pub async fn has_failed(session: &Session, timers: usize) -> Result<()> {
    // Finding out the cause takes a timer without a delay.
    let condition =
        format!("(await __clock.advance(0), __record.console.length > 0 && __clock.pending() === {timers})");
    session.wait(&condition).await
}

/// Waits until this many requests for the wasm have ended, and nothing is left after the last one.
pub async fn have_ended(session: &Session, requests: usize) -> Result<()> {
    requests_end(session, requests).await?;
    session.wait("(await __clock.advance(0), __clock.pending() + __ledger.listeners() === 0)").await
}

/// Waits until this many requests for the wasm have ended.
pub async fn requests_end(session: &Session, requests: usize) -> Result<()> {
    let ended = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('widget_bg'))";
    session.wait(&format!("(await __clock.advance(0), {ended}.length === {requests})")).await
}

/// Checks that the page waits for no further attempt: no timer, no listener, and no request for the wasm.
pub async fn is_over(session: &Session) -> Result<()> {
    let (timers, listeners): (usize, usize) =
        session.eval("[__clock.pending(), __ledger.listeners()]").await?;
    ensure!((timers, listeners) == (0, 0), "{timers} timers and {listeners} listeners are left");
    let before = session.files.count(WASM);
    session.run("connect(true); look('visible');").await?;
    session.advance(86_400_000).await?;
    session.barrier().await?;
    let after = session.files.count(WASM);
    ensure!(after == before, "{} more requests for the wasm", after - before);
    Ok(())
}

/// Checks that the console has one message, which contains these words.
pub async fn one_message(session: &Session, words: &[&str]) -> Result<()> {
    let console = session.console().await?;
    ensure!(console.len() == 1, "{} messages instead of one: {console:?}", console.len());
    session.note(console[0].lines().next().unwrap_or_default());
    for word in words {
        ensure!(console[0].contains(word), "the message does not say {word}: {}", console[0]);
    }
    Ok(())
}

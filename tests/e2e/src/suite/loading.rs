//! The wasm does not come at first.

use anyhow::{Result, ensure};

use crate::page::{Page, element};
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("loading",
    "a load that succeeds starts the widgets of one that failed" => starts_with_the_next,
    "a widget whose load has failed asks for nothing" => failed_is_silent,
    "a page's fetch that throws is no way round the message" => fetch_throws,
);

const WASM: &str = "/widget_bg.wasm";

/// Opens a page whose widget `w` cannot load the wasm.
async fn failed(session: &Session) -> Result<()> {
    session.files.fail(WASM);
    session.open(Page::of("scheduled")).await?;
    session.run("window.w = widget(); window.first = w.ready;").await?;
    let fails: bool = session.eval("await first.then(() => false, () => true)").await?;
    ensure!(fails, "`ready` resolves without the wasm");
    session.barrier().await
}

async fn starts_with_the_next(session: &mut Session) -> Result<()> {
    failed(session).await?;
    session.files.recover(WASM);
    let url = session.url("overdue");
    session
        .run(&format!(
            "const next = document.createElement('zoho-backup-status');
             next.id = 'next';
             next.proxyUrl = '{url}';
             document.body.append(next);"
        ))
        .await?;
    session.shows("#next", "overdue").await?;
    session.shows("#scheduled", "scheduled").await?;
    ensure!(session.text("#scheduled", "badge").await?.is_some(), "no badge is shown");
    session.run("await w.ready;").await?;
    let state: String = session.eval("(await w.refresh()).state").await?;
    ensure!(state == "scheduled", "refresh() gives {state}");
    let fails: bool = session.eval("await first.then(() => false, () => true)").await?;
    ensure!(fails, "a promise was settled twice");
    // The load that failed, the look at why, and the load that succeeded.
    let times = session.files.times_asked(WASM);
    ensure!(times == 3, "the wasm was asked for {times} times");
    let console = session.console().await?;
    ensure!(console.len() == 1, "{} messages instead of one: {console:?}", console.len());
    session.no_errors().await
}

async fn failed_is_silent(session: &mut Session) -> Result<()> {
    failed(session).await?;
    let (data, wasm) = (session.requests("scheduled")?, session.files.times_asked(WASM));
    session.files.recover(WASM);
    let url = session.url("overdue");
    for change in [
        "label = 'Sales'".into(),
        "variant = 'badge'".into(),
        "refreshInterval = 30".into(),
        "credentials = 'omit'".into(),
        format!("proxyUrl = '{url}'"),
        "lang = 'de'".into(),
        "data = { backup: null }".into(),
        "data = null".into(),
    ] {
        session.run(&format!("w.{change};")).await?;
        session.barrier().await?;
    }
    let found = (session.requests("scheduled")?, session.files.times_asked(WASM));
    ensure!(found == (data, wasm), "data and wasm: {found:?} requests instead of {:?}", (data, wasm));
    ensure!(session.requests("overdue")? == 0, "a widget without wasm asks the new URL");
    // Another widget brings the wasm; then the changes hold.
    session.run(&format!("document.body.insertAdjacentHTML('beforeend', `{}`);", element("failed"))).await?;
    session.shows("#failed", "failed").await?;
    session.shows("#scheduled", "overdue").await?;
    session.no_errors().await
}

async fn fetch_throws(session: &mut Session) -> Result<()> {
    let page = "<script>window.fetch = () => { throw new Error('no requests here'); };</script>
         <zoho-backup-status><p id=fallback>Ask the administrator.</p></zoho-backup-status>";
    session.open(Page::new(page)).await?;
    session.wait("__record.console.length > 0").await?;
    let rejected: bool = session.eval("await widget().ready.then(() => false, () => true)").await?;
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(rejected && visible, "`ready` rejects: {rejected}, the host's own words are visible: {visible}");
    let console = session.console().await?;
    ensure!(console.len() == 1 && console[0].contains("cannot be reached"), "{console:?}");
    session.no_errors().await
}

//! The early request for the data, and a wasm that does not arrive at first.

use anyhow::{Context, Result, ensure};

use super::steps::{WASM, failed};
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("loading",
    "the data is requested once, before the wasm has arrived" => data_before_wasm,
    "a load that succeeds also starts the widgets whose load failed" => starts_with_the_next,
    "a widget whose load failed sends no request" => failed_is_silent,
    "the message is logged even when the page's fetch throws" => fetch_throws,
);

const SCRIPT: &str = "/zoho-backup-status.js";

async fn data_before_wasm(session: &mut Session) -> Result<()> {
    session.files.hold(WASM);
    session.open(Page::of("scheduled")).await?;
    session
        .api_sees("the request for the data while the wasm is delayed", |requests| !requests.is_empty())
        .await?;
    session.files.release(WASM);
    session.settled("#scheduled").await?;
    session.barrier().await?;

    let requests = session.requests("scheduled")?;
    ensure!(requests == 1, "{requests} requests for the data");
    for file in [SCRIPT, WASM] {
        let times = session.files.count(file);
        ensure!(times == 1, "{times} requests for {file}");
    }
    print_order(session)?;
    session.no_errors().await
}

fn print_order(session: &Session) -> Result<()> {
    let mut seen: Vec<_> = session.files.requests().into_iter().map(|asked| (asked.at, asked.path)).collect();
    seen.extend(
        session.api()?.record().of("scheduled").into_iter().map(|request| (request.at, request.path)),
    );
    seen.sort();
    let start = seen.first().context("no request")?.0;
    for (at, path) in seen {
        session.note(format!("{:4} ms  {path}", (at - start).as_millis()));
    }
    session.note("(the wasm was delayed until the data had been requested)");
    Ok(())
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
    // The load that failed, the request for its cause, and the load that succeeded.
    let times = session.files.count(WASM);
    ensure!(times == 3, "{times} requests for the wasm");
    let console = session.console().await?;
    ensure!(console.len() == 1, "{} messages instead of one: {console:?}", console.len());
    session.no_errors().await
}

async fn failed_is_silent(session: &mut Session) -> Result<()> {
    failed(session).await?;
    let (data, wasm) = (session.requests("scheduled")?, session.files.count(WASM));
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
    let found = (session.requests("scheduled")?, session.files.count(WASM));
    ensure!(found == (data, wasm), "data and wasm: {found:?} requests instead of {:?}", (data, wasm));
    ensure!(session.requests("overdue")? == 0, "a widget without wasm sends a request to the new URL");
    // Another widget loads the wasm; then the changes apply.
    session.run(&format!("document.body.insertAdjacentHTML('beforeend', `{}`);", element("failed"))).await?;
    session.shows("#failed", "failed").await?;
    session.shows("#scheduled", "overdue").await?;
    session.expect_console(&["HTTP 503"]).await?;
    session.no_errors().await
}

async fn fetch_throws(session: &mut Session) -> Result<()> {
    let page = "<script>window.fetch = () => { throw new Error('no requests here'); };</script>
         <zoho-backup-status><p id=fallback>Ask the administrator.</p></zoho-backup-status>";
    session.open(Page::new(page)).await?;
    session.wait("__record.console.length > 0").await?;
    let rejected: bool = session.eval("await widget().ready.then(() => false, () => true)").await?;
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(rejected && visible, "`ready` rejects: {rejected}, the fallback content is visible: {visible}");
    let console = session.console().await?;
    ensure!(console.len() == 1 && console[0].contains("cannot be reached"), "{console:?}");
    session.no_errors().await
}

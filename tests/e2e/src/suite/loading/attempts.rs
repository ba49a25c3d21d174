//! A load that failed for a reason that may pass is tried again.

use anyhow::{Context, Result, ensure};

use super::steps::{WASM, failed, has_failed, have_ended, is_over, one_message, requests_end};
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("loading",
    "a failed load is tried again after a while, and the widget runs" => after_a_while,
    "a failed load is tried again when the network is back" => online,
    "a failed load is tried again when the page is visible again, and not while it is hidden" => visible,
    "a browser that calls itself offline keeps no attempt back, and one follows when it is online" => offline,
    "a load is tried again after growing pauses, six times in all, with one message" => six_times,
    "a load that succeeds renews the number of attempts" => renewed,
    "no attempt follows once nobody waits for the wasm" => nobody_waits,
    "a mount() that was rejected is not tried again" => mounted,
    "a load that failed only once is not taken for an altered file" => failed_once,
    "a load is tried again while a web page answers for the wasm" => web_page,
);

/// Checks that the widget `w` runs now, and that only the wasm's own listeners are left.
async fn runs(session: &Session) -> Result<()> {
    session.shows("#scheduled", "scheduled").await?;
    ensure!(session.text("#scheduled", "badge").await?.is_some(), "no badge is shown");
    session.run("await w.ready;").await?;
    one_message(session, &["cannot run"]).await?;
    session.run("w.remove(); await __clock.settle();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    is_over(session).await?;
    session.no_errors().await
}

async fn after_a_while(session: &mut Session) -> Result<()> {
    failed(session).await?;
    session.files.recover(WASM);
    session.advance(4_999).await?;
    session.barrier().await?;
    // The load that failed, and the request for its cause.
    ensure!(session.files.count(WASM) == 2, "{} requests for the wasm", session.files.count(WASM));
    session.advance(1_251).await?;
    runs(session).await?;
    let fails: bool = session.eval("await first.then(() => false, () => true)").await?;
    ensure!(fails, "a promise was settled twice");
    ensure!(session.files.count(WASM) == 3, "{} requests for the wasm", session.files.count(WASM));
    Ok(())
}

async fn online(session: &mut Session) -> Result<()> {
    failed(session).await?;
    session.files.recover(WASM);
    session.run("connect(true);").await?;
    runs(session).await
}

async fn visible(session: &mut Session) -> Result<()> {
    failed(session).await?;
    session.run("look('hidden');").await?;
    session.files.recover(WASM);
    session.run("connect(true);").await?;
    session.advance(86_400_000).await?;
    session.barrier().await?;
    ensure!(session.files.count(WASM) == 2, "{} requests for the wasm", session.files.count(WASM));
    session.run("look('visible');").await?;
    runs(session).await
}

async fn offline(session: &mut Session) -> Result<()> {
    failed(session).await?;
    session.run("connect(false);").await?;
    for (attempt, pause) in PAUSES.into_iter().enumerate() {
        session.advance(pause).await?;
        // After the load that failed at first, two requests each.
        requests_end(session, 2 * (attempt + 2)).await?;
        session.advance(0).await?;
        session.barrier().await?;
    }
    let times = session.files.count(WASM);
    session.advance(86_400_000).await?;
    session.barrier().await?;
    ensure!(session.files.count(WASM) == times, "{} more requests", session.files.count(WASM) - times);
    session.files.recover(WASM);
    session.run("connect(true);").await?;
    runs(session).await
}

/// The pauses in milliseconds. The clock makes chance one half of a quarter.
const PAUSES: [i64; 6] = [5_625, 16_875, 50_625, 151_875, 455_625, 1_366_875];

async fn six_times(session: &mut Session) -> Result<()> {
    failed(session).await?;
    for (attempt, pause) in PAUSES.into_iter().enumerate() {
        let before = session.files.count(WASM);
        session.advance(pause - 1).await?;
        session.barrier().await?;
        let early = session.files.count(WASM) - before;
        ensure!(early == 0, "attempt {attempt}: {early} requests before {pause} ms");
        session.advance(1).await?;
        let is_last = attempt == PAUSES.len() - 1;
        if is_last {
            // The request for the cause is the last one.
            have_ended(session, 14).await?;
        } else {
            has_failed(session, 1).await.with_context(|| format!("attempt {attempt}"))?;
        }
        let times = session.files.count(WASM) - before;
        ensure!(times == 2, "attempt {attempt}: {times} requests for the wasm");
    }
    is_over(session).await?;
    one_message(session, &["HTTP 503"]).await?;
    // Another widget still tries, and starts this one, too.
    session.files.recover(WASM);
    session.run("document.body.append(document.createElement('zoho-backup-status'));").await?;
    session.shows("#scheduled", "scheduled").await?;
    session.no_errors().await
}

async fn renewed(session: &mut Session) -> Result<()> {
    failed(session).await?;
    session.advance(PAUSES[0]).await?;
    has_failed(session, 1).await?;
    session.files.recover(WASM);
    session.advance(PAUSES[1]).await?;
    session.shows("#scheduled", "scheduled").await?;
    // The instance ends, and the next one has to be loaded.
    session.run("Math.random = () => { throw new Error('no chance'); }; connect(true);").await?;
    session.wait("w.verdict === null").await?;
    session.files.fail(WASM);
    session.run("Math.random = () => 0.5; document.body.append(w);").await?;
    has_failed(session, 1).await?;
    session.files.recover(WASM);
    session.advance(PAUSES[0]).await?;
    session.shows("#scheduled", "scheduled").await?;
    session.expect_console(&["HTTP 503", "Math.random throws", "HTTP 503"]).await?;
    session.no_errors().await
}

async fn nobody_waits(session: &mut Session) -> Result<()> {
    failed(session).await?;
    session.run("w.remove(); await __clock.settle();").await?;
    is_over(session).await?;
    // Removed while an attempt is under way.
    session.run("document.body.append(w);").await?;
    has_failed(session, 1).await?;
    session.files.hold(WASM);
    let before = session.files.count(WASM);
    session.run("connect(true); w.remove(); await __clock.settle();").await?;
    session.files.release(WASM);
    have_ended(session, 6).await?;
    ensure!(session.files.count(WASM) == before + 2, "{} requests", session.files.count(WASM) - before);
    is_over(session).await?;
    one_message(session, &["HTTP 503"]).await?;
    session.no_errors().await
}

async fn mounted(session: &mut Session) -> Result<()> {
    session.files.fail(WASM);
    session.open(Page::new("<div id=target>Shown without widgets</div>").fake_clock().ledger()).await?;
    session
        .run(
            "const { mount } = await import('{files}/zoho-backup-status.js');
             window.refused = null;
             mount(widget('#target')).catch((error) => { refused = String(error); });",
        )
        .await?;
    has_failed(session, 0).await?;
    session.wait("refused !== null").await?;
    is_over(session).await?;
    one_message(session, &["HTTP 503"]).await?;
    session.no_errors().await
}

async fn failed_once(session: &mut Session) -> Result<()> {
    let page = "<script>
           const real = window.fetch;
           window.fetch = (...request) => {
             if (!String(request[0]).includes('widget_bg')) return real(...request);
             window.fetch = real;
             return Promise.reject(new TypeError('the connection was reset'));
           };
         </script>";
    session.open(Page::new([page, &element("scheduled")].concat()).fake_clock().ledger()).await?;
    session.run("window.w = widget();").await?;
    has_failed(session, 1).await?;
    one_message(session, &["did not load at first", "the connection was reset"]).await?;
    session.advance(PAUSES[0]).await?;
    runs(session).await
}

async fn web_page(session: &mut Session) -> Result<()> {
    session.files.answer_with_page(WASM);
    session.open(Page::of("scheduled").fake_clock().ledger()).await?;
    session.run("window.w = widget();").await?;
    has_failed(session, 1).await?;
    one_message(session, &["web page"]).await?;
    session.files.recover(WASM);
    session.advance(PAUSES[0]).await?;
    runs(session).await
}

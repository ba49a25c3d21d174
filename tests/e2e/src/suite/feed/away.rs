//! Pages that nobody sees: hidden, left for the back/forward cache, behind another window, asleep.

use anyhow::{Result, ensure};
use sandbox::Outcome;

use super::{fired, one, open, verdict};
use crate::page::Page;
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("feed",
    "a hidden page asks nothing, and at once when it is seen" => hidden,
    "a page that comes back before its time waits the rest of it" => hidden_briefly,
    "what has aged unseen is told only if the request that follows fails" => aged_unseen,
    "a computer that has slept asks at once, and tells no staleness that is over" => slept,
    "a page hidden from the start asks when it is seen" => hidden_from_the_start,
    "a page without a network says so at once, and asks when there is one" => offline_from_the_start,
    "a listener of the page that comes before ours refreshes in vain when it is left, and at once when it is back" => page_listens,
    "a window behind another asks nothing" => second_window,
    "a page from the back/forward cache asks at once what is due" => back_forward_cache,
    "a page that is left aborts its request, and makes it again when it is come back to" => left_in_flight,
);

const HOUR: i64 = 3_600_000;

async fn hidden(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run("look('hidden');").await?;
    session.pass(HOUR).await?;
    session.asked("scheduled", 1).await?;
    session.run("look('visible'); await __clock.pass(0);").await?;
    session.asked("scheduled", 2).await?;
    let now = verdict(session, "#w").await?;
    ensure!(!now.stale && now.tone == "good", "{now:?}");
    session.pass(300_000).await?;
    session.asked("scheduled", 3).await?;
    session.no_errors().await
}

async fn hidden_briefly(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run("look('hidden'); await __clock.pass(100_000); look('visible');").await?;
    session.pass(199_999).await?;
    session.asked("scheduled", 1).await?;
    session.pass(1).await?;
    session.asked("scheduled", 2).await?;
    session.no_errors().await
}

/// The texts that are spoken from now on.
const LISTEN: &str = "window.__said = [];
    new MutationObserver(() => __said.push(seen_by_nobody())).observe(
      widget().shadowRoot.querySelector('[role=status]'), { childList: true, subtree: true, characterData: true });
    function seen_by_nobody() { return widget().shadowRoot.querySelector('[role=status]').textContent; }";

async fn aged_unseen(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run(LISTEN).await?;
    session.run("look('hidden'); await __clock.pass(3_600_000);").await?;
    let aged = verdict(session, "#w").await?;
    ensure!(aged.stale && aged.tone == "neutral", "never good from what is stale: {aged:?}");
    ensure!(fired(session, "change", "w").await? == 1, "told before anybody has asked");
    session.run("look('visible'); await __clock.pass(0);").await?;
    ensure!(!verdict(session, "#w").await?.stale, "still stale");
    ensure!(fired(session, "change", "w").await? == 1, "told although the request went well");
    let said: Vec<String> = session.eval("__said").await?;
    ensure!(said.is_empty(), "{said:?}");

    session.answer_as("scheduled", "internal-error")?;
    session.run("look('hidden'); await __clock.pass(3_600_000);").await?;
    ensure!(fired(session, "change", "w").await? == 1, "told before anybody has asked");
    session.run("look('visible'); await __clock.pass(0);").await?;
    let failed = verdict(session, "#w").await?;
    ensure!(failed.stale && failed.fault_kind() == Some("internal-error"), "{failed:?}");
    ensure!(fired(session, "change", "w").await? == 2, "the request failed: now it is news");
    ensure!(fired(session, "error", "w").await? == 1, "one request has failed");
    let said: Vec<String> = session.eval("__said").await?;
    println!("        {said:?}");
    let told = said.last().is_some_and(|said| said.contains("last read 1 hr ago") && said.contains("failed"));
    ensure!(told, "{said:?}");
    session.no_errors().await
}

async fn slept(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run("__clock.sleep(36_000_000); await __clock.pass(0);").await?;
    session.asked("scheduled", 2).await?;
    let now = verdict(session, "#w").await?;
    ensure!(!now.stale && now.tone == "good", "{now:?}");
    ensure!(fired(session, "change", "w").await? == 1, "a staleness that was over in a moment was told");
    session.no_errors().await
}

async fn hidden_from_the_start(session: &mut Session) -> Result<()> {
    let hides = "<script>
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' });
      Object.defineProperty(document, 'hidden', { configurable: true, value: true });
    </script>";
    open(session, [hides.to_owned(), one("w", "scheduled", "")]).await?;
    session.shows("#w", "loading").await?;
    session.asked("scheduled", 0).await?;
    session.run("look('visible');").await?;
    session.shows("#w", "scheduled").await?;
    session.asked("scheduled", 1).await?;
    session.no_errors().await
}

async fn offline_from_the_start(session: &mut Session) -> Result<()> {
    let disconnects = "<script>
      Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
    </script>";
    let element = one("w", "scheduled", "").replace("proxy-url", "data-url");
    open(session, [disconnects.to_owned(), element]).await?;
    session.run("await widget().ready; widget().proxyUrl = widget().dataset.url;").await?;
    let offline = session.settled("#w").await?;
    ensure!(offline.state == "error" && offline.fault_kind() == Some("offline"), "{offline:?}");
    println!("        {:?}", session.text("#w", "notice").await?);
    session.asked("scheduled", 0).await?;
    session.run("connect(true);").await?;
    session.pass(2_000).await?;
    session.shows("#w", "scheduled").await?;
    session.asked("scheduled", 1).await?;
    session.no_errors().await
}

async fn page_listens(session: &mut Session) -> Result<()> {
    let listens = "<script>
      const refresh = () => window.handle?.refresh();
      document.addEventListener('visibilitychange', refresh);
      window.addEventListener('online', refresh);
      window.addEventListener('offline', refresh);
    </script>
    <div id=target></div>";
    open(session, [listens.to_owned()]).await?;
    session
        .run(
            "const { mount } = await import('{files}/zoho-backup-status.js');
             const proxyUrl = '{api}/scenarios/scheduled/crm/bulk/v6/backup';
             window.handle = await mount(document.querySelector('#target'), { proxyUrl, refreshInterval: 0 });",
        )
        .await?;
    session.wait("handle.verdict.state === 'scheduled'").await?;
    let mut requests = 1;
    for (left, back) in [("look('hidden')", "look('visible')"), ("connect(false)", "connect(true)")] {
        session.pass(60_000).await?;
        session.run(&format!("{left}; await __clock.pass(0);")).await?;
        session.asked("scheduled", requests).await?;
        session.pass(60_000).await?;
        session.run(&format!("{back}; await __clock.pass(0);")).await?;
        requests += 1;
        session.asked("scheduled", requests).await?;
    }
    session.no_errors().await
}

async fn second_window(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    // Only the second window can be scripted without bringing the first one back: it asks the first to let time pass.
    session
        .run(
            "const channel = new BroadcastChannel('windows');
             channel.onmessage = async () => {
               await __clock.pass(3_600_000);
               channel.postMessage(document.visibilityState);
             };",
        )
        .await?;
    let tells = "<!doctype html><title>second</title><script>onload = () => new BroadcastChannel('opened').postMessage(null)</script>";
    let first = session.open_window(Page::verbatim(tells)).await?;
    let was: String = session
        .eval(
            "await new Promise((resolve) => {
               const channel = new BroadcastChannel('windows');
               channel.onmessage = ({ data }) => resolve(data);
               channel.postMessage(null);
             })",
        )
        .await?;
    ensure!(was == "hidden", "behind a second window the first is {was}");
    session.asked("scheduled", 1).await?;
    session.close_window(first).await?;
    session.wait("document.visibilityState === 'visible'").await?;
    session.pass(0).await?;
    session.asked("scheduled", 2).await?;
    session.no_errors().await
}

async fn back_forward_cache(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session
        .run(
            "window.mark = 'the same page';
             addEventListener('pagehide', () => __clock.sleep(400_000));",
        )
        .await?;
    session.open(Page::verbatim("<!doctype html><title>elsewhere</title>")).await?;
    session.asked("scheduled", 1).await?;
    session.back().await?;
    session.wait("window.mark === 'the same page'").await?;
    session
        .api_sees("the request that is due", |requests| {
            requests.iter().filter(|request| request.scenario == Some("scheduled")).count() == 2
        })
        .await?;
    session.pass(0).await?;
    ensure!(!verdict(session, "#w").await?.stale, "stale");
    ensure!(fired(session, "change", "w").await? == 1, "no change but the first answer");
    session.no_errors().await
}

async fn left_in_flight(session: &mut Session) -> Result<()> {
    session.answer_as("scheduled", "stalled")?;
    open(session, [one("w", "scheduled", "")]).await?;
    session.run("await widget().ready;").await?;
    session.api_sees("the first request", |requests| !requests.is_empty()).await?;
    session.open(Page::verbatim("<!doctype html><title>elsewhere</title>")).await?;
    session
        .api_sees("the request aborted", |requests| {
            requests.iter().any(|request| request.outcome == Outcome::Abandoned)
        })
        .await?;
    session.answer_as("scheduled", "scheduled")?;
    session.back().await?;
    // Firefox loads such a page anew; from a cache it comes with its clock, and no two requests start within 2 seconds.
    session.wait("widget()?.verdict").await?;
    session.pass(2_000).await?;
    session.shows("#w", "scheduled").await?;
    session.no_errors().await
}

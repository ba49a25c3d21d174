//! Pages that no one sees: hidden, in the back/forward cache, behind another window, asleep.

use anyhow::{Result, ensure};
use sandbox::Outcome;

use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::time_units::HOUR;

pub const TESTS: &[Test] = tests!("feed",
    "a hidden page sends no request, and one at once when it is seen" => hidden,
    "a page that is seen again before the interval is over waits for the rest of it" => hidden_briefly,
    "staleness of a hidden page is reported only if the next request fails" => aged_unseen,
    "after sleep a request is sent at once, and staleness that it ends is not reported" => slept,
    "a page that is hidden from the start sends its request when it is seen" => hidden_from_the_start,
    "a page without a network says so at once, and asks again when there is one" => offline_from_the_start,
    "a browser that calls itself offline on a working network keeps no request back" => called_offline,
    "a listener of the page that refreshes sends no request when the page is left, and one on its return" => page_listens,
    "a window behind another sends no request" => second_window,
    "a page from the back/forward cache sends a request that is due at once" => back_forward_cache,
    "after a sign-on was asked for, a page that is seen again asks at once, at most every 30 seconds" => signed_on,
    "a page aborts its request when it is left, and repeats it on return" => left_in_flight,
);

async fn hidden(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run("look('hidden');").await?;
    session.pass(HOUR).await?;
    session.expect_requests("scheduled", 1).await?;
    session.run("look('visible'); await __clock.pass(0);").await?;
    session.expect_requests("scheduled", 2).await?;
    let now = session.verdict("#w").await?;
    ensure!(!now.stale && now.tone == "good", "{now:?}");
    session.pass(300_000).await?;
    session.expect_requests("scheduled", 3).await?;
    session.no_errors().await
}

async fn hidden_briefly(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run("look('hidden'); await __clock.pass(100_000); look('visible');").await?;
    session.pass(199_999).await?;
    session.expect_requests("scheduled", 1).await?;
    session.pass(1).await?;
    session.expect_requests("scheduled", 2).await?;
    session.no_errors().await
}

/// Records the texts that are announced from now on in `__said`.
const LISTEN: &str = "window.__said = [];
    new MutationObserver(() => __said.push(announced())).observe(
      widget().shadowRoot.querySelector('[role=status]'), { childList: true, subtree: true, characterData: true });
    function announced() { return widget().shadowRoot.querySelector('[role=status]').textContent; }";

async fn aged_unseen(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run(LISTEN).await?;
    session.run("look('hidden'); await __clock.pass(3_600_000);").await?;
    let aged = session.verdict("#w").await?;
    ensure!(aged.stale && aged.tone == "neutral", "good although stale: {aged:?}");
    ensure!(session.fired("change", "w").await? == 1, "reported before a request");
    session.run("look('visible'); await __clock.pass(0);").await?;
    ensure!(!session.verdict("#w").await?.stale, "still stale");
    ensure!(session.fired("change", "w").await? == 1, "reported although the request succeeded");
    let said: Vec<String> = session.eval("__said").await?;
    ensure!(said.is_empty(), "{said:?}");

    session.respond_as("scheduled", "internal-error")?;
    session.run("look('hidden'); await __clock.pass(3_600_000);").await?;
    ensure!(session.fired("change", "w").await? == 1, "reported before a request");
    session.run("look('visible'); await __clock.pass(0);").await?;
    let failed = session.verdict("#w").await?;
    ensure!(failed.stale && failed.fault_kind() == Some("internal-error"), "{failed:?}");
    ensure!(session.fired("change", "w").await? == 2, "a failed request fired no change");
    ensure!(session.fired("error", "w").await? == 1, "not one error event");
    let said: Vec<String> = session.eval("__said").await?;
    session.note(format!("{said:?}"));
    let is_announced =
        said.last().is_some_and(|said| said.contains("last read 1 hr ago") && said.contains("failed"));
    ensure!(is_announced, "{said:?}");
    session.no_errors().await
}

async fn slept(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run("__clock.sleep(36_000_000); await __clock.pass(0);").await?;
    session.expect_requests("scheduled", 2).await?;
    let now = session.verdict("#w").await?;
    ensure!(!now.stale && now.tone == "good", "{now:?}");
    ensure!(session.fired("change", "w").await? == 1, "staleness that ended at once was reported");
    session.no_errors().await
}

async fn hidden_from_the_start(session: &mut Session) -> Result<()> {
    let hides = "<script>
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' });
      Object.defineProperty(document, 'hidden', { configurable: true, value: true });
    </script>";
    session.open_with_fake_clock([hides.to_owned(), element_with("w", "scheduled", "")]).await?;
    session.shows("#w", "loading").await?;
    session.expect_requests("scheduled", 0).await?;
    session.run("look('visible');").await?;
    session.shows("#w", "scheduled").await?;
    session.expect_requests("scheduled", 1).await?;
    session.no_errors().await
}

const DISCONNECTS: &str = "<script>
  Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
</script>";

/// The request that the script starts before the wasm is there counts.
async fn called_offline(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([DISCONNECTS.to_owned(), element_with("w", "scheduled", "")]).await?;
    session.shows("#w", "scheduled").await?;
    session.expect_requests("scheduled", 1).await?;
    session.run("window.dispatchEvent(new Event('offline'));").await?;
    session.pass(330_000).await?;
    session.expect_requests("scheduled", 2).await?;
    ensure!(session.verdict("#w").await?.fault.is_none(), "a fault without a failure");
    session.no_errors().await
}

async fn offline_from_the_start(session: &mut Session) -> Result<()> {
    session.respond_as("scheduled", "dropped")?;
    let element = element_with("w", "scheduled", "refresh-interval=0").replace("proxy-url", "data-url");
    session.open_with_fake_clock([DISCONNECTS.to_owned(), element]).await?;
    session.run("await widget().ready; widget().proxyUrl = widget().dataset.url;").await?;
    session.pass(0).await?;
    let offline = session.settled("#w").await?;
    ensure!(offline.state == "error" && offline.fault_kind() == Some("offline"), "{offline:?}");
    session.note(format!("{:?}", session.text("#w", "notice").await?));
    session.respond_as("scheduled", "scheduled")?;
    session.run("connect(true);").await?;
    session.pass(2_000).await?;
    session.shows("#w", "scheduled").await?;
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
    session.open_with_fake_clock([listens.to_owned()]).await?;
    session
        .run(
            "const { mount } = await import('{files}/zoho-backup-status.js');
             const proxyUrl = '{api}/scenarios/scheduled/crm/bulk/v6/backup';
             window.handle = await mount(document.querySelector('#target'), { proxyUrl, refreshInterval: 0 });",
        )
        .await?;
    session.wait("handle.verdict.state === 'scheduled'").await?;
    for (event, requests) in
        [("look('hidden')", 1), ("look('visible')", 2), ("connect(false)", 3), ("connect(true)", 4)]
    {
        session.pass(60_000).await?;
        session.run(&format!("{event}; await __clock.pass(0);")).await?;
        session.expect_requests("scheduled", requests).await?;
    }
    session.no_errors().await
}

async fn second_window(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    // A script in the first window would bring it to the front. Instead, the second one makes the first move its clock.
    session
        .run(
            "const channel = new BroadcastChannel('windows');
             channel.onmessage = async () => {
               await __clock.pass(3_600_000);
               channel.postMessage(document.visibilityState);
             };",
        )
        .await?;
    let page = "<!doctype html><title>second</title><script>onload = () => new BroadcastChannel('opened').postMessage(null)</script>";
    let first = session.open_window(Page::verbatim(page)).await?;
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
    session.expect_requests("scheduled", 1).await?;
    session.close_window(first).await?;
    session.wait("document.visibilityState === 'visible'").await?;
    session.pass(0).await?;
    session.expect_requests("scheduled", 2).await?;
    session.no_errors().await
}

async fn back_forward_cache(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session
        .run(
            "window.mark = 'the same page';
             addEventListener('pagehide', () => __clock.sleep(400_000));",
        )
        .await?;
    // A page with a request in flight is not cached.
    session.barrier().await?;
    session.open(Page::verbatim("<!doctype html><title>elsewhere</title>")).await?;
    session.expect_requests("scheduled", 1).await?;
    session.back().await?;
    session.wait("window.mark === 'the same page'").await?;
    session
        .api_sees("the request that is due", |requests| {
            requests.iter().filter(|request| request.scenario == Some("scheduled")).count() == 2
        })
        .await?;
    session.pass(0).await?;
    ensure!(!session.verdict("#w").await?.stale, "stale");
    ensure!(session.fired("change", "w").await? == 1, "a change other than the first answer");
    session.no_errors().await
}

async fn left_in_flight(session: &mut Session) -> Result<()> {
    session.respond_as("scheduled", "stalled")?;
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.run("await widget().ready;").await?;
    session.api_sees("the first request", |requests| !requests.is_empty()).await?;
    session.open(Page::verbatim("<!doctype html><title>elsewhere</title>")).await?;
    session
        .api_sees("the request aborted", |requests| {
            requests.iter().any(|request| request.outcome == Outcome::Abandoned)
        })
        .await?;
    session.respond_as("scheduled", "scheduled")?;
    session.back().await?;
    // Firefox reloads such a page. From a cache it comes with its clock, and two requests are at least 2 seconds apart.
    session.wait("widget()?.verdict").await?;
    session.pass(2_000).await?;
    session.shows("#w", "scheduled").await?;
    session.no_errors().await
}

/// Somebody has signed on in another tab, or may have.
async fn signed_on(session: &mut Session) -> Result<()> {
    for (scenario, kind) in [("redirect", "redirected"), ("unauthorized", "unauthorized"), ("html", "html")] {
        session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
        session.settled("#w").await?;
        session.respond_as("scheduled", scenario)?;
        session
            .run("look('hidden'); await __clock.pass(600_000); look('visible'); await __clock.pass(0);")
            .await?;
        let fault = session.verdict("#w").await?;
        ensure!(fault.fault_kind() == Some(kind), "{scenario}: {:?}", fault.fault);
        // Looking again and again brings no more than two requests a minute, besides the usual ones.
        let failures = session.fired("error", "w").await?;
        session
            .run(
                "for (let second = 0; second < 29; second += 1) {
                    window.dispatchEvent(new Event('focus'));
                    await __clock.pass(1_000);
                  }",
            )
            .await?;
        let more = session.fired("error", "w").await? - failures;
        let usual = if kind == "html" { 4 } else { 0 };
        ensure!(more <= usual, "{scenario}: {more} requests in 29 seconds");
        session.respond_as("scheduled", "scheduled")?;
        session
            .run("look('hidden'); await __clock.pass(31_000); look('visible'); await __clock.pass(0);")
            .await?;
        let again = session.verdict("#w").await?;
        ensure!(again.fault.is_none() && again.tone == "good", "{scenario}: {again:?}");
        session.no_errors().await?;
    }
    Ok(())
}

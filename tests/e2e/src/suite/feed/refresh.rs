//! `refresh()` and the refresh button.

use anyhow::{Context, Result, ensure};

use super::steps::is_requested;
use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("feed",
    "the refresh button shows that it is busy, then that it is done" => done,
    "the refresh button shows that the check failed, and why" => failed,
    "the refresh button shows that it must wait, and until when" => refused,
    "the refresh button asks also where the browser calls itself offline" => offline,
    "refresh() resolves with its own outcome" => promised,
    "refresh() resolves when data or a refused URL ends the request" => refresh_ended,
    "refresh() of a removed widget resolves" => refresh_removed,
    "refresh() of an element that is removed while the script loads resolves" => refresh_removed_while_loading,
    "refresh() says whether it has asked, and how that went" => outcomes,
);

const PRESS: &str = "widget().shadowRoot.querySelector('[part=refresh]').click(); await __clock.settle();";

/// The visible outcome, and what is announced to screen readers.
async fn outcome_and_announcement(session: &Session) -> Result<(Option<String>, String)> {
    let outcome = session.text("#w", "outcome").await?;
    let said =
        session.eval("oneLine(widget().shadowRoot.querySelector('[role=status]').textContent)").await?;
    session.note(format!("{outcome:?}, announced: {said:?}"));
    Ok((outcome, said))
}

async fn is_busy(session: &Session) -> Result<bool> {
    session.eval("widget().shadowRoot.querySelector('[part=refresh]').ariaBusy === 'true'").await
}

async fn done(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.pass(60_000).await?;
    session.respond_as("scheduled", "stalled")?;
    session.run("widget().shadowRoot.querySelector('[part=refresh]').focus();").await?;
    session.run(PRESS).await?;
    ensure!(is_busy(session).await?, "not busy");
    let (outcome, said) = outcome_and_announcement(session).await?;
    ensure!(outcome.as_deref() == Some("Checking…") && said == "Checking…", "{outcome:?}, {said}");
    session.advance(10_000).await?;
    session.wait("seen(widget(), 'outcome') === 'Check failed'").await?;

    session.respond_as("scheduled", "scheduled")?;
    session.pass(5_000).await?;
    session.run(PRESS).await?;
    session.pass(0).await?;
    ensure!(!is_busy(session).await?, "still busy");
    let (outcome, said) = outcome_and_announcement(session).await?;
    ensure!(outcome.as_deref() == Some("Checked"), "{outcome:?}");
    ensure!(said.starts_with("Zoho CRM backup: Scheduled. The next run is planned."), "{said}");
    let has_focus: bool =
        session.eval("widget().shadowRoot.activeElement?.part.contains('refresh') ?? false").await?;
    ensure!(has_focus, "the button has lost the focus");
    session.pass(9_999).await?;
    ensure!(session.text("#w", "outcome").await?.is_some(), "removed too early");
    session.pass(1).await?;
    ensure!(session.text("#w", "outcome").await?.is_none(), "still there after ten seconds");
    session.no_errors().await
}

async fn failed(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "refresh-interval=0")]).await?;
    session.settled("#w").await?;
    session.respond_as("scheduled", "internal-error")?;
    for _ in 0..2 {
        session.pass(60_000).await?;
        session.run(PRESS).await?;
        session.pass(0).await?;
        let (outcome, said) = outcome_and_announcement(session).await?;
        ensure!(outcome.as_deref() == Some("Check failed"), "{outcome:?}");
        ensure!(said == "Check failed. Zoho's server failed.", "{said}");
    }
    session.expect_requests("scheduled", 3).await?;
    session.no_errors().await
}

async fn refused(session: &mut Session) -> Result<()> {
    session.respond_as("scheduled", "rate-limited-retry-after")?;
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.pass(60_000).await?;
    session.run(PRESS).await?;
    let (outcome, said) = outcome_and_announcement(session).await?;
    ensure!(outcome.as_deref() == Some("Not checked"), "{outcome:?}");
    ensure!(said.contains("Not checked. Too many requests: the account's API credits or concurrent calls are used up, or a server on the way refuses more. The server asked not to retry before "), "{said}");
    session.expect_requests("scheduled", 1).await?;
    session.pass(60_000).await?;
    session.expect_requests("scheduled", 2).await?;
    session.no_errors().await
}

async fn offline(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.pass(60_000).await?;
    session.run("connect(false);").await?;
    for (scenario, outcome, announcement) in [
        ("dropped", "Check failed", "Check failed. The proxy did not answer: this computer is offline."),
        ("scheduled", "Checked", "Zoho CRM backup: Scheduled. The next run is planned."),
    ] {
        session.respond_as("scheduled", scenario)?;
        session.pass(5_000).await?;
        session.run(PRESS).await?;
        session.pass(0).await?;
        let (shown, said) = outcome_and_announcement(session).await?;
        ensure!(shown.as_deref() == Some(outcome), "{shown:?}");
        ensure!(said.starts_with(announcement), "{said}");
    }
    session.no_errors().await
}

async fn promised(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    let refresh = "(async () => {
      const verdict = widget().refresh();
      await __clock.pass(0);
      return verdict;
    })()";
    for (scenario, online, fault) in [
        ("scheduled", true, None),
        ("internal-error", true, Some("internal-error")),
        ("dropped", true, Some("unreachable")),
        ("dropped", false, Some("offline")),
        ("rate-limited-retry-after", true, Some("rate-limited")),
        // It must still wait: the outcome stays the same.
        ("scheduled", true, Some("rate-limited")),
    ] {
        session.respond_as("scheduled", scenario)?;
        session.run(&format!("connect({online});")).await?;
        session.pass(5_000).await?;
        let verdict: Verdict = session.eval(refresh).await?;
        session.note(format!("{scenario} → {:?}", verdict.fault_kind()));
        ensure!(verdict.fault_kind() == fault, "{verdict:?}");
    }
    session.no_errors().await
}

/// Opens a page whose widget `w` waits for the answer to a `refresh()`, which resolves to `refreshed`.
async fn refreshing(session: &Session) -> Result<()> {
    session.api()?.record().clear();
    session.respond_as("scheduled", "scheduled")?;
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    session.respond_as("scheduled", "slow")?;
    session.advance(6_000).await?;
    session
        .run(
            "window.w = widget();
             window.refreshed = undefined;
             w.refresh().then((verdict) => { refreshed = verdict; });",
        )
        .await?;
    is_requested(session, "scheduled", 2).await?;
    let waits: bool = session.eval("refreshed === undefined").await?;
    ensure!(waits, "refresh() resolved before its answer");
    Ok(())
}

async fn refresh_ended(session: &mut Session) -> Result<()> {
    let other = format!("proxyUrl = '{}'", session.url("failed"));
    for (change, state) in [
        ("data = { backup: { status: 'STOPPED' } }", "stopped"),
        ("proxyUrl = 'ftp://files.example/backup'", "error"),
        ("proxyUrl = null", "error"),
        (other.as_str(), "failed"),
    ] {
        refreshing(session).await?;
        session.run(&format!("w.{change};")).await?;
        session.wait("refreshed !== undefined").await.with_context(|| change.to_owned())?;
        let refreshed: Verdict = session.eval("refreshed").await?;
        ensure!(refreshed.state == state, "{change}: {refreshed:?}");
        session.shows("#scheduled", state).await?;
        session.no_errors().await?;
    }
    Ok(())
}

async fn refresh_removed(session: &mut Session) -> Result<()> {
    refreshing(session).await?;
    session.run("w.remove();").await?;
    session.wait("refreshed !== undefined").await?;
    let resolved: Option<Verdict> = session.eval("refreshed").await?;
    ensure!(resolved.is_none(), "{resolved:?}");
    session.no_errors().await
}

async fn refresh_removed_while_loading(session: &mut Session) -> Result<()> {
    const WASM: &str = "/widget_bg.wasm";
    session.files.hold(WASM);
    session.open(Page::of("scheduled")).await?;
    session.wait("widget().refresh && widget().shadowRoot").await?;
    session
        .run(
            "window.w = widget();
             window.refreshed = w.refresh();
             w.remove();",
        )
        .await?;
    let first: Option<Verdict> = session.eval("await refreshed").await?;
    ensure!(first.is_none(), "{first:?}");
    // Back in the page, it waits for the widget like any other. A move in one task is no removal.
    session.run("document.body.append(w); window.refreshed = w.refresh(); document.body.prepend(w);").await?;
    session.files.release(WASM);
    let second: Verdict = session.eval("await refreshed").await?;
    ensure!(second.state == "scheduled", "{second:?}");
    session.no_errors().await
}

async fn outcomes(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    let asked = "window.asked = widget().refresh(); await __clock.pass(0);";
    for (case, before, outcome) in [
        ("a moment after the first answer", "", "recent"),
        ("a new answer", "await __clock.pass(60_000);", "done"),
        ("a moment after that", "", "recent"),
        ("hidden", "await __clock.pass(60_000); look('hidden');", "refused"),
        ("seen again", "look('visible'); await __clock.pass(60_000);", "done"),
        ("data", "widget().data = { backup: null };", "refused"),
        ("a refused URL", "widget().data = null; widget().proxyUrl = 'ftp://x/';", "refused"),
    ] {
        session.run(&format!("{before} {asked}")).await?;
        let found: String = session.eval("(await asked).outcome").await?;
        ensure!(found == outcome, "{case}: {found}");
    }
    let members: bool = session.eval("'outcome' in widget().verdict").await?;
    ensure!(!members, "a verdict that nobody has asked for has an outcome");

    for (scenario, outcome, kind) in [
        ("internal-error", "failed", "internal-error"),
        ("rate-limited-retry-after", "failed", "rate-limited"),
    ] {
        session.respond_as("scheduled", scenario)?;
        session
            .run(&format!("widget().proxyUrl = '{}'; await __clock.pass(60_000);", session.url("scheduled")))
            .await?;
        session.run(asked).await?;
        let (found, fault): (String, String) =
            session.eval("asked.then(({ outcome, fault }) => [outcome, fault.kind])").await?;
        ensure!(found == outcome && fault == kind, "{scenario}: {found}, {fault}");
    }
    session.run(&format!("await __clock.pass(60_000); {asked}")).await?;
    let found: String = session.eval("(await asked).outcome").await?;
    ensure!(found == "refused", "before the end of Retry-After: {found}");
    session.no_errors().await
}

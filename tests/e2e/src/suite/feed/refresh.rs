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
    ensure!(said.contains("Not checked. The account's API credits or concurrent calls are used up. The server asked not to retry before "), "{said}");
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
    session.no_errors().await
}

//! What comes of a refresh that somebody asks for.

use anyhow::{Result, ensure};

use super::{one, open};
use crate::runner::Test;
use crate::session::{Session, Verdict};

pub const TESTS: &[Test] = crate::tests!("feed",
    "the button says that it is busy, then that it is done" => done,
    "the button says that the check failed, and why" => failed,
    "the button says that it may not ask yet, and until when" => refused,
    "the button says that there is no network" => offline,
    "refresh() resolves with its own outcome" => promised,
);

const PRESS: &str = "widget().shadowRoot.querySelector('[part=refresh]').click(); await __clock.settle();";

/// What the outcome says, and what is said to those who do not see.
async fn told(session: &Session) -> Result<(Option<String>, String)> {
    let outcome = session.text("#w", "outcome").await?;
    let said =
        session.eval("oneLine(widget().shadowRoot.querySelector('[role=status]').textContent)").await?;
    println!("        {outcome:?}, said: {said:?}");
    Ok((outcome, said))
}

async fn is_busy(session: &Session) -> Result<bool> {
    session.eval("widget().shadowRoot.querySelector('[part=refresh]').ariaBusy === 'true'").await
}

async fn done(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.pass(60_000).await?;
    session.answer_as("scheduled", "stalled")?;
    session.run("widget().shadowRoot.querySelector('[part=refresh]').focus();").await?;
    session.run(PRESS).await?;
    ensure!(is_busy(session).await?, "not busy");
    let (outcome, said) = told(session).await?;
    ensure!(outcome.as_deref() == Some("Checking…") && said == "Checking…", "{outcome:?}, {said}");
    session.advance(10_000).await?;
    session.wait("seen(widget(), 'outcome') === 'Check failed'").await?;

    session.answer_as("scheduled", "scheduled")?;
    session.pass(5_000).await?;
    session.run(PRESS).await?;
    session.pass(0).await?;
    ensure!(!is_busy(session).await?, "still busy");
    let (outcome, said) = told(session).await?;
    ensure!(outcome.as_deref() == Some("Checked"), "{outcome:?}");
    ensure!(said.starts_with("Zoho CRM backup: Scheduled. The next run is planned."), "{said}");
    let has_focus: bool =
        session.eval("widget().shadowRoot.activeElement?.part.contains('refresh') ?? false").await?;
    ensure!(has_focus, "the button has lost the focus");
    session.pass(9_999).await?;
    ensure!(session.text("#w", "outcome").await?.is_some(), "gone before its time");
    session.pass(1).await?;
    ensure!(session.text("#w", "outcome").await?.is_none(), "still there after ten seconds");
    session.no_errors().await
}

async fn failed(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "refresh-interval=0")]).await?;
    session.settled("#w").await?;
    session.answer_as("scheduled", "internal-error")?;
    for _ in 0..2 {
        session.pass(60_000).await?;
        session.run(PRESS).await?;
        session.pass(0).await?;
        let (outcome, said) = told(session).await?;
        ensure!(outcome.as_deref() == Some("Check failed"), "{outcome:?}");
        ensure!(said == "Check failed. Zoho's server failed.", "{said}");
    }
    session.asked("scheduled", 3).await?;
    session.no_errors().await
}

async fn refused(session: &mut Session) -> Result<()> {
    session.answer_as("scheduled", "rate-limited-retry-after")?;
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.pass(60_000).await?;
    session.run(PRESS).await?;
    let (outcome, said) = told(session).await?;
    ensure!(outcome.as_deref() == Some("Not checked"), "{outcome:?}");
    ensure!(said.contains("Not checked. The account's API credits or concurrent calls are used up. The answer asks for a wait until "), "{said}");
    session.asked("scheduled", 1).await?;
    session.pass(60_000).await?;
    session.asked("scheduled", 2).await?;
    session.no_errors().await
}

async fn offline(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.pass(60_000).await?;
    session.run("connect(false);").await?;
    for _ in 0..2 {
        session.run(PRESS).await?;
        let (outcome, said) = told(session).await?;
        ensure!(outcome.as_deref() == Some("Not checked"), "{outcome:?}");
        ensure!(said == "Not checked. This computer was offline when the last request was due.", "{said}");
        session.pass(20_000).await?;
    }
    session.asked("scheduled", 1).await?;
    session.run("connect(true);").await?;
    session.pass(2_000).await?;
    session.asked("scheduled", 2).await?;
    session.no_errors().await
}

async fn promised(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    let refresh = "(async () => {
      const verdict = widget().refresh();
      await __clock.pass(0);
      return verdict;
    })()";
    for (scenario, fault) in [
        ("scheduled", None),
        ("internal-error", Some("internal-error")),
        ("dropped", Some("unreachable")),
        ("rate-limited-retry-after", Some("rate-limited")),
        // It may not ask now: the outcome is still that.
        ("scheduled", Some("rate-limited")),
    ] {
        session.answer_as("scheduled", scenario)?;
        session.pass(5_000).await?;
        let verdict: Verdict = session.eval(refresh).await?;
        println!("        {scenario} → {:?}", verdict.fault_kind());
        ensure!(verdict.fault_kind() == fault, "{verdict:?}");
    }
    session.run("connect(false);").await?;
    session.pass(120_000).await?;
    let verdict: Verdict = session.eval(refresh).await?;
    ensure!(verdict.fault_kind() == Some("offline"), "{verdict:?}");
    session.no_errors().await
}

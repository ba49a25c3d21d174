//! The properties and the method of the element.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::supplied::supplied;
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("contract property",
    "data: is shown without a request; null resumes requests" => data,
    "messages: replace the built-in sentences; null restores them; unknown keys warn" => messages,
    "verdict: is plain data with the document as sent; null before the wasm has arrived" => verdict_is_plain,
    "ready: resolves when the widget runs" => ready,
    "ready: rejects with the load error" => ready_rejects,
);

pub const METHODS: &[Test] = tests!("contract method",
    "refresh: sends a request and resolves with the verdict, at most once in 5 seconds" => refresh,
    "refresh: a failure resolves with the last good answer and the fault" => refresh_fails,
);

async fn data(session: &mut Session) -> Result<()> {
    session.open(Page::new("")).await?;
    session
        .run(&format!(
            "await customElements.whenDefined('zoho-backup-status');
             const element = document.createElement('zoho-backup-status');
             element.id = 'w';
             element.data = {};
             element.proxyUrl = '{}';
             document.body.append(element);",
            supplied(7_200),
            session.url("overdue")
        ))
        .await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "scheduled", "the state is {}", verdict.state);
    ensure!(session.text("#w", "countdown").await?.is_some(), "no countdown is shown");
    session.barrier().await?;
    ensure!(session.requests("overdue")? == 0, "a request was sent although the host supplies the data");
    session.run("widget().data = null;").await?;
    session.shows("#w", "overdue").await?;
    session.barrier().await?;
    ensure!(session.requests("overdue")? == 1, "{} requests", session.requests("overdue")?);
    session.no_errors().await
}

async fn messages(session: &mut Session) -> Result<()> {
    session
        .open(Page::new(
            element("overdue").replace("<zoho", "<zoho-backup-status id=w></zoho-backup-status><zoho"),
        ))
        .await?;
    session.settled("#overdue").await?;
    let shows = async |expected: &str| -> Result<()> {
        session.run("await new Promise(requestAnimationFrame);").await?;
        let found = session.text("#overdue", "badge").await?;
        ensure!(found.as_deref() == Some(expected), "the badge says {found:?} instead of {expected:?}");
        Ok(())
    };
    shows("Overdue").await?;
    session
        .run("widget('#overdue').messages = { 'word.overdue': 'Überfällig', 'reason.overdue': 'Seit {date} <b>', 'no.key': 'x' };")
        .await?;
    shows("Überfällig").await?;
    let reason: String = session.eval("widget('#overdue').verdict.reason").await?;
    ensure!(reason.starts_with("Seit ") && !reason.contains('{') && reason.ends_with(" <b>"), "{reason}");
    let others: String = session.eval("seen(widget('#w'), 'badge')").await?;
    ensure!(others == "Not available", "the texts of another widget changed: {others}");
    let console = session.console().await?;
    ensure!(console.len() == 1 && console[0].contains("\"no.key\""), "{console:?}");
    session.run("widget('#overdue').messages = null;").await?;
    shows("Overdue").await?;
    session.no_errors().await
}

async fn verdict_is_plain(session: &mut Session) -> Result<()> {
    session.open(Page::of("odd-dates")).await?;
    let verdict = session.settled("#odd-dates").await?;
    let keys: Vec<String> = session.eval("Object.keys(widget().verdict).sort()").await?;
    let expected = [
        "backup",
        "checkedAt",
        "fault",
        "history",
        "nextRun",
        "reason",
        "reasonCode",
        "stale",
        "state",
        "tone",
    ];
    ensure!(keys == expected, "the keys are {keys:?}");
    let backup = verdict.backup.context("no backup")?;
    ensure!(backup["id"] == "4876876000001593003", "the id is {}", backup["id"]);
    let sent = backup["scheduled_date"].as_str().context("no scheduled_date")?;
    ensure!(sent.ends_with(".250+0530"), "scheduled_date is not as sent: {sent}");
    for date in [verdict.next_run, verdict.checked_at] {
        let date = date.context("a date is missing")?;
        ensure!(date.len() == 20 && date.ends_with('Z'), "{date} is not YYYY-MM-DDTHH:MM:SSZ");
    }
    let kebab = verdict.reason_code.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    ensure!(kebab && !verdict.reason_code.is_empty(), "the reason code is {}", verdict.reason_code);
    let plain: bool = session
        .eval("JSON.stringify(structuredClone(widget().verdict)) === JSON.stringify(widget().verdict)")
        .await?;
    ensure!(plain, "the verdict is more than plain data");
    Ok(())
}

async fn ready(session: &mut Session) -> Result<()> {
    session.files.hold("/widget_bg.wasm");
    session.open(Page::of("scheduled")).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    let before: Value = session
        .eval("({ verdict: widget().verdict, ready: await Promise.race([widget().ready, 'pending']) })")
        .await?;
    ensure!(before == json!({ "verdict": null, "ready": "pending" }), "{before}");
    session.files.release("/widget_bg.wasm");
    session.run("await widget().ready;").await?;
    let after: Verdict = session.eval("widget().verdict").await.context("no verdict although it is ready")?;
    ensure!(["loading", "scheduled"].contains(&after.state.as_str()), "the state is {}", after.state);
    session.settled("#scheduled").await?;
    session.no_errors().await
}

async fn ready_rejects(session: &mut Session) -> Result<()> {
    session.files.fail("/widget_bg.wasm");
    session.open(Page::of("scheduled")).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    let error: bool =
        session.eval("await widget().ready.then(() => null, (error) => error instanceof Error)").await?;
    ensure!(error, "`ready` does not reject with an error");
    let refreshed: bool = session.eval("await widget().refresh().then(() => false, () => true)").await?;
    ensure!(refreshed, "refresh() resolves although the widget cannot run");
    session.expect_console(&["answers with HTTP 503"]).await?;
    session.no_errors().await
}

async fn refresh(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    // refresh() sends at most one request in 5 seconds.
    session.advance(6_000).await?;
    let verdict: Verdict = session.eval("await widget().refresh()").await?;
    ensure!(verdict.state == "scheduled" && verdict.fault.is_none(), "{verdict:?}");
    ensure!(session.requests("scheduled")? == 2, "{} requests", session.requests("scheduled")?);
    let again: Verdict = session.eval("await widget().refresh()").await?;
    ensure!(again.state == "scheduled", "{again:?}");
    session.barrier().await?;
    ensure!(session.requests("scheduled")? == 2, "a second refresh within 5 seconds sent a request");
    session.no_errors().await
}

async fn refresh_fails(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    let good = session.settled("#scheduled").await?;
    session.advance(6_000).await?;
    session.stop_api();
    // After a failed request the widget may wait for a securitypolicyviolation event.
    session
        .run("window.refreshed = null; widget().refresh().then((verdict) => { refreshed = verdict; });")
        .await?;
    session.wait("(await __clock.advance(1), refreshed)").await?;
    let verdict: Verdict = session.eval("refreshed").await?;
    ensure!(verdict.fault_kind() == Some("unreachable"), "the fault is {:?}", verdict.fault);
    ensure!(verdict.state == "scheduled" && verdict.next_run == good.next_run, "{verdict:?}");
    ensure!(!verdict.stale, "stale after 6 seconds");
    ensure!(session.text("#scheduled", "notice").await?.is_some(), "the failure is not shown");
    ensure!(session.text("#scheduled", "countdown").await?.is_some(), "the countdown is not shown");
    session.no_errors().await
}

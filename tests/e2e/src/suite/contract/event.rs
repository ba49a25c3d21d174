//! The events, which fire on the element.

use anyhow::{Context, Result, ensure};

use super::supplied::supplied;
use crate::page::{Page, element_with, path};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::{Event, Verdict};

pub const TESTS: &[Test] = tests!("contract event",
    "backup-status-change: once for the first answer, out of shadow roots" => change_event,
    "backup-status-error: once for a failed request" => error_event,
    "backup-status-due: once when the next run comes due" => due_event,
    "backup-status-update: after each request, and after the other events of its moment" => update_event,
    "the host's own changes fire no event" => silent_for_the_host,
);

async fn events(session: &Session, name: &str) -> Result<Vec<Event>> {
    session.barrier().await?;
    let mut events = session.events().await?;
    events.retain(|event| event.name == name);
    Ok(events)
}

/// The only event of this name, which bubbles and is composed.
async fn exactly_one(session: &Session, name: &str) -> Result<Event> {
    let events = events(session, name).await?;
    let [event] = events.as_slice() else { anyhow::bail!("{} events of {name}: {events:?}", events.len()) };
    ensure!(event.bubbles && event.composed, "{name} does not leave the host's shadow root");
    Ok(event.clone())
}

async fn change_event(session: &mut Session) -> Result<()> {
    // A composed event leaves the shadow root, with the outer host as its target.
    session.open(Page::new("<div id=outer></div>")).await?;
    session
        .run(&format!(
            "const element = document.createElement('zoho-backup-status');
             element.setAttribute('proxy-url', '{}');
             document.querySelector('#outer').attachShadow({{ mode: 'open' }}).append(element);
             window.inner = element;",
            session.url("failed")
        ))
        .await?;
    session.wait("inner.verdict?.state === 'failed'").await?;
    let event = exactly_one(session, "backup-status-change").await?;
    ensure!(event.target == "outer", "the target is {}", event.target);
    let verdict: Verdict = session.eval("inner.verdict").await?;
    ensure!(event.detail == verdict, "{:?} is not {verdict:?}", event.detail);
    let others = events(session, "backup-status-error").await?;
    ensure!(others.is_empty(), "a failed backup fired an error of the request: {others:?}");
    session.no_errors().await
}

async fn error_event(session: &mut Session) -> Result<()> {
    session.open(Page::of("no-permission")).await?;
    session.settled("#no-permission").await?;
    let event = exactly_one(session, "backup-status-error").await?;
    ensure!(event.detail.fault_kind() == Some("no-permission"), "{:?}", event.detail);
    let fault = event.detail.fault.context("no fault")?;
    ensure!(fault.code.as_deref() == Some("NO_PERMISSION") && fault.http_status == Some(403), "{fault:?}");
    ensure!(fault.message.as_deref() == Some("Permission denied to read"), "{fault:?}");
    ensure!(fault.cause.is_some() && fault.remedy.is_some(), "no cause or remedy: {fault:?}");
    session.no_errors().await
}

async fn due_event(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status id=w></zoho-backup-status>").fake_clock()).await?;
    session
        .run(&format!(
            "await customElements.whenDefined('zoho-backup-status');
             widget().data = {};
             await widget().ready;",
            supplied(90)
        ))
        .await?;
    session.settled("#w").await?;
    session.advance(80_000).await?;
    let early = events(session, "backup-status-due").await?;
    ensure!(early.is_empty(), "the due event is 10 seconds too early");
    session.advance(20_000).await?;
    let event = exactly_one(session, "backup-status-due").await?;
    ensure!(event.detail.state == "due", "{:?}", event.detail);
    session.advance(600_000).await?;
    exactly_one(session, "backup-status-due").await?;
    session.no_errors().await
}

async fn update_event(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    let mut expected = vec!["change", "update"];
    for (scenario, names) in [
        ("scheduled", vec!["update"]),
        ("failed", vec!["change", "update"]),
        ("internal-error", vec!["error", "update"]),
        ("scheduled", vec!["change", "update"]),
    ] {
        session.respond_as("scheduled", scenario)?;
        session.pass(300_000).await?;
        expected.extend(names);
    }
    session.barrier().await?;
    let events = session.events().await?;
    let names: Vec<_> =
        events.iter().map(|event| event.name.strip_prefix("backup-status-").unwrap_or_default()).collect();
    ensure!(names == expected, "{names:?} instead of {expected:?}");
    ensure!(events.iter().all(|event| event.bubbles && event.composed), "an event stays in its root");
    let failed = events.iter().filter(|event| event.detail.fault.is_some()).map(|event| &event.name);
    let failed: Vec<_> = failed.collect();
    ensure!(failed == ["backup-status-error", "backup-status-update"], "{failed:?} have the fault");
    session.no_errors().await
}

async fn silent_for_the_host(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status id=w></zoho-backup-status>")).await?;
    session.run(&format!("await widget().ready; widget().data = {};", supplied(3_600))).await?;
    session.shows("#w", "scheduled").await?;
    session.run(&format!("widget().data = {};", supplied(-7_200))).await?;
    session.shows("#w", "overdue").await?;
    session.run("widget().overdueAfter = 86400;").await?;
    session.shows("#w", "due").await?;
    session.run("widget().data = { backup: { status: 'STOPPED' } };").await?;
    session.shows("#w", "stopped").await?;
    session.run("widget().data = null;").await?;
    session.barrier().await?;
    session.run("widget().proxyUrl = '{api}PATH';".replace("PATH", &path("slow")).as_str()).await?;
    session.shows("#w", "loading").await?;
    session.barrier().await?;
    let events = session.events().await?;
    ensure!(events.is_empty(), "the host's changes fired {events:?}");
    session.no_errors().await
}

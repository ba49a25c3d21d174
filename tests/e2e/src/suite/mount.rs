//! `mount(target, options)`: the same widget by a function.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::runner::Test;
use crate::session::{Session, Verdict};

pub const TESTS: &[Test] = crate::tests!("mount",
    "mount resolves to a handle that updates, refreshes and unmounts" => handle,
    "unmount aborts the request in flight" => unmount_aborts,
);

async fn mounted(session: &Session, scenario: &str) -> Result<()> {
    session.open(Page::new("<div id=target></div>").without_widget().fake_clock()).await?;
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             window.handle = await mount(document.querySelector('#target'), {{ proxyUrl: '{}' }});",
            session.url(scenario)
        ))
        .await
}

async fn handle(session: &mut Session) -> Result<()> {
    mounted(session, "scheduled").await?;
    let kinds: String = session
        .eval("['update', 'refresh', 'unmount'].map((name) => typeof handle[name]).join() + ' ' + typeof handle.verdict")
        .await?;
    ensure!(kinds == "function,function,function object", "the handle is {kinds}");
    session.wait("handle.verdict?.state === 'scheduled'").await?;
    ensure!(session.text("#target", "badge").await?.is_some(), "no badge is shown");
    ensure!(session.text("#target", "countdown").await?.is_some(), "no countdown is shown");
    ensure!(session.requests("scheduled")? == 1, "{} requests", session.requests("scheduled")?);
    let events = session.events().await?;
    ensure!(events.iter().any(|event| event.target == "target"), "no event fired on the target: {events:?}");

    session
        .run(&format!("handle.update({{ proxyUrl: '{}', label: 'Sales' }});", session.url("overdue")))
        .await?;
    session.wait("handle.verdict?.state === 'overdue'").await?;
    let label = session.text("#target", "label").await?;
    ensure!(label.is_some_and(|label| label.contains("Sales")), "the label was not updated");
    session.advance(6_000).await?;
    let verdict: Verdict = session.eval("await handle.refresh()").await?;
    ensure!(verdict.state == "overdue" && session.requests("overdue")? == 2, "{verdict:?}");

    session.run("handle.unmount();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    // The root stays with its target; a slot in it shows the target's own children again.
    let rest: usize = session
        .eval("document.querySelector('#target').shadowRoot.querySelectorAll(':not(slot)').length")
        .await?;
    ensure!(rest == 0, "unmount left {rest} elements");
    let verdict: bool = session.eval("handle.verdict === null").await?;
    ensure!(verdict, "an unmounted widget has a verdict");
    session.run("handle.unmount();").await?;
    session.no_errors().await
}

async fn unmount_aborts(session: &mut Session) -> Result<()> {
    mounted(session, "slow").await?;
    session.api_sees("the request", |requests| !requests.is_empty()).await?;
    session.run("handle.unmount();").await?;
    session
        .api_sees("the request aborted", |requests| {
            requests.iter().any(|request| request.outcome == sandbox::Outcome::Abandoned)
        })
        .await?;
    session.no_errors().await
}

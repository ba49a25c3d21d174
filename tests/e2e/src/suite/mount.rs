//! `mount(target, options)`: the same widget by a function.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("mount",
    "mount() resolves to a handle that updates, refreshes and unmounts" => handle,
    "each target has a widget of its own, which can be unmounted and mounted again" => several,
    "a target that is in no document is not asked for, and goes on when it is back" => target_removed,
    "a widget that is away does not hasten the requests of the one that is there" => one_away,
    "unmount() aborts the request in flight" => unmount_aborts,
    "a listener may unmount during update(), and mount() works again later" => unmount_in_update,
    "no event follows unmount()" => nothing_follows,
    "an old handle does not touch the target's newer widget" => old_handle,
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
    // The shadow root stays; its slot shows the target's own children again.
    let rest: usize = session
        .eval("document.querySelector('#target').shadowRoot.querySelectorAll(':not(slot)').length")
        .await?;
    ensure!(rest == 0, "unmount left {rest} elements");
    let verdict: bool = session.eval("handle.verdict === null").await?;
    ensure!(verdict, "an unmounted widget has a verdict");
    session.run("handle.unmount();").await?;
    session.no_errors().await
}

async fn several(session: &mut Session) -> Result<()> {
    session.open(Page::new("<div id=a></div><div id=b></div><div id=c></div>").without_widget()).await?;
    let (scheduled, overdue) = (session.url("scheduled"), session.url("overdue"));
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             window.show = (id, proxyUrl, label) => mount(widget(id), {{ proxyUrl, label }});
             [window.a, window.b, window.c] = await Promise.all([
               show('#a', '{scheduled}', 'A'), show('#b', '{scheduled}', 'B'), show('#c', '{overdue}', 'C'),
             ]);"
        ))
        .await?;
    session
        .wait("[a, b, c].map(({ verdict }) => verdict?.state).join() === 'scheduled,scheduled,overdue'")
        .await?;
    session.expect_requests("scheduled", 1).await?;
    session.run(&format!("a.unmount(); window.a = await show('#a', '{overdue}', 'A again');")).await?;
    session.wait("a.verdict?.state === 'overdue'").await?;
    for (selector, label) in [("#a", "A again"), ("#b", "B"), ("#c", "C")] {
        let shown = session.text(selector, "label").await?;
        ensure!(shown.as_deref() == Some(label), "{selector} shows {shown:?}");
    }
    session.expect_requests("overdue", 1).await?;
    session.expect_requests("scheduled", 1).await?;
    session.no_errors().await
}

/// Four refresh intervals, in milliseconds. A widget that is away looks every second whether it is back.
const AWAY: i64 = 1_200_000;

async fn target_removed(session: &mut Session) -> Result<()> {
    mounted(session, "scheduled").await?;
    session.wait("handle.verdict?.state === 'scheduled'").await?;
    session.run("window.target = document.querySelector('#target'); target.remove();").await?;
    session.pass(AWAY).await?;
    session.expect_requests("scheduled", 1).await?;
    let outcome: String = session.eval("(await handle.refresh()).outcome").await?;
    ensure!(outcome == "refused", "a refresh without a document: {outcome}");
    // Within a second, in whichever tree of the document.
    session
        .run(
            "document.body.appendChild(document.createElement('div')).attachShadow({ mode: 'open' }).append(target);
             await __clock.pass(1_000);",
        )
        .await?;
    session.expect_requests("scheduled", 2).await?;
    session.wait("handle.verdict.state === 'scheduled' && !handle.verdict.stale").await?;
    session.pass(300_000).await?;
    session.expect_requests("scheduled", 3).await?;
    // It was never in the page.
    session
        .run(&format!(
            "handle.unmount();
             const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             window.stray = document.createElement('div');
             window.handle = await mount(stray, {{ proxyUrl: '{}' }});",
            session.url("overdue")
        ))
        .await?;
    session.pass(AWAY).await?;
    session.expect_requests("overdue", 0).await?;
    // There it inherits another language.
    session
        .run("document.documentElement.lang = 'de'; document.body.append(stray); await __clock.pass(1_000);")
        .await?;
    session.wait("handle.verdict.state === 'overdue'").await?;
    for (language, unit) in [("de", "Std."), ("fr", "h"), ("sv", "hr")] {
        session
            .run(&format!("document.documentElement.lang = '{language}'; await __clock.settle();"))
            .await?;
        let shown = if language == "sv" { "en" } else { language };
        session.wait(&format!("stray.shadowRoot.querySelector('.widget').lang === '{shown}'")).await?;
        let countdown: String = session.eval("seen(stray, 'countdown')").await?;
        ensure!(countdown.contains(unit), "{language}: {countdown}");
    }
    session.run("handle.unmount();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    session.no_errors().await
}

async fn one_away(session: &mut Session) -> Result<()> {
    session
        .open(Page::new("<div id=often></div><div id=seldom></div>").without_widget().fake_clock())
        .await?;
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             const proxyUrl = '{}';
             window.often = document.querySelector('#often');
             await mount(often, {{ proxyUrl, refreshInterval: 30 }});
             await mount(document.querySelector('#seldom'), {{ proxyUrl, refreshInterval: 3600 }});
             await __clock.pass(60_000);",
            session.url("scheduled")
        ))
        .await?;
    session.expect_requests("scheduled", 3).await?;
    session.run("often.remove(); await __clock.pass(1_800_000);").await?;
    let requests = session.requests("scheduled")?;
    ensure!(requests <= 4, "{requests} requests for one that is not there");
    session.run("document.body.append(often); await __clock.pass(61_000);").await?;
    let more = session.requests("scheduled")? - requests;
    ensure!(more >= 2, "{more} requests in a minute after its return");
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

/// Mounts a widget that is unmounted at the first event of this name. `heard` lists its events, with their states.
async fn unmounting_at(session: &Session, event: &str, scenario: &str) -> Result<()> {
    session.open(Page::new("<div id=target></div>").without_widget().fake_clock()).await?;
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             window.target = document.querySelector('#target');
             window.heard = [];
             for (const name of ['change', 'error', 'due', 'update']) {{
               target.addEventListener(`backup-status-${{name}}`, ({{ detail }}) => {{
                 heard.push(`${{name}} ${{detail && detail.state}}`);
                 if (name === '{event}') handle.unmount();
               }});
             }}
             window.again = () => mount(target, {{ proxyUrl: '{}' }});
             window.handle = await again();",
            session.url(scenario)
        ))
        .await?;
    session.wait("heard.length > 0").await
}

async fn is_unmounted(session: &Session, expected: &[&str]) -> Result<()> {
    session.barrier().await?;
    let heard: Vec<String> = session.eval("heard").await?;
    ensure!(heard == expected, "{heard:?}");
    let rest: usize = session.eval("target.shadowRoot.querySelectorAll(':not(slot)').length").await?;
    let gone: bool = session.eval("handle.verdict === null").await?;
    ensure!(gone && rest == 0, "not unmounted: {rest} elements are left");
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn unmount_in_update(session: &mut Session) -> Result<()> {
    session.respond_as("scheduled-soon", "scheduled-soon")?;
    unmounting_at(session, "due", "scheduled-soon").await?;
    // update() is the first to notice that the run is due.
    session.run("__clock.sleep(120_000); handle.update({ label: 'Sales' });").await?;
    is_unmounted(session, &["change scheduled", "update scheduled", "due due"]).await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;

    session.respond_as("scheduled-soon", "scheduled")?;
    session.run("window.handle = await again();").await?;
    session.wait("handle.verdict.state === 'scheduled'").await?;
    ensure!(session.text("#target", "badge").await?.is_some(), "no badge is shown");
    session.no_errors().await
}

async fn nothing_follows(session: &mut Session) -> Result<()> {
    // An error event would follow the change event.
    unmounting_at(session, "change", "no-permission").await?;
    is_unmounted(session, &["change error"]).await
}

async fn old_handle(session: &mut Session) -> Result<()> {
    unmounting_at(session, "nothing", "scheduled").await?;
    session.run("window.old = handle; old.unmount(); window.handle = await again(); old.unmount();").await?;
    session.wait("handle.verdict?.state === 'scheduled'").await?;
    session.run("old.update({ label: 'Old' }); old.unmount();").await?;
    ensure!(session.text("#target", "badge").await?.is_some(), "no badge is shown");
    let label = session.text("#target", "label").await?;
    ensure!(!label.as_ref().is_some_and(|label| label.contains("Old")), "the label is {label:?}");
    let marked: bool = session.eval("target.dataset.variant === 'card'").await?;
    ensure!(marked, "the old handle removed the attribute of the newer widget");
    let refused: bool = session.eval("await again().then(() => false, () => true)").await?;
    ensure!(refused, "the target accepted a second widget");
    session.no_errors().await
}

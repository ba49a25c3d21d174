//! Listeners of a mounted widget, and a page's `fetch` that unmounts it.

use anyhow::{Result, ensure};

use super::steps::is_quiet;
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("reentrancy",
    "a listener may unmount what mount() has mounted" => unmounts,
    "a listener may update what mount() has mounted" => updates,
    "a page's fetch may unmount the widget whose update() calls it" => unmounted_in_fetch,
);

/// Mounts two widgets of one URL, and runs `action` at this event of the first one, whose handle is `handle`.
async fn mounted(session: &Session, scenario: &str, event: &str, action: &str) -> Result<()> {
    session.open(Page::new("<div id=w></div><div id=twin></div>").without_widget().fake_clock()).await?;
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             const target = widget('#w');
             window.heard = [];
             for (const name of ['change', 'error', 'due', 'update']) {{
               target.addEventListener(`backup-status-${{name}}`, ({{ detail }}) => {{
                 heard.push(`${{name}} ${{detail?.state}}`);
                 if (name === '{event}') {{ {action} }}
               }});
             }}
             const options = {{ proxyUrl: '{}' }};
             [window.handle, window.twin] = await Promise.all([mount(target, options), mount(widget('#twin'), options)]);",
            session.url(scenario)
        ))
        .await?;
    session.wait("heard.length > 0 && twin.verdict.state !== 'loading'").await?;
    session.barrier().await
}

async fn unmounts(session: &mut Session) -> Result<()> {
    mounted(session, "scheduled", "change", "handle.unmount();").await?;
    let gone: bool = session.eval("handle.verdict === null").await?;
    ensure!(gone, "an unmounted widget has a verdict");
    session.advance(300_000).await?;
    session.barrier().await?;
    ensure!(session.requests("scheduled")? == 2, "{} requests", session.requests("scheduled")?);
    session.run("twin.unmount();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    is_quiet(session).await
}

async fn updates(session: &mut Session) -> Result<()> {
    let action = format!("handle.update({{ proxyUrl: '{}', variant: 'badge' }});", session.url("failed"));
    mounted(session, "scheduled", "change", &action).await?;
    session.wait("handle.verdict.state === 'failed'").await?;
    ensure!(session.text("#w", "badge").await?.is_some(), "no badge is shown");
    let heard: Vec<String> = session.eval("heard").await?;
    ensure!(heard == ["change scheduled", "update scheduled", "change failed", "update failed"], "{heard:?}");
    session.run("handle.update({ data: { backup: { status: 'STOPPED' } } });").await?;
    session.wait("handle.verdict.state === 'stopped'").await?;
    is_quiet(session).await
}

async fn unmounted_in_fetch(session: &mut Session) -> Result<()> {
    let page = "<div id=target>Shown without widgets</div>
         <script>
           window.wrapped = () => {};
           const real = fetch;
           window.fetch = (...request) => { wrapped(); return real(...request); };
         </script>";
    session.open(Page::new([page, &element("scheduled")].concat()).fake_clock()).await?;
    session.settled("#scheduled").await?;
    let (failed, overdue) = (session.url("failed"), session.url("overdue"));
    session
        .run(&format!(
            "window.bundle = await import('{{files}}/zoho-backup-status.js');
             window.handle = await bundle.mount(widget('#target'), {{ proxyUrl: '{failed}' }});
             window.wrapped = () => handle.unmount();
             handle.update({{ proxyUrl: '{overdue}' }});
             window.wrapped = () => {{}};"
        ))
        .await?;
    let (ended, rest): (bool, usize) = session
        .eval("[handle.verdict === null, widget('#target').shadowRoot.querySelectorAll(':not(slot)').length]")
        .await?;
    ensure!(ended && rest == 0, "not unmounted: {rest} elements are left");
    ensure!(session.text("#scheduled", "badge").await?.is_some(), "the other widget shows no badge");
    session.run("widget('#scheduled').remove();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    ensure!(session.console().await?.is_empty(), "{:?}", session.console().await?);
    session.no_errors().await
}

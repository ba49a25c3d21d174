//! Listeners of an element.

use anyhow::{Context, Result, ensure};

use super::steps::is_quiet;
use crate::page::{Page, element, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("reentrancy",
    "a listener may remove the element" => removes,
    "a listener may move the element" => moves,
    "a listener may change proxy-url" => changes_url,
    "a listener may set data" => sets_data,
    "a listener may call refresh()" => refreshes,
    "a listener may insert widgets of the same and of another URL" => appends,
    "a listener may throw" => throws,
    "a listener may change every option at each event" => changes_all,
    "listeners of the error and of the due event may remove the element" => removes_later,
);

/// Opens a page with two widgets of one feed and a third of another, and runs `action` at this event of the first one,
/// which is `w`.
async fn open(session: &Session, event: &str, action: &str) -> Result<()> {
    let script = format!(
        "<script>
           window.w = document.querySelector('#w');
           window.heard = 0;
           w.addEventListener('backup-status-{event}', () => {{ heard += 1; {action} }});
         </script>"
    );
    let [w, twin] = ["w", "twin"].map(|id| element_with(id, "scheduled", ""));
    let body = [w, twin, element("overdue"), script].concat();
    session.open(Page::new(body).fake_clock()).await?;
    for id in ["#twin", "#overdue"] {
        session.settled(id).await?;
    }
    session.wait("heard > 0").await?;
    session.barrier().await
}

/// Checks that the other widgets send their next requests and count down, and that nothing is logged.
async fn others_go_on(session: &Session) -> Result<()> {
    let before = session.requests("overdue")?;
    for selector in ["#twin", "#overdue"] {
        let countdown = session.text(selector, "countdown").await?.context("no countdown is shown")?;
        let asked = session.eval::<Verdict>(&format!("widget('{selector}').verdict")).await?.checked_at;
        session.run(&format!("widget('{selector}').countdown = 'second';")).await?;
        let finer = session.text(selector, "countdown").await?;
        ensure!(finer.as_ref().is_some_and(|finer| *finer != countdown), "{selector} does not change");
        session.advance(1_000).await?;
        ensure!(session.text(selector, "countdown").await? != finer, "{selector} does not tick");
        session.advance(299_000).await?;
        session
            .wait(&format!("widget('{selector}').verdict.checkedAt > '{}'", asked.unwrap_or_default()))
            .await
            .with_context(|| format!("{selector} sends no request"))?;
        let fault = session.eval::<Verdict>(&format!("widget('{selector}').verdict")).await?.fault;
        ensure!(fault.is_none(), "{selector}: {fault:?}");
        // Both feeds send a request at this moment: the next step must not abort that of the other feed.
        session.barrier().await?;
    }
    ensure!(session.requests("overdue")? > before, "the other widget sends no request");
    is_quiet(session).await
}

async fn removes(session: &mut Session) -> Result<()> {
    open(session, "change", "w.remove();").await?;
    let gone: bool = session.eval("w.verdict === null && !w.isConnected").await?;
    ensure!(gone, "a removed widget has a verdict");
    others_go_on(session).await?;
    // Inserted again, it gets the feed's answer at once and fires an event, whose listener removes it again.
    session.run("document.body.append(w);").await?;
    session.wait("heard === 2 && !w.isConnected").await?;
    is_quiet(session).await
}

async fn moves(session: &mut Session) -> Result<()> {
    open(session, "change", "w.remove(); document.body.append(w);").await?;
    session.shows("#w", "scheduled").await?;
    let requests = session.requests("scheduled")?;
    ensure!(requests == 1, "a move sent a request: {requests} requests");
    others_go_on(session).await?;
    ensure!(session.text("#w", "countdown").await?.is_some(), "no countdown is shown");
    Ok(())
}

async fn changes_url(session: &mut Session) -> Result<()> {
    let url = session.url("failed");
    open(session, "change", &format!("w.proxyUrl = '{url}';")).await?;
    session.shows("#w", "failed").await?;
    let requests = session.requests("failed")?;
    ensure!(requests == 1, "{requests} requests of the new URL");
    session.wait("heard === 2").await?;
    others_go_on(session).await
}

async fn sets_data(session: &mut Session) -> Result<()> {
    open(session, "change", "w.data = { backup: { status: 'STOPPED' } };").await?;
    session.shows("#w", "stopped").await?;
    others_go_on(session).await?;
    let heard: usize = session.eval("heard").await?;
    ensure!(heard == 1, "the host's own change fired an event: {heard} events");
    // The feed's answer fires an event again, whose listener sets the data again.
    session.run("w.data = null;").await?;
    session.wait("heard === 2").await?;
    session.shows("#w", "stopped").await?;
    is_quiet(session).await
}

async fn refreshes(session: &mut Session) -> Result<()> {
    open(session, "change", "w.refresh().then((verdict) => { window.refreshed = verdict; });").await?;
    session.wait("window.refreshed").await?;
    let verdict: Verdict = session.eval("refreshed").await?;
    ensure!(verdict.state == "scheduled", "{verdict:?}");
    let requests = session.requests("scheduled")?;
    ensure!(requests == 1, "a refresh() at the moment of an answer sent a request: {requests} requests");
    others_go_on(session).await?;

    // A refresh() by a listener of the event that follows a refresh(): both resolve.
    session.respond_as("scheduled", "failed")?;
    session.advance(6_000).await?;
    session.run("refreshed = null; window.asked = await w.refresh();").await?;
    session.wait("refreshed").await?;
    let states: Vec<String> = session.eval("[asked.state, refreshed.state]").await?;
    ensure!(states == ["failed", "failed"], "{states:?}");
    is_quiet(session).await
}

async fn appends(session: &mut Session) -> Result<()> {
    let (same, other) = (session.url("scheduled"), session.url("completed"));
    let action = format!(
        "for (const url of ['{same}', '{other}']) {{
           const one = document.createElement('zoho-backup-status');
           one.proxyUrl = url;
           one.className = 'appended';
           document.body.append(one);
         }}"
    );
    open(session, "change", &action).await?;
    session
        .wait("[...document.querySelectorAll('.appended')].map((one) => one.verdict?.state).join() === 'scheduled,completed'")
        .await?;
    others_go_on(session).await
}

async fn throws(session: &mut Session) -> Result<()> {
    open(session, "change", "throw new Error('thrown by the host');").await?;
    session.settled("#w").await?;
    let errors: Vec<String> = session.eval("__record.errors.splice(0)").await?;
    let [error] = errors.as_slice() else { anyhow::bail!("{} errors: {errors:?}", errors.len()) };
    ensure!(error.contains("thrown by the host"), "{error}");
    others_go_on(session).await?;
    ensure!(session.text("#w", "countdown").await?.is_some(), "no countdown is shown");

    session.respond_as("scheduled", "failed")?;
    session.advance(6_000).await?;
    let verdict: Verdict = session.eval("await w.refresh()").await?;
    ensure!(verdict.state == "failed", "{verdict:?}");
    session.shows("#twin", "failed").await?;
    let errors: Vec<String> = session.eval("__record.errors.splice(0)").await?;
    ensure!(errors.len() == 1, "{errors:?}");
    is_quiet(session).await
}

async fn changes_all(session: &mut Session) -> Result<()> {
    let action = "w.variant = heard % 2 ? 'badge' : 'card'; w.theme = 'dark'; w.label = `Change ${heard}`;
                  w.timeZone = 'Asia/Kolkata'; w.refreshInterval = 300 + heard; w.overdueAfter = 7200;
                  w.textContent = 'Light DOM'; w.lang = 'de'; void w.verdict; void w.ready;";
    open(session, "change", action).await?;
    others_go_on(session).await?;
    for (times, state) in [(2, "failed"), (3, "stopped")] {
        session.respond_as("scheduled", state)?;
        session.advance(6_000).await?;
        session.run("await w.refresh();").await?;
        session.shows("#w", state).await?;
        session.wait(&format!("heard === {times}")).await?;
    }
    let label: String = session.eval("parts(w, 'card')[0].getAttribute('aria-label')").await?;
    ensure!(label == "Change 3", "the label is {label}");
    is_quiet(session).await
}

async fn removes_later(session: &mut Session) -> Result<()> {
    for (event, answer) in [("due", "scheduled-soon"), ("error", "internal-error")] {
        let page = format!(
            "{}{}<script>
               window.heard = [];
               for (const name of ['change', 'error', 'due', 'update']) {{
                 document.querySelector('#scheduled-soon').addEventListener(`backup-status-${{name}}`, ({{ target, detail }}) => {{
                   heard.push(`${{name}} ${{detail?.state}}`);
                   if (name === '{event}') target.remove();
                 }});
               }}
             </script>",
            element("scheduled-soon"),
            element("overdue")
        );
        session.respond_as("scheduled-soon", "scheduled-soon")?;
        session.open(Page::new(page).fake_clock()).await?;
        session.settled("#scheduled-soon").await?;
        session.settled("#overdue").await?;
        session.respond_as("scheduled-soon", answer)?;
        session.advance(100_000).await?;
        session.advance(200_000).await?;
        session.wait("widget('#scheduled-soon') === null").await?;
        let heard: Vec<String> = session.eval("heard").await?;
        session.note(format!("{heard:?}"));
        ensure!(heard.iter().all(|event| !event.ends_with("undefined")), "{heard:?}");
        session.shows("#overdue", "overdue").await?;
        is_quiet(session).await?;
    }
    Ok(())
}

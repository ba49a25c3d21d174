//! What listeners do while the widget tells them something: the widget, its neighbours and the page go on.

use anyhow::{Context, Result, ensure};

use crate::page::{Page, element, path};
use crate::runner::Test;
use crate::session::{Session, Verdict};

pub const TESTS: &[Test] = crate::tests!("reentrancy",
    "a listener removes the element" => removes,
    "a listener moves the element" => moves,
    "a listener changes proxy-url" => changes_url,
    "a listener sets data" => sets_data,
    "a listener calls refresh()" => refreshes,
    "a listener appends widgets, of the same and of another URL" => appends,
    "a listener throws" => throws,
    "a listener changes what it likes, at each event" => changes_all,
    "listeners of the error and of the run that is due remove the element" => removes_later,
    "a listener unmounts what mount() has mounted" => unmounts,
    "a listener updates what mount() has mounted" => updates,
    "a page's fetch unmounts the widget whose update calls it" => unmounted_in_fetch,
);

/// Opens a page with two widgets of one feed and a third, whose `event` of the first does this. `w` is the first.
async fn open(session: &Session, event: &str, action: &str) -> Result<()> {
    let path = path("scheduled");
    let script = format!(
        "<script>
           window.w = document.querySelector('#w');
           window.heard = 0;
           w.addEventListener('backup-status-{event}', () => {{ heard += 1; {action} }});
         </script>"
    );
    let one = |id| format!("<zoho-backup-status id={id} proxy-url=\"{{api}}{path}\"></zoho-backup-status>");
    let body = [one("w"), one("twin"), element("overdue"), script].concat();
    session.open(Page::new(body).fake_clock()).await?;
    for id in ["#twin", "#overdue"] {
        session.settled(id).await?;
    }
    session.wait("heard > 0").await?;
    session.barrier().await
}

/// The page's other widgets ask again in time and count on, and nothing was logged.
async fn others_go_on(session: &Session) -> Result<()> {
    let before = session.requests("overdue")?;
    for selector in ["#twin", "#overdue"] {
        let countdown = session.text(selector, "countdown").await?.context("no countdown is shown")?;
        let asked = session.eval::<Verdict>(&format!("widget('{selector}').verdict")).await?.checked_at;
        session.run(&format!("widget('{selector}').countdown = 'second';")).await?;
        let finer = session.text(selector, "countdown").await?;
        ensure!(
            finer.as_ref().is_some_and(|finer| *finer != countdown),
            "{selector} does not change any more"
        );
        session.advance(1_000).await?;
        ensure!(session.text(selector, "countdown").await? != finer, "{selector} does not tick any more");
        session.advance(299_000).await?;
        session
            .wait(&format!("widget('{selector}').verdict.checkedAt > '{}'", asked.unwrap_or_default()))
            .await
            .with_context(|| format!("{selector} does not ask any more"))?;
        let fault = session.eval::<Verdict>(&format!("widget('{selector}').verdict")).await?.fault;
        ensure!(fault.is_none(), "{selector}: {fault:?}");
        // Both feeds ask at that moment: the other one's request must not be cut short by the next step.
        session.barrier().await?;
    }
    ensure!(session.requests("overdue")? > before, "the other widget does not ask any more");
    is_quiet(session).await
}

async fn is_quiet(session: &Session) -> Result<()> {
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn removes(session: &mut Session) -> Result<()> {
    open(session, "change", "w.remove();").await?;
    let gone: bool = session.eval("w.verdict === null && !w.isConnected").await?;
    ensure!(gone, "a removed widget has a verdict");
    others_go_on(session).await?;
    // Put back, it learns at once what the feed knows: news to its host, whose listener removes it again.
    session.run("document.body.append(w);").await?;
    session.wait("heard === 2 && !w.isConnected").await?;
    is_quiet(session).await
}

async fn moves(session: &mut Session) -> Result<()> {
    open(session, "change", "w.remove(); document.body.append(w);").await?;
    session.shows("#w", "scheduled").await?;
    let requests = session.requests("scheduled")?;
    ensure!(requests == 1, "a move asked again: {requests} requests");
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
    ensure!(heard == 1, "what the host causes was told to it: {heard} events");
    // What the feed knows is news again, and the listener sets its data again.
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
    ensure!(requests == 1, "a refresh at the moment of an answer asked again: {requests} requests");
    others_go_on(session).await?;

    // In one that follows a refresh: those who wait for it are answered all the same.
    session.answer_as("scheduled", "failed")?;
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

    session.answer_as("scheduled", "failed")?;
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
        session.answer_as("scheduled", state)?;
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
               for (const name of ['change', 'error', 'due']) {{
                 document.querySelector('#scheduled-soon').addEventListener(`backup-status-${{name}}`, ({{ target, detail }}) => {{
                   heard.push(`${{name}} ${{detail?.state}}`);
                   if (name === '{event}') target.remove();
                 }});
               }}
             </script>",
            element("scheduled-soon"),
            element("overdue")
        );
        session.answer_as("scheduled-soon", "scheduled-soon")?;
        session.open(Page::new(page).fake_clock()).await?;
        session.settled("#scheduled-soon").await?;
        session.settled("#overdue").await?;
        session.answer_as("scheduled-soon", answer)?;
        session.advance(100_000).await?;
        session.advance(200_000).await?;
        session.wait("widget('#scheduled-soon') === null").await?;
        let heard: Vec<String> = session.eval("heard").await?;
        println!("        {heard:?}");
        ensure!(heard.iter().all(|event| !event.ends_with("undefined")), "{heard:?}");
        session.shows("#overdue", "overdue").await?;
        is_quiet(session).await?;
    }
    Ok(())
}

/// Mounts two widgets of one URL; at this event of the first, this is done. `handle` is the first's.
async fn mounted(session: &Session, scenario: &str, event: &str, action: &str) -> Result<()> {
    session.open(Page::new("<div id=w></div><div id=twin></div>").without_widget().fake_clock()).await?;
    session
        .run(&format!(
            "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
             const target = widget('#w');
             window.heard = [];
             for (const name of ['change', 'error', 'due']) {{
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
    ensure!(heard == ["change scheduled", "change failed"], "{heard:?}");
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
    ensure!(session.text("#scheduled", "badge").await?.is_some(), "the other widget has gone, too");
    session.run("widget('#scheduled').remove();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    ensure!(session.console().await?.is_empty(), "{:?}", session.console().await?);
    session.no_errors().await
}

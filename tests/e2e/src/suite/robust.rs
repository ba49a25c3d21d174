//! What befalls a widget on a page that lives: late joiners, sleep, a clock that is set, other documents.

use anyhow::{Context, Result, ensure};

use crate::page::{Page, element};
use crate::runner::Test;
use crate::session::{Session, Verdict};

pub const TESTS: &[Test] = crate::tests!("robust",
    "a widget appended to a feed that has its answer is told it once, without a request" => appended,
    "a widget that joins a feed and has an option changed at once is told the answer once" => joined_and_changed,
    "a widget that turns to a feed that has its answer is told it once, without a request" => turned,
    "asleep past the run and the interval, a listener refreshes: one request" => asleep,
    "the clock is set back: refresh() asks, and the interval goes on" => set_back,
    "the clock is set back during a request" => set_back_while_asking,
    "refresh() resolves when data or a refused URL ends the request" => refresh_ended,
    "refresh() of a removed widget resolves" => refresh_removed,
    "in a frame's document it is styled and goes on" => framed,
    "a proxy-url of blanks is refused, without a request" => blank_url,
);

/// Waits until this scenario has been asked for so many times.
async fn is_asked(session: &Session, scenario: &str, times: usize) -> Result<()> {
    session
        .api_sees("the next request", |requests| {
            requests.iter().filter(|request| request.scenario == Some(scenario)).count() == times
        })
        .await
}

async fn verdict(session: &Session, selector: &str) -> Result<Verdict> {
    session.eval(&format!("widget('{selector}').verdict")).await
}

/// The names of the events that this widget has fired, with the states they told.
async fn heard(session: &Session, id: &str) -> Result<Vec<(String, String)>> {
    session.barrier().await?;
    let events = session.events().await?.into_iter().filter(|event| event.target == id);
    Ok(events.map(|event| (event.name, event.detail.state)).collect())
}

async fn is_told_once(session: &Session, id: &str, state: &str) -> Result<()> {
    session.shows(&format!("#{id}"), state).await?;
    let heard = heard(session, id).await?;
    ensure!(heard == [("backup-status-change".to_owned(), state.to_owned())], "{heard:?}");
    session.no_errors().await
}

/// What feeds know, and the state that it is: an answer, and a fault that was told when it happened.
const KNOWN: [(&str, &str); 2] = [("scheduled", "scheduled"), ("no-permission", "error")];

async fn appended(session: &mut Session) -> Result<()> {
    for (scenario, state) in KNOWN {
        session.open(Page::of(scenario)).await?;
        session.settled(&format!("#{scenario}")).await?;
        let late = element(scenario).replace(&format!("id=\"{scenario}\""), "id=late");
        session.run(&format!("document.body.insertAdjacentHTML('beforeend', `{late}`);")).await?;
        is_told_once(session, "late", state).await?;
        session.asked(scenario, 1).await?;
    }
    Ok(())
}

async fn turned(session: &mut Session) -> Result<()> {
    for (scenario, state) in KNOWN {
        let idle = "<zoho-backup-status id=idle></zoho-backup-status>";
        session.open(Page::new(format!("{}{idle}", element(scenario)))).await?;
        session.settled(&format!("#{scenario}")).await?;
        session.run("await widget('#idle').ready; widget('#idle').data = { backup: null };").await?;
        session.shows("#idle", "none").await?;
        session
            .run(&format!(
                "widget('#idle').proxyUrl = '{}'; widget('#idle').data = null;",
                session.url(scenario)
            ))
            .await?;
        is_told_once(session, "idle", state).await?;
        session.asked(scenario, 1).await?;
    }
    Ok(())
}

async fn asleep(session: &mut Session) -> Result<()> {
    // The element's refresh() waits for `ready` first; a handle's asks within the event.
    for by_handle in [false, true] {
        session.api()?.record().clear();
        session.answer_as("scheduled-soon", "scheduled-soon")?;
        let (page, refresh) = if by_handle {
            (Page::new("<div id=target></div>").without_widget(), "handle.refresh()")
        } else {
            (Page::of("scheduled-soon"), "w.refresh()")
        };
        session.open(page.fake_clock()).await?;
        if by_handle {
            let url = session.url("scheduled-soon");
            session
                .run(&format!(
                    "const {{ mount }} = await import('{{files}}/zoho-backup-status.js');
                     window.handle = await mount(widget('#target'), {{ proxyUrl: '{url}' }});"
                ))
                .await?;
        } else {
            session.run("window.handle = widget();").await?;
        }
        session.wait("(handle.verdict?.state ?? 'loading') !== 'loading'").await?;
        session
            .run(&format!(
                "window.w = widget('zoho-backup-status, #target');
                 w.addEventListener('backup-status-due', () => {{
                   {refresh}.then((verdict) => {{ window.refreshed = verdict; }});
                 }});
                 __clock.sleep(400_000);
                 await __clock.advance(0);"
            ))
            .await?;
        session.wait("window.refreshed").await?;
        session.asked("scheduled-soon", 2).await?;
        for verdict in ["refreshed", "handle.verdict"] {
            let verdict: Verdict = session.eval(verdict).await?;
            ensure!(verdict.state == "due" && verdict.fault.is_none() && !verdict.stale, "{verdict:?}");
        }
        let heard = heard(session, if by_handle { "target" } else { "scheduled-soon" }).await?;
        ensure!(heard.iter().all(|(name, _)| name != "backup-status-error"), "{heard:?}");
        ensure!(heard.iter().filter(|(name, _)| name == "backup-status-due").count() == 1, "{heard:?}");
        session.no_errors().await?;
    }
    Ok(())
}

const BACK: i64 = -2 * 3_600_000;

async fn joined_and_changed(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    // In the midst of whatever the widget does to begin with.
    for microtasks in 0..8 {
        session
            .run(&format!(
                "const joins = document.createElement('zoho-backup-status');
                 joins.id = 'joins-{microtasks}';
                 joins.proxyUrl = widget().proxyUrl;
                 document.body.append(joins);
                 for (let i = 0; i < {microtasks}; i += 1) await null;
                 joins.label = 'changed';
                 await __clock.settle();
                 await __clock.settle();"
            ))
            .await?;
        let events = session.events().await?;
        let told = events.iter().filter(|event| event.target == format!("joins-{microtasks}")).count();
        ensure!(
            told == 1,
            "{told} events instead of one where the label is changed after {microtasks} microtasks"
        );
    }
    session.asked("scheduled", 1).await?;
    session.no_errors().await
}

async fn set_back(session: &mut Session) -> Result<()> {
    for refreshes in [true, false] {
        session.api()?.record().clear();
        session.open(Page::of("scheduled").fake_clock()).await?;
        session.settled("#scheduled").await?;
        session.advance(100_000).await?;
        session.run(&format!("__clock.set({BACK});")).await?;
        let mut times = 1;
        if refreshes {
            let refreshed: Verdict = session.eval("await widget().refresh()").await?;
            ensure!(refreshed.state == "scheduled" && refreshed.fault.is_none(), "{refreshed:?}");
            times += 1;
            session.asked("scheduled", times).await?;
        }
        // The next tick, of the minute, tells of the new clock by being early; by that it then goes on.
        for wait in [if refreshes { 300_000 } else { 315_000 }, 300_000] {
            session.advance(wait).await?;
            times += 1;
            is_asked(session, "scheduled", times)
                .await
                .with_context(|| format!("after refresh(): {refreshes}"))?;
            session.asked("scheduled", times).await?;
            session.wait("Math.abs(Date.now() - Date.parse(widget().verdict.checkedAt)) < 1000").await?;
        }
        let shown = verdict(session, "#scheduled").await?;
        ensure!(shown.state == "scheduled" && shown.fault.is_none() && !shown.stale, "{shown:?}");
        session.no_errors().await?;
    }
    Ok(())
}

async fn set_back_while_asking(session: &mut Session) -> Result<()> {
    session.open(Page::of("slow").fake_clock()).await?;
    session.run("await widget().ready;").await?;
    is_asked(session, "slow", 1).await?;
    session.run(&format!("__clock.set({BACK});")).await?;
    session.advance(10_000).await?;
    session.wait("(await __clock.advance(0), widget().verdict.state === 'error')").await?;
    let shown = verdict(session, "#slow").await?;
    ensure!(shown.fault_kind() == Some("timed-out"), "{shown:?}");
    session.advance(3_000).await?;
    is_asked(session, "slow", 2).await?;
    session.no_errors().await
}

/// Opens a page whose widget `w` waits for the answer to a `refresh()`; its verdict will be `refreshed`.
async fn refreshing(session: &Session) -> Result<()> {
    session.api()?.record().clear();
    session.answer_as("scheduled", "scheduled")?;
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    session.answer_as("scheduled", "slow")?;
    session.advance(6_000).await?;
    session
        .run(
            "window.w = widget();
             window.refreshed = undefined;
             w.refresh().then((verdict) => { refreshed = verdict; });",
        )
        .await?;
    is_asked(session, "scheduled", 2).await?;
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

const BACKGROUND: &str = "w.ownerDocument.defaultView.getComputedStyle(parts(w, 'card')[0]).backgroundColor";

async fn framed(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    session.run("window.w = widget(); w.countdown = 'second'; await __clock.settle();").await?;
    let styled: String = session.eval(BACKGROUND).await?;
    session
        .run(
            "window.frame = document.createElement('iframe');
             frame.srcdoc = '<!doctype html><title>A frame</title>';
             document.body.append(frame);
             await new Promise((resolve) => { frame.onload = resolve; });",
        )
        .await?;
    for place in ["frame.contentDocument.body", "document.body", "frame.contentDocument.body"] {
        session.run(&format!("{place}.append(w); await __clock.settle();")).await?;
        let sheets: usize = session.eval("w.shadowRoot.adoptedStyleSheets.length").await?;
        let background: String = session.eval(BACKGROUND).await?;
        ensure!(sheets == 1 && background == styled, "{place}: {sheets} sheets, {background}");
        let before: String = session.eval("seen(w, 'countdown')").await?;
        session.advance(1_000).await?;
        let after: String = session.eval("seen(w, 'countdown')").await?;
        ensure!(before != after, "{place}: still {after}");
        let state: String = session.eval("w.verdict.state").await?;
        ensure!(state == "scheduled", "{place}: {state}");
        session.asked("scheduled", 1).await?;
    }
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn blank_url(session: &mut Session) -> Result<()> {
    // Resolved like any other, it would be the page's own address.
    let page = "<script>
           window.asked = [];
           const real = fetch;
           window.fetch = (...request) => { asked.push(String(request[0])); return real(...request); };
         </script>
         <zoho-backup-status id=w proxy-url=\"  \"></zoho-backup-status>";
    session.open(Page::new(page)).await?;
    let is_refused = async || -> Result<()> {
        let shown = session.settled("#w").await?;
        ensure!(shown.state == "error" && shown.fault_kind() == Some("bad-url"), "{shown:?}");
        session.barrier().await?;
        let asked: Vec<String> = session
            .eval("asked.filter((url) => !url.includes('widget_bg.wasm') && !url.endsWith('/scenarios'))")
            .await?;
        ensure!(asked.is_empty(), "{asked:?}");
        session.no_errors().await
    };
    is_refused().await?;
    // Running, too.
    session.run("widget('#w').label = 'Sales'; widget('#w').proxyUrl = ' \\t\\n ';").await?;
    is_refused().await?;
    session.run("await widget('#w').refresh();").await?;
    is_refused().await
}

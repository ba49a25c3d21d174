//! What hosts may call, read and listen to.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::page::{Page, path};
use crate::runner::Test;
use crate::session::{Event, Session, Verdict};

pub const TESTS: &[Test] = crate::tests!("api",
    "before the wasm there is no verdict; `ready` tells when there is" => ready,
    "a verdict is plain data with the document as it was sent" => verdict_is_plain,
    "refresh() asks again and resolves with the verdict" => refresh,
    "refresh() that fails resolves with the last good answer and the fault" => refresh_fails,
    "`data` shows without network, null resumes" => data,
    "numbers reflect, with defaults" => reflection,
    "the state is a custom state, for style sheets" => custom_state,
    "`href` makes the heading a link, but never to a script" => href,
    "backup-status-change: once for the first answer" => change_event,
    "backup-status-error: once for a failed request" => error_event,
    "backup-status-due: once when the next run is seen passing" => due_event,
    "what the host itself causes fires nothing" => silent_for_the_host,
);

/// A reply document of the host's own, its next run so many seconds from now.
fn supplied(seconds: i64) -> String {
    format!(
        "{{ backup: {{
           id: '1', status: 'SCHEDULED', rrule: 'RRULE:FREQ=DAILY',
           scheduled_date: new Date(Date.now() + {seconds} * 1000).toISOString(),
           start_date: '2020-01-01T00:00:00Z', requester: {{ id: '2', name: 'Host' }},
         }} }}"
    )
}

/// The custom states of the element, of all there are.
async fn states(session: &Session) -> Result<Vec<String>> {
    let words =
        "'loading none error stopped running failed unknown one-off completed scheduled due overdue stale'";
    session.eval(&format!("{words}.split(' ').filter((word) => widget().matches(`:state(${{word}})`))")).await
}

async fn custom_state(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    ensure!(states(session).await? == ["scheduled"], "{:?}", states(session).await?);
    session.run("widget().data = { backup: { status: 'FAILED' } };").await?;
    session.shows("#scheduled", "failed").await?;
    ensure!(states(session).await? == ["failed"], "{:?}", states(session).await?);
    session.run("window.gone = widget(); gone.remove(); await 0;").await?;
    let none: bool = session.eval("!gone.matches(':state(failed)')").await?;
    ensure!(none, "a removed element has the state of its last widget");
    session.no_errors().await
}

async fn href(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    let link = "widget().shadowRoot.querySelector('[part=label] a')?.href ?? null";
    session.run("widget().href = '/backups'; await new Promise(requestAnimationFrame);").await?;
    let resolved: bool =
        session.eval(&format!("({link}) === new URL('/backups', document.baseURI).href")).await?;
    ensure!(resolved, "the link is {:?}", session.eval::<Value>(link).await?);
    session.run("widget().href = 'javascript:alert(1)'; await new Promise(requestAnimationFrame);").await?;
    let none: Value = session.eval(link).await?;
    ensure!(none.is_null(), "the link is {none}");
    session.no_errors().await
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

async fn verdict_is_plain(session: &mut Session) -> Result<()> {
    session.open(Page::of("odd-dates")).await?;
    let verdict = session.settled("#odd-dates").await?;
    let keys: Vec<String> = session.eval("Object.keys(widget().verdict).sort()").await?;
    let expected =
        ["backup", "checkedAt", "fault", "nextRun", "reason", "reasonCode", "stale", "state", "tone"];
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

async fn refresh(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    // At most once in 5 seconds.
    session.advance(6_000).await?;
    let verdict: Verdict = session.eval("await widget().refresh()").await?;
    ensure!(verdict.state == "scheduled" && verdict.fault.is_none(), "{verdict:?}");
    ensure!(session.requests("scheduled")? == 2, "{} requests", session.requests("scheduled")?);
    let again: Verdict = session.eval("await widget().refresh()").await?;
    ensure!(again.state == "scheduled", "{again:?}");
    session.barrier().await?;
    ensure!(session.requests("scheduled")? == 2, "a second refresh within 5 seconds asked again");
    session.no_errors().await
}

async fn refresh_fails(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    let good = session.settled("#scheduled").await?;
    session.advance(6_000).await?;
    session.stop_api();
    // A widget may wait a moment for the policy's word on a request that failed.
    session
        .run("window.refreshed = null; widget().refresh().then((verdict) => { refreshed = verdict; });")
        .await?;
    session.wait("(await __clock.advance(1), refreshed)").await?;
    let verdict: Verdict = session.eval("refreshed").await?;
    ensure!(verdict.fault_kind() == Some("unreachable"), "the fault is {:?}", verdict.fault);
    ensure!(verdict.state == "scheduled" && verdict.next_run == good.next_run, "{verdict:?}");
    ensure!(!verdict.stale, "stale after 6 seconds");
    ensure!(session.text("#scheduled", "notice").await?.is_some(), "the failure is not shown");
    ensure!(session.text("#scheduled", "countdown").await?.is_some(), "the countdown is gone");
    session.no_errors().await
}

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
    ensure!(session.requests("overdue")? == 0, "the network was asked although the host supplies the data");
    session.run("widget().data = null;").await?;
    session.shows("#w", "overdue").await?;
    session.barrier().await?;
    ensure!(session.requests("overdue")? == 1, "{} requests", session.requests("overdue")?);
    session.no_errors().await
}

async fn reflection(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status></zoho-backup-status>")).await?;
    session.wait("customElements.get('zoho-backup-status')").await?;
    let defaults: Value = session
        .eval(
            "(({ proxyUrl, refreshInterval, overdueAfter, countdown, theme, variant, label, credentials }) =>
               ({ proxyUrl, refreshInterval, overdueAfter, countdown, theme, variant, label, credentials }))(widget())",
        )
        .await?;
    println!("        defaults: {defaults}");
    ensure!(defaults["refreshInterval"] == 300 && defaults["overdueAfter"] == 3600, "{defaults}");
    let reflected: Value = session
        .eval(
            "(() => {
               const element = widget();
               element.refreshInterval = 60;
               element.setAttribute('overdue-after', 'soon');
               element.variant = 'badge';
               return [element.getAttribute('refresh-interval'), element.refreshInterval,
                       element.overdueAfter, element.getAttribute('variant')];
             })()",
        )
        .await?;
    ensure!(reflected == json!(["60", 60, 3600, "badge"]), "{reflected}");
    session.no_errors().await
}

async fn events(session: &Session, name: &str) -> Result<Vec<Event>> {
    session.barrier().await?;
    let mut events = session.events().await?;
    events.retain(|event| event.name == name);
    Ok(events)
}

/// Exactly one event of this name, bubbling and composed.
async fn exactly_one(session: &Session, name: &str) -> Result<Event> {
    let events = events(session, name).await?;
    let [event] = events.as_slice() else { anyhow::bail!("{} events of {name}: {events:?}", events.len()) };
    ensure!(event.bubbles && event.composed, "{name} does not leave the host's shadow root");
    Ok(event.clone())
}

async fn change_event(session: &mut Session) -> Result<()> {
    // In a shadow root: a composed event comes out of it, with the outer host as its target.
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
    ensure!(others.is_empty(), "a failed backup is no failed request: {others:?}");
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
    ensure!(early.is_empty(), "due 10 seconds too early");
    session.advance(20_000).await?;
    let event = exactly_one(session, "backup-status-due").await?;
    ensure!(event.detail.state == "due", "{:?}", event.detail);
    session.advance(600_000).await?;
    exactly_one(session, "backup-status-due").await?;
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
    ensure!(events.is_empty(), "the host caused: {events:?}");
    session.no_errors().await
}

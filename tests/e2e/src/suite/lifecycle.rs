//! Elements come, move, change and go; requests and timers follow them.

use anyhow::{Result, ensure};
use sandbox::Outcome;

use crate::page::{Page, path};
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("lifecycle",
    "moving does not fetch again" => moving,
    "moving with the request in flight keeps it" => moving_in_flight,
    "removed and put back later, it shows the state with at most one more request" => reconnecting,
    "removal aborts the request in flight" => removal_aborts,
    "removal before the wasm aborts the head start" => removal_before_wasm_aborts,
    "properties set before the upgrade are kept" => upgrade,
    "an element made by script shows the state" => made_by_script,
    "the script loaded twice does no harm" => loaded_twice,
    "100 attribute changes in one task are one new fetch" => batched_changes,
    "another proxy-url: loading, then the new state" => other_url,
    "two widgets of one URL share one request" => shared_request,
    "200 times in and out leave no timer behind" => no_timers_left,
);

async fn moving(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    session
        .run(
            "const element = widget();
             const box = document.createElement('div');
             document.body.append(box);
             box.append(element);
             document.body.prepend(element);
             box.attachShadow({ mode: 'open' }).append(element);
             window.moved = element;",
        )
        .await?;
    session.asked("scheduled", 1).await?;
    let badge: Option<String> = session.eval("seen(moved, 'badge')").await?;
    ensure!(badge.is_some(), "the badge did not survive the move");
    session.no_errors().await
}

async fn moving_in_flight(session: &mut Session) -> Result<()> {
    session.open(Page::of("slow")).await?;
    session.api_sees("the request", |requests| !requests.is_empty()).await?;
    session.run("document.body.append(document.createElement('div'), widget());").await?;
    session.asked("slow", 1).await?;
    let outcome = session.api()?.record().of("slow")[0].outcome;
    ensure!(outcome == Outcome::Pending, "the request was {outcome:?}");
    session.no_errors().await
}

async fn reconnecting(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    session.run("window.kept = widget(); kept.remove();").await?;
    session.barrier().await?;
    session.run("document.body.append(kept);").await?;
    session.shows("#scheduled", "scheduled").await?;
    session.barrier().await?;
    let requests = session.requests("scheduled")?;
    ensure!(requests <= 2, "{requests} requests");
    ensure!(session.text("#scheduled", "badge").await?.is_some(), "no badge after the return");
    session.no_errors().await
}

async fn abandoned(session: &Session) -> Result<()> {
    session
        .api_sees("the request aborted", |requests| {
            requests.iter().any(|request| request.outcome == Outcome::Abandoned)
        })
        .await
}

async fn removal_aborts(session: &mut Session) -> Result<()> {
    // On a still clock the widget's own deadline cannot be what aborts it.
    session.open(Page::of("slow").fake_clock()).await?;
    session.run("await widget().ready;").await?;
    session.api_sees("the request", |requests| !requests.is_empty()).await?;
    session.run("widget().remove();").await?;
    abandoned(session).await?;
    session.asked("slow", 1).await?;
    session.no_errors().await
}

async fn removal_before_wasm_aborts(session: &mut Session) -> Result<()> {
    session.files.hold("/widget_bg.wasm");
    session.open(Page::of("slow").fake_clock()).await?;
    session.api_sees("the head start", |requests| !requests.is_empty()).await?;
    session.run("widget().remove();").await?;
    abandoned(session).await?;
    session.files.release("/widget_bg.wasm");
    session.asked("slow", 1).await?;
    session.no_errors().await
}

async fn upgrade(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status id=w></zoho-backup-status>").without_widget()).await?;
    session
        .run(&format!(
            "widget().proxyUrl = '{}';
             widget().label = 'Sales account';
             widget().overdueAfter = 86400;
             const script = document.createElement('script');
             script.type = 'module';
             script.src = '{{files}}/zoho-backup-status.js';
             document.head.append(script);",
            session.url("overdue")
        ))
        .await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "due", "overdueAfter was lost: the state is {}", verdict.state);
    let reflected: Vec<String> = session
        .eval("['proxy-url', 'label', 'overdue-after'].map((name) => widget().getAttribute(name))")
        .await?;
    ensure!(
        reflected == [session.url("overdue").as_str(), "Sales account", "86400"],
        "reflected: {reflected:?}"
    );
    let shadowed: bool = session
        .eval("['proxyUrl', 'label', 'overdueAfter'].some((name) => Object.hasOwn(widget(), name))")
        .await?;
    ensure!(!shadowed, "own properties still shadow the prototype's");
    let label = session.text("#w", "label").await?;
    ensure!(label.is_some_and(|label| label.contains("Sales account")), "the label is not shown");
    session.asked("overdue", 1).await?;
    session.no_errors().await
}

async fn made_by_script(session: &mut Session) -> Result<()> {
    session.open(Page::new("")).await?;
    session
        .run(&format!(
            "await customElements.whenDefined('zoho-backup-status');
             const element = document.createElement('zoho-backup-status');
             element.id = 'w';
             element.proxyUrl = '{}';
             document.body.append(element);",
            session.url("completed")
        ))
        .await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "completed", "the state is {}", verdict.state);
    session.asked("completed", 1).await?;
    session.no_errors().await
}

async fn loaded_twice(session: &mut Session) -> Result<()> {
    // Another query makes another module of the same file: it runs a second time.
    let again = "<script type=\"module\" src=\"{files}/zoho-backup-status.js\"></script>\n\
                 <script type=\"module\" src=\"{files}/zoho-backup-status.js?again\"></script>\n";
    let element = crate::page::element("scheduled");
    session.open(Page::new(format!("{element}{again}"))).await?;
    session.settled("#scheduled").await?;
    session.asked("scheduled", 1).await?;
    session.no_errors().await
}

async fn batched_changes(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    session
        .run(&format!(
            "for (let i = 0; i < 99; i += 1) {{
               widget().setAttribute('proxy-url', '{}');
               widget().setAttribute('label', `Account ${{i}}`);
             }}
             widget().setAttribute('proxy-url', '{}');",
            session.url("none"),
            session.url("overdue")
        ))
        .await?;
    session.shows("#scheduled", "overdue").await?;
    session.asked("overdue", 1).await?;
    session.asked("none", 0).await?;
    session.asked("scheduled", 1).await?;
    let label = session.text("#scheduled", "label").await?;
    ensure!(label.as_deref().is_some_and(|label| label.contains("Account 98")), "the label is {label:?}");
    session.no_errors().await
}

async fn other_url(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    session.run(&format!("widget().proxyUrl = '{}';", session.url("slow"))).await?;
    session.shows("#scheduled", "loading").await?;
    let countdown = session.text("#scheduled", "countdown").await?;
    ensure!(countdown.is_none(), "the old countdown is still shown: {countdown:?}");
    session
        .api_sees("the second URL", |requests| requests.iter().any(|r| r.scenario == Some("slow")))
        .await?;
    session.run(&format!("widget().proxyUrl = '{}';", session.url("overdue"))).await?;
    session.shows("#scheduled", "overdue").await?;
    abandoned(session).await?;
    session.no_errors().await
}

async fn shared_request(session: &mut Session) -> Result<()> {
    let one = |id: &str| {
        format!(
            "<zoho-backup-status id={id} proxy-url=\"{{api}}{}\"></zoho-backup-status>",
            path("scheduled")
        )
    };
    session.open(Page::new(format!("{}{}", one("a"), one("b")))).await?;
    session.settled("#a").await?;
    session.settled("#b").await?;
    session.asked("scheduled", 1).await?;
    session.run("widget('#a').remove();").await?;
    session.barrier().await?;
    ensure!(session.text("#b", "badge").await?.is_some(), "the other widget lost its state");
    session.no_errors().await
}

async fn no_timers_left(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    let running: usize = session.eval("__clock.pending()").await?;
    session
        .run(
            "const element = widget();
             for (let i = 0; i < 200; i += 1) {
               element.remove();
               await __clock.settle();
               document.body.append(element);
               await __clock.settle();
             }",
        )
        .await?;
    session.shows("#scheduled", "scheduled").await?;
    // What takes a timer of 0 ms may still be on its way out.
    session.wait(&format!("(await __clock.advance(0), __clock.pending() <= {running})")).await?;
    session.run("window.kept = widget(); kept.remove();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    println!("        timers: {running} with the widget, 0 without it");
    session.run("document.body.append(kept);").await?;
    session.shows("#scheduled", "scheduled").await?;
    session.no_errors().await
}

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
    "1,000 attribute changes in one task are one update and one new fetch" => batched_changes,
    "another proxy-url: loading, then the new state" => other_url,
    "two widgets of one URL share one request" => shared_request,
    "the scripts of two versions: the first has the element, both can mount" => two_versions,
    "1,000 times in and out leave nothing behind" => nothing_left,
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
    let gone: bool = session.eval("await kept.refresh() === null && kept.verdict === null").await?;
    ensure!(gone, "a removed element has a verdict");
    session.run("document.body.append(kept); await kept.ready;").await?;
    let state: Option<String> = session.eval("kept.verdict?.state").await?;
    ensure!(state.is_some(), "`ready` resolved before there was a verdict");
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
            "window.updates = 0;
             widget().getAttribute = function (name) {{
               if (name === 'proxy-url') updates += 1;
               return Element.prototype.getAttribute.call(this, name);
             }};
             for (let i = 0; i < 500; i += 1) {{
               widget().setAttribute('proxy-url', i < 499 ? '{}' : '{}');
               widget().setAttribute('label', `Account ${{i}}`);
             }}",
            session.url("none"),
            session.url("overdue")
        ))
        .await?;
    session.shows("#scheduled", "overdue").await?;
    session.asked("overdue", 1).await?;
    session.asked("none", 0).await?;
    session.asked("scheduled", 1).await?;
    let updates: usize = session.eval("updates").await?;
    ensure!(updates == 1, "the widget was told its options {updates} times");
    let label = session.text("#scheduled", "label").await?;
    ensure!(label.as_deref().is_some_and(|label| label.contains("Account 499")), "the label is {label:?}");
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

async fn two_versions(session: &mut Session) -> Result<()> {
    const SCRIPT: &str = "zoho-backup-status.js";
    let script = session.files.text(SCRIPT)?;
    let ours = format!("const VERSION = \"{}\"", env!("CARGO_PKG_VERSION"));
    ensure!(script.contains(&ours), "the script does not say its version");
    session.files.also_at("/other/");
    session.files.add(&format!("/other/{SCRIPT}"), script.replace(&ours, "const VERSION = \"9.9.9\""));
    let other = format!("<script type=module src=\"{{files}}/other/{SCRIPT}\"></script>");
    session
        .open(Page::new(format!("{}<div id=target></div>{other}", crate::page::element("scheduled"))))
        .await?;
    session.settled("#scheduled").await?;
    session
        .run(&format!(
            "window.other = await import('{{files}}/other/{SCRIPT}');
             window.handle = await other.mount(widget('#target'), {{ proxyUrl: '{}' }});",
            session.url("overdue")
        ))
        .await?;
    session.wait("handle.verdict?.state === 'overdue'").await?;
    ensure!(session.text("#target", "badge").await?.as_deref() == Some("Overdue"), "no badge of the second");
    ensure!(
        session.text("#scheduled", "badge").await?.as_deref() == Some("Scheduled"),
        "no badge of the first"
    );
    let version: String = session.eval("other.version").await?;
    ensure!(version == "9.9.9", "the second script says that it is {version}");
    for wasm in ["/widget_bg.wasm", "/other/widget_bg.wasm"] {
        let times = session.files.times_asked(wasm);
        ensure!(times == 1, "{wasm} was asked for {times} times");
    }
    session.run("handle.unmount();").await?;
    session.asked("scheduled", 1).await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn nothing_left(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock().ledger()).await?;
    session.settled("#scheduled").await?;
    session.run("window.w = widget();").await?;
    let cycles = |times: usize| {
        format!(
            "for (let i = 0; i < {times}; i += 1) {{
               w.remove();
               await __clock.settle();
               document.body.append(w);
               await __clock.settle();
             }}"
        )
    };
    // The first cycles take the room that all need.
    session.run(&cycles(100)).await?;
    let memory: Vec<u64> = session.eval("__ledger.memory()").await?;
    session.run(&cycles(900)).await?;
    session.shows("#scheduled", "scheduled").await?;
    let after: Vec<u64> = session.eval("__ledger.memory()").await?;
    session.run("w.remove();").await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    session.barrier().await?;
    let listeners: usize = session.eval("__ledger.listeners()").await?;
    session
        .api_sees("every request ended", |requests| {
            requests.iter().all(|request| request.outcome != Outcome::Pending)
        })
        .await?;
    println!(
        "        after 1,000 cycles: memory {memory:?} → {after:?} bytes, 0 timers, {listeners} listeners on window \
         and document, {} requests, 0 under way",
        session.requests("scheduled")?
    );
    ensure!(memory == after && memory.len() == 1, "the memory has grown");
    ensure!(listeners == 0, "{listeners} listeners are left");
    session.run("document.body.append(w);").await?;
    session.wait("w.verdict?.state === 'scheduled'").await?;
    session.no_errors().await
}

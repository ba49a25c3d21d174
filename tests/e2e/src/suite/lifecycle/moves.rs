//! Elements that are moved and removed.

use anyhow::{Result, ensure};
use sandbox::Outcome;

use super::steps::abandoned;
use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("lifecycle",
    "a move sends no request" => moving,
    "a move keeps the request in flight" => moving_in_flight,
    "a move into a frame's document keeps style and countdown" => framed,
    "in a frame that is removed it sends no request, and goes on when it is back" => frame_removed,
    "removed and inserted later, it shows the state with at most one more request" => reconnecting,
    "removal aborts the request in flight" => removal_aborts,
    "removal before the wasm has arrived aborts the early request" => removal_before_wasm_aborts,
    "1,000 removals and insertions leave nothing behind" => nothing_left,
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
    session.expect_requests("scheduled", 1).await?;
    let badge: Option<String> = session.eval("seen(moved, 'badge')").await?;
    ensure!(badge.is_some(), "the badge did not survive the move");
    session.no_errors().await
}

async fn moving_in_flight(session: &mut Session) -> Result<()> {
    session.open(Page::of("slow")).await?;
    session.api_sees("the request", |requests| !requests.is_empty()).await?;
    session.run("document.body.append(document.createElement('div'), widget());").await?;
    session.expect_requests("slow", 1).await?;
    let outcome = session.api()?.record().of("slow")[0].outcome;
    ensure!(outcome == Outcome::Pending, "the request was {outcome:?}");
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
        session.expect_requests("scheduled", 1).await?;
    }
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn frame_removed(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    session
        .run(
            "window.w = widget();
             window.frame = document.createElement('iframe');
             frame.srcdoc = '<!doctype html><title>A frame</title>';
             document.body.append(frame);
             await new Promise((resolve) => { frame.onload = resolve; });
             frame.contentDocument.body.append(w);
             await __clock.pass(300_000);",
        )
        .await?;
    session.expect_requests("scheduled", 2).await?;
    session.run("frame.remove(); await __clock.pass(3_600_000);").await?;
    let is_connected: bool = session.eval("w.isConnected").await?;
    ensure!(is_connected, "the frame's document is still there");
    session.expect_requests("scheduled", 2).await?;
    session.run("document.body.append(w); await __clock.pass(1_000);").await?;
    session.shows("#scheduled", "scheduled").await?;
    session.expect_requests("scheduled", 3).await?;
    session.pass(300_000).await?;
    session.expect_requests("scheduled", 4).await?;
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

async fn removal_aborts(session: &mut Session) -> Result<()> {
    // With a fake clock, the widget's own deadline cannot abort it.
    session.open(Page::of("slow").fake_clock()).await?;
    session.run("await widget().ready;").await?;
    session.api_sees("the request", |requests| !requests.is_empty()).await?;
    session.run("widget().remove();").await?;
    abandoned(session).await?;
    session.expect_requests("slow", 1).await?;
    session.no_errors().await
}

async fn removal_before_wasm_aborts(session: &mut Session) -> Result<()> {
    session.files.hold("/widget_bg.wasm");
    session.open(Page::of("slow").fake_clock()).await?;
    session.api_sees("the head start", |requests| !requests.is_empty()).await?;
    session.run("widget().remove();").await?;
    abandoned(session).await?;
    session.files.release("/widget_bg.wasm");
    session.expect_requests("slow", 1).await?;
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
    // The first cycles allocate the memory that all need.
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
    session.note(format!(
        "after 1,000 cycles: memory {memory:?} → {after:?} bytes, 0 timers, {listeners} listeners on window \
         and document, {} requests, 0 in flight",
        session.requests("scheduled")?
    ));
    ensure!(memory == after && memory.len() == 1, "the memory has grown");
    ensure!(listeners == 0, "{listeners} listeners are left");
    session.run("document.body.append(w);").await?;
    session.wait("w.verdict?.state === 'scheduled'").await?;
    session.no_errors().await
}

//! Sleep, and answers that were cached.

use anyhow::{Result, ensure};

use super::steps::{LOOK, countdown, open_frozen};
use crate::session::Session;
use crate::suite::next_run::open_with_next_run_in;
use crate::test_case::{Test, tests};
use crate::time_units::{HOUR, MINUTE, SECOND};

pub const TESTS: &[Test] = tests!("time",
    "an answer that was cached for an hour is an hour old" => aged_answer,
    "a cache that renews Date, but not Age, means an old answer and no wrong clock" => renewed_date,
    "a Date that stands still means an old answer and no wrong clock" => stopped_date,
    "after 8 hours of sleep the countdown is right as soon as the page is seen" => sleep,
    "after sleep past the run it is due once, and a request follows soon" => sleep_beyond_zero,
    "a request is sent within 5 seconds after zero" => asks_at_zero,
);

async fn aged_answer(session: &mut Session) -> Result<()> {
    open_frozen(session, "scheduled").await?;
    session
        .run(&format!(
            "await __clock.advance(6000); __clock.server(0, {HOUR}); await widget('#w').refresh();"
        ))
        .await?;
    let age: i64 = session.eval("Date.now() - Date.parse(widget('#w').verdict.checkedAt)").await?;
    ensure!((age - HOUR).abs() < 2 * SECOND, "read {age} ms ago");
    let verdict = session.settled("#w").await?;
    ensure!(verdict.stale && verdict.tone == "neutral", "an hour old and not stale: {verdict:?}");
    let card: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(!card.contains("clock is"), "a wrong clock is reported: {card}");
    session.no_errors().await
}

async fn renewed_date(session: &mut Session) -> Result<()> {
    open_frozen(session, "scheduled").await?;
    // As from some caches: a day old by `Age`, new by `Date`.
    session
        .run(&format!(
            "await __clock.advance(6000); __clock.server(-24 * {HOUR}, 24 * {HOUR}); await widget('#w').refresh();"
        ))
        .await?;
    let card: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(!card.contains("clock is"), "a wrong clock is reported: {card}");
    let verdict = session.settled("#w").await?;
    ensure!(verdict.stale && verdict.tone != "good", "a day old and not stale: {verdict:?}");
    ensure!(verdict.next_run.is_some(), "{verdict:?}");
    session.no_errors().await
}

async fn stopped_date(session: &mut Session) -> Result<()> {
    open_frozen(session, "scheduled").await?;
    session
        .run(&format!(
            "await __clock.advance(6000); __clock.stopServer(24 * {HOUR}); await widget('#w').refresh();"
        ))
        .await?;
    // The first of them may be from a server whose clock was set.
    let first = session.settled("#w").await?;
    ensure!(first.tone == "neutral" && first.reason_code == "clock-disagrees", "{first:?}");
    session.pass(15_000).await?;
    // What was read before that is fresh for another 15 minutes.
    for _ in 0..3 {
        session.pass(16 * 60_000).await?;
        let shown = session.settled("#w").await?;
        ensure!(shown.stale && shown.tone != "good", "{shown:?}");
        let card: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
        ensure!(!card.contains("clock is"), "a wrong clock is reported: {card}");
    }
    session.no_errors().await
}

async fn sleep(session: &mut Session) -> Result<()> {
    for event in ["visibilitychange", "pageshow", "focus"] {
        open_with_next_run_in(session, 52 * HOUR).await?;
        let before = countdown(session).await?;
        session.run(&format!("__clock.sleep({});", 8 * HOUR)).await?;
        let target = if event == "visibilitychange" { "document" } else { "window" };
        session
            .run(&format!("{target}.dispatchEvent(new Event('{event}')); await __clock.settle();"))
            .await?;
        let after = session.text("#w", "countdown").await?.unwrap_or_default();
        session.note(format!("{event}: {before} → {after}"));
        ensure!(after == "Next run in 1 day, 20 hr", "after 8 hours: {after}");
    }
    session.no_errors().await
}

async fn sleep_beyond_zero(session: &mut Session) -> Result<()> {
    open_frozen(session, "scheduled-soon").await?;
    session.run(&format!("__clock.sleep({});", 10 * MINUTE)).await?;
    session.run(LOOK).await?;
    session.shows("#w", "due").await?;
    ensure!(session.text("#w", "countdown").await?.as_deref() == Some("Due now"), "not due now");
    session.advance(HOUR).await?;
    session.barrier().await?;
    let due = session.events().await?.into_iter().filter(|event| event.name == "backup-status-due").count();
    ensure!(due == 1, "{due} events of the run that is due");
    let requests = session.requests("scheduled-soon")?;
    ensure!(requests >= 2, "no request after the run");
    session.no_errors().await
}

async fn asks_at_zero(session: &mut Session) -> Result<()> {
    open_frozen(session, "scheduled-soon").await?;
    session.expect_requests("scheduled-soon", 1).await?;
    let remaining: i64 = session.eval("Date.parse(widget('#w').verdict.nextRun) - Date.now()").await?;
    session.advance(remaining).await?;
    session.shows("#w", "due").await?;
    session.expect_requests("scheduled-soon", 1).await?;
    // Math.random() returns 0.5 here: 2.5 of 5 seconds.
    session.advance(2_499).await?;
    session.expect_requests("scheduled-soon", 1).await?;
    session.advance(1).await?;
    session.expect_requests("scheduled-soon", 2).await?;
    session.run("widget('#w').refreshInterval = 0;").await?;
    session.no_errors().await
}

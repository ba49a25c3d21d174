//! A computer that sleeps, or whose clock is set back.

use anyhow::{Context, Result, ensure};

use super::steps::{fired_events, is_requested};
use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::time_units::HOUR;
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("feed",
    "after sleep past run and interval, a refresh() of a listener sends one request" => asleep,
    "after the clock is set back, refresh() sends a request, and the interval goes on" => set_back,
    "a request times out even when the clock is set back during it" => set_back_while_asking,
);

async fn asleep(session: &mut Session) -> Result<()> {
    // An element's refresh() waits for `ready` first; that of a handle sends its request within the event.
    for by_handle in [false, true] {
        session.api()?.record().clear();
        session.respond_as("scheduled-soon", "scheduled-soon")?;
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
        session.expect_requests("scheduled-soon", 2).await?;
        for verdict in ["refreshed", "handle.verdict"] {
            let verdict: Verdict = session.eval(verdict).await?;
            ensure!(verdict.state == "due" && verdict.fault.is_none() && !verdict.stale, "{verdict:?}");
        }
        let events = fired_events(session, if by_handle { "target" } else { "scheduled-soon" }).await?;
        ensure!(events.iter().all(|(name, _)| name != "backup-status-error"), "{events:?}");
        ensure!(events.iter().filter(|(name, _)| name == "backup-status-due").count() == 1, "{events:?}");
        session.no_errors().await?;
    }
    Ok(())
}

const BACK: i64 = -2 * HOUR;

async fn set_back(session: &mut Session) -> Result<()> {
    for refreshes in [true, false] {
        session.api()?.record().clear();
        session.open(Page::of("scheduled").fake_clock()).await?;
        session.settled("#scheduled").await?;
        session.advance(100_000).await?;
        session.run(&format!("__clock.set({BACK}); __clock.server({BACK});")).await?;
        let mut times = 1;
        if refreshes {
            let refreshed: Verdict = session.eval("await widget().refresh()").await?;
            ensure!(refreshed.state == "scheduled" && refreshed.fault.is_none(), "{refreshed:?}");
            times += 1;
            session.expect_requests("scheduled", times).await?;
        }
        // To the widget, time goes on as before. How much of it passed between its last look at the clock and the
        // refresh is found out by a second request, 12 s later.
        for (wait, requests) in [if refreshes { (312_000, 2) } else { (200_000, 1) }, (300_000, 1)] {
            session.pass(wait).await?;
            times += requests;
            is_requested(session, "scheduled", times)
                .await
                .with_context(|| format!("after refresh(): {refreshes}"))?;
            session.expect_requests("scheduled", times).await?;
            session
                .wait(&format!(
                    "Math.abs(Date.now() - {BACK} - Date.parse(widget().verdict.checkedAt)) < 1000"
                ))
                .await?;
        }
        let shown = session.verdict("#scheduled").await?;
        ensure!(shown.state == "scheduled" && shown.fault.is_none() && !shown.stale, "{shown:?}");
        session.no_errors().await?;
    }
    Ok(())
}

async fn set_back_while_asking(session: &mut Session) -> Result<()> {
    session.open(Page::of("slow").fake_clock()).await?;
    session.run("await widget().ready;").await?;
    is_requested(session, "slow", 1).await?;
    session.run(&format!("__clock.set({BACK});")).await?;
    session.advance(10_000).await?;
    session.wait("(await __clock.advance(0), widget().verdict.state === 'error')").await?;
    let shown = session.verdict("#slow").await?;
    ensure!(shown.fault_kind() == Some("timed-out"), "{shown:?}");
    session.advance(3_000).await?;
    is_requested(session, "slow", 2).await?;
    session.no_errors().await
}

//! What an update writes, announces and keeps.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::steps::{LOOK, open_frozen};
use crate::page::Page;
use crate::session::Session;
use crate::suite::next_run::open_with_next_run_in;
use crate::test_case::{Test, tests};
use crate::time_units::{HOUR, MINUTE, SECOND};

pub const TESTS: &[Test] = tests!("time",
    "the DOM is not written while the text stays the same" => no_mutation,
    "100 widgets share one timer, and need none while no text changes" => one_timer,
    "changes are announced once, politely, in whole sentences; ticks are not announced" => said,
    "focus and open details survive every update" => focus,
);

async fn no_mutation(session: &mut Session) -> Result<()> {
    // Days ahead: the name of a nearer day may change at midnight, and then all is drawn anew.
    open_with_next_run_in(session, 148 * HOUR).await?;
    // Until what was announced at first is cleared.
    session.advance(MINUTE).await?;
    session
        .run(
            "window.mutations = 0;
             new MutationObserver((records) => { mutations += records.length; })
               .observe(widget('#w').shadowRoot, { subtree: true, childList: true, characterData: true, attributes: true });",
        )
        .await?;
    session.advance(HOUR - MINUTE - 1).await?;
    session.run(LOOK).await?;
    let none: usize = session.eval("mutations").await?;
    ensure!(none == 0, "{none} mutations although the text stayed the same");
    session.advance(1).await?;
    let some: usize = session.eval("mutations").await?;
    ensure!(some == 1, "{some} mutations for one text");
    session.no_errors().await
}

async fn one_timer(session: &mut Session) -> Result<()> {
    session.open(Page::new("").fake_clock()).await?;
    session
        .run(
            "await customElements.whenDefined('zoho-backup-status');
             const next = new Date(Math.ceil(Date.now() / 1000) * 1000 + 90_000).toISOString();
             for (let i = 0; i < 100; i += 1) {
               const element = document.createElement('zoho-backup-status');
               element.data = { backup: { status: 'SCHEDULED', rrule: 'FREQ=DAILY', scheduled_date: next } };
               document.body.append(element);
             }
             await widget().ready;",
        )
        .await?;
    session.wait("[...document.querySelectorAll('zoho-backup-status')].every((w) => w.verdict?.state === 'scheduled')").await?;
    session.advance(0).await?;
    let timers: usize = session.eval("__clock.pending()").await?;
    ensure!(timers == 1, "{timers} timers for 100 widgets");
    session
        .run("for (const w of document.querySelectorAll('zoho-backup-status')) w.data = { backup: { status: 'STOPPED' } };")
        .await?;
    // What was announced can be read for a minute.
    session.advance(MINUTE).await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    session.note(format!("100 widgets: {timers} timer; 100 that never change: 0"));
    session.no_errors().await
}

async fn said(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 62 * MINUTE).await?;
    session
        .run(
            "window.words = [];
             const region = widget('#w').shadowRoot.querySelector('[role=status]');
             new MutationObserver(() => words.push(oneLine(region.textContent)))
               .observe(region, { subtree: true, childList: true, characterData: true });",
        )
        .await?;
    let timer: Value = session
        .eval("(({ role, ariaLive }) => [role ?? '', ariaLive])(parts(widget('#w'), 'countdown')[0])")
        .await?;
    let live: usize =
        session.eval("widget('#w').shadowRoot.querySelectorAll('[role=status], [aria-live]').length").await?;
    ensure!(live == 1, "{live} live regions; the countdown is {timer}");
    let role: String = session.eval("parts(widget('#w'), 'countdown')[0].getAttribute('role')").await?;
    ensure!(role == "timer", "the ticking node is a {role}");
    session.advance(61 * MINUTE).await?;
    let ticks: Vec<String> = session.eval("words").await?;
    // What was said of the page's own change is cleared after a minute.
    ensure!(ticks.iter().all(String::is_empty) && ticks.len() <= 1, "ticks are said: {ticks:?}");
    session.run("words.length = 0;").await?;
    session.advance(2 * MINUTE).await?;
    session.run("widget('#w').data = { backup: { status: 'COMPLETED', rrule: 'FREQ=DAILY', scheduled_date: new Date(Date.now() + 11_000_000).toISOString() } };").await?;
    session.shows("#w", "completed").await?;
    session.barrier().await?;
    let words: Vec<String> = session.eval("words").await?;
    session.note(format!("{words:?}"));
    ensure!(
        words.first().is_some_and(|it| it.starts_with("Zoho CRM backup: Due. The run is due")),
        "{words:?}"
    );
    ensure!(
        words.last().is_some_and(|it| it.ends_with("Next run in 3 hours.") && it.contains("Completed")),
        "{words:?}"
    );
    session.advance(MINUTE - 1).await?;
    let kept: bool = session.eval("words.at(-1).includes('Completed')").await?;
    ensure!(kept, "what was said is cleared too early");
    session.advance(1).await?;
    let last: String = session.eval("words.at(-1)").await?;
    ensure!(last.is_empty(), "a minute later it can still be read: {last}");
    session.no_errors().await
}

async fn focus(session: &mut Session) -> Result<()> {
    open_frozen(session, "scheduled-soon").await?;
    session
        .run(
            "window.root = widget('#w').shadowRoot;
             root.querySelector('details').open = true;
             root.querySelector('summary').focus();
             window.focused = root.activeElement;",
        )
        .await?;
    for change in ["label = 'Sales'", "countdown = 'second'", "overdueAfter = 1", "lang = 'de'"] {
        session.run(&format!("widget('#w').{change}; await __clock.settle();")).await?;
    }
    session.advance(95 * SECOND).await?;
    session.expect_requests("scheduled-soon", 2).await?;
    session.shows("#w", "overdue").await?;
    let kept: bool = session
        .eval("focused?.localName === 'summary' && root.activeElement === focused && root.querySelector('details').open")
        .await?;
    ensure!(kept, "the focus or the open details are lost");
    session.no_errors().await
}

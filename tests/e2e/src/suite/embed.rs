//! The quick start: two lines on a host page.

use anyhow::{Context, Result, ensure};

use super::next_run::open_with_next_run_in;
use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::time_units::HOUR;

pub const TESTS: &[Test] = tests!("embed",
    "the two lines of the quick start show badge and countdown" => two_lines,
    "a countdown in seconds changes at the full second" => changes_at_its_second,
    "a countdown in days changes at the full hour" => changes_at_its_hour,
    "at zero the run is due, and the countdown is never negative" => never_negative,
);

const TWO_LINES: &str = r#"<script type="module" src="{files}/zoho-backup-status.js"></script>
<zoho-backup-status proxy-url="{api}/crm/bulk/v6/backup"></zoho-backup-status>
"#;

async fn two_lines(session: &mut Session) -> Result<()> {
    session.open(Page::verbatim(TWO_LINES)).await?;
    let verdict = session.settled("zoho-backup-status").await?;
    ensure!(verdict.state == "scheduled", "the state is {}", verdict.state);
    let badge = session.text("zoho-backup-status", "badge").await?.context("no badge is shown")?;
    let countdown =
        session.text("zoho-backup-status", "countdown").await?.context("no countdown is shown")?;
    session.note(format!("shown: {badge} | {countdown}"));
    ensure!(
        countdown.contains('2') || countdown.contains('1'),
        "the next run is 2 days ahead, not {countdown}"
    );
    Ok(())
}

async fn countdown(session: &Session) -> Result<String> {
    session.text("#w", "countdown").await?.context("no countdown is shown")
}

/// Checks that the text stays the same until just before the boundary, and is another just after it.
async fn changes_after(session: &Session, milliseconds: i64) -> Result<()> {
    let before = countdown(session).await?;
    session.advance(milliseconds - 1).await?;
    let still = countdown(session).await?;
    ensure!(still == before, "{before} became {still} too early");
    // The text exactly at the boundary may be either.
    session.advance(2).await?;
    let after = countdown(session).await?;
    session.note(format!("{before} → {after}"));
    ensure!(after != before, "{before} did not change in time");
    Ok(())
}

async fn changes_at_its_second(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 90_500).await?;
    changes_after(session, 500).await?;
    session.advance(499).await?;
    changes_after(session, 500).await
}

async fn changes_at_its_hour(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 52 * HOUR + 500).await?;
    changes_after(session, 500).await
}

async fn never_negative(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 2_500).await?;
    session.advance(4_000).await?;
    session.shows("#w", "due").await?;
    let text = countdown(session).await?;
    session.note(format!("at zero: {text}"));
    ensure!(
        !text.contains(['-', '−']) && !text.contains(char::is_numeric),
        "\"due now\" has no number: {text}"
    );
    session.advance(3_600_000).await?;
    session.shows("#w", "overdue").await?;
    let text = countdown(session).await?;
    session.note(format!("an hour later: {text}"));
    ensure!(!text.contains(['-', '−']), "negative: {text}");
    session.no_errors().await
}

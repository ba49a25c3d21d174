//! Attributes of the countdown.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::page::Page;
use crate::session::Session;
use crate::suite::next_run::open_with_next_run_in;
use crate::test_case::{Test, tests};
use crate::time_units::{DAY, HOUR, MINUTE, SECOND};

pub const TESTS: &[Test] = tests!("contract attribute",
    "overdue-after: is how long a run is due; a negative value is 0, an invalid one the default" => overdue_after,
    "countdown: auto, minute, second, off" => countdown,
    "countdown: of a run that is overdue" => countdown_overdue,
    "countdown: off hides the countdown of a run that is due" => countdown_off_when_due,
);

async fn overdue_after(session: &mut Session) -> Result<()> {
    // Its run has been due for 10 minutes.
    session.open(Page::of("due")).await?;
    session.settled("#due").await?;
    let gives = async |given: &str, property: Value, state: &str| -> Result<()> {
        session.run(&format!("widget().setAttribute('overdue-after', '{given}');")).await?;
        session.shows("#due", state).await.with_context(|| format!("overdue-after={given:?}"))?;
        let found: Value = session.eval("widget().overdueAfter").await?;
        ensure!(found == property, "overdue-after={given:?} gives {found}");
        Ok(())
    };
    session.shows("#due", "due").await?;
    gives("60", json!(60), "overdue").await?;
    gives("soon", json!(3600), "due").await?;
    gives("-5", json!(-5), "overdue").await?;
    gives("86400", json!(86_400), "due").await?;
    session.expect_console(&["overdue-after \"soon\"", "overdue-after \"-5\""]).await?;
    session.expect_requests("due", 1).await?;
    session.no_errors().await
}

async fn reads(session: &Session, mode: &str, expected: Option<&str>) -> Result<()> {
    session.run(&format!("widget('#w').countdown = '{mode}';")).await?;
    let text = session.text("#w", "countdown").await?;
    session.note(format!("{mode}: {}", text.as_deref().unwrap_or("–")));
    ensure!(text.as_deref() == expected, "{mode}: {text:?} instead of {expected:?}");
    Ok(())
}

async fn countdown(session: &mut Session) -> Result<()> {
    for (ahead, auto, minute, second) in [
        (DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND, "1 day, 3 hr", "1 day, 2 hr, 4 min", "1 day 02:03:04"),
        (3 * HOUR + 20 * MINUTE + 10 * SECOND, "3 hr, 21 min", "3 hr, 21 min", "03:20:10"),
        (12 * MINUTE + 34 * SECOND, "12:34", "13 min", "00:12:34"),
        (5 * SECOND, "00:05", "less than a minute", "00:00:05"),
    ] {
        open_with_next_run_in(session, ahead).await?;
        for (mode, length) in [("auto", auto), ("minute", minute), ("second", second)] {
            reads(session, mode, Some(&format!("Next run in {length}"))).await?;
        }
        reads(session, "off", None).await?;
        // In upper case with blanks, then removed.
        reads(session, " SECOND ", Some(&format!("Next run in {second}"))).await?;
        session.run("widget('#w').countdown = null;").await?;
        let text = session.text("#w", "countdown").await?;
        ensure!(text == Some(format!("Next run in {auto}")), "by default {text:?}");
    }
    session.no_errors().await
}

async fn countdown_overdue(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 0).await?;
    session.advance(DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND).await?;
    session.shows("#w", "overdue").await?;
    for (mode, length) in
        [("auto", "1 day, 2 hr"), ("minute", "1 day, 2 hr, 3 min"), ("second", "1 day 02:03:04")]
    {
        reads(session, mode, Some(&format!("Overdue by {length}"))).await?;
    }
    reads(session, "off", None).await?;
    session.no_errors().await
}

async fn countdown_off_when_due(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 0).await?;
    session.advance(SECOND).await?;
    session.shows("#w", "due").await?;
    let text = session.text("#w", "countdown").await?;
    ensure!(text.is_some(), "the countdown does not say that the run is due");
    reads(session, "off", None).await?;
    session.no_errors().await
}

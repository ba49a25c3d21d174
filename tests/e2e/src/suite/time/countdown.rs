//! The texts of the countdown.

use anyhow::{Result, ensure};

use super::steps::{countdown, open_frozen};
use crate::page::Page;
use crate::session::Session;
use crate::suite::next_run::{open_page_with_next_run_in, open_with_next_run_in};
use crate::test_case::{Test, tests};
use crate::time_units::{HOUR, MINUTE, SECOND};

pub const TESTS: &[Test] = tests!("time",
    "each countdown mode shows its text from 61 minutes before the run to an hour after" => boundaries,
    "with reduced motion, auto shows no seconds before the last minute" => reduced_motion,
    "with a clock 10 minutes fast the countdown is the same, and the card says so" => fast_clock,
);

/// (remaining milliseconds, text with `auto`, with `second`, with `minute`)
const TEXTS: [(i64, &str, &str, &str); 9] = [
    (61 * MINUTE, "Next run in 1 hr, 1 min", "Next run in 01:01:00", "Next run in 1 hr, 1 min"),
    (60 * MINUTE, "Next run in 60:00", "Next run in 01:00:00", "Next run in 1 hr"),
    (60 * MINUTE - SECOND, "Next run in 59:59", "Next run in 00:59:59", "Next run in 1 hr"),
    (31 * MINUTE, "Next run in 31:00", "Next run in 00:31:00", "Next run in 31 min"),
    (2 * MINUTE, "Next run in 02:00", "Next run in 00:02:00", "Next run in 2 min"),
    (MINUTE, "Next run in 01:00", "Next run in 00:01:00", "Next run in less than a minute"),
    (SECOND, "Next run in 00:01", "Next run in 00:00:01", "Next run in less than a minute"),
    (0, "Due now", "Due now", "Due now"),
    (-HOUR - SECOND, "Overdue by 1 hr", "Overdue by 01:00:01", "Overdue by 1 hr"),
];

/// Moves the clock through all of TEXTS and compares.
async fn shows_texts(session: &Session, mode: &str, expected: impl Fn(usize) -> &'static str) -> Result<()> {
    session.run(&format!("widget('#w').countdown = '{mode}';")).await?;
    let mut texts = Vec::new();
    let mut remaining = 62 * MINUTE;
    for (index, (at, ..)) in TEXTS.iter().enumerate() {
        session.advance(remaining - at).await?;
        remaining = *at;
        let text = countdown(session).await?;
        ensure!(text == expected(index), "{mode}, {at} ms before: {text:?} instead of {:?}", expected(index));
        texts.push(text.replace("Next run in ", ""));
    }
    session.note(format!("{mode}: {}", texts.join(" | ")));
    Ok(())
}

async fn boundaries(session: &mut Session) -> Result<()> {
    session.note("61 min | 60:00 | 59:59 | 31 min | 2 min | 1 min | 1 s | zero | 1 h after");
    for mode in ["auto", "second", "minute"] {
        open_with_next_run_in(session, 62 * MINUTE).await?;
        shows_texts(session, mode, |index| {
            let (_, auto, second, minute) = TEXTS[index];
            match mode {
                "auto" => auto,
                "second" => second,
                _ => minute,
            }
        })
        .await?;
    }
    open_with_next_run_in(session, 62 * MINUTE).await?;
    session.run("widget('#w').countdown = 'off';").await?;
    for _ in 0..3 {
        session.advance(31 * MINUTE).await?;
        let shown = session.text("#w", "countdown").await?;
        ensure!(shown.is_none(), "off: {shown:?}");
    }
    session.note("off: –");
    session.no_errors().await
}

async fn reduced_motion(session: &mut Session) -> Result<()> {
    session
        .files
        .add("/calm.js", "window.matchMedia = (query) => ({ matches: query.includes('reduced-motion') });");
    let page =
        "<script src=\"{files}/calm.js\" crossorigin></script><zoho-backup-status id=w></zoho-backup-status>";
    open_page_with_next_run_in(session, Page::new(page), 62 * MINUTE).await?;
    const CALM: [&str; 9] = [
        "Next run in 1 hr, 1 min",
        "Next run in 1 hr",
        "Next run in 1 hr",
        "Next run in 31 min",
        "Next run in 2 min",
        "Next run in 01:00",
        "Next run in 00:01",
        "Due now",
        "Overdue by 1 hr",
    ];
    shows_texts(session, "auto", |index| CALM[index]).await?;
    session.no_errors().await
}

async fn fast_clock(session: &mut Session) -> Result<()> {
    const FAST: i64 = 10 * MINUTE;
    open_frozen(session, "scheduled").await?;
    // By the server's clock, the run is exactly 62 minutes ahead.
    session.run("window.at = Date.parse(widget('#w').verdict.nextRun);").await?;
    session
        .run(&format!(
            "__clock.sleep(at + {FAST} - 62 * {MINUTE} - 15_000 - Date.now()); __clock.server({FAST});
             await __clock.pass(0);"
        ))
        .await?;
    let doubted = session.verdict("#w").await?;
    ensure!(doubted.tone == "neutral" && doubted.reason_code == "clock-disagrees", "{doubted:?}");
    ensure!(session.text("#w", "countdown").await?.is_none(), "a countdown in doubt");
    // A second request, 10 to 15 s after the first, finds the same.
    session.pass(15_000).await?;
    session.run("widget('#w').refreshInterval = 0;").await?;
    let card: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(card.contains("This computer's clock is 10 min ahead of the server's."), "{card}");
    let checked: i64 = session.eval("Date.now() - Date.parse(widget('#w').verdict.checkedAt)").await?;
    ensure!((checked - FAST).abs() < 5 * SECOND, "checkedAt is {checked} ms ago by this computer's clock");
    session.note("10 minutes fast:");
    let mut remaining = 62 * MINUTE;
    for (at, auto, ..) in TEXTS.iter().take(7) {
        session.advance(remaining - at).await?;
        remaining = *at;
        let text = countdown(session).await?;
        // The server's Date has whole seconds, so a text may change half a second early or late.
        session.advance(600).await?;
        let later = countdown(session).await?;
        session.advance(-600).await?;
        session.note(format!("{at} ms: {text}"));
        ensure!(
            [&text, &later].contains(&&(*auto).to_owned()),
            "{at} ms before: {text:?} or {later:?}, not {auto:?}"
        );
    }
    session.run("__clock.server(0); await __clock.advance(6000); await widget('#w').refresh();").await?;
    let card: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(!card.contains("clock is"), "{card}");
    session.no_errors().await
}

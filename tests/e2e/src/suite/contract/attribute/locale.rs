//! Attributes of time zone and language.

use anyhow::{Context, Result, ensure};

use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract attribute",
    "time-zone: set, changed, inherited, unknown" => time_zone,
    "hour-cycle: set, changed, inherited" => hour_cycle,
    "lang: set, changed, inherited, unknown" => lang,
);

/// A statement that sets the data of `w`: the next run is on Tuesday, 15 October 2030, at 16:28:45 UTC.
const OCTOBER: &str = "await customElements.whenDefined('zoho-backup-status');
    window.w ??= widget('#w');
    w.data = { backup: { id: '1', status: 'SCHEDULED', rrule: 'RRULE:FREQ=DAILY',
                         scheduled_date: '2030-10-15T21:58:45+05:30' } };
    await w.ready;";

/// Checks that the text of the next run contains all of `words`, and none of `others`.
async fn next_run(session: &Session, words: &[&str], others: &[&str]) -> Result<()> {
    let text: String = session
        .eval("oneLine(parts(w, 'next-run')[0].querySelector('time').innerText)")
        .await
        .context("no next run is shown")?;
    session.note(text.as_str());
    for word in words {
        ensure!(text.contains(word), "{text} has no {word}");
    }
    for word in others {
        ensure!(!text.contains(word), "{text} has {word}");
    }
    Ok(())
}

/// Opens a page with a widget in two nested shadow roots, inside a section with these attributes.
async fn open_inside(session: &Session, attributes: &str) -> Result<()> {
    session
        .open(Page::new(format!(
            "<section {attributes}><div id=outer></div></section><section id=other></section>"
        )))
        .await?;
    session
        .run(&format!(
            "window.w = document.createElement('zoho-backup-status');
             const inner = document.createElement('div');
             document.querySelector('#outer').attachShadow({{ mode: 'open' }}).append(inner);
             inner.attachShadow({{ mode: 'closed' }}).append(w);
             {OCTOBER}"
        ))
        .await
}

async fn time_zone(session: &mut Session) -> Result<()> {
    open_inside(session, "time-zone=Asia/Kolkata").await?;
    next_run(session, &["Tue", "15", "9:58"], &[]).await?;
    session.run("w.timeZone = 'Pacific/Kiritimati';").await?;
    next_run(session, &["Wed", "16", "6:28"], &[]).await?;
    session.run("w.timeZone = 'America/New_York';").await?;
    next_run(session, &["Tue", "15", "12:28"], &["9:58"]).await?;
    session.run("w.timeZone = null;").await?;
    next_run(session, &["9:58"], &["12:28"]).await?;
    session.run("document.querySelector('#other').append(w);").await?;
    // The browser's own zone.
    next_run(session, &["4:28", "UTC"], &[]).await?;
    session.run("w.timeZone = 'Mars/Base';").await?;
    next_run(session, &["4:28", "UTC"], &[]).await?;
    session.expect_console(&["time-zone \"Mars/Base\""]).await?;
    session.no_errors().await
}

async fn hour_cycle(session: &mut Session) -> Result<()> {
    open_inside(session, "hour-cycle=h23").await?;
    next_run(session, &["16:28"], &["PM"]).await?;
    session.run("w.hourCycle = 'h12';").await?;
    next_run(session, &["4:28", "PM"], &["16:28"]).await?;
    session.run("w.hourCycle = null;").await?;
    next_run(session, &["16:28"], &["PM"]).await?;
    session.run("document.querySelector('#other').append(w);").await?;
    next_run(session, &["4:28", "PM"], &[]).await?;
    session.no_errors().await
}

/// Waits until `w` says that it is in this language.
async fn in_language(session: &Session, tag: &str) -> Result<()> {
    session.wait(&format!("w.shadowRoot.querySelector('.widget')?.lang === '{tag}'")).await
}

async fn lang(session: &mut Session) -> Result<()> {
    open_inside(session, "lang=de").await?;
    in_language(session, "de").await?;
    next_run(session, &["Di", "15. Okt", "16:28"], &["Tue"]).await?;
    session.run("w.lang = 'en-GB';").await?;
    next_run(session, &["Tue", "15 Oct 2030", "16:28"], &["Di"]).await?;
    session.run("w.lang = 'en-US';").await?;
    next_run(session, &["Tue", "Oct 15, 2030", "4:28"], &[]).await?;
    session.run("w.removeAttribute('lang');").await?;
    in_language(session, "de").await?;
    next_run(session, &["Di", "15. Okt"], &[]).await?;
    session.run("document.querySelector('#other').append(w);").await?;
    // The page has lang=en.
    next_run(session, &["Tue", "Oct 15, 2030"], &[]).await?;
    session.run("w.lang = 'not_a_language';").await?;
    next_run(session, &["Tue", "Oct 15, 2030"], &[]).await?;
    session.expect_console(&["lang \"not_a_language\""]).await?;
    session.no_errors().await
}

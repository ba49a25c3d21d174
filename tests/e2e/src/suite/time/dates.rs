//! Dates in the time zone and the language of the reader.

use anyhow::{Result, ensure};

use super::steps::{LOOK, next_run};
use crate::page::Page;
use crate::session::Session;
use crate::suite::next_run::open_with_next_run_in;
use crate::test_case::{Test, tests};
use crate::time_units::HOUR;

pub const TESTS: &[Test] = tests!("time",
    "a day is named in the reader's zone, until midnight in that zone" => day_names,
    "the time in the zone of the schedule is shown too, where it differs" => elsewhere,
    "a new language of the page applies when the page is seen again" => language,
);

async fn day_names(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 30 * HOUR).await?;
    // In a zone where the last hour of the day has begun.
    let zone: String = session
        .eval(
            "(() => {
               const hour = new Date().getUTCHours();
               const east = 23 - hour;
               const [sign, hours] = east <= 12 ? ['-', east] : ['+', 24 - east];
               return hours === 0 ? 'UTC' : `Etc/GMT${sign}${hours}`;
             })()",
        )
        .await?;
    session.run(&format!("widget('#w').timeZone = '{zone}'; widget('#w').countdown = 'off';")).await?;
    let until_midnight: i64 = session.eval("3_600_000 - (Date.now() % 3_600_000)").await?;
    let mut names = Vec::new();
    for _ in 0..4 {
        let text = next_run(session).await?;
        let name = text.split_once(", ").map_or("", |(name, _)| name).to_owned();
        names.push(name);
        if names.len() == 1 {
            session.advance(until_midnight - 1).await?;
            ensure!(next_run(session).await? == text, "the day's name changed before midnight in {zone}");
            session.advance(1).await?;
        } else {
            session.advance(24 * HOUR).await?;
        }
    }
    session.note(format!("{zone}: {}", names.join(" → ")));
    // 30 hours after the last hour of a day are two days later.
    ensure!(names[0].len() == 3 && names[1..] == ["Tomorrow", "Today", "Yesterday"], "{names:?}");
    session.no_errors().await
}

async fn elsewhere(session: &mut Session) -> Result<()> {
    session
        .open(Page::new(
            "<zoho-backup-status id=w time-zone=UTC hour-cycle=h23 lang=en-GB></zoho-backup-status>",
        ))
        .await?;
    let shows = async |offset: &str, note: Option<&str>| -> Result<()> {
        session
            .run(&format!(
                "await widget('#w').ready;
                 widget('#w').data = {{ backup: {{ status: 'SCHEDULED', rrule: 'FREQ=DAILY',
                   scheduled_date: '2030-10-15T21:58:45{offset}' }} }};
                 await new Promise(requestAnimationFrame);"
            ))
            .await?;
        let found: Option<String> = session
            .eval("parts(widget('#w'), 'next-run')[0].querySelector('.note')?.innerText ?? null")
            .await?;
        session.note(format!("{offset}: {}", found.as_deref().unwrap_or("–")));
        let fits = match (&found, note) {
            (Some(found), Some(time)) => {
                found.starts_with("Where it was scheduled: ") && found.ends_with(time)
            }
            (found, note) => found.is_none() && note.is_none(),
        };
        ensure!(fits, "{offset}: {found:?}");
        Ok(())
    };
    shows("+05:30", Some("15 Oct, 21:58 UTC+05:30")).await?;
    shows("+00:00", None).await?;
    shows("-03:00", Some("15 Oct, 21:58 UTC-03:00")).await?;
    session.run("widget('#w').timeZone = 'America/Argentina/Buenos_Aires'; await new Promise(requestAnimationFrame);").await?;
    shows("-03:00", None).await?;
    session.no_errors().await
}

async fn language(session: &mut Session) -> Result<()> {
    open_with_next_run_in(session, 30 * 24 * HOUR).await?;
    let before = next_run(session).await?;
    session
        .run("document.documentElement.lang = 'de'; document.body.setAttribute('time-zone', 'Asia/Kolkata');")
        .await?;
    session.run(LOOK).await?;
    let after = next_run(session).await?;
    session.note(format!("{before} → {after}"));
    ensure!(before != after && after.contains("Dez.") && after.contains("GMT+5:30"), "{after}");
    // The same after sleep, when timers are due as well.
    session.run(&format!("document.documentElement.lang = 'en'; __clock.sleep({});", 8 * HOUR)).await?;
    session.run(LOOK).await?;
    let slept = next_run(session).await?;
    ensure!(slept.contains("Dec"), "{slept}");
    session.no_errors().await
}

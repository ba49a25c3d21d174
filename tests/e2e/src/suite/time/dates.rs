//! Dates in the time zone and the language of the reader.

use anyhow::{Result, ensure};

use super::steps::next_run;
use crate::page::Page;
use crate::session::Session;
use crate::suite::next_run::open_with_next_run_in;
use crate::test_case::{Test, tests};
use crate::time_units::HOUR;

pub const TESTS: &[Test] = tests!("time",
    "a day is named in the reader's zone, until midnight in that zone" => day_names,
    "the time in the zone of the schedule is shown too, where it differs" => elsewhere,
    "a new language or time zone of the page or of an ancestor applies at once" => language,
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
    ensure!(before.contains("Dec"), "{before}");
    session
        .run(
            "window.w = widget();
             const outer = document.body.appendChild(document.createElement('section'));
             const root = outer.attachShadow({ mode: 'open' });
             const inner = root.appendChild(document.createElement('p'));
             inner.attachShadow({ mode: 'open' }).append(w);
             Object.assign(window, { outer, inner });",
        )
        .await?;
    let seen = |change: &'static str, lang: &'static str| {
        let session = &*session;
        async move {
            session.run(&format!("{change}; await __clock.settle();")).await?;
            // The file of a language comes a moment later.
            session.wait(&format!("w.shadowRoot.querySelector('.widget').lang === '{lang}'")).await?;
            session.eval::<String>("oneLine(parts(w, 'next-run')[0].querySelector('dd').textContent)").await
        }
    };
    for (change, lang, expected) in [
        ("document.documentElement.lang = 'de'", "de", "Dez"),
        ("document.body.setAttribute('time-zone', 'Asia/Kolkata')", "de", "+5:30"),
        ("document.body.setAttribute('lang', 'fr')", "fr", "déc"),
        ("outer.lang = 'es'", "es", "dic"),
        ("inner.setAttribute('lang', 'pl')", "en", "Dec"),
        ("inner.setAttribute('time-zone', 'UTC')", "en", "UTC"),
        ("inner.removeAttribute('lang'); outer.lang = 'ja'", "ja", "12月"),
        ("outer.removeAttribute('lang')", "fr", "déc"),
        ("document.body.append(w)", "fr", "+5:30"),
        ("document.body.removeAttribute('lang'); document.body.lang = 'nl'", "nl", "dec"),
    ] {
        let shown = seen(change, lang).await?;
        session.note(format!("{change}: {shown}"));
        ensure!(shown.contains(expected), "{change}: {shown}");
    }
    // A change of which the widget has its own is none.
    session.run("w.lang = 'en'; await __clock.settle();").await?;
    let own = seen("document.documentElement.lang = 'ja'; document.body.lang = 'ja'", "en").await?;
    ensure!(own.contains("Dec"), "{own}");
    session.no_errors().await
}

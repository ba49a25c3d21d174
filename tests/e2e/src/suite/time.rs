//! Time, told exactly, on a faked clock: texts at their boundaries, sleep, set clocks, days, what is said aloud.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::embed::{with_next_run_in, with_next_run_on};
use super::{HOUR, MINUTE, SECOND};
use crate::page::{Page, element};
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("time",
    "what each countdown reads from 61 minutes ahead to an hour after" => boundaries,
    "with reduced motion, auto shows no seconds before the last minute" => reduced_motion,
    "with a clock that is 10 minutes fast it reads the same, and says so" => fast_clock,
    "an answer that a cache has kept for an hour is an hour old" => aged_answer,
    "a cache that sets the date anew makes no wrong clock, and an old answer" => renewed_date,
    "8 hours of sleep: right as soon as the page is looked at" => sleep,
    "asleep beyond zero: due, once, and asked soon after" => sleep_beyond_zero,
    "at zero it asks within 5 seconds" => asks_at_zero,
    "while the text stays the same nothing is written" => no_mutation,
    "one timer for 100 widgets, none for texts that do not change" => one_timer,
    "the day has its name in the reader's zone, until midnight there" => day_names,
    "where it was scheduled in another zone, that time stands beside" => elsewhere,
    "the page's language is followed when it is looked at again" => language,
    "changes are said once, politely, in whole sentences, and ticks never" => said,
    "a rule reads as a sentence, or as it was sent" => rules,
    "up to five further runs, only where rule and date agree" => upcoming,
    "focus and open details outlive every update" => focus,
);

async fn reads(session: &Session) -> Result<String> {
    session.advance(0).await?;
    session.text("#w", "countdown").await?.context("no countdown is shown")
}

/// (what remains in milliseconds, `auto`, `second`, `minute`)
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

/// Lets the time pass over all of TEXTS and compares.
async fn follow(session: &Session, mode: &str, expected: impl Fn(usize) -> &'static str) -> Result<()> {
    session.run(&format!("widget('#w').countdown = '{mode}';")).await?;
    let mut texts = Vec::new();
    let mut remaining = 62 * MINUTE;
    for (index, (at, ..)) in TEXTS.iter().enumerate() {
        session.advance(remaining - at).await?;
        remaining = *at;
        let text = reads(session).await?;
        ensure!(text == expected(index), "{mode}, {at} ms before: {text:?} instead of {:?}", expected(index));
        texts.push(text.replace("Next run in ", ""));
    }
    println!("        {mode}: {}", texts.join(" | "));
    Ok(())
}

async fn boundaries(session: &mut Session) -> Result<()> {
    println!("        61 min | 60:00 | 59:59 | 31 min | 2 min | 1 min | 1 s | zero | 1 h after");
    for mode in ["auto", "second", "minute"] {
        with_next_run_in(session, 62 * MINUTE).await?;
        follow(session, mode, |index| {
            let (_, auto, second, minute) = TEXTS[index];
            match mode {
                "auto" => auto,
                "second" => second,
                _ => minute,
            }
        })
        .await?;
    }
    with_next_run_in(session, 62 * MINUTE).await?;
    session.run("widget('#w').countdown = 'off';").await?;
    for _ in 0..3 {
        session.advance(31 * MINUTE).await?;
        let shown = session.text("#w", "countdown").await?;
        ensure!(shown.is_none(), "off: {shown:?}");
    }
    println!("        off: –");
    session.no_errors().await
}

async fn reduced_motion(session: &mut Session) -> Result<()> {
    session
        .files
        .add("/calm.js", "window.matchMedia = (query) => ({ matches: query.includes('reduced-motion') });");
    let page =
        "<script src=\"{files}/calm.js\" crossorigin></script><zoho-backup-status id=w></zoho-backup-status>";
    with_next_run_on(session, Page::new(page), 62 * MINUTE).await?;
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
    follow(session, "auto", |index| CALM[index]).await?;
    session.no_errors().await
}

/// Opens a page with one widget for this scenario, whose dates stand still.
async fn still(session: &Session, scenario: &str) -> Result<()> {
    session.answer_as(scenario, scenario)?;
    session
        .open(Page::new(element(scenario).replace(&format!("id=\"{scenario}\""), "id=w")).fake_clock())
        .await?;
    session.settled("#w").await.map(drop)
}

async fn fast_clock(session: &mut Session) -> Result<()> {
    const FAST: i64 = 10 * MINUTE;
    still(session, "scheduled").await?;
    // By the server, the run is 62 minutes ahead, on the second.
    session.run("window.at = Date.parse(widget('#w').verdict.nextRun);").await?;
    session
        .run(&format!(
            "widget('#w').refreshInterval = 0;
             __clock.sleep(at + {FAST} - 62 * {MINUTE} - Date.now()); __clock.server({FAST});
             await __clock.advance(0);
             await widget('#w').refresh();"
        ))
        .await?;
    let told: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(told.contains("This computer's clock is 10 min ahead of the server's."), "{told}");
    let checked: i64 = session.eval("Date.now() - Date.parse(widget('#w').verdict.checkedAt)").await?;
    ensure!((checked - FAST).abs() < 2 * SECOND, "checkedAt is {checked} ms ago by this computer's clock");
    println!("        10 minutes fast:");
    let mut remaining = 62 * MINUTE;
    for (at, auto, ..) in TEXTS.iter().take(7) {
        session.advance(remaining - at).await?;
        remaining = *at;
        let text = reads(session).await?;
        // The server's Date has whole seconds: a text may come half a second early or late.
        session.advance(600).await?;
        let later = reads(session).await?;
        session.advance(-600).await?;
        println!("        {at} ms: {text}");
        ensure!(
            [&text, &later].contains(&&(*auto).to_owned()),
            "{at} ms before: {text:?} or {later:?}, not {auto:?}"
        );
    }
    session.run("__clock.server(0); await __clock.advance(6000); await widget('#w').refresh();").await?;
    let told: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(!told.contains("clock is"), "{told}");
    session.no_errors().await
}

async fn renewed_date(session: &mut Session) -> Result<()> {
    still(session, "scheduled").await?;
    // As some caches answer: made a day ago by `Age`, now by `Date`.
    session
        .run(&format!(
            "await __clock.advance(6000); __clock.server(-24 * {HOUR}, 24 * {HOUR}); await widget('#w').refresh();"
        ))
        .await?;
    let told: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(!told.contains("clock is"), "the clock is right: {told}");
    let verdict = session.settled("#w").await?;
    ensure!(verdict.stale && verdict.tone != "good", "a day old and not stale: {verdict:?}");
    ensure!(verdict.next_run.is_some(), "{verdict:?}");
    session.no_errors().await
}

async fn aged_answer(session: &mut Session) -> Result<()> {
    still(session, "scheduled").await?;
    session
        .run(&format!(
            "await __clock.advance(6000); __clock.server(0, {HOUR}); await widget('#w').refresh();"
        ))
        .await?;
    let age: i64 = session.eval("Date.now() - Date.parse(widget('#w').verdict.checkedAt)").await?;
    ensure!((age - HOUR).abs() < 2 * SECOND, "read {age} ms ago");
    let verdict = session.settled("#w").await?;
    ensure!(verdict.stale && verdict.tone == "neutral", "an hour old and not stale: {verdict:?}");
    let told: String = session.eval("oneLine(parts(widget('#w'), 'card')[0].innerText)").await?;
    ensure!(!told.contains("clock is"), "the clock is right: {told}");
    session.no_errors().await
}

/// The page is looked at again; no timer has fired meanwhile.
const LOOK: &str = "document.dispatchEvent(new Event('visibilitychange')); await __clock.settle();";

async fn sleep(session: &mut Session) -> Result<()> {
    for event in ["visibilitychange", "pageshow", "focus"] {
        with_next_run_in(session, 52 * HOUR).await?;
        let before = reads(session).await?;
        session.run(&format!("__clock.sleep({});", 8 * HOUR)).await?;
        let target = if event == "visibilitychange" { "document" } else { "window" };
        session
            .run(&format!("{target}.dispatchEvent(new Event('{event}')); await __clock.settle();"))
            .await?;
        let after = session.text("#w", "countdown").await?.unwrap_or_default();
        println!("        {event}: {before} → {after}");
        ensure!(after == "Next run in 1 day, 20 hr", "after 8 hours: {after}");
    }
    session.no_errors().await
}

async fn sleep_beyond_zero(session: &mut Session) -> Result<()> {
    still(session, "scheduled-soon").await?;
    session.run(&format!("__clock.sleep({});", 10 * MINUTE)).await?;
    session.run(LOOK).await?;
    session.shows("#w", "due").await?;
    ensure!(session.text("#w", "countdown").await?.as_deref() == Some("Due now"), "not due now");
    session.advance(HOUR).await?;
    session.barrier().await?;
    let due = session.events().await?.into_iter().filter(|event| event.name == "backup-status-due").count();
    ensure!(due == 1, "{due} events of the run that is due");
    let requests = session.requests("scheduled-soon")?;
    ensure!(requests >= 2, "it was not asked after the run");
    session.no_errors().await
}

async fn asks_at_zero(session: &mut Session) -> Result<()> {
    still(session, "scheduled-soon").await?;
    session.asked("scheduled-soon", 1).await?;
    let remaining: i64 = session.eval("Date.parse(widget('#w').verdict.nextRun) - Date.now()").await?;
    session.advance(remaining).await?;
    session.shows("#w", "due").await?;
    session.asked("scheduled-soon", 1).await?;
    // Math.random() gives one half here: 2.5 of 5 seconds.
    session.advance(2_499).await?;
    session.asked("scheduled-soon", 1).await?;
    session.advance(1).await?;
    session.asked("scheduled-soon", 2).await?;
    session.run("widget('#w').refreshInterval = 0;").await?;
    session.no_errors().await
}

async fn no_mutation(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 52 * HOUR).await?;
    session
        .run(
            "window.mutations = 0;
             new MutationObserver((records) => { mutations += records.length; })
               .observe(widget('#w').shadowRoot, { subtree: true, childList: true, characterData: true, attributes: true });",
        )
        .await?;
    session.advance(HOUR - 1).await?;
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
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    println!("        100 widgets: {timers} timer; 100 that never change: 0");
    session.no_errors().await
}

async fn next_run(session: &Session) -> Result<String> {
    session.eval("oneLine(parts(widget('#w'), 'next-run')[0].querySelector('time').innerText)").await
}

async fn day_names(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 30 * HOUR).await?;
    // In a zone where it is 23:59 now.
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
    println!("        {zone}: {}", names.join(" → "));
    // 30 hours from the last hour of a day are two days on.
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
        println!("        {offset}: {}", found.as_deref().unwrap_or("–"));
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
    with_next_run_in(session, 30 * 24 * HOUR).await?;
    let before = next_run(session).await?;
    session
        .run("document.documentElement.lang = 'de'; document.body.setAttribute('time-zone', 'Asia/Kolkata');")
        .await?;
    session.run(LOOK).await?;
    let after = next_run(session).await?;
    println!("        {before} → {after}");
    ensure!(before != after && after.contains("Dez.") && after.contains("GMT+5:30"), "{after}");
    // The same after a sleep, when alarms are due as well.
    session.run(&format!("document.documentElement.lang = 'en'; __clock.sleep({});", 8 * HOUR)).await?;
    session.run(LOOK).await?;
    let slept = next_run(session).await?;
    ensure!(slept.contains("Dec"), "{slept}");
    session.no_errors().await
}

async fn said(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 62 * MINUTE).await?;
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
    ensure!(ticks.is_empty(), "ticks are said: {ticks:?}");
    session.advance(2 * MINUTE).await?;
    session.run("widget('#w').data = { backup: { status: 'COMPLETED', rrule: 'FREQ=DAILY', scheduled_date: new Date(Date.now() + 11_000_000).toISOString() } };").await?;
    session.shows("#w", "completed").await?;
    session.barrier().await?;
    let words: Vec<String> = session.eval("words").await?;
    println!("        {words:?}");
    ensure!(
        words.first().is_some_and(|it| it.starts_with("Zoho CRM backup: Due. The run is due")),
        "{words:?}"
    );
    ensure!(
        words.last().is_some_and(|it| it.ends_with("Next run in 3 hours.") && it.contains("Completed")),
        "{words:?}"
    );
    session.no_errors().await
}

/// Shows a document of this rule and these dates.
async fn scheduled(session: &Session, rule: &str, next: &str, start: &str) -> Result<()> {
    session
        .run(&format!(
            "widget('#w').data = {{ backup: {{ status: 'SCHEDULED', rrule: '{rule}', scheduled_date: {next},
               start_date: {start} }} }};
             await widget('#w').ready;
             await new Promise(requestAnimationFrame);"
        ))
        .await
}

const IN_UTC: &str = "<zoho-backup-status id=w time-zone=UTC lang=en-US></zoho-backup-status>";

async fn rules(session: &mut Session) -> Result<()> {
    session.open(Page::new(IN_UTC)).await?;
    for (rule, next, says) in [
        (
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "'2030-10-15T09:58:45+00:00'",
            "Every 2 weeks on Tuesday at 9:58 AM",
        ),
        (
            "RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH",
            "'2030-10-03T21:00:00+05:30'",
            "Every month on the first Thursday at 9:00 PM UTC+05:30",
        ),
        (
            "RRULE:FREQ=MONTHLYINTERVAL=1BYDAY=1TH",
            "null",
            "Custom schedule: RRULE:FREQ=MONTHLYINTERVAL=1BYDAY=1TH",
        ),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=WE;", "null", "3 times, every month on each Wednesday"),
        (
            "RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
            "null",
            "Every month on day 31 What happens in shorter months is up to Zoho.",
        ),
    ] {
        scheduled(session, rule, next, "null").await?;
        let text = session.text("#w", "schedule").await?.unwrap_or_default();
        println!("        {rule}: {text}");
        ensure!(text == format!("Schedule {says}"), "{rule}: {text}");
    }
    session.no_errors().await
}

async fn upcoming(session: &mut Session) -> Result<()> {
    session.open(Page::new(IN_UTC)).await?;
    let dates = "[...parts(widget('#w'), 'upcoming')].flatMap((it) => [...it.querySelectorAll('time')])
                   .map((it) => it.dateTime.slice(0, 10)).join(' ')";
    for (rule, next, start, listed, note) in [
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "2030-10-15",
            "'2030-10-01T12:00:00+00:00'",
            "2030-10-29 2030-11-12 2030-11-26 2030-12-10 2030-12-24",
            false,
        ),
        ("FREQ=DAILY;COUNT=5", "2030-10-15", "'2030-10-13T09:00:00+00:00'", "2030-10-16 2030-10-17", false),
        ("FREQ=DAILY;COUNT=5", "2030-10-15", "null", "", false),
        ("FREQ=DAILY;UNTIL=20301017", "2030-10-15", "null", "2030-10-16 2030-10-17", false),
        ("FREQ=WEEKLY;BYDAY=MO", "2030-10-15", "null", "", true),
        // Overdue by years: what has passed is not upcoming.
        ("FREQ=DAILY", "2020-10-15", "null", "", false),
        ("FREQ=WEEKLY;BYSETPOS=1;BYDAY=TU", "2030-10-15", "null", "", false),
    ] {
        scheduled(session, rule, &format!("'{next}T09:58:45+00:00'"), start).await?;
        let found: String = session.eval(dates).await?;
        println!("        {rule}: {found}");
        ensure!(found == listed, "{rule}: {found} instead of {listed}");
        let told = session.text("#w", "schedule").await?.unwrap_or_default();
        ensure!(told.contains("does not fit this schedule") == note, "{rule}: {told}");
        let date: String =
            session.eval("parts(widget('#w'), 'next-run')[0].querySelector('time').dateTime").await?;
        ensure!(date == format!("{next}T09:58:45Z"), "the server's date holds: {date}");
    }
    session.no_errors().await
}

async fn focus(session: &mut Session) -> Result<()> {
    still(session, "scheduled-soon").await?;
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
    session.asked("scheduled-soon", 2).await?;
    session.shows("#w", "overdue").await?;
    let kept: bool = session
        .eval("focused?.localName === 'summary' && root.activeElement === focused && root.querySelector('details').open")
        .await?;
    ensure!(kept, "the focus or the open details are lost");
    session.no_errors().await
}

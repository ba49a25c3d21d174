//! Recurrence rules as sentences, and the runs that follow from them.

use anyhow::{Result, ensure};

use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("time",
    "a rule is shown as a sentence, or verbatim" => rules,
    "up to five further runs are listed, only where rule and date agree" => upcoming,
);

const IN_UTC: &str = "<zoho-backup-status id=w time-zone=UTC lang=en-US></zoho-backup-status>";

/// Supplies a document with this rule and these dates.
async fn supply(session: &Session, rule: &str, next: &str, start: &str) -> Result<()> {
    session
        .run(&format!(
            "widget('#w').data = {{ backup: {{ status: 'SCHEDULED', rrule: '{rule}', scheduled_date: {next},
               start_date: {start} }} }};
             await widget('#w').ready;
             await new Promise(requestAnimationFrame);"
        ))
        .await
}

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
        ("FREQ=MONTHLY;COUNT=3;BYDAY=WE;", "null", "Every month on each Wednesday, 3 times in all"),
        (
            "RRULE:FREQ=MONTHLY;BYMONTHDAY=31",
            "null",
            "Every month on day 31 What happens in shorter months is up to Zoho.",
        ),
    ] {
        supply(session, rule, next, "null").await?;
        let text = session.text("#w", "schedule").await?.unwrap_or_default();
        session.note(format!("{rule}: {text}"));
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
        ("FREQ=WEEKLY;BYDAY=FR", "2030-10-15", "null", "", true),
        // In some time zone it is a Monday.
        ("FREQ=WEEKLY;BYDAY=MO", "2030-10-15", "null", "", false),
        // Overdue by years: a date in the past is not upcoming.
        ("FREQ=DAILY", "2020-10-15", "null", "", false),
        ("FREQ=WEEKLY;BYSETPOS=1;BYDAY=TU", "2030-10-15", "null", "", false),
    ] {
        supply(session, rule, &format!("'{next}T09:58:45+00:00'"), start).await?;
        let found: String = session.eval(dates).await?;
        session.note(format!("{rule}: {found}"));
        ensure!(found == listed, "{rule}: {found} instead of {listed}");
        let told = session.text("#w", "schedule").await?.unwrap_or_default();
        ensure!(told.contains("does not fit this schedule") == note, "{rule}: {told}");
        let date: String =
            session.eval("parts(widget('#w'), 'next-run')[0].querySelector('time').dateTime").await?;
        ensure!(date == format!("{next}T09:58:45Z"), "the next run is not the server's date: {date}");
    }
    session.no_errors().await
}

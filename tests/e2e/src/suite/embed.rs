//! The main job: the two lines on somebody else's page.

use anyhow::{Context, Result, ensure};

use super::HOUR;
use crate::page::Page;
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("embed",
    "the two lines alone show badge and countdown" => two_lines,
    "the countdown changes at its second" => changes_at_its_second,
    "a countdown in days changes at its hour" => changes_at_its_hour,
    "at zero it is due, and never negative" => never_negative,
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
    println!("        shown: {badge} | {countdown}");
    ensure!(
        countdown.contains('2') || countdown.contains('1'),
        "the next run is 2 days ahead, not {countdown}"
    );
    Ok(())
}

async fn countdown(session: &Session) -> Result<String> {
    session.text("#w", "countdown").await?.context("no countdown is shown")
}

/// Opens a page with a still clock and a widget whose next run is so many milliseconds ahead, supplied by the host.
pub(super) async fn with_next_run_in(session: &Session, milliseconds: i64) -> Result<()> {
    with_next_run_on(session, Page::new("<zoho-backup-status id=w></zoho-backup-status>"), milliseconds).await
}

/// The same on another page that has the widget.
pub(super) async fn with_next_run_on(session: &Session, page: Page, milliseconds: i64) -> Result<()> {
    session.open(page.fake_clock()).await?;
    // Zoho's dates are whole seconds: the clock moves to where the distance is exact.
    session
        .run(&format!(
            "await customElements.whenDefined('zoho-backup-status');
             const beyond = Date.now() % 1000;
             await __clock.advance((1000 - beyond) % 1000);
             const next = new Date(Math.ceil((Date.now() + {milliseconds}) / 1000) * 1000);
             widget().data = {{ backup: {{
               id: '1', status: 'SCHEDULED', rrule: 'RRULE:FREQ=DAILY',
               scheduled_date: next.toISOString().replace('.000Z', '+00:00'),
               start_date: '2020-01-01T00:00:00+00:00', requester: {{ id: '2', name: 'Host' }},
             }} }};
             await widget().ready;
             await __clock.advance(next.getTime() - Date.now() - {milliseconds});"
        ))
        .await?;
    session.settled("#w").await?;
    // What a widget does by timers of 0 ms.
    session.advance(0).await
}

/// Just before a boundary the text must be as just after the one before; just after it, another.
async fn changes_when_this_passes(session: &Session, milliseconds: i64) -> Result<()> {
    let before = countdown(session).await?;
    session.advance(milliseconds - 1).await?;
    let still = countdown(session).await?;
    ensure!(still == before, "{before} became {still} too early");
    // Whether the boundary itself belongs to this or to that side is not the point.
    session.advance(2).await?;
    let after = countdown(session).await?;
    println!("        {before} → {after}");
    ensure!(after != before, "{before} did not change in time");
    Ok(())
}

async fn changes_at_its_second(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 90_500).await?;
    changes_when_this_passes(session, 500).await?;
    session.advance(499).await?;
    changes_when_this_passes(session, 500).await
}

async fn changes_at_its_hour(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 52 * HOUR + 500).await?;
    changes_when_this_passes(session, 500).await
}

async fn never_negative(session: &mut Session) -> Result<()> {
    with_next_run_in(session, 2_500).await?;
    session.advance(4_000).await?;
    session.shows("#w", "due").await?;
    let text = countdown(session).await?;
    println!("        at zero: {text}");
    ensure!(
        !text.contains(['-', '−']) && !text.contains(char::is_numeric),
        "\"due now\" has no number: {text}"
    );
    session.advance(3_600_000).await?;
    session.shows("#w", "overdue").await?;
    let text = countdown(session).await?;
    println!("        an hour later: {text}");
    ensure!(!text.contains(['-', '−']), "negative: {text}");
    session.no_errors().await
}

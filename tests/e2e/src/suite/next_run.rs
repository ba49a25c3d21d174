//! Pages whose widget has a next run at a known distance, on a fake clock.

use anyhow::Result;

use crate::page::Page;
use crate::session::Session;

/// Opens a page with a fake clock and a widget whose data, supplied by the host, has its next run this many
/// milliseconds ahead.
pub async fn open_with_next_run_in(session: &Session, milliseconds: i64) -> Result<()> {
    open_page_with_next_run_in(
        session,
        Page::new("<zoho-backup-status id=w></zoho-backup-status>"),
        milliseconds,
    )
    .await
}

/// The same on another page with a widget.
pub async fn open_page_with_next_run_in(session: &Session, page: Page, milliseconds: i64) -> Result<()> {
    session.open(page.fake_clock()).await?;
    // Zoho's dates are whole seconds, so the clock moves until the distance is exact.
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
    // Timers of 0 ms fire.
    session.advance(0).await
}

//! One reply of Zoho, judged at four instants: what was good does not stay good by itself.
//!
//! `cargo run -p zoho-backup-core --example verdict`

use std::time::Duration;

use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::verdict;

const REPLY: &str = r#"{"backup": {
    "id": "4876876000001593003",
    "rrule": "RRULE:FREQ=DAILY",
    "scheduled_date": "2026-11-28T04:26:35+05:30",
    "status": "SCHEDULED"
}}"#;

/// 2026-11-27T22:50:00Z: six and a half minutes before the run.
const ARRIVED: Timestamp = Timestamp::from_millis(1_795_819_800_000);

const MINUTES_LATER: [u64; 4] = [0, 5, 7, 25];

/// What is known once this body has arrived with HTTP status 200.
fn known(body: &str) -> Knowledge {
    let body = Body::read(body, |text| serde_json::from_str(text).ok());
    match reply::read(Reply { status: 200, body, retry_at: None }) {
        Ok(details) => {
            let freshness = Freshness::new(ARRIVED, Duration::ZERO, None);
            Knowledge { answer: Some(Answer::new(details, Some(freshness))), ..Knowledge::default() }
        }
        Err(fault) => Knowledge { fault: Some(fault), ..Knowledge::default() },
    }
}

/// The verdict so many minutes after the reply, on one line.
fn line(known: &Knowledge, minutes: u64) -> String {
    let now = ARRIVED.after(Duration::from_secs(60 * minutes));
    let shown = verdict(known, now, &Policy::default());
    let (state, tone, reason) = (shown.state, shown.tone, shown.reason.name());
    let stale = if shown.stale { ", stale" } else { "" };
    let next_run =
        shown.next_run.as_ref().and_then(DateTime::written).unwrap_or_else(|| "not known".to_owned());
    format!("after {minutes:2} min: {state}, {tone} ({reason}{stale}); next run: {next_run}")
}

fn main() {
    let known = known(REPLY);
    for minutes in MINUTES_LATER {
        println!("{}", line(&known, minutes));
    }
}

#[test]
fn what_was_good_does_not_stay_good() {
    let known = known(REPLY);
    let expected = [
        "after  0 min: scheduled, good (scheduled); next run: 2026-11-28T04:26:35+05:30",
        "after  5 min: scheduled, good (scheduled); next run: 2026-11-28T04:26:35+05:30",
        "after  7 min: due, info (due); next run: 2026-11-28T04:26:35+05:30",
        "after 25 min: due, neutral (due, stale); next run: 2026-11-28T04:26:35+05:30",
    ];
    assert_eq!(MINUTES_LATER.map(|minutes| line(&known, minutes)), expected);
}

#[test]
fn what_cannot_be_read_is_a_fault() {
    assert_eq!(
        line(&known("<html>Sign in</html>"), 0),
        "after  0 min: error, warning (fault); next run: not known"
    );
}

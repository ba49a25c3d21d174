//! The wait that Zoho asks for in `Retry-After`, read by core's parser.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use zoho_backup_core::clock_error::ServerTime;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::reply;

/// How far ahead a date is read: a day, more than any wait that is passed on to readers.
const FARTHEST_DATE: Duration = Duration::from_secs(86_400);

/// The wait that an answer asks for. A date is compared with the answer's own `Date`, because this computer's clock may
/// be wrong.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let header = text(RETRY_AFTER)?;
    // To core, zero is no wait at all; here it leads to the shortest wait.
    if header.trim() == "0" {
        return Some(Duration::ZERO);
    }
    let arrived = timestamp(SystemTime::now());
    let server = text(DATE).and_then(parse_date).map(|date| ServerTime { date, age: Duration::ZERO });
    // To core, a wait of more than a year is none; here a date that far ahead leads to the longest wait.
    let farthest = server.map_or(arrived, |server| server.date).after(FARTHEST_DATE);
    let parse_near_date = |text: &str| Some(parse_date(text)?.min(farthest));
    reply::retry_at(header, arrived, server, parse_near_date).map(|retry_at| retry_at.since(arrived))
}

fn parse_date(text: &str) -> Option<Timestamp> {
    httpdate::parse_http_date(text).ok().map(timestamp)
}

fn timestamp(time: SystemTime) -> Timestamp {
    let millis = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

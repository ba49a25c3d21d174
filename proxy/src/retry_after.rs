//! The wait that Zoho asks for in `Retry-After`, read by core's parser.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{AGE, DATE, HeaderMap, RETRY_AFTER};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::reply;

/// The wait that an answer asks for. A date is compared with the answer's own `Date`, because this computer's clock may
/// be wrong.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let sent = text(DATE).and_then(parse_date).unwrap_or_else(|| timestamp(SystemTime::now()));
    reply::retry_after(text(RETRY_AFTER)?, sent, parse_date)
}

/// When an answer was sent, by its own `Date`; `None` if it comes from a cache.
#[must_use]
pub fn date(headers: &HeaderMap) -> Option<SystemTime> {
    if headers.contains_key(AGE) {
        return None;
    }
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()
}

fn parse_date(text: &str) -> Option<Timestamp> {
    httpdate::parse_http_date(text).ok().map(timestamp)
}

/// A time of the system clock.
#[must_use]
pub fn timestamp(time: SystemTime) -> Timestamp {
    let millis = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

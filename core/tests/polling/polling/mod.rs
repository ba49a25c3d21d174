//! When a feed asks: one event after another, whole days, and what holds in any life.

mod a_thousand_lives;
mod days;
mod events;

use std::time::Duration;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::polling::Outcome;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// An instant far from the beginning of time.
const START: i64 = 1_658_000_000_000;

const USUAL: Option<Duration> = Some(Duration::from_secs(300));
/// The middle of all chances: no variation of an interval, and half of a pause.
const MIDDLE: u32 = 1 << 31;

const GOOD: Outcome = Outcome::Good { running_or_due: false, wants_second: false };
const RUNNING: Outcome = Outcome::Good { running_or_due: true, wants_second: false };
const DOUBTFUL: Outcome = Outcome::Good { running_or_due: false, wants_second: true };
const FAILED: Outcome = Outcome::Failed { is_configuration: false, asks_for_sign_on: false, retry_at: None };
const MISCONFIGURED: Outcome =
    Outcome::Failed { is_configuration: true, asks_for_sign_on: false, retry_at: None };
/// As of a sign-on page, and of a redirect to one.
const SIGNED_OFF: Outcome =
    Outcome::Failed { is_configuration: false, asks_for_sign_on: true, retry_at: None };
const SENT_AWAY: Outcome = Outcome::Failed { is_configuration: true, asks_for_sign_on: true, retry_at: None };

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(START + millis)
}

/// 429 with such a `Retry-After`.
fn limited(now: i64, wait: i64) -> Outcome {
    Outcome::Failed { is_configuration: false, asks_for_sign_on: false, retry_at: Some(at(now + wait)) }
}

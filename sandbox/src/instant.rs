//! The present, as core counts instants.

use time::OffsetDateTime;
use zoho_backup_core::instant::Timestamp;

/// The instant of a date, in whole milliseconds.
pub(crate) fn instant(date: OffsetDateTime) -> Timestamp {
    Timestamp::from_millis(i64::try_from(date.unix_timestamp_nanos() / 1_000_000).unwrap_or_default())
}

/// Now.
pub(crate) fn now() -> Timestamp {
    instant(OffsetDateTime::now_utc())
}

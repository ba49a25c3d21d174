//! Dates as pictures and alerts write them: `2026-11-28 04:26 +05:30`. Nothing is known of their reader's language or zone,
//! and these read the same everywhere.

use time::{OffsetDateTime, UtcOffset};
use zoho_backup_core::instant::Timestamp;

/// The years 1 to 9998, so that no offset leads out of the years that can be written.
const FIRST: i64 = -62_135_596_800_000;
const LAST: i64 = 253_370_764_799_999;

/// Date and time to the minute, with the offset: seconds by which the writer's clock is ahead of UTC.
pub fn written(at: Timestamp, offset: i32) -> String {
    let seconds = at.as_millis().clamp(FIRST, LAST).div_euclid(1_000);
    let utc = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let offset = UtcOffset::from_whole_seconds(offset).unwrap_or(UtcOffset::UTC);
    let (local, offset) = utc.checked_to_offset(offset).map_or((utc, UtcOffset::UTC), |it| (it, offset));
    let (year, month, day) = (local.year(), u8::from(local.month()), local.day());
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02} {}",
        local.hour(),
        local.minute(),
        written_offset(offset)
    )
}

fn written_offset(offset: UtcOffset) -> String {
    if offset.is_utc() {
        return "UTC".to_owned();
    }
    let sign = if offset.is_negative() { '-' } else { '+' };
    let (hours, minutes, _) = offset.as_hms();
    format!("{sign}{:02}:{:02}", hours.unsigned_abs(), minutes.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use zoho_backup_core::date_time::DateTime;

    #[test]
    fn a_date_is_written_at_its_own_offset() {
        for (sent, expected) in [
            ("2026-11-28T04:26:35+05:30", "2026-11-28 04:26 +05:30"),
            ("2026-11-28T04:26:59.999Z", "2026-11-28 04:26 UTC"),
            ("2026-11-28T04:26:00-00:00", "2026-11-28 04:26 UTC"),
            ("2026-02-28T23:59:00-03:30", "2026-02-28 23:59 -03:30"),
            ("2026-02-28T23:59:00-00:30", "2026-02-28 23:59 -00:30"),
            ("2028-02-29T00:00:00+14:00", "2028-02-29 00:00 +14:00"),
            ("1969-12-31T23:59:59Z", "1969-12-31 23:59 UTC"),
            ("0999-12-31T23:59:59+23:59", "0999-12-31 23:59 +23:59"),
        ] {
            let date = DateTime::parse(sent).unwrap();
            assert_eq!(written(date.at, date.offset), expected, "{sent}");
        }
    }

    #[test]
    fn instants_beyond_the_calendar_are_written_as_its_ends() {
        let at = |millis| written(Timestamp::from_millis(millis), 0);
        assert_eq!(at(i64::MAX), "9998-12-31 23:59 UTC");
        assert_eq!(at(i64::MIN), "0001-01-01 00:00 UTC");
    }

    proptest! {
        #[test]
        fn every_instant_and_offset_is_written(millis: i64, offset: i32) {
            let text = written(Timestamp::from_millis(millis), offset);
            prop_assert!(text.is_ascii() && (20..=24).contains(&text.len()), "{text}");
        }
    }
}

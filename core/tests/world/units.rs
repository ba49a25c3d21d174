//! Lengths of time, and instants of the true timeline: milliseconds, as in [`Timestamp`].
//!
//! [`Timestamp`]: zoho_backup_core::instant::Timestamp

/// An instant or a length, in milliseconds.
pub type Millis = i64;

pub const SECOND: Millis = 1_000;
pub const MINUTE: Millis = 60 * SECOND;
pub const HOUR: Millis = 60 * MINUTE;
pub const DAY: Millis = 24 * HOUR;

/// Where every world starts: 2026-11-02T00:00:00Z, a Monday.
pub const START: Millis = 1_793_577_600_000;

/// A length as a short text: `1 d 02:03:04`.
pub fn text(length: Millis) -> String {
    let (sign, length) = (if length < 0 { "-" } else { "" }, length.abs());
    let (days, seconds) = (length / DAY, length / SECOND);
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    if days > 0 { format!("{sign}{days} d {clock}") } else { format!("{sign}{clock}") }
}

//! The parts of a recurrence rule.

use time::{Date, Duration, PrimitiveDateTime, Weekday};

/// A recurrence rule: as much of RFC 5545 as a sentence can express.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `FREQ`: the period that recurs.
    pub frequency: Frequency,
    /// `INTERVAL`: every so many periods, 1..=999.
    pub interval: u16,
    /// `BYDAY`: the days of the week, from Monday on, each at most once; empty if not given.
    pub weekdays: Vec<NthWeekday>,
    /// `BYMONTHDAY`: the days of the month, 1..=31, then those counted from its end, -31..=-1; empty if it is not
    /// given. Together with weekdays: only where both hold.
    pub month_days: Vec<i8>,
    /// `COUNT` or `UNTIL`: where the recurrence ends, if it does.
    pub end: Option<End>,
    /// `WKST`: the day on which weeks begin; it matters where only every second week counts. Monday if it is not given.
    pub week_start: Weekday,
}

named_enum! {
    /// What recurs.
    pub enum Frequency {
        /// Days.
        Daily = "daily",
        /// Weeks: on the weekdays given, or else on that of the first run.
        Weekly = "weekly",
        /// Months: on the days given, or else on that of the first run.
        Monthly = "monthly",
        /// Years: on the month and day of the first run.
        Yearly = "yearly",
    }
}

/// A day of the week. In a monthly rule it may be only the first, or the last but one, of its month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NthWeekday {
    /// The day; `number_days_from_monday()` is its number from 0 to 6.
    pub weekday: Weekday,
    /// Which of its month: 1..=5 from the month's beginning, -5..=-1 from its end. `None`: each of them.
    pub ordinal: Option<i8>,
}

/// Where a recurrence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// After that many runs in all, 1..=9999.
    Count(u32),
    /// After the last run that is not later.
    Until(Until),
}

/// The end of a recurrence, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// A day, without a time.
    Day(Date),
    /// A time without a zone, at the offset of the next run.
    Floating(PrimitiveDateTime),
    /// A time in UTC.
    Utc(PrimitiveDateTime),
}

impl Until {
    /// The calendar day at an offset from UTC, in seconds. One that is written without a zone is that of the schedule.
    pub fn day_at(self, offset: i32) -> Date {
        match self {
            Until::Utc(at) => at.checked_add(Duration::seconds(offset.into())).unwrap_or(at).date(),
            Until::Day(_) | Until::Floating(_) => self.day(),
        }
    }

    /// The calendar day, as written.
    pub fn day(self) -> Date {
        match self {
            Until::Day(day) => day,
            Until::Floating(at) | Until::Utc(at) => at.date(),
        }
    }
}

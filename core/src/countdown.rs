//! A length of time in units, and the instant at which its text changes.
//!
//! The time that remains is rounded up to the smallest unit shown, so that zero appears exactly when the run is due.
//! The time that has passed is rounded down, so that nothing is called later than it is.

use crate::instant::Timestamp;
use std::time::Duration;

/// What the countdown shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Countdown {
    /// Nothing.
    None,
    /// The time until the next run.
    Until(Timestamp),
    /// That the run is due now.
    Due,
    /// The time since the run should have taken place.
    OverdueSince(Timestamp),
}

named_enum! {
    /// How finely the countdown moves.
    pub enum CountdownMode {
        /// Two leading units; minutes and seconds in the last hour.
        Auto = "auto",
        /// Every second.
        Second = "second",
        /// Every minute.
        Minute = "minute",
        /// No countdown.
        Off = "off",
    }
}

/// A length of time as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// Units in words, such as 3 days 4 h, the largest first. Those of zero are left out; at least one is set.
    Units {
        /// Whole days.
        days: Option<u64>,
        /// Hours of the day.
        hours: Option<u64>,
        /// Minutes of the hour.
        minutes: Option<u64>,
    },
    /// Digits, such as 3 d 04:12:09, or 59:59 without hours.
    Clock {
        /// Whole days, if there are any.
        days: Option<u64>,
        /// Hours of the day; `None` within the last hour of [`CountdownMode::Auto`], whose minutes go up to 60.
        hours: Option<u64>,
        /// Minutes.
        minutes: u64,
        /// Seconds of the minute.
        seconds: u64,
    },
    /// Less than the smallest unit that the mode shows.
    LessThanAMinute,
}

/// What the countdown reads at an instant, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The length shown.
    pub length: Length,
    /// The next instant at which it changes by itself.
    pub changes_at: Timestamp,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How finely a countdown moves, by the wishes of its host and its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The host's wish.
    pub mode: CountdownMode,
    /// Whether the reader prefers less motion: then [`CountdownMode::Auto`] shows no seconds before the last minute.
    pub reduced_motion: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Pace { mode: CountdownMode::Auto, reduced_motion: false }
    }
}

/// What the countdown reads now; `None` if it shows no length of time.
pub fn read(countdown: Countdown, now: Timestamp, pace: Pace) -> Option<Reading> {
    let mode = pace.mode;
    match countdown {
        Countdown::Until(target) if now < target => {
            let seconds = target.since(now).as_millis().div_ceil(1_000) as u64;
            let shown = Rounding::Up.round(seconds, pace)?;
            // The text holds while more than the next smaller multiple of the step remains.
            let rest = Duration::from_secs(shown.seconds.saturating_sub(shown.step));
            Some(Reading { length: shown.length(mode), changes_at: target.before(rest) })
        }
        Countdown::OverdueSince(target) => {
            let shown = Rounding::Down.round(now.since(target).as_secs(), pace)?;
            let next = Duration::from_secs(shown.seconds.saturating_add(shown.step));
            Some(Reading { length: shown.length(mode), changes_at: target.after(next) })
        }
        Countdown::None | Countdown::Due | Countdown::Until(_) => None,
    }
}

/// The age of an answer that was read at an instant, in minutes.
pub fn age(read_at: Timestamp, now: Timestamp) -> Option<Reading> {
    let pace = Pace { mode: CountdownMode::Minute, reduced_motion: false };
    read(Countdown::OverdueSince(read_at), now, pace)
}

#[derive(Clone, Copy)]
enum Rounding {
    Up,
    Down,
}

/// A number of seconds, rounded to a multiple of the step.
struct Rounded {
    seconds: u64,
    step: u64,
    rounding: Rounding,
}

impl Rounding {
    /// Rounds to the step that is shown at that length.
    fn round(self, seconds: u64, Pace { mode, reduced_motion }: Pace) -> Option<Rounded> {
        let to = |step: u64| {
            let steps = match self {
                Rounding::Up => seconds.div_ceil(step),
                Rounding::Down => seconds / step,
            };
            Rounded { seconds: steps.saturating_mul(step), step, rounding: self }
        };
        Some(match mode {
            CountdownMode::Off => return None,
            CountdownMode::Second => to(1),
            CountdownMode::Minute => to(MINUTE),
            CountdownMode::Auto if self.within(seconds, if reduced_motion { MINUTE } else { HOUR }) => to(1),
            // As rounded: 23:59:01 is shown as the day to which it is rounded up.
            CountdownMode::Auto if self.within(to(MINUTE).seconds, DAY) => to(MINUTE),
            CountdownMode::Auto => to(HOUR),
        })
    }

    /// Whether a length is in the range that ends at `limit`.
    fn within(self, seconds: u64, limit: u64) -> bool {
        match self {
            Rounding::Up => seconds <= limit,
            Rounding::Down => seconds < limit,
        }
    }
}

impl Rounded {
    fn length(&self, mode: CountdownMode) -> Length {
        let Rounded { seconds: all, step, rounding } = *self;
        let (days, hours, minutes, seconds) =
            (all / DAY, all % DAY / HOUR, all % HOUR / MINUTE, all % MINUTE);
        let unless_zero = |count: u64| (count > 0).then_some(count);
        match mode {
            CountdownMode::Auto if step == 1 => {
                Length::Clock { days: None, hours: None, minutes: all / MINUTE, seconds }
            }
            CountdownMode::Minute if rounding.within(all, MINUTE) => Length::LessThanAMinute,
            CountdownMode::Auto | CountdownMode::Minute => Length::Units {
                days: unless_zero(days),
                hours: unless_zero(hours),
                minutes: unless_zero(minutes),
            },
            CountdownMode::Second | CountdownMode::Off => {
                Length::Clock { days: unless_zero(days), hours: Some(hours), minutes, seconds }
            }
        }
    }
}

/// A unit of time, by the name that `Intl` gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// 24 hours.
    Day,
    /// 60 minutes.
    Hour,
    /// 60 seconds.
    Minute,
}

/// A length in its largest unit, rounded to the nearest: for sentences that are spoken. At least a minute.
pub fn rounded(length: Duration) -> (u64, Unit) {
    let nearest = |unit: u64| (length.as_secs() + unit / 2) / unit;
    // What is rounded up to a larger unit is one of those: 59 minutes and a half are an hour.
    if nearest(HOUR) >= DAY / HOUR {
        (nearest(DAY), Unit::Day)
    } else if nearest(MINUTE) >= HOUR / MINUTE {
        (nearest(HOUR), Unit::Hour)
    } else {
        (nearest(MINUTE).max(1), Unit::Minute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TARGET: Timestamp = Timestamp::from_millis(1_658_809_725_000);

    fn usual(mode: CountdownMode) -> Pace {
        Pace { mode, reduced_motion: false }
    }

    fn until(millis: u64, mode: CountdownMode) -> Option<Reading> {
        read(Countdown::Until(TARGET), TARGET.before(Duration::from_millis(millis)), usual(mode))
    }

    fn since(millis: u64, mode: CountdownMode) -> Option<Reading> {
        read(Countdown::OverdueSince(TARGET), TARGET.after(Duration::from_millis(millis)), usual(mode))
    }

    /// A short English text.
    fn text(reading: Option<Reading>) -> String {
        let unit =
            |value: Option<u64>, name| value.map(|value| format!("{value}{name} ")).unwrap_or_default();
        match reading.map(|reading| reading.length) {
            None => "-".to_owned(),
            Some(Length::LessThanAMinute) => "<1m".to_owned(),
            Some(Length::Units { days, hours, minutes }) => {
                format!("{}{}{}", unit(days, "d"), unit(hours, "h"), unit(minutes, "m")).trim().to_owned()
            }
            Some(Length::Clock { days, hours, minutes, seconds }) => {
                let hours = hours.map(|hours| format!("{hours:02}:")).unwrap_or_default();
                format!("{}{hours}{minutes:02}:{seconds:02}", unit(days, "d"))
            }
        }
    }

    const S: u64 = 1_000;
    const M: u64 = 60 * S;
    const H: u64 = 60 * M;
    const D: u64 = 24 * H;

    /// Each test: milliseconds, and what is read in `auto`, `second` and `minute`.
    macro_rules! readings {
        ($read:ident { $($name:ident: $millis:expr => $auto:literal, $second:literal, $minute:literal;)+ }) => {
            $(#[test]
            fn $name() {
                let read = |mode| text($read($millis, mode));
                let modes = [CountdownMode::Auto, CountdownMode::Second, CountdownMode::Minute, CountdownMode::Off];
                assert_eq!(modes.map(read), [$auto, $second, $minute, "-"]);
            })+
        };
    }

    // What remains is rounded up.
    readings! { until {
        in_12_days: 12 * D + 4 * H => "12d 4h", "12d 04:00:00", "12d 4h";
        in_3_days: 3 * D + 4 * H + 12 * M + 9 * S => "3d 5h", "3d 04:12:09", "3d 4h 13m";
        in_a_day_and_a_millisecond: D + 1 => "1d 1h", "1d 00:00:01", "1d 1m";
        in_a_day: D => "1d", "1d 00:00:00", "1d";
        in_just_over_23_hours_59: D - M + 1 => "1d", "23:59:01", "1d";
        in_23_hours_59: D - M => "23h 59m", "23:59:00", "23h 59m";
        in_3_hours: 3 * H + 11 * M + S => "3h 12m", "03:11:01", "3h 12m";
        in_61_minutes: 61 * M => "1h 1m", "01:01:00", "1h 1m";
        in_an_hour_and_a_millisecond: H + 1 => "1h 1m", "01:00:01", "1h 1m";
        in_60_minutes: H => "60:00", "01:00:00", "1h";
        in_59_minutes_59: H - S => "59:59", "00:59:59", "1h";
        in_31_minutes: 31 * M => "31:00", "00:31:00", "31m";
        in_2_minutes: 2 * M => "02:00", "00:02:00", "2m";
        in_a_minute_and_a_millisecond: M + 1 => "01:01", "00:01:01", "2m";
        in_a_minute: M => "01:00", "00:01:00", "<1m";
        in_a_second: S => "00:01", "00:00:01", "<1m";
        in_a_millisecond: 1 => "00:01", "00:00:01", "<1m";
        at_zero: 0 => "-", "-", "-";
    } }

    // What has passed is rounded down.
    readings! { since {
        at_once: 0 => "00:00", "00:00:00", "<1m";
        since_just_under_a_minute: M - 1 => "00:59", "00:00:59", "<1m";
        since_a_minute: M => "01:00", "00:01:00", "1m";
        since_just_under_an_hour: H - 1 => "59:59", "00:59:59", "59m";
        since_an_hour: H => "1h", "01:00:00", "1h";
        since_just_under_a_day: D - 1 => "23h 59m", "23:59:59", "23h 59m";
        since_a_day: D => "1d", "1d 00:00:00", "1d";
        since_2_days: 2 * D + 5 * H + M => "2d 5h", "2d 05:01:00", "2d 5h 1m";
    } }

    #[test]
    fn with_reduced_motion_auto_shows_no_seconds_before_the_last_minute() {
        let pace = |mode| Pace { mode, reduced_motion: true };
        let until = |millis| {
            read(
                Countdown::Until(TARGET),
                TARGET.before(Duration::from_millis(millis)),
                pace(CountdownMode::Auto),
            )
        };
        let cases = [
            (D + 1, "1d 1h"),
            (61 * M, "1h 1m"),
            (H, "1h"),
            (59 * M + 59 * S, "1h"),
            (31 * M, "31m"),
            (M + 1, "2m"),
            (M, "01:00"),
            (S, "00:01"),
        ];
        for (millis, expected) in cases {
            assert_eq!(text(until(millis)), expected, "{millis} ms");
        }
        let second = read(
            Countdown::Until(TARGET),
            TARGET.before(Duration::from_secs(90)),
            pace(CountdownMode::Second),
        );
        assert_eq!(text(second), "00:01:30", "what the host asks for holds");
    }

    #[test]
    fn spoken_lengths_are_rounded_to_the_nearest() {
        let cases = [
            (0, 1, Unit::Minute),
            (89, 1, Unit::Minute),
            (90, 2, Unit::Minute),
            (59 * MINUTE + 29, 59, Unit::Minute),
            (59 * MINUTE + 30, 1, Unit::Hour),
            (59 * MINUTE + 40, 1, Unit::Hour),
            (HOUR, 1, Unit::Hour),
            (3 * HOUR + 29 * MINUTE, 3, Unit::Hour),
            (3 * HOUR + 30 * MINUTE, 4, Unit::Hour),
            (23 * HOUR + 29 * MINUTE, 23, Unit::Hour),
            (23 * HOUR + 30 * MINUTE, 1, Unit::Day),
            (23 * HOUR + 45 * MINUTE, 1, Unit::Day),
            (DAY, 1, Unit::Day),
            (12 * DAY + 11 * HOUR, 12, Unit::Day),
        ];
        for (seconds, count, unit) in cases {
            assert_eq!(rounded(Duration::from_secs(seconds)), (count, unit), "{seconds} s");
        }
    }

    #[test]
    fn only_a_target_has_a_length() {
        for countdown in [Countdown::None, Countdown::Due] {
            assert_eq!(read(countdown, TARGET, usual(CountdownMode::Second)), None);
        }
    }

    proptest! {
        /// The text holds until the instant named, not a millisecond less or more.
        #[test]
        fn the_text_changes_exactly_when_it_says(
            unit in prop::sample::select(vec![1, M, H, D]),
            count in 0_u64..100,
            offset in -3_000_i64..3_000,
            mode in prop::sample::select(CountdownMode::ALL),
            overdue in any::<bool>(),
            reduced_motion in any::<bool>(),
        ) {
            let pace = Pace { mode, reduced_motion };
            let distance = Duration::from_millis((unit * count).saturating_add_signed(offset));
            let (countdown, now) = if overdue {
                (Countdown::OverdueSince(TARGET), TARGET.after(distance))
            } else {
                (Countdown::Until(TARGET), TARGET.before(distance))
            };
            if let Some(reading) = read(countdown, now, pace) {
                prop_assert!(reading.changes_at > now);
                let length_at = |at| read(countdown, at, pace).map(|reading| reading.length);
                let just_before = reading.changes_at.before(Duration::from_millis(1));
                prop_assert_eq!(length_at(just_before), Some(reading.length));
                prop_assert_ne!(length_at(reading.changes_at), Some(reading.length));
            }
        }
    }

    #[test]
    fn an_age_is_told_in_minutes_and_changes_with_them() {
        let age = |seconds| age(TARGET, TARGET.after(Duration::from_secs(seconds))).unwrap();
        let units = |hours, minutes| Length::Units { days: None, hours, minutes };
        for (seconds, length, changes_at) in [
            (0, Length::LessThanAMinute, 60),
            (59, Length::LessThanAMinute, 60),
            (60, units(None, Some(1)), 120),
            (3_599, units(None, Some(59)), 3_600),
            (7_260, units(Some(2), Some(1)), 7_320),
        ] {
            let changes_at = TARGET.after(Duration::from_secs(changes_at));
            assert_eq!(age(seconds), Reading { length, changes_at }, "{seconds}");
        }
    }
}

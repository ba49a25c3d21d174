//! The dates of a rule after the next run.

use crate::date_time::DateTime;
use crate::instant::Timestamp;
use crate::recurrence::rule::{End, Frequency, NthWeekday, Rule, Until};
use std::iter::successors;
use time::{Date, Month};

pub(super) const MILLIS_PER_DAY: i64 = 86_400_000;

/// 1970-01-01 as a Julian day, as `time` counts them. Day 0 is a Monday.
pub(super) const EPOCH: i64 = 2_440_588;

/// The most days over which runs are counted from the first one: 400 years, more than any schedule.
const MOST_DAYS_COUNTED: i32 = 146_097;

/// The dates of a rule after the next run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upcoming {
    /// These, in order; none if the next run is the last.
    Dates(Vec<DateTime>),
    /// The next run is not on a day of the rule, so the server's dates follow something else.
    Disagrees,
    /// Unknown: runs must be counted, and the first one is unknown; or a date is beyond the calendar.
    Unknown,
}

/// The dates that follow `next`, the server's `scheduled_date`: at most `most`, each at its time of day and offset.
///
/// `start` is `start_date`, of which only the day matters, at its own offset. Intervals and runs are counted from it,
/// and it gives the day where the rule lists none. Without it, `next` does so, and runs cannot be counted. Months that
/// lack a day are skipped, as in RFC 5545.
pub fn upcoming(rule: &Rule, next: &DateTime, start: Option<&DateTime>, most: usize) -> Upcoming {
    dates(rule, next, start, most).unwrap_or(Upcoming::Unknown)
}

fn dates(rule: &Rule, next: &DateTime, start: Option<&DateTime>, most: usize) -> Option<Upcoming> {
    let day = day_of(next)?;
    let first = start.map_or(Some(day), day_of)?;
    let days = Days { rule, first };
    if day < first || !days.include(day) || !is_before_end(rule, next) {
        return Some(Upcoming::Disagrees);
    }
    let mut most = most;
    if let Some(End::Count(count)) = rule.end {
        start?;
        let Some(left) = (count as usize).checked_sub(days.count_to(day)?) else {
            return Some(Upcoming::Disagrees);
        };
        most = most.min(left);
    }
    let at_same_time = |later: Date| {
        let apart = i64::from(later.to_julian_day()) - i64::from(day.to_julian_day());
        let at = next.at.as_millis().saturating_add(apart * MILLIS_PER_DAY);
        DateTime { at: Timestamp::from_millis(at), offset: next.offset }
    };
    let dates = days.after(day).map(at_same_time).take_while(|date| is_before_end(rule, date)).take(most);
    Some(Upcoming::Dates(dates.collect()))
}

/// The calendar day of a date at its own offset.
pub(super) fn day_of(date: &DateTime) -> Option<Date> {
    day_at(Timestamp::from_millis(date.at.as_millis().checked_add(i64::from(date.offset) * 1_000)?))
}

/// The calendar day of an instant in UTC.
pub(super) fn day_at(at: Timestamp) -> Option<Date> {
    let day = at.as_millis().div_euclid(MILLIS_PER_DAY).checked_add(EPOCH)?;
    Date::from_julian_day(i32::try_from(day).ok()?).ok()
}

fn is_before_end(rule: &Rule, date: &DateTime) -> bool {
    let Some(End::Until(until)) = rule.end else { return true };
    let seconds = match until {
        Until::Day(last) => return day_of(date).is_some_and(|day| day <= last),
        Until::Floating(last) => last.assume_utc().unix_timestamp() - i64::from(date.offset),
        Until::Utc(last) => last.assume_utc().unix_timestamp(),
    };
    date.at <= Timestamp::from_millis(seconds * 1_000)
}

/// The days of a rule whose first run is on `first` or shortly before.
pub(super) struct Days<'a> {
    pub rule: &'a Rule,
    pub first: Date,
}

impl Days<'_> {
    /// Whether a run is on that day.
    pub fn include(&self, day: Date) -> bool {
        self.periods_to_go(day) == Some(0) && self.is_named(day)
    }

    /// The days after a day, in order.
    pub fn after(&self, day: Date) -> impl Iterator<Item = Date> {
        successors(self.next(day), |day| self.next(*day))
    }

    /// The number of runs from the first one to this day, if they can be counted.
    pub fn count_to(&self, last: Date) -> Option<usize> {
        let is_near = last.to_julian_day() - self.first.to_julian_day() <= MOST_DAYS_COUNTED;
        is_near.then_some(())?;
        Some(self.after(self.first.previous_day()?).take_while(|day| *day <= last).count())
    }

    fn next(&self, day: Date) -> Option<Date> {
        let mut day = day.next_day()?;
        loop {
            day = match self.periods_to_go(day)? {
                0 if self.is_named(day) => return Some(day),
                0 => day.next_day()?,
                to_go => self.beginning(self.period(day) + to_go)?,
            }
        }
    }

    /// The number of periods from this day's to the next one with runs: 0 if this one has some.
    fn periods_to_go(&self, day: Date) -> Option<i32> {
        let months = if self.rule.frequency == Frequency::Yearly { 12 } else { 1 };
        let interval = i32::from(self.rule.interval) * months;
        (self.period(self.first) - self.period(day)).checked_rem_euclid(interval)
    }

    /// The number of the day, week or month. A year is twelve months, eleven of them without a run.
    fn period(&self, day: Date) -> i32 {
        match self.rule.frequency {
            Frequency::Daily => day.to_julian_day(),
            Frequency::Weekly => (day.to_julian_day() - self.week_start()).div_euclid(7),
            Frequency::Monthly | Frequency::Yearly => day.year() * 12 + i32::from(u8::from(day.month())) - 1,
        }
    }

    /// The first day of a period.
    fn beginning(&self, period: i32) -> Option<Date> {
        match self.rule.frequency {
            Frequency::Daily => Date::from_julian_day(period),
            Frequency::Weekly => Date::from_julian_day(period * 7 + self.week_start()),
            Frequency::Monthly | Frequency::Yearly => {
                let month = Month::try_from(period.rem_euclid(12) as u8 + 1).ok()?;
                Date::from_calendar_date(period.div_euclid(12), month, 1)
            }
        }
        .ok()
    }

    fn week_start(&self) -> i32 {
        self.rule.week_start.number_days_from_monday().into()
    }

    /// Whether the rule lists the day or, if it lists none, the day is like the first one.
    pub fn is_named(&self, day: Date) -> bool {
        let (weekdays, month_days) = (&self.rule.weekdays, &self.rule.month_days);
        if weekdays.is_empty() && month_days.is_empty() {
            return match self.rule.frequency {
                Frequency::Daily => true,
                Frequency::Weekly => day.weekday() == self.first.weekday(),
                Frequency::Monthly | Frequency::Yearly => day.day() == self.first.day(),
            };
        }
        let from_beginning = day.day() as i8;
        let from_end = from_beginning - day.month().length(day.year()) as i8 - 1;
        let is_weekday = |nth: &NthWeekday| {
            // The first seven days of a month have the first of each weekday, the last seven the last.
            let ordinals = [(from_beginning + 6) / 7, (from_end - 6) / 7];
            nth.weekday == day.weekday() && nth.ordinal.is_none_or(|ordinal| ordinals.contains(&ordinal))
        };
        let is_month_day = |listed: &i8| *listed == from_beginning || *listed == from_end;
        (weekdays.is_empty() || weekdays.iter().any(is_weekday))
            && (month_days.is_empty() || month_days.iter().any(is_month_day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> DateTime {
        DateTime::parse(text).unwrap()
    }

    fn preview(rule: &str, next: &str, start: Option<&str>) -> Upcoming {
        upcoming(&Rule::parse(rule).unwrap(), &date(next), start.map(date).as_ref(), 2)
    }

    fn dates(expected: &[&str]) -> Upcoming {
        Upcoming::Dates(expected.iter().map(|text| date(text)).collect())
    }

    /// Rule, next run, first run, and what is said of the two after.
    macro_rules! previews {
        ($($name:ident: $rule:literal, $next:literal, $start:expr => $expected:expr;)+) => { $(
            #[test]
            fn $name() {
                assert_eq!(preview($rule, $next, $start), $expected);
            }
        )+ };
    }

    const DISAGREES: Upcoming = Upcoming::Disagrees;
    const UNKNOWN: Upcoming = Upcoming::Unknown;

    // 2022-07-26 is a Tuesday.
    previews! {
        dates_keep_time_and_offset_of_the_next_run: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "2022-07-26T09:58:45.250+05:30", Some("2022-07-12T12:30:00+05:30")
            => dates(&["2022-08-09T09:58:45.250+05:30", "2022-08-23T09:58:45.250+05:30"]);
        dates_are_counted_from_the_next_run_without_a_first: "FREQ=WEEKLY;INTERVAL=2",
            "2022-07-26T09:58:45+05:30", None
            => dates(&["2022-08-09T09:58:45+05:30", "2022-08-23T09:58:45+05:30"]);
        dates_follow_the_calendar_of_the_offset: "FREQ=MONTHLY;BYMONTHDAY=1",
            "2022-08-01T02:00:00+05:30", None
            => dates(&["2022-09-01T02:00:00+05:30", "2022-10-01T02:00:00+05:30"]);
        dates_follow_the_calendar_of_an_offset_behind: "FREQ=WEEKLY;BYDAY=TU",
            "2022-07-26T23:00:00-08:00", None
            => dates(&["2022-08-02T23:00:00-08:00", "2022-08-09T23:00:00-08:00"]);
        dates_take_the_first_day_as_it_was_written: "FREQ=WEEKLY;INTERVAL=2",
            "2022-11-08T00:30:00-05:00", Some("2022-10-25T00:30:00-04:00")
            => dates(&["2022-11-22T00:30:00-05:00", "2022-12-06T00:30:00-05:00"]);
        dates_may_start_with_the_first_run_at_another_time: "FREQ=DAILY",
            "2022-07-26T09:00:00Z", Some("2022-07-26T12:00:00Z")
            => dates(&["2022-07-27T09:00:00Z", "2022-07-28T09:00:00Z"]);
        dates_before_the_epoch: "FREQ=DAILY", "1969-12-30T23:59:59Z", None
            => dates(&["1969-12-31T23:59:59Z", "1970-01-01T23:59:59Z"]);
        dates_end_with_the_calendar: "FREQ=DAILY", "9999-12-30T12:00:00Z", None => dates(&["9999-12-31T12:00:00Z"]);
        dates_may_recur_beyond_the_calendar: "FREQ=YEARLY;INTERVAL=999", "9001-01-01T00:00:00Z", None => dates(&[]);
        dates_end_with_the_count: "FREQ=DAILY;COUNT=3", "2022-07-27T09:00:00Z", Some("2022-07-26T09:00:00Z")
            => dates(&["2022-07-28T09:00:00Z"]);
        dates_are_none_after_the_last_run: "FREQ=DAILY;COUNT=3", "2022-07-28T09:00:00Z", Some("2022-07-26T09:00:00Z")
            => dates(&[]);
        dates_are_counted_from_the_first_run_after_the_start: "FREQ=WEEKLY;BYDAY=TU;COUNT=2",
            "2022-07-26T09:00:00Z", Some("2022-07-20T09:00:00Z") => dates(&["2022-08-02T09:00:00Z"]);
        dates_until_the_day_of_the_next_run: "FREQ=DAILY;UNTIL=20220726", "2022-07-26T23:59:59Z", None => dates(&[]);
        dates_until_a_day_where_the_clock_stands: "FREQ=DAILY;UNTIL=20220727", "2022-07-26T23:30:00-08:00", None
            => dates(&["2022-07-27T23:30:00-08:00"]);

        another_weekday_disagrees: "FREQ=WEEKLY;BYDAY=MO", "2022-07-26T09:00:00Z", None => DISAGREES;
        another_weekday_than_that_of_the_first_run_disagrees: "FREQ=WEEKLY",
            "2022-07-26T09:00:00Z", Some("2022-07-20T09:00:00Z") => DISAGREES;
        another_week_disagrees: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "2022-07-26T09:00:00Z", Some("2022-07-19T09:00:00Z") => DISAGREES;
        another_week_from_sunday_disagrees: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
            "2022-07-26T09:00:00Z", Some("2022-07-17T09:00:00Z") => DISAGREES;
        the_same_week_from_monday_agrees: "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
            "2022-07-26T09:00:00Z", Some("2022-07-17T09:00:00Z")
            => dates(&["2022-08-09T09:00:00Z", "2022-08-23T09:00:00Z"]);
        another_day_disagrees: "FREQ=DAILY;INTERVAL=2",
            "2022-07-26T09:00:00Z", Some("2022-07-25T09:00:00Z") => DISAGREES;
        another_month_day_disagrees: "FREQ=MONTHLY;BYMONTHDAY=25", "2022-07-26T09:00:00Z", None => DISAGREES;
        another_month_disagrees: "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=26",
            "2022-07-26T09:00:00Z", Some("2022-06-26T09:00:00Z") => DISAGREES;
        another_ordinal_disagrees: "FREQ=MONTHLY;BYDAY=3TU,5TU,-2TU", "2022-07-26T09:00:00Z", None => DISAGREES;
        the_last_ordinal_agrees: "FREQ=MONTHLY;BYDAY=-1TU", "2022-07-26T09:00:00Z", None
            => dates(&["2022-08-30T09:00:00Z", "2022-09-27T09:00:00Z"]);
        a_day_of_one_list_only_disagrees: "FREQ=MONTHLY;BYDAY=TU;BYMONTHDAY=25", "2022-07-26T09:00:00Z", None
            => DISAGREES;
        another_day_of_the_year_disagrees: "FREQ=YEARLY",
            "2022-07-26T09:00:00Z", Some("2021-08-26T09:00:00Z") => DISAGREES;
        another_year_disagrees: "FREQ=YEARLY;INTERVAL=2",
            "2022-07-26T09:00:00Z", Some("2021-07-26T09:00:00Z") => DISAGREES;
        the_neighbouring_day_in_utc_disagrees: "FREQ=WEEKLY;BYDAY=MO", "2022-07-26T02:00:00+05:30", None => DISAGREES;
        a_next_run_before_the_first_disagrees: "FREQ=DAILY",
            "2022-07-26T09:00:00Z", Some("2022-07-27T09:00:00Z") => DISAGREES;
        a_next_run_long_before_the_first_disagrees: "FREQ=DAILY;COUNT=9999",
            "0001-01-01T00:00:00Z", Some("9999-12-31T00:00:00Z") => DISAGREES;
        a_next_run_beyond_the_count_disagrees: "FREQ=DAILY;COUNT=3",
            "2022-07-29T09:00:00Z", Some("2022-07-26T09:00:00Z") => DISAGREES;
        a_next_run_after_the_end_disagrees: "FREQ=DAILY;UNTIL=20220725", "2022-07-26T09:00:00Z", None => DISAGREES;
        a_next_run_just_after_the_end_disagrees: "FREQ=DAILY;UNTIL=20220726T085959Z", "2022-07-26T09:00:00Z", None
            => DISAGREES;

        a_count_without_a_first_run_is_unknown: "FREQ=DAILY;COUNT=3", "2022-07-26T09:00:00Z", None => UNKNOWN;
        a_wrong_day_disagrees_though_the_count_is_unknown: "FREQ=WEEKLY;BYDAY=MO;COUNT=3",
            "2022-07-26T09:00:00Z", None => DISAGREES;
        a_count_over_centuries_is_unknown: "FREQ=DAILY;BYMONTHDAY=26;BYDAY=TU;COUNT=9999",
            "2022-07-26T09:00:00Z", Some("0001-01-01T00:00:00Z") => UNKNOWN;
        an_interval_over_centuries_is_told: "FREQ=WEEKLY;INTERVAL=2",
            "2022-07-26T09:00:00Z", Some("0001-01-02T00:00:00Z")
            => dates(&["2022-08-09T09:00:00Z", "2022-08-23T09:00:00Z"]);
    }

    #[test]
    fn instants_and_offsets_beyond_the_calendar_are_unknown() {
        let rule = Rule::parse("FREQ=DAILY;UNTIL=99991231T235959").unwrap();
        let usual = date("2022-07-26T09:00:00Z");
        for millis in [i64::MIN, -400_000_000_000_000, 400_000_000_000_000, i64::MAX] {
            for offset in [i32::MIN, 0, i32::MAX] {
                let far = DateTime { at: Timestamp::from_millis(millis), offset };
                assert_eq!(upcoming(&rule, &far, None, 2), UNKNOWN);
                assert_eq!(upcoming(&rule, &usual, Some(&far), 2), UNKNOWN);
            }
        }
    }

    #[test]
    fn a_rule_that_no_text_gives_names_no_day() {
        let next = date("2022-07-26T09:00:00Z");
        let rule = Rule { interval: 0, ..Rule::parse("FREQ=YEARLY").unwrap() };
        assert_eq!(upcoming(&rule, &next, None, 2), DISAGREES);
        let rule = Rule { month_days: vec![i8::MIN, 0, 99], ..Rule::parse("FREQ=MONTHLY").unwrap() };
        assert_eq!(upcoming(&rule, &next, None, 2), DISAGREES);
    }
}

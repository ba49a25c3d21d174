//! Recurrence rules by name: how each is read, and its dates from the next run on.

use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::recurrence::{End, NthWeekday, Rule, Until, Upcoming, Weekday, upcoming};

/// The parts of a rule on one line.
fn parts(rule: &Rule) -> String {
    let mut parts = format!("{} {}", rule.interval, rule.frequency);
    for NthWeekday { weekday, ordinal } in &rule.weekdays {
        let ordinal = ordinal.map(|ordinal| ordinal.to_string()).unwrap_or_default();
        parts += &format!(" {ordinal}{}", &weekday.to_string()[..2]);
    }
    for day in &rule.month_days {
        parts += &format!(" {day}");
    }
    parts += &match rule.end {
        None => String::new(),
        Some(End::Count(count)) => format!(", {count} times"),
        Some(End::Until(Until::Day(day))) => format!(", until {day}"),
        Some(End::Until(Until::Floating(at))) => format!(", until {at}"),
        Some(End::Until(Until::Utc(at))) => format!(", until {at} UTC"),
    };
    match rule.week_start {
        Weekday::Monday => parts,
        other => parts + ", weeks from " + &other.to_string()[..2],
    }
}

/// `1997-09-02, 04, 10-01`: what a date shares with the one before is left out.
fn days(text: &str) -> Vec<DateTime> {
    let mut last = String::new();
    let full = text.split(", ").map(|day| {
        last = last[..last.len().saturating_sub(day.len())].to_owned() + day;
        DateTime::parse(&format!("{last}T09:00:00-04:00")).unwrap()
    });
    full.collect()
}

/// Rule, its parts, the day of `start`, and days of runs from the next one on: all there are, or the first ones.
macro_rules! rules {
    ($($name:ident: $text:literal is $parts:literal, from $start:literal: $days:literal $(and $more:ident)?;)+) => { $(
        #[test]
        fn $name() {
            let rule = Rule::parse($text).unwrap();
            assert_eq!(parts(&rule), $parts);
            let (expected, start) = (days($days), days($start).remove(0));
            let more: &[&str] = &[$(stringify!($more))?];
            // One date too many is asked for where the list is to end.
            let most = expected.len() - more.len();
            let following = upcoming(&rule, &expected[0], Some(&start), most);
            assert_eq!(following, Upcoming::Dates(expected[1..].to_vec()));
        }
    )+ };
}

// What Zoho's pages, samples and SDKs show.
rules! {
    zoho_weekly: "RRULE:FREQ=WEEKLY;INTERVAL=1;BYDAY=FR" is "1 weekly Fr",
        from "2022-07-12": "2022-07-15, 22, 29, 08-05" and more;
    zoho_every_other_thursday: "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH" is "2 weekly Th",
        from "2022-07-14": "2022-07-14, 28, 08-11" and more;
    zoho_sample: "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU" is "2 weekly Tu",
        from "2022-07-12": "2022-07-26, 08-09, 23, 09-06" and more;
    zoho_on_a_month_day: "RRULE:FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=16" is "1 monthly 16",
        from "2022-07-12": "2022-07-16, 08-16, 09-16" and more;
    zoho_first_thursday: "RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=1TH" is "1 monthly 1Th",
        from "2022-07-12": "2022-08-04, 09-01, 10-06" and more;
    zoho_fourth_thursday: "RRULE:FREQ=MONTHLY;INTERVAL=1;BYDAY=4TH" is "1 monthly 4Th",
        from "2022-07-12": "2022-07-28, 08-25, 09-22" and more;
    zoho_three_days: "RRULE:FREQ=DAILY;COUNT=3" is "1 daily, 3 times",
        from "2022-07-30": "2022-07-30, 31, 08-01";
    zoho_without_prefix: "FREQ=MONTHLY;COUNT=3;BYDAY=WE;" is "1 monthly We, 3 times",
        from "2022-07-12": "2022-07-13, 20, 27";
    zoho_every_other_month: "FREQ=MONTHLY;INTERVAL=2;COUNT=3;BYMONTHDAY=14" is "2 monthly 14, 3 times",
        from "2022-11-14": "2022-11-14, 2023-01-14, 03-14";
}

// RFC 5545, 3.8.5.3, in its order; runs are at 9:00 in New York.
rules! {
    rfc_daily_for_10_occurrences: "RRULE:FREQ=DAILY;COUNT=10" is "1 daily, 10 times",
        from "1997-09-02": "1997-09-02, 03, 04, 05, 06, 07, 08, 09, 10, 11";
    rfc_daily_until: "RRULE:FREQ=DAILY;UNTIL=19971224T000000Z" is "1 daily, until 1997-12-24 0:00:00.0 UTC",
        from "1997-09-02": "1997-12-20, 21, 22, 23";
    rfc_every_other_day: "RRULE:FREQ=DAILY;INTERVAL=2" is "2 daily",
        from "1997-09-02": "1997-09-24, 26, 28, 30, 10-02, 04" and more;
    rfc_every_10_days: "RRULE:FREQ=DAILY;INTERVAL=10;COUNT=5" is "10 daily, 5 times",
        from "1997-09-02": "1997-09-02, 12, 22, 10-02, 12";
    rfc_weekly_for_10_occurrences: "RRULE:FREQ=WEEKLY;COUNT=10" is "1 weekly, 10 times",
        from "1997-09-02": "1997-09-02, 09, 16, 23, 30, 10-07, 14, 21, 28, 11-04";
    rfc_weekly_until: "RRULE:FREQ=WEEKLY;UNTIL=19971224T000000Z" is "1 weekly, until 1997-12-24 0:00:00.0 UTC",
        from "1997-09-02": "1997-09-02, 09, 16, 23, 30, 10-07, 14, 21, 28, 11-04, 11, 18, 25, 12-02, 09, 16, 23";
    rfc_every_other_week: "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU" is "2 weekly, weeks from Su",
        from "1997-09-02": "1997-09-02, 16, 30, 10-14, 28, 11-11, 25, 12-09, 23, 1998-01-06, 20, 02-03, 17" and more;
    rfc_tuesdays_and_thursdays_until: "RRULE:FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH"
        is "1 weekly Tu Th, until 1997-10-07 0:00:00.0 UTC, weeks from Su",
        from "1997-09-02": "1997-09-02, 04, 09, 11, 16, 18, 23, 25, 30, 10-02";
    rfc_tuesdays_and_thursdays_for_10_occurrences: "RRULE:FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH"
        is "1 weekly Tu Th, 10 times, weeks from Su",
        from "1997-09-02": "1997-09-02, 04, 09, 11, 16, 18, 23, 25, 30, 10-02";
    rfc_three_days_of_every_other_week: "RRULE:FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR"
        is "2 weekly Mo We Fr, until 1997-12-24 0:00:00.0 UTC, weeks from Su",
        from "1997-09-01": "1997-09-01, 03, 05, 15, 17, 19, 29, 10-01, 03, 13, 15, 17, 27, 29, 31, \
            11-10, 12, 14, 24, 26, 28, 12-08, 10, 12, 22";
    rfc_two_days_of_every_other_week: "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH"
        is "2 weekly Tu Th, 8 times, weeks from Su",
        from "1997-09-02": "1997-09-02, 04, 16, 18, 30, 10-02, 14, 16";
    rfc_first_friday_for_10_occurrences: "RRULE:FREQ=MONTHLY;COUNT=10;BYDAY=1FR" is "1 monthly 1Fr, 10 times",
        from "1997-09-05": "1997-09-05, 10-03, 11-07, 12-05, 1998-01-02, 02-06, 03-06, 04-03, 05-01, 06-05";
    rfc_first_friday_until: "RRULE:FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR"
        is "1 monthly 1Fr, until 1997-12-24 0:00:00.0 UTC",
        from "1997-09-05": "1997-09-05, 10-03, 11-07, 12-05";
    rfc_first_and_last_sunday: "RRULE:FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU"
        is "2 monthly 1Su -1Su, 10 times",
        from "1997-09-07": "1997-09-07, 28, 11-02, 30, 1998-01-04, 25, 03-01, 29, 05-03, 31";
    rfc_second_last_monday: "RRULE:FREQ=MONTHLY;COUNT=6;BYDAY=-2MO" is "1 monthly -2Mo, 6 times",
        from "1997-09-22": "1997-09-22, 10-20, 11-17, 12-22, 1998-01-19, 02-16";
    rfc_third_last_day: "RRULE:FREQ=MONTHLY;BYMONTHDAY=-3" is "1 monthly -3",
        from "1997-09-28": "1997-09-28, 10-29, 11-28, 12-29, 1998-01-29, 02-26" and more;
    rfc_2nd_and_15th: "RRULE:FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15" is "1 monthly 2 15, 10 times",
        from "1997-09-02": "1997-09-02, 15, 10-02, 15, 11-02, 15, 12-02, 15, 1998-01-02, 15";
    rfc_first_and_last_day: "RRULE:FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1" is "1 monthly 1 -1, 10 times",
        from "1997-09-30": "1997-09-30, 10-01, 31, 11-01, 30, 12-01, 31, 1998-01-01, 31, 02-01";
    rfc_six_days_every_18_months: "RRULE:FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15"
        is "18 monthly 10 11 12 13 14 15, 10 times",
        from "1997-09-10": "1997-09-10, 11, 12, 13, 14, 15, 1999-03-10, 11, 12, 13";
    rfc_tuesdays_of_every_other_month: "RRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=TU" is "2 monthly Tu",
        from "1997-09-02": "1997-09-02, 09, 16, 23, 30, 11-04, 11, 18, 25, 1998-01-06, 13, 20, 27, \
            03-03, 10, 17, 24, 31" and more;
    rfc_friday_the_13th: "RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13" is "1 monthly Fr 13",
        from "1997-09-02": "1998-02-13, 03-13, 11-13, 1999-08-13, 2000-10-13" and more;
    rfc_saturday_after_the_first_sunday: "RRULE:FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13"
        is "1 monthly Sa 7 8 9 10 11 12 13",
        from "1997-09-13": "1997-09-13, 10-11, 11-08, 12-13, 1998-01-10, 02-07, 03-07, 04-11, 05-09, 06-13" and more;
    rfc_weeks_from_monday: "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO" is "2 weekly Tu Su, 4 times",
        from "1997-08-05": "1997-08-05, 10, 19, 24";
    rfc_weeks_from_sunday: "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU"
        is "2 weekly Tu Su, 4 times, weeks from Su",
        from "1997-08-05": "1997-08-05, 17, 19, 31";
    rfc_days_that_do_not_exist: "RRULE:FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5" is "1 monthly 15 30, 5 times",
        from "2007-01-15": "2007-01-15, 30, 02-15, 03-15, 30";
}

rules! {
    rule_in_lower_case: " rrule:freq=weekly;byday=fr,mo;wkst=mo;\n" is "1 weekly Mo Fr",
        from "2026-11-02": "2026-11-02, 06, 09" and more;
    rule_with_signs_and_zeros: "BYDAY=+02TH,-01TH;INTERVAL=01;FREQ=MONTHLY" is "1 monthly 2Th -1Th",
        from "2026-11-02": "2026-11-12, 26, 12-10, 31" and more;
    rule_with_its_days_in_disorder: "FREQ=MONTHLY;BYDAY=SU,-1MO,-5MO,2MO,MO,2MO,SU"
        is "1 monthly Mo 2Mo -5Mo -1Mo Su",
        from "2026-11-01": "2026-11-01, 02, 08, 09, 15, 16" and more;
    rule_with_its_month_days_in_disorder: "FREQ=MONTHLY;BYMONTHDAY=-1,31,-31,5,31" is "1 monthly 5 31 -31 -1",
        from "2026-01-01": "2026-01-01, 05, 31, 02-05, 28, 03-01, 05" and more;
    rule_for_working_days: "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR" is "1 daily Mo Tu We Th Fr",
        from "2026-11-05": "2026-11-05, 06, 09" and more;
    rule_for_days_on_a_weekday_of_the_month: "FREQ=DAILY;BYDAY=MO;BYMONTHDAY=1,-1" is "1 daily Mo 1 -1",
        from "2026-11-05": "2026-11-30, 2027-02-01, 03-01, 05-31" and more;
    rule_for_every_third_day_on_a_weekday: "FREQ=DAILY;INTERVAL=3;BYDAY=MO" is "3 daily Mo",
        from "2026-11-02": "2026-11-02, 23, 12-14" and more;
    rule_for_the_31st: "FREQ=MONTHLY;BYMONTHDAY=31" is "1 monthly 31",
        from "2026-10-31": "2026-10-31, 12-31, 2027-01-31, 03-31" and more;
    rule_for_months_from_the_31st: "FREQ=MONTHLY" is "1 monthly",
        from "2026-10-31": "2026-10-31, 12-31, 2027-01-31, 03-31" and more;
    rule_for_the_fifth_monday: "FREQ=MONTHLY;BYDAY=5MO" is "1 monthly 5Mo",
        from "2026-11-01": "2026-11-30, 2027-03-29, 05-31" and more;
    rule_for_leap_days: "FREQ=YEARLY" is "1 yearly",
        from "2092-02-29": "2092-02-29, 2096-02-29, 2104-02-29" and more;
    rule_for_every_third_year: "FREQ=YEARLY;INTERVAL=3;COUNT=3" is "3 yearly, 3 times",
        from "2026-11-25": "2026-11-25, 2029-11-25, 2032-11-25";
    rule_until_a_day: "FREQ=WEEKLY;UNTIL=20261209" is "1 weekly, until 2026-12-09",
        from "2026-11-25": "2026-11-25, 12-02, 09";
    rule_until_a_floating_time: "FREQ=WEEKLY;UNTIL=20261209T090000" is "1 weekly, until 2026-12-09 9:00:00.0",
        from "2026-11-25": "2026-11-25, 12-02, 09";
    rule_until_a_floating_time_just_before: "FREQ=WEEKLY;UNTIL=20261209T085959"
        is "1 weekly, until 2026-12-09 8:59:59.0",
        from "2026-11-25": "2026-11-25, 12-02";
    rule_until_an_instant: "FREQ=WEEKLY;UNTIL=20261209T130000Z" is "1 weekly, until 2026-12-09 13:00:00.0 UTC",
        from "2026-11-25": "2026-11-25, 12-02, 09";
    rule_until_an_instant_just_before: "FREQ=WEEKLY;UNTIL=20261209T125959Z"
        is "1 weekly, until 2026-12-09 12:59:59.0 UTC",
        from "2026-11-25": "2026-11-25, 12-02";
    rule_of_the_largest_numbers: "FREQ=YEARLY;INTERVAL=999;COUNT=9999" is "999 yearly, 9999 times",
        from "2026-11-25": "2026-11-25, 3025-11-25" and more;
}

#[test]
fn an_end_has_its_day_as_written() {
    for until in ["20261209", "20261209T235959", "20261209T235959Z"] {
        let Some(End::Until(until)) = Rule::parse(&format!("FREQ=DAILY;UNTIL={until}")).unwrap().end else {
            panic!("{until} is no end");
        };
        assert_eq!(until.day().to_string(), "2026-12-09");
    }
}

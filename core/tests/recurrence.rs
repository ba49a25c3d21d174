//! What holds for every recurrence rule: no token of it is lost, and its dates are those that another implementation
//! of RFC 5545 gives, and those that a search day by day finds.

use proptest::prelude::*;
use time::{Duration, Month, OffsetDateTime};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::recurrence::{
    Date, End, Frequency, NthWeekday, Rule, Until, Upcoming, Weekday, upcoming,
};

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// A rule, and its parts in any order and spelling.
#[derive(Clone, Debug)]
struct Written {
    rule: Rule,
    parts: Vec<String>,
}

impl Written {
    fn text(&self) -> String {
        self.parts.join(";")
    }
}

fn code(weekday: Weekday) -> String {
    weekday.to_string()[..2].to_uppercase()
}

fn list(items: Vec<String>, key: &str) -> Option<String> {
    (!items.is_empty()).then(|| format!("{key}={}", items.join(",")))
}

/// As `YYYYMMDD`.
fn basic(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}

/// The parts in the order of [`Rule`], lists in the order given. Defaults are left out where the rule has them.
fn parts(rule: &Rule, weekdays: &[NthWeekday], month_days: &[i8]) -> Vec<String> {
    let weekday = |day: &NthWeekday| {
        day.ordinal.map(|ordinal| ordinal.to_string()).unwrap_or_default() + &code(day.weekday)
    };
    let clock = |at: time::PrimitiveDateTime| {
        format!("{}T{:02}{:02}{:02}", basic(at.date()), at.hour(), at.minute(), at.second())
    };
    let end = rule.end.map(|end| match end {
        End::Count(count) => format!("COUNT={count}"),
        End::Until(Until::Day(day)) => format!("UNTIL={}", basic(day)),
        End::Until(Until::Floating(at)) => format!("UNTIL={}", clock(at)),
        End::Until(Until::Utc(at)) => format!("UNTIL={}Z", clock(at)),
    });
    [
        Some(format!("FREQ={}", rule.frequency.name().to_uppercase())),
        (rule.interval > 1).then(|| format!("INTERVAL={}", rule.interval)),
        list(weekdays.iter().map(weekday).collect(), "BYDAY"),
        list(month_days.iter().map(i8::to_string).collect(), "BYMONTHDAY"),
        end,
        (rule.week_start != Weekday::Monday).then(|| format!("WKST={}", code(rule.week_start))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn any_day() -> impl Strategy<Value = Date> {
    (1950..2100_i32, 1..=366_u16)
        .prop_map(|(year, day)| Date::from_ordinal_date(year, day).unwrap_or(leap_day(year)))
}

/// The first leap day from that year on.
fn leap_day(year: i32) -> Date {
    (year..).find_map(|year| Date::from_calendar_date(year, Month::February, 29).ok()).unwrap()
}

fn any_end(most: u32) -> impl Strategy<Value = Option<End>> {
    let until = (any_day(), 0..24_u8, 0..60_u8, 0..3).prop_map(|(day, hour, second, form)| {
        let at = day.with_hms(hour, 30, second).unwrap();
        Some(End::Until(match form {
            0 => Until::Day(day),
            1 => Until::Floating(at),
            _ => Until::Utc(at),
        }))
    });
    prop_oneof![2 => Just(None), 1 => (1..=most).prop_map(|count| Some(End::Count(count))), 1 => until]
}

fn plain(weekday: Weekday) -> NthWeekday {
    NthWeekday { weekday, ordinal: None }
}

/// Days as a frequency allows them, in the order in which a rule has them.
fn any_days(frequency: Frequency) -> impl Strategy<Value = (Vec<NthWeekday>, Vec<i8>)> {
    let all_plain: Vec<_> = WEEK.map(plain).into();
    let ordinals =
        [None, Some(1), Some(2), Some(3), Some(4), Some(5), Some(-5), Some(-4), Some(-3), Some(-2), Some(-1)];
    let all_nth: Vec<_> = WEEK
        .into_iter()
        .flat_map(|weekday| ordinals.map(|ordinal| NthWeekday { weekday, ordinal }))
        .collect();
    let all_month_days: Vec<i8> = (1..=31).chain(-31..=-1).collect();
    let (weekdays, most_weekdays, most_month_days) = match frequency {
        Frequency::Daily => (all_plain, 5, 9),
        Frequency::Weekly => (all_plain, 7, 0),
        Frequency::Monthly => (all_nth, 5, 5),
        Frequency::Yearly => (all_plain, 0, 0),
    };
    let some = |most| prop_oneof![Just(0), Just(most), 0..=most];
    (some(most_weekdays), some(most_month_days)).prop_flat_map(
        move |(so_many_weekdays, so_many_month_days)| {
            (
                prop::sample::subsequence(weekdays.clone(), so_many_weekdays),
                prop::sample::subsequence(all_month_days.clone(), so_many_month_days),
            )
        },
    )
}

fn any_rule(most_interval: u16, most_count: u32) -> impl Strategy<Value = Rule> {
    let interval = prop_oneof![2 => Just(1), 3 => 1..=4_u16, 1 => 1..=most_interval];
    let frequency = prop::sample::select(Frequency::ALL);
    let week_start = prop::sample::select(WEEK.to_vec());
    (frequency, interval, any_end(most_count), week_start).prop_flat_map(
        |(frequency, interval, end, week_start)| {
            any_days(frequency).prop_map(move |(weekdays, month_days)| Rule {
                frequency,
                interval,
                weekdays,
                month_days,
                end,
                week_start,
            })
        },
    )
}

/// A rule with its parts shuffled, its lists too, and some of the items repeated.
fn any_written() -> impl Strategy<Value = Written> {
    any_rule(999, 9_999).prop_flat_map(|rule| {
        let repeated = |length: usize| prop::sample::subsequence((0..length).collect::<Vec<_>>(), 0..=length);
        let weekdays = (repeated(rule.weekdays.len()), Just(rule.weekdays.clone())).prop_flat_map(
            |(again, mut days)| {
                days.extend(again.into_iter().map(|index| days[index]).collect::<Vec<_>>());
                Just(days).prop_shuffle()
            },
        );
        let month_days = (repeated(rule.month_days.len()), Just(rule.month_days.clone())).prop_flat_map(
            |(again, mut days)| {
                days.extend(again.into_iter().map(|index| days[index]).collect::<Vec<_>>());
                Just(days).prop_shuffle()
            },
        );
        (Just(rule), weekdays, month_days).prop_flat_map(|(rule, weekdays, month_days)| {
            let parts = parts(&rule, &weekdays, &month_days);
            (Just(rule), Just(parts).prop_shuffle()).prop_map(|(rule, parts)| Written { rule, parts })
        })
    })
}

/// A rule's text with a few characters removed, put in, or replaced.
fn any_mutated() -> impl Strategy<Value = String> {
    let characters = prop::sample::select("0123456789+-,;=TU é\n".chars().collect::<Vec<_>>());
    let change = (any::<prop::sample::Index>(), prop::option::of(characters), any::<bool>());
    (any_written(), prop::collection::vec(change, 1..3)).prop_map(|(written, changes)| {
        let mut text: Vec<char> = format!("RRULE:{}", written.text()).chars().collect();
        for (at, character, replaces) in changes {
            let at = at.index(text.len());
            let replaced = if replaces || character.is_none() { at + 1 } else { at };
            text.splice(at..replaced, character);
        }
        text.into_iter().collect()
    })
}

/// Runs are counted over that long: a calendar of 400 years.
const MOST_COUNTED: Duration = Duration::days(146_097);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_may_stand_where_a_rule_should(text in any::<String>()) {
        prop_assert_eq!(Rule::parse(&text), None);
    }

    #[test]
    fn what_a_changed_rule_says_is_still_all_that_it_says(text in any_mutated()) {
        if let Some(rule) = Rule::parse(&text) {
            let again = parts(&rule, &rule.weekdays, &rule.month_days).join(";");
            prop_assert_eq!(Rule::parse(&again), Some(rule));
        }
    }

    #[test]
    fn every_part_of_a_rule_is_kept(
        written in any_written(),
        prefix in prop::sample::select(vec!["", "RRULE:", " rrule:"]),
        suffix in prop::sample::select(vec!["", ";", ";\n"]),
        lower_case in any::<bool>(),
    ) {
        let text = if lower_case { written.text().to_lowercase() } else { written.text() };
        let text = format!("{prefix}{text}{suffix}");
        prop_assert_eq!(Rule::parse(&text), Some(written.rule), "{}", text);
    }

    #[test]
    fn nothing_may_be_added_to_a_rule(
        written in any_written(),
        token in prop::sample::select(vec![
            "X=1", "X", "=", "TU", "FREQ=DAILY", "BYSETPOS=1", "BYHOUR=9", "BYMONTH=7", "BYDAY=", "COUNT=0",
        ]),
        at in any::<prop::sample::Index>(),
    ) {
        let mut parts = written.parts;
        parts.insert(at.index(parts.len() + 1), token.to_owned());
        prop_assert_eq!(Rule::parse(&parts.join(";")), None, "{:?}", parts);
    }

    #[test]
    fn no_part_of_a_rule_may_come_twice(written in any_written(), which in any::<prop::sample::Index>()) {
        let mut parts = written.parts;
        parts.push(parts[which.index(parts.len())].clone());
        prop_assert_eq!(Rule::parse(&parts.join(";")), None, "{:?}", parts);
    }
}

// Dates, found day by day.

fn on(day: Date, second_of_day: i64, offset: i32) -> DateTime {
    let seconds = day.midnight().assume_utc().unix_timestamp() + second_of_day - i64::from(offset);
    DateTime { at: Timestamp::from_millis(seconds * 1_000), offset }
}

fn local(date: &DateTime) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(date.at.as_millis() / 1_000 + i64::from(date.offset)).unwrap()
}

/// Whether a rule whose first run is due on a day names another, the end aside.
fn is_named(rule: &Rule, first: Date, day: Date) -> bool {
    let month = |day: Date| i64::from(day.year()) * 12 + i64::from(u8::from(day.month()));
    let week = |day: Date| {
        (0..7).map(|back| day - Duration::days(back)).find(|day| day.weekday() == rule.week_start)
    };
    let periods = match rule.frequency {
        Frequency::Daily => (day - first).whole_days(),
        Frequency::Weekly => (week(day).unwrap() - week(first).unwrap()).whole_weeks(),
        Frequency::Monthly => month(day) - month(first),
        Frequency::Yearly => i64::from(day.year() - first.year()),
    };
    if day < first || periods % i64::from(rule.interval) != 0 {
        return false;
    }
    let days_of_month: Vec<Date> = (1..=31)
        .filter_map(|number| Date::from_calendar_date(day.year(), day.month(), number).ok())
        .collect();
    let matches_weekday = |nth: &NthWeekday| {
        let alike: Vec<_> = days_of_month.iter().filter(|other| other.weekday() == nth.weekday).collect();
        match nth.ordinal {
            None => day.weekday() == nth.weekday,
            Some(ordinal @ 1..) => alike.get(ordinal as usize - 1) == Some(&&day),
            Some(ordinal) => alike.iter().rev().nth(-ordinal as usize - 1) == Some(&&day),
        }
    };
    let matches_month_day = |number: &i8| match number {
        1.. => day.day() == *number as u8,
        _ => days_of_month.iter().rev().nth(-*number as usize - 1) == Some(&day),
    };
    match (rule.frequency, rule.weekdays.is_empty(), rule.month_days.is_empty()) {
        (Frequency::Daily, true, true) => true,
        (Frequency::Weekly, true, _) => day.weekday() == first.weekday(),
        (Frequency::Monthly, true, true) => day.day() == first.day(),
        (Frequency::Yearly, ..) => (day.month(), day.day()) == (first.month(), first.day()),
        (_, false, true) => rule.weekdays.iter().any(matches_weekday),
        (_, true, false) => rule.month_days.iter().any(matches_month_day),
        (_, false, false) => {
            rule.weekdays.iter().any(matches_weekday) && rule.month_days.iter().any(matches_month_day)
        }
    }
}

/// Whether a date is not after the end; `runs` are those up to and with it.
fn is_within(rule: &Rule, date: &DateTime, runs: usize) -> bool {
    let clock = local(date);
    match rule.end {
        None => true,
        Some(End::Count(count)) => runs <= count as usize,
        Some(End::Until(Until::Day(last))) => clock.date() <= last,
        Some(End::Until(Until::Floating(last))) => clock <= last.assume_utc(),
        Some(End::Until(Until::Utc(last))) => {
            clock - Duration::seconds(date.offset.into()) <= last.assume_utc()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn dates_are_those_a_search_day_by_day_finds(
        rule in any_rule(6, 40),
        first in any_day(),
        days_on in 0..400_i64,
        to_a_day_of_the_rule in prop::bool::weighted(0.8),
        second_of_day in 0..86_400_i64,
        offset in (-56..=56_i32).prop_map(|quarters| quarters * 900),
        most in 0..6_usize,
    ) {
        const SEARCHED: i64 = 1_000;
        let from = first + Duration::days(days_on);
        let day = (0..SEARCHED)
            .map(|later| from + Duration::days(later))
            .find(|day| !to_a_day_of_the_rule || is_named(&rule, first, *day));
        prop_assume!(day.is_some());
        let next = on(day.unwrap(), second_of_day, offset);
        let day = local(&next).date();
        let found = upcoming(&rule, &next, Some(&on(first, 0, 0)), most);

        let days_up_to = |last: Date| (0..=(last - first).whole_days()).map(|later| first + Duration::days(later));
        let mut runs = days_up_to(day).filter(|day| is_named(&rule, first, *day)).count();
        if !is_named(&rule, first, day) || !is_within(&rule, &next, runs) {
            prop_assert_eq!(found, Upcoming::Disagrees);
            return Ok(());
        }
        let mut expected = Vec::new();
        for later in (1..=SEARCHED).map(|later| day + Duration::days(later)) {
            if is_named(&rule, first, later) {
                runs += 1;
                let date = on(later, second_of_day, offset);
                if !is_within(&rule, &date, runs) {
                    break;
                }
                expected.push(date);
            }
        }
        let Upcoming::Dates(dates) = found else { panic!("{found:?}") };
        // Those beyond the days searched are left to the comparison below.
        let near: Vec<_> = dates.iter().filter(|date| local(date).date() - day <= Duration::days(SEARCHED)).collect();
        prop_assert_eq!(near, expected.iter().take(most).collect::<Vec<_>>());
        prop_assert!(dates.len() <= most);
    }

    #[test]
    fn dates_go_on_from_the_next_run(
        rule in any_rule(999, 9_999),
        next in any_day(),
        earlier in prop::option::of(0..2_000_i64),
        second_of_day in 0..86_400_i64,
        offset in -86_399..86_400_i32,
    ) {
        let start = earlier.map(|days| on(next - Duration::days(days), 0, 0));
        let next = on(next, second_of_day, offset);
        if let Upcoming::Dates(dates) = upcoming(&rule, &next, start.as_ref(), 8) {
            let mut last = next.clone();
            for date in &dates {
                prop_assert!(date.at > last.at);
                prop_assert_eq!((local(date).time(), date.offset), (local(&next).time(), offset));
                last = date.clone();
            }
            // Each one agrees with the rule as the next run did, and so do those that follow it.
            let first = start.as_ref().unwrap_or(&next);
            for (index, date) in dates.iter().enumerate() {
                let is_counted = matches!(rule.end, Some(End::Count(_)));
                let rest = if is_counted && local(date).date() - local(first).date() > MOST_COUNTED {
                    Upcoming::Unknown
                } else {
                    Upcoming::Dates(dates[index + 1..].to_vec())
                };
                prop_assert_eq!(upcoming(&rule, date, Some(first), dates.len() - index - 1), rest);
            }
        }
    }

    #[test]
    fn any_instants_are_judged(
        rule in any_rule(999, 9_999),
        next in any::<(i64, i32)>(),
        start in any::<Option<(i64, i32)>>(),
        shift in 0..64_u32,
    ) {
        let date = |(millis, offset): (i64, i32)| DateTime { at: Timestamp::from_millis(millis >> shift), offset };
        let (next, start) = (date(next), start.map(date));
        if let Upcoming::Dates(dates) = upcoming(&rule, &next, start.as_ref(), 3) {
            prop_assert!(dates.iter().all(|date| date.at > next.at && date.offset == next.offset));
        }
    }

    #[test]
    fn dates_are_those_another_implementation_gives(
        mut rule in any_rule(999, 40),
        first in any_day(),
        days_to_end in 1..3_000_i64,
        second_of_day in 0..86_400_i64,
        nth in any::<prop::sample::Index>(),
    ) {
        // It refuses the fifth weekday from the end, and an end before the start.
        rule.weekdays.retain(|day| day.ordinal != Some(-5));
        let end = first + Duration::days(days_to_end);
        if let Some(End::Until(until)) = &mut rule.end {
            match until {
                Until::Day(day) => *day = end,
                Until::Floating(at) | Until::Utc(at) => *at = at.replace_date(end),
            }
        }
        // Where the list has both, it takes a plain weekday for a limit on those with an ordinal, not for one more. So it
        // gets the plain one with every ordinal.
        let is_mixed = rule.weekdays.iter().any(|day| day.ordinal.is_some());
        let every = |weekday| (1..=5).map(move |ordinal| NthWeekday { weekday, ordinal: Some(ordinal) });
        let weekdays: Vec<_> = rule.weekdays.iter().flat_map(|day| match day.ordinal {
            None if is_mixed => every(day.weekday).collect(),
            _ => vec![*day],
        }).collect();
        // Where the start is in UTC, it takes no other end than one in UTC.
        let text = parts(&rule, &weekdays, &rule.month_days).join(";");
        let text = match rule.end {
            Some(End::Until(Until::Day(day))) => text.replace(&basic(day), &(basic(day) + "T235959Z")),
            Some(End::Until(Until::Floating(at))) => {
                let clock = format!("T{:02}{:02}{:02}", at.hour(), at.minute(), at.second());
                text.replace(&clock, &format!("{clock}Z"))
            }
            _ => text,
        };
        let start = on(first, second_of_day, 0);
        let clock = local(&start);
        let start_text =
            format!("{}T{:02}{:02}{:02}Z", basic(first), clock.hour(), clock.minute(), clock.second());
        let theirs: rrule::RRuleSet = format!("DTSTART:{start_text}\nRRULE:{text}").parse().unwrap();
        let theirs: Vec<DateTime> = theirs
            .into_iter()
            .take(24)
            .map(|date| DateTime { at: Timestamp::from_millis(date.timestamp_millis()), offset: 0 })
            .take_while(|date| date.at.as_millis() < 253_402_300_800_000) // the year 10000
            .collect();
        if theirs.is_empty() {
            return Ok(());
        }
        let nth = nth.index(theirs.len());
        let is_near = (theirs[nth].at.as_millis() - start.at.as_millis()) / 86_400_000 <= 400 * 365 + 97;
        if matches!(rule.end, Some(End::Count(_))) && !is_near {
            prop_assert_eq!(upcoming(&rule, &theirs[nth], Some(&start), 1), Upcoming::Unknown);
            return Ok(());
        }
        let ours = upcoming(&rule, &theirs[nth], Some(&start), theirs.len() - nth - 1);
        prop_assert_eq!(ours, Upcoming::Dates(theirs[nth + 1..].to_vec()), "{}", text);
        // It ends where theirs does, unless theirs was only cut short.
        if theirs.len() < 24 {
            let ours = upcoming(&rule, &theirs[nth], Some(&start), 24);
            prop_assert_eq!(ours, Upcoming::Dates(theirs[nth + 1..].to_vec()), "{}", text);
        }
    }
}

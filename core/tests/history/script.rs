//! Observations written as a line.
//!
//! `SCHEDULED@1/10:00 1/09:00..09:55 | FAILED@2/10:00 10:01 | NOTHING 10:06`: what was read (`?`: no status that can be
//! read), its date (day and time, UTC), its job where that is another one (`#B`), when it was read first and last. A time
//! without a day is on the day of the one before it. `%FREQ=WEEKLY` is another rule than the daily one, `%` is none.

use std::time::Duration;
use zoho_backup_core::backup::Status;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{Between, History, Observation, Run, Seen, runs};
use zoho_backup_core::instant::Timestamp;

pub const HOUR: Duration = Duration::from_secs(3_600);

/// 2026-11-01T00:00:00Z.
const START: i64 = 1_793_491_200_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// `2/10:00` is 10:00 on the second day.
fn instant(text: &str, day: &mut i64) -> Timestamp {
    let time = match text.split_once('/') {
        Some((number, time)) => {
            *day = number.parse().unwrap();
            time
        }
        None => text,
    };
    let (hours, minutes) = time.split_once(':').unwrap_or_else(|| panic!("no time: {text}"));
    let minutes = hours.parse::<i64>().unwrap() * 60 + minutes.parse::<i64>().unwrap();
    Timestamp::from_millis(START + (*day - 1) * DAY + minutes * MINUTE)
}

pub fn at(text: &str) -> Timestamp {
    instant(text, &mut 1)
}

fn date(text: &str) -> DateTime {
    let (text, offset) =
        text.split_once('+').map_or((text, 0), |(text, hours)| (text, hours.parse::<i32>().unwrap() * 3_600));
    // What is written is local.
    let local = at(text).as_millis() - i64::from(offset) * 1_000;
    DateTime { at: Timestamp::from_millis(local), offset }
}

pub fn observations(script: &str) -> Vec<Observation> {
    let mut day = 1;
    let lines = script.split('|').map(|line| {
        let mut words = line.split_whitespace();
        let said = words.next().unwrap();
        let (mut job, mut rule) = ("A", "RRULE:FREQ=DAILY");
        let mut time = words.next().unwrap();
        loop {
            match time.split_at(1) {
                ("#", other) => job = other,
                ("%", other) => rule = other,
                _ => break,
            }
            time = words.next().unwrap();
        }
        let (first, last) = time.split_once("..").unwrap_or((time, time));
        let first = instant(first, &mut day);
        let last = instant(last, &mut day);
        let (status, next) = said.split_once('@').map_or((said, None), |(status, next)| (status, Some(next)));
        let seen = match status {
            "NOTHING" => Seen::Nothing,
            status => Seen::Backup {
                job: Some(job.to_owned()),
                status: (status != "?").then(|| Status::read(status)),
                scheduled_date: next.map(date),
                rrule: Some(rule.to_owned()).filter(|rule| !rule.is_empty()),
            },
        };
        Observation { first, last, seen }
    });
    lines.collect()
}

/// The runs at the end of the last observation.
pub fn runs_of(script: &str) -> Vec<Run> {
    let observations = observations(script);
    runs(&observations, observations.last().unwrap().last, HOUR)
}

pub fn history_of(script: &str) -> History {
    let observations = observations(script);
    History::of(&observations, observations.last().unwrap().last, HOUR)
}

pub fn written(at: Timestamp) -> String {
    let minutes = (at.as_millis() - START).div_euclid(MINUTE);
    format!("{}/{:02}:{:02}", minutes / 1_440 + 1, minutes / 60 % 24, minutes % 60)
}

fn between(between: Between) -> String {
    format!("{}-{}", between.after.map(written).unwrap_or_default(), written(between.by))
}

/// `1/10:00 completed, 2/10:00 failed`; `-` where it is not known when a run was due.
pub fn outcomes(runs: &[Run]) -> String {
    let run = |run: &Run| {
        format!("{} {}", run.due.as_ref().map_or("-".to_owned(), |due| written(due.at)), run.outcome)
    };
    runs.iter().map(run).collect::<Vec<_>>().join(", ")
}

/// When the run was seen to start and to end: `1/09:55-1/10:01 1/10:20-1/10:25`.
pub fn times(run: &Run) -> String {
    format!("{} {}", run.started.map_or("?".to_owned(), between), between(run.ended))
}

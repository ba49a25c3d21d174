//! What holds for any observations.

use crate::played::{known, moments, play};
use proptest::prelude::*;
use std::time::Duration;
use zoho_backup_core::alert::{Alert, Answers, News, Topic, Trouble, decide};
use zoho_backup_core::backup::Status;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{Observation, Outcome, Run, Seen};
use zoho_backup_core::instant::Timestamp;

const MINUTE: i64 = 60_000;
const START: i64 = 1_793_491_200_000;
const STATUSES: [&str; 7] =
    ["SCHEDULED", "SCHEDULED", "INPROGRESS", "COMPLETED", "FAILED", "STOPPED", "PAUSED"];

fn any_seen() -> impl Strategy<Value = Seen> {
    let job = prop_oneof![12 => Just(Some("A")), 1 => Just(Some("B"))];
    let date = prop_oneof![8 => (0..12_i64).prop_map(Some), 1 => Just(None)];
    let backup =
        (job, prop::sample::select(STATUSES.to_vec()), date).prop_map(|(job, status, date)| Seen::Backup {
            job: job.map(str::to_owned),
            status: Some(Status::read(status)),
            scheduled_date: date
                .map(|date| DateTime { at: Timestamp::from_millis(START + date * 720 * MINUTE), offset: 0 }),
            rrule: None,
        });
    prop_oneof![20 => backup, 1 => Just(Seen::Nothing)]
}

fn any_observations() -> impl Strategy<Value = Vec<Observation>> {
    let length = || prop::sample::select(vec![1, 1, 5, 5, 10, 15, 16, 61, 300, 719, 1_500]);
    let rows = prop::collection::vec((length(), length(), any_seen()), 0..14);
    rows.prop_map(|rows| {
        let mut now = START - 60 * MINUTE;
        let row = |(gap, length, seen): (i64, i64, Seen)| {
            let first = now + gap * MINUTE;
            now = first + length * MINUTE;
            Observation { first: Timestamp::from_millis(first), last: Timestamp::from_millis(now), seen }
        };
        rows.into_iter().map(row).collect()
    })
}

fn trouble_of(run: &Run) -> Option<Trouble> {
    match run.outcome {
        Outcome::Failed => Some(Trouble::Failed),
        Outcome::Missed => Some(Trouble::Missed),
        _ => None,
    }
}

fn is_of(alert: &Alert, run: &Run) -> bool {
    let key = run.due.as_ref().map_or(run.ended.by, |due| due.at);
    Some(alert.trouble) == trouble_of(run) && alert.key == key
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn no_fact_is_told_twice(observations in any_observations()) {
        let alerts = play(&observations);
        for (number, alert) in alerts.iter().enumerate() {
            let is_same = |other: &&Alert| {
                (other.news, other.trouble, other.key) == (alert.news, alert.trouble, alert.key)
            };
            prop_assert_eq!(alerts[..number].iter().find(is_same), None);
        }
    }

    /// It is told of, unless it was over before it was found: then nobody is.
    #[test]
    fn each_failed_or_missed_run_is_dealt_with_once(observations in any_observations()) {
        let mut told = Vec::new();
        for moment in moments(&observations) {
            let (history, present, now) = known(&moment, Answers::Arriving);
            let is_first = told.is_empty();
            let new = decide(&history, &present, &told, now);
            for (number, run) in history.runs.iter().enumerate().filter(|(_, run)| trouble_of(run).is_some()) {
                let begins = |alert: &Alert| matches!(alert.news, News::Known | News::Begun);
                let is_it = |alert: &&Alert| begins(alert) && is_of(alert, run);
                prop_assert_eq!(told.iter().chain(&new).filter(is_it).count(), 1, "{:?}", run);
                let is_over = history.runs[..number].iter().any(|run| run.outcome.is_good());
                let is_begun = new.iter().any(|alert| alert.news == News::Begun && is_of(alert, run));
                prop_assert!(!(is_over && is_begun), "{:?} is over", run);
                let is_known = new.iter().any(|alert| alert.news == News::Known && is_of(alert, run));
                prop_assert!(!is_known || is_over || is_first, "{:?} was held back", run);
            }
            told.extend(new);
        }
    }

    #[test]
    fn good_again_ends_a_trouble_that_was_told_of(observations in any_observations()) {
        for topic in Topic::ALL {
            let mut is_open = false;
            for alert in play(&observations).iter().filter(|it| it.is_told() && it.trouble.topic() == *topic) {
                prop_assert!(is_open || alert.news == News::Begun, "{:?}", alert);
                is_open = alert.news != News::GoodAgain;
            }
        }
    }

    #[test]
    fn there_is_at_most_one_reminder_a_day(observations in any_observations()) {
        let alerts = play(&observations);
        let reminders: Vec<_> = alerts.iter().filter(|alert| alert.news == News::Reminder).collect();
        for pair in reminders.windows(2) {
            prop_assert!(pair[1].at.since(pair[0].at) >= Duration::from_secs(86_400));
        }
    }

    #[test]
    fn what_is_decided_is_not_decided_again(observations in any_observations()) {
        let told = play(&observations);
        let (history, present, now) = known(&observations, Answers::Arriving);
        prop_assert_eq!(decide(&history, &present, &told, now), []);
    }

    #[test]
    fn a_first_start_tells_only_what_stands(observations in any_observations()) {
        let (history, present, now) = known(&observations, Answers::Arriving);
        let told = decide(&history, &present, &[], now);
        let begun: Vec<_> = told.iter().filter(|alert| alert.is_told()).collect();
        prop_assert!(begun.iter().all(|alert| alert.news == News::Begun));
        let known = history.runs.iter().find(|run| run.outcome.is_good() || run.outcome.is_failure());
        let of_runs: Vec<_> = begun.iter().filter(|alert| alert.trouble.topic() == Topic::Runs).collect();
        prop_assert_eq!(of_runs.len(), usize::from(known.is_some_and(|run| run.outcome.is_failure())));
        prop_assert!(of_runs.iter().all(|alert| known.is_some_and(|run| is_of(alert, run))));
    }
}

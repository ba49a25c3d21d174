//! What holds for any observations.

use crate::script::HOUR;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::time::Duration;
use zoho_backup_core::backup::Status;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{History, Observation, Outcome, RUNS_TOLD, Run, Seen, WATCH_GAP, runs};
use zoho_backup_core::instant::Timestamp;

const MINUTE: i64 = 60_000;
const START: i64 = 1_793_491_200_000;

const STATUSES: [&str; 9] = [
    "SCHEDULED",
    "SCHEDULED",
    "INPROGRESS",
    "COMPLETED",
    "FINISHED",
    "FAILED",
    "PAYMENT_FAILED",
    "STOPPED",
    "PAUSED",
];

/// A reading whose date is so many half days from the start.
fn any_seen() -> impl Strategy<Value = Seen> {
    let job = prop_oneof![12 => Just(Some("A")), 1 => Just(Some("B")), 1 => Just(None)];
    let status = prop_oneof![12 => prop::sample::select(STATUSES.to_vec()).prop_map(Some), 1 => Just(None)];
    let date = prop_oneof![8 => (0..12_i64).prop_map(Some), 1 => Just(None)];
    let rule = prop_oneof![8 => Just(Some("FREQ=DAILY")), 1 => Just(Some("FREQ=WEEKLY")), 1 => Just(None)];
    let backup =
        (job, status, date, rule, 0..2_i32).prop_map(|(job, status, date, rule, offset)| Seen::Backup {
            job: job.map(str::to_owned),
            status: status.map(Status::read),
            scheduled_date: date.map(|date| DateTime {
                at: Timestamp::from_millis(START + date * 720 * MINUTE),
                offset: offset * 3_600,
            }),
            rrule: rule.map(str::to_owned),
        });
    prop_oneof![20 => backup, 1 => Just(Seen::Nothing)]
}

/// Minutes, also of a clock that is set back.
fn any_length() -> impl Strategy<Value = i64> {
    prop::sample::select(vec![0, 1, 5, 5, 10, 15, 16, 45, 61, 300, 719, 1_500, -1, -90])
}

fn any_observations() -> impl Strategy<Value = Vec<Observation>> {
    let rows = prop::collection::vec((any_length(), any_length(), any_seen()), 0..14);
    rows.prop_map(|rows| {
        let mut now = START - 60 * MINUTE;
        let row = |(gap, length, seen): (i64, i64, Seen)| {
            let first = now + gap * MINUTE;
            now = first + length.max(0) * MINUTE;
            let instant = Timestamp::from_millis;
            Observation { first: instant(first), last: instant(now), seen }
        };
        rows.into_iter().map(row).collect()
    })
}

/// The end of the latest observation.
fn end(observations: &[Observation]) -> Timestamp {
    observations.iter().map(|it| it.last.max(it.first)).max().unwrap_or_default()
}

fn found(observations: &[Observation]) -> Vec<Run> {
    runs(observations, end(observations), HOUR)
}

/// As they count: time never goes back.
fn in_order(observations: &[Observation]) -> Vec<Observation> {
    let mut clock = Timestamp::from_millis(i64::MIN);
    let row = |row: &Observation| {
        let first = row.first.max(clock);
        clock = row.last.max(first);
        Observation { first, last: clock, seen: row.seen.clone() }
    };
    observations.iter().map(row).collect()
}

fn date(row: &Observation) -> Option<Timestamp> {
    let Seen::Backup { scheduled_date, .. } = &row.seen else { return None };
    scheduled_date.as_ref().map(|date| date.at)
}

/// Whether a status was read of a job at or after an instant. Without a job of the run: of any.
fn was_read(observations: &[Observation], run: &Run, words: [Status; 2]) -> bool {
    let mut clock = Timestamp::from_millis(i64::MIN);
    observations.iter().any(|row| {
        clock = clock.max(row.first).max(row.last);
        let Seen::Backup { job, status: Some(status), .. } = &row.seen else { return false };
        let is_job = job.is_none() || run.job.is_none() || *job == run.job;
        is_job && words.contains(status) && run.due.as_ref().is_none_or(|due| clock >= due.at)
    })
}

/// What of the runs told before is untrue afterwards.
fn withdrawn<'a>(before: &'a [Run], after: &[Run]) -> Option<&'a Run> {
    before.iter().find(|run| {
        let is_it = |other: &&Run| match &run.due {
            Some(due) => other.job == run.job && other.due.as_ref().is_some_and(|it| it.at == due.at),
            None => {
                other.job == run.job
                    && other.due.is_none()
                    && run.started == other.started
                    && (run.ended == other.ended || !run.outcome.is_final())
            }
        };
        let mut others = after.iter().filter(is_it);
        let is_kept = others.any(|it| it.outcome == run.outcome || run.outcome.may_become(it.outcome));
        !is_kept && run.outcome != Outcome::NotWatched
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn runs_are_ordered_and_told_once(observations in any_observations()) {
        let runs = found(&observations);
        let place = |run: &Run| match (&run.due, &run.started) {
            (Some(due), _) => due.at,
            (None, Some(started)) => started.by,
            (None, None) => run.ended.by,
        };
        prop_assert!(runs.is_sorted_by_key(place));
        let keys = runs.iter().filter_map(|run| Some((run.job.clone(), run.due.as_ref()?.at)));
        let (mut seen, mut keys) = (BTreeSet::new(), keys);
        prop_assert!(keys.all(|key| seen.insert(key)));
        for run in &runs {
            let intervals = [Some(run.ended), run.started];
            prop_assert!(intervals.iter().flatten().all(|it| it.after.is_none_or(|after| after <= it.by)));
        }
    }

    #[test]
    fn no_run_is_told_that_is_still_ahead(observations in any_observations()) {
        let now = end(&observations);
        for run in found(&observations) {
            prop_assert!(run.due.is_none_or(|due| due.at <= now));
        }
    }

    #[test]
    fn a_run_is_completed_or_failed_only_if_zoho_said_so_once_it_was_due(observations in any_observations()) {
        for run in found(&observations) {
            let words = match run.outcome {
                Outcome::Completed => [Status::Completed, Status::Finished],
                Outcome::Failed => [Status::Failed, Status::PaymentFailed],
                Outcome::Stopped | Outcome::Passed | Outcome::Missed | Outcome::NotWatched => continue,
            };
            prop_assert!(was_read(&observations, &run, words), "{run:?}");
        }
    }

    #[test]
    fn a_run_is_missed_only_if_it_was_awaited_when_it_was_overdue(observations in any_observations()) {
        for run in found(&observations).into_iter().filter(|run| run.outcome == Outcome::Missed) {
            let overdue = run.due.as_ref().unwrap().at.after(HOUR);
            prop_assert!(run.ended.by > overdue);
            prop_assert!(was_read(&observations, &run, [Status::Scheduled, Status::Scheduled]));
        }
    }

    /// From the last look before it was due on, Zoho said nothing else, and then its date moved on in time.
    #[test]
    fn a_run_that_was_not_seen_has_passed_only_if_nothing_hides_how_it_went(observations in any_observations()) {
        let rows = in_order(&observations);
        for run in found(&observations).into_iter().filter(|run| run.outcome == Outcome::Passed) {
            let (Some(due), None) = (run.due.as_ref().map(|due| due.at), run.started) else { continue };
            prop_assert!(run.ended.by.since(due) <= HOUR, "{run:?}");
            let is_next = |row: &Observation| {
                row.first == run.ended.by && date(row).is_some_and(|date| date.since(due) >= 20 * HOUR)
            };
            // Another row of the same instant may have been read before, by a clock that was set back since.
            let read = rows.iter().position(|row| date(row) == Some(due)).unwrap();
            let next = read + rows[read..].iter().position(is_next).unwrap();
            let last_before = rows[..next].iter().rposition(|row| row.first <= due).unwrap();
            for row in &rows[last_before..=next] {
                let Seen::Backup { status: Some(status), .. } = &row.seen else { panic!("{row:?}") };
                let is_clear = [Status::Scheduled, Status::Completed, Status::Finished].contains(status);
                prop_assert!(is_clear, "{run:?}, {row:?}");
            }
            for pair in rows[last_before..=next].windows(2) {
                prop_assert!(pair[1].first.since(pair[0].last) <= WATCH_GAP, "{run:?}, {pair:?}");
            }
        }
    }

    /// A failure is told from the first FAILED on, and stays.
    #[test]
    fn every_failure_is_told(observations in any_observations()) {
        let words = [Status::Failed, Status::PaymentFailed];
        let has_failed = observations.iter().any(|row| {
            matches!(&row.seen, Seen::Backup { status: Some(status), .. } if words.contains(status))
        });
        let runs = found(&observations);
        prop_assert_eq!(has_failed, runs.iter().any(|run| run.outcome == Outcome::Failed), "{:?}", runs);
    }

    #[test]
    fn more_observations_change_only_what_may_change(observations in any_observations()) {
        for length in 0..observations.len() {
            let (less, more) = (&observations[..length], &observations[..=length]);
            let (before, after) = (found(less), found(more));
            prop_assert_eq!(withdrawn(&before, &after), None, "{:?}", after);
        }
    }

    #[test]
    fn time_alone_changes_only_what_may_change(observations in any_observations(), minutes in 0..3_000_u64) {
        let later = end(&observations).after(Duration::from_secs(60 * minutes));
        let (before, after) = (found(&observations), runs(&observations, later, HOUR));
        prop_assert_eq!(withdrawn(&before, &after), None);
        // What comes with time is that nobody has looked.
        prop_assert!(after.len() <= before.len() + 1);
    }

    #[test]
    fn a_longer_observation_changes_only_what_may_change(
        observations in any_observations(),
        minutes in 0..3_000_u64,
    ) {
        let mut longer = observations.clone();
        if let Some(row) = longer.last_mut() {
            row.last = row.last.after(Duration::from_secs(60 * minutes));
        }
        let (before, after) = (found(&observations), found(&longer));
        prop_assert_eq!(withdrawn(&before, &after), None);
    }

    #[test]
    fn an_observation_in_two_parts_is_one(
        observations in any_observations(),
        row in any::<prop::sample::Index>(),
        (share, gap) in (0..=100_i64, 0..=15_i64),
    ) {
        if observations.is_empty() {
            return Ok(());
        }
        let mut split = observations.clone();
        let row = row.index(split.len());
        let Observation { first, last, seen } = split[row].clone();
        let middle = first.as_millis() + (last.as_millis() - first.as_millis()) * share / 100;
        let rest = (middle + gap * MINUTE).min(last.as_millis());
        split[row].last = Timestamp::from_millis(middle);
        split.insert(row + 1, Observation { first: Timestamp::from_millis(rest), last, seen });
        prop_assert_eq!(found(&split), found(&observations));
    }

    #[test]
    fn a_history_agrees_with_its_runs(observations in any_observations()) {
        let now = end(&observations);
        let (history, mut runs) = (History::of(&observations, now, HOUR), runs(&observations, now, HOUR));
        runs.iter_mut().for_each(|run| run.job = None);
        runs.reverse();
        let told = runs.len().min(RUNS_TOLD);
        let is_known = |run: &&Run| run.outcome.is_good() || run.outcome.is_failure();
        let standing = runs.iter().find(is_known).filter(|run| run.outcome.is_failure());
        prop_assert_eq!(history.standing_failure(), standing);
        let is_older = standing.is_some_and(|standing| !runs[..told].contains(standing));
        let last = told - usize::from(is_older);
        prop_assert_eq!(&history.runs[..last], &runs[..last]);
        prop_assert_eq!(history.runs.len(), told);
        let good = runs.iter().position(|run| run.outcome.is_good());
        prop_assert_eq!(history.last_good.as_ref(), good.map(|at| &runs[at]));
        let since = &runs[..good.unwrap_or(runs.len())];
        let failures = since.iter().filter(|run| run.outcome.is_failure()).count();
        prop_assert_eq!(history.failures_since as usize, failures);
        prop_assert_eq!(history.watched_since, observations.first().map(|row| row.first));
    }

    #[test]
    fn a_history_is_read_as_it_was_written(observations in any_observations()) {
        let history = History::of(&observations, end(&observations), HOUR);
        let text = serde_json::to_string(&history.to_json()).unwrap();
        prop_assert_eq!(History::read(&serde_json::from_str(&text).unwrap()), Some(history));
    }

    /// Reading by reading gives the same as whole observations.
    #[test]
    fn observations_are_extended_by_what_is_the_same(seen in prop::collection::vec((any_seen(), 1..20_i64), 1..40)) {
        let (mut kept, mut single, mut now) = (Vec::<Observation>::new(), Vec::new(), START);
        for (seen, minutes) in seen {
            now += minutes * MINUTE;
            let at = Timestamp::from_millis(now);
            single.push(Observation::new(seen.clone(), at));
            let next = match kept.last_mut() {
                Some(last) => last.extend(seen, at),
                None => Some(Observation::new(seen, at)),
            };
            kept.extend(next);
        }
        prop_assert_eq!(found(&kept), found(&single));
        for pair in kept.windows(2) {
            let is_gap = pair[1].first.since(pair[0].last) > WATCH_GAP;
            prop_assert!(is_gap || !pair[0].seen.is_same(&pair[1].seen));
        }
    }

    /// Total, at the ends of time too.
    #[test]
    fn any_instants_are_judged(
        rows in prop::collection::vec((any::<i64>(), any::<i64>(), any::<i64>(), any_seen()), 0..8),
        now: i64,
        overdue_after: u64,
    ) {
        let instant = Timestamp::from_millis;
        let row = |(first, last, due, mut seen): (i64, i64, i64, Seen)| {
            if let Seen::Backup { scheduled_date: Some(date), .. } = &mut seen {
                date.at = instant(due);
            }
            Observation { first: instant(first), last: instant(last), seen }
        };
        let observations = rows.into_iter().map(row).collect::<Vec<_>>();
        let history = History::of(&observations, instant(now), Duration::from_millis(overdue_after));
        prop_assert!(History::read(&history.to_json()).is_some());
    }
}

/// A year of runs every day, each with its start, its end and a late next date, is judged at once.
#[test]
fn a_year_is_judged_in_time_that_grows_with_its_length() {
    let year = |days: i64| {
        let rows = (0..days).flat_map(|day| {
            let due =
                |day: i64| DateTime { at: Timestamp::from_millis(START + day * 1_440 * MINUTE), offset: 0 };
            let row = |status: &str, next: i64, from: i64, to: i64| Observation {
                first: due(day).at.after(Duration::from_secs(60 * from as u64)),
                last: due(day).at.after(Duration::from_secs(60 * to as u64)),
                seen: Seen::Backup {
                    job: Some("A".to_owned()),
                    status: Some(Status::read(status)),
                    scheduled_date: Some(due(next)),
                    rrule: Some("FREQ=DAILY".to_owned()),
                },
            };
            [
                row("INPROGRESS", day, 1, 20),
                row("COMPLETED", day, 21, 30),
                row("COMPLETED", day + 1, 31, 600),
                row("SCHEDULED", day + 1, 601, 900),
                row("SCHEDULED", day + 1, 920, 1_440),
            ]
        });
        rows.collect::<Vec<_>>()
    };
    let rows = year(400);
    assert_eq!(rows.len(), 2_000);
    let started = std::time::Instant::now();
    let runs = found(&rows);
    println!("2,000 observations: {} ms", started.elapsed().as_micros() as f64 / 1e3);
    assert_eq!(runs.len(), 400);
    assert!(runs.iter().all(|run| run.outcome == Outcome::Completed && run.started.is_some()));
}

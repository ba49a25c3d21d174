//! Which alerts follow from what was seen, by name.

use crate::played::{known, play, summary};
use crate::script::{at, observations};
use std::time::Duration;
use zoho_backup_core::alert::{Alert, Answers, Facts, News, Trouble, decide};
use zoho_backup_core::history::{Outcome, Seen};
use zoho_backup_core::reason::{Reason, Tone};

/// A good run on the first day, after which the next is due at 10:00 on the second.
const GOOD: &str = "SCHEDULED@1/10:00 1/09:50..10:00 | INPROGRESS@1/10:00 10:01..10:15 | \
                    COMPLETED@2/10:00 10:16..2/10:00";

macro_rules! alerts {
    ($($name:ident: $script:expr => $expected:literal;)+) => { $(
        #[test]
        fn $name() {
            assert_eq!(summary(&play(&observations($script))), $expected);
        }
    )+ };
}

alerts! {
    nothing_is_told_of_good_runs: GOOD => "";
    a_failed_run: &format!("{GOOD} | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:02") => "failed 2/10:00";
    a_failed_run_is_told_once: &format!(
        "{GOOD} | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:02..10:30 | SCHEDULED@3/10:00 10:31..20:00"
    ) => "failed 2/10:00";
    a_good_run_after_a_failed_one: &format!(
        "{GOOD} | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:02..3/10:00 | INPROGRESS@3/10:00 10:01 | \
         COMPLETED@4/10:00 10:05..11:00"
    ) => "failed 2/10:00, good-again (failed)";
    each_failed_run_is_told_of: &format!(
        "{GOOD} | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:02..3/10:00 | INPROGRESS@3/10:00 10:01 | \
         FAILED@4/10:00 10:05..11:00"
    ) => "failed 2/10:00, failed 3/10:00";
    a_failed_run_before_the_watch: "FAILED@2/10:00 1/12:00..13:00" => "failed 1/12:00";
    a_run_that_has_not_started: "SCHEDULED@1/10:00 1/09:50..11:30" => "missed 1/10:00";
    a_run_that_has_started_late: "SCHEDULED@1/10:00 1/09:50..11:30 | INPROGRESS@1/10:00 11:31 | \
         COMPLETED@2/10:00 11:40" => "missed 1/10:00, good-again (missed)";
    a_missed_run_that_has_failed_at_last: "SCHEDULED@1/10:00 1/09:50..11:30 | INPROGRESS@1/10:00 11:31 | \
         FAILED@2/10:00 11:40" => "missed 1/10:00, failed 1/10:00";
    a_missed_run_whose_date_moves_on: "SCHEDULED@1/10:00 1/09:50..11:30 | SCHEDULED@2/10:00 11:31..2/09:00"
        => "missed 1/10:00";
    a_run_that_nobody_watched: &format!("{GOOD} | SCHEDULED@3/10:00 2/10:40..11:00") => "";
    a_reminder_once_a_day: "SCHEDULED@4/10:00 1/09:50..10:00 | STOPPED 10:01..12:00 | STOPPED@9/10:00 2/11:00..11:05 | \
         STOPPED 11:06..3/11:06 | STOPPED@9/10:00 11:07"
        => "stopped 1/10:01, reminder (stopped), reminder (stopped)";
    a_schedule_that_was_stopped: &format!("{GOOD} | STOPPED 2/10:00..10:30") => "stopped 2/10:00";
    a_schedule_that_goes_on: &format!("{GOOD} | STOPPED 2/10:00..10:30 | SCHEDULED@3/10:00 10:31..11:00")
        => "stopped 2/10:00, good-again (stopped)";
    a_schedule_that_was_stopped_twice: "SCHEDULED@2/10:00 1/09:00 | STOPPED 09:01..09:10 | SCHEDULED@2/10:00 09:11 | \
         STOPPED 09:12..09:20" => "stopped 1/09:01, good-again (stopped), stopped 1/09:12";
    a_schedule_that_was_stopped_before_the_watch: "STOPPED 1/09:00..10:00" => "stopped 1/09:00";
    a_schedule_that_is_gone: &format!("{GOOD} | NOTHING 2/10:00..10:10") => "stopped 2/10:00";
    a_schedule_that_there_never_was: "NOTHING 1/09:00..10:00" => "";
    a_status_that_is_not_known_ends_no_stop: "SCHEDULED@2/10:00 1/09:00 | STOPPED 09:01 | ?@2/10:00 09:02 | \
         PAUSED@2/10:00 09:03 | STOPPED 09:04" => "stopped 1/09:01";
}

#[test]
fn of_a_history_that_is_older_than_the_alerts_only_what_stands_is_told() {
    let failures = "INPROGRESS@2/10:00 2/10:01 | FAILED@3/10:00 10:02..3/10:00 | INPROGRESS@3/10:00 10:01 | \
                    FAILED@4/10:00 10:05..11:00";
    let good = "INPROGRESS@4/10:00 4/10:01 | COMPLETED@5/10:00 10:10..11:00";
    let cases = [
        ("two failures, of which one stands", format!("{GOOD} | {failures}"), "failed 3/10:00"),
        ("none stands", format!("{GOOD} | {failures} | {good}"), ""),
        (
            "a stop",
            format!("{GOOD} | {failures} | STOPPED 4/10:00..10:05"),
            "failed 3/10:00, stopped 4/10:00",
        ),
    ];
    for (case, script, expected) in cases {
        let mut observations = observations(&script);
        let (history, present, now) = known(&observations, Answers::Arriving);
        let mut told = decide(&history, &present, &[], now);
        assert_eq!(summary(&told), expected, "{case}");
        // Later, nothing from before is told of either.
        if let Some(last) = observations.last_mut() {
            last.last = last.last.after(Duration::from_secs(60));
        }
        let (history, present, now) = known(&observations, Answers::Arriving);
        told.extend(decide(&history, &present, &told, now));
        assert_eq!(summary(&told), expected, "{case}, a minute later");
    }
}

#[test]
fn what_a_history_forgets_is_not_told_again() {
    let script = format!("{GOOD} | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:02..10:30");
    let all = observations(&script);
    let mut told = play(&all);
    assert_eq!(summary(&told), "failed 2/10:00");
    let (history, present, now) = known(&all[all.len() - 1..], Answers::Arriving);
    assert_eq!((history.runs.len(), history.runs[0].due.is_none()), (1, true), "its date is forgotten");
    told.extend(decide(&history, &present, &told, now));
    assert_eq!(summary(&told), "failed 2/10:00");
}

#[test]
fn a_failure_that_stands_for_days_is_not_told_again_as_its_days_are_forgotten() {
    let failed =
        "FAILED@2/10:00 10:02..2/10:00 | FAILED@3/10:00 10:05..3/10:00 | FAILED@4/10:00 10:05..11:00";
    let all = observations(&format!("SCHEDULED@1/10:00 1/09:50 | INPROGRESS@1/10:00 10:01 | {failed}"));
    let mut told = play(&all);
    let before = summary(&told);
    assert_eq!(before, "failed 1/10:00, reminder (failed), reminder (failed)");
    for forgotten in 1..all.len() {
        let (history, present, now) = known(&all[forgotten..], Answers::Arriving);
        told.extend(decide(&history, &present, &told, now));
        assert_eq!(summary(&told), before, "without the first {forgotten}");
    }
}

#[test]
fn a_failure_of_another_job_is_told_of() {
    let mut all =
        observations("SCHEDULED@1/10:00 1/09:50 | INPROGRESS@1/10:00 10:01 | FAILED@2/10:00 10:02..10:30");
    let other = observations("FAILED@2/12:00 1/10:31..10:40");
    all.extend(other.into_iter().map(|mut row| {
        if let Seen::Backup { job, .. } = &mut row.seen {
            *job = Some("another".to_owned());
        }
        row
    }));
    assert_eq!(summary(&play(&all)), "failed 1/10:00, failed 1/10:31");
}

/// Minutes after the first question that was not answered, whether somebody must act, and what was told by then.
#[test]
fn answers_that_do_not_arrive() {
    let missing = |minutes: u64, is_lasting| Answers::Missing {
        since: at("2/09:00"),
        lasted: Duration::from_secs(60 * minutes),
        is_lasting,
    };
    let arriving = Answers::Arriving;
    let cases: &[(&str, &[Answers], &str)] = &[
        ("before an hour has passed", &[missing(59, false)], ""),
        (
            "after an hour",
            &[missing(59, false), missing(60, false), missing(61, false)],
            "unreadable 2/09:00",
        ),
        ("somebody must act", &[missing(0, true), missing(90, true)], "refused 2/09:00"),
        (
            "somebody must act at last",
            &[missing(70, false), missing(80, true), missing(90, false)],
            "unreadable 2/09:00, refused 2/09:00",
        ),
        ("a short failure", &[missing(10, false), arriving], ""),
        (
            "answers again",
            &[missing(70, false), missing(80, true), arriving, arriving],
            "unreadable 2/09:00, refused 2/09:00, good-again (unreadable)",
        ),
    ];
    for (case, answers, expected) in cases {
        let mut told = Vec::new();
        for answers in *answers {
            let (history, present, now) = known(&observations(GOOD), *answers);
            told.extend(decide(&history, &present, &told, now));
        }
        assert_eq!(summary(&told), *expected, "{case}");
    }
}

#[test]
fn an_outage_does_not_hide_that_the_last_run_has_failed() {
    let script = format!("{GOOD} | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:02");
    let told = play(&observations(&script));
    let missing =
        Answers::Missing { since: at("2/10:03"), lasted: Duration::from_secs(7_200), is_lasting: false };
    let (history, present, now) = known(&observations(&script), missing);
    let later = now.after(Duration::from_secs(7_200));
    assert_eq!(summary(&decide(&history, &present, &told, later)), "unreadable 2/10:03");
}

#[test]
fn a_clock_that_is_set_silences_no_reminder_for_longer_than_two_days() {
    let day = Duration::from_secs(86_400);
    let observations = observations("SCHEDULED@2/10:00 1/09:00 | STOPPED 09:01");
    for (case, ahead) in [("ahead by a day", day), ("ahead by a year", day * 365)] {
        let (history, present, now) = known(&observations, Answers::Arriving);
        let mut told = decide(&history, &present, &[], now.after(ahead));
        assert_eq!(summary(&told), "stopped 1/09:01", "{case}");
        for minute in 0..2 * 1_440 {
            let now = now.after(Duration::from_secs(60 * minute));
            told.extend(decide(&history, &present, &told, now));
        }
        let reminders = told.iter().filter(|alert| alert.news == News::Reminder).count();
        assert!((1..=2).contains(&reminders), "{case}: {reminders}");
    }
}

#[test]
fn an_alert_tells_what_was_known_when_it_was_decided() {
    let script = format!("{GOOD} | INPROGRESS@2/10:00 10:01 | FAILED@3/10:00 10:02");
    let (history, present, now) = known(&observations(&script), Answers::Arriving);
    let alert = decide(&history, &present, &[], now)[0];
    let facts = Facts::of(&alert, &history, &present, Some("ZOHO_FAILED"));
    let due =
        |run: &Option<zoho_backup_core::history::Run>| run.clone().and_then(|run| run.due).map(|due| due.at);
    assert_eq!((due(&facts.run), due(&facts.last_good)), (Some(at("2/10:00")), Some(at("1/10:00"))));
    assert_eq!((facts.failures_since, facts.next_run.clone().map(|it| it.at)), (1, Some(at("3/10:00"))));
    assert_eq!((facts.code.clone(), facts.since), (None, None), "it is about no answer that is missing");
    assert_eq!(Facts::read(&facts.to_json()), facts);

    let refused = Alert { trouble: Trouble::Refused, key: at("2/11:00"), ended: None, ..alert };
    let facts = Facts::of(&refused, &history, &present, Some("CLIENT_REFUSED"));
    assert_eq!((facts.code.as_deref(), facts.since), (Some("CLIENT_REFUSED"), Some(at("2/11:00"))));
    assert_eq!(
        facts.run.as_ref().map(|run| run.outcome),
        Some(Outcome::Failed),
        "the last run that was seen"
    );
    assert_eq!(Facts::read(&facts.to_json()), facts);
}

/// What is told of the last answer of this script, for this reason of the badge, so many seconds after it was read first.
fn told_of(script: &str, reason: Reason, seconds: u64, told: &[Alert]) -> Vec<Alert> {
    let mut observations = observations(script);
    let last = observations.last_mut().unwrap();
    last.last = last.first.after(Duration::from_secs(seconds));
    let (history, present, now) = known(&observations, Answers::Arriving);
    decide(&history, &present.with_reason(&observations, reason, now), told, now)
}

#[test]
fn what_does_not_show_that_the_backup_is_safe_is_told_once_it_lasts() {
    let day = 86_400;
    for (says, reason, after) in [
        ("PAUSED@3/10:00", Reason::StatusUnknown, 3_600),
        ("?@3/10:00", Reason::StatusMissing, 3_600),
        ("INPROGRESS@2/10:00", Reason::Running, day),
        ("SCHEDULED", Reason::DateMissing, day),
        ("COMPLETED", Reason::CompletedDateMissing, day),
        ("COMPLETED@2/10:00", Reason::CompletedNextMissing, 0),
    ] {
        let script = format!("{GOOD} | {says} 2/10:05");
        let unclear = |seconds| {
            let new = told_of(&script, reason, seconds, &[]);
            new.into_iter().filter(|alert| alert.trouble == Trouble::Unclear).collect::<Vec<_>>()
        };
        if after > 0 {
            assert_eq!(unclear(after - 1), [], "{says}");
        }
        let alerts = unclear(after);
        assert_eq!((alerts.len(), alerts[0].key), (1, at("2/10:05")), "{says}");
        assert_eq!(told_of(&script, reason, after + 60, &alerts), [], "{says}: it is told once");
        let clear = told_of(&script, Reason::Scheduled, after + 120, &alerts);
        assert_eq!(clear.iter().map(|alert| alert.news).collect::<Vec<_>>(), [News::GoodAgain], "{says}");
    }
}

#[test]
fn what_is_clear_or_told_otherwise_is_no_doubt() {
    for reason in Reason::ALL {
        let alerts = told_of("SCHEDULED@9/10:00 1/09:50", *reason, 3 * 86_400, &[]);
        let is_unclear = alerts.iter().any(|alert| alert.trouble == Trouble::Unclear);
        let has_another = matches!(
            reason,
            Reason::Stopped | Reason::Overdue | Reason::Fault | Reason::LastRunFailed | Reason::LastRunMissed
        );
        assert!(!(is_unclear && (reason.row().tone == Tone::Good || has_another)), "{reason}");
    }
}

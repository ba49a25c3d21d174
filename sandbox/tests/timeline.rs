//! What Zoho says in the course of a timeline, and what a gateway has seen by then, without a socket or a clock.

use std::time::Duration;

use proptest::prelude::*;
use sandbox::timeline::{Name, OFFSET, Said, Story, Timeline, TrueRun};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{Outcome, Run};
use zoho_backup_core::instant::Timestamp;

/// The status at an instant.
fn status(timeline: &Timeline, at: Timestamp) -> &'static str {
    match timeline.said_at(at) {
        Said::Backup(statement) => statement.status,
        Said::Nothing => "nothing",
        Said::Down => "down",
    }
}

/// The outcomes of these runs, the oldest first.
fn outcomes<'a>(runs: impl DoubleEndedIterator<Item = &'a Run>) -> String {
    runs.rev().map(|run| run.outcome.name()).collect::<Vec<_>>().join(" ")
}

fn outcomes_at(timeline: &Timeline, at: Timestamp) -> String {
    outcomes(timeline.history_at(at).runs.iter())
}

/// `2/10:00` is 10:00 on the second day, in the organization.
fn instant(timeline: &Timeline, text: &str) -> Timestamp {
    let (day, time) = text.split_once('/').unwrap();
    let (hours, minutes) = time.split_once(':').unwrap();
    let [day, hours, minutes] = [day, hours, minutes].map(|number| number.parse::<u64>().unwrap());
    timeline.start().after(Duration::from_mins((day - 1) * 1_440 + hours * 60 + minutes))
}

#[test]
fn a_named_timeline_ends_as_its_name_says() {
    let good = "completed ".repeat(7);
    let cases = [
        (Name::Good, "SCHEDULED", format!("{good}completed completed completed")),
        (Name::CompletedBetween, "COMPLETED", format!("{good}completed completed completed")),
        (Name::Passed, "SCHEDULED", ["passed"; 10].join(" ")),
        (Name::Recovered, "SCHEDULED", format!("{good}failed completed completed")),
        (Name::FailedThenScheduled, "SCHEDULED", format!("{good}completed completed failed")),
        (Name::MissedThenScheduled, "SCHEDULED", format!("{good}completed completed missed")),
        (Name::RunningAfterFailure, "INPROGRESS", format!("{good}completed failed")),
        (
            Name::NotWatched,
            "SCHEDULED",
            "completed completed completed completed not-watched completed completed completed".into(),
        ),
        (Name::NothingScheduled, "nothing", "completed completed completed completed completed".into()),
        (
            Name::Month,
            "SCHEDULED",
            "completed failed completed completed missed completed stopped completed completed completed"
                .into(),
        ),
    ];
    for (name, expected, runs) in &cases {
        let timeline = name.timeline();
        assert_eq!(status(&timeline, timeline.end()), *expected, "{name:?}");
        assert_eq!(outcomes_at(&timeline, timeline.end()), *runs, "{name:?}");
    }
    assert_eq!(cases.map(|(name, ..)| name.name()), Name::ALL.map(Name::name));
}

#[test]
fn a_name_finds_its_timeline() {
    for name in Name::ALL {
        assert_eq!(Name::find(name.name()), Some(name));
    }
    assert_eq!(Name::find("nonesuch"), None);
}

/// The instant, the status then, and the outcomes of the runs that were seen by then.
#[test]
fn zoho_says_what_happens_and_the_gateway_remembers_it() {
    let hours = Duration::from_hours;
    let daily = || Story::daily_at(2, 0);
    let cases = [
        (
            "a good run and a failure",
            daily().completes(1).fails().ends_after(hours(1)),
            &[
                ("1/00:00", "SCHEDULED", ""),
                ("1/02:00", "SCHEDULED", ""),
                ("1/02:01", "INPROGRESS", ""),
                ("1/02:26", "COMPLETED", "completed"),
                ("1/03:26", "SCHEDULED", "completed"),
                ("2/02:10", "INPROGRESS", "completed"),
                ("2/02:26", "FAILED", "completed failed"),
                ("2/03:26", "SCHEDULED", "completed failed"),
            ][..],
        ),
        (
            "results until the next run",
            daily()
                .results_are_shown_until_the_next_run()
                .completes(1)
                .fails()
                .completes(1)
                .ends_after(hours(1)),
            &[
                ("2/01:59", "COMPLETED", "completed"),
                ("2/02:00", "COMPLETED", "completed"),
                ("2/02:01", "INPROGRESS", "completed"),
                ("3/01:59", "FAILED", "completed failed"),
                ("3/02:26", "COMPLETED", "completed failed completed"),
            ],
        ),
        (
            "a run that takes long",
            daily().completes_in(hours(5)).ends_after(hours(1)),
            &[("1/07:00", "INPROGRESS", ""), ("1/07:01", "COMPLETED", "completed")],
        ),
        (
            "a missed run",
            daily().is_missed().completes(1).ends_after(hours(1)),
            &[
                ("1/03:00", "SCHEDULED", ""),
                ("1/03:02", "SCHEDULED", "missed"),
                ("1/05:00", "SCHEDULED", "missed"),
                ("2/02:26", "COMPLETED", "missed completed"),
            ],
        ),
        (
            "a stop and a resumption",
            daily().completes(1).is_stopped_for(hours(48)).completes(1).ends_after(hours(1)),
            &[
                ("1/08:25", "SCHEDULED", "completed"),
                ("1/08:26", "STOPPED", "completed"),
                ("2/02:30", "STOPPED", "completed stopped"),
                ("3/08:26", "SCHEDULED", "completed stopped"),
                ("4/02:26", "COMPLETED", "completed stopped completed"),
            ],
        ),
        (
            "a move of the date",
            daily().completes(1).is_moved_by(hours(3)).completes(1).ends_after(hours(1)),
            &[
                ("2/02:30", "SCHEDULED", "completed"),
                ("2/05:01", "INPROGRESS", "completed"),
                ("2/05:26", "COMPLETED", "completed completed"),
            ],
        ),
        (
            "Zoho is down while a run is due",
            daily().completes(1).zoho_is_down(hours(21), hours(3)).completes(2).ends_after(hours(1)),
            &[
                ("2/00:25", "SCHEDULED", "completed"),
                ("2/01:00", "down", "completed"),
                ("2/02:20", "down", "completed not-watched"),
                ("2/04:00", "SCHEDULED", "completed not-watched"),
                ("3/02:26", "COMPLETED", "completed not-watched completed"),
            ],
        ),
        (
            "nobody watches while a run fails",
            daily()
                .completes(1)
                .is_not_watched(hours(21), hours(6))
                .fails()
                .completes(1)
                .ends_after(hours(1)),
            &[
                ("2/02:26", "FAILED", "completed not-watched"),
                ("2/08:00", "SCHEDULED", "completed not-watched"),
                ("3/02:26", "COMPLETED", "completed not-watched completed"),
            ],
        ),
        (
            "runs that nobody sees after a failure that stands",
            daily()
                .results_are_shown_until_the_next_run()
                .fails()
                .passes_at_once()
                .passes_at_once()
                .fails_at_once(Duration::from_mins(30))
                .ends_after(hours(1)),
            &[
                ("2/02:00", "FAILED", "failed"),
                // It may have failed again.
                ("2/02:02", "SCHEDULED", "failed not-watched"),
                ("3/02:02", "SCHEDULED", "failed not-watched passed"),
                ("4/02:02", "FAILED", "failed not-watched passed failed"),
            ],
        ),
        (
            "a further failure that nobody sees",
            daily()
                .results_are_shown_until_the_next_run()
                .fails()
                .fails_at_once(Duration::from_mins(30))
                .ends_after(hours(1)),
            &[("2/02:30", "FAILED", "failed"), ("2/02:32", "SCHEDULED", "failed not-watched")],
        ),
        (
            "a missed run while a failure stands",
            daily()
                .results_are_shown_until_the_next_run()
                .fails()
                .is_missed_unsaid(hours(2))
                .ends_after(hours(1)),
            &[("2/03:59", "FAILED", "failed"), ("2/04:01", "SCHEDULED", "failed not-watched")],
        ),
        (
            "a missed run while a completion stands",
            daily()
                .results_are_shown_until_the_next_run()
                .completes(1)
                .is_missed_unsaid(hours(2))
                .ends_after(hours(1)),
            &[("2/03:59", "COMPLETED", "completed"), ("2/04:01", "SCHEDULED", "completed not-watched")],
        ),
        (
            "a run that does not start and is moved",
            daily().completes(1).is_moved_late_by(hours(2)).completes(1).ends_after(hours(1)),
            &[
                ("2/02:19", "SCHEDULED", "completed"),
                ("2/02:21", "SCHEDULED", "completed not-watched"),
                ("2/04:26", "COMPLETED", "completed not-watched completed"),
            ],
        ),
        (
            "a run that is moved just in time",
            daily()
                .completes(1)
                .is_moved_in_time_by(Duration::from_mins(10))
                .completes(1)
                .ends_after(hours(1)),
            &[
                ("2/02:01", "SCHEDULED", "completed not-watched"),
                ("2/02:36", "COMPLETED", "completed not-watched completed"),
            ],
        ),
        (
            "a schedule that is deleted",
            daily().completes(1).is_deleted().ends_after(hours(24)),
            &[("1/08:26", "nothing", "completed"), ("2/08:00", "nothing", "completed")],
        ),
        (
            "a run that is under way",
            daily().fails().is_running_for(Duration::from_mins(10)),
            &[("2/02:00", "SCHEDULED", "failed"), ("2/02:10", "INPROGRESS", "failed")],
        ),
    ];
    for (case, timeline, instants) in cases {
        for (at, expected, runs) in instants {
            let instant = instant(&timeline, at);
            assert_eq!(status(&timeline, instant), *expected, "{case}, {at}");
            assert_eq!(outcomes_at(&timeline, instant), *runs, "{case}, {at}");
        }
    }
}

#[test]
fn dates_are_of_the_organization_and_move_on_after_a_run() {
    let timeline = Story::daily_at(2, 30).completes(1).ends_after(Duration::from_hours(1));
    let date = |at| match timeline.said_at(instant(&timeline, at)) {
        Said::Backup(statement) => DateTime { at: statement.next?, offset: OFFSET }.written(),
        Said::Nothing | Said::Down => None,
    };
    assert_eq!(date("1/02:40").as_deref(), Some("2026-10-01T02:30:00+05:30"));
    assert_eq!(date("1/02:56").as_deref(), Some("2026-10-02T02:30:00+05:30"));
    let run = timeline.history_at(timeline.end()).runs.pop().unwrap();
    assert_eq!(run.due.unwrap().written().as_deref(), Some("2026-10-01T02:30:00+05:30"));
}

#[derive(Clone, Debug)]
enum Sentence {
    Completes(Duration),
    Passes,
    Fails,
    IsMissed(Duration),
    IsStopped(Duration),
    IsMoved(Duration),
    /// These look like something else.
    FailsAtOnce(Duration),
    PassesAtOnce,
    IsMissedUnsaid(Duration),
    IsMovedInTime(Duration),
    IsMovedLate(Duration),
    /// This and the next one hide what happens.
    ZohoIsDown(Duration, Duration),
    IsNotWatched(Duration, Duration),
}

fn told(results_shown: Option<Duration>, sentences: &[Sentence]) -> Timeline {
    let daily = Story::daily_at(2, 0);
    let story = match results_shown {
        Some(time) => daily.results_are_shown_for(time),
        None => daily.results_are_shown_until_the_next_run(),
    };
    let story = sentences.iter().fold(story, |story, sentence| match *sentence {
        Sentence::Completes(time) => story.completes_in(time),
        Sentence::Passes => story.passes(1),
        Sentence::Fails => story.fails(),
        Sentence::IsMissed(time) => story.is_missed_for(time),
        Sentence::IsStopped(time) => story.is_stopped_for(time),
        Sentence::IsMoved(time) => story.is_moved_by(time),
        Sentence::FailsAtOnce(time) => story.fails_at_once(time),
        Sentence::PassesAtOnce => story.passes_at_once(),
        Sentence::IsMissedUnsaid(time) => story.is_missed_unsaid(time),
        Sentence::IsMovedInTime(time) => story.is_moved_in_time_by(time),
        Sentence::IsMovedLate(time) => story.is_moved_late_by(time),
        Sentence::ZohoIsDown(from, time) => story.zoho_is_down(from, time),
        Sentence::IsNotWatched(from, time) => story.is_not_watched(from, time),
    });
    // No run is due at the end.
    story.completes(1).ends_after(Duration::from_mins(5))
}

fn minutes(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    range.prop_map(Duration::from_mins)
}

/// A date that moves by an hour while nobody looks seems to have moved with the clocks. So no move has whole hours, nor have
/// several together.
fn any_move(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    minutes(range).prop_map(|time| time + Duration::from_secs(1))
}

/// A failure is shown for longer than nobody may look without a gap.
fn any_time_shown() -> impl Strategy<Value = Option<Duration>> {
    prop::option::of(minutes(20..600))
}

fn any_event() -> impl Strategy<Value = Sentence> {
    prop_oneof![
        4 => minutes(3..600).prop_map(Sentence::Completes),
        2 => Just(Sentence::Passes),
        3 => Just(Sentence::Fails),
        2 => minutes(120..900).prop_map(Sentence::IsMissed),
        1 => minutes(30..4_000).prop_map(Sentence::IsStopped),
        1 => any_move(10..600).prop_map(Sentence::IsMoved),
    ]
}

/// What looks like a run, or like none. A run that is moved by more than 20 hours looks as if it had passed, and a missed run
/// within the hour in which it is due.
fn any_riddle() -> impl Strategy<Value = Sentence> {
    prop_oneof![
        minutes(20..600).prop_map(Sentence::FailsAtOnce),
        Just(Sentence::PassesAtOnce),
        minutes(61..900).prop_map(Sentence::IsMissedUnsaid),
        any_move(1..1_200).prop_map(Sentence::IsMovedInTime),
        any_move(25..1_200).prop_map(Sentence::IsMovedLate),
    ]
}

fn any_gap() -> impl Strategy<Value = Sentence> {
    (any::<bool>(), minutes(0..1_600), minutes(1..600)).prop_map(|(is_down, from, time)| match is_down {
        true => Sentence::ZohoIsDown(from, time),
        false => Sentence::IsNotWatched(from, time),
    })
}

const CASES: u32 = 400;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) })]

    #[test]
    fn no_run_is_called_good_that_was_not(
        shown in any_time_shown(),
        sentences in prop::collection::vec(prop_oneof![2 => any_event(), 2 => any_riddle(), 1 => any_gap()], 1..16),
        share in 0..=100_u64,
    ) {
        let timeline = told(shown, &sentences);
        let length = timeline.end().since(timeline.start());
        for at in [timeline.end(), timeline.start().after(length * u32::try_from(share).unwrap() / 100)] {
            for run in timeline.history_at(at).runs.iter().filter(|run| run.outcome.is_good()) {
                let is_it = |due: Timestamp, ended: Timestamp| match &run.due {
                    Some(date) => date.at == due,
                    None => run.ended.after.is_none_or(|after| after <= ended) && ended <= run.ended.by,
                };
                let is_good = |it: &TrueRun| it.outcome == Outcome::Completed || it.outcome == run.outcome;
                let mut good = timeline.runs().iter().filter(|it| is_good(it));
                prop_assert!(good.any(|truth| is_it(truth.due, truth.ended)), "{:?}", run);
            }
        }
    }

    #[test]
    fn no_run_is_called_a_failure_that_was_none(
        shown in any_time_shown(),
        sentences in prop::collection::vec(prop_oneof![any_event(), any_riddle()], 1..16),
    ) {
        let timeline = told(shown, &sentences);
        for run in timeline.history_at(timeline.end()).runs.iter().filter(|run| run.outcome.is_failure()) {
            let due = run.due.as_ref().map(|due| due.at);
            let is_it = |truth: &TrueRun| Some(truth.due) == due && truth.outcome == run.outcome;
            prop_assert!(timeline.runs().iter().any(is_it), "{:?}", run);
        }
    }

    /// Of a stop, only the run is known whose date was read before it.
    #[test]
    fn without_a_gap_all_is_known(
        shown in any_time_shown(),
        sentences in prop::collection::vec(any_event(), 1..16),
    ) {
        let timeline = told(shown, &sentences);
        let runs = timeline.history_at(timeline.end()).runs;
        let known = runs.iter().filter(|run| run.outcome != Outcome::Stopped);
        let known: Vec<_> = known.map(|run| (run.due.as_ref().map(|due| due.at), run.outcome)).collect();
        let truth = timeline.runs().iter().rev().filter(|run| run.outcome != Outcome::Stopped);
        let truth: Vec<_> = truth.take(known.len()).map(|run| (Some(run.due), run.outcome)).collect();
        prop_assert_eq!(known, truth);
        prop_assert!(runs.len() == 10 || timeline.runs().len() >= runs.len());
    }
}

//! (what is known, now, policy) → what to show and why.

use crate::backup::{Backup, Field, Status};
use crate::clock::Clock;
use crate::countdown::Countdown;
use crate::date_time::DateTime;
use crate::fault::Fault;
use crate::freshness::{Freshness, just_beyond};
use crate::history::{HistoryDocument, Outcome};
use crate::instant::Timestamp;
use crate::knowledge::{Answer, Knowledge};
use crate::policy::Policy;
use crate::reason::{Reason, State, Tone};
use crate::recurrence::{Rule, contradicts, last_run_is_behind_at};
use std::sync::Arc;
use std::time::Duration;

/// How long a run that is due is asked about every minute, and one that is under way.
const DUE_WITHIN: Duration = Duration::from_secs(3_600);
const RUNNING_WITHIN: Duration = Duration::from_secs(24 * 3_600);

/// How long after a run Zoho may take to name the next one.
const NEXT_DATE_WITHIN: Duration = Duration::from_secs(24 * 3_600);

/// What to show and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The state.
    pub state: State,
    /// How good or bad it is. Never good from stale or malformed data.
    pub tone: Tone,
    /// Why.
    pub reason: Reason,
    /// What the countdown shows.
    pub countdown: Countdown,
    /// The next run, or the one that is due or overdue.
    pub next_run: Option<DateTime>,
    /// The document on which the verdict is based.
    pub backup: Option<Arc<Backup>>,
    /// What became of past runs, if the answer said so.
    pub history: Option<Arc<HistoryDocument>>,
    /// What went wrong with the last request.
    pub fault: Option<Fault>,
    /// When the source of the answer was read.
    pub checked_at: Option<Timestamp>,
    /// Since when a backup runs at the earliest, as far as that is known.
    pub runs_since: Option<Timestamp>,
    /// Whether the answer is stale: see [`Freshness`].
    pub stale: bool,
    /// The next instant at which the verdict changes if nothing but time passes.
    pub changes_at: Option<Timestamp>,
}

impl Verdict {
    /// What goes on beside the failure that is the reason: a run that is under way, or due.
    pub fn goes_on(&self) -> Option<State> {
        let is_failure_past = matches!(self.reason, Reason::LastRunFailed | Reason::LastRunMissed);
        let goes_on = matches!(self.state, State::Running | State::Due);
        (is_failure_past && goes_on).then_some(self.state)
    }
}

/// Judges what is known at an instant. Total: every input has a verdict.
pub fn verdict(known: &Knowledge, now: Timestamp, policy: &Policy) -> Verdict {
    match &known.answer {
        Some(answer) => {
            Verdict { fault: known.fault.clone(), ..of_answer(answer, &known.clock, now, policy) }
        }
        None if known.fault.is_some() => Verdict { fault: known.fault.clone(), ..bare(Reason::Fault) },
        None => bare(Reason::Loading),
    }
}

/// Whether a run may be under way (for a day) or is due (for an hour), so that the answer may change at any minute.
pub fn is_running_or_due(known: &Knowledge, now: Timestamp) -> bool {
    let Some(answer @ Answer { backup: Some(backup), .. }) = &known.answer else { return false };
    let due_at = backup.scheduled_date.value().map(|date| date.at).filter(|at| *at <= now);
    match &backup.status {
        Field::Value(Status::Stopped) => false,
        Field::Value(Status::InProgress) => {
            answer.runs_since(now).is_none_or(|since| now.since(since) <= RUNNING_WITHIN)
        }
        _ => due_at.is_some_and(|at| now.since(at) <= DUE_WITHIN),
    }
}

/// A verdict that rests on no document.
fn bare(reason: Reason) -> Verdict {
    let row = reason.row();
    Verdict {
        state: row.state.unwrap_or(State::Unknown),
        tone: row.tone,
        reason,
        countdown: Countdown::None,
        next_run: None,
        backup: None,
        history: None,
        fault: None,
        checked_at: None,
        runs_since: None,
        stale: false,
        changes_at: None,
    }
}

/// The row that fits the answer, then corrections for past runs, malformed fields and age.
fn of_answer(answer: &Answer, clock: &Clock, now: Timestamp, policy: &Policy) -> Verdict {
    let Answer { backup, history, freshness, .. } = answer;
    // Where the time is not known, the headers do not tell how old the source is.
    let freshness = freshness.map(|it| match clock.is_unknown() {
        true => Freshness { source_at: it.arrived_at, ..it },
        false => it,
    });
    let date = backup.as_ref().and_then(|backup| backup.scheduled_date.value());
    let checked_at = freshness.map(|freshness| freshness.source_at);
    let stale_from = freshness.map(|freshness| freshness.stale_from(policy));
    let unknown_from = freshness.map(Freshness::unknown_from);
    let overdue_from = date.map(|date| just_beyond(date.at, policy.overdue_after));
    let missing_from = date.map(|date| just_beyond(date.at, NEXT_DATE_WITHIN));
    let runs_since = answer.runs_since(now).filter(|_| !clock.is_unknown());
    let long_from = runs_since.map(|since| just_beyond(since, RUNNING_WITHIN));
    let date_at = date.map(|date| date.at);
    let read_at = checked_at.unwrap_or(now);
    let is_past = |from: Option<Timestamp>| from.is_some_and(|from| now >= from);
    let (stale, is_too_old) = (is_past(stale_from), is_past(unknown_from));

    let rule = backup.as_ref().and_then(|backup| Rule::parse(backup.rrule.value()?));
    let start = backup.as_ref().and_then(|backup| backup.start_date.value());
    let ends_at = rule.as_ref().and_then(|rule| last_run_is_behind_at(rule, start));
    // Where the time is not known, no date is called past.
    let known_now = if clock.is_unknown() { Timestamp::from_millis(i64::MIN) } else { now };
    let (judged, countdown) = match backup {
        Some(_) if long_from.is_some_and(|from| read_at >= from) => (Reason::RunningLong, Countdown::None),
        Some(backup) => judge(backup, known_now, read_at, is_past(ends_at), policy),
        None => (Reason::NothingScheduled, Countdown::None),
    };
    let is_malformed = backup.as_ref().is_some_and(|backup| backup.malformed_key().is_some());
    let next_run = date.filter(|date| names_run(judged, date, known_now));
    let is_contradicted =
        || matches!((&rule, next_run), (Some(rule), Some(next)) if contradicts(rule, next, start));
    let reason = match judged.row().tone {
        _ if is_too_old && !clock.is_unknown() => Reason::TooOld,
        Tone::Good | Tone::Info | Tone::Neutral
            if let Some(failure) = history.as_deref().and_then(failure) =>
        {
            failure
        }
        Tone::Good if clock.is_doubted() => Reason::ClockDisagrees,
        // Nor is it known whether what goes on does so now.
        Tone::Info if clock.is_unknown() => Reason::ClockDisagrees,
        Tone::Good if is_malformed => Reason::FieldMalformed,
        Tone::Good if is_contradicted() => Reason::RuleContradicts,
        _ => judged,
    };
    let tone = reason.row().tone;
    let state = match (reason, judged.row().state) {
        // What goes on is named, too, if it is known that it does so now. The tone is that of the failure.
        (Reason::LastRunFailed | Reason::LastRunMissed, Some(state @ (State::Running | State::Due)))
            if !clock.is_unknown() =>
        {
            state
        }
        (_, state) => reason.row().state.or(state).unwrap_or(State::Unknown),
    };
    Verdict {
        state,
        // What was good or under way when it was read may be over.
        tone: if stale && matches!(tone, Tone::Good | Tone::Info) { Tone::Neutral } else { tone },
        countdown: match countdown {
            _ if clock.is_doubted() => Countdown::None,
            // What was due or overdue then may be over by now. A run that is still ahead may be counted down to.
            Countdown::Due | Countdown::OverdueSince(_) if is_too_old => Countdown::None,
            _ => countdown,
        },
        next_run: next_run.cloned(),
        backup: backup.clone(),
        history: history.clone(),
        checked_at,
        runs_since,
        stale,
        changes_at: [date_at, overdue_from, missing_from, long_from, ends_at, stale_from, unknown_from]
            .into_iter()
            .flatten()
            .filter(|at| *at > now)
            .min(),
        ..bare(reason)
    }
}

/// A failure that no later run is known to have made good. A run under way or a new date does not hide it.
fn failure(history: &HistoryDocument) -> Option<Reason> {
    Some(match history.standing_failure()?.outcome {
        Outcome::Missed => Reason::LastRunMissed,
        _ => Reason::LastRunFailed,
    })
}

/// The rows of the contract's table, in order: the first that fits wins.
fn judge(
    backup: &Backup,
    now: Timestamp,
    read_at: Timestamp,
    has_ended: bool,
    policy: &Policy,
) -> (Reason, Countdown) {
    let date = &backup.scheduled_date;
    let ahead = date.value().filter(|date| date.at > now);
    let has_passed = ahead.is_none() && date.value().is_some();
    let until = ahead.map_or(Countdown::None, |date| Countdown::Until(date.at));
    let is_one_off = backup.rrule.is_absent() && date.is_absent();
    let status = match &backup.status {
        Field::Absent => return (Reason::StatusMissing, until),
        Field::Malformed(_) => return (Reason::StatusMalformed, until),
        Field::Value(status) => status,
    };
    match status {
        Status::Stopped => (Reason::Stopped, Countdown::None),
        Status::InProgress => (Reason::Running, Countdown::None),
        Status::Failed if has_passed => (Reason::FailedNextPassed, until),
        Status::Failed => (Reason::Failed, until),
        Status::PaymentFailed if has_passed => (Reason::PaymentFailedNextPassed, until),
        Status::PaymentFailed => (Reason::PaymentFailed, until),
        Status::Other(_) => (Reason::StatusUnknown, until),
        Status::Scheduled if is_one_off => (Reason::OneOff, Countdown::None),
        Status::Completed | Status::Finished if is_one_off => (Reason::OneOffCompleted, Countdown::None),
        Status::Completed | Status::Finished => match date {
            Field::Value(_) if ahead.is_some() => (Reason::CompletedNextAhead, until),
            _ if has_ended => (Reason::Completed, Countdown::None),
            // Zoho may be late with the next date.
            Field::Value(next) if now.since(next.at) <= NEXT_DATE_WITHIN => {
                (Reason::CompletedNextPassed, Countdown::None)
            }
            Field::Value(_) => (Reason::CompletedNextMissing, Countdown::None),
            Field::Absent => (Reason::CompletedDateMissing, Countdown::None),
            // Its malformed date makes it neutral.
            Field::Malformed(_) => (Reason::Completed, Countdown::None),
        },
        Status::Scheduled => match date {
            Field::Absent => (Reason::DateMissing, Countdown::None),
            Field::Malformed(_) => (Reason::DateMalformed, Countdown::None),
            Field::Value(_) if ahead.is_some() => (Reason::Scheduled, until),
            Field::Value(next) => passed(next.at, now, read_at, policy),
        },
    }
}

/// A scheduled run whose time has passed.
fn passed(at: Timestamp, now: Timestamp, read_at: Timestamp, policy: &Policy) -> (Reason, Countdown) {
    if now.since(at) <= policy.overdue_after {
        (if read_at > at { Reason::NotStarted } else { Reason::Due }, Countdown::Due)
    } else if read_at > at {
        (Reason::Overdue, Countdown::OverdueSince(at))
    } else {
        // It may have run: nothing was read since.
        (Reason::NotReadSinceDue, Countdown::None)
    }
}

/// Whether a document's date is named as its next run: while it is ahead or awaited.
fn names_run(judged: Reason, date: &DateTime, now: Timestamp) -> bool {
    match judged {
        Reason::Stopped => false,
        Reason::Due | Reason::NotStarted | Reason::Overdue | Reason::NotReadSinceDue => true,
        _ => date.at > now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock_error::{ClockError, Reading, ServerTime};
    use crate::fault::{Fault, FaultKind};
    use crate::freshness::UNKNOWN_AFTER;
    use crate::json::Json;
    use crate::no_answer::{Attempt, NoAnswer};
    use crate::reply::Details;

    const NOW: Timestamp = Timestamp::from_millis(1_658_809_725_000);
    const AHEAD: &str = r#""2022-07-28T09:58:45+05:30""#;
    const JUST_PASSED: &str = r#""2022-07-26T09:48:45+05:30""#;
    const LONG_PASSED: &str = r#""2022-07-26T04:58:45+05:30""#;
    const DAYS_AGO: &str = r#""2022-07-24T09:58:45+05:30""#;
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3_600);

    /// What is known from a document with these members, read a minute ago, and before that nothing.
    fn known(members: &str) -> Knowledge {
        let document: Json = serde_json::from_str(&format!("{{{members}}}")).unwrap();
        let backup = Backup::read(&document).map(Arc::new);
        let freshness = Some(arrived(NOW.before(MINUTE)));
        let answer = Answer { backup, history: None, freshness, running_since: None }.following(None);
        Knowledge { answer: Some(answer), ..Knowledge::default() }
    }

    /// Straight from its source.
    fn arrived(at: Timestamp) -> Freshness {
        Freshness::new(at, Duration::ZERO, None)
    }

    fn read_at(mut known: Knowledge, at: Option<Timestamp>) -> Knowledge {
        known.answer.as_mut().unwrap().freshness = at.map(arrived);
        known
    }

    fn judged(known: &Knowledge) -> Verdict {
        verdict(known, NOW, &Policy::default())
    }

    fn document(status: &str, date: &str) -> Knowledge {
        known(&format!(r#""status":"{status}","scheduled_date":{date},"rrule":"RRULE:FREQ=WEEKLY;BYDAY=TH""#))
    }

    /// With a rule that runs from 2022-07-12 on.
    fn ended(status: &str, date: &str, rule: &str) -> Knowledge {
        let start = "2022-07-12T12:30:00+05:30";
        known(&format!(
            r#""status":"{status}","scheduled_date":{date},"start_date":"{start}","rrule":"{rule}""#
        ))
    }

    /// A named case each, so that the list of tests reads as the contract's table.
    macro_rules! rows {
        ($($name:ident: $known:expr => $state:ident, $tone:ident, $reason:ident, $countdown:expr;)+) => { $(
            #[test]
            fn $name() {
                let verdict = judged(&$known);
                let expected = (State::$state, Tone::$tone, Reason::$reason, $countdown);
                assert_eq!((verdict.state, verdict.tone, verdict.reason, verdict.countdown), expected);
            }
        )+ };
    }

    use Countdown::{Due, None as Never, OverdueSince, Until};
    const NEXT: Timestamp = Timestamp::from_millis(1_658_982_525_000);
    const LONG_AGO: Timestamp = Timestamp::from_millis(1_658_791_725_000);

    rows! {
        row_loading: Knowledge::default() => Loading, Neutral, Loading, Never;
        row_none: Knowledge { answer: Some(Answer::new(Details::default(), Some(arrived(NOW)))), ..Knowledge::default() } => None, Warning, NothingScheduled, Never;
        row_error: with_fault(Knowledge::default()) => Error, Warning, Fault, Never;
        row_stopped: document("STOPPED", "null") => Stopped, Warning, Stopped, Never;
        row_stopped_never_counts_down: document("STOPPED", AHEAD) => Stopped, Warning, Stopped, Never;
        row_running: document("INPROGRESS", LONG_PASSED) => Running, Info, Running, Never;
        row_running_for_long: document("INPROGRESS", DAYS_AGO) => Running, Warning, RunningLong, Never;
        row_running_does_not_count_down: document("INPROGRESS", AHEAD) => Running, Info, Running, Never;
        row_failed: document("FAILED", "null") => Failed, Bad, Failed, Never;
        row_failed_and_the_next_attempt_has_passed: document("FAILED", LONG_PASSED) => Failed, Bad, FailedNextPassed, Never;
        row_failed_counts_to_the_next_attempt: document("FAILED", AHEAD) => Failed, Bad, Failed, Until(NEXT);
        row_failed_without_rule_or_date: known(r#""status":"FAILED""#) => Failed, Bad, Failed, Never;
        row_payment_failed_and_the_next_attempt_has_passed: document("PAYMENT_FAILED", LONG_PASSED) => Failed, Bad, PaymentFailedNextPassed, Never;
        row_payment_failed: document("PAYMENT_FAILED", AHEAD) => Failed, Bad, PaymentFailed, Until(NEXT);
        row_status_absent: known("") => Unknown, Warning, StatusMissing, Never;
        row_status_absent_with_date: known(&format!(r#""scheduled_date":{AHEAD}"#)) => Unknown, Warning, StatusMissing, Until(NEXT);
        row_status_malformed: known(&format!(r#""status":7,"scheduled_date":{AHEAD}"#)) => Unknown, Warning, StatusMalformed, Until(NEXT);
        row_status_unknown: document("PAUSED", AHEAD) => Unknown, Warning, StatusUnknown, Until(NEXT);
        row_status_unknown_without_date: document("PAUSED", "null") => Unknown, Warning, StatusUnknown, Never;
        row_one_off: known(r#""status":"SCHEDULED","scheduled_date":null,"start_date":null,"rrule":null"#) => OneOff, Info, OneOff, Never;
        row_one_off_completed: known(r#""status":"COMPLETED""#) => OneOff, Info, OneOffCompleted, Never;
        row_one_off_finished: known(r#""status":"FINISHED""#) => OneOff, Info, OneOffCompleted, Never;
        row_malformed_rule_is_no_one_off: known(r#""status":"SCHEDULED","rrule":7"#) => Scheduled, Neutral, DateMissing, Never;
        row_completed_but_the_next_date_is_missing: document("COMPLETED", "null") => Completed, Neutral, CompletedDateMissing, Never;
        row_finished_but_the_next_date_is_missing: document("FINISHED", "null") => Completed, Neutral, CompletedDateMissing, Never;
        row_completed_and_the_end_is_not_reached: ended("COMPLETED", "null", "FREQ=DAILY;COUNT=30") => Completed, Neutral, CompletedDateMissing, Never;
        row_completed_and_the_end_is_unknown: known(r#""status":"COMPLETED","rrule":"FREQ=DAILY;COUNT=3""#) => Completed, Neutral, CompletedDateMissing, Never;
        row_completed_for_the_last_time_by_count: ended("COMPLETED", "null", "FREQ=DAILY;COUNT=3") => Completed, Good, Completed, Never;
        row_completed_for_the_last_time_by_until: ended("FINISHED", "null", "FREQ=DAILY;UNTIL=20220720") => Completed, Good, Completed, Never;
        row_completed_for_the_last_time_and_its_date_has_passed: ended("COMPLETED", DAYS_AGO, "FREQ=DAILY;UNTIL=20220724") => Completed, Good, Completed, Never;
        row_completed_next_missing_for_a_day: document("COMPLETED", DAYS_AGO) => Completed, Warning, CompletedNextMissing, Never;
        row_finished_next_missing_for_a_day: document("FINISHED", DAYS_AGO) => Completed, Warning, CompletedNextMissing, Never;
        row_completed_next_ahead: document("COMPLETED", AHEAD) => Completed, Good, CompletedNextAhead, Until(NEXT);
        row_finished_next_ahead: document("FINISHED", AHEAD) => Completed, Good, CompletedNextAhead, Until(NEXT);
        row_completed_next_passed: document("COMPLETED", JUST_PASSED) => Completed, Neutral, CompletedNextPassed, Never;
        row_completed_date_malformed: document("COMPLETED", r#""soon""#) => Completed, Neutral, FieldMalformed, Never;
        row_scheduled: document("SCHEDULED", AHEAD) => Scheduled, Good, Scheduled, Until(NEXT);
        row_scheduled_on_another_weekday_than_the_rule_has: known(&format!(r#""status":"SCHEDULED","scheduled_date":{AHEAD},"rrule":"FREQ=WEEKLY;BYDAY=MO""#)) => Scheduled, Neutral, RuleContradicts, Until(NEXT);
        row_completed_with_a_next_run_after_the_end_of_the_rule: known(&format!(r#""status":"COMPLETED","scheduled_date":{AHEAD},"rrule":"FREQ=DAILY;UNTIL=20220725""#)) => Completed, Neutral, RuleContradicts, Until(NEXT);
        row_failed_is_failed_whatever_the_rule: known(&format!(r#""status":"FAILED","scheduled_date":{AHEAD},"rrule":"FREQ=WEEKLY;BYDAY=MO""#)) => Failed, Bad, Failed, Until(NEXT);
        row_scheduled_date_without_rule: known(&format!(r#""status":"SCHEDULED","scheduled_date":{AHEAD}"#)) => Scheduled, Good, Scheduled, Until(NEXT);
        row_scheduled_date_absent: document("SCHEDULED", "null") => Scheduled, Neutral, DateMissing, Never;
        row_scheduled_date_malformed: document("SCHEDULED", r#""next Tuesday""#) => Scheduled, Neutral, DateMalformed, Never;
        row_scheduled_other_field_malformed: known(&format!(r#""status":"SCHEDULED","scheduled_date":{AHEAD},"id":7"#)) => Scheduled, Neutral, FieldMalformed, Until(NEXT);
        row_due: read_at(document("SCHEDULED", JUST_PASSED), Some(LONG_AGO)) => Due, Neutral, Due, Due;
        row_due_and_read_at_that_instant: read_at(document("SCHEDULED", JUST_PASSED), Some(NOW.before(10 * MINUTE))) => Due, Info, Due, Due;
        row_not_started: document("SCHEDULED", JUST_PASSED) => Due, Info, NotStarted, Due;
        row_overdue: document("SCHEDULED", LONG_PASSED) => Overdue, Warning, Overdue, OverdueSince(LONG_AGO);
        row_overdue_as_supplied_by_the_host: read_at(document("SCHEDULED", LONG_PASSED), Option::None) => Overdue, Warning, Overdue, OverdueSince(LONG_AGO);
        row_not_read_since_due: read_at(document("SCHEDULED", LONG_PASSED), Some(LONG_AGO)) => Unknown, Warning, NotReadSinceDue, Never;
    }

    fn with_fault(known: Knowledge) -> Knowledge {
        let attempt = Attempt { ended: NoAnswer::TimedOut, is_online: true, ..Attempt::default() };
        Knowledge { fault: Some(Fault::no_answer(&attempt)), ..known }
    }

    #[test]
    fn a_fault_leaves_the_last_good_verdict_and_stands_beside_it_at_once() {
        let good = judged(&document("SCHEDULED", AHEAD));
        let faulty = judged(&with_fault(document("SCHEDULED", AHEAD)));
        assert_eq!(faulty.fault.as_ref().map(|fault| fault.kind()), Some(FaultKind::TimedOut));
        assert_eq!(Verdict { fault: None, ..faulty }, good);
    }

    /// The rows above meet every reason but one, and each shows what its row says.
    #[test]
    fn a_verdict_shows_the_row_of_its_reason() {
        for known in [Knowledge::default(), with_fault(Knowledge::default()), document("STOPPED", AHEAD)] {
            let verdict = judged(&known);
            let row = verdict.reason.row();
            assert_eq!((row.state, row.tone), (Some(verdict.state), verdict.tone));
        }
        for reason in Reason::ALL {
            let is_doubt =
                matches!(reason, Reason::FieldMalformed | Reason::RuleContradicts | Reason::ClockDisagrees);
            assert_eq!(reason.row().state.is_none(), is_doubt, "{reason}");
        }
    }

    #[test]
    fn an_answer_is_stale_once_older_than_the_policy_allows_and_never_good_then() {
        let age = |length: Duration| read_at(document("SCHEDULED", AHEAD), Some(NOW.before(length)));
        let limit = Policy::default().stale_after;
        let fresh = judged(&age(limit));
        assert_eq!((fresh.stale, fresh.tone), (false, Tone::Good));
        let stale = judged(&age(limit + Duration::from_millis(1)));
        assert_eq!((stale.stale, stale.tone, stale.state), (true, Tone::Neutral, State::Scheduled));
        assert_eq!(judged(&read_at(document("FAILED", AHEAD), Some(NOW.before(HOUR)))).tone, Tone::Bad);
    }

    #[test]
    fn running_and_due_may_change_at_any_minute() {
        let cases = [
            (document("INPROGRESS", AHEAD), true),
            (document("SCHEDULED", JUST_PASSED), true),
            (document("SCHEDULED", LONG_PASSED), false),
            (document("SCHEDULED", AHEAD), false),
            (document("FAILED", JUST_PASSED), true),
            (document("COMPLETED", JUST_PASSED), true),
            (document("PAUSED", JUST_PASSED), true),
            (document("FAILED", LONG_PASSED), false),
            (document("STOPPED", JUST_PASSED), false),
            (document("INPROGRESS", DAYS_AGO), false),
            (Knowledge::default(), false),
        ];
        for (known, expected) in cases {
            assert_eq!(is_running_or_due(&known, NOW), expected, "{:?}", judged(&known).state);
        }
    }

    #[test]
    fn zoho_may_be_a_day_late_with_the_next_date() {
        let known = read_at(document("COMPLETED", JUST_PASSED), Option::None);
        let tone = |late: Duration| {
            let now = NOW.before(10 * MINUTE).after(late);
            verdict(&known, now, &Policy::default()).tone
        };
        assert_eq!(tone(24 * HOUR), Tone::Neutral);
        assert_eq!(tone(24 * HOUR + Duration::from_millis(1)), Tone::Warning);
    }

    /// The same answer from a gateway that has seen these outcomes, the latest first.
    fn remembered(known: Knowledge, outcomes: &[&str]) -> Knowledge {
        let run =
            |outcome| serde_json::json!({ "ended": { "by": "2022-07-25T04:28:45Z" }, "outcome": outcome });
        let runs: Vec<_> = outcomes.iter().map(run).collect();
        let history = serde_json::from_value(serde_json::json!({ "runs": runs })).unwrap();
        let history = HistoryDocument::read(&history).map(Arc::new);
        let answer = known.answer.map(|answer| Answer { history, ..answer });
        Knowledge { answer, ..known }
    }

    #[test]
    fn a_failure_stands_until_a_later_run_is_good() {
        let failed = (Reason::LastRunFailed, Tone::Bad);
        let missed = (Reason::LastRunMissed, Tone::Warning);
        let scheduled = (Reason::Scheduled, Tone::Good);
        for (outcomes, expected) in [
            (&[][..], scheduled),
            (&["failed"], failed),
            (&["missed"], missed),
            (&["missed", "failed"], missed),
            (&["completed", "failed"], scheduled),
            (&["passed", "missed"], scheduled),
            (&["not-watched", "failed"], failed),
            (&["stopped", "not-watched", "missed", "completed"], missed),
            (&["not-watched", "completed", "failed"], scheduled),
            (&["not-watched", "stopped"], scheduled),
        ] {
            let verdict = judged(&remembered(document("SCHEDULED", AHEAD), outcomes));
            assert_eq!((verdict.reason, verdict.tone), expected, "{outcomes:?}");
            assert_eq!(verdict.countdown, Until(NEXT), "{outcomes:?}");
        }
    }

    #[test]
    fn neither_a_run_under_way_nor_a_new_date_hides_a_failure() {
        use State::*;
        for (status, date, failed, missed) in [
            ("SCHEDULED", AHEAD, Failed, Missed),
            ("SCHEDULED", "null", Failed, Missed),
            ("SCHEDULED", r#""soon""#, Failed, Missed),
            ("COMPLETED", JUST_PASSED, Failed, Missed),
            ("INPROGRESS", JUST_PASSED, Running, Running),
            ("SCHEDULED", JUST_PASSED, Due, Due),
        ] {
            for (outcome, state, tone, reason) in [
                ("failed", failed, Tone::Bad, Reason::LastRunFailed),
                ("missed", missed, Tone::Warning, Reason::LastRunMissed),
            ] {
                let verdict = judged(&remembered(document(status, date), &[outcome]));
                let seen = (verdict.state, verdict.tone, verdict.reason);
                assert_eq!(seen, (state, tone, reason), "{status} {date} after {outcome}");
            }
        }
        let one_off = judged(&remembered(known(r#""status":"SCHEDULED""#), &["failed"]));
        assert_eq!((one_off.state, one_off.tone), (State::Failed, Tone::Bad));
    }

    #[test]
    fn what_is_wrong_now_outweighs_the_past() {
        for (status, date, reason) in [
            ("FAILED", AHEAD, Reason::Failed),
            ("STOPPED", AHEAD, Reason::Stopped),
            ("SCHEDULED", LONG_PASSED, Reason::Overdue),
            ("INPROGRESS", DAYS_AGO, Reason::RunningLong),
            ("PAUSED", AHEAD, Reason::StatusUnknown),
        ] {
            assert_eq!(
                judged(&remembered(document(status, date), &["missed"])).reason,
                reason,
                "{status} {date}"
            );
        }
        let day_old = read_at(document("SCHEDULED", AHEAD), Some(NOW.before(UNKNOWN_AFTER + HOUR)));
        assert_eq!(judged(&remembered(day_old, &["failed"])).reason, Reason::TooOld);
        let hour_old = read_at(document("SCHEDULED", AHEAD), Some(NOW.before(2 * HOUR)));
        let stale = judged(&remembered(hour_old, &["failed"]));
        assert_eq!((stale.reason, stale.tone, stale.stale), (Reason::LastRunFailed, Tone::Bad, true));
    }

    #[test]
    fn a_verdict_carries_what_it_is_based_on() {
        let known = remembered(document("SCHEDULED", AHEAD), &["completed"]);
        let verdict = judged(&known);
        assert!(verdict.history.is_some());
        let answer = known.answer.unwrap();
        assert_eq!((verdict.backup, verdict.history), (answer.backup, answer.history));
        assert_eq!(verdict.checked_at, Some(answer.freshness.unwrap().source_at));
        let faulty = with_fault(Knowledge::default());
        assert_eq!(judged(&faulty).fault, faulty.fault);
    }

    #[test]
    fn a_run_is_since_its_date_or_else_since_an_answer_that_said_otherwise() {
        let scheduled = read_at(document("SCHEDULED", AHEAD), Some(NOW.before(2 * HOUR))).answer.unwrap();
        let running = |date, before: Option<&Answer>| {
            let answer = document("INPROGRESS", date).answer.unwrap().following(before);
            let verdict = judged(&Knowledge { answer: Some(answer.clone()), ..Knowledge::default() });
            (answer, verdict.runs_since)
        };
        let otherwise = Some(NOW.before(2 * HOUR));
        let (early, since) = running(AHEAD, Some(&scheduled));
        assert_eq!(since, otherwise);
        assert_eq!(running(LONG_PASSED, Some(&scheduled)).1, otherwise, "it was read since");
        assert_eq!(running(JUST_PASSED, Some(&scheduled)).1, Some(NOW.before(10 * MINUTE)));
        assert_eq!(running("null", Some(&scheduled)).1, otherwise);
        assert_eq!(running(AHEAD, Option::None).1, Option::None);
        assert_eq!(running(AHEAD, Some(&early)).1, otherwise, "it goes on");
        assert_eq!(running("null", Some(&early)).1, otherwise, "it goes on, without a date");
        assert_eq!(running(JUST_PASSED, Some(&early)).1, Some(NOW.before(10 * MINUTE)), "another one");
        let (unknown, _) = running(AHEAD, Option::None);
        assert_eq!(running(AHEAD, Some(&unknown)).1, Option::None);
        let completed = document("COMPLETED", LONG_PASSED).answer.unwrap().following(Some(&early));
        assert_eq!(completed.running_since, Option::None);
        let supplied = read_at(document("INPROGRESS", LONG_PASSED), Option::None);
        assert_eq!(judged(&supplied).runs_since, Some(LONG_AGO));
        let supplied = read_at(document("SCHEDULED", LONG_PASSED), Option::None);
        assert_eq!(judged(&supplied).runs_since, Option::None);
    }

    #[test]
    fn a_run_of_more_than_a_day_is_warned_of_once_it_is_read() {
        let reason = |since: Duration, read: Duration| {
            let known = read_at(document("INPROGRESS", AHEAD), Some(NOW.before(read)));
            let answer =
                known.answer.map(|answer| Answer { running_since: Some(NOW.before(since)), ..answer });
            let verdict = judged(&Knowledge { answer, ..known });
            (verdict.reason, verdict.tone)
        };
        let moment = Duration::from_millis(1);
        assert_eq!(reason(24 * HOUR, Duration::ZERO), (Reason::Running, Tone::Info));
        assert_eq!(reason(24 * HOUR + moment, Duration::ZERO), (Reason::RunningLong, Tone::Warning));
        assert_eq!(reason(25 * HOUR, 2 * HOUR), (Reason::Running, Tone::Neutral), "not read since");
        assert_eq!(reason(26 * HOUR, HOUR), (Reason::RunningLong, Tone::Warning), "it was long when read");
    }

    #[test]
    fn where_the_time_is_not_known_no_date_is_called_past_and_nothing_is_good() {
        let server = ServerTime { date: NOW.after(30 * HOUR), age: Duration::ZERO };
        let clock = Clock::default().after(Reading::new(server, NOW, NOW), ClockError::default()).0;
        for (status, date, state, tone, reason) in [
            ("SCHEDULED", AHEAD, State::Scheduled, Tone::Neutral, Reason::ClockDisagrees),
            ("SCHEDULED", LONG_PASSED, State::Scheduled, Tone::Neutral, Reason::ClockDisagrees),
            ("COMPLETED", DAYS_AGO, State::Completed, Tone::Neutral, Reason::ClockDisagrees),
            ("FAILED", LONG_PASSED, State::Failed, Tone::Bad, Reason::Failed),
            ("INPROGRESS", DAYS_AGO, State::Running, Tone::Neutral, Reason::ClockDisagrees),
            ("STOPPED", AHEAD, State::Stopped, Tone::Warning, Reason::Stopped),
        ] {
            let verdict = judged(&Knowledge { clock, ..document(status, date) });
            assert_eq!(
                (verdict.state, verdict.tone, verdict.reason),
                (state, tone, reason),
                "{status} {date}"
            );
            assert_eq!(verdict.countdown, Never, "{status} {date}");
        }
    }

    #[test]
    fn where_the_time_is_not_known_nothing_is_said_to_go_on_beside_a_failure() {
        let server = ServerTime { date: NOW.after(30 * HOUR), age: Duration::ZERO };
        let clock = Clock::default().after(Reading::new(server, NOW, NOW), ClockError::default()).0;
        for (outcome, state) in [("failed", State::Failed), ("missed", State::Missed)] {
            let known = remembered(document("INPROGRESS", DAYS_AGO), &[outcome]);
            let verdict = judged(&Knowledge { clock, ..known });
            assert_eq!((verdict.state, verdict.goes_on()), (state, Option::None), "{outcome}");
        }
    }

    #[test]
    fn after_a_day_nothing_is_known_but_the_next_run() {
        let day_old =
            judged(&with_fault(read_at(document("SCHEDULED", AHEAD), Some(NOW.before(UNKNOWN_AFTER)))));
        assert_eq!((day_old.state, day_old.stale), (State::Scheduled, true));
        let older = Some(NOW.before(UNKNOWN_AFTER + Duration::from_millis(1)));
        let verdict = judged(&with_fault(read_at(document("SCHEDULED", AHEAD), older)));
        assert_eq!(
            (verdict.state, verdict.tone, verdict.reason),
            (State::Unknown, Tone::Warning, Reason::TooOld)
        );
        assert_eq!(verdict.countdown, Until(NEXT));
    }

    #[test]
    fn after_a_day_nothing_is_called_due_or_overdue() {
        let read = Some(NOW.before(UNKNOWN_AFTER + HOUR));
        let verdict = judged(&read_at(document("SCHEDULED", JUST_PASSED), read));
        assert_eq!((verdict.reason, verdict.countdown), (Reason::TooOld, Never));
    }

    #[test]
    fn after_a_day_an_answer_is_stale_under_any_policy() {
        let known = read_at(document("SCHEDULED", AHEAD), Some(NOW.before(UNKNOWN_AFTER + HOUR)));
        let policy = Policy { stale_after: 100 * HOUR, ..Policy::default() };
        let verdict = verdict(&known, NOW, &policy);
        assert_eq!((verdict.state, verdict.stale), (State::Unknown, true));
    }

    #[test]
    fn what_the_host_supplies_is_never_stale() {
        let verdict = judged(&read_at(document("SCHEDULED", AHEAD), Option::None));
        assert_eq!((verdict.stale, verdict.checked_at, verdict.tone), (false, Option::None, Tone::Good));
    }

    #[test]
    fn an_answer_from_the_future_is_fresh() {
        let verdict = judged(&read_at(document("SCHEDULED", AHEAD), Some(NOW.after(HOUR))));
        assert_eq!((verdict.stale, verdict.tone), (false, Tone::Good));
    }

    #[test]
    fn the_boundary_of_due_is_the_policys() {
        let known = read_at(document("SCHEDULED", JUST_PASSED), Option::None);
        let state =
            |overdue_after| verdict(&known, NOW, &Policy { overdue_after, ..Policy::default() }).state;
        assert_eq!(state(10 * MINUTE), State::Due);
        assert_eq!(state(10 * MINUTE - Duration::from_millis(1)), State::Overdue);
    }

    #[test]
    fn the_next_run_is_named_where_it_is_ahead_or_awaited() {
        let next_run = |status, date| judged(&document(status, date)).next_run.map(|date| date.at);
        for status in ["SCHEDULED", "COMPLETED", "FAILED", "INPROGRESS", "PAUSED"] {
            assert_eq!(next_run(status, AHEAD), Some(NEXT), "{status}");
        }
        assert_eq!(next_run("STOPPED", AHEAD), Option::None);
        let known = read_at(document("FAILED", AHEAD), Option::None);
        assert_eq!(verdict(&known, NEXT, &Policy::default()).next_run, Option::None, "at its own time");
        assert_eq!(next_run("SCHEDULED", LONG_PASSED), Some(LONG_AGO));
        assert_eq!(next_run("COMPLETED", LONG_PASSED), Option::None);
    }
}

//! (what is known, now, policy) → what to show and why.

use crate::backup::{Backup, Field, Status};
use crate::clock::{ClockError, Timestamp};
use crate::date_time::DateTime;
use crate::fault::Fault;
use std::sync::Arc;
use std::time::Duration;

/// Beyond this age an answer says nothing about the present.
pub const UNKNOWN_AFTER: Duration = Duration::from_secs(24 * 3_600);

words! {
    /// The state that is shown.
    pub enum State {
        /// No reply yet.
        Loading = "loading",
        /// Nothing was ever scheduled.
        None = "none",
        /// Nothing is known, because of a fault.
        Error = "error",
        /// There will be no further run.
        Stopped = "stopped",
        /// Running now.
        Running = "running",
        /// The last run did not succeed.
        Failed = "failed",
        /// Zoho's word is unknown, or what is known is too old.
        Unknown = "unknown",
        /// A single backup without a schedule.
        OneOff = "one-off",
        /// The last run succeeded.
        Completed = "completed",
        /// Waiting for the next run.
        Scheduled = "scheduled",
        /// The time of the run has come.
        Due = "due",
        /// The run is later than the policy allows.
        Overdue = "overdue",
    }
}

words! {
    /// How the state is to be taken.
    pub enum Tone {
        /// Neither good nor bad is known.
        Neutral = "neutral",
        /// Something is going on.
        Info = "info",
        /// Known to be fine, from a fresh and well-formed answer.
        Good = "good",
        /// Somebody should look.
        Warning = "warning",
        /// Known to have failed.
        Bad = "bad",
    }
}

words! {
    /// Why the state is what it is.
    pub enum Reason {
        /// No reply yet.
        Loading = "loading",
        /// Nothing was ever scheduled.
        NothingScheduled = "nothing-scheduled",
        /// The first request failed; the fault says how.
        Fault = "fault",
        /// The schedule was stopped.
        Stopped = "stopped",
        /// The backup is running.
        Running = "running",
        /// The last run failed.
        Failed = "failed",
        /// The last run was not paid for.
        PaymentFailed = "payment-failed",
        /// The answer has no status.
        StatusMissing = "status-missing",
        /// The status is not a word.
        StatusMalformed = "status-malformed",
        /// The status is a word that is not known here.
        StatusUnknown = "status-unknown",
        /// A single backup is scheduled.
        OneOff = "one-off",
        /// A single backup has completed.
        OneOffCompleted = "one-off-completed",
        /// The last run succeeded and none is to come.
        Completed = "completed",
        /// The last run succeeded and the next is ahead.
        CompletedNextAhead = "completed-next-ahead",
        /// The last run known succeeded, but the time of the next has passed.
        CompletedNextPassed = "completed-next-passed",
        /// The next run is ahead.
        Scheduled = "scheduled",
        /// A run is scheduled, at a time that was not given.
        DateMissing = "date-missing",
        /// A run is scheduled, at a time that cannot be read.
        DateMalformed = "date-malformed",
        /// All would be good, but a field of the answer cannot be read.
        FieldMalformed = "field-malformed",
        /// The time of the run has come.
        Due = "due",
        /// The run is later than the policy allows, as of an answer read since.
        Overdue = "overdue",
        /// The time of the run has long passed, and no answer was read since.
        NotReadSinceDue = "not-read-since-due",
        /// The last good answer is too old.
        TooOld = "too-old",
    }
}

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

/// The last good answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it said; `None`: nothing was ever scheduled.
    pub backup: Option<Arc<Backup>>,
    /// When it was read; `None`: it was supplied by the host, is always taken for current, and never stale.
    pub read_at: Option<Timestamp>,
}

/// Everything that is known of one backup. Nothing, before the first reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// The last good answer, if there was one.
    pub answer: Option<Answer>,
    /// What went wrong since, if something did.
    pub fault: Option<Fault>,
    /// How far this computer's clock is from the server's. All instants here and in verdicts are by the server's.
    pub clock: ClockError,
}

impl Knowledge {
    /// Whether there was no reply yet.
    pub fn is_empty(&self) -> bool {
        self.answer.is_none() && self.fault.is_none()
    }

    /// Whether a run takes place or is due, so that it may change at any minute.
    pub fn is_running_or_due(&self, now: Timestamp) -> bool {
        matches!(verdict(self, now, &Policy::default()).state, State::Running | State::Due)
    }
}

/// What the host decides about verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long after its date a run is *due* before it is *overdue*.
    pub overdue_after: Duration,
    /// The age beyond which an answer is stale.
    pub stale_after: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        crate::options::Options::default().policy()
    }
}

/// What to show and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The state.
    pub state: State,
    /// How it is to be taken. Never good from stale or malformed data.
    pub tone: Tone,
    /// Why.
    pub reason: Reason,
    /// What the countdown shows.
    pub countdown: Countdown,
    /// The run that is next, or was when it is overdue.
    pub next_run: Option<DateTime>,
    /// The document this rests upon.
    pub backup: Option<Arc<Backup>>,
    /// What went wrong with the last request.
    pub fault: Option<Fault>,
    /// When the answer was read.
    pub checked_at: Option<Timestamp>,
    /// Whether the answer is older than the policy allows.
    pub stale: bool,
    /// The next instant at which time alone changes this verdict.
    pub changes_at: Option<Timestamp>,
}

/// Judges what is known at an instant. Total: every input has a verdict.
pub fn verdict(known: &Knowledge, now: Timestamp, policy: &Policy) -> Verdict {
    let fault = known.fault.clone();
    let Some(answer) = &known.answer else {
        let judged = match fault {
            None => Judged::new(State::Loading, Tone::Neutral, Reason::Loading),
            Some(_) => Judged::new(State::Error, Tone::Warning, Reason::Fault),
        };
        return judged.into_verdict(None, fault);
    };
    let read_at = answer.read_at.unwrap_or(now);
    let judged = match &answer.backup {
        None => Judged::new(State::None, Tone::Warning, Reason::NothingScheduled),
        Some(backup) => judge(backup, now, read_at, policy).unless_malformed(backup),
    };
    let due_at = answer.backup.as_ref().and_then(|backup| backup.scheduled_date.value()).map(|date| date.at);
    // Whatever the policy: what is too old to be known is stale as well.
    let stale_after = policy.stale_after.min(UNKNOWN_AFTER);
    let stale_from = answer.read_at.map(|at| just_beyond(at, stale_after));
    let unknown_from = answer.read_at.map(|at| just_beyond(at, UNKNOWN_AFTER));
    let overdue_from = due_at.map(|at| just_beyond(at, policy.overdue_after));
    Verdict {
        checked_at: answer.read_at,
        changes_at: [due_at, overdue_from, stale_from, unknown_from]
            .into_iter()
            .flatten()
            .filter(|at| *at > now)
            .min(),
        ..judged
            .unless_stale(stale_from.is_some_and(|from| now >= from))
            .unless_too_old(unknown_from.is_some_and(|from| now >= from))
            .into_verdict(answer.backup.clone(), fault)
    }
}

/// The first instant at which more than `length` has passed since `at`.
fn just_beyond(at: Timestamp, length: Duration) -> Timestamp {
    at.after(length).after(Duration::from_millis(1))
}

/// The rows of the contract's table, in order: the first that fits wins.
fn judge(backup: &Backup, now: Timestamp, read_at: Timestamp, policy: &Policy) -> Judged {
    let date = &backup.scheduled_date;
    let ahead = date.value().filter(|date| date.at > now);
    let is_one_off = backup.rrule.is_absent() && date.is_absent();
    let unknown = |reason| Judged::new(State::Unknown, Tone::Warning, reason).until(ahead);
    let status = match &backup.status {
        Field::Absent => return unknown(Reason::StatusMissing),
        Field::Malformed(_) => return unknown(Reason::StatusMalformed),
        Field::Value(status) => status,
    };
    match status {
        Status::Stopped => Judged::new(State::Stopped, Tone::Warning, Reason::Stopped),
        Status::InProgress => Judged::new(State::Running, Tone::Info, Reason::Running).naming(ahead),
        Status::Failed => Judged::new(State::Failed, Tone::Bad, Reason::Failed).until(ahead),
        Status::PaymentFailed => Judged::new(State::Failed, Tone::Bad, Reason::PaymentFailed).until(ahead),
        Status::Other(_) => unknown(Reason::StatusUnknown),
        Status::Scheduled if is_one_off => Judged::new(State::OneOff, Tone::Info, Reason::OneOff),
        Status::Completed | Status::Finished if is_one_off => {
            Judged::new(State::OneOff, Tone::Info, Reason::OneOffCompleted)
        }
        Status::Completed | Status::Finished => match (ahead, date.value()) {
            (Some(_), _) => {
                Judged::new(State::Completed, Tone::Good, Reason::CompletedNextAhead).until(ahead)
            }
            (None, Some(_)) => Judged::new(State::Completed, Tone::Neutral, Reason::CompletedNextPassed),
            (None, None) => Judged::new(State::Completed, Tone::Good, Reason::Completed),
        },
        Status::Scheduled => match date {
            Field::Absent => Judged::new(State::Scheduled, Tone::Neutral, Reason::DateMissing),
            Field::Malformed(_) => Judged::new(State::Scheduled, Tone::Neutral, Reason::DateMalformed),
            Field::Value(_) if ahead.is_some() => {
                Judged::new(State::Scheduled, Tone::Good, Reason::Scheduled).until(ahead)
            }
            Field::Value(next) => passed(next, now, read_at, policy).naming(Some(next)),
        },
    }
}

/// A scheduled run whose time has passed.
fn passed(next: &DateTime, now: Timestamp, read_at: Timestamp, policy: &Policy) -> Judged {
    if now.since(next.at) <= policy.overdue_after {
        Judged { countdown: Countdown::Due, ..Judged::new(State::Due, Tone::Info, Reason::Due) }
    } else if read_at > next.at {
        let countdown = Countdown::OverdueSince(next.at);
        Judged { countdown, ..Judged::new(State::Overdue, Tone::Warning, Reason::Overdue) }
    } else {
        // It may well have run: nobody has looked since.
        Judged::new(State::Unknown, Tone::Warning, Reason::NotReadSinceDue)
    }
}

/// A row of the table, before the answer's age and faults are considered.
struct Judged {
    state: State,
    tone: Tone,
    reason: Reason,
    countdown: Countdown,
    next_run: Option<DateTime>,
    stale: bool,
}

impl Judged {
    fn new(state: State, tone: Tone, reason: Reason) -> Judged {
        Judged { state, tone, reason, countdown: Countdown::None, next_run: None, stale: false }
    }

    fn naming(self, next_run: Option<&DateTime>) -> Judged {
        Judged { next_run: next_run.cloned(), ..self }
    }

    fn until(self, next_run: Option<&DateTime>) -> Judged {
        let countdown = next_run.map_or(Countdown::None, |date| Countdown::Until(date.at));
        Judged { countdown, ..self.naming(next_run) }
    }

    /// An answer that is malformed in any field is nothing to be called good.
    fn unless_malformed(self, backup: &Backup) -> Judged {
        match (self.tone, backup.malformed_key()) {
            (Tone::Good, Some(_)) => Judged { tone: Tone::Neutral, reason: Reason::FieldMalformed, ..self },
            _ => self,
        }
    }

    fn unless_stale(self, stale: bool) -> Judged {
        let tone = if stale && self.tone == Tone::Good { Tone::Neutral } else { self.tone };
        Judged { tone, stale, ..self }
    }

    fn unless_too_old(self, too_old: bool) -> Judged {
        if !too_old {
            return self;
        }
        // That a run is due or overdue was known of the past only; what is still ahead may yet be counted to.
        let countdown = match self.countdown {
            Countdown::Until(at) => Countdown::Until(at),
            _ => Countdown::None,
        };
        Judged { state: State::Unknown, tone: Tone::Warning, reason: Reason::TooOld, countdown, ..self }
    }

    fn into_verdict(self, backup: Option<Arc<Backup>>, fault: Option<Fault>) -> Verdict {
        Verdict {
            state: self.state,
            tone: self.tone,
            reason: self.reason,
            countdown: self.countdown,
            next_run: self.next_run,
            backup,
            fault,
            checked_at: None,
            stale: self.stale,
            changes_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultKind;
    use crate::json::Json;

    const NOW: Timestamp = Timestamp::from_millis(1_658_809_725_000);
    const AHEAD: &str = r#""2022-07-28T09:58:45+05:30""#;
    const JUST_PASSED: &str = r#""2022-07-26T09:48:45+05:30""#;
    const LONG_PASSED: &str = r#""2022-07-26T04:58:45+05:30""#;
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3_600);

    /// What is known from a document with these members, read a minute ago.
    fn known(members: &str) -> Knowledge {
        let document: Json = serde_json::from_str(&format!("{{{members}}}")).unwrap();
        let backup = Backup::read(&document).map(Arc::new);
        Knowledge {
            answer: Some(Answer { backup, read_at: Some(NOW.before(MINUTE)) }),
            ..Knowledge::default()
        }
    }

    fn read_at(mut known: Knowledge, at: Option<Timestamp>) -> Knowledge {
        known.answer.as_mut().unwrap().read_at = at;
        known
    }

    fn judged(known: &Knowledge) -> Verdict {
        verdict(known, NOW, &Policy::default())
    }

    fn document(status: &str, date: &str) -> Knowledge {
        known(&format!(r#""status":"{status}","scheduled_date":{date},"rrule":"RRULE:FREQ=WEEKLY;BYDAY=TU""#))
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
        row_none: Knowledge { answer: Some(Answer { backup: None, read_at: Some(NOW) }), ..Knowledge::default() } => None, Warning, NothingScheduled, Never;
        row_error: with_fault(Knowledge::default()) => Error, Warning, Fault, Never;
        row_stopped: document("STOPPED", "null") => Stopped, Warning, Stopped, Never;
        row_stopped_never_counts_down: document("STOPPED", AHEAD) => Stopped, Warning, Stopped, Never;
        row_running: document("INPROGRESS", LONG_PASSED) => Running, Info, Running, Never;
        row_running_does_not_count_down: document("INPROGRESS", AHEAD) => Running, Info, Running, Never;
        row_failed: document("FAILED", LONG_PASSED) => Failed, Bad, Failed, Never;
        row_failed_counts_to_the_next_attempt: document("FAILED", AHEAD) => Failed, Bad, Failed, Until(NEXT);
        row_failed_without_rule_or_date: known(r#""status":"FAILED""#) => Failed, Bad, Failed, Never;
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
        row_completed: document("COMPLETED", "null") => Completed, Good, Completed, Never;
        row_completed_next_ahead: document("COMPLETED", AHEAD) => Completed, Good, CompletedNextAhead, Until(NEXT);
        row_finished_next_ahead: document("FINISHED", AHEAD) => Completed, Good, CompletedNextAhead, Until(NEXT);
        row_completed_next_passed: document("COMPLETED", JUST_PASSED) => Completed, Neutral, CompletedNextPassed, Never;
        row_completed_date_malformed: document("COMPLETED", r#""soon""#) => Completed, Neutral, FieldMalformed, Never;
        row_scheduled: document("SCHEDULED", AHEAD) => Scheduled, Good, Scheduled, Until(NEXT);
        row_scheduled_date_without_rule: known(&format!(r#""status":"SCHEDULED","scheduled_date":{AHEAD}"#)) => Scheduled, Good, Scheduled, Until(NEXT);
        row_scheduled_date_absent: document("SCHEDULED", "null") => Scheduled, Neutral, DateMissing, Never;
        row_scheduled_date_malformed: document("SCHEDULED", r#""next Tuesday""#) => Scheduled, Neutral, DateMalformed, Never;
        row_scheduled_other_field_malformed: known(&format!(r#""status":"SCHEDULED","scheduled_date":{AHEAD},"id":7"#)) => Scheduled, Neutral, FieldMalformed, Until(NEXT);
        row_due: document("SCHEDULED", JUST_PASSED) => Due, Info, Due, Due;
        row_overdue: document("SCHEDULED", LONG_PASSED) => Overdue, Warning, Overdue, OverdueSince(LONG_AGO);
        row_overdue_as_supplied_by_the_host: read_at(document("SCHEDULED", LONG_PASSED), Option::None) => Overdue, Warning, Overdue, OverdueSince(LONG_AGO);
        row_not_read_since_due: read_at(document("SCHEDULED", LONG_PASSED), Some(LONG_AGO)) => Unknown, Warning, NotReadSinceDue, Never;
    }

    fn with_fault(known: Knowledge) -> Knowledge {
        Knowledge { fault: Some(Fault::new(FaultKind::TimedOut)), ..known }
    }

    #[test]
    fn a_fault_leaves_the_last_good_verdict_and_stands_beside_it_at_once() {
        let good = judged(&document("SCHEDULED", AHEAD));
        let faulty = judged(&with_fault(document("SCHEDULED", AHEAD)));
        assert_eq!(faulty.fault.as_ref().map(|fault| fault.kind), Some(FaultKind::TimedOut));
        assert_eq!(Verdict { fault: None, ..faulty }, good);
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
            (document("FAILED", JUST_PASSED), false),
            (Knowledge::default(), false),
        ];
        for (known, expected) in cases {
            assert_eq!(known.is_running_or_due(NOW), expected, "{:?}", judged(&known).state);
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
        assert_eq!(next_run("SCHEDULED", LONG_PASSED), Some(LONG_AGO));
        assert_eq!(next_run("COMPLETED", LONG_PASSED), Option::None);
    }
}

//! What is known of the account's present.

use crate::backup::Status;
use crate::date_time::DateTime;
use crate::history::{Observation, Seen};
use crate::instant::Timestamp;
use crate::reason::Reason;
use std::time::Duration;

/// For how long nothing may be read before somebody is told.
pub const UNREADABLE_AFTER: Duration = Duration::from_secs(3_600);

const A_DAY: Duration = Duration::from_secs(86_400);

/// What is known of the account's present.
#[derive(Clone, Debug, PartialEq)]
pub struct Present {
    /// Whether the schedule goes on, by the last answer.
    pub schedule: Schedule,
    /// Whether answers arrive.
    pub answers: Answers,
    /// Why what is read does not show that the backup is safe, where no other alert tells.
    pub doubt: Option<Doubt>,
    /// The next run, if one is ahead by the last answer.
    pub next_run: Option<DateTime>,
}

/// That what is read does not show that the backup is safe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Why, as the badge says it.
    pub reason: Reason,
    /// Since when that is read.
    pub since: Timestamp,
}

/// Whether the schedule goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// What was read does not tell.
    NotKnown,
    /// It goes on.
    Active,
    /// It was stopped, or is gone.
    Stopped {
        /// When that was read first.
        since: Timestamp,
    },
}

/// Whether answers of Zoho arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// The last question was answered.
    Arriving,
    /// It was not.
    Missing {
        /// When the first question was not answered.
        since: Timestamp,
        /// How long that is ago, by a clock that nobody sets.
        lasted: Duration,
        /// Whether somebody must act before there are answers again.
        is_lasting: bool,
    },
}

impl Present {
    /// What follows from observations in the order in which they were made.
    pub fn of(observations: &[Observation], answers: Answers, now: Timestamp) -> Present {
        let schedule = schedule(observations);
        let next_run = match observations.last().map(|last| &last.seen) {
            Some(Seen::Backup { scheduled_date: Some(date), status, .. }) => {
                (*status != Some(Status::Stopped) && date.at > now).then(|| date.clone())
            }
            _ => None,
        };
        Present { schedule, answers, doubt: None, next_run }
    }

    /// The same, with the reason of the verdict on the last answer.
    pub fn with_reason(self, observations: &[Observation], reason: Reason, now: Timestamp) -> Present {
        let since = observations.last().map(|last| last.first);
        let lasts = |since: &Timestamp| doubted_after(reason).is_some_and(|after| now.since(*since) >= after);
        Present { doubt: since.filter(lasts).map(|since| Doubt { reason, since }), ..self }
    }
}

/// How long such an answer must last before somebody is told; `None` if it is clear, or if other alerts tell.
fn doubted_after(reason: Reason) -> Option<Duration> {
    match reason {
        // For a day already.
        Reason::RunningLong | Reason::CompletedNextMissing => Some(Duration::ZERO),
        Reason::StatusMissing | Reason::StatusMalformed | Reason::StatusUnknown => Some(UNREADABLE_AFTER),
        // Zoho may be late with the next date, and a run may take long.
        Reason::DateMissing | Reason::DateMalformed | Reason::CompletedDateMissing | Reason::Running => {
            Some(A_DAY)
        }
        Reason::Loading
        | Reason::NothingScheduled
        | Reason::Fault
        | Reason::Stopped
        | Reason::Failed
        | Reason::FailedNextPassed
        | Reason::PaymentFailed
        | Reason::PaymentFailedNextPassed
        | Reason::LastRunFailed
        | Reason::LastRunMissed
        | Reason::OneOff
        | Reason::OneOffCompleted
        | Reason::Completed
        | Reason::CompletedNextAhead
        | Reason::CompletedNextPassed
        | Reason::Scheduled
        | Reason::FieldMalformed
        | Reason::RuleContradicts
        | Reason::ClockDisagrees
        | Reason::Due
        | Reason::NotStarted
        | Reason::Overdue
        | Reason::NotReadSinceDue
        | Reason::TooOld => None,
    }
}

/// A schedule that was there, and is not any more, is as good as stopped.
fn schedule(observations: &[Observation]) -> Schedule {
    let is_stopped = |seen: &Seen| match seen {
        Seen::Nothing => true,
        Seen::Backup { status, .. } => *status == Some(Status::Stopped),
    };
    let is_never_set_up = observations.iter().all(|it| it.seen == Seen::Nothing);
    let stopped = observations.iter().rev().take_while(|it| is_stopped(&it.seen));
    match (stopped.last(), observations.last().map(|last| &last.seen)) {
        (Some(first), _) if !is_never_set_up => Schedule::Stopped { since: first.first },
        (None, Some(Seen::Backup { status: Some(status), .. })) if !matches!(status, Status::Other(_)) => {
            Schedule::Active
        }
        _ => Schedule::NotKnown,
    }
}

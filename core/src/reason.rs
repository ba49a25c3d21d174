//! What is shown: a state, its tone, and the reason from which both follow.

named_enum! {
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
        /// The last run did not take place.
        Missed = "missed",
        /// Zoho's status is unknown here, or the answer is too old.
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

named_enum! {
    /// How good or bad the state is.
    pub enum Tone {
        /// Not known to be good or bad.
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

named_enum! {
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
        /// The backup is running, and may have been for more than a day.
        RunningLong = "running-long",
        /// The last run failed.
        Failed = "failed",
        /// The last known run failed, and the time of the next attempt has passed.
        FailedNextPassed = "failed-next-passed",
        /// The last run was not paid for.
        PaymentFailed = "payment-failed",
        /// The last run known was not paid for, and the time of the next attempt has passed.
        PaymentFailedNextPassed = "payment-failed-next-passed",
        /// The answer speaks of another run, but the last one that was seen failed. Only a history tells.
        LastRunFailed = "last-run-failed",
        /// The answer speaks of another run, but the last one that was watched for did not take place. Only a history tells.
        LastRunMissed = "last-run-missed",
        /// The answer has no status.
        StatusMissing = "status-missing",
        /// The status is not a text.
        StatusMalformed = "status-malformed",
        /// The status is unknown here.
        StatusUnknown = "status-unknown",
        /// A single backup is scheduled.
        OneOff = "one-off",
        /// A single backup has completed.
        OneOffCompleted = "one-off-completed",
        /// The last run succeeded and none is to come.
        Completed = "completed",
        /// The last run succeeded and the next is ahead.
        CompletedNextAhead = "completed-next-ahead",
        /// The last known run succeeded, and the time of the next has passed, by a day at most.
        CompletedNextPassed = "completed-next-passed",
        /// The last known run succeeded, but the time of the next has passed more than a day ago.
        CompletedNextMissing = "completed-next-missing",
        /// The last run succeeded, and more are to come, but the time of the next is missing.
        CompletedDateMissing = "completed-date-missing",
        /// The next run is ahead.
        Scheduled = "scheduled",
        /// A run is scheduled, but its time is missing.
        DateMissing = "date-missing",
        /// A run is scheduled, but its time cannot be read.
        DateMalformed = "date-malformed",
        /// The state would be good, but a field of the answer cannot be read.
        FieldMalformed = "field-malformed",
        /// The state would be good, but the rule cannot have a run at the date.
        RuleContradicts = "rule-contradicts",
        /// The state would be good, but this computer's clock and the server's disagree, and it is not known which is
        /// right.
        ClockDisagrees = "clock-disagrees",
        /// The time of the run has come, and no answer was read since.
        Due = "due",
        /// The time of the run has come, and an answer read since still calls it scheduled.
        NotStarted = "not-started",
        /// The run is later than the policy allows, according to an answer read since.
        Overdue = "overdue",
        /// The time of the run passed long ago, and no answer was read since.
        NotReadSinceDue = "not-read-since-due",
        /// The last good answer is too old.
        TooOld = "too-old",
    }
}

/// What a reason is shown as: a row of the contract's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The state. `None` for a doubt, such as [`Reason::FieldMalformed`]: it keeps the state of the row that it replaces.
    pub state: Option<State>,
    /// The tone, of a fresh answer.
    pub tone: Tone,
}

impl Row {
    const fn new(state: State, tone: Tone) -> Row {
        Row { state: Some(state), tone }
    }
}

impl Reason {
    /// The contract's table.
    pub const fn row(self) -> Row {
        match self {
            Reason::Loading => Row::new(State::Loading, Tone::Neutral),
            Reason::NothingScheduled => Row::new(State::None, Tone::Warning),
            Reason::Fault => Row::new(State::Error, Tone::Warning),
            Reason::Stopped => Row::new(State::Stopped, Tone::Warning),
            Reason::Running => Row::new(State::Running, Tone::Info),
            Reason::RunningLong => Row::new(State::Running, Tone::Warning),
            Reason::Failed
            | Reason::FailedNextPassed
            | Reason::PaymentFailed
            | Reason::PaymentFailedNextPassed
            | Reason::LastRunFailed => Row::new(State::Failed, Tone::Bad),
            Reason::LastRunMissed => Row::new(State::Missed, Tone::Warning),
            Reason::StatusMissing | Reason::StatusMalformed | Reason::StatusUnknown => {
                Row::new(State::Unknown, Tone::Warning)
            }
            Reason::OneOff | Reason::OneOffCompleted => Row::new(State::OneOff, Tone::Info),
            Reason::Completed | Reason::CompletedNextAhead => Row::new(State::Completed, Tone::Good),
            Reason::CompletedNextPassed | Reason::CompletedDateMissing => {
                Row::new(State::Completed, Tone::Neutral)
            }
            Reason::CompletedNextMissing => Row::new(State::Completed, Tone::Warning),
            Reason::Scheduled => Row::new(State::Scheduled, Tone::Good),
            Reason::DateMissing | Reason::DateMalformed => Row::new(State::Scheduled, Tone::Neutral),
            Reason::FieldMalformed | Reason::RuleContradicts | Reason::ClockDisagrees => {
                Row { state: None, tone: Tone::Neutral }
            }
            Reason::Due | Reason::NotStarted => Row::new(State::Due, Tone::Info),
            Reason::Overdue => Row::new(State::Overdue, Tone::Warning),
            Reason::NotReadSinceDue | Reason::TooOld => Row::new(State::Unknown, Tone::Warning),
        }
    }
}

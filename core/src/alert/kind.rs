//! Alerts by what they say, and of what.

use crate::history::Outcome;
use crate::instant::Timestamp;

named_enum! {
    /// What is wrong.
    pub enum Trouble {
        /// A run has failed.
        Failed = "failed",
        /// A run has not started.
        Missed = "missed",
        /// The schedule was stopped: there will be no further run.
        Stopped = "stopped",
        /// What is read does not show that the backup is safe.
        Unclear = "unclear",
        /// Nothing could be read for a while.
        Unreadable = "unreadable",
        /// Nothing can be read until somebody changes a setting, a secret or a permission.
        Refused = "refused",
    }
}

named_enum! {
    /// What an alert says of a trouble.
    pub enum News {
        /// It began before there were alerts, or was over when it was found: nobody is told.
        Known = "known",
        /// It has begun.
        Begun = "begun",
        /// It still lasts.
        Reminder = "reminder",
        /// It is over.
        GoodAgain = "good-again",
    }
}

named_enum! {
    /// What a trouble is about. Of each there is one trouble at a time.
    pub enum Topic {
        /// The answers of Zoho.
        Answers = "answers",
        /// The schedule.
        Schedule = "schedule",
        /// What the answers say.
        State = "state",
        /// The runs.
        Runs = "runs",
    }
}

/// An alert: what it says of which trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What it says.
    pub news: News,
    /// Of which trouble.
    pub trouble: Trouble,
    /// Which one of its kind: the date of the run, or when its end was seen if it has none; since when the schedule is
    /// stopped; since when there is no answer. In a reminder: when the alert before it was decided.
    pub key: Timestamp,
    /// When the end of the run was seen, if it is about one.
    pub ended: Option<Timestamp>,
    /// When it was decided.
    pub at: Timestamp,
}

impl Trouble {
    /// What it is about.
    pub fn topic(self) -> Topic {
        match self {
            Trouble::Failed | Trouble::Missed => Topic::Runs,
            Trouble::Stopped => Topic::Schedule,
            Trouble::Unclear => Topic::State,
            Trouble::Unreadable | Trouble::Refused => Topic::Answers,
        }
    }

    /// The trouble that a run is, if it is one.
    pub(super) fn of(outcome: Outcome) -> Option<Trouble> {
        match outcome {
            Outcome::Failed => Some(Trouble::Failed),
            Outcome::Missed => Some(Trouble::Missed),
            Outcome::Completed | Outcome::Passed | Outcome::Stopped | Outcome::NotWatched => None,
        }
    }
}

impl Alert {
    /// The word for it in messages: the trouble's where it begins, otherwise the news'.
    pub fn kind(&self) -> &'static str {
        match self.news {
            News::Begun => self.trouble.name(),
            News::Known | News::Reminder | News::GoodAgain => self.news.name(),
        }
    }

    /// Whether somebody is told.
    pub fn is_told(&self) -> bool {
        self.news != News::Known
    }

    /// Whether another alert says the same.
    pub(super) fn is_same(&self, other: &Alert) -> bool {
        let begins = |alert: &Alert| matches!(alert.news, News::Known | News::Begun);
        let is_same_news = self.news == other.news || (begins(self) && begins(other));
        // What is forgotten of a history may take the date of its first run along.
        let is_undated = |alert: &Alert| alert.ended == Some(alert.key);
        let is_same_run =
            (is_undated(self) || is_undated(other)) && self.ended.is_some() && self.ended == other.ended;
        is_same_news && self.trouble == other.trouble && (self.key == other.key || is_same_run)
    }
}

//! The timelines that have a name.

use std::time::Duration;

use crate::timeline::course::Timeline;
use crate::timeline::story::Story;

/// A timeline by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Ten good runs.
    Good,
    /// Ten good runs, and Zoho says COMPLETED between them.
    CompletedBetween,
    /// Ten runs whose result Zoho never shows.
    Passed,
    /// A run has failed, and the runs since then were good.
    Recovered,
    /// The last run failed, and Zoho waits for the next one.
    FailedThenScheduled,
    /// The last run did not take place, and Zoho waits for the next one.
    MissedThenScheduled,
    /// The last run failed, and the next one is under way.
    RunningAfterFailure,
    /// The gateway did not run for some days.
    NotWatched,
    /// The schedule was deleted after some runs.
    NothingScheduled,
    /// Four weeks with something of everything.
    Month,
}

impl Name {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Good,
        Self::CompletedBetween,
        Self::Passed,
        Self::Recovered,
        Self::FailedThenScheduled,
        Self::MissedThenScheduled,
        Self::RunningAfterFailure,
        Self::NotWatched,
        Self::NothingScheduled,
        Self::Month,
    ];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::CompletedBetween => "completed-between",
            Self::Passed => "passed",
            Self::Recovered => "recovered",
            Self::FailedThenScheduled => "failed-then-scheduled",
            Self::MissedThenScheduled => "missed-then-scheduled",
            Self::RunningAfterFailure => "running-after-failure",
            Self::NotWatched => "not-watched",
            Self::NothingScheduled => "nothing-scheduled",
            Self::Month => "month",
        }
    }

    /// The timeline of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The timeline.
    #[must_use]
    pub fn timeline(self) -> Timeline {
        let hours = Duration::from_hours;
        let days = |days: u64| hours(24 * days);
        let daily = Story::daily_at(2, 0);
        match self {
            Self::Good => daily.completes(10).ends_after(hours(9)),
            Self::CompletedBetween => {
                daily.results_are_shown_until_the_next_run().completes(10).ends_after(hours(9))
            }
            Self::Passed => daily.passes(10).ends_after(hours(9)),
            Self::Recovered => daily.completes(7).fails().completes(2).ends_after(hours(9)),
            Self::FailedThenScheduled => daily.completes(9).fails().ends_after(hours(9)),
            Self::MissedThenScheduled => daily.completes(9).is_missed().ends_after(hours(6)),
            Self::RunningAfterFailure => daily.completes(8).fails().is_running_for(Duration::from_mins(10)),
            Self::NotWatched => {
                daily.completes(4).is_not_watched(hours(10), days(3)).completes(6).ends_after(hours(9))
            }
            Self::NothingScheduled => daily.completes(5).is_deleted().ends_after(hours(9)),
            Self::Month => daily
                .completes(6)
                .zoho_is_down(hours(6), hours(4))
                .completes(4)
                .completes_in(hours(5))
                .completes(7)
                .fails()
                .completes(2)
                .is_missed()
                .completes(1)
                .is_stopped_for(days(2))
                .completes(1)
                .is_moved_by(hours(3))
                .completes(2)
                .ends_after(hours(9)),
        }
    }
}

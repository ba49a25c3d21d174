//! A timeline: what Zoho says when, and what is true.

use std::ops::Range;

use zoho_backup_core::history::Outcome;
use zoho_backup_core::instant::Timestamp;

use crate::timeline::said::Said;

/// The course of one backup over weeks.
#[derive(Clone, Debug)]
pub struct Timeline {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    /// What Zoho says from each instant on, in their order. The first is the start.
    pub(super) said: Vec<(Timestamp, Said)>,
    /// When Zoho is down.
    pub(super) down: Vec<Range<Timestamp>>,
    /// When nobody watches.
    pub(super) unwatched: Vec<Range<Timestamp>>,
    pub(super) runs: Vec<TrueRun>,
}

/// What truly became of a run that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrueRun {
    /// When it was due.
    pub due: Timestamp,
    /// When it ended, or it was certain that it does not take place.
    pub ended: Timestamp,
    /// How it went: completed, passed (Zoho never says), failed, stopped or missed.
    pub outcome: Outcome,
}

impl Timeline {
    /// When it begins, and the watch with it.
    #[must_use]
    pub fn start(&self) -> Timestamp {
        self.start
    }

    /// When it ends.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        self.end
    }

    /// The runs that were due, the oldest first. A run that is under way at the end is none.
    #[must_use]
    pub fn runs(&self) -> &[TrueRun] {
        &self.runs
    }

    /// What Zoho says at this instant.
    #[must_use]
    pub fn said_at(&self, at: Timestamp) -> &Said {
        if self.down.iter().any(|time| time.contains(&at)) {
            return &Said::Down;
        }
        let later = self.said.partition_point(|(from, _)| *from <= at);
        self.said.get(later.saturating_sub(1)).map_or(&Said::Nothing, |(_, said)| said)
    }

    /// Whether the gateway runs at this instant.
    #[must_use]
    pub fn is_watched(&self, at: Timestamp) -> bool {
        !self.unwatched.iter().any(|time| time.contains(&at))
    }
}

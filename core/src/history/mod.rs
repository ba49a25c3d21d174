//! What was seen of a backup over time, and which runs follow from it. Zoho's API knows only the present; whoever keeps
//! watching can tell what became of a run, and only that.

pub mod observation;
pub mod run;

pub use observation::{Observation, Seen};
pub use run::{Between, Outcome, Run};

use crate::instant::Timestamp;

/// What readers are told of the past.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The last runs, the latest first.
    pub runs: Vec<Run>,
    /// The last run that was good, as far as was seen.
    pub last_good: Option<Run>,
    /// How many runs have failed or were missed since then.
    pub failures_since: u32,
    /// Since when the backup is watched.
    pub watched_since: Option<Timestamp>,
}

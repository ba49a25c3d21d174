//! How watching and remembering go, and what follows from what is remembered.

use std::time::Duration;

use zoho_backup_core::history::History;
use zoho_backup_core::policy::Policy;

use crate::alerts::report::Report as AlertReport;
use crate::store::Report;
use crate::store::problem::StoreProblem;

/// How watching and remembering go, and what follows from what is remembered, for an administrator.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Upkeep {
    /// How often the gateway asks Zoho by itself, if it is to.
    pub watch_interval: Option<Duration>,
    /// How the store is, if there is one.
    pub store: Option<Report>,
    /// How the alerts are, if any are sent.
    pub alerts: Option<AlertReport>,
    /// By what the gateway judges.
    pub policy: Policy,
    /// What is known of past runs, if anything was seen and is remembered.
    pub history: Option<History>,
}

impl Upkeep {
    /// Whether the gateway asks by itself; `None` if it is not to.
    #[must_use]
    pub fn is_watching(&self) -> Option<bool> {
        let problem = self.store.as_ref().and_then(|store| store.problem.as_ref());
        self.watch_interval.map(|_| problem != Some(&StoreProblem::Taken))
    }

    /// Whether the gateway remembers; `None` if it is not to.
    #[must_use]
    pub fn is_remembering(&self) -> Option<bool> {
        self.store.as_ref().map(|store| store.problem.is_none())
    }
}

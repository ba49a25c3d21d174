//! How the alerts are, for an administrator.

use std::collections::BTreeMap;

use zoho_backup_core::instant::Timestamp;

use crate::alerts::problem::Problem;

/// How the alerts are, for an administrator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many are not delivered yet.
    pub waiting: usize,
    /// When one was delivered last, in this process or before.
    pub last_delivered: Option<Timestamp>,
    /// Why and when one was not delivered last, in this process.
    pub last_problem: Option<(Problem, Timestamp)>,
    /// How many this process has delivered.
    pub sent: u64,
    /// How often this process failed to deliver one, by the name of the problem.
    pub failures: BTreeMap<&'static str, u64>,
}

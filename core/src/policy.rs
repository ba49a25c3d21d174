//! What a host decides about verdicts.

use std::time::Duration;

/// Seconds between fetches by default.
pub const REFRESH_INTERVAL: u64 = 300;
/// Seconds until *due* becomes *overdue* by default. A run takes minutes to hours.
pub const OVERDUE_AFTER: u64 = 3_600;

/// What a host decides about verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How long after its date a run is *due* before it is *overdue*.
    pub overdue_after: Duration,
    /// The age beyond which an answer is stale.
    pub stale_after: Duration,
}

impl Policy {
    /// The policy for a refresh interval; without one, answers age as with the default interval.
    pub fn new(overdue_after: Duration, refresh_interval: Option<Duration>) -> Policy {
        let interval = refresh_interval.unwrap_or(Duration::from_secs(REFRESH_INTERVAL));
        let stale_after = interval.saturating_mul(2).saturating_add(Duration::from_secs(10));
        Policy { overdue_after, stale_after }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy::new(Duration::from_secs(OVERDUE_AFTER), None)
    }
}

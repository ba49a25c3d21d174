//! An alert, and how far its delivery is.

use std::time::Duration;

use zoho_backup_core::alert::Alert;
use zoho_backup_core::instant::Timestamp;

/// An alert, and how far its delivery is. All times are by Zoho's clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAlert {
    /// Its id: the same however often it is sent.
    pub id: String,
    /// What it says.
    pub alert: Alert,
    /// What it tells, as JSON.
    pub facts: String,
    /// How often it was tried to send it, the attempt under way included.
    pub attempts: u32,
    /// When that was tried last.
    pub last_attempt: Option<Timestamp>,
    /// How long to wait after that.
    pub pause: Duration,
    /// What became of it.
    pub state: AlertState,
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertState {
    /// Nobody is to be told.
    Known,
    /// It is not delivered yet.
    Waiting,
    /// The receiver has accepted it.
    Delivered(Timestamp),
    /// It could not be delivered for too long.
    GivenUp,
}

impl AlertState {
    /// As it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AlertState::Known => "known",
            AlertState::Waiting => "waiting",
            AlertState::Delivered(_) => "delivered",
            AlertState::GivenUp => "given-up",
        }
    }
}

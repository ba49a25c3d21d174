//! Who carries alerts and pings to their receivers: HTTP, or a substitute in tests.

use std::fmt::Debug;

use futures_util::future::BoxFuture;

use crate::alerts::problem::Refusal;

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The id of the alert, for `Idempotency-Key`.
    pub id: String,
    /// Its body: JSON.
    pub body: String,
}

/// Who carries alerts and pings to their receivers. What it resolves to is the status of an answer that accepts.
pub trait Courier: Debug + Send + Sync + 'static {
    /// Sends an alert.
    fn post(&self, parcel: Parcel) -> BoxFuture<'static, Result<u16, Refusal>>;

    /// Pings the monitor.
    fn ping(&self) -> BoxFuture<'static, Result<u16, Refusal>>;
}

//! The outbox: alerts from their decision until they are delivered. What is put in is on the disk when that returns, if
//! the disk can be written; otherwise it is in memory.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::timeout;
use zoho_backup_core::instant::Timestamp;

use crate::alerts::problem::Problem;
use crate::alerts::report::Report;
use crate::retry_after::timestamp;
use crate::store::Store;
use crate::store::stored_alert::{AlertState, StoredAlert};
use crate::zoho_clock::ZohoClock;

/// How long a disk is waited for. One that hangs must not silence the alerts.
const DISK_WAIT: Duration = Duration::from_secs(10);

/// The outbox. Clones share it.
#[derive(Clone, Debug)]
pub struct Outbox(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    store: Store,
    clock: ZohoClock,
    /// Notified when there may be a new alert.
    added: Notify,
    /// What this process has seen.
    seen: Mutex<Report>,
}

impl Outbox {
    /// The outbox in this store.
    #[must_use]
    pub fn new(store: Store, clock: ZohoClock) -> Outbox {
        Outbox(Arc::new(Shared { store, clock, added: Notify::new(), seen: Mutex::default() }))
    }

    /// Where it is kept.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Now, by Zoho's clock as far as it is known.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        timestamp(self.0.clock.date_of(self.0.clock.moment()))
    }

    /// Adds alerts.
    pub async fn add(&self, alerts: Vec<StoredAlert>) {
        for alert in alerts {
            self.0.store.put_alert(alert);
        }
        self.flush().await;
    }

    /// Resolves when there may be a new alert.
    pub async fn added(&self) {
        self.0.added.notified().await;
    }

    /// The alert that is to be sent next: the oldest that waits.
    #[must_use]
    pub fn next(&self) -> Option<StoredAlert> {
        self.0.store.alerts().into_iter().find(|alert| alert.state == AlertState::Waiting)
    }

    /// Takes over how far the delivery of an alert is.
    pub async fn update(&self, alert: StoredAlert) {
        self.0.store.put_alert(alert);
        self.flush().await;
    }

    /// Writes what is not yet written. Where the store could not be opened before, that may bring alerts that wait.
    pub async fn flush(&self) {
        // Without the disk, it goes on from memory.
        let _ = timeout(DISK_WAIT, self.0.store.flush()).await;
        self.0.added.notify_one();
    }

    /// An alert was delivered.
    pub fn delivered(&self) {
        self.seen().sent += 1;
    }

    /// An alert was not delivered.
    pub fn failed(&self, problem: Problem) {
        let now = self.now();
        let mut seen = self.seen();
        *seen.failures.entry(problem.name()).or_default() += 1;
        seen.last_problem = Some((problem, now));
    }

    /// How the alerts are.
    #[must_use]
    pub fn report(&self) -> Report {
        let alerts = self.0.store.alerts();
        let delivered = alerts.iter().filter_map(|alert| match alert.state {
            AlertState::Delivered(at) => Some(at),
            AlertState::Known | AlertState::Waiting | AlertState::GivenUp => None,
        });
        let last_delivered = delivered.max();
        let waiting = alerts.iter().filter(|alert| alert.state == AlertState::Waiting).count();
        Report { waiting, last_delivered, ..self.seen().clone() }
    }

    fn seen(&self) -> MutexGuard<'_, Report> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

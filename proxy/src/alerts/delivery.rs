//! The delivery: one alert at a time, in their order, each until it is accepted.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

use crate::alerts::courier::{Courier, Parcel};
use crate::alerts::format::AlertFormat;
use crate::alerts::outbox::Outbox;
use crate::alerts::pace::Pace;
use crate::alerts::problem::Refusal;
use crate::alerts::text::Said;
use crate::store::stored_alert::{AlertState, StoredAlert};

/// How often a process looks that waits for another one to end.
const TAKEN_WAIT: Duration = Duration::from_secs(60);

/// What sends the alerts of an outbox. Clones share it.
#[derive(Clone, Debug)]
pub struct Delivery {
    outbox: Outbox,
    courier: Arc<dyn Courier>,
    format: AlertFormat,
    label: Arc<str>,
    pace: Pace,
    /// Locked while an alert is sent.
    in_flight: Arc<Mutex<()>>,
}

impl Delivery {
    /// Sends what is in this outbox, in this format and at this pace. The label names the account.
    #[must_use]
    pub fn new(
        outbox: Outbox,
        courier: Arc<dyn Courier>,
        format: AlertFormat,
        label: String,
        pace: Pace,
    ) -> Delivery {
        Delivery { outbox, courier, format, label: label.into(), pace, in_flight: Arc::default() }
    }

    /// What it sends.
    #[must_use]
    pub fn outbox(&self) -> &Outbox {
        &self.outbox
    }

    /// Resolves when nothing is being sent.
    pub async fn idle(&self) {
        drop(self.in_flight.lock().await);
    }

    /// Sends for ever. `chance` is random.
    pub async fn run(&self, mut chance: impl FnMut() -> u32) {
        let mut due = None;
        loop {
            if self.outbox.store().is_taken() {
                sleep(TAKEN_WAIT).await;
                continue;
            }
            let Some(next) = self.outbox.next() else {
                due = None;
                self.outbox.added().await;
                continue;
            };
            // Of an alert that was tried before this process began, only the system's clock tells when.
            sleep_until(due.take().unwrap_or_else(|| Instant::now() + self.rest(&next))).await;
            let delivery = self.clone();
            let chance = chance();
            // In its own task, so that what is being sent is not cut off at once when the program ends.
            let attempt = tokio::spawn(async move { delivery.attempt(next, chance).await });
            // An error means that it panicked, or that the runtime ends.
            let pause = attempt.await.unwrap_or(Some(self.pace.longest));
            due = pause.map(|pause| Instant::now() + pause);
        }
    }

    /// Sends an alert once. Returns how long to wait before the next attempt; `None` if it was accepted.
    async fn attempt(&self, next: StoredAlert, chance: u32) -> Option<Duration> {
        let _in_flight = self.in_flight.lock().await;
        let attempts = next.attempts.saturating_add(1);
        let last_attempt = Some(self.outbox.now());
        let noted = StoredAlert { attempts, last_attempt, pause: self.pace.after(attempts), ..next };
        // Before it is sent: a process that ends meanwhile does not send it again at once.
        self.outbox.update(noted.clone()).await;
        let body = self.format.body(&Said::of(&noted, &self.label));
        match self.courier.post(Parcel { id: noted.id.clone(), body }).await {
            Ok(_) => {
                let (id, kind) = (noted.id.clone(), noted.alert.kind());
                let state = AlertState::Delivered(self.outbox.now());
                self.outbox.update(StoredAlert { state, ..noted }).await;
                self.outbox.delivered();
                tracing::info!(id, kind, "an alert was delivered");
                None
            }
            Err(refusal) => Some(self.refused(noted, &refusal, chance).await),
        }
    }

    async fn refused(&self, noted: StoredAlert, refusal: &Refusal, chance: u32) -> Duration {
        let pause = self.pace.after_refusal(noted.attempts, refusal, chance);
        let (problem, seconds) = (refusal.problem, pause.as_secs());
        self.outbox.failed(problem);
        let id = &noted.id;
        // Only after an attempt: the machine may have been off for a week.
        let state = if self.is_too_old(&noted) {
            tracing::error!(id, "an alert is given up: it could not be delivered for too long: {problem}");
            AlertState::GivenUp
        } else {
            tracing::warn!(
                id,
                "an alert was not delivered: {problem}; the next attempt is in {seconds} seconds"
            );
            noted.state
        };
        self.outbox.update(StoredAlert { pause, state, ..noted }).await;
        pause
    }

    /// How much longer to wait. A clock that was set back makes it no longer than the pause.
    fn rest(&self, alert: &StoredAlert) -> Duration {
        let Some(last) = alert.last_attempt else { return Duration::ZERO };
        alert.pause.saturating_sub(self.outbox.now().since(last))
    }

    fn is_too_old(&self, alert: &StoredAlert) -> bool {
        self.outbox.now().since(alert.alert.at) > self.pace.give_up_after
    }
}

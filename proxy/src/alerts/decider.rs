//! After every question to Zoho: what is to be told by core's rules is put into the outbox.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use zoho_backup_core::alert::{self, Alert, Facts, Present, decide};
use zoho_backup_core::gateway_code::GatewayCode;
use zoho_backup_core::history::History;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::policy::Policy;

use crate::alerts::outbox::Outbox;
use crate::answers::Answers;
use crate::judgement::{now_by, of_answer};
use crate::observations::Observations;
use crate::representation::fingerprint;
use crate::store::stored_alert::{AlertState, StoredAlert};

/// Decides what is to be told.
#[derive(Debug)]
pub struct Decider {
    outbox: Outbox,
    answers: Arc<Answers>,
    observations: Arc<Observations>,
    policy: Policy,
    account: String,
    outage: Option<Outage>,
}

/// Since when there is no answer.
#[derive(Clone, Copy, Debug)]
struct Outage {
    /// By Zoho's clock.
    since: Timestamp,
    /// By a clock that nobody sets.
    began: Instant,
}

impl Decider {
    /// Decides for this account, by this policy.
    #[must_use]
    pub fn new(
        outbox: Outbox,
        answers: Arc<Answers>,
        observations: Arc<Observations>,
        policy: Policy,
        account: String,
    ) -> Decider {
        Decider { outbox, answers, observations, policy, account, outage: None }
    }

    /// Decides for ever, after every question to Zoho.
    pub async fn run(mut self) {
        let mut changes = self.answers.changes();
        loop {
            self.decide().await;
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    async fn decide(&mut self) {
        let store = self.outbox.store();
        // What the answer said must be in the history. Another process tells its own.
        self.outbox.flush().await;
        if store.is_taken() {
            return;
        }
        let (now, observations) = (self.outbox.now(), store.observations());
        let told: Vec<_> = store.alerts().iter().map(|stored| stored.alert).collect();
        // What a history says that may be days old, is told only after a question.
        let Some((answers, code)) = self.answers(now) else { return };
        let history = History::of(&observations, now, self.policy.overdue_after);
        let present = Present::of(&observations, answers, now);
        let answer = self.answers.last();
        let present = match answer.filter(|_| answers == alert::Answers::Arriving) {
            Some(answer) => {
                let reason = of_answer(&answer, now_by(&answer), &self.policy).reason;
                present.with_reason(&observations, reason, now)
            }
            None => present,
        };
        let new = decide(&history, &present, &told, now);
        if new.is_empty() {
            return;
        }
        let stored = new.into_iter().map(|alert| {
            let facts = Facts::of(&alert, &history, &present, code.as_deref()).to_json();
            StoredAlert {
                id: id(&self.account, &alert),
                alert,
                facts: facts.to_string(),
                attempts: 0,
                last_attempt: None,
                pause: Duration::ZERO,
                state: if alert.is_told() { AlertState::Waiting } else { AlertState::Known },
            }
        });
        self.outbox.add(stored.collect()).await;
    }

    /// Whether answers arrive, and the code of the failure if they do not. `None` before the first.
    fn answers(&mut self, now: Timestamp) -> Option<(alert::Answers, Option<String>)> {
        let latest = self.answers.latest();
        if latest.failure.is_none() {
            self.outage = None;
            return latest.answer.map(|_| (alert::Answers::Arriving, None));
        }
        let outage = *self.outage.get_or_insert_with(|| Outage { since: now, began: Instant::now() });
        let failure = self.observations.so_far().last_failure;
        // That no token is issued may pass, but rarely does.
        let is_lasting = failure.as_ref().is_some_and(|failure| {
            !failure.passes_by_itself || failure.code == GatewayCode::TokenRefused.name()
        });
        let missing =
            alert::Answers::Missing { since: outage.since, lasted: outage.began.elapsed(), is_lasting };
        Some((missing, failure.map(|failure| failure.code)))
    }
}

/// The id of an alert: of the same fact the same, also in a process that does not know that it was told.
fn id(account: &str, alert: &Alert) -> String {
    let Alert { news, trouble, key, .. } = alert;
    fingerprint(format!("{account}\n{news}\n{trouble}\n{}", key.as_millis()).as_bytes())
}

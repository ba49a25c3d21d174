//! Alerts: somebody is told of a backup that is not safe, and somebody outside hears that the gateway watches.
//!
//! After every answer, and after every failure, [`decider`] lets core decide what is to be told. An alert is in the
//! [`outbox`], and on the disk, before [`delivery`] sends it, one at a time and in their order, until the receiver accepts
//! it. [`heartbeat`] pings a monitor after answers.

pub mod address;
pub mod courier;
pub mod decider;
pub mod delivery;
pub mod format;
pub mod heartbeat;
pub mod http_courier;
pub mod outbox;
pub mod pace;
pub mod problem;
pub mod report;
pub mod test_alert;
pub mod text;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use zoho_backup_core::policy::Policy;

use crate::answers::Answers;
use crate::config::alerts::AlertSettings;
use crate::observations::Observations;
use crate::store::Store;
use crate::zoho_clock::ZohoClock;

use self::courier::Courier;
use self::decider::Decider;
use self::delivery::Delivery;
use self::outbox::Outbox;
use self::pace::Pace;
use self::report::Report;

/// How long the end of the program waits for an alert that is being sent.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// What tells somebody. Clones share it.
#[derive(Clone, Debug)]
pub struct Alerts {
    courier: Arc<dyn Courier>,
    store: Option<Store>,
    /// Where alerts are sent, if they are.
    delivery: Option<Delivery>,
    has_heartbeat: bool,
    policy: Policy,
    /// What tells this account's alerts from those of others.
    account: String,
}

impl Alerts {
    /// What tells somebody by these settings; `None` if they name nobody. Alerts need a store.
    pub fn new(
        settings: &AlertSettings,
        courier: Arc<dyn Courier>,
        store: Option<Store>,
        clock: ZohoClock,
        policy: Policy,
        account: String,
    ) -> Option<Alerts> {
        let (sends, has_heartbeat) = (settings.url.is_some(), settings.heartbeat_url.is_some());
        (sends || has_heartbeat).then_some(())?;
        let outbox = store.clone().filter(|_| sends).map(|store| Outbox::new(store, clock));
        let delivery = outbox.map(|outbox| {
            Delivery::new(outbox, courier.clone(), settings.format, settings.label.clone(), Pace::default())
        });
        Some(Alerts { courier, store, delivery, has_heartbeat, policy, account })
    }

    /// Decides, sends and pings for ever. `chance` is random.
    pub async fn run(
        &self,
        answers: &Arc<Answers>,
        observations: &Arc<Observations>,
        chance: impl FnMut() -> u32,
    ) {
        let send = async {
            let Some(delivery) = &self.delivery else { return };
            let decider = Decider::new(
                delivery.outbox().clone(),
                answers.clone(),
                observations.clone(),
                self.policy,
                self.account.clone(),
            );
            tokio::join!(decider.run(), delivery.run(chance));
        };
        let ping = async {
            if self.has_heartbeat {
                heartbeat::run(&self.courier, answers, self.store.as_ref()).await;
            }
        };
        tokio::join!(send, ping);
    }

    /// Waits for an alert that is being sent, but not for long.
    pub async fn close(&self) {
        if let Some(delivery) = &self.delivery {
            // What is not known to be delivered by then is sent again after the next start.
            let _ = timeout(LAST_WAIT, delivery.idle()).await;
        }
    }

    /// How the alerts are; `None` if none are sent.
    #[must_use]
    pub fn report(&self) -> Option<Report> {
        self.delivery.as_ref().map(|delivery| delivery.outbox().report())
    }
}

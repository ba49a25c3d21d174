//! The alerts in memory: as they are, whether or not that is on the disk yet.

use super::alert_table::KEPT;
use super::database::Entry;
use super::stored_alert::{AlertState, StoredAlert};
use super::{Store, View};

impl Store {
    /// The alerts, in their order.
    #[must_use]
    pub fn alerts(&self) -> Vec<StoredAlert> {
        self.view().alerts.clone()
    }

    /// Adds an alert, or replaces the one of its id. [`Store::flush`] brings it to the disk, if that can be written.
    pub fn put_alert(&self, alert: StoredAlert) {
        self.view().put(alert.clone());
        self.enqueue(Entry::Alert(alert));
    }
}

impl View {
    /// Takes over what the file has. What this process knows is newer, unless the file says what became of it.
    pub(super) fn merge_alerts(&mut self, stored: Vec<StoredAlert>) {
        let known = std::mem::replace(&mut self.alerts, stored);
        for alert in known {
            let is_settled =
                |other: &&StoredAlert| other.id == alert.id && other.state != AlertState::Waiting;
            if !self.alerts.iter().any(|other| is_settled(&other)) {
                self.put(alert);
            }
        }
    }

    fn put(&mut self, alert: StoredAlert) {
        let trouble = alert.alert.trouble;
        match self.alerts.iter_mut().find(|other| other.id == alert.id) {
            Some(other) => *other = alert,
            None => self.alerts.push(alert),
        }
        // As on the disk.
        let mut later = self.alerts.iter().filter(|other| other.alert.trouble == trouble).count();
        self.alerts.retain(|other| {
            if other.alert.trouble != trouble {
                return true;
            }
            later -= 1;
            later < KEPT as usize || other.state == AlertState::Waiting
        });
    }
}

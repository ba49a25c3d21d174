//! `--alert-test`: sends one alert that says that it is a test.

use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use zoho_backup_core::alert::Facts;

use crate::alerts::courier::{Courier, Parcel};
use crate::alerts::problem::Refusal;
use crate::alerts::text::Said;
use crate::config::alerts::AlertSettings;
use crate::retry_after::timestamp;

/// Sends a test. Returns the status of the answer that accepts it.
///
/// # Errors
/// Why it was not accepted.
pub async fn send_test(settings: &AlertSettings, courier: &dyn Courier) -> Result<u16, Refusal> {
    let at = timestamp(SystemTime::now());
    // Each test is another one.
    let half = || RandomState::new().hash_one(at.as_millis());
    let id = format!("{:016x}{:016x}", half(), half());
    let label = settings.label.clone();
    let said = Said { id: id.clone(), alert: None, at, label, facts: Facts::default() };
    courier.post(Parcel { id, body: settings.format.body(&said) }).await
}

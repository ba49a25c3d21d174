//! `--alert-test`: sends one alert that says that it is a test.

use std::time::SystemTime;

use zoho_backup_core::alert::Facts;

use crate::alerts::courier::{Courier, Parcel};
use crate::alerts::problem::Refusal;
use crate::alerts::text::Said;
use crate::config::alerts::AlertSettings;
use crate::request_id::RequestIds;
use crate::retry_after::timestamp;

/// Sends a test. Returns the status of the answer that accepts it.
///
/// # Errors
/// Why it was not accepted.
pub async fn send_test(settings: &AlertSettings, courier: &dyn Courier) -> Result<u16, Refusal> {
    let at = timestamp(SystemTime::now());
    // Each test is another one.
    let ids = RequestIds::default();
    let id = ids.next() + &ids.next();
    let label = settings.label.clone();
    let said = Said { id: id.clone(), alert: None, at, label, facts: Facts::default() };
    courier.post(Parcel { id, body: settings.format.body(&said) }).await
}

//! The heartbeat: after answers of Zoho somebody outside is pinged, who notices when that ends.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::alerts::courier::Courier;
use crate::answers::Answers;
use crate::store::Store;

/// The shortest time between two pings.
const INTERVAL: Duration = Duration::from_secs(60);

/// Pings for ever: after each question to Zoho that was answered, at most once a minute. A ping that fails is not repeated:
/// the next answer brings the next one.
pub async fn run(courier: &Arc<dyn Courier>, answers: &Arc<Answers>, store: Option<&Store>) {
    let mut changes = answers.changes();
    let (mut last, mut problem) = (None::<Instant>, None);
    loop {
        let latest = answers.latest();
        let is_answered = latest.answer.is_some() && latest.failure.is_none();
        let is_ours = store.is_none_or(|store| !store.is_taken());
        if is_answered && is_ours && last.is_none_or(|last| last.elapsed() >= INTERVAL) {
            last = Some(Instant::now());
            let new_problem = courier.ping().await.err().map(|refusal| refusal.problem);
            match new_problem {
                Some(new) if problem != new_problem => tracing::warn!("no heartbeat was sent: {new}"),
                None if problem.is_some() => tracing::info!("heartbeats are sent again"),
                _ => {}
            }
            problem = new_problem;
        }
        if changes.changed().await.is_err() {
            return;
        }
    }
}

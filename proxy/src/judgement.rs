//! What a result of the gateway means, by core's rules: what a widget with the default policy shows of it. All of it is
//! by Zoho's clock.

use std::time::Duration;

use serde_json::from_value;
use zoho_backup_core::clock::Clock;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reply::{self, Body, Reply};
use zoho_backup_core::verdict::{self, Verdict, verdict};

use crate::answers::CachedAnswer;
use crate::error_shape::ErrorShape;
use crate::failure::Failure;
use crate::retry_after::timestamp;

/// The present, as this answer tells.
#[must_use]
pub fn now_by(answer: &CachedAnswer) -> Timestamp {
    timestamp(answer.date).after(answer.age())
}

/// The verdict on an answer, at that instant.
#[must_use]
pub fn of_answer(answer: &CachedAnswer, now: Timestamp, policy: &Policy) -> Verdict {
    verdict(&knowledge(answer, None), now, policy)
}

/// Whether a run is due, or under way since then.
#[must_use]
pub fn is_running_or_due(answer: &CachedAnswer, running_since: Option<Timestamp>, now: Timestamp) -> bool {
    verdict::is_running_or_due(&knowledge(answer, running_since), now)
}

fn knowledge(answer: &CachedAnswer, running_since: Option<Timestamp>) -> Knowledge {
    let freshness = Some(Freshness::new(timestamp(answer.date), Duration::ZERO, None));
    let backup = answer.document.as_ref().map(|document| document.backup.clone());
    let answer = Some(Answer { backup, history: answer.history.clone(), freshness, running_since });
    Knowledge { answer, fault: None, clock: Clock::default() }
}

/// The verdict while there is no answer because of this failure. A widget reads it from the body that it gets, and so
/// does this: cause and remedy are the same.
#[must_use]
pub fn of_failure(failure: &Failure, now: Timestamp) -> Verdict {
    let fault = fault(failure);
    verdict(&Knowledge { fault, ..Knowledge::default() }, now, &Policy::default())
}

/// The verdict while it is not known whether there is an answer.
#[must_use]
pub fn not_known_yet(now: Timestamp) -> Verdict {
    verdict(&Knowledge::default(), now, &Policy::default())
}

fn fault(failure: &Failure) -> Option<Fault> {
    let shape = ErrorShape::from(failure);
    let document: Json = from_value(shape.body()).ok()?;
    reply::read(Reply { status: shape.status.as_u16(), body: Body::Json(document), retry_at: None }).err()
}

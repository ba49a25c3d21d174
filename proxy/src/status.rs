//! The status of this process as JSON, for an administrator. What is not known is null.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zoho_backup_core::history::History;

use crate::answers::CachedAnswer;
use crate::metrics::token_remaining;
use crate::observations::{Observed, PastFailure, Success};
use crate::store::Report;
use crate::upkeep::Upkeep;

/// The last success and failure, the age of the cached answer, the remaining life of the token, and how watching and
/// remembering go, with what is known of past runs.
#[must_use]
pub fn status(observed: &Observed, answer: Option<&CachedAnswer>, upkeep: &Upkeep) -> Value {
    let success = observed.last_success.as_ref();
    let failure = observed.last_failure.as_ref();
    json!({
        "last_success": success.map(|Success { at, code }| json!({ "at": written(*at), "code": code })),
        "last_failure": failure.map(|PastFailure { at, code, passes_by_itself }| {
            json!({ "at": written(*at), "code": code, "passes_by_itself": passes_by_itself })
        }),
        "answer_age_seconds": answer.map(|answer| answer.age().as_secs()),
        "token_remaining_seconds": token_remaining(observed).as_ref().map(Duration::as_secs),
        "watching": upkeep.is_watching(),
        "store": upkeep.store.as_ref().map(|Report { problem, observations, moved_aside }| {
            json!({
                "ok": problem.is_none(),
                "problem": problem.as_ref().map(ToString::to_string),
                "observations": observations,
                "moved_aside": moved_aside,
            })
        }),
        "history": upkeep.history.as_ref().and_then(written_history),
    })
}

/// By way of text, in which whole numbers have no fraction.
fn written_history(history: &History) -> Option<Value> {
    serde_json::from_str(&history.to_json().to_string()).ok()
}

/// A time in UTC, to the second; `None` for one that the format cannot express.
fn written(at: SystemTime) -> Option<String> {
    OffsetDateTime::from(at).truncate_to_second().format(&Rfc3339).ok()
}

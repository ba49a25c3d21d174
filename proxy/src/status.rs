//! The status of this process as JSON, for an administrator. What is not known is null.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::answers::CachedAnswer;
use crate::metrics::token_remaining;
use crate::observations::{Observed, PastFailure, Success};

/// The last success and failure, the age of the cached answer, and the remaining life of the token.
#[must_use]
pub fn status(observed: &Observed, answer: Option<&CachedAnswer>) -> Value {
    let success = observed.last_success.as_ref();
    let failure = observed.last_failure.as_ref();
    json!({
        "last_success": success.map(|Success { at, code }| json!({ "at": written(*at), "code": code })),
        "last_failure": failure.map(|PastFailure { at, code, passes_by_itself }| {
            json!({ "at": written(*at), "code": code, "passes_by_itself": passes_by_itself })
        }),
        "answer_age_seconds": answer.map(|answer| answer.age().as_secs()),
        "token_remaining_seconds": token_remaining(observed).as_ref().map(Duration::as_secs),
    })
}

/// A time in UTC, to the second; `None` for one that the format cannot express.
fn written(at: SystemTime) -> Option<String> {
    OffsetDateTime::from(at).truncate_to_second().format(&Rfc3339).ok()
}

//! The status of this process as JSON, for an administrator. What is not known is null.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;

use crate::alerts::report::Report as AlertReport;
use crate::answers::CachedAnswer;
use crate::json_value::json_value;
use crate::metrics::token_remaining;
use crate::observations::{Observed, PastFailure, Success};
use crate::store::Report;
use crate::upkeep::Upkeep;

/// The last success and failure, the age of the cached answer, the remaining life of the token, and how watching,
/// remembering and telling go, with what is known of past runs.
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
        "alerts": upkeep.alerts.as_ref().map(alerts),
        "history": upkeep.history.as_ref().map(|history| json_value(&history.to_json())),
    })
}

fn alerts(report: &AlertReport) -> Value {
    json!({
        "waiting": report.waiting,
        "last_delivered": report.last_delivered.and_then(instant),
        "last_problem": report.last_problem.map(|(problem, at)| {
            json!({ "at": instant(at), "problem": problem.to_string(), "passes_by_itself": !problem.is_lasting() })
        }),
    })
}

/// An instant in UTC; `None` for one that no calendar has.
fn instant(at: Timestamp) -> Option<String> {
    DateTime { at, offset: 0 }.written()
}

/// A time in UTC, to the second; `None` for one that the format cannot express.
fn written(at: SystemTime) -> Option<String> {
    OffsetDateTime::from(at).truncate_to_second().format(&Rfc3339).ok()
}

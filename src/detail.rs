//! A verdict as plain data, for hosts.

use crate::intl::iso;
use crate::scene::Scene;
use serde::Serialize;
use zoho_backup_core::json::Json;
use zoho_backup_words::sentence::joined;
use zoho_backup_words::wording::Wording;

/// The shape that the contract promises to hosts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detail<'a> {
    state: &'static str,
    tone: &'static str,
    reason_code: &'static str,
    reason: String,
    next_run: Option<String>,
    backup: Option<&'a Json>,
    history: Option<&'a Json>,
    fault: Option<FaultDetail<'a>>,
    checked_at: Option<String>,
    stale: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FaultDetail<'a> {
    kind: &'static str,
    code: Option<&'a str>,
    http_status: Option<u16>,
    message: Option<&'a str>,
    cause: String,
    remedy: String,
    retry_at: Option<String>,
}

impl Detail<'_> {
    /// The verdict of a scene.
    pub fn of(scene: &Scene) -> Detail<'_> {
        let verdict = &scene.verdict;
        let fault = verdict.fault.as_ref().map(|fault| FaultDetail {
            kind: fault.kind().name(),
            code: fault.code(),
            http_status: fault.http_status(),
            message: fault.message(),
            cause: joined(&scene.cause()),
            remedy: joined(&scene.remedy()),
            retry_at: fault.retry_at().map(iso),
        });
        Detail {
            state: verdict.state.name(),
            tone: verdict.tone.name(),
            reason_code: verdict.reason.name(),
            reason: joined(&scene.reason()),
            next_run: verdict.next_run.as_ref().map(|date| iso(date.at)),
            backup: verdict.backup.as_ref().map(|backup| backup.sent()),
            history: verdict.history.as_ref().map(|history| history.sent()),
            fault,
            checked_at: verdict.checked_at.map(iso),
            stale: verdict.stale,
        }
    }
}

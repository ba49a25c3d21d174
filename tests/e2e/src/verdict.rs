//! What the widget reports to its host.

use serde::Deserialize;
use serde_json::Value;

/// The property `verdict`, and the detail of an event.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub state: String,
    pub tone: String,
    pub reason_code: String,
    pub reason: String,
    pub next_run: Option<String>,
    pub backup: Option<Value>,
    pub history: Option<Value>,
    pub fault: Option<Fault>,
    pub checked_at: Option<String>,
    pub stale: bool,
}

impl Verdict {
    pub fn fault_kind(&self) -> Option<&str> {
        self.fault.as_ref().map(|fault| fault.kind.as_str())
    }
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    pub kind: String,
    pub code: Option<String>,
    pub http_status: Option<u16>,
    pub message: Option<String>,
    pub cause: Option<String>,
    pub remedy: Option<String>,
    pub retry_at: Option<String>,
}

/// An event of the widget, as it reached the document.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub name: String,
    pub bubbles: bool,
    pub composed: bool,
    pub detail: Verdict,
    pub target: String,
}

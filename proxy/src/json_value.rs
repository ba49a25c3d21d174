//! Core's JSON among that of serde_json.

use serde_json::Value;
use zoho_backup_core::json::Json;

/// The same value. By way of text, in which whole numbers have no fraction.
#[must_use]
pub fn json_value(json: &Json) -> Value {
    // What is written is JSON, so this cannot fail.
    serde_json::from_str(&json.to_string()).unwrap_or_default()
}

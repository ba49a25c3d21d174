//! An alert in words.

use zoho_backup_core::alert::{Alert, Facts};
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::gateway_code::GatewayCode;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_words::alerts::Message;
use zoho_backup_words::date;
use zoho_backup_words::sentence::Sentence;

use crate::error_shape::ErrorCode;
use crate::store::stored_alert::StoredAlert;

/// What is said in an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Its id.
    pub id: String,
    /// The alert; `None` for a test.
    pub alert: Option<Alert>,
    /// When it was decided.
    pub at: Timestamp,
    /// The name of the account.
    pub label: String,
    /// What it tells.
    pub facts: Facts,
}

impl Said {
    /// What is said in this alert, about the account of this name.
    #[must_use]
    pub fn of(stored: &StoredAlert, label: &str) -> Said {
        let facts = serde_json::from_str(&stored.facts).map(|json| Facts::read(&json));
        Said {
            id: stored.id.clone(),
            alert: Some(stored.alert),
            at: stored.alert.at,
            label: label.to_owned(),
            // This program has written them.
            facts: facts.unwrap_or_default(),
        }
    }

    /// Its lines; the first is its title.
    #[must_use]
    pub fn lines(&self) -> Vec<Sentence> {
        let code = self.facts.code.as_deref().and_then(GatewayCode::from_name);
        let why = code.map(|code| ErrorCode::Gateway(code).message());
        let Said { facts, label, .. } = self;
        Message { alert: self.alert.as_ref(), facts, label, why: why.as_deref(), date: written }.lines()
    }
}

/// A date in UTC, and at its own offset if that is another one: `2026-11-27 02:00 UTC (2026-11-27 07:30 +05:30)`.
fn written(date: &DateTime) -> String {
    // One that no calendar has.
    if date.written().is_none() {
        return "?".to_owned();
    }
    let in_utc = date::written(date.at, 0);
    match date.offset {
        0 => in_utc,
        offset => format!("{in_utc} ({})", date::written(date.at, offset)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_in_utc_and_at_its_own_offset_where_that_differs() {
        let cases = [
            ("2026-11-27T02:00:59Z", "2026-11-27 02:00 UTC"),
            ("2026-11-27T02:00:00-00:00", "2026-11-27 02:00 UTC"),
            ("2026-11-27T07:30:00+05:30", "2026-11-27 02:00 UTC (2026-11-27 07:30 +05:30)"),
            ("2026-11-26T22:30:00-03:30", "2026-11-27 02:00 UTC (2026-11-26 22:30 -03:30)"),
            ("2026-11-27T01:30:00-00:30", "2026-11-27 02:00 UTC (2026-11-27 01:30 -00:30)"),
        ];
        for (date, expected) in cases {
            assert_eq!(written(&DateTime::parse(date).unwrap()), expected);
        }
        let far = DateTime { at: Timestamp::from_millis(i64::MAX), offset: 0 };
        assert_eq!(written(&far), "?");
    }
}

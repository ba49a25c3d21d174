//! The HTTP answer at a moment of a timeline: Zoho's own, and that of a gateway with a memory.

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::timeline::course::Timeline;
use crate::timeline::moment::Moment;
use crate::timeline::said::{Said, Statement};
use crate::wire_response::{JSON, TEXT, WireResponse};

/// What Zoho answers.
#[must_use]
pub fn zoho_answer(timeline: &Timeline, moment: &Moment) -> WireResponse {
    match timeline.said_at(moment.at()) {
        Said::Backup(statement) => WireResponse::body(200, JSON, document(statement, moment).to_string()),
        Said::Nothing => WireResponse::empty(204),
        Said::Down => {
            let body = json!({
                "code": "INTERNAL_ERROR", "status": "error", "details": {}, "message": "Internal Server Error",
            });
            WireResponse::body(500, JSON, body.to_string())
        }
    }
}

/// What a gateway answers that watches and remembers: what Zoho says and what became of past runs. While it does not run,
/// the web server in front of it answers.
#[must_use]
pub fn gateway_answer(timeline: &Timeline, moment: &Moment) -> WireResponse {
    let at = moment.at();
    if !timeline.is_watched(at) {
        return WireResponse::body(502, TEXT, "Bad Gateway\n".into());
    }
    let mut answer = match timeline.said_at(at) {
        Said::Backup(statement) => document(statement, moment),
        Said::Nothing => json!({ "backup": null }),
        Said::Down => return zoho_answer(timeline, moment),
    };
    // By way of text, in which whole numbers have no fraction.
    let history = moment.history(&timeline.history_at(at)).to_json().to_string();
    answer["history"] = serde_json::from_str(&history).unwrap_or_default();
    WireResponse::body(200, JSON, answer.to_string())
}

fn document(statement: &Statement, moment: &Moment) -> Value {
    let document = statement.document(|at| moment.date(at), moment.keeps_days());
    // All of its dates are given, so that the present does not matter.
    document.to_json(OffsetDateTime::UNIX_EPOCH)
}

//! The formats of alerts: our own JSON, and the messages of Slack and of Microsoft Teams.

use serde_json::{Value, json};
use zoho_backup_core::alert::News;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_words::sentence::{Piece, Sentence, joined};

use crate::alerts::text::Said;
use crate::json_value::json_value;

/// The version of our own JSON. Members may be added to it; a change of those that there are is another version.
const VERSION: u32 = 1;
/// The kind of an alert that is a test.
const TEST: &str = "test";

/// How an alert is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlertFormat {
    /// Our own JSON: the text and typed fields.
    #[default]
    Json,
    /// A message of Slack.
    Slack,
    /// An Adaptive Card of Microsoft Teams.
    Teams,
}

impl AlertFormat {
    /// All of them.
    pub const ALL: [AlertFormat; 3] = [AlertFormat::Json, AlertFormat::Slack, AlertFormat::Teams];

    /// As the setting is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AlertFormat::Json => "json",
            AlertFormat::Slack => "slack",
            AlertFormat::Teams => "teams",
        }
    }

    /// The body of a request.
    #[must_use]
    pub fn body(self, said: &Said) -> String {
        let body = match self {
            AlertFormat::Json => own(said),
            AlertFormat::Slack => slack(said),
            AlertFormat::Teams => teams(said),
        };
        body.to_string()
    }
}

fn own(said: &Said) -> Value {
    let lines: Vec<_> = said.lines().iter().map(|line| joined(line)).collect();
    let kind = said.alert.map_or(TEST, |alert| alert.kind());
    let about = said.alert.map(|alert| alert.trouble.name());
    let at = DateTime { at: said.at, offset: 0 }.written();
    let mut body = json!({
        "version": VERSION,
        "id": said.id,
        "kind": kind,
        "about": about,
        "label": joined(&[Piece::untrusted(&said.label)]),
        "text": lines.join("\n"),
        "at": at,
    });
    if let (Some(body), Value::Object(facts)) = (body.as_object_mut(), json_value(&said.facts.to_json())) {
        body.extend(facts);
    }
    body
}

/// Plain text, in which Slack finds no formatting. Its three control characters are escaped there, too.
fn slack(said: &Said) -> Value {
    let lines: Vec<_> = said.lines().iter().map(|line| escape_for_slack(&joined(line))).collect();
    let text = lines.join("\n");
    json!({
        // For notifications, and for receivers that know no blocks.
        "text": text,
        "mrkdwn": false,
        "blocks": [{ "type": "section", "text": { "type": "plain_text", "text": text, "emoji": false } }],
    })
}

fn escape_for_slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn teams(said: &Said) -> Value {
    let colour = match said.alert.map(|alert| alert.news) {
        Some(News::GoodAgain) => "good",
        Some(News::Begun | News::Reminder | News::Known) => "attention",
        None => "default",
    };
    let lines = said.lines();
    let blocks = lines.iter().enumerate().map(|(number, line)| {
        let text = for_teams(line);
        match number {
            0 => json!({ "type": "TextBlock", "text": text, "wrap": true, "weight": "bolder", "color": colour }),
            _ => json!({ "type": "TextBlock", "text": text, "wrap": true, "spacing": "small" }),
        }
    });
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": blocks.collect::<Vec<_>>(),
    });
    json!({
        "type": "message",
        "attachments": [{ "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card }],
    })
}

/// Our own sentences are no Markdown; words from outside are escaped.
fn for_teams(line: &Sentence) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Own(text) | Piece::Verbatim(text) => text.clone(),
        Piece::Untrusted(text) => escape_for_teams(text),
    };
    line.iter().map(piece).collect()
}

/// What Markdown, HTML and the functions of Adaptive Cards (`{{DATE(…)}}`) begin with, stands for itself after a backslash.
fn escape_for_teams(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\`*_{}[]()<>#+-!|~&".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

//! A history as JSON, for readers elsewhere.

use crate::date_time::DateTime;
use crate::history::run::{Between, Outcome, Run};
use crate::history::summary::{History, RUNS_TOLD};
use crate::instant::Timestamp;
use crate::json::Json;
use std::ops::Deref;

/// A history and the document that tells of it: what readers elsewhere get, or got.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryDocument {
    history: History,
    sent: Json,
}

impl HistoryDocument {
    /// The document for a history.
    pub fn of(history: History) -> HistoryDocument {
        HistoryDocument { sent: history.to_json(), history }
    }

    /// Reads a document, as far as it can be read; `None` if it is no object.
    pub fn read(sent: &Json) -> Option<HistoryDocument> {
        Some(HistoryDocument { history: History::read(sent)?, sent: sent.clone() })
    }

    /// The document as it is sent, or was.
    pub fn sent(&self) -> &Json {
        &self.sent
    }
}

impl Deref for HistoryDocument {
    type Target = History;

    fn deref(&self) -> &History {
        &self.history
    }
}

impl History {
    /// `{"runs":[…],"last_good":…,"failures_since":0,"watched_since":"…"}`. A run's `due` keeps the offset at which Zoho
    /// wrote it; all other dates are in UTC.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("runs", Json::List(self.runs.iter().map(Run::to_json).collect())),
            ("last_good", Json::or_null(self.last_good.as_ref().map(Run::to_json))),
            ("failures_since", Json::Number(f64::from(self.failures_since))),
            ("watched_since", Json::or_null(self.watched_since.map(instant_to_json))),
        ])
    }

    /// Reads what [`History::to_json`] wrote. What is malformed is left out; `None` if this is no object.
    pub fn read(json: &Json) -> Option<History> {
        let Json::Object(_) = json else { return None };
        let runs = match json.get("runs") {
            Some(Json::List(runs)) => runs.iter().filter_map(Run::read).take(RUNS_TOLD).collect(),
            _ => Vec::new(),
        };
        let last_good = json.get("last_good").and_then(Run::read).filter(|run| run.outcome.is_good());
        let failures_since = Json::count(json.get("failures_since"));
        let watched_since = json.get("watched_since").and_then(read_instant);
        Some(History { runs, last_good, failures_since, watched_since })
    }
}

impl Run {
    /// `{"due":…,"started":{"after":…,"by":…},"ended":{…},"outcome":"completed"}`, without its job.
    pub fn to_json(&self) -> Json {
        Json::object([
            ("due", Json::or_null(self.due.as_ref().map(date_to_json))),
            ("started", Json::or_null(self.started.map(between_to_json))),
            ("ended", between_to_json(self.ended)),
            ("outcome", Json::Text(self.outcome.name().to_owned())),
        ])
    }

    /// Reads what [`Run::to_json`] wrote; `None` if it is malformed.
    pub fn read(json: &Json) -> Option<Run> {
        Some(Run {
            job: None,
            due: optional(json.get("due"), read_date)?,
            started: optional(json.get("started"), read_between)?,
            ended: json.get("ended").and_then(read_between)?,
            outcome: Outcome::from_name(json.get("outcome")?.as_text()?)?,
        })
    }
}

fn between_to_json(between: Between) -> Json {
    let after = Json::or_null(between.after.map(instant_to_json));
    Json::object([("after", after), ("by", instant_to_json(between.by))])
}

fn read_between(json: &Json) -> Option<Between> {
    let after = optional(json.get("after"), read_instant)?;
    let by = json.get("by").and_then(read_instant)?;
    after.is_none_or(|after| after <= by).then_some(Between { after, by })
}

pub(crate) fn instant_to_json(at: Timestamp) -> Json {
    date_to_json(&DateTime { at, offset: 0 })
}

pub(crate) fn read_instant(json: &Json) -> Option<Timestamp> {
    read_date(json).map(|date| date.at)
}

/// A date that no calendar has is `null`.
pub(crate) fn date_to_json(date: &DateTime) -> Json {
    Json::or_null(date.written().map(Json::Text))
}

pub(crate) fn read_date(json: &Json) -> Option<DateTime> {
    DateTime::parse(json.as_text()?)
}

/// What is not there, or `null`, is nothing; what is malformed is `None`.
fn optional<T>(json: Option<&Json>, read: impl Fn(&Json) -> Option<T>) -> Option<Option<T>> {
    match json {
        None | Some(Json::Null) => Some(None),
        Some(json) => read(json).map(Some),
    }
}

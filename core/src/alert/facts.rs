//! What an alert tells beside its kind.

use crate::alert::kind::{Alert, News, Topic, Trouble};
use crate::alert::present::Present;
use crate::date_time::DateTime;
use crate::history::document::{date_to_json, instant_to_json, read_date, read_instant};
use crate::history::{History, Run};
use crate::instant::Timestamp;
use crate::json::Json;

/// What an alert tells, as it was known when it was decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The run that it is about; where it is about none, the last one that was seen.
    pub run: Option<Run>,
    /// The last good run.
    pub last_good: Option<Run>,
    /// How many runs have failed or were missed since then.
    pub failures_since: u32,
    /// The next run, if one is ahead.
    pub next_run: Option<DateTime>,
    /// Since when the schedule is stopped, or nothing can be read.
    pub since: Option<Timestamp>,
    /// The code of the failure for which nothing can be read, or the reason for which what is read is not clear.
    pub code: Option<String>,
}

impl Facts {
    /// What this alert tells. `code` is that of the last failure.
    pub fn of(alert: &Alert, history: &History, present: &Present, code: Option<&str>) -> Facts {
        let is_it =
            |run: &&Run| Trouble::of(run.outcome) == Some(alert.trouble) && run.date().at == alert.key;
        let run = match (alert.trouble.topic(), alert.news) {
            (Topic::Runs, News::Known | News::Begun) => history.runs.iter().find(is_it),
            (Topic::Runs, News::Reminder) => history.runs.iter().find(|run| run.outcome.is_failure()),
            (Topic::Runs, News::GoodAgain) => history.runs.iter().find(|run| run.outcome.is_good()),
            (Topic::Schedule | Topic::State | Topic::Answers, _) => history.runs.first(),
        };
        let code = match alert.trouble.topic() {
            Topic::Answers => code,
            Topic::State => present.doubt.map(|doubt| doubt.reason.name()),
            Topic::Schedule | Topic::Runs => None,
        };
        let has_code = alert.news != News::GoodAgain;
        let has_since = alert.trouble.topic() != Topic::Runs && alert.news != News::Reminder;
        Facts {
            run: run.cloned(),
            last_good: history.last_good.clone(),
            failures_since: history.failures_since,
            next_run: present.next_run.clone(),
            since: has_since.then_some(alert.key),
            code: code.filter(|_| has_code).map(str::to_owned),
        }
    }

    /// `{"run":…,"last_good_run":…,"failures_since":0,"next_run":"…","since":"…","code":"…"}`. Runs are as in a history.
    pub fn to_json(&self) -> Json {
        let run = |run: &Option<Run>| Json::or_null(run.as_ref().map(Run::to_json));
        Json::object([
            ("run", run(&self.run)),
            ("last_good_run", run(&self.last_good)),
            ("failures_since", Json::Number(f64::from(self.failures_since))),
            ("next_run", Json::or_null(self.next_run.as_ref().map(date_to_json))),
            ("since", Json::or_null(self.since.map(instant_to_json))),
            ("code", Json::or_null(self.code.clone().map(Json::Text))),
        ])
    }

    /// Reads what [`Facts::to_json`] wrote. What is malformed is not known.
    pub fn read(json: &Json) -> Facts {
        Facts {
            run: json.get("run").and_then(Run::read),
            last_good: json.get("last_good_run").and_then(Run::read),
            failures_since: Json::count(json.get("failures_since")),
            next_run: json.get("next_run").and_then(read_date),
            since: json.get("since").and_then(read_instant),
            code: json.get("code").and_then(Json::as_text).map(str::to_owned),
        }
    }
}

//! The metrics of this process and of the backup, for Prometheus. What is not known is absent, never 0.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::verdict::Verdict;

use crate::answers::CachedAnswer;
use crate::exposition::{Exposition, Kind, Metric, Sample};
use crate::judgement::{now_by, of_answer};
use crate::observations::{LATENCY_BOUNDS, Latencies, Observed};
use crate::retry_after::timestamp;
use crate::upkeep::Upkeep;

const fn metric(name: &'static str, kind: Kind, help: &'static str) -> Metric {
    Metric { name, kind, help }
}

const REQUESTS: Metric =
    metric("zoho_backup_proxy_requests_total", Kind::Counter, "Requests answered, by route and status.");
const LATENCY: Metric = metric(
    "zoho_backup_proxy_request_duration_seconds",
    Kind::Histogram,
    "How long answers took until their first byte, by route.",
);
const ZOHO_REQUESTS: Metric = metric(
    "zoho_backup_proxy_zoho_requests_total",
    Kind::Counter,
    "Requests to Zoho for the backup details, by the code of their outcome.",
);
const TOKEN_RENEWALS: Metric = metric(
    "zoho_backup_proxy_token_renewals_total",
    Kind::Counter,
    "Attempts to renew the token, by the code of their outcome.",
);
const FAILURES: Metric = metric(
    "zoho_backup_proxy_failures_total",
    Kind::Counter,
    "How often there was no new answer, by the code of the failure.",
);
const TOKEN_REMAINING: Metric = metric(
    "zoho_backup_proxy_token_remaining_seconds",
    Kind::Gauge,
    "The remaining life of the token. Absent without a token.",
);
const ANSWER_AGE: Metric = metric(
    "zoho_backup_proxy_answer_age_seconds",
    Kind::Gauge,
    "The age of the cached answer. Absent without an answer.",
);
const STATE: Metric = metric(
    "zoho_backup_state",
    Kind::Gauge,
    "1 for the state of the backup by the cached answer, with its tone and reason. Absent without an answer.",
);
const NEXT_RUN: Metric = metric(
    "zoho_backup_next_run_timestamp_seconds",
    Kind::Gauge,
    "When the next backup runs, or the one that is due or overdue. Absent if there is none.",
);
const SOURCE: Metric = metric(
    "zoho_backup_source_timestamp_seconds",
    Kind::Gauge,
    "When the cached answer was read from Zoho. Absent without an answer.",
);

const WATCHING: Metric = metric(
    "zoho_backup_proxy_watching",
    Kind::Gauge,
    "1 if the gateway asks Zoho by itself, 0 if another process does. Absent if it is not to.",
);
const STORE_OK: Metric = metric(
    "zoho_backup_proxy_store_ok",
    Kind::Gauge,
    "1 if the history is kept, 0 if that fails. Absent without a state directory.",
);

const ALERTS_WAITING: Metric = metric(
    "zoho_backup_proxy_alerts_waiting",
    Kind::Gauge,
    "Alerts that are not delivered yet. Absent without alerts.",
);
const ALERTS_SENT: Metric =
    metric("zoho_backup_proxy_alerts_sent_total", Kind::Counter, "Alerts that were delivered.");
const ALERT_FAILURES: Metric = metric(
    "zoho_backup_proxy_alert_failures_total",
    Kind::Counter,
    "How often an alert was not delivered, by problem.",
);

const LAST_RUN: Metric = metric(
    "zoho_backup_last_run",
    Kind::Gauge,
    "1 for what became of the last run, as far as was seen. Absent if none was seen.",
);
const LAST_GOOD_RUN: Metric = metric(
    "zoho_backup_last_good_run_timestamp_seconds",
    Kind::Gauge,
    "When the end of the last good run was seen. Absent if none was seen.",
);
const FAILURES_SINCE: Metric = metric(
    "zoho_backup_failures_since_good_run",
    Kind::Gauge,
    "How many runs have failed or were missed since the last good one. Absent without a state directory.",
);

/// All metrics, as text.
#[must_use]
pub fn metrics(observed: &Observed, answer: Option<&CachedAnswer>, upkeep: &Upkeep) -> String {
    let mut exposition = Exposition::default();
    let requests = observed.requests.iter();
    let requests = requests
        .map(|((route, status), count)| Sample::new([("route", route), ("status", status)], *count as f64));
    exposition.add(REQUESTS, requests);
    exposition
        .add(LATENCY, observed.latencies.iter().flat_map(|(route, latencies)| histogram(route, latencies)));
    exposition.add(ZOHO_REQUESTS, by_code("outcome", &observed.zoho_requests));
    exposition.add(TOKEN_RENEWALS, by_code("outcome", &observed.token_renewals));
    exposition.add(FAILURES, by_code("code", &observed.failures));
    let number = |value: f64| Sample::new([], value);
    exposition.add(TOKEN_REMAINING, token_remaining(observed).map(|it| number(it.as_secs_f64())));
    exposition.add(ANSWER_AGE, answer.map(|answer| number(answer.age().as_secs_f64())));
    let truth = |is: bool| number(f64::from(u8::from(is)));
    exposition.add(WATCHING, upkeep.is_watching().map(truth));
    exposition.add(STORE_OK, upkeep.is_remembering().map(truth));
    let alerts = upkeep.alerts.as_ref();
    exposition.add(ALERTS_WAITING, alerts.map(|alerts| number(alerts.waiting as f64)));
    let sent = alerts.map(|alerts| alerts.sent).filter(|sent| *sent > 0);
    exposition.add(ALERTS_SENT, sent.map(|sent| number(sent as f64)));
    let failures = alerts.into_iter().flat_map(|alerts| &alerts.failures);
    exposition.add(
        ALERT_FAILURES,
        failures.map(|(problem, count)| Sample::new([("problem", problem)], *count as f64)),
    );
    let verdict = answer.map(|answer| of_answer(answer, now_by(answer), &upkeep.policy));
    let state = verdict.iter().map(|Verdict { state, tone, reason, .. }| {
        Sample::new([("state", state), ("tone", tone), ("reason", reason)], 1.0)
    });
    exposition.add(STATE, state);
    let seconds = |at: Timestamp| number(at.as_millis() as f64 / 1_000.0);
    let next_run = verdict.as_ref().and_then(|verdict| verdict.next_run.as_ref());
    exposition.add(NEXT_RUN, next_run.map(|run| seconds(run.at)));
    exposition.add(SOURCE, answer.map(|answer| seconds(timestamp(answer.date))));
    let history = upkeep.history.as_ref();
    let last_run = history.and_then(|history| history.runs.first());
    exposition.add(LAST_RUN, last_run.map(|run| Sample::new([("outcome", &run.outcome)], 1.0)));
    let last_good = history.and_then(|history| history.last_good.as_ref());
    exposition.add(LAST_GOOD_RUN, last_good.map(|run| seconds(run.ended.by)));
    exposition.add(FAILURES_SINCE, history.map(|history| number(f64::from(history.failures_since))));
    exposition.into_text()
}

/// The remaining life of the current token; `None` without one.
#[must_use]
pub fn token_remaining(observed: &Observed) -> Option<Duration> {
    observed.token_ends?.checked_duration_since(Instant::now())
}

fn by_code(label: &'static str, counts: &BTreeMap<String, u64>) -> impl Iterator<Item = Sample> {
    counts.iter().map(move |(code, count)| Sample::new([(label, code)], *count as f64))
}

/// The samples of one route. Each bucket includes the smaller ones.
fn histogram(route: &str, latencies: &Latencies) -> Vec<Sample> {
    let mut below = 0;
    let bounds = LATENCY_BOUNDS.iter().zip(latencies.counts).map(|(bound, count)| {
        below += count;
        (bound.to_string(), below)
    });
    let buckets: Vec<_> = bounds.chain([("+Inf".to_owned(), latencies.count)]).collect();
    let buckets = buckets.into_iter().map(|(bound, count)| Sample {
        suffix: "_bucket",
        ..Sample::new([("route", &route), ("le", &bound)], count as f64)
    });
    let total = |suffix, value| Sample { suffix, ..Sample::new([("route", &route)], value) };
    buckets
        .chain([total("_sum", latencies.sum.as_secs_f64()), total("_count", latencies.count as f64)])
        .collect()
}

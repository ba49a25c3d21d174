//! The administrator's pages: what they say at each time, and that what is not known is absent. The clock is paused.

mod upstream;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use tokio::time::advance;
use tower::ServiceExt;
use upstream::Turn::{self, Fails, Gives, Panics};
use upstream::{InProcess, Reply, Scripted, settings};
use zoho_backup_core::backup::Backup;
use zoho_backup_proxy::admin::admin_router;
use zoho_backup_proxy::config::readers::hosts_of;
use zoho_backup_proxy::failure::{Failure, TokenRefusal};
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream};

/// A gateway, and the administrator's pages about it.
struct Watched {
    gateway: Gateway,
    readers: InProcess,
}

impl Watched {
    fn to(upstream: impl Upstream) -> Watched {
        let gateway = Gateway::with_upstream(settings("http://zoho.invalid"), upstream);
        Watched { readers: InProcess::of(gateway.clone()), gateway }
    }

    fn of(backups: impl IntoIterator<Item = Turn<()>>) -> Watched {
        let upstream = Scripted::default();
        upstream.play(backups);
        Watched::to(upstream)
    }

    async fn page(&self, path: &str, host: &str) -> Reply {
        let router = admin_router(self.gateway.clone(), hosts_of(None));
        let request = Request::get(path).header("host", host).body(Body::empty()).expect("a request");
        let (parts, body) = router.oneshot(request).await.expect("an answer").into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Reply { status: parts.status.as_u16(), headers: parts.headers, body: body.into() }
    }

    async fn status(&self) -> Value {
        let reply = self.page("/statusz", "localhost").await;
        assert_eq!(
            (reply.status, reply.header("content-type")),
            (200, Some("application/json; charset=utf-8"))
        );
        reply.json()
    }

    /// The samples of the metrics by name and labels. The format is checked.
    async fn metrics(&self) -> BTreeMap<String, f64> {
        let reply = self.page("/metrics", "localhost").await;
        assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        parse(reply.text())
    }
}

/// Parses the text format 0.0.4 as strictly as this program needs it.
fn parse(text: &str) -> BTreeMap<String, f64> {
    let (mut samples, mut seen, mut metric) =
        (BTreeMap::new(), BTreeSet::new(), (String::new(), String::new()));
    let mut lines = text.lines();
    assert!(text.is_empty() || text.ends_with('\n'), "the last line ends, too");
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, meaning) = help.split_once(' ').expect("a meaning");
            assert!(meaning.ends_with('.'), "{line}");
            let kind = lines
                .next()
                .and_then(|line| line.strip_prefix(&format!("# TYPE {name} ")).map(str::to_owned));
            metric = (name.to_owned(), kind.expect("a type after its meaning"));
            assert!(seen.insert(name.to_owned()), "{name} is there twice");
            continue;
        }
        let (key, value) = line.rsplit_once(' ').expect("a value");
        let name = key.split('{').next().expect("a name");
        let suffixes: &[&str] = if metric.1 == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
        assert!(
            suffixes.iter().any(|suffix| name == format!("{}{suffix}", metric.0)),
            "{line} of {metric:?}"
        );
        assert!(metric.1 != "counter" || name.ends_with("_total"), "{line}");
        let value: f64 = value.parse().expect("a number");
        assert!(value.is_finite(), "{line}");
        assert_eq!(samples.insert(key.to_owned(), value), None, "{key} is there twice");
    }
    samples
}

fn names(metrics: &BTreeMap<String, f64>) -> BTreeSet<&str> {
    metrics.keys().map(|key| key.split('{').next().expect("a name")).collect()
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_is_absent() {
    let watched = Watched::of([]);
    let unknown = json!({
        "last_success": null,
        "last_failure": null,
        "answer_age_seconds": null,
        "token_remaining_seconds": null,
        "watching": null,
        "store": null,
        "alerts": null,
        "history": null,
    });
    assert_eq!(watched.status().await, unknown);
    assert_eq!(watched.metrics().await, BTreeMap::new());
}

#[tokio::test(start_paused = true)]
async fn the_status_follows_the_answers() {
    let watched = Watched::of([Gives(()), Fails(Failure::RateLimited(Duration::from_secs(15))), Gives(())]);
    // After so many seconds: the codes, the age of the answer, and the rest of the token's hour.
    let steps = [
        (0, "OK", Value::Null, 0, 3_600),
        (30, "OK", Value::Null, 30, 3_570),
        (61, "OK", json!("TOO_MANY_REQUESTS"), 61, 3_539),
        (75, "OK", json!("TOO_MANY_REQUESTS"), 75, 3_525),
        (76, "OK", json!("TOO_MANY_REQUESTS"), 0, 3_524),
    ];
    let mut now = 0;
    for (at, success, failure, age, token) in steps {
        advance(Duration::from_secs(at - now)).await;
        now = at;
        watched.readers.get().await;
        let status = watched.status().await;
        let seen = (&status["last_success"]["code"], &status["last_failure"]["code"]);
        assert_eq!(seen, (&json!(success), &failure), "after {at} seconds");
        let seen = (&status["answer_age_seconds"], &status["token_remaining_seconds"]);
        assert_eq!(seen, (&json!(age), &json!(token)), "after {at} seconds");
    }
    let status = watched.status().await;
    for event in ["last_success", "last_failure"] {
        let at = status[event]["at"].as_str().expect("a time");
        let shape: String = at.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00Z", "{event}");
    }
    assert_eq!(status["last_failure"]["passes_by_itself"], true);
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_whether_it_passes_by_itself() {
    for (failure, code, passes) in [
        (Fails(Failure::Unreachable), "ZOHO_UNREACHABLE", true),
        (Fails(Failure::TimedOut), "ZOHO_TIMED_OUT", true),
        (Fails(Failure::ZohoFailed), "ZOHO_FAILED", true),
        (Fails(Failure::TooManyTokens(Duration::from_secs(60))), "TOO_MANY_TOKENS", true),
        (Fails(Failure::TokenRefused(TokenRefusal::Client)), "CLIENT_REFUSED", false),
        (Fails(Failure::TokenRefused(TokenRefusal::RefreshToken)), "REFRESH_TOKEN_REFUSED", false),
        (Fails(Failure::ZohoError("OAUTH_SCOPE_MISMATCH".into())), "OAUTH_SCOPE_MISMATCH", false),
        (Fails(Failure::ZohoError("NO_PERMISSION".into())), "NO_PERMISSION", false),
        (Fails(Failure::ZohoError("SOMETHING_NEW".into())), "SOMETHING_NEW", true),
        (Panics, "GATEWAY_FAILED", true),
    ] {
        let watched = Watched::of([failure]);
        watched.readers.get().await;
        let mut failure = watched.status().await["last_failure"].take();
        failure["at"].take();
        assert_eq!(failure, json!({ "at": null, "code": code, "passes_by_itself": passes }));
        let metrics = watched.metrics().await;
        assert_eq!(metrics[&format!("zoho_backup_proxy_failures_total{{code=\"{code}\"}}")], 1.0);
        assert!(!names(&metrics).contains("zoho_backup_state"), "no state is known: {metrics:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_refused_or_has_ended_has_no_remaining_life() {
    let refused = Watched::of([Fails(Failure::ZohoError("INVALID_TOKEN".into()))]);
    refused.readers.get().await;
    assert_eq!(refused.status().await["token_remaining_seconds"], Value::Null);
    let ended = Watched::of([Gives(())]);
    ended.readers.get().await;
    advance(Duration::from_secs(3_601)).await;
    assert_eq!(ended.status().await["token_remaining_seconds"], Value::Null);
    assert!(!names(&ended.metrics().await).contains("zoho_backup_proxy_token_remaining_seconds"));
}

#[tokio::test(start_paused = true)]
async fn requests_and_questions_are_counted() {
    let watched = Watched::of([Gives(()), Fails(Failure::Unreachable)]);
    for seconds in [0, 1, 60, 60] {
        advance(Duration::from_secs(seconds)).await;
        watched.readers.get().await;
    }
    let metrics = watched.metrics().await;
    for (key, expected) in [
        ("zoho_backup_proxy_requests_total{route=\"/crm/bulk/v6/backup\",status=\"200\"}", 4.0),
        ("zoho_backup_proxy_request_duration_seconds_count{route=\"/crm/bulk/v6/backup\"}", 4.0),
        ("zoho_backup_proxy_request_duration_seconds_bucket{route=\"/crm/bulk/v6/backup\",le=\"+Inf\"}", 4.0),
        ("zoho_backup_proxy_zoho_requests_total{outcome=\"OK\"}", 1.0),
        ("zoho_backup_proxy_zoho_requests_total{outcome=\"ZOHO_UNREACHABLE\"}", 2.0),
        ("zoho_backup_proxy_token_renewals_total{outcome=\"OK\"}", 1.0),
        ("zoho_backup_proxy_failures_total{code=\"ZOHO_UNREACHABLE\"}", 2.0),
        ("zoho_backup_proxy_answer_age_seconds", 121.0),
    ] {
        assert_eq!(metrics.get(key), Some(&expected), "{key} in {metrics:#?}");
    }
    let buckets: Vec<_> = ["0.001", "0.005", "0.025", "0.1", "0.5", "1", "2.5", "5", "10", "+Inf"]
        .map(|bound| metrics[&format!(
            "zoho_backup_proxy_request_duration_seconds_bucket{{route=\"/crm/bulk/v6/backup\",le=\"{bound}\"}}"
        )])
        .into();
    assert!(buckets.is_sorted(), "each includes the smaller ones: {buckets:?}");
}

#[tokio::test(start_paused = true)]
async fn a_parser_of_others_reads_the_same_samples() {
    let upstream = Scripted::default();
    upstream.play([Gives(()), Fails(Failure::Unreachable)]);
    let watched = Watched::to(upstream);
    for _ in 0..3 {
        watched.readers.get().await;
        advance(Duration::from_secs(61)).await;
    }
    let ours = watched.metrics().await;
    let text = watched.page("/metrics", "localhost").await.text().to_owned();
    let scrape =
        prometheus_parse::Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).expect("a scrape");
    let mut values = 0;
    for sample in &scrape.samples {
        values += match &sample.value {
            prometheus_parse::Value::Histogram(buckets) => {
                assert!(buckets.iter().any(|bucket| bucket.less_than.is_infinite()), "{sample:?}");
                buckets.len()
            }
            prometheus_parse::Value::Untyped(_)
            | prometheus_parse::Value::Counter(_)
            | prometheus_parse::Value::Gauge(_) => 1,
            prometheus_parse::Value::Summary(_) => panic!("{sample:?}"),
        };
    }
    assert_eq!(values, ours.len(), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_is_counted() {
    let upstream = Scripted::default();
    upstream.play_renewals([Fails(Failure::TokenRefused(TokenRefusal::Client))]);
    let watched = Watched::to(upstream);
    watched.readers.get().await;
    let metrics = watched.metrics().await;
    assert_eq!(metrics["zoho_backup_proxy_token_renewals_total{outcome=\"CLIENT_REFUSED\"}"], 1.0);
    assert!(!names(&metrics).contains("zoho_backup_proxy_zoho_requests_total"), "Zoho's API was not asked");
}

/// Answers with this document.
struct Answering(Value);

impl Upstream for Answering {
    async fn fetch_backup(
        &self,
        _: &secrecy::SecretString,
        _: tokio::time::Instant,
    ) -> Result<Answer, Failure> {
        let document = serde_json::from_value(self.0.clone()).expect("JSON");
        let text = json!({ "backup": self.0 }).to_string();
        Ok(Answer { backup: Backup::read(&document), text, date: None })
    }

    async fn renew_token(&self, _: tokio::time::Instant) -> Result<Token, Failure> {
        Ok(Token { secret: "1000.token".into(), lifetime: Duration::from_secs(3_600), mismatch: None })
    }
}

#[tokio::test(start_paused = true)]
async fn the_backup_is_judged_as_the_widget_judges_it() {
    let next = "2099-07-26T09:58:45+05:30";
    let next_at = 4_088_723_325.0;
    let rule = "RRULE:FREQ=DAILY";
    for (name, document, labels, next_run) in [
        (
            "scheduled",
            json!({ "status": "SCHEDULED", "scheduled_date": next, "rrule": rule }),
            ["scheduled", "good", "scheduled"],
            Some(next_at),
        ),
        (
            "failed",
            json!({ "status": "FAILED", "scheduled_date": next, "rrule": rule, "requester": { "name": "Patricia Boyle" } }),
            ["failed", "bad", "failed"],
            Some(next_at),
        ),
        ("stopped", json!({ "status": "STOPPED" }), ["stopped", "warning", "stopped"], None),
        ("nothing scheduled", Value::Null, ["none", "warning", "nothing-scheduled"], None),
    ] {
        let watched = Watched::to(Answering(document));
        let before = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64().floor();
        watched.readers.get().await;
        let metrics = watched.metrics().await;
        let states: Vec<_> = metrics.iter().filter(|(key, _)| key.starts_with("zoho_backup_state")).collect();
        let [state, tone, reason] = labels;
        let expected = format!("zoho_backup_state{{state=\"{state}\",tone=\"{tone}\",reason=\"{reason}\"}}");
        assert_eq!(states, [(&expected, &1.0)], "{name}");
        assert_eq!(metrics.get("zoho_backup_next_run_timestamp_seconds").copied(), next_run, "{name}");
        let source = metrics["zoho_backup_source_timestamp_seconds"];
        assert!(source >= before && source <= before + 60.0, "{name}: {source}");
        let text = watched.page("/metrics", "localhost").await;
        assert!(!text.holds(b"Patricia") && !text.holds(b"1000."), "{name}");
    }
}

#[tokio::test]
async fn the_pages_are_for_own_hosts_and_are_not_stored() {
    let watched = Watched::of([]);
    for path in ["/statusz", "/metrics", "/nothing"] {
        for (host, is_own) in
            [("localhost:8096", true), ("127.0.0.1", true), ("[::1]:1", true), ("evil.example", false)]
        {
            let reply = watched.page(path, host).await;
            let status = if !is_own {
                403
            } else if path == "/nothing" {
                404
            } else {
                200
            };
            assert_eq!(reply.status, status, "{path} of {host}");
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"));
            assert_eq!(reply.header("access-control-allow-origin"), None);
        }
    }
    assert_eq!(watched.page("http://localhost/statusz", "localhost").await.status, 403, "it is no proxy");
}

//! The headers of every response: who may read it, how long it may be cached, and how browsers must treat it.

mod badge;
mod caching;
mod codings;
#[path = "../downstream/mod.rs"]
mod downstream;
mod head;
mod origins;
mod versions;
mod widget_files;

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use downstream::folder::Folder;
use downstream::{
    BACKUP, FakeUpstream, LISTED, Reply, Running, answer, backup, get, nothing, request, settings,
};
use futures_util::future::poll_immediate;
use secrecy::SecretString;
use serde_json::json;
use tokio::time::{Instant, advance};
use tower::ServiceExt;
use zoho_backup_core::backup::Backup;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::{Failure, Secret, TokenRefusal};
use zoho_backup_proxy::gateway::{Gateway, MAX_WAITING};
use zoho_backup_proxy::origin::Origins;
use zoho_backup_proxy::route::Route;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::widget_files::WidgetFiles;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream};

/// The headers of every response but the widget's files, besides `x-request-id`.
const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("cross-origin-resource-policy", "same-origin"),
    ("content-security-policy", "default-src 'none'"),
    ("cache-control", "private, no-cache"),
    ("vary", "Origin"),
];
const EXPOSED: &str = "Date, ETag, Age, Retry-After, X-Request-Id";

/// The headers of CORS, with their values.
fn cors(reply: &Reply) -> Vec<(&str, &str)> {
    let headers = reply.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let mut cors: Vec<_> = headers.filter(|(name, _)| name.starts_with("access-control-")).collect();
    cors.sort_unstable();
    cors
}

fn readable_from(origin: &str) -> Vec<(&str, &str)> {
    vec![
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-origin", origin),
        ("access-control-expose-headers", EXPOSED),
    ]
}

fn names(reply: &Reply) -> BTreeSet<&str> {
    let names: BTreeSet<_> = reply.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names.len(), reply.headers.len(), "a header is sent twice: {reply:?}");
    names
}

struct Case {
    status: u16,
    name: &'static str,
    upstream: FakeUpstream,
    request: fn(&str) -> String,
    /// The headers of this response besides the common ones.
    own: &'static [&'static str],
}

fn failing(failure: Failure) -> FakeUpstream {
    FakeUpstream::of(move || Err(failure.clone()))
}

const BODY: &[&str] = &["content-length", "content-type"];
const BODY_AND_WAIT: &[&str] = &["content-length", "content-type", "retry-after"];

/// A response of every status.
fn cases() -> Vec<Case> {
    let good = |status, name, request: fn(&str) -> String, own| Case {
        status,
        name,
        upstream: FakeUpstream::scheduled(),
        request,
        own,
    };
    let bad =
        |status, name, failure, own| Case { status, name, upstream: failing(failure), request: get, own };
    let minute = Duration::from_secs(60);
    vec![
        good(200, "a backup", get, &["age", "content-length", "content-type", "etag"]),
        good(200, "the health check", |headers| request("GET", "/healthz", headers), BODY),
        Case {
            status: 204,
            name: "nothing scheduled",
            upstream: FakeUpstream::of(|| Ok(nothing())),
            request: get,
            own: &["age"],
        },
        good(
            204,
            "a preflight",
            |headers| request("OPTIONS", BACKUP, headers),
            &["access-control-allow-methods", "access-control-max-age"],
        ),
        good(
            304,
            "a known document",
            |headers| get(&format!("if-none-match: *\r\n{headers}")),
            &["age", "etag"],
        ),
        good(400, "a query", |headers| request("GET", "/crm/bulk/v6/backup?x", headers), BODY),
        good(400, "two hosts", |headers| get(&format!("host: localhost\r\n{headers}")), BODY),
        good(400, "another target", |headers| request("GET", "http://evil.example/", headers), BODY),
        good(
            403,
            "another host",
            |headers| downstream::bare("GET", BACKUP, &format!("host: evil.example\r\n{headers}")),
            BODY,
        ),
        good(404, "an unknown path", |headers| request("GET", "/nothing", headers), BODY),
        good(
            405,
            "POST",
            |headers| request("POST", BACKUP, headers),
            &["allow", "content-length", "content-type"],
        ),
        Case {
            status: 500,
            name: "a panic",
            upstream: FakeUpstream::of(|| panic!("for this test")),
            request: get,
            own: BODY,
        },
        bad(502, "an error of Zoho's", Failure::ZohoError("NO_PERMISSION".into()), BODY),
        bad(502, "no connection", Failure::Unreachable, BODY),
        bad(502, "no document", Failure::UnreadableAnswer, BODY),
        bad(502, "no secret", Failure::UnreadableSecret(Secret::ClientSecret), BODY),
        bad(502, "a refused client", Failure::TokenRefused(TokenRefusal::Client), BODY),
        bad(502, "a refused refresh token", Failure::TokenRefused(TokenRefusal::RefreshToken), BODY),
        bad(503, "used up credits", Failure::RateLimited(minute), BODY_AND_WAIT),
        bad(503, "no token yet", Failure::RenewalPaused(minute), BODY_AND_WAIT),
        bad(503, "too many tokens", Failure::too_many_tokens(None), BODY_AND_WAIT),
        bad(504, "no answer in time", Failure::TimedOut, BODY),
    ]
}

#[tokio::test]
async fn every_response_has_the_same_headers_for_browsers() {
    for Case { status, name, upstream, request, own } in cases() {
        let gateway = Running::to(upstream).await;
        for origin in [None, Some(LISTED[0]), Some(LISTED[1]), Some(LISTED[2])] {
            let headers = origin.map(|origin| format!("origin: {origin}\r\n")).unwrap_or_default();
            let reply = gateway.send(request(&headers)).await;
            assert_eq!(reply.status, status, "{name} from {origin:?}");
            for (header, value) in ALWAYS {
                assert_eq!(reply.header(header), Some(value), "{header} of {name} from {origin:?}");
            }
            let own_cors: Vec<_> =
                own.iter().filter(|header| header.starts_with("access-control-")).collect();
            let mut readable = cors(&reply);
            readable.retain(|(header, _)| !own_cors.contains(&header));
            let expected = origin.map(readable_from).unwrap_or_default();
            assert_eq!(readable, expected, "{name} from {origin:?}");
            let expected: BTreeSet<_> = ALWAYS
                .iter()
                .map(|(header, _)| *header)
                .chain(["connection", "date", "x-request-id"])
                .chain(own.iter().copied())
                .chain(expected.iter().map(|(header, _)| *header))
                .collect();
            assert_eq!(names(&reply), expected, "no other header is in {name} from {origin:?}");
            assert_eq!(reply.body.is_empty(), !own.contains(&"content-length"), "{name}: {reply:?}");
            if status >= 400 {
                reply.envelope();
            }
        }
    }
}

#[tokio::test]
async fn every_response_has_its_own_id() {
    let mut ids = BTreeSet::new();
    let mut answers = 0;
    for Case { name, upstream, request, .. } in cases() {
        let gateway = Running::to(upstream).await;
        for _ in 0..3 {
            let reply = gateway.send(request("x-request-id: mine\r\n")).await;
            let id = reply.header("x-request-id").unwrap().to_owned();
            assert!(id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {id}");
            ids.insert(id);
            answers += 1;
        }
    }
    assert_eq!(ids.len(), answers);
}

#[tokio::test]
async fn a_backup_is_passed_on_without_its_requester() {
    let document = json!({
        "id": "4876876000001593003",
        "scheduled_date": "2022-07-26T09:58:45+05:30",
        "start_date": "2022-07-12T12:30:00+05:30",
        "rrule": "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
        "status": "SCHEDULED",
    });
    let requester = json!({ "id": "4876876000000327001", "name": "Patricia Boyle", "zuid": "7534658674" });
    let mut with_requester = document.clone();
    with_requester["requester"] = requester;
    for (include_requester, expected) in [(false, document), (true, with_requester)] {
        let settings = Settings { include_requester, ..settings("https://zoho.invalid") };
        let gateway = Running::start(Gateway::with_upstream(settings, FakeUpstream::scheduled())).await;
        let reply = gateway.send(get("")).await;
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(reply.json(), json!({ "backup": expected }));
    }
}

#[test]
fn the_sample_of_these_tests_has_every_documented_field() {
    assert_eq!(backup().malformed_key(), None);
    assert!(backup().requester.value().is_some());
}

//! The headers of every response: who may read it, how long it may be cached, and how browsers must treat it.

mod downstream;

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use downstream::folder::Folder;
use downstream::{BACKUP, FakeUpstream, LISTED, Reply, Running, backup, get, request, settings};
use futures_util::future::poll_immediate;
use secrecy::SecretString;
use serde_json::json;
use tokio::time::{Instant, advance};
use tower::ServiceExt;
use zoho_backup_core::backup::Backup;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::{Failure, TokenRefusal};
use zoho_backup_proxy::gateway::{Gateway, MAX_WAITING};
use zoho_backup_proxy::origin::Origins;
use zoho_backup_proxy::router::router;
use zoho_backup_proxy::widget_files::WidgetFiles;
use zoho_backup_proxy::zoho::{Token, Upstream};

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
            upstream: FakeUpstream::of(|| Ok(None)),
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
        bad(502, "no secret", Failure::UnreadableSecret, BODY),
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
async fn no_response_is_readable_from_other_origins() {
    for Case { name, upstream, request, .. } in cases() {
        let gateway = Running::to(upstream.clone()).await;
        for origin in ["https://evil.example", "null", "https://portal.example.evil.example"] {
            let reply = gateway.send(request(&format!("origin: {origin}\r\n"))).await;
            assert_eq!(cors(&reply), [], "{name} from {origin}");
            for (header, value) in ALWAYS {
                assert_eq!(reply.header(header), Some(value), "{header} of {name} from {origin}");
            }
        }
        assert_eq!(upstream.request_count(), 0, "{name}");
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
async fn a_preflight_is_answered_without_asking_zoho() {
    let upstream = FakeUpstream::scheduled();
    let gateway = Running::to(upstream.clone()).await;
    let asks = "access-control-request-method: GET\r\naccess-control-request-headers: x-anything\r\n";
    let reply =
        gateway.send(request("OPTIONS", BACKUP, &format!("origin: https://portal.example\r\n{asks}"))).await;
    assert_eq!((reply.status, reply.text()), (204, ""));
    assert_eq!(
        cors(&reply),
        [
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET"),
            ("access-control-allow-origin", "https://portal.example"),
            ("access-control-expose-headers", EXPOSED),
            ("access-control-max-age", "600"),
        ]
    );
    let reply =
        gateway.send(request("OPTIONS", BACKUP, &format!("origin: https://evil.example\r\n{asks}"))).await;
    assert_eq!((reply.status, cors(&reply)), (403, vec![]));
    assert_eq!(upstream.request_count(), 0);
}

#[tokio::test]
async fn any_origin_may_read_if_configured_but_without_credentials() {
    let upstream = FakeUpstream::scheduled();
    let settings = Settings { origins: Origins::Any, ..settings("https://zoho.invalid") };
    let gateway = Running::start(Gateway::with_upstream(settings, upstream.clone())).await;
    for origin in ["null", "https://a.example\r\norigin: https://a.example"] {
        let reply = gateway.send(get(&format!("origin: {origin}\r\n"))).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (403, "ORIGIN_NOT_ALLOWED"), "{origin}");
        assert_eq!(cors(&reply), [], "{origin}");
    }
    let reply = gateway.send(get("sec-fetch-site: cross-site\r\n")).await;
    assert_eq!((reply.status, upstream.request_count()), (403, 0), "an image of any page");
    for origin in ["https://a.example", "http://b.example:1", "moz-extension://c"] {
        let reply = gateway.send(get(&format!("origin: {origin}\r\n"))).await;
        assert_eq!(reply.status, 200);
        let expected = [("access-control-allow-origin", "*"), ("access-control-expose-headers", EXPOSED)];
        assert_eq!(cors(&reply), expected, "{origin}");
        assert_eq!(reply.header("vary"), Some("Origin"));
    }
}

#[tokio::test]
async fn without_listed_origins_only_pages_of_the_gateways_own_origin_may_read() {
    let settings = Settings { origins: Origins::Listed(vec![]), ..settings("https://zoho.invalid") };
    let gateway = Running::start(Gateway::with_upstream(settings, FakeUpstream::scheduled())).await;
    assert_eq!(gateway.send(get("origin: https://portal.example\r\n")).await.status, 403);
    let reply = gateway.send(get("sec-fetch-site: same-origin\r\n")).await;
    assert_eq!((reply.status, cors(&reply)), (200, vec![]));
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

#[tokio::test]
async fn a_client_that_has_the_document_gets_304() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let tag = gateway.send(get("")).await.header("etag").unwrap().to_owned();
    assert!(tag.len() == 34 && tag.starts_with('"') && tag.ends_with('"'), "{tag} is strong");
    let bare = tag.trim_matches('"');
    for (name, headers, status) in [
        ("the same", format!("if-none-match: {tag}\r\n"), 304),
        ("the same, weakened by a proxy", format!("if-none-match: W/{tag}\r\n"), 304),
        ("one of several", format!("if-none-match: \"x\", {tag}\r\n"), 304),
        ("one of several without spaces", format!("if-none-match: {tag},\"x\"\r\n"), 304),
        ("one of several headers", format!("if-none-match: \"x\"\r\nif-none-match: {tag}\r\n"), 304),
        ("any", "if-none-match: *\r\n".into(), 304),
        ("another", "if-none-match: \"x\"\r\n".into(), 200),
        ("one without quotes", format!("if-none-match: {bare}\r\n"), 200),
        ("a part of it", format!("if-none-match: {}\"\r\n", &tag[..20]), 200),
        ("an empty one", "if-none-match:\r\n".into(), 200),
        ("another header", format!("if-match: {tag}\r\n"), 200),
        ("a date", "if-modified-since: Fri, 31 Dec 9999 23:59:59 GMT\r\n".into(), 200),
    ] {
        let reply = gateway.send(get(&headers)).await;
        assert_eq!((reply.status, reply.header("etag")), (status, Some(tag.as_str())), "{name}");
        assert_eq!(reply.body.is_empty(), status == 304, "{name}");
    }
}

#[tokio::test]
async fn another_document_has_another_entity_tag() {
    let mut tags = BTreeSet::new();
    for document in ["{}", r#"{"status":"SCHEDULED"}"#, r#"{"status":"STOPPED"}"#] {
        let backup = Backup::read(&serde_json::from_str(document).unwrap());
        let gateway = Running::to(FakeUpstream::of(move || Ok(backup.clone()))).await;
        tags.insert(gateway.send(get("")).await.header("etag").unwrap().to_owned());
    }
    assert_eq!(tags.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_cached_answer_keeps_its_date_while_its_age_grows() {
    let started = SystemTime::now();
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let first = gateway.send(get("")).await;
    let date = first.header("date").unwrap();
    let read = httpdate::parse_http_date(date).unwrap();
    let spread = read.duration_since(started).unwrap_or_default();
    // Dates have whole seconds: this one may be up to a second before the start.
    assert!(read + Duration::from_secs(1) > started && spread < Duration::from_secs(30), "{date}");
    assert_eq!(first.header("age"), Some("0"));
    for (seconds, age) in [(29, "29"), (1, "30"), (29, "59")] {
        advance(Duration::from_secs(seconds)).await;
        let reply = gateway.send(get("")).await;
        assert_eq!((reply.header("age"), reply.header("date")), (Some(age), Some(date)));
    }
    advance(Duration::from_secs(1)).await;
    assert_eq!(gateway.send(get("")).await.header("age"), Some("0"), "it is read anew after a minute");
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_the_remaining_wait() {
    for (name, failure, wait) in [
        ("used up credits", Failure::RateLimited(Duration::from_secs(120)), 120),
        ("no token yet", Failure::RenewalPaused(Duration::from_secs(60)), 60),
        ("too many tokens", Failure::too_many_tokens(None), 600),
    ] {
        let gateway = Running::to(failing(failure)).await;
        let left = async || gateway.send(get("")).await.header("retry-after").map(str::to_owned);
        assert_eq!(left().await, Some(wait.to_string()), "{name}");
        advance(Duration::from_millis(50_500)).await;
        assert_eq!(left().await, Some((wait - 50).to_string()), "{name}, rounded up");
    }
}

/// Never answers.
struct Silent;

impl Upstream for Silent {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Option<Backup>, Failure> {
        std::future::pending().await
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn one_request_too_many_is_refused_as_busy() {
    let router = router(Gateway::with_upstream(settings("https://zoho.invalid"), Silent));
    let ask = || {
        let request = axum::http::Request::get(BACKUP)
            .header("host", "localhost")
            .header("origin", LISTED[0])
            .body(axum::body::Body::empty());
        Box::pin(router.clone().oneshot(request.unwrap()))
    };
    let mut waiting: Vec<_> = (0..MAX_WAITING).map(|_| ask()).collect();
    for request in &mut waiting {
        assert!(poll_immediate(request).await.is_none(), "it waits");
    }
    let response = ask().await.unwrap();
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(response.status(), 503);
    assert_eq!(header("retry-after"), Some("1"));
    assert_eq!(header("access-control-allow-origin"), Some(LISTED[0]));
    drop(waiting.pop());
    assert!(poll_immediate(&mut ask()).await.is_none(), "there is room again");
}

const SCRIPT: &str = "export const widget = 'ø';\n";
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// A gateway that serves the widget's files from a folder with more files.
async fn with_widget() -> Running {
    let folder = Folder::new();
    folder.write("zoho-backup-status.js", SCRIPT);
    folder.write("widget_bg.wasm", MODULE);
    folder.write("index.html", "<h1>secret</h1>");
    let widget_files = Some(WidgetFiles::load(folder.path()).expect("widget files"));
    Running::start(Gateway::with_upstream(
        Settings { widget_files, ..settings("https://zoho.invalid") },
        FakeUpstream::scheduled(),
    ))
    .await
}

#[tokio::test]
async fn the_widgets_files_are_for_pages_of_every_origin() {
    let gateway = with_widget().await;
    // With the versions that the files of a build use for each other: the start of their SHA-384.
    for (path, media_type, content, own) in [
        ("/zoho-backup-status.js", "text/javascript; charset=utf-8", SCRIPT.as_bytes(), "?v=f006a146"),
        ("/widget_bg.wasm", "application/wasm", MODULE, "?v=a24c8757"),
    ] {
        for (query, caching) in [
            ("", "public, no-cache"),
            (own, "public, max-age=31536000, immutable"),
            ("?v=00000000", "public, no-cache"),
            ("?v=", "public, no-cache"),
            ("?", "public, no-cache"),
            ("?x=v=1", "public, no-cache"),
        ] {
            for headers in
                ["", "origin: https://evil.example\r\n", "origin: null\r\n", "sec-fetch-site: cross-site\r\n"]
            {
                let reply = gateway.send(request("GET", &format!("{path}{query}"), headers)).await;
                assert_eq!((reply.status, &*reply.body), (200, content), "{path}{query}");
                assert_eq!(reply.header("content-type"), Some(media_type), "{path}{query}");
                assert_eq!(reply.header("cache-control"), Some(caching), "{path}{query}");
                assert_eq!(cors(&reply), [("access-control-allow-origin", "*")], "{path}{query}");
                assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
                assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
                assert!(reply.header("x-request-id").is_some());
                let tag = reply.header("etag").unwrap();

                let known = format!("if-none-match: {tag}\r\n{headers}");
                let reply = gateway.send(request("GET", &format!("{path}{query}"), &known)).await;
                assert_eq!((reply.status, reply.text(), reply.header("etag")), (304, "", Some(tag)));
                assert_eq!(reply.header("cache-control"), Some(caching), "{path}{query}");
                assert_eq!(cors(&reply), [("access-control-allow-origin", "*")], "{path}{query}");
            }
        }
    }
}

#[tokio::test]
async fn nothing_else_of_the_folder_is_served() {
    let gateway = with_widget().await;
    for path in [
        "/index.html",
        "/",
        "/widget_bg.wasm/",
        "//widget_bg.wasm",
        "/./widget_bg.wasm",
        "/x/../widget_bg.wasm",
        "/widget_bg%2Ewasm",
        "/Widget_bg.wasm",
        "/zoho-backup-status.js.map",
        "/../downstream/mod.rs",
        "/..%2finward%2fmod.rs",
    ] {
        let reply = gateway.send(request("GET", path, "")).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (404, "NOT_FOUND"), "{path}");
    }
    assert_eq!(gateway.send(get("")).await.status, 200, "the backup is");
}

#[tokio::test]
async fn a_refusal_at_a_widget_file_has_the_headers_of_every_refusal() {
    let gateway = with_widget().await;
    for (request, status, code) in [
        (request("POST", "/widget_bg.wasm", "content-length: 0\r\n"), 405, "INVALID_REQUEST_METHOD"),
        (downstream::bare("GET", "/widget_bg.wasm", "host: evil.example\r\n"), 403, "HOST_NOT_ALLOWED"),
        (downstream::bare("GET", "/widget_bg.wasm", ""), 400, "INVALID_HOST"),
    ] {
        let reply = gateway.send(request).await;
        assert_eq!((reply.status, reply.envelope().as_str()), (status, code));
        assert_eq!(cors(&reply), [], "{code}");
        for (header, value) in ALWAYS {
            assert_eq!(reply.header(header), Some(value), "{header} of {code}");
        }
    }
}

#[test]
fn the_sample_of_these_tests_has_every_documented_field() {
    assert_eq!(backup().malformed_key(), None);
    assert!(backup().requester.value().is_some());
}

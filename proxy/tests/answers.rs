//! How Zoho's answers are passed on: documents, errors, and everything else that a server or the network can cause.

mod upstream;

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::join_all;
use sandbox::answer::{Answer, Delivery};
use sandbox::scenarios::{DEFAULT, JSON, SCENARIOS};
use sandbox::{Outcome, Request};
use serde_json::{Value, json};
use upstream::{HEADERS, Raw, Reply, Running, play, request_counts, scenario, settings, without_cache, zoho};
use zoho_backup_core::fault::FaultKind;
use zoho_backup_core::json::Json;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::zoho::Timeouts;

const HTML: &str = "text/html; charset=utf-8";

/// Stands in upstream answers in every place that must not be passed on.
const MARKER: &str = "qx7-marker-0f3ac9d1e88b42";

/// The gateway's response to this answer of the API.
async fn answer(upstream: Answer) -> Reply {
    let zoho = zoho().await;
    play(&zoho, upstream);
    let reply = Running::to(&zoho).await.get().await;
    assert_eq!(request_counts(&zoho), (1, 1), "this answer was used");
    reply
}

/// The gateway's response to these bytes from the API.
async fn answer_raw(upstream: impl Into<Vec<u8>>) -> Reply {
    let zoho = Raw::api(upstream).await;
    let reply = Running::with(settings(&zoho.origin())).await.get().await;
    assert_eq!(zoho.request_count(), 1, "this answer was used");
    reply
}

/// Checks what all responses have in common.
fn assert_is_the_gateways_own(reply: &Reply, case: &str) {
    for name in reply.headers.keys() {
        assert!(HEADERS.contains(&name.as_str()), "{case}: {name}");
        assert_eq!(reply.headers.get_all(name).iter().count(), 1, "{case}: {name}");
    }
    assert_eq!(reply.header("cache-control"), Some("private, no-cache"), "{case}");
    assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'"), "{case}");
    assert!(!reply.holds(MARKER.as_bytes()), "{case}: {reply:?}");
}

/// Checks an error response.
fn assert_envelope(reply: &Reply, (status, code): (u16, &str), case: &str) {
    assert_is_the_gateways_own(reply, case);
    let message = reply.message();
    let expected = json!({ "code": code, "message": message, "details": {}, "status": "error" });
    assert_eq!((reply.status, reply.json()), (status, expected), "{case}");
    assert!(message.contains("Zoho") || message.contains("account"), "{case}: {message}");
    assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"), "{case}");
    assert_eq!(reply.header("retry-after").is_some(), status == 503, "{case}");
}

fn good() -> Answer {
    scenario(DEFAULT)
}

fn json(status: u16, body: impl ToString) -> Answer {
    Answer::body(status, JSON, body.to_string())
}

fn gzipped(bytes: &[u8]) -> Answer {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes).unwrap();
    Answer::bytes(200, JSON, gzip.finish().unwrap()).with("content-encoding", "gzip")
}

fn delivered(delivery: Delivery) -> Answer {
    Answer { delivery, ..good() }
}

/// Valid answers with headers that must not be passed on.
fn with_hostile_headers() -> Vec<(&'static str, Answer)> {
    vec![
        (
            "cookies",
            good().with("set-cookie", format!("a={MARKER}")).with("set-cookie", "b=2; Domain=example"),
        ),
        (
            "permissions for all pages",
            good()
                .with("access-control-allow-origin", "*")
                .with("access-control-allow-origin", "https://evil.example")
                .with("access-control-allow-credentials", "true")
                .with("access-control-expose-headers", MARKER)
                .with("cross-origin-resource-policy", "cross-origin")
                .with("timing-allow-origin", "*"),
        ),
        (
            "instructions to browsers",
            good()
                .with("clear-site-data", "\"*\"")
                .with("refresh", "0; url=https://evil.example")
                .with("location", "https://evil.example")
                .with("link", "<https://evil.example>; rel=preload")
                .with("content-security-policy", "default-src *")
                .with("content-disposition", "attachment; filename=a.exe")
                .with("alt-svc", "h2=\"evil.example:443\"")
                .with("strict-transport-security", "max-age=1"),
        ),
        (
            "instructions to caches",
            good()
                .with("cache-control", "public, max-age=99999")
                .with("age", "4000")
                .with("etag", format!("\"{MARKER}\""))
                .with("date", "Tue, 26 Jul 2022 04:28:45 GMT")
                .with("expires", "Tue, 26 Jul 2092 04:28:45 GMT")
                .with("vary", "*"),
        ),
        ("identifiers", good().with("server", MARKER).with("x-request-id", MARKER).with("via", MARKER)),
        ("another media type", good().with("content-type", format!("text/html; a={MARKER}"))),
        ("retry-after", good().with("retry-after", "4000").with("www-authenticate", MARKER)),
        ("1,000 characters in a header", good().with("x-long", MARKER.repeat(40))),
    ]
}

#[tokio::test]
async fn no_header_of_zoho_is_passed_on() {
    for (case, answered) in with_hostile_headers() {
        let sent: Value = serde_json::from_slice(&answered.body).unwrap();
        let reply = answer(answered).await;
        assert_is_the_gateways_own(&reply, case);
        assert_eq!((reply.status, reply.json()), (200, sent), "{case}");
        assert_eq!(reply.header("age"), Some("0"), "{case}");
        assert_eq!(reply.header("vary"), Some("Origin"), "{case}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"), "{case}");
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"), "{case}");
        let date = httpdate::parse_http_date(reply.header("date").unwrap()).unwrap();
        assert!(date.elapsed().unwrap() < Duration::from_secs(60), "{case}");
    }
}

#[tokio::test]
async fn no_unknown_key_of_zoho_is_passed_on() {
    let document = json!({
        "backup": {
            "id": "1", "scheduled_date": null, "start_date": null, "rrule": null, "status": "SCHEDULED",
            "requester": { "id": "2", "name": "Patricia Boyle", "zuid": "3", "email": MARKER },
            MARKER: 1, "download_links": [MARKER], "status ": MARKER, "Status": MARKER, "__proto__": { "a": MARKER },
        },
        "info": { "a": MARKER }, MARKER: {},
    });
    let reply = answer(json(200, document)).await;
    assert_is_the_gateways_own(&reply, "unknown keys");
    let expected = json!({ "backup": {
        "id": "1", "scheduled_date": null, "start_date": null, "rrule": null, "status": "SCHEDULED",
        "requester": { "id": "2", "name": "Patricia Boyle", "zuid": "3" },
    } });
    assert_eq!((reply.status, reply.json()), (200, expected));
}

fn deep(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

fn padded(bytes: usize) -> Answer {
    Answer::body(200, JSON, MARKER.repeat(bytes / MARKER.len()))
}

/// A valid answer but for these header lines.
fn head(lines: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n{{\"backup\":{{}}}}")
}

/// A named test for each unusable answer of the API.
macro_rules! no_answers {
    ($table:ident: $($name:ident: $asked:ident($answer:expr);)+) => {
        mod $table {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let reply = $asked($answer).await;
                assert_envelope(&reply, (502, "BAD_GATEWAY"), stringify!($name));
                assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::ServerError));
            })+
        }
    };
}

no_answers! { an_unusable_answer_is_a_bad_gateway:
    a_redirect_to_a_cloud_metadata_service: answer(Answer::empty(302).with("location", "http://169.254.169.254/"));
    a_redirect_to_a_sign_in_page: answer(scenario("redirect").with("x-a", MARKER));
    a_sign_in_page: answer(Answer::body(200, HTML, format!("<!doctype html>{MARKER}")));
    an_error_page_of_a_proxy: answer(Answer::body(502, HTML, format!("<h1>{MARKER}</h1>")));
    an_error_page_of_a_proxy_with_retry_after: answer(Answer::body(503, HTML, MARKER.into()).with("retry-after", "4000"));
    a_body_of_10_mib: answer(padded(10 << 20));
    a_body_of_10_mib_in_chunks: answer(Answer { delivery: Delivery::Chunked, ..padded(10 << 20) });
    a_valid_document_of_70_kib: answer(scenario("too-large"));
    a_body_of_10_mib_in_10_kib_of_gzip: answer(gzipped(&vec![b' '; 10 << 20]));
    a_valid_document_in_gzip: answer(gzipped(&good().body));
    a_truncated_transfer: answer(delivered(Delivery::CutOff));
    a_connection_that_is_reset: answer(delivered(Delivery::Reset));
    a_connection_that_is_closed: answer(delivered(Delivery::Dropped));
    bytes_that_are_not_utf_8: answer(Answer::bytes(200, JSON, b"{\"backup\":{\"status\":\"\xff\xfe\"}}".as_slice()));
    half_of_a_utf_8_character: answer(Answer::bytes(200, JSON, b"{\"backup\":{\"status\":\"\xe2\x82\"}}".as_slice()));
    plain_text: answer(json(200, MARKER));
    truncated_json: answer(scenario("truncated"));
    two_json_documents: answer(json(200, r#"{"backup":{}}{"backup":{}}"#));
    deeply_nested_json: answer(json(200, deep(100)));
    json_nested_too_deeply_for_the_parser: answer(json(200, deep(30_000)));
    deeply_nested_json_as_the_backup: answer(json(200, format!(r#"{{"backup":{}}}"#, deep(100))));
    a_number_out_of_range: answer(json(200, r#"{"backup":{"id":1e999}}"#));
    a_list_as_the_backup: answer(json(200, r#"{"backup":[]}"#));
    a_list_of_backups: answer(json(200, r#"{"backup":[{"status":"SCHEDULED"}]}"#));
    a_text_as_the_backup: answer(scenario("backup-text"));
    a_list_as_the_document: answer(scenario("list"));
    false_as_the_backup: answer(json(200, r#"{"backup":false}"#));
    null_as_the_document: answer(json(200, "null"));
    an_answer_of_the_accounts_server: answer(json(200, json!({ "error": MARKER })));
    an_error_without_a_code: answer(json(400, json!({ "status": "error", "message": MARKER })));
    status_401_without_a_body: answer(Answer::empty(401).with("www-authenticate", format!("Basic realm={MARKER}")));
    status_403_with_a_line_of_text: answer(Answer::body(403, "text/plain", MARKER.into()));
    status_407: answer(Answer::empty(407).with("proxy-authenticate", MARKER));
    status_304: answer(Answer::empty(304).with("etag", format!("\"{MARKER}\"")));
    status_404_with_a_document: answer(Answer { status: 404, ..good() });
    status_500_with_a_document: answer(Answer { status: 500, ..good() });
    an_unknown_status: answer(Answer { status: 799, ..good() });
}

// Bytes that no HTTP library would send.
no_answers! { an_answer_that_is_not_http_is_a_bad_gateway:
    no_bytes: answer_raw(String::new());
    plain_text: answer_raw(MARKER.to_owned());
    html_without_headers: answer_raw(format!("<html>{MARKER}</html>\r\n\r\n"));
    truncated_headers: answer_raw(format!("HTTP/1.1 200 OK\r\nx-a: {MARKER}\r\n"));
    another_protocol: answer_raw("SSH-2.0-OpenSSH_9.6\r\n\r\n".to_owned());
    an_invalid_status: answer_raw(format!("HTTP/1.1 2x0 OK\r\nx-a: {MARKER}\r\n\r\n"));
    a_protocol_upgrade: answer_raw(format!("HTTP/1.1 101 {MARKER}\r\nupgrade: a\r\nconnection: upgrade\r\n\r\n"));
    two_content_lengths: answer_raw(head("content-length: 2\r\ncontent-length: 13"));
    a_negative_content_length: answer_raw(head("content-length: -1"));
    a_content_length_out_of_range: answer_raw(head("content-length: 99999999999999999999999"));
    invalid_chunks: answer_raw(head("transfer-encoding: chunked"));
    a_header_of_1_mib: answer_raw(head(&format!("x-a: {}", MARKER.repeat((1 << 20) / MARKER.len()))));
    an_answer_with_1_000_headers: answer_raw(head(&format!("x-a: {MARKER}\r\n").repeat(1_000)));
    a_header_with_a_zero_byte: answer_raw(head("x-a: \0"));
    a_body_shorter_than_its_content_length: answer_raw(head("content-length: 100"));
}

#[tokio::test]
async fn a_reason_phrase_is_not_passed_on() {
    let reply = answer_raw(format!("HTTP/1.1 200 {MARKER}\r\ncontent-length: 2\r\n\r\n{{}}")).await;
    assert_is_the_gateways_own(&reply, "a reason phrase");
    assert_eq!(reply.status, 204);
    let reply = answer_raw(format!("HTTP/1.1 500 {MARKER}\r\ncontent-length: 0\r\n\r\n")).await;
    assert_envelope(&reply, (502, "BAD_GATEWAY"), "a reason phrase");
}

#[tokio::test]
async fn an_unreachable_server_is_a_bad_gateway() {
    let closed = zoho().await.origin();
    let reply = Running::with(settings(&closed)).await.get().await;
    assert_envelope(&reply, (502, "BAD_GATEWAY"), "closed");
    assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::ServerError));
}

/// With short timeouts in real time: sockets do not wait for a paused clock.
#[tokio::test]
async fn a_slow_server_times_out_and_is_disconnected() {
    let timeouts = Timeouts { connect: Duration::from_secs(1), total: Duration::from_secs(1) };
    let cases = [
        ("slow", scenario("slow")),
        ("dripping", delivered(Delivery::Dripping)),
        ("stalled", delivered(Delivery::Stalled)),
    ];
    join_all(cases.into_iter().map(|(case, answered)| async move {
        let zoho = zoho().await;
        play(&zoho, answered);
        let running = Running::within(timeouts, settings(&zoho.origin())).await;
        let reply = running.get().await;
        assert_envelope(&reply, (504, "GATEWAY_TIMEOUT"), case);
        assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::ServerError), "{case}");
        let is_abandoned = |request: &Request| request.outcome == Outcome::Abandoned;
        zoho.record().until(|requests| requests.iter().any(is_abandoned)).await;
        assert_eq!(request_counts(&zoho), (1, 1), "{case}: remembered, and not tried again");
    }))
    .await;
}

#[test]
fn the_gateway_waits_for_zoho_as_long_as_the_widget_waits() {
    let Timeouts { connect, total } = Timeouts::default();
    assert_eq!((connect, total), (Duration::from_secs(3), zoho_backup_core::reply::DEADLINE));
}

/// A named test for each error scenario of the sandbox: Zoho's errors, and those of proxies.
macro_rules! faults {
    ($($name:ident: $scenario:literal => $status:literal, $code:literal, $kind:ident;)+) => {
        mod the_fault {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                let reply = answer(scenario($scenario)).await;
                assert_envelope(&reply, ($status, $code), $scenario);
                assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::$kind));
            })+
        }
    };
}

faults! {
    invalid_url_pattern: "invalid-url-pattern" => 502, "INVALID_URL_PATTERN", InvalidUrlPattern;
    scope_mismatch: "scope-mismatch" => 502, "OAUTH_SCOPE_MISMATCH", ScopeMismatch;
    no_permission: "no-permission" => 502, "NO_PERMISSION", NoPermission;
    internal_error: "internal-error" => 502, "INTERNAL_ERROR", InternalError;
    invalid_request_method: "invalid-request-method" => 502, "INVALID_REQUEST_METHOD", InvalidRequestMethod;
    invalid_token: "invalid-token" => 502, "INVALID_TOKEN", InvalidToken;
    authentication_failure: "authentication-failure" => 502, "AUTHENTICATION_FAILURE", AuthenticationFailure;
    nested_error: "nested-error" => 502, "NO_PERMISSION", NoPermission;
    error_with_200: "error-with-200" => 502, "INVALID_TOKEN", InvalidToken;
    unknown_code: "unknown-code" => 502, "LICENSE_EXPIRED", ApiError;
    rate_limited: "rate-limited" => 503, "TOO_MANY_REQUESTS", RateLimited;
    rate_limited_retry_after: "rate-limited-retry-after" => 503, "TOO_MANY_REQUESTS", RateLimited;
    rate_limited_retry_date: "rate-limited-retry-date" => 503, "TOO_MANY_REQUESTS", RateLimited;
    unavailable: "unavailable" => 502, "BAD_GATEWAY", ServerError;
    unauthorized: "unauthorized" => 502, "BAD_GATEWAY", ServerError;
    forbidden: "forbidden" => 502, "BAD_GATEWAY", ServerError;
    not_found: "not-found" => 502, "BAD_GATEWAY", ServerError;
    gone: "gone" => 502, "BAD_GATEWAY", ServerError;
    bad_gateway: "bad-gateway" => 502, "BAD_GATEWAY", ServerError;
}

/// Each code with each status, at the top and nested: the code is passed on, and nothing of the message.
#[tokio::test]
async fn error_codes_are_passed_on_with_any_status() {
    let codes = [
        "INVALID_URL_PATTERN",
        "OAUTH_SCOPE_MISMATCH",
        "NO_PERMISSION",
        "INTERNAL_ERROR",
        "INVALID_REQUEST_METHOD",
        "INVALID_TOKEN",
        "AUTHENTICATION_FAILURE",
        "LICENSE_EXPIRED",
    ];
    let envelope =
        |code| json!({ "code": code, "message": MARKER, "details": { "a": [MARKER] }, "status": "error" });
    for code in codes {
        for status in [200, 400, 401, 403, 404, 500, 503] {
            for body in [envelope(code), json!({ "backup": envelope(code), "info": MARKER })] {
                let case = format!("{status} {code}");
                assert_envelope(&answer(json(status, body)).await, (502, code), &case);
            }
        }
    }
}

#[tokio::test]
async fn text_that_does_not_look_like_an_error_code_is_not_passed_on() {
    let long = "A".repeat(65);
    let codes = [
        ("markup", "<script>alert(1)</script>"),
        ("lower case", MARKER),
        ("spaces", "NO PERMISSION"),
        ("none", ""),
        ("65 letters", long.as_str()),
        ("a line break", "A\r\nset-cookie: a=1"),
        ("other scripts", "ПРИВЕТ"),
        ("other digits", "ERROR٤"),
        ("the form of a token", "1000.A0"),
        ("a hyphen", "NO-PERMISSION"),
    ];
    for (case, code) in codes {
        let reply = answer(json(400, json!({ "code": code, "message": MARKER, "status": "error" }))).await;
        assert_envelope(&reply, (502, "BAD_GATEWAY"), case);
        assert!(code.is_empty() || !reply.holds(code.as_bytes()), "{case}");
    }
}

#[tokio::test]
async fn used_up_credits_are_reported_with_retry_after() {
    let limited = || json(429, json!({ "code": "A_CODE", "message": MARKER, "status": "error" }));
    let cases = [
        ("none", limited(), 60),
        ("seconds", limited().with("retry-after", " 120 "), 120),
        ("zero seconds", limited().with("retry-after", "0"), 15),
        ("an hour", limited().with("retry-after", "3600"), 3_600),
        ("a day", limited().with("retry-after", "86400"), 3_600),
        ("out of range", limited().with("retry-after", "99999999999999999999"), 60),
        ("a negative number", limited().with("retry-after", "-5"), 60),
        ("a fraction", limited().with("retry-after", "1.5"), 60),
        ("a past date", limited().with("retry-after", "Tue, 26 Jul 2022 04:28:45 GMT"), 60),
        ("a date far ahead", limited().with("retry-after", "Sat, 26 Jul 2092 04:28:45 GMT"), 3_600),
        ("text", limited().with("retry-after", MARKER), 60),
        ("without an envelope", Answer::empty(429), 60),
        ("an HTML page", Answer::body(429, HTML, MARKER.into()).with("retry-after", "7"), 15),
        ("another status", json(400, r#"{"code":"TOO_MANY_REQUESTS","status":"error"}"#), 60),
    ];
    for (case, answered, seconds) in cases {
        let reply = answer(answered).await;
        assert_envelope(&reply, (503, "TOO_MANY_REQUESTS"), case);
        let wait = reply.number("retry-after").unwrap();
        // A new second may have begun meanwhile.
        assert!(wait == seconds || wait + 1 == seconds, "{case}: {wait}");
        assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::RateLimited), "{case}");
    }
    let wait = answer(scenario("rate-limited-retry-date")).await.number("retry-after").unwrap();
    assert!((117..=120).contains(&wait), "a date 120 seconds ahead: {wait}");
}

/// A portal could take these for its own, and sign its user out.
#[tokio::test]
async fn no_scenario_of_the_sandbox_leads_to_401_or_403() {
    let timeouts = Timeouts { connect: Duration::from_secs(1), total: Duration::from_secs(2) };
    for scenario in SCENARIOS {
        // These are slow, and tested above.
        if ["slow", "dripping", "stalled"].contains(&scenario.name) {
            continue;
        }
        let zoho = zoho().await;
        play(&zoho, scenario.answer_now());
        let reply = Running::within(timeouts, settings(&zoho.origin())).await.get().await;
        assert!([200, 204, 502, 503].contains(&reply.status), "{}: {}", scenario.name, reply.status);
        assert_is_the_gateways_own(&reply, scenario.name);
    }
}

#[tokio::test]
async fn nothing_scheduled_is_204_in_every_form() {
    let cases = [
        ("204", Answer::empty(204)),
        ("204 with a type", Answer::empty(204).with("content-type", JSON)),
        ("200 without a body", Answer::empty(200)),
        ("white space", json(200, " \r\n")),
        ("an empty object", json(200, "{}")),
        ("null", json(200, r#"{"backup":null}"#)),
        ("null beside other fields", json(200, r#"{"backup":null,"info":{}}"#)),
    ];
    for (case, answered) in cases {
        let reply = answer(answered).await;
        assert_is_the_gateways_own(&reply, case);
        assert_eq!((reply.status, reply.body.as_slice()), (204, b"".as_slice()), "{case}");
        assert_eq!(reply.header("age"), Some("0"), "{case}");
        assert_eq!(reply.as_the_widget_reads_it(), Ok(None), "{case}");
    }
}

#[tokio::test]
async fn malformed_fields_are_passed_on_as_malformed() {
    let cases = [
        ("status", "7", "status"),
        ("status", "[]", "status"),
        ("status", r#"{"a":[true,null,1.5]}"#, "status"),
        ("scheduled_date", "1658809725", "scheduled_date"),
        ("scheduled_date", "\"next Tuesday\"", "scheduled_date"),
        ("scheduled_date", "\"<img src=x>\"", "scheduled_date"),
        ("start_date", "\"\"", "start_date"),
        ("start_date", "false", "start_date"),
        ("rrule", "{}", "rrule"),
        ("id", "4876876000001593003", "id"),
        ("requester", "\"Patricia Boyle\"", "requester"),
        ("requester", "[]", "requester"),
        ("requester", r#"{"name":1}"#, "requester.name"),
        ("requester", r#"{"zuid":7534658674}"#, "requester.zuid"),
    ];
    for (key, value, malformed) in cases {
        let document = format!(r#"{{"backup":{{"{key}":{value}}}}}"#);
        let reply = answer(json(200, &document)).await;
        let as_core_has_it = |text: &[u8]| serde_json::from_slice::<Json>(text).unwrap();
        assert_eq!(reply.status, 200, "{document}");
        assert_eq!(as_core_has_it(&reply.body), as_core_has_it(document.as_bytes()), "{document}");
        let backup = reply.as_the_widget_reads_it().unwrap().expect("a backup");
        assert_eq!(backup.malformed_key(), Some(malformed), "{document}");
    }
}

#[tokio::test]
async fn a_field_nested_too_deeply_is_passed_on_as_malformed() {
    let deep = format!(r#"{{"backup":{{"status":{}{}}}}}"#, "[".repeat(100), "]".repeat(100));
    let backup = answer(json(200, deep)).await.as_the_widget_reads_it().unwrap().expect("a backup");
    assert_eq!(backup.malformed_key(), Some("status"));
}

#[tokio::test]
async fn documents_of_the_sandbox_are_passed_on_unchanged() {
    let zoho = zoho().await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    let documents = SCENARIOS.iter().take_while(|scenario| scenario.name != "none");
    for scenario in documents {
        let answered = scenario.answer_now();
        let sent: Value = serde_json::from_slice(&answered.body).unwrap();
        play(&zoho, answered);
        let reply = running.get().await;
        // Numbers as core's JSON type represents them; members in any order.
        let as_numbers_are = |value: &Value| {
            serde_json::to_value(serde_json::from_value::<Json>(value.clone()).unwrap()).unwrap()
        };
        let got = reply.json();
        assert_eq!(reply.status, 200, "{}", scenario.name);
        for key in ["id", "scheduled_date", "start_date", "rrule", "status", "requester"] {
            let (got, sent) = (&got["backup"][key], &sent["backup"][key]);
            assert_eq!(as_numbers_are(got), as_numbers_are(sent), "{} {key}", scenario.name);
        }
    }
    assert_eq!(request_counts(&zoho).1, 1, "one token for all");
}

#[tokio::test]
async fn the_requester_is_passed_on_only_if_configured() {
    let zoho = zoho().await;
    let discreet = Settings { include_requester: false, ..settings(&zoho.origin()) };
    let reply = Running::with(discreet).await.get().await;
    assert_eq!((reply.status, reply.holds(b"Patricia")), (200, false));
    assert!(reply.json()["backup"].get("requester").is_none());
    assert!(Running::to(&zoho).await.get().await.holds(b"Patricia"));
}

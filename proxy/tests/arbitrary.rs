//! Property tests: whatever Zoho's servers send, the gateway answers in time, with its own headers and messages.

mod upstream;

use std::sync::Arc;
use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use secrecy::SecretString;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout};
use upstream::{HEADERS, InProcess, Raw, Reply, TOKEN_ANSWER, settings};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream, Zoho};

/// Stands in every place that must not be passed on.
const MARKER: &str = "qx7-marker-0f3ac9d1e88b42";
/// The statuses of the gateway.
const STATUSES: [u16; 5] = [200, 204, 502, 503, 504];
const DOCUMENTED: [&str; 6] = ["id", "scheduled_date", "start_date", "rrule", "status", "requester"];

/// One client for many gateways, because setting up TLS takes longer than everything else.
#[derive(Clone, Debug)]
struct Shared(Arc<Zoho>);

impl Upstream for Shared {
    async fn fetch_backup(&self, token: &SecretString, deadline: Instant) -> Result<Answer, Failure> {
        self.0.fetch_backup(token, deadline).await
    }

    async fn renew_token(&self, deadline: Instant) -> Result<Token, Failure> {
        self.0.renew_token(deadline).await
    }
}

fn client(settings: Settings) -> Shared {
    let zoho = Zoho::new(&settings, Duration::from_secs(3));
    Shared(Arc::new(zoho.expect("a client")))
}

/// Bytes that are readable in the message of a failed test.
struct Wire(Vec<u8>);

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

/// Checks the gateway's responses if the accounts server and the API send such bytes.
fn check(cases: u32, sent: impl Strategy<Value = (Vec<u8>, Vec<u8>)>) {
    let runtime = Runtime::new().unwrap();
    let raw = runtime.block_on(Raw::start(Vec::new(), Vec::new()));
    let client = client(settings(&raw.origin()));
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    let result =
        TestRunner::new(config).run(&sent.prop_map(|(token, backup)| [token, backup].map(Wire)), |sent| {
            let [Wire(token), Wire(backup)] = sent;
            raw.play(token, backup);
            let gateway =
                InProcess::of(Gateway::with_upstream(settings("http://zoho.invalid"), client.clone()));
            let reply = runtime.block_on(async { timeout(Duration::from_secs(30), gateway.get()).await });
            assert_is_the_gateways_own(&reply.expect("an answer in time"));
            Ok(())
        });
    if let Err(problem) = result {
        panic!("{problem}");
    }
}

fn assert_is_the_gateways_own(reply: &Reply) {
    assert!(STATUSES.contains(&reply.status), "{reply:?}");
    for name in reply.headers.keys() {
        assert!(HEADERS.contains(&name.as_str()), "{name}");
    }
    assert!(!reply.holds(MARKER.as_bytes()), "{reply:?}");
    match reply.status {
        204 => assert!(reply.body.is_empty()),
        200 => {
            let document = reply.json();
            let keys: Vec<_> = document.as_object().expect("an object").keys().collect();
            assert_eq!(keys, ["backup"]);
            let mut fields = document["backup"].as_object().expect("an object").keys();
            assert!(fields.all(|key| DOCUMENTED.contains(&key.as_str())), "{document}");
        }
        _ => drop(reply.envelope()),
    }
}

/// Any JSON; all texts and most keys contain `within`.
fn any_json(within: &'static str) -> impl Strategy<Value = Value> {
    let text = move |text: String| format!("{text}{within}");
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(move |it| Value::from(text(it))),
    ];
    leaf.prop_recursive(6, 40, 6, move |inner| {
        let keys = prop_oneof![any::<String>().prop_map(text), "backup|code|message|error|status"];
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            vec((keys, inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A document with the marker everywhere but in the documented fields.
fn documents() -> impl Strategy<Value = Value> {
    let documented = vec((proptest::sample::select(DOCUMENTED.as_slice()), any_json("")), 0..6);
    let others = || vec((any::<String>(), any_json(MARKER)), 0..4);
    (documented, others(), others()).prop_map(|(documented, within, beside)| {
        let mark = |(key, value): (String, Value)| (format!("{key}{MARKER}"), value);
        let fields = documented.into_iter().map(|(key, value)| {
            // Only three members of the requester are documented.
            let value = if key == "requester" && value.is_object() {
                json!({ "name": "a", MARKER: value })
            } else {
                value
            };
            (key.to_owned(), value)
        });
        let backup: Map<_, _> = fields.chain(within.into_iter().map(mark)).collect();
        let beside = beside.into_iter().map(mark);
        Value::Object(beside.chain([("backup".to_owned(), Value::Object(backup))]).collect())
    })
}

/// Errors of any form. Nothing with the marker has the form of an error code.
fn envelopes() -> impl Strategy<Value = Value> {
    let code = prop_oneof!["[A-Z_]{1,70}".prop_map(Value::from), any_json(MARKER)];
    let status = prop_oneof![Just(json!("error")), any_json(MARKER)];
    (code, any_json(MARKER), any_json(MARKER), status, any::<bool>()).prop_map(
        |(code, message, details, status, nested)| {
            let envelope = json!({ "code": code, "message": message, "details": details, "status": status });
            // Within `backup`, any other status would make it a backup.
            let is_error = envelope["status"] == "error";
            if nested && is_error { json!({ "backup": envelope, MARKER: MARKER }) } else { envelope }
        },
    )
}

/// Answers to a request for a token, valid or not.
fn tokens() -> impl Strategy<Value = Value> {
    let token = prop_oneof!["[!-~]{1,600}".prop_map(Value::from), any_json(MARKER), Just(json!(MARKER))];
    let error = prop_oneof![Just(json!("Access Denied")), Just(json!("invalid_code")), any_json(MARKER)];
    let usual = (any::<bool>(), token, error, any_json(MARKER), any_json(MARKER)).prop_map(
        |(is_good, token, error, life, seconds)| {
            let mut answer = json!({ "expires_in": life, "expires_in_sec": seconds, MARKER: MARKER });
            let (key, value) = if is_good { ("access_token", token) } else { ("error", error) };
            answer[key] = value;
            answer
        },
    );
    prop_oneof![3 => usual, 1 => any_json(MARKER)]
}

fn bodies(json: impl Strategy<Value = Value> + 'static) -> impl Strategy<Value = Vec<u8>> {
    let text = json.prop_map(|value| value.to_string().into_bytes()).boxed();
    prop_oneof![
        6 => text.clone(),
        // Truncated anywhere.
        1 => (text, any::<prop::sample::Index>()).prop_map(|(text, at)| text[..at.index(text.len())].to_vec()),
        1 => vec(any::<u8>(), 0..300),
        1 => (0..200_000_usize).prop_map(|length| MARKER.repeat(length / MARKER.len()).into_bytes()),
        1 => Just(format!("<html>{MARKER}").into_bytes()),
    ]
}

/// An answer with this body, any status and any headers. Its `Content-Length` may be wrong.
fn answers(bodies: impl Strategy<Value = Vec<u8>> + 'static) -> impl Strategy<Value = Vec<u8>> {
    let status =
        prop_oneof![4 => Just(200_u16), 2 => 100..1_000_u16, 1 => Just(429), 1 => Just(401), 1 => Just(204)];
    let names = prop_oneof![
        "[a-z][a-z-]{0,20}",
        "retry-after|set-cookie|location|content-type|content-encoding|transfer-encoding|connection|date|age|etag",
    ];
    let values = prop_oneof![
        "[ -~]{0,40}".prop_map(|text| format!("{text}{MARKER}")),
        "[0-9]{1,25}",
        "chunked|gzip|close|keep-alive|http://169\\.254\\.169\\.254/",
    ];
    let length = prop_oneof![4 => Just(Some(0_i64)), 1 => (-400..400_i64).prop_map(Some), 1 => Just(None)];
    (status, vec((names, values), 0..8), length, bodies).prop_map(|(status, headers, length, body)| {
        let mut answer = format!("HTTP/1.1 {status} {MARKER}\r\nx-marker: {MARKER}\r\n");
        for (name, value) in headers {
            answer += &format!("{name}: {value}\r\n");
        }
        if let Some(error) = length {
            answer += &format!("content-length: {}\r\n", body.len() as i64 + error);
        }
        [answer.into_bytes(), b"\r\n".to_vec(), body].concat()
    })
}

fn good_token() -> Just<Vec<u8>> {
    Just(TOKEN_ANSWER.into())
}

fn good_backup() -> Just<Vec<u8>> {
    Just(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}".to_vec())
}

#[test]
fn any_document_from_the_api() {
    check(400, (good_token(), answers(bodies(documents()))));
}

#[test]
fn any_error_from_the_api() {
    check(300, (good_token(), answers(bodies(envelopes()))));
}

#[test]
fn any_bytes_from_the_api() {
    let bytes = vec(any::<u8>(), 0..400);
    check(200, (good_token(), bytes.prop_map(|bytes| [bytes, MARKER.into()].concat())));
}

#[test]
fn any_answer_from_the_accounts_server() {
    check(300, (answers(bodies(tokens())), good_backup()));
}

#[test]
fn any_bytes_from_the_accounts_server() {
    let bytes = vec(any::<u8>(), 0..400);
    check(200, (bytes.prop_map(|bytes| [bytes, MARKER.into()].concat()), good_backup()));
}

//! Each kind of reply over a real socket.

mod wire;

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Read};
use std::net::SocketAddr;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use sandbox::answer::{Answer, Delivery};
use sandbox::{Outcome, SCENARIOS, Sandbox, scenarios};
use serde_json::json;
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use wire::{Reply, Request};

/// How long to wait for what must happen.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the server sends before it closes the connection.
async fn raw(address: SocketAddr, method: &str, path: &str, headers: &str) -> Vec<u8> {
    let stream = TcpStream::connect(address).await.unwrap();
    Request { method, path, headers, body: "" }.send(stream).await
}

async fn ask(sandbox: &Sandbox, method: &str, path: &str, headers: &str) -> Reply {
    Reply::read(&raw(sandbox.address(), method, path, headers).await)
}

async fn get(sandbox: &Sandbox, path: &str) -> Reply {
    ask(sandbox, "GET", path, "origin: https://portal.example\r\n").await
}

async fn scenario(sandbox: &Sandbox, name: &str) -> Reply {
    get(sandbox, &format!("/scenarios/{name}/crm/bulk/v6/backup")).await
}

/// A client that has asked for this scenario and has read nothing yet.
async fn client(sandbox: &Sandbox, name: &str) -> TcpStream {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let request = format!("GET /scenarios/{name}/crm/bulk/v6/backup HTTP/1.1\r\nhost: sandbox\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// What has come as soon as there are so many bytes after the headers.
async fn first(client: &mut TcpStream, bytes: usize) -> Reply {
    let mut answer = Vec::new();
    let reading = async {
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(client.read_u8().await.expect("more to come"));
        }
        for _ in 0..bytes {
            answer.push(client.read_u8().await.expect("more to come"));
        }
    };
    timeout(PATIENCE, reading).await.expect("the first bytes come at once");
    Reply::read(&answer)
}

/// How long the body is to be.
fn length(reply: &Reply) -> usize {
    reply.header("content-length").expect("a length").parse().unwrap()
}

fn outcome(sandbox: &Sandbox, name: &str) -> Option<Outcome> {
    sandbox.record().of(name).first().map(|request| request.outcome)
}

/// The client goes away while it waits for this scenario.
async fn leaves(sandbox: &Sandbox, name: &str, client: TcpStream) {
    assert_eq!(outcome(sandbox, name), Some(Outcome::Pending));
    drop(client);
    let gone = sandbox
        .record()
        .until(|requests| requests.iter().any(|request| request.outcome == Outcome::Abandoned));
    timeout(PATIENCE, gone).await.expect("the server notices that its client is gone");
    assert_eq!(outcome(sandbox, name), Some(Outcome::Abandoned));
}

async fn sandbox() -> Sandbox {
    Sandbox::start(0).await.expect("a free port")
}

#[tokio::test]
async fn zohos_own_path_answers_as_scheduled() {
    let sandbox = sandbox().await;
    let reply = get(&sandbox, "/crm/bulk/v6/backup").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json;charset=UTF-8"));
    assert_eq!(reply.json()["backup"]["status"], "SCHEDULED");
    assert_eq!(reply.json()["backup"]["requester"]["name"], "Patricia Boyle");
    assert_eq!(sandbox.record().of("scheduled").len(), 1);
}

#[tokio::test]
async fn every_scenario_that_answers_at_once_sends_what_its_row_says() {
    let sandbox = sandbox().await;
    for row in SCENARIOS {
        let expected = row.answer_now();
        if expected.delivery != Delivery::Whole || !expected.delay.is_zero() {
            continue;
        }
        let reply = scenario(&sandbox, row.name).await;
        assert_eq!(reply.status, expected.status, "{}", row.name);
        assert_eq!(reply.body.len(), expected.body.len(), "{}", row.name);
        assert_eq!(reply.header("x-sandbox"), Some("zoho-backup-status"), "{}", row.name);
        // A date may have moved on by a second.
        let later = row.answer_now();
        for ((name, value), (_, later)) in expected.headers.iter().zip(&later.headers) {
            let found = reply.header(name).expect(name);
            assert!([value, later].contains(&&found.to_owned()), "{}: {found}", row.name);
        }
    }
}

#[tokio::test]
async fn an_error_comes_in_zohos_envelope() {
    let sandbox = sandbox().await;
    let envelope = json!({
        "code": "NO_PERMISSION", "message": "Permission denied to read", "details": {}, "status": "error",
    });
    let reply = scenario(&sandbox, "no-permission").await;
    assert_eq!((reply.status, reply.json()), (403, envelope.clone()));
    let reply = scenario(&sandbox, "nested-error").await;
    assert_eq!((reply.status, reply.json()), (403, json!({ "backup": envelope })));
}

#[tokio::test]
async fn nothing_scheduled_is_204_without_a_body() {
    let reply = scenario(&sandbox().await, "none").await;
    assert_eq!((reply.status, reply.text()), (204, ""));
}

#[tokio::test]
async fn a_test_may_put_another_answer_in_place_of_a_scenarios_own() {
    let sandbox = sandbox().await;
    sandbox.play("scheduled", scenarios::find("internal-error").unwrap().answer_now());
    assert_eq!(scenario(&sandbox, "scheduled").await.status, 500);
    assert_eq!(get(&sandbox, "/crm/bulk/v6/backup").await.status, 500);
    assert_eq!(scenario(&sandbox, "overdue").await.status, 200);
    assert_eq!(sandbox.record().of("scheduled").len(), 2);

    sandbox.play("scheduled", Answer::body(200, scenarios::JSON, r#"{"backup":null}"#.into()));
    let reply = scenario(&sandbox, "scheduled").await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "backup": null })));
}

#[tokio::test]
async fn answers_are_played_in_turn_and_the_last_one_stays() {
    let sandbox = sandbox().await;
    let answers = [500, 503, 404].map(|status| Answer::body(status, scenarios::JSON, "{}".into()));
    sandbox.play_in_turn("scheduled", answers.into());
    let path = "/scenarios/scheduled/crm/bulk/v6/backup";
    for status in [500, 503, 404, 404] {
        assert_eq!(ask(&sandbox, "OPTIONS", path, "").await.status, 204, "a preflight takes no turn");
        assert_eq!(scenario(&sandbox, "scheduled").await.status, status);
    }
    sandbox.play_in_turn("scheduled", vec![]);
    assert_eq!(scenario(&sandbox, "scheduled").await.status, 200);
}

#[tokio::test]
async fn flapping_goes_round_whether_the_record_is_cleared_or_not() {
    let sandbox = sandbox().await;
    for (number, status) in [200, 200, 500, 500, 200].into_iter().cycle().take(11).enumerate() {
        assert_eq!(scenario(&sandbox, "flapping").await.status, status, "{number}");
        sandbox.record().clear();
    }
}

#[tokio::test]
async fn every_get_of_a_scenario_is_counted_and_no_preflight() {
    let sandbox = sandbox().await;
    get(&sandbox, "/crm/bulk/v6/backup").await;
    scenario(&sandbox, "scheduled").await;
    ask(&sandbox, "OPTIONS", "/scenarios/scheduled/crm/bulk/v6/backup", "").await;
    assert_eq!(sandbox.record().count("scheduled"), 2);
    assert_eq!(sandbox.record().count("overdue"), 0);

    let list = get(&sandbox, "/scenarios").await.json();
    for row in list.as_array().unwrap() {
        let expected = if row["name"] == "scheduled" { 2 } else { 0 };
        assert_eq!(row["requests"], expected, "{}", row["name"]);
    }
}

#[tokio::test]
async fn a_redirect_leads_to_a_page_that_exists() {
    let sandbox = sandbox().await;
    let reply = scenario(&sandbox, "redirect").await;
    assert_eq!((reply.status, reply.header("location")), (302, Some("/sign-in")));
    let page = get(&sandbox, "/sign-in").await;
    assert_eq!(page.status, 200);
    assert!(page.text().starts_with("<!doctype html>"));
}

#[tokio::test]
async fn too_large_is_valid_json_beyond_64_kib() {
    let reply = scenario(&sandbox().await, "too-large").await;
    assert_eq!(reply.body.len(), 70 * 1024);
    assert_eq!(reply.json()["backup"]["status"], "SCHEDULED");
}

#[tokio::test]
async fn a_dropped_connection_gives_not_one_byte() {
    let sandbox = sandbox().await;
    let path = "/scenarios/dropped/crm/bulk/v6/backup";
    assert_eq!(raw(sandbox.address(), "GET", path, "").await, b"");
    assert_eq!(sandbox.record().of("dropped").len(), 1);
}

#[tokio::test]
async fn slow_is_still_pending_when_others_are_answered_and_sees_its_client_go() {
    let row = scenarios::find("slow").unwrap();
    let delay = Answer::new(&row.reply, OffsetDateTime::UNIX_EPOCH).delay;
    assert_eq!(delay, Duration::from_secs(30));

    let sandbox = sandbox().await;
    let client = client(&sandbox, "slow").await;
    sandbox.record().until(|requests| !requests.is_empty()).await;
    scenario(&sandbox, "none").await;
    leaves(&sandbox, "slow", client).await;
}

#[tokio::test]
async fn a_reset_connection_is_no_closed_one() {
    let sandbox = sandbox().await;
    let mut client = client(&sandbox, "reset").await;
    let read = timeout(PATIENCE, client.read_u8()).await.expect("the connection ends");
    assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(outcome(&sandbox, "reset"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_cut_off_body_is_half_of_what_its_headers_promise() {
    let sandbox = sandbox().await;
    let reply = timeout(PATIENCE, scenario(&sandbox, "cut-off")).await.expect("the connection ends");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body.len(), length(&reply) / 2);
    assert!(reply.text().starts_with(r#"{"backup":{"#));
    assert_eq!(outcome(&sandbox, "cut-off"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_drip_begins_at_once_and_sees_its_client_go() {
    let sandbox = sandbox().await;
    let mut client = client(&sandbox, "dripping").await;
    let reply = first(&mut client, 2).await;
    assert_eq!((reply.status, reply.text()), (200, r#"{""#));
    assert!(length(&reply) > 100, "more is missing than comes within the time of this test");
    assert!(reply.header("access-control-allow-origin").is_some());
    leaves(&sandbox, "dripping", client).await;
}

#[tokio::test]
async fn a_drip_that_is_read_to_its_end_is_an_answer() {
    let sandbox = sandbox().await;
    let short = Answer::body(200, scenarios::JSON, "{}".into());
    sandbox.play("scheduled", Answer { delivery: Delivery::Dripping, ..short });
    let reply = timeout(PATIENCE, scenario(&sandbox, "scheduled")).await.expect("two bytes, two seconds");
    assert_eq!((length(&reply), reply.text()), (2, "{}"));
    assert_eq!(outcome(&sandbox, "scheduled"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_stalled_answer_is_only_headers_and_sees_its_client_go() {
    let sandbox = sandbox().await;
    let mut client = client(&sandbox, "stalled").await;
    let reply = first(&mut client, 0).await;
    assert_eq!(reply.status, 200);
    assert!(length(&reply) > 100);
    assert!(reply.header("access-control-allow-origin").is_some());
    scenario(&sandbox, "none").await;
    assert_eq!(client.try_read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    leaves(&sandbox, "stalled", client).await;
}

#[tokio::test]
async fn an_overloaded_gateway_says_when_to_come_again() {
    let sandbox = sandbox().await;
    let reply = scenario(&sandbox, "unavailable").await;
    assert_eq!((reply.status, reply.text()), (503, "Service Unavailable"));
    assert_eq!(reply.header("retry-after"), Some("60"));

    let reply = scenario(&sandbox, "rate-limited-retry-date").await;
    assert_eq!((reply.status, reply.text()), (429, "Too Many Requests"));
    let [date, retry_after] = ["date", "retry-after"].map(|name| second_of_day(reply.header(name).unwrap()));
    let ahead = (retry_after - date).rem_euclid(24 * 60 * 60);
    assert!((119..=121).contains(&ahead), "{ahead} seconds: hyper reads the clock a moment earlier or later");
}

/// Of a date as in `Tue, 26 Jul 2022 04:28:45 GMT`.
fn second_of_day(date: &str) -> i32 {
    let time = date.split(' ').nth(4).unwrap();
    time.split(':').fold(0, |seconds, part| 60 * seconds + part.parse::<i32>().unwrap())
}

#[tokio::test]
async fn a_body_need_not_be_text_and_may_be_huge_and_of_unknown_length() {
    let sandbox = sandbox().await;
    let not_utf8 = b"{\"backup\":\xff\xfe}";
    sandbox.play("scheduled", Answer::bytes(200, scenarios::JSON, &not_utf8[..]));
    assert_eq!(scenario(&sandbox, "scheduled").await.body, not_utf8);

    let huge = vec![b' '; 10 << 20];
    sandbox.play("scheduled", Answer::bytes(200, scenarios::JSON, huge.clone()));
    let reply = scenario(&sandbox, "scheduled").await;
    assert_eq!(length(&reply), huge.len());
    assert!(reply.body == huge);

    let huge = Answer { delivery: Delivery::Chunked, ..Answer::bytes(200, scenarios::JSON, huge) };
    sandbox.play("scheduled", huge);
    let reply = scenario(&sandbox, "scheduled").await;
    assert_eq!(reply.header("content-length"), None);
    assert_eq!(reply.header("transfer-encoding"), Some("chunked"));
    assert!(reply.body.len() > 10 << 20 && reply.body.ends_with(b"\r\n0\r\n\r\n"));
    assert_eq!(outcome(&sandbox, "scheduled"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_gzip_bomb_is_small_on_the_wire() {
    let sandbox = sandbox().await;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    io::copy(&mut io::repeat(b' ').take(10 << 20), &mut bomb).unwrap();
    let bomb = bomb.finish().unwrap();
    let answer = Answer::bytes(200, scenarios::JSON, bomb.clone()).with("content-encoding", "gzip");
    sandbox.play("scheduled", answer);
    let reply = scenario(&sandbox, "scheduled").await;
    assert_eq!(reply.header("content-encoding"), Some("gzip"));
    assert!(reply.body == bomb && bomb.len() < 20 << 10, "{} bytes", bomb.len());
}

#[tokio::test]
async fn the_headers_of_an_answer_are_sent_as_they_stand() {
    let sandbox = sandbox().await;
    let answer = Answer::empty(302)
        .with("set-cookie", "session=1")
        .with("set-cookie", "session=2")
        .with("access-control-allow-origin", "https://evil.example")
        .with("location", "http://169.254.169.254/latest/meta-data/");
    sandbox.play("scheduled", answer);
    let reply = scenario(&sandbox, "scheduled").await;
    let sent = |name| reply.headers(name).collect::<Vec<_>>();
    assert_eq!(sent("set-cookie"), ["session=1", "session=2"]);
    assert_eq!(sent("access-control-allow-origin"), ["https://evil.example"]);
    assert_eq!(sent("location"), ["http://169.254.169.254/latest/meta-data/"]);
}

#[tokio::test]
async fn a_page_of_another_origin_may_read_answer_and_headers() {
    let sandbox = sandbox().await;
    for name in ["scheduled", "none", "html", "rate-limited-retry-after", "unavailable", "cut-off"] {
        let reply = scenario(&sandbox, name).await;
        assert_eq!(reply.header("access-control-allow-origin"), Some("https://portal.example"));
        assert_eq!(reply.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(reply.header("vary"), Some("origin"));
        assert_eq!(
            reply.header("access-control-expose-headers"),
            Some("date, etag, age, retry-after, x-sandbox")
        );
        assert!(reply.header("date").is_some());
    }
    let reply = ask(&sandbox, "GET", "/crm/bulk/v6/backup", "").await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
}

#[tokio::test]
async fn no_cors_is_a_good_document_that_no_other_origin_may_read() {
    let sandbox = sandbox().await;
    let reply = scenario(&sandbox, "no-cors").await;
    assert_eq!(reply.json()["backup"]["status"], "SCHEDULED");
    let path = "/scenarios/no-cors/crm/bulk/v6/backup";
    for method in ["GET", "OPTIONS", "POST"] {
        let reply = ask(&sandbox, method, path, "origin: https://portal.example\r\n").await;
        assert!(!reply.head.to_lowercase().contains("access-control"));
    }
}

#[tokio::test]
async fn a_preflight_is_allowed_and_other_methods_are_refused() {
    let sandbox = sandbox().await;
    let headers = "origin: https://portal.example\r\naccess-control-request-headers: if-none-match\r\n";
    let reply = ask(&sandbox, "OPTIONS", "/crm/bulk/v6/backup", headers).await;
    assert_eq!(reply.status, 204);
    assert_eq!(reply.header("access-control-allow-headers"), Some("if-none-match"));
    for name in ["dropped", "reset", "cut-off", "dripping", "stalled"] {
        let path = format!("/scenarios/{name}/crm/bulk/v6/backup");
        assert_eq!(ask(&sandbox, "OPTIONS", &path, headers).await.status, 204, "{name}");
    }
    let reply = ask(&sandbox, "POST", "/crm/bulk/v6/backup", headers).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["code"], "INVALID_REQUEST_METHOD");
}

#[tokio::test]
async fn the_list_has_every_scenario_with_a_sentence() {
    let sandbox = sandbox().await;
    let list = get(&sandbox, "/scenarios").await.json();
    let names: BTreeSet<_> = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["summary"].as_str().unwrap().ends_with('.'))
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect();
    let expected: BTreeSet<_> = SCENARIOS.iter().map(|row| row.name.to_owned()).collect();
    assert_eq!(expected.len(), SCENARIOS.len(), "a name stands twice");
    assert_eq!(names, expected);
    let page = ask(&sandbox, "GET", "/scenarios", "accept: text/html,*/*\r\n").await;
    assert!(page.text().contains("/scenarios/overdue/crm/bulk/v6/backup"));
}

#[tokio::test]
async fn an_unknown_scenario_says_which_exist() {
    let reply = scenario(&sandbox().await, "nonesuch").await;
    assert_eq!(reply.status, 404);
    for expected in ["/scenarios/nonesuch/", "/scenarios:", "overdue", "no-cors"] {
        assert!(reply.text().contains(expected), "{}", reply.text());
    }
}

#[tokio::test]
async fn the_record_keeps_order_method_path_and_headers_until_cleared() {
    let sandbox = sandbox().await;
    get(&sandbox, "/crm/bulk/v6/backup?page=1").await;
    scenario(&sandbox, "due").await;
    let seen = sandbox.record().all();
    let paths: Vec<_> = seen.iter().map(|request| request.path.as_str()).collect();
    assert_eq!(paths, ["/crm/bulk/v6/backup?page=1", "/scenarios/due/crm/bulk/v6/backup"]);
    assert!(seen[0].at <= seen[1].at);
    assert_eq!(seen[0].method, "GET");
    assert_eq!(seen[0].headers["origin"], "https://portal.example");
    assert_eq!(seen[0].outcome, Outcome::Answered);
    sandbox.record().clear();
    assert!(sandbox.record().all().is_empty());
}

#[tokio::test]
async fn a_sandbox_stops_when_its_handle_is_dropped() {
    let sandbox = sandbox().await;
    let mut connection = TcpStream::connect(sandbox.address()).await.unwrap();
    drop(sandbox);
    let mut rest = Vec::new();
    // Closed or reset, depending on whether it had been accepted.
    let _ = connection.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
}

//! Responses that arrive late, in part, or not at all.

use std::io::ErrorKind;
use std::time::Duration;

use sandbox::scenarios::find;
use sandbox::wire_response::JSON;
use sandbox::{Delivery, Outcome, Sandbox, WireResponse};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{Response, raw, sandbox, scenario};

/// How long a test waits for an event that must happen.
const PATIENCE: Duration = Duration::from_secs(10);

/// The connection of a client that has requested this scenario and has read nothing yet.
async fn request_scenario(sandbox: &Sandbox, name: &str) -> TcpStream {
    let mut stream = TcpStream::connect(sandbox.address()).await.unwrap();
    let request = format!("GET /scenarios/{name}/crm/bulk/v6/backup HTTP/1.1\r\nhost: sandbox\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads the headers and this many bytes of the body.
async fn read_first(client: &mut TcpStream, length: usize) -> Response {
    let mut bytes_read = Vec::new();
    let reading = async {
        while !bytes_read.ends_with(b"\r\n\r\n") {
            bytes_read.push(client.read_u8().await.expect("more to come"));
        }
        for _ in 0..length {
            bytes_read.push(client.read_u8().await.expect("more to come"));
        }
    };
    timeout(PATIENCE, reading).await.expect("the first bytes arrive at once");
    Response::read(&bytes_read)
}

fn content_length(response: &Response) -> usize {
    response.header("content-length").expect("a length").parse().unwrap()
}

fn outcome(sandbox: &Sandbox, name: &str) -> Option<Outcome> {
    sandbox.record().of(name).first().map(|request| request.outcome)
}

/// Closes the connection of a client that waits for this scenario, and waits until the server has noticed it.
async fn disconnect(sandbox: &Sandbox, name: &str, client: TcpStream) {
    assert_eq!(outcome(sandbox, name), Some(Outcome::Pending));
    drop(client);
    let abandoned = sandbox
        .record()
        .until(|requests| requests.iter().any(|request| request.outcome == Outcome::Abandoned));
    timeout(PATIENCE, abandoned).await.expect("the server notices the closed connection");
    assert_eq!(outcome(sandbox, name), Some(Outcome::Abandoned));
}

#[tokio::test]
async fn a_dropped_connection_sends_no_byte() {
    let sandbox = sandbox().await;
    let path = "/scenarios/dropped/crm/bulk/v6/backup";
    assert_eq!(raw(sandbox.address(), "GET", path, "").await, b"");
    assert_eq!(sandbox.record().of("dropped").len(), 1);
}

#[tokio::test]
async fn a_slow_request_stays_pending_and_its_end_by_the_client_is_noticed() {
    let row = find("slow").unwrap();
    let delay = row.reply.response_at(OffsetDateTime::UNIX_EPOCH).delay;
    assert_eq!(delay, Duration::from_secs(30));

    let sandbox = sandbox().await;
    let client = request_scenario(&sandbox, "slow").await;
    sandbox.record().until(|requests| !requests.is_empty()).await;
    scenario(&sandbox, "none").await;
    disconnect(&sandbox, "slow", client).await;
}

#[tokio::test]
async fn a_reset_connection_is_reset_not_closed() {
    let sandbox = sandbox().await;
    let mut client = request_scenario(&sandbox, "reset").await;
    let read = timeout(PATIENCE, client.read_u8()).await.expect("the connection ends");
    assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(outcome(&sandbox, "reset"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_cut_off_body_is_half_as_long_as_its_content_length() {
    let sandbox = sandbox().await;
    let response = timeout(PATIENCE, scenario(&sandbox, "cut-off")).await.expect("the connection ends");
    assert_eq!(response.status, 200);
    assert_eq!(response.body.len(), content_length(&response) / 2);
    assert!(response.text().starts_with(r#"{"backup":{"#));
    assert_eq!(outcome(&sandbox, "cut-off"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_dripping_body_starts_at_once_and_its_end_by_the_client_is_noticed() {
    let sandbox = sandbox().await;
    let mut client = request_scenario(&sandbox, "dripping").await;
    let response = read_first(&mut client, 2).await;
    assert_eq!((response.status, response.text()), (200, r#"{""#));
    assert!(content_length(&response) > 100, "the rest does not arrive within the time of this test");
    assert!(response.header("access-control-allow-origin").is_some());
    disconnect(&sandbox, "dripping", client).await;
}

#[tokio::test]
async fn a_dripping_body_that_is_read_to_its_end_is_answered() {
    let sandbox = sandbox().await;
    let short = WireResponse::body(200, JSON, "{}".into());
    sandbox.play("scheduled", WireResponse { delivery: Delivery::Dripping, ..short });
    let response = timeout(PATIENCE, scenario(&sandbox, "scheduled")).await.expect("two bytes, two seconds");
    assert_eq!((content_length(&response), response.text()), (2, "{}"));
    assert_eq!(outcome(&sandbox, "scheduled"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_stalled_response_is_headers_only_and_its_end_by_the_client_is_noticed() {
    let sandbox = sandbox().await;
    let mut client = request_scenario(&sandbox, "stalled").await;
    let response = read_first(&mut client, 0).await;
    assert_eq!(response.status, 200);
    assert!(content_length(&response) > 100);
    assert!(response.header("access-control-allow-origin").is_some());
    scenario(&sandbox, "none").await;
    assert_eq!(client.try_read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    disconnect(&sandbox, "stalled", client).await;
}

#[tokio::test]
async fn a_body_may_be_binary_and_large_and_without_a_content_length() {
    let sandbox = sandbox().await;
    let not_utf8 = b"{\"backup\":\xff\xfe}";
    sandbox.play("scheduled", WireResponse::bytes(200, JSON, &not_utf8[..]));
    assert_eq!(scenario(&sandbox, "scheduled").await.body, not_utf8);

    let huge = vec![b' '; 10 << 20];
    sandbox.play("scheduled", WireResponse::bytes(200, JSON, huge.clone()));
    let response = scenario(&sandbox, "scheduled").await;
    assert_eq!(content_length(&response), huge.len());
    assert!(response.body == huge);

    let huge = WireResponse { delivery: Delivery::Chunked, ..WireResponse::bytes(200, JSON, huge) };
    sandbox.play("scheduled", huge);
    let response = scenario(&sandbox, "scheduled").await;
    assert_eq!(response.header("content-length"), None);
    assert_eq!(response.header("transfer-encoding"), Some("chunked"));
    assert!(response.body.len() > 10 << 20 && response.body.ends_with(b"\r\n0\r\n\r\n"));
    assert_eq!(outcome(&sandbox, "scheduled"), Some(Outcome::Answered));
}

#[tokio::test]
async fn a_sandbox_stops_when_its_handle_is_dropped() {
    let sandbox = sandbox().await;
    let mut connection = TcpStream::connect(sandbox.address()).await.unwrap();
    drop(sandbox);
    let mut rest = Vec::new();
    // Closed or reset, depending on whether the sandbox had accepted it.
    let _ = connection.read_to_end(&mut rest).await;
    assert!(rest.is_empty());
}

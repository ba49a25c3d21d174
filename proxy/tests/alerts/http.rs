//! The courier over real connections: what it sends, and what it makes of answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use zoho_backup_proxy::alerts::courier::{Courier, Parcel};
use zoho_backup_proxy::alerts::http_courier::HttpCourier;
use zoho_backup_proxy::alerts::problem::{Problem, Refusal};
use zoho_backup_proxy::config::alerts::AlertSettings;
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::upstream_proxy::UpstreamProxy;

use crate::folder::Folder;

/// The first byte of a client that begins TLS.
const TLS: u8 = 0x16;

/// A receiver with one answer, and the requests that it got.
struct Receiver {
    address: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn start(answer: &str) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let requests = Arc::<Mutex<Vec<String>>>::default();
        let (seen, answer) = (requests.clone(), answer.to_owned());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (seen, answer) = (seen.clone(), answer.clone());
                tokio::spawn(answer_one(stream, seen, answer));
            }
        });
        Receiver { address, requests }
    }

    fn url(&self) -> String {
        format!("http://{}/services/T/B/X?key=1", self.address)
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer_one(mut stream: TcpStream, seen: Arc<Mutex<Vec<String>>>, answer: String) {
    let mut request = Vec::new();
    // A client that begins TLS is answered at once.
    while !is_whole(&request) && request.first() != Some(&TLS) {
        let mut buffer = [0; 4_096];
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => request.extend_from_slice(&buffer[..length]),
            _ => return,
        }
    }
    seen.lock().unwrap().push(String::from_utf8_lossy(&request).into_owned());
    if answer == "silence" {
        return std::future::pending().await;
    }
    if stream.write_all(answer.as_bytes()).await.is_err() {
        return;
    }
    // An endless body, until the client has enough of it.
    while answer.contains("chunked") && stream.write_all(b"a\r\n0123456789\r\n").await.is_ok() {}
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn settings(url: &str) -> AlertSettings {
    let source = || Some(Source::Text(url.into()));
    AlertSettings { url: source(), heartbeat_url: source(), ..AlertSettings::default() }
}

async fn post(settings: &AlertSettings) -> Result<u16, Refusal> {
    let parcel = Parcel { id: "4f2a".to_owned(), body: r#"{"id":"4f2a"}"#.to_owned() };
    HttpCourier::new(settings).expect("TLS").post(parcel).await
}

fn answer(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: 0\r\nconnection: close\r\n\r\n")
}

#[tokio::test]
async fn an_alert_is_a_post_with_its_id() {
    let receiver = Receiver::start(&answer("202 Accepted", "")).await;
    assert_eq!(post(&settings(&receiver.url())).await, Ok(202));
    let [request] = &receiver.requests()[..] else { panic!("one request") };
    let (head, body) = request.split_once("\r\n\r\n").expect("a body");
    assert!(head.starts_with("POST /services/T/B/X?key=1 HTTP/1.1\r\n"), "{head}");
    let head = head.to_ascii_lowercase();
    for line in ["idempotency-key: 4f2a", "content-type: application/json"] {
        assert!(head.lines().any(|it| it == line), "{head}");
    }
    assert_eq!(body, r#"{"id":"4f2a"}"#);
}

#[tokio::test]
async fn a_heartbeat_is_a_get_without_a_body() {
    let receiver = Receiver::start(&answer("200 OK", "")).await;
    let courier = HttpCourier::new(&settings(&receiver.url())).expect("TLS");
    assert_eq!(courier.ping().await, Ok(200));
    let [request] = &receiver.requests()[..] else { panic!("one request") };
    assert!(request.starts_with("GET /services/T/B/X?key=1 HTTP/1.1\r\n"), "{request}");
    assert!(
        request.ends_with("\r\n\r\n") && !request.to_ascii_lowercase().contains("idempotency"),
        "{request}"
    );
}

#[tokio::test]
async fn a_status_that_is_not_2xx_is_a_refusal_with_the_wait_that_it_asks_for() {
    let cases = [
        ("429 Too Many Requests", "retry-after: 120\r\n", 429, Some(120)),
        ("500 Internal Server Error", "", 500, None),
        ("404 Not Found", "", 404, None),
    ];
    for (status, headers, number, seconds) in cases {
        let receiver = Receiver::start(&answer(status, headers)).await;
        let refusal =
            Refusal { problem: Problem::Status(number), retry_after: seconds.map(Duration::from_secs) };
        assert_eq!(post(&settings(&receiver.url())).await, Err(refusal), "{status}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start(&answer("200 OK", "")).await;
    for status in ["301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("location: {}\r\n", elsewhere.url());
        let receiver = Receiver::start(&answer(status, &location)).await;
        let refusal = post(&settings(&receiver.url())).await.expect_err("a refusal");
        assert!(refusal.problem.is_lasting(), "{status}: {refusal:?}");
    }
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn an_answer_without_an_end_is_accepted() {
    let receiver = Receiver::start("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
    assert_eq!(post(&settings(&receiver.url())).await, Ok(200));
}

/// The clock is paused: it advances to the end of the wait as soon as nothing else can happen.
#[tokio::test(start_paused = true)]
async fn a_receiver_that_says_nothing_is_waited_for_ten_seconds() {
    let receiver = Receiver::start("silence").await;
    let start = tokio::time::Instant::now();
    assert_eq!(post(&settings(&receiver.url())).await, Err(Problem::TimedOut.into()));
    assert_eq!(start.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn what_is_between_has_its_own_problem() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        listener.local_addr().expect("an address")
    };
    let plain = Receiver::start(&answer("200 OK", "")).await;
    let cases = [
        ("nothing listens", format!("http://{closed}/x"), Problem::ConnectionRefused),
        ("no TLS", format!("https://{}/x", plain.address), Problem::Tls),
        ("no such name", "https://hooks.invalid/x".to_owned(), Problem::UnknownName),
        ("not allowed", "http://hooks.example/x".to_owned(), Problem::Address),
    ];
    for (case, url, expected) in cases {
        let refusal = post(&settings(&url)).await.expect_err(case);
        assert_eq!(refusal.problem, expected, "{case}");
        let text = refusal.problem.to_string();
        assert!(!text.contains("hooks") && !text.contains("127.0.0.1"), "{text}");
    }
}

#[tokio::test]
async fn the_address_is_read_again_for_every_attempt() {
    let folder = Folder::new();
    let (first, second) =
        (Receiver::start(&answer("200 OK", "")).await, Receiver::start(&answer("200 OK", "")).await);
    let path = folder.write("alert-url", first.url());
    let settings = AlertSettings { url: Some(Source::file(path)), ..AlertSettings::default() };
    let courier = HttpCourier::new(&settings).expect("TLS");
    let parcel = || Parcel { id: "1".to_owned(), body: "{}".to_owned() };
    assert_eq!(courier.post(parcel()).await, Ok(200));
    folder.write("alert-url", format!("{}\n", second.url()));
    assert_eq!(courier.post(parcel()).await, Ok(200));
    folder.write("alert-url", "");
    assert_eq!(courier.post(parcel()).await, Err(Problem::Address.into()));
    assert_eq!((first.requests().len(), second.requests().len()), (1, 1));
}

#[tokio::test]
async fn a_proxy_is_asked_for_others_but_not_for_this_computer() {
    let proxy = Receiver::start(&answer("403 Forbidden", "")).await;
    let url = format!("http://{}", proxy.address).parse().expect("an address");
    let with_proxy = |address: &str| AlertSettings {
        proxy: Some(UpstreamProxy { url, credentials: Some(Source::Text("user:pass".into())) }),
        ..settings(address)
    };
    let local = Receiver::start(&answer("200 OK", "")).await;
    let settings = with_proxy("https://hooks.invalid/x");
    assert_eq!(post(&settings).await, Err(Problem::Proxy.into()));
    let [request] = &proxy.requests()[..] else { panic!("one request") };
    assert!(request.starts_with("CONNECT hooks.invalid:443 HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains("proxy-authorization: basic dxnlcjpwyxnz"), "{request}");
    let to_local = AlertSettings { url: Some(Source::Text(local.url().as_str().into())), ..settings };
    assert_eq!(post(&to_local).await, Ok(200));
    assert_eq!((proxy.requests().len(), local.requests().len()), (1, 1));
}

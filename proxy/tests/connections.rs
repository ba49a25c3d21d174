//! Connections: slow clients are disconnected, and a stopping gateway finishes its requests. The clock is paused.

mod downstream;

use std::future::pending;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use downstream::{FakeUpstream, Reply, Running, answer, get, request, rest, token};
use secrecy::SecretString;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::zoho::{Answer, Token, Upstream};

/// How long a client may take to send its headers.
const HEADER_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection may be idle after an answer.
const IDLE_TIME: Duration = Duration::from_secs(75);
/// How long a stopping gateway waits for requests in flight.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(12);

/// An upstream that answers when the test opens it, and signals when it is asked.
#[derive(Clone)]
struct Gate {
    asked: Arc<Semaphore>,
    open: Arc<Semaphore>,
}

impl Gate {
    fn new() -> Gate {
        Gate { asked: Arc::new(Semaphore::new(0)), open: Arc::new(Semaphore::new(0)) }
    }

    async fn is_asked(&self) {
        self.asked.acquire().await.expect("it is open").forget();
    }

    fn open(&self) {
        self.open.add_permits(1);
    }
}

impl Upstream for Gate {
    async fn fetch_backup(&self, _: &SecretString, _: Instant) -> Result<Answer, Failure> {
        self.asked.add_permits(1);
        self.open.acquire().await.expect("it is open").forget();
        Ok(answer())
    }

    async fn renew_token(&self, _: Instant) -> Result<Token, Failure> {
        Ok(token())
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_never_completes_its_headers_is_disconnected() {
    let upstream = FakeUpstream::scheduled();
    let gateway = Running::to(upstream.clone()).await;
    let whole = get("");
    let unfinished = whole.strip_suffix("\r\n").unwrap();
    for (name, sent) in [
        ("nothing at all", ""),
        ("half a line", "GET /crm/bul"),
        ("a line", "GET /crm/bulk/v6/backup HTTP/1.1\r\n"),
        ("all but the last line", unfinished),
    ] {
        let started = Instant::now();
        let mut stream = gateway.connect().await;
        stream.write_all(sent.as_bytes()).await.unwrap();
        assert_eq!(String::from_utf8(rest(&mut stream).await).unwrap(), "", "{name}");
        let took = started.elapsed();
        assert!(took >= HEADER_TIMEOUT && took < HEADER_TIMEOUT + Duration::from_secs(1), "{name}: {took:?}");
    }
    assert_eq!(upstream.request_count(), 0);
    assert_eq!(gateway.send(whole).await.status, 200, "others are served");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sends_single_bytes_gets_no_more_time() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let started = Instant::now();
    let mut stream = gateway.connect().await;
    let (mut reading, mut writing) = stream.split();
    let dripping = async {
        for byte in get("x: y\r\n").bytes() {
            if writing.write_all(&[byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_secs(1)).await;
        }
        pending::<()>().await;
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = dripping => {}
        // Ends when the gateway closes the connection, also in the middle of a line.
        _ = tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut answer) => {}
    }
    assert_eq!(answer, b"");
    let took = started.elapsed();
    assert!(took >= HEADER_TIMEOUT && took < HEADER_TIMEOUT + Duration::from_secs(2), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn an_idle_client_is_disconnected() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let started = Instant::now();
    let mut stream = gateway.connect().await;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let reply = Reply::read(&rest(&mut stream).await);
    assert_eq!((reply.status, reply.text()), (200, "ok\n"));
    let took = started.elapsed();
    assert!(took >= IDLE_TIME && took < IDLE_TIME + Duration::from_secs(1), "{took:?}");
}

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// Reads one answer of the health check.
async fn read_health(stream: &mut TcpStream) {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\nok\n") {
        let read = tokio::io::AsyncReadExt::read_buf(stream, &mut answer).await.unwrap();
        assert!(read > 0, "closed after {:?}", String::from_utf8_lossy(&answer));
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_used_again_after_pauses_shorter_than_the_idle_time() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let mut stream = gateway.connect().await;
    for pause in [0, 9, 11, 60, 74, 74, 74] {
        sleep(Duration::from_secs(pause)).await;
        stream.write_all(HEALTH).await.unwrap();
        read_health(&mut stream).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_head_of_a_later_request_has_ten_seconds_from_its_first_byte() {
    for (name, pause, head) in [
        ("at once", 0, "GET /healthz HTTP/1.1\r\n"),
        ("after a pause", 60, "GET /healthz HTTP/1.1\r\n"),
        ("a single byte", 60, "G"),
        ("all but the last byte", 60, "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r"),
        ("after empty lines", 60, "\r\n\r\nG"),
    ] {
        let gateway = Running::to(FakeUpstream::scheduled()).await;
        let mut stream = gateway.connect().await;
        stream.write_all(HEALTH).await.unwrap();
        read_health(&mut stream).await;
        sleep(Duration::from_secs(pause)).await;
        let started = Instant::now();
        stream.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(rest(&mut stream).await, b"", "{name}");
        let took = started.elapsed();
        assert!(took >= HEADER_TIMEOUT && took < HEADER_TIMEOUT + Duration::from_secs(1), "{name}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn half_a_head_behind_a_whole_one_has_ten_seconds_too() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let mut stream = gateway.connect().await;
    let started = Instant::now();
    stream.write_all(&[HEALTH, b"GET /heal"].concat()).await.unwrap();
    read_health(&mut stream).await;
    assert_eq!(rest(&mut stream).await, b"");
    let took = started.elapsed();
    assert!(took >= HEADER_TIMEOUT && took < HEADER_TIMEOUT + Duration::from_secs(1), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn empty_lines_do_not_prolong_the_idle_time() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let mut stream = gateway.connect().await;
    stream.write_all(HEALTH).await.unwrap();
    read_health(&mut stream).await;
    let started = Instant::now();
    let (mut reading, mut writing) = stream.split();
    let dripping = async {
        loop {
            sleep(Duration::from_secs(1)).await;
            if writing.write_all(b"\r\n").await.is_err() {
                pending::<()>().await;
            }
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = dripping => {}
        _ = tokio::io::AsyncReadExt::read_to_end(&mut reading, &mut answer) => {}
    }
    let took = started.elapsed();
    assert!(took >= IDLE_TIME && took < IDLE_TIME + Duration::from_secs(2), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_waits_for_an_answer_is_not_idle() {
    let gate = Gate::new();
    let gateway = Running::to(gate.clone()).await;
    let asked = async {
        gate.is_asked().await;
        sleep(Duration::from_secs(8)).await;
        gate.open();
    };
    let (reply, ()) = tokio::join!(gateway.send(get("")), asked);
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn requests_on_one_connection_are_answered_in_order() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    let first = "GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let answers = gateway.raw(format!("{first}{first}{}", request("GET", "/nothing", ""))).await;
    let answers = String::from_utf8(answers).unwrap();
    let statuses: Vec<_> =
        answers.match_indices("HTTP/1.1 ").map(|(at, found)| &answers[at + found.len()..][..3]).collect();
    assert_eq!(statuses, ["200", "200", "404"]);
}

#[tokio::test(start_paused = true)]
async fn a_stopping_gateway_answers_requests_in_flight_and_accepts_no_new_ones() {
    let gate = Gate::new();
    let gateway = Running::to(gate.clone()).await;
    let address = gateway.address;
    let mut waiting = gateway.connect().await;
    waiting.write_all(b"GET /crm/bulk/v6/backup HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    gate.is_asked().await;
    let mut idle = gateway.connect().await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut first = [0; 8];
    tokio::io::AsyncReadExt::read_exact(&mut idle, &mut first).await.unwrap();

    let mut served = gateway.stop();
    let text = String::from_utf8(rest(&mut idle).await).unwrap();
    assert!(text.ends_with("ok\n"), "an idle connection is closed: {text}");
    let refused = TcpStream::connect(address).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    // The gateway does not end while a client waits.
    assert!(timeout(Duration::from_secs(5), &mut served).await.is_err());

    gate.open();
    let reply = Reply::read(&rest(&mut waiting).await);
    assert_eq!((reply.status, reply.header("connection")), (200, Some("close")));
    timeout(Duration::from_secs(1), served).await.expect("then it is over").unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stopping_gateway_has_answered_everybody_in_time() {
    let gate = Gate::new();
    let gateway = Running::to(gate.clone()).await;
    let mut waiting = gateway.connect().await;
    waiting.write_all(get("").as_bytes()).await.unwrap();
    gate.is_asked().await;
    let stopped = Instant::now();
    gateway.stop().await.unwrap();
    let took = stopped.elapsed();
    assert!(took < SHUTDOWN_TIMEOUT, "{took:?}");
    assert_eq!(Reply::read(&rest(&mut waiting).await).status, 504);
}

#[tokio::test(start_paused = true)]
async fn an_unused_gateway_stops_at_once() {
    let gateway = Running::to(FakeUpstream::scheduled()).await;
    assert_eq!(gateway.send(get("")).await.status, 200);
    let stopped = Instant::now();
    gateway.stop().await.unwrap();
    assert!(stopped.elapsed() < Duration::from_secs(1));
}

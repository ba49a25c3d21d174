//! `--healthcheck`: what it asks, and what it makes of the answer.

mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tokio::process::Command;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::probe::probe;

/// Long enough for a machine under load.
const LONG: Duration = Duration::from_secs(60);

/// Reads a request, passes on its first line and its `Host`, and then answers it.
fn answer(mut stream: impl Read + Write, answer: &str, see: impl FnOnce(&str, &str)) {
    let lines = BufReader::new(&mut stream).lines().map(Result::unwrap);
    let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    see(&head[0], head.iter().find(|line| line.starts_with("Host: ")).expect("a Host"));
    stream.write_all(answer.as_bytes()).unwrap();
}

/// A server that gives these answers, one for each connection, and lists the requested paths. Nobody waits for its thread,
/// as it may wait for a connection that never comes.
fn server(answers: &'static [&str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let paths = Arc::<Mutex<Vec<String>>>::default();
    let requested = paths.clone();
    thread::spawn(move || {
        for text in answers {
            answer(listener.accept().unwrap().0, text, |line, host| {
                assert_eq!(host, "Host: localhost", "one of the gateway's own names");
                requested.lock().unwrap().push(line.split(' ').nth(1).unwrap().to_owned());
            });
        }
    });
    (address, paths)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nok\n";
const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
const NOT_READY: &str = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n";

#[test]
fn readiness_decides() {
    for (name, answers, paths, problem) in [
        ("ready", &[OK][..], &["/readyz"][..], None),
        ("not ready", &[NOT_READY], &["/readyz"], Some("answers /readyz with 503")),
        ("without readiness", &[NOT_FOUND], &["/readyz"], Some("answers /readyz with 404")),
        ("no HTTP", &["SSH-2.0-OpenSSH_9.2\r\n"], &["/readyz"], Some("does not speak HTTP/1.1")),
        ("half an answer", &["HTTP/1.1 2"], &["/readyz"], Some("no answer at")),
    ] {
        let (address, requested) = server(answers);
        let outcome = probe(&address, LONG).map_err(|error| format!("{error:#}"));
        assert_eq!(*requested.lock().unwrap(), paths, "{name}");
        match problem {
            None => assert_eq!(outcome, Ok(()), "{name}"),
            Some(problem) => assert!(outcome.as_ref().unwrap_err().contains(problem), "{name}: {outcome:?}"),
        }
    }
}

#[test]
fn silence_is_a_failure() {
    // Connections wait to be accepted for ever.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let error = probe(&address, Duration::from_millis(20)).unwrap_err();
    assert!(format!("{error:#}").contains("no answer at"), "{error:#}");
}

#[test]
fn an_address_where_nothing_listens_is_named() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let free = listener.local_addr().unwrap().to_string();
    drop(listener);
    for listen in [&free, "localhost", "unix:/nowhere/gateway.sock"] {
        let error = format!("{:#}", probe(listen, LONG).unwrap_err());
        assert!(error.contains(listen) && error.contains("--listen"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_unix_socket_is_asked_by_its_path() {
    // Not in a folder below target/, as the path of a socket has at most 107 bytes.
    let path = std::env::temp_dir().join(format!("probe-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path);
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        answer(listener.accept().unwrap().0, OK, |line, _| assert_eq!(line, "GET /readyz HTTP/1.1"));
    });
    let outcome = probe(&format!("unix:{}", path.display()), LONG);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(outcome.map_err(|error| error.to_string()), Ok(()));
}

#[tokio::test]
async fn the_program_probes_a_gateway_without_knowing_its_secrets() {
    let gateway = Gateway::new(common::settings("https://zoho.invalid")).unwrap();
    let (address, _task) = common::listen(gateway, std::future::pending()).await;
    for (listen, code) in
        [(address.to_string(), 0), (format!("0.0.0.0:{}", address.port()), 0), ("127.0.0.1:1".to_owned(), 1)]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy"))
            .arg("--healthcheck")
            .env_clear()
            .env("ZOHO_BACKUP_LISTEN", &listen)
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{listen}: {output:?}");
        assert_eq!(output.stderr.is_empty(), code == 0, "{listen}: {output:?}");
    }
}

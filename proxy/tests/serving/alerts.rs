//! The program with a receiver of alerts and a monitor that it pings.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

use crate::program::{Program, Zoho, wait_until};

/// A receiver that accepts everything. Returns its address, and the requests that it gets.
fn receiver() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    let requests = Arc::<Mutex<Vec<String>>>::default();
    let seen = requests.clone();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = Vec::new();
            while !is_whole(&request) {
                let mut buffer = [0; 4_096];
                match stream.read(&mut buffer) {
                    Ok(length @ 1..) => request.extend_from_slice(&buffer[..length]),
                    _ => break,
                }
            }
            seen.lock().expect("no panic").push(String::from_utf8_lossy(&request).into_owned());
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
        }
    });
    (address, requests)
}

/// Whether a request without a body, or with a JSON object, is there to its end.
fn is_whole(request: &[u8]) -> bool {
    let end: &[u8] = if request.starts_with(b"GET") { b"\r\n\r\n" } else { b"}" };
    request.ends_with(end)
}

fn telling(zoho: &Zoho, receiver: &str) -> Command {
    let url = zoho.folder.write("url", format!("http://{receiver}/sentinel-of-a-receiver\n"));
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0", "--watch-seconds", "60", "--label", "Sales"]);
    command.arg("--state-dir").arg(zoho.path(""));
    command.arg("--alert-url-file").arg(&url).arg("--heartbeat-url-file").arg(&url);
    command
}

#[test]
fn it_tells_a_receiver_once_and_when_it_is_over_pings_a_monitor() {
    let zoho = Zoho::start();
    let (address, requests) = receiver();
    let mut command = telling(&zoho, &address);
    command.env("ZOHO_BACKUP_CLIENT_SECRET", "wrong");
    let (refused, _) = Program::start(command);
    refused.wait_for("an alert was delivered");
    let lines = refused.lines();
    drop(refused);

    let (good, _) = Program::start(telling(&zoho, &address));
    good.wait_for("an alert was delivered");
    let requests = || requests.lock().expect("no panic").clone();
    let ping = || requests().into_iter().find(|request| request.starts_with("GET /sentinel-of-a-receiver "));
    wait_until("a heartbeat", ping);
    let bodies = requests().into_iter().filter(|request| request.starts_with("POST "));
    let bodies: Vec<Value> = bodies
        .map(|request| serde_json::from_str(request.split_once("\r\n\r\n").expect("a body").1).expect("JSON"))
        .collect();
    let said = |body: &Value| {
        [&body["kind"], &body["about"], &body["label"]].map(|it| it.as_str().map(str::to_owned))
    };
    let expected = [["refused", "refused", "Sales"], ["good-again", "refused", "Sales"]];
    assert_eq!(
        bodies.iter().map(said).collect::<Vec<_>>(),
        expected.map(|words| words.map(|word| Some(word.to_owned())))
    );
    assert_eq!(bodies[0]["code"], "CLIENT_REFUSED");
    for line in lines.iter().chain(&good.lines()) {
        assert!(!line.contains("sentinel-of-a-receiver") && !line.contains(&address), "{line}");
    }
}

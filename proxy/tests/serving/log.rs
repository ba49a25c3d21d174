//! The log as JSON: every line is one object.

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::program::{PATH, Program, Zoho};

/// Each line as an object, which must have its time, level, target and message.
fn parse(lines: &[String]) -> Vec<Value> {
    let parse = |line: &String| {
        let entry: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        for key in ["timestamp", "level", "target", "message"] {
            assert!(entry[key].is_string(), "{key} is in {line}");
        }
        entry
    };
    lines.iter().map(parse).collect()
}

#[test]
fn every_line_is_a_json_object() {
    let zoho = Zoho::start();
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0", "--log-level", "trace", "--log-format", "json"]);
    command.arg("--dangerously-allow-any-origin");
    let (program, place) = Program::start(command);
    place.get(PATH);
    place.send("GET /\"\\\u{1b}[31m HTTP/1.1\r\nhost: \"\r\n\r\n").expect("an answer");
    place.get("/nothing?\"");
    program.signal(Signal::SIGHUP);
    program.wait_for("nothing to reload");
    program.signal(Signal::SIGTERM);
    let (status, lines) = program.wait();
    assert!(status.success(), "{lines:#?}");
    let entries = parse(&lines);
    let with = |message: &str| {
        let found =
            entries.iter().find(|entry| entry["message"].as_str().is_some_and(|it| it.contains(message)));
        found.unwrap_or_else(|| panic!("{message} in {lines:#?}"))
    };
    assert_eq!(with("pages of every origin")["level"], "WARN");
    assert_eq!(with("the token was renewed")["seconds"], 3_600);
    let answered = with("answered");
    assert_eq!(
        (&answered["method"], &answered["route"], &answered["status"]),
        (&"GET".into(), &PATH.into(), &200.into())
    );
    assert!(answered["id"].is_string() && answered["ms"].is_number(), "{answered}");
    with("stopping");
}

#[test]
fn why_the_program_cannot_start_is_in_the_log_too() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let listen = taken.local_addr().expect("an address").to_string();
    let zoho = Zoho::start();
    let mut command = zoho.program();
    command.args(["--listen", &listen]).env("ZOHO_BACKUP_LOG_FORMAT", "json");
    let (status, lines) = Program::spawn(command).wait();
    assert_eq!(status.code(), Some(1));
    let entries = parse(&lines);
    let last = entries.last().expect("a line");
    assert_eq!(last["level"], "ERROR");
    let message = last["message"].as_str().expect("text");
    assert!(message.contains(&listen) && message.contains("choose another --listen"), "{message}");
}

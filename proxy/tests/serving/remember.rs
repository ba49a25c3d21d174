//! The program with a state directory: two processes, a signal to stop, the export, and the check.

use std::fs;
use std::process::{Command, Output};

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::program::{PATH, Place, Program, Zoho, wait_until};

fn watching(zoho: &Zoho) -> Command {
    let mut command = zoho.program();
    command.args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--watch-seconds", "300"]);
    command.arg("--state-dir").arg(zoho.path(""));
    command
}

fn start(zoho: &Zoho) -> (Program, Place, Place) {
    let (program, readers) = Program::start(watching(zoho));
    let admin = program.place("for an administrator at ");
    (program, readers, admin)
}

fn run(zoho: &Zoho, flags: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy"));
    command.env_clear().args(flags).arg("--state-dir").arg(zoho.path(""));
    command.output().expect("the program runs")
}

#[test]
fn it_remembers_without_a_reader_and_a_second_process_only_serves() {
    let zoho = Zoho::start();
    let (first, _, admin) = start(&zoho);
    let stored = |admin: &Place| admin.get("/statusz").json()["store"]["observations"].as_u64();
    wait_until("an observation", || (stored(&admin) == Some(1)).then_some(()));
    assert_eq!(admin.get("/statusz").json()["watching"], true);

    let (second, readers, second_admin) = start(&zoho);
    second.wait_for("no history is kept: another gateway uses the state directory");
    assert_eq!(readers.get(PATH).status, 200, "it serves");
    let status = second_admin.get("/statusz").json();
    assert_eq!((&status["watching"], &status["store"]["ok"]), (&Value::Bool(false), &Value::Bool(false)));
    let metrics = second_admin.get("/metrics");
    for line in ["zoho_backup_proxy_store_ok 0", "zoho_backup_proxy_watching 0"] {
        assert!(metrics.text().lines().any(|it| it == line), "{line}: {}", metrics.text());
    }
    assert_eq!(admin.get("/statusz").json()["store"]["ok"], true, "the first notices nothing");

    // While both run.
    let export = run(&zoho, &["--export-history"]);
    let line: Value = serde_json::from_slice(&export.stdout).expect("one line of JSON");
    assert_eq!((export.status.code(), &line["job"]), (Some(0), &Value::from("job 1")), "{export:?}");
    assert!(line["status"].is_string() && line["first"].is_string(), "{line}");

    first.signal(Signal::SIGTERM);
    let (status, log) = first.wait();
    assert!(status.success(), "{log:#?}");
    let again = run(&zoho, &["--export-history"]);
    assert_eq!(again.stdout, export.stdout, "the same after its end");
    for entry in fs::read_dir(zoho.path("")).expect("a folder") {
        let content = fs::read(entry.expect("a file").path()).expect("a file");
        for secret in ["sandbox-client-secret", "sandbox-refresh-token", "Patricia"] {
            let is_there = content.windows(secret.len()).any(|bytes| bytes == secret.as_bytes());
            assert!(!is_there, "{secret} is on the disk");
        }
    }
}

#[test]
fn it_serves_on_whatever_is_in_the_state_directory() {
    let zoho = Zoho::start();
    fs::create_dir(zoho.path("history.sqlite3")).expect("a folder");
    let (program, readers, admin) = start(&zoho);
    program.wait_for("no history is kept: ");
    assert_eq!(readers.get(PATH).status, 200);
    let status = admin.get("/statusz").json();
    assert_eq!((&status["watching"], &status["store"]["ok"]), (&Value::Bool(true), &Value::Bool(false)));
    fs::remove_dir(zoho.path("history.sqlite3")).expect("it is empty");
    let count = program.lines().iter().filter(|line| line.contains("no history is kept")).count();
    assert_eq!(count, 1, "it is said once");
}

#[test]
fn the_check_reports_a_state_directory_that_cannot_be_used() {
    let zoho = Zoho::start();
    let check = |zoho: &Zoho| {
        let mut command = watching(zoho);
        command.arg("--check").stdout(std::process::Stdio::piped());
        command.output().expect("the program runs")
    };
    let output = check(&zoho);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!zoho.path("history.sqlite3").exists() && !zoho.path("lock").exists(), "it begins nothing");
    let missing =
        Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy")).env_clear().arg("--export-history").output();
    let missing = missing.expect("the program runs");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("--state-dir"), "{missing:?}");
    let none = run(&zoho, &["--export-history"]);
    assert_eq!(none.status.code(), Some(1), "there is no history: {none:?}");
}

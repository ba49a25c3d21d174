//! The program: its messages about a configuration, the example, and how it starts and stops.

#[path = "downstream/folder.rs"]
mod folder;
#[path = "common/variables.rs"]
mod variables;

use std::collections::BTreeSet;
use std::process::{Command, Output};

use clap::{ArgAction, CommandFactory, Parser};
use folder::Folder;
use variables::{Environment, SECRET, SECRET_FILE, SENTINEL, TOKEN, TOKEN_FILE};
use zoho_backup_proxy::config::{Arguments, EXAMPLE, Settings};
use zoho_backup_proxy::origin::Origins;

/// The settings of a valid configuration.
fn settings(given: &Arguments, environment: &Environment) -> Settings {
    let validated = Settings::validate(given, |name| environment.get(name).cloned());
    validated.unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// The variables in `example.env` with their values, with or without those that are commented out.
fn example(with_comments: bool) -> Environment {
    let lines = EXAMPLE.lines().map(|line| line.strip_prefix('#').filter(|_| with_comments).unwrap_or(line));
    let variables = lines.filter(|line| line.starts_with("ZOHO_BACKUP_"));
    let variables = variables.map(|line| line.split_once('=').expect("a value"));
    variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn the_example_lists_every_variable_that_exists() {
    let command = Arguments::command();
    let variables =
        command.get_arguments().filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned));
    let expected: BTreeSet<_> = variables.chain([SECRET_FILE, TOKEN_FILE].map(str::to_owned)).collect();
    assert_eq!(example(true).into_keys().collect::<BTreeSet<_>>(), expected);
    assert!(expected.iter().all(|name| name.starts_with("ZOHO_BACKUP_")));
    for (name, _) in example(true) {
        let lines =
            EXAMPLE.lines().filter(|line| line.trim_start_matches('#').starts_with(&format!("{name}=")));
        assert_eq!(lines.count(), 1, "{name}");
    }
}

/// The variables of `example.env`, with paths of files that exist.
fn filled(folder: &Folder, with_comments: bool) -> Environment {
    let mut variables = example(with_comments);
    for name in [SECRET_FILE, TOKEN_FILE] {
        variables.insert(name.into(), folder.write(name, SENTINEL).display().to_string());
    }
    if with_comments {
        folder.write("zoho-backup-status.js", "content");
        folder.write("widget_bg.wasm", "content");
        for name in ["ZOHO_BACKUP_ALERT_URL_FILE", "ZOHO_BACKUP_HEARTBEAT_URL_FILE"] {
            let address = format!("https://hooks.example/{SENTINEL}");
            variables.insert(name.into(), folder.write(name, address).display().to_string());
        }
        for name in ["ZOHO_BACKUP_WIDGET_DIR", "ZOHO_BACKUP_STATE_DIR"] {
            variables.insert(name.into(), folder.path().display().to_string());
        }
    }
    variables
}

/// The command line with the same values as these variables.
fn arguments(variables: &Environment) -> Arguments {
    let command = Arguments::command();
    let mut line = vec!["zoho-backup-proxy".to_owned()];
    for argument in command.get_arguments() {
        let Some(value) = argument.get_env().and_then(|name| variables.get(name.to_str()?)) else { continue };
        let flag = argument.get_long().expect("a long flag");
        match (argument.get_action(), value.as_str()) {
            (ArgAction::SetTrue, "false") => {}
            (ArgAction::SetTrue, "true") => line.push(format!("--{flag}")),
            _ => line.push(format!("--{flag}={value}")),
        }
    }
    Arguments::try_parse_from(line).expect("flags that exist")
}

#[test]
fn the_example_is_valid_and_shows_the_defaults() {
    let folder = Folder::new();
    let bare = filled(&folder, false);
    let bare = settings(&arguments(&bare), &bare);
    let full = filled(&folder, true);
    let full = settings(&arguments(&full), &full);
    let defaults = |settings: &Settings| {
        let Settings { listen, cache_time, stale_time, include_requester, log_level, log_format, .. } =
            settings.clone();
        let kept = (settings.history_time, settings.overdue_after);
        (listen, cache_time, stale_time, kept, include_requester, log_level, log_format)
    };
    assert_eq!(defaults(&bare), defaults(&full));
    assert_eq!(full.warnings(), Vec::<String>::new());
    assert_eq!((bare.widget_files.is_some(), full.widget_files.is_some()), (false, true));
    assert_eq!(bare.accounts_server, full.accounts_server);
    let origins = ["https://portal.example", "https://intranet.example"].map(str::to_owned);
    assert_eq!(full.origins, Origins::Listed(origins.into()));
}

/// Runs the program with only these variables.
fn run(flags: &[&str], variables: &Environment) -> Output {
    let program = Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy"))
        .args(flags)
        .env_clear()
        .envs(variables)
        .output();
    let output = program.expect("the program runs");
    for text in [&output.stdout, &output.stderr] {
        assert!(!String::from_utf8_lossy(text).contains(SENTINEL), "a secret is shown: {output:?}");
    }
    output
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).expect("text")
}

#[test]
fn the_program_checks_the_example() {
    let folder = Folder::new();
    for (with_comments, api) in [(false, "https://www.zohoapis.eu/"), (true, "https://sandbox.zohoapis.eu/")]
    {
        let output = run(&["--check"], &filled(&folder, with_comments));
        let expected = format!("The configuration is valid: asks {api}, listens on 127.0.0.1:8095.\n");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), expected.as_str()), "{output:?}");
        assert_eq!(text(&output.stderr), "");
    }
}

#[test]
fn a_variable_that_is_empty_counts_as_none() {
    let folder = Folder::new();
    for name in example(true).into_keys().filter(|name| !filled(&folder, false).contains_key(name)) {
        let mut variables = filled(&folder, false);
        variables.insert(name.clone(), String::new());
        let output = run(&["--check"], &variables);
        assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
    }
}

#[test]
fn a_flag_takes_precedence_over_its_variable() {
    let folder = Folder::new();
    let output = run(&["--check", "--data-center", "jp", "--listen", "[::1]:1"], &filled(&folder, false));
    let expected = "The configuration is valid: asks https://www.zohoapis.jp/, listens on [::1]:1.\n";
    assert_eq!(text(&output.stdout), expected);
}

#[test]
fn the_program_prints_warnings_after_the_check() {
    let folder = Folder::new();
    let variables = filled(&folder, false);
    let output = run(&["--check", "--dangerously-allow-any-origin"], &variables);
    let lines: Vec<_> = text(&output.stdout).lines().collect();
    assert_eq!((output.status.code(), lines.len()), (Some(0), 2), "{output:?}");
    assert!(lines[1].starts_with("warning: pages of every origin"), "{lines:?}");
}

#[test]
fn the_program_lists_the_mistakes_and_does_not_start() {
    for (variables, first, count) in [
        (Environment::new(), "zoho-backup-proxy: 5 mistakes in the configuration", 5),
        (
            {
                let given = [(SECRET, SENTINEL), (TOKEN, SENTINEL), ("ZOHO_BACKUP_DATA_CENTER", "eu")];
                given.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
            },
            "zoho-backup-proxy: 1 mistake in the configuration",
            1,
        ),
    ] {
        for flags in [&[][..], &["--check"]] {
            let output = run(flags, &variables);
            let lines: Vec<_> = text(&output.stderr).lines().collect();
            assert_eq!((output.status.code(), text(&output.stdout)), (Some(2), ""), "{output:?}");
            assert_eq!((lines[0], lines.len()), (first, 1 + count), "{lines:?}");
            assert!(lines[1..].iter().all(|line| line.starts_with("  ")), "{lines:?}");
        }
    }
}

#[test]
fn the_program_prints_the_example_without_a_configuration() {
    let output = run(&["--example"], &Environment::new());
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), EXAMPLE));
}

#[test]
fn the_program_does_not_start_if_it_cannot_listen() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = taken.local_addr().unwrap().to_string();
    let folder = Folder::new();
    let output = run(&["--listen", &listen], &filled(&folder, false));
    assert_eq!(output.status.code(), Some(1));
    let message = text(&output.stderr);
    assert!(message.contains(&listen) && message.contains("choose another --listen"), "{message}");
}

#[test]
fn an_address_that_can_never_be_had_is_a_mistake_of_the_configuration() {
    let folder = Folder::new();
    let socket = format!("unix:{}/nowhere/socket", folder.path().display());
    for listen in ["192.0.2.7:8095", &socket] {
        let output = run(&["--listen", listen, "--allowed-hosts", "localhost"], &filled(&folder, false));
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(listen) && message.contains("choose another --listen"), "{message}");
    }
}

#[test]
fn switches_are_true_or_false() {
    let folder = Folder::new();
    for (value, status) in [("true", Some(0)), ("false", Some(0)), ("maybe", Some(2))] {
        let mut variables = filled(&folder, false);
        variables.insert("ZOHO_BACKUP_INCLUDE_REQUESTER".into(), value.into());
        assert_eq!(run(&["--check"], &variables).status.code(), status, "{value}");
    }
}

#[test]
fn help_shows_every_variable_and_no_value_of_one() {
    let names = example(true).into_keys().chain([SECRET, TOKEN].map(str::to_owned));
    let variables: Environment = names.map(|name| (name, SENTINEL.to_owned())).collect();
    // `run` checks that the values are not shown.
    let output = run(&["--help"], &variables);
    let help = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0));
    for name in variables.keys() {
        assert!(help.contains(name.as_str()), "{name}");
    }
}

/// The address of a server that closes every connection.
#[cfg(unix)]
fn closing_server() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || listener.incoming().for_each(drop));
    address
}

#[cfg(unix)]
#[test]
fn the_program_answers_until_a_signal_stops_it_and_logs_only_its_own_lines() {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::process::Stdio;

    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let folder = Folder::new();
    let server = closing_server();
    for signal in [Signal::SIGTERM, Signal::SIGINT] {
        let flags = ["--listen", "127.0.0.1:0", "--log-level", "trace", "--api-domain", &server];
        let mut program = Command::new(env!("CARGO_BIN_EXE_zoho-backup-proxy"))
            .args(flags)
            .args(["--accounts-server", &server])
            .env_clear()
            .envs(filled(&folder, false))
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut log = BufReader::new(program.stderr.take().expect("a log"));
        let mut lines = String::new();
        log.read_line(&mut lines).expect("its first line");
        let address = lines.trim_end().rsplit_once("answering at http://").map(|(_, address)| address);
        let (address, path) = address.and_then(|address| address.split_once('/')).expect("an address");

        let mut stream = TcpStream::connect(address).expect("it listens");
        write!(stream, "GET /{path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n")
            .expect("a request");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 502 ") && !answer.contains(SENTINEL), "{answer}");

        kill(Pid::from_raw(program.id().try_into().expect("an id")), signal).expect("it runs");
        log.read_to_string(&mut lines).expect("text");
        let output = program.wait_with_output().expect("its end");
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), ""), "{signal}: {lines}");
        assert!(lines.trim_end().ends_with("stopping"), "{lines}");
        for line in lines.lines() {
            assert!(line.contains(" zoho_backup_proxy"), "a line of a library: {line}");
            assert!(!line.contains(SENTINEL), "{line}");
        }
    }
}

/// A receiver on this computer that answers everything with this status. Returns its address.
fn receiver(status: &'static str) -> String {
    use std::io::{Read, Write};

    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/{SENTINEL}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = Vec::new();
            // Its body is JSON, and ends with a brace.
            while request.last() != Some(&b'}') {
                let mut buffer = [0; 4_096];
                let length = stream.read(&mut buffer).unwrap_or(0);
                if length == 0 {
                    break;
                }
                request.extend_from_slice(&buffer[..length]);
            }
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    address
}

#[test]
fn a_test_alert_says_what_became_of_it() {
    let folder = Folder::new();
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}/{SENTINEL}", listener.local_addr().expect("an address"))
    };
    let cases = [
        (receiver("202 Accepted"), Some(0), "The test alert was accepted (HTTP 202)."),
        (receiver("404 Not Found"), Some(1), "the receiver refuses it (HTTP 404): check its address"),
        (
            receiver("302 Found\r\nlocation: http://127.0.0.1:1/"),
            Some(1),
            "the receiver redirects (HTTP 302)",
        ),
        (gone, Some(1), "the receiver refuses the connection"),
        ("http://hooks.example/".to_owned(), Some(2), "neither https nor http to this computer"),
    ];
    for (address, status, expected) in cases {
        let mut variables = filled(&folder, true);
        variables.remove("ZOHO_BACKUP_ALERT_PROXY");
        let path = folder.write("alert-url", &address);
        variables.insert("ZOHO_BACKUP_ALERT_URL_FILE".into(), path.display().to_string());
        let output = run(&["--alert-test"], &variables);
        let said = [text(&output.stdout), text(&output.stderr)].concat();
        assert_eq!(output.status.code(), status, "{said}");
        assert!(said.contains(expected) && !said.contains("127.0.0.1:") && !said.contains("hooks"), "{said}");
    }
}

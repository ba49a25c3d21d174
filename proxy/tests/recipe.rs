//! The shell block of the README that gets a refresh token: it shows no secret and no token, whatever Zoho answers.
#![cfg(unix)]

#[path = "downstream/folder.rs"]
#[allow(dead_code, reason = "no test file uses all of it")]
mod folder;

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use folder::Folder;

const SECRET: &str = "the-client-secret";
const CODE: &str = "1000.the-code";
const ACCESS: &str = "1000.the-access-token";
const REFRESH: &str = "1000.the-refresh-token";

/// In place of curl: notes its arguments and what it would send, and writes the answer of `ANSWER` unless that is empty.
const CURL: &str = r#"#!/bin/bash
printf '%s\n' "$@" >../arguments
cat client-secret code >../sent
[ -n "$ANSWER" ] || { echo 'curl: (6) Could not resolve host' >&2; exit 6; }
while [ "$1" != --output ]; do shift; done
printf %s "$ANSWER" >"$2"
"#;

struct Run {
    folder: Folder,
    /// What appears on the terminal.
    shown: String,
}

/// The block as a reader copies it, without the indentation of its list.
fn block() -> String {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let (_, rest) = readme.split_once("   ```bash\n").expect("one block of bash");
    let (block, _) = rest.split_once("   ```\n").expect("its end");
    let block: Vec<_> = block.lines().map(|line| line.strip_prefix("   ").unwrap_or(line)).collect();
    block.join("\n")
}

/// Runs the block while Zoho answers like this.
fn run(flags: &[&str], answer: &str) -> Run {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("bin")).unwrap();
    folder.write("bin/curl", CURL);
    folder.allow("bin/curl", 0o700);
    let path = format!("{}:{}", folder.path().join("bin").display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash")
        .args(flags)
        .args(["-c", &block()])
        .current_dir(folder.path())
        .env("PATH", path)
        .env("ANSWER", answer)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash runs");
    writeln!(bash.stdin.take().unwrap(), "{SECRET}\n{CODE}").unwrap();
    let output = bash.wait_with_output().unwrap();
    let shown = [output.stdout, output.stderr].concat();
    Run { folder, shown: String::from_utf8(shown).unwrap() }
}

impl Run {
    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.path().join("zoho-secrets")).unwrap();
        let mut files: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        files.sort_unstable();
        files
    }
}

#[test]
fn the_two_secrets_are_in_files_that_only_their_owner_can_read() {
    let answer = format!(
        r#"{{"access_token":"{ACCESS}","refresh_token":"{REFRESH}","token_type":"Bearer","expires_in":3600}}"#
    );
    let run = run(&[], &answer);
    assert_eq!(run.shown, "", "nothing is shown");
    assert_eq!(run.files(), ["client-secret", "refresh-token"]);
    assert_eq!(run.read("zoho-secrets/client-secret"), SECRET);
    assert_eq!(run.read("zoho-secrets/refresh-token").trim_end(), REFRESH);
    for (name, mode) in [("", 0o700), ("client-secret", 0o600), ("refresh-token", 0o600)] {
        let path = run.folder.path().join("zoho-secrets").join(name);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, mode, "{}", path.display());
    }
}

#[test]
fn no_secret_is_part_of_a_command() {
    let run = run(&[], "{}");
    assert_eq!(run.read("sent"), format!("{SECRET}{CODE}"), "curl reads them from files");
    let arguments = run.read("arguments");
    assert!(
        arguments.contains("client_secret@client-secret") && arguments.contains("code@code"),
        "{arguments}"
    );
    assert!(!arguments.contains(SECRET) && !arguments.contains(CODE), "{arguments}");
}

#[test]
fn an_answer_without_a_refresh_token_shows_its_error_and_nothing_else() {
    let only_access = format!(r#"{{"access_token":"{ACCESS}","token_type":"Bearer"}}"#);
    let with_error = format!(r#"{{"access_token":"{ACCESS}","error":"invalid_code"}}"#);
    let token_as_error = format!(r#"{{"error":"{ACCESS}"}}"#);
    let page = format!("<html>{ACCESS} {REFRESH}</html>");
    for (answer, error) in [
        (r#"{"error":"invalid_code"}"#, "invalid_code"),
        (r#"{ "error" : "invalid_client_secret" }"#, "invalid_client_secret"),
        (&with_error, "invalid_code"),
        (&only_access, "none"),
        (&token_as_error, "none"),
        (&page, "none"),
        (r#"{"refresh_token":""}"#, "none"),
        ("{}", "none"),
    ] {
        let run = run(&[], answer);
        assert_eq!(
            run.shown,
            format!("Zoho's answer has no refresh token. Its error: {error}\n"),
            "{answer}"
        );
        assert_eq!(run.files(), ["client-secret", "refresh-token"], "the answer is removed: {answer}");
        assert_eq!(run.read("zoho-secrets/refresh-token").trim_end(), "", "{answer}");
    }
}

#[test]
fn a_failure_of_curl_is_shown() {
    let run = run(&[], "");
    assert!(run.shown.contains("Could not resolve host"), "{}", run.shown);
    assert!(!run.shown.contains(SECRET) && !run.shown.contains(CODE), "{}", run.shown);
    assert_eq!(run.files(), ["client-secret", "refresh-token"]);
}

#[test]
fn a_shell_that_traces_its_commands_shows_no_secret() {
    let answer = format!(r#"{{"access_token":"{ACCESS}","refresh_token":"{REFRESH}"}}"#);
    for answer in [answer.as_str(), r#"{"error":"invalid_code"}"#] {
        let run = run(&["-x"], answer);
        for secret in [SECRET, CODE, ACCESS, REFRESH] {
            assert!(!run.shown.contains(secret), "{}", run.shown);
        }
    }
}

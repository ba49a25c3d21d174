//! Secrets and the text of upstream answers are nowhere in responses, in the log at any level, or in debug output.
//!
//! There is only one test in this file, because the log belongs to the whole process.

mod downstream;

use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use downstream::folder::Folder;
use downstream::{BACKUP, Running, get, request};
use sandbox::accounts::TOKEN;
use sandbox::wire_response::JSON;
use sandbox::wire_response::WireResponse;
use sandbox::{Account, Options, Sandbox};
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::prelude::*;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::token_holder::TokenHolder;
use zoho_backup_proxy::zoho::{Timeouts, Token, Upstream, Zoho};

const CLIENT_SECRET: &str = "sentinel-client-secret";
const REFRESH_TOKEN: &str = "1000.sentinel-refresh-token";
const ROTATED_SECRET: &str = "sentinel-rotated-secret";
const ROTATED_TOKEN: &str = "1000.sentinel-rotated-token";
const WRONG: &str = "sentinel-wrong-secret";
/// An access token that Zoho does not accept.
const ACCESS_TOKEN: &str = "1000.sentinel-access-token";
/// Stands in everything of upstream answers that is not for readers.
const UPSTREAM: &str = "sentinel-of-upstream";
/// Stands in everything that clients send: paths, queries, headers.
const CLIENT: &str = "sentinel-of-a-client";

/// Everything that is logged through `tracing` and `log`, at every level.
struct Log(Mutex<Vec<u8>>);

static LOG: Log = Log(Mutex::new(Vec::new()));

impl Log {
    fn written(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&'static self) {
        let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_span_events(FmtSpan::FULL);
        tracing_subscriber::registry().with(layer.with_writer(|| &LOG)).init();
        log::set_logger(&LOG).expect("no other logger");
        log::set_max_level(log::LevelFilter::Trace);
    }
}

impl Write for &Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut log = self;
        let _ = writeln!(log, "{} {} {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}

/// A named text.
type Output = (&'static str, String);

/// A sandbox, and all output of the gateways to it.
struct Run {
    sandbox: Sandbox,
    /// Settings with valid secrets.
    settings: Settings,
    /// The responses.
    answers: Vec<Output>,
    /// The debug output of the gateway's parts.
    prints: Vec<Output>,
}

fn text(secret: &str) -> Source {
    Source::Text(secret.into())
}

fn account() -> Account {
    Account { client_secret: CLIENT_SECRET.into(), refresh_token: REFRESH_TOKEN.into(), ..Account::default() }
}

impl Run {
    async fn begin() -> Run {
        let options = Options { account: Some(account()), ..Options::default() };
        let sandbox = Sandbox::start_with(0, options).await.expect("a free port");
        let settings = Settings {
            client_secret: text(CLIENT_SECRET),
            refresh_token: text(REFRESH_TOKEN),
            ..downstream::settings(&sandbox.origin())
        };
        Run { sandbox, settings, answers: Vec::new(), prints: Vec::new() }
    }

    /// Sends one request per status to a new gateway with these settings.
    async fn ask(&mut self, name: &'static str, settings: Settings, statuses: &[u16]) {
        let gateway = Gateway::new(settings.clone()).expect("a gateway");
        let running = Running::start(gateway.clone()).await;
        for status in statuses {
            self.send(name, &running, get(""), *status).await;
        }
        self.prints.push((name, format!("{gateway:?} {gateway:#?} {settings:?} {settings:#?}")));
    }

    async fn send(&mut self, name: &'static str, running: &Running, request: String, status: u16) {
        let reply = running.send(request).await;
        assert_eq!(reply.status, status, "{name}: {reply:?}");
        self.answers.push((name, format!("{reply:?} {}", reply.text())));
    }

    async fn good(&mut self) {
        let document = format!(
            r#"{{"backup":{{"status":"SCHEDULED","requester":{{"name":"{UPSTREAM}"}},"more":"{UPSTREAM}"}},"info":"{UPSTREAM}"}}"#
        );
        let document = WireResponse::body(200, JSON, document).with("x-upstream", UPSTREAM);
        self.sandbox.play("scheduled", document.with("set-cookie", format!("a={UPSTREAM}")));
        self.ask("a backup", self.settings.clone(), &[200, 200]).await;
        self.sandbox.play_in_turn("scheduled", vec![]);
    }

    async fn refused(&mut self) {
        let right = self.settings.clone();
        for (name, wrong) in [
            ("a wrong client secret", Settings { client_secret: text(WRONG), ..right.clone() }),
            ("a wrong refresh token", Settings { refresh_token: text(WRONG), ..right.clone() }),
            ("an unknown client", Settings { client_id: "1000.UNKNOWN".into(), ..right.clone() }),
        ] {
            self.ask(name, wrong, &[502, 502]).await;
        }
        for (name, status, expected, body) in [
            ("an unknown refusal", 400, 502, format!(r#"{{"error":"{UPSTREAM}"}}"#)),
            (
                "too many tokens",
                400,
                503,
                format!(r#"{{"error":"Access Denied","error_description":"{UPSTREAM}"}}"#),
            ),
            ("no JSON with a token", 200, 502, format!("access_token={ACCESS_TOKEN}&a={UPSTREAM}")),
            ("an HTML page for a token", 500, 502, format!("<h1>{UPSTREAM}</h1>")),
            (
                "a token that fits no header",
                200,
                502,
                format!(r#"{{"access_token":"{ACCESS_TOKEN}\n{UPSTREAM}"}}"#),
            ),
            (
                "an empty token",
                200,
                502,
                format!(r#"{{"access_token":"","refresh_token":"{ACCESS_TOKEN}"}}"#),
            ),
            (
                "a token that the API does not know",
                200,
                502,
                format!(r#"{{"access_token":"{ACCESS_TOKEN}"}}"#),
            ),
        ] {
            self.sandbox.play(TOKEN, WireResponse::body(status, JSON, body));
            self.ask(name, right.clone(), &[expected]).await;
        }
        self.sandbox.play_in_turn(TOKEN, vec![]);
    }

    async fn failing(&mut self) {
        let envelope = |code: &str| {
            format!(
                r#"{{"code":"{code}","message":"{UPSTREAM}","details":{{"a":"{UPSTREAM}"}},"status":"error"}}"#
            )
        };
        for (name, status, expected, body) in [
            ("an error of Zoho's", 403, 502, envelope("NO_PERMISSION")),
            ("an error with an unknown code", 400, 502, envelope(UPSTREAM)),
            ("used up credits", 429, 503, envelope("TOO_MANY_REQUESTS")),
            ("an HTML page", 502, 502, format!("<h1>{UPSTREAM}</h1>")),
            ("no document", 200, 502, format!(r#"["{UPSTREAM}"]"#)),
            ("half a document", 200, 502, format!(r#"{{"backup":{{"status":"{UPSTREAM}"#)),
            ("a redirect", 302, 502, String::new()),
        ] {
            let target = format!("http://{UPSTREAM}.example/?a={UPSTREAM}");
            let answer =
                WireResponse::body(status, JSON, body).with("location", target).with("x-upstream", UPSTREAM);
            self.sandbox.play("scheduled", answer);
            // A refresh token yields only ten access tokens.
            self.sandbox.play(TOKEN, self.token());
            self.ask(name, self.settings.clone(), &[expected]).await;
        }
        self.sandbox.play_in_turn("scheduled", vec![]);
        let unreachable = downstream::settings("http://127.0.0.1:1");
        let (api_domain, accounts_server) = (unreachable.api_domain, unreachable.accounts_server);
        self.ask(
            "an unreachable server",
            Settings { api_domain, accounts_server, ..self.settings.clone() },
            &[502],
        )
        .await;
        self.sandbox.play_in_turn(TOKEN, vec![]);
    }

    /// A token that the API accepts, without counting towards the limit.
    fn token(&self) -> WireResponse {
        let token = self.sandbox.issue_token();
        WireResponse::body(200, JSON, format!(r#"{{"access_token":"{token}","expires_in":3600}}"#))
    }

    /// Secrets that change while a gateway runs, validly or not.
    async fn rotated(&mut self) {
        let folder = Folder::new();
        let files = Settings {
            client_secret: Source::file(folder.write("client-secret", CLIENT_SECRET)),
            refresh_token: Source::file(folder.write("refresh-token", format!("{REFRESH_TOKEN}\n"))),
            cache_time: Duration::ZERO,
            stale_time: Duration::ZERO,
            ..self.settings.clone()
        };
        let running = Running::start(Gateway::new(files.clone()).expect("a gateway")).await;
        self.send("secrets of files", &running, get(""), 200).await;
        self.sandbox.set_account(Account {
            client_secret: ROTATED_SECRET.into(),
            refresh_token: ROTATED_TOKEN.into(),
            ..account()
        });
        folder.write("client-secret", ROTATED_SECRET);
        folder.write("refresh-token", ROTATED_TOKEN);
        self.ask("rotated secrets", files.clone(), &[200, 200]).await;
        self.sandbox.revoke_tokens();
        self.send("a revoked token", &running, get(""), 200).await;
        self.prints.extend(parts_printed(&files).await);
        folder.write("client-secret", format!("{ROTATED_SECRET} {WRONG}"));
        self.ask("a file of words", files.clone(), &[502]).await;
        folder.write("refresh-token", "");
        self.ask("an empty file", files, &[502]).await;
    }

    /// Requests with the sentinel in every part.
    async fn asked_by_hostile_clients(&mut self) {
        let running = Running::start(Gateway::new(self.settings.clone()).expect("a gateway")).await;
        let length = CLIENT.len();
        for (name, status, line) in [
            ("a path", 404, request("GET", &format!("/{CLIENT}"), "")),
            ("a query", 400, request("GET", &format!("{BACKUP}?access_token={CLIENT}"), "")),
            ("an origin", 403, get(&format!("origin: https://{CLIENT}.example\r\n"))),
            ("a host", 403, downstream::bare("GET", BACKUP, &format!("host: {CLIENT}.example\r\n"))),
            ("a target", 400, request("GET", &format!("http://{CLIENT}.example/"), "")),
            ("a body", 405, request("POST", BACKUP, &format!("content-length: {length}\r\n")) + CLIENT),
            ("a method", 405, request(CLIENT, BACKUP, "")),
            ("a header", 502, get(&format!("authorization: Bearer {CLIENT}\r\ncookie: a={CLIENT}\r\n"))),
        ] {
            self.send(name, &running, line, status).await;
        }
    }

    /// The access tokens in the requests to the API.
    fn access_tokens(&self) -> Vec<String> {
        let requests = self.sandbox.record().all();
        let headers =
            requests.iter().filter_map(|request| request.headers.get("authorization")?.to_str().ok());
        headers.filter_map(|header| header.strip_prefix("Zoho-oauthtoken ")).map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn no_secret_is_in_any_response_log_line_or_debug_output() {
    LOG.start();
    let mut run = Run::begin().await;
    run.good().await;
    let right = run.settings.clone();
    run.prints.extend(parts_printed(&right).await);
    run.refused().await;
    run.failing().await;
    run.rotated().await;
    // With secrets that are no longer valid.
    run.asked_by_hostile_clients().await;

    let log = String::from_utf8(LOG.written().clone()).expect("the log is text");
    // The log is complete: the gateway's own lines and those of its libraries, at every level.
    for word in [
        "the token was renewed",
        "the token was not renewed",
        "no answer",
        "answered",
        "TRACE hyper_util::client::legacy::pool",
        "DEBUG reqwest::connect",
    ] {
        assert!(log.contains(word), "{word:?} is not in the log:\n{log}");
    }

    let ours = [CLIENT_SECRET, REFRESH_TOKEN, ROTATED_SECRET, ROTATED_TOKEN, WRONG, ACCESS_TOKEN];
    // Words of the form in a token request, and of the authorization header.
    let sent = ["grant_type", "client_secret=", "refresh_token=", "Zoho-oauthtoken"];
    let given = run.access_tokens();
    assert!(given.len() > 8 && given.contains(&ACCESS_TOKEN.to_owned()), "{given:?}");
    let secrets: Vec<_> = ours.into_iter().chain(sent).chain(given.iter().map(String::as_str)).collect();
    // Not secret, but not for readers. The cached document may be in debug output.
    let private = [UPSTREAM, CLIENT, "Patricia Boyle"];
    for word in secrets.iter().chain(&private) {
        let line = log.lines().find(|line| line.contains(word));
        assert_eq!(line, None, "{word} is in the log");
        for (name, text) in &run.answers {
            assert!(!text.contains(word), "{word} is in the answer to {name}: {text}");
        }
    }
    for word in secrets {
        for (name, text) in &run.prints {
            assert!(!text.contains(word), "{word} is printed with {name}: {text}");
        }
    }
}

/// The debug output of the parts of a gateway.
async fn parts_printed(settings: &Settings) -> Vec<Output> {
    let sources = [&settings.client_secret, &settings.refresh_token];
    let read = sources.map(|source| (source.clone(), source.read(), source.new_exposure()));
    let Timeouts { connect, total } = Timeouts::default();
    let zoho = Zoho::new(settings, connect).expect("a client");
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    let renewed: Result<Token, Failure> = zoho.renew_token(deadline).await;
    let renewed = renewed.expect("the secrets are right");
    let mut shown = vec![
        ("a secret's source", format!("{read:?} {read:#?}")),
        ("a token", format!("{renewed:?} {renewed:#?}")),
        ("Zoho", format!("{zoho:?} {zoho:#?}")),
    ];
    let token_holder = TokenHolder::new(zoho, total);
    let answer = token_holder.fetch_backup().await.map(drop);
    assert!(answer.is_ok(), "{answer:?}");
    shown.push(("a token holder", format!("{token_holder:?} {token_holder:#?} {answer:?}")));
    shown
}

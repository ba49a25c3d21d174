//! The access token: when it is requested, renewed, kept and given up.

mod upstream;

use std::path::PathBuf;
use std::time::Duration;

use futures_util::future::join_all;
use proptest::prelude::*;
use sandbox::accounts::TOKEN;
use sandbox::answer::{Answer, Delivery};
use sandbox::scenarios::JSON;
use sandbox::{Account, Outcome, Sandbox};
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::time::{Instant, advance};
use upstream::Turn::{Fails, Gives, Panics, Stalls};
use upstream::{
    InProcess, Reply, Running, Scripted, Turn, ask, request_counts, settings, skip, without_cache, zoho,
    zoho_with,
};
use zoho_backup_core::fault::FaultKind;
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::failure::{Failure, TokenRefusal};
use zoho_backup_proxy::secret::Source;
use zoho_backup_proxy::token_holder::TokenHolder;
use zoho_backup_proxy::zoho::Timeouts;

const MARKER: &str = "qx7-marker-0f3ac9d1e88b42";

fn json(status: u16, body: impl ToString) -> Answer {
    Answer::body(status, JSON, body.to_string())
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn invalid_token<T>() -> Turn<T> {
    Fails(Failure::ZohoError("INVALID_TOKEN".into()))
}

/// A gateway without a cache, to this upstream.
fn still(upstream: &Scripted) -> InProcess {
    InProcess::with(upstream, without_cache("http://zoho.invalid"))
}

#[tokio::test]
async fn nothing_is_requested_at_the_start() {
    let zoho = zoho().await;
    let running = Running::to(&zoho).await;
    let reply = running.get_with("origin: https://evil.example\r\n").await;
    assert_eq!((reply.status, request_counts(&zoho)), (403, (0, 0)), "it runs");
}

#[tokio::test]
async fn one_token_is_enough_for_many_requests() {
    let zoho = zoho().await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    for _ in 0..20 {
        assert_eq!(running.get().await.status, 200);
    }
    assert_eq!(request_counts(&zoho), (20, 1));
}

#[tokio::test]
async fn a_token_is_renewed_before_its_end_and_only_when_it_is_needed() {
    let zoho = zoho_with(Account { token_life: seconds(1_000), ..Account::default() }).await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    let mut tokens = Vec::new();
    for (wait, renewals) in [(0, 1), (690, 1), (11, 2), (690, 2), (5_000, 3)] {
        skip(wait).await;
        assert_eq!(running.get().await.status, 200);
        tokens.push(request_counts(&zoho).1);
        assert_eq!(request_counts(&zoho).1, renewals, "{tokens:?}");
    }
    assert!(zoho.record().of("invalid-token").is_empty(), "none was used after its end");
}

/// The lifetimes that the accounts server may send, and how they are read.
#[tokio::test]
async fn the_lifetime_of_a_token_is_read_with_its_quirks() {
    let cases = [
        ("Zoho's usual", json!({ "expires_in": 3_600 }), 3_600),
        ("a shorter one", json!({ "expires_in": 1_200 }), 1_200),
        ("milliseconds and seconds", json!({ "expires_in": 1_200_000, "expires_in_sec": 1_200 }), 1_200),
        ("the default in both units", json!({ "expires_in": 3_600_000, "expires_in_sec": 3_600 }), 3_600),
        ("milliseconds alone", json!({ "expires_in": 3_600_000 }), 3_600),
        ("seconds alone", json!({ "expires_in_sec": 900 }), 900),
        ("null for the seconds", json!({ "expires_in": 900, "expires_in_sec": null }), 900),
        ("none", json!({}), 3_600),
        ("null", json!({ "expires_in": null }), 3_600),
        ("a text", json!({ "expires_in": "900" }), 3_600),
        ("a negative number", json!({ "expires_in": -5 }), 3_600),
        ("a fraction", json!({ "expires_in": 0.5 }), 3_600),
        ("out of range", json!({ "expires_in": u64::MAX, "expires_in_sec": u64::MAX }), 3_600),
        ("a list", json!({ "expires_in": [900] }), 3_600),
    ];
    for (case, mut answer, life) in cases {
        let zoho = zoho().await;
        answer["access_token"] = json!(zoho.issue_token());
        zoho.play(TOKEN, json(200, answer));
        let running = Running::with(without_cache(&zoho.origin())).await;
        // The token is renewed five minutes before its end.
        for (wait, renewals) in [(0, 1), (life - 303, 1), (5, 2)] {
            skip(wait).await;
            assert_eq!(
                (running.get().await.status, request_counts(&zoho).1),
                (200, renewals),
                "{case} after {wait}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_without_a_lifetime_is_used_once_and_renewed_once_a_minute() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(0)]);
    let gateway = still(&upstream);
    assert_eq!(gateway.summary().await, "200 age 0");
    advance(seconds(20)).await;
    assert_eq!(gateway.summary().await, "503 SERVICE_UNAVAILABLE in 40");
    advance(seconds(40)).await;
    assert_eq!(gateway.summary().await, "200 age 0");
    assert_eq!(upstream.count(), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn the_lifetime_of_a_token_counts_from_the_request() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(1_000).later(8)]);
    let gateway = still(&upstream);
    gateway.get().await;
    advance(seconds(693)).await;
    gateway.get().await;
    assert_eq!(upstream.count(), (2, 2), "701 seconds after the question, 693 after the answer");
}

#[tokio::test(start_paused = true)]
async fn the_current_token_is_used_while_a_renewal_fails() {
    let refused = || Fails(Failure::TokenRefused(TokenRefusal::Other));
    let cases = [
        ("refused", refused()),
        ("unreachable", Fails(Failure::Unreachable)),
        ("too many", Fails(Failure::too_many_tokens(None))),
        ("an unreadable secret", Fails(Failure::UnreadableSecret)),
        ("stalled", Stalls),
        ("slow", refused().later(8)),
    ];
    for (case, trouble) in cases {
        // If a secret cannot be read, nothing is requested, so the next attempt need not wait.
        let later = if matches!(trouble, Fails(Failure::UnreadableSecret)) { 3 } else { 2 };
        let upstream = Scripted::default();
        upstream.play_renewals([Gives(1_000), trouble]);
        let gateway = still(&upstream);
        gateway.get().await;
        advance(seconds(710)).await;
        assert_eq!((gateway.summary().await.as_str(), upstream.last_token()), ("200 age 0", 1), "{case}");
        assert_eq!(upstream.count(), (2, 2), "{case}");
        assert_eq!(
            (gateway.summary().await.as_str(), upstream.count()),
            ("200 age 0", (3, later)),
            "{case}: later"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_is_tried_once_a_minute_until_the_token_ends() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(600), Fails(Failure::Unreachable)]);
    let gateway = still(&upstream);
    gateway.get().await;
    advance(seconds(300)).await;
    let mut tried = Vec::new();
    for _ in 0..30 {
        assert_eq!(gateway.summary().await, "200 age 0");
        tried.push(upstream.count().1);
        advance(seconds(10)).await;
    }
    let expected: Vec<_> = (0..30).map(|turn| 2 + turn / 6).collect();
    assert_eq!(tried, expected, "once in six turns of ten seconds");
    let (answers, _) = upstream.count();
    assert_eq!(gateway.summary().await, "502 BAD_GATEWAY");
    advance(seconds(15)).await;
    assert_eq!(gateway.summary().await, "502 BAD_GATEWAY", "still the reason for which there is no token");
    assert_eq!(upstream.count(), (answers, 7));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_during_its_renewal_is_not_used() {
    let upstream = Scripted::default();
    upstream.play_renewals([Gives(100), Stalls]);
    let gateway = still(&upstream);
    gateway.get().await;
    advance(seconds(97)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("504 GATEWAY_TIMEOUT", (1, 2)));
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once_and_the_request_repeated_once() {
    let upstream = Scripted::default();
    let gateway = still(&upstream);
    gateway.get().await;
    advance(seconds(60)).await;
    upstream.play([invalid_token(), Gives(())]);
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (3, 2)));
    assert_eq!(upstream.last_token(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_stays_refused_is_reported_for_a_minute() {
    let upstream = Scripted::default();
    let gateway = still(&upstream);
    gateway.get().await;
    advance(seconds(60)).await;
    upstream.play([invalid_token()]);
    for _ in 0..60 {
        assert_eq!(gateway.summary().await, "502 INVALID_TOKEN");
        assert_eq!(upstream.count(), (3, 2), "a request, a renewal, a request again, and no more");
        advance(seconds(1)).await;
    }
    assert_eq!(gateway.summary().await, "502 INVALID_TOKEN");
    assert_eq!(upstream.count(), (5, 3), "the same once more");
    upstream.play([Gives(())]);
    advance(seconds(60)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (6, 3)));
}

#[tokio::test(start_paused = true)]
async fn a_token_refused_right_after_its_renewal_is_not_renewed_again() {
    let upstream = Scripted::default();
    upstream.play([invalid_token(), Gives(())]);
    let gateway = still(&upstream);
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("502 INVALID_TOKEN", (1, 1)));
    advance(seconds(60)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (2, 2)));
    assert_eq!(upstream.last_token(), 2, "the refused token is not used again");
}

#[tokio::test(start_paused = true)]
async fn errors_that_a_new_token_cannot_fix_cause_no_renewal() {
    for code in ["OAUTH_SCOPE_MISMATCH", "NO_PERMISSION", "AUTHENTICATION_FAILURE", "INTERNAL_ERROR"] {
        let upstream = Scripted::default();
        let gateway = still(&upstream);
        gateway.get().await;
        upstream.play([Fails(Failure::ZohoError(code.into()))]);
        for turn in 1..=5 {
            advance(seconds(60)).await;
            assert_eq!(gateway.summary().await, format!("502 {code}"));
            assert_eq!(upstream.count(), (1 + turn, 1), "{code}");
        }
    }
}

#[tokio::test]
async fn a_revoked_token_is_replaced_with_one_renewal() {
    let zoho = zoho().await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    running.get().await;
    skip(61).await;
    zoho.revoke_tokens();
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (3, 2)));
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (4, 2)));
}

/// Both secrets in files of a temporary folder.
struct Files(PathBuf);

impl Files {
    fn new(name: &str, account: &Account) -> Files {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let files = Files(folder);
        files.write(account);
        files
    }

    fn write(&self, account: &Account) {
        std::fs::write(self.0.join("client-secret"), format!("{}\n", account.client_secret)).unwrap();
        std::fs::write(self.0.join("refresh-token"), format!("{}\n", account.refresh_token)).unwrap();
    }

    fn settings(&self, zoho: &Sandbox) -> Settings {
        Settings {
            client_secret: Source::File(self.0.join("client-secret")),
            refresh_token: Source::File(self.0.join("refresh-token")),
            ..without_cache(&zoho.origin())
        }
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn rotated() -> Account {
    Account {
        client_secret: "rotated-secret".into(),
        refresh_token: "1000.rotated".into(),
        ..Account::default()
    }
}

#[tokio::test]
async fn rotated_secrets_need_no_restart() {
    let (zoho, files) = (zoho().await, Files::new("rotated", &Account::default()));
    let running = Running::with(files.settings(&zoho)).await;
    running.get().await;
    skip(61).await;
    zoho.set_account(rotated());
    files.write(&rotated());
    assert_eq!(
        (running.get().await.status, request_counts(&zoho)),
        (200, (2, 1)),
        "the token outlives the rotation"
    );
    zoho.revoke_tokens();
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (4, 2)));
}

#[tokio::test]
async fn secrets_rotated_late_work_within_a_minute() {
    let (zoho, files) = (zoho().await, Files::new("late", &Account::default()));
    let running = Running::with(files.settings(&zoho)).await;
    running.get().await;
    skip(61).await;
    zoho.set_account(rotated());
    zoho.revoke_tokens();
    let reply = running.get().await;
    assert_eq!((reply.status, reply.code().as_deref()), (502, Some("INVALID_TOKEN")));
    files.write(&rotated());
    skip(61).await;
    assert_eq!((running.get().await.status, request_counts(&zoho).1), (200, 3));
}

#[tokio::test]
async fn an_unreadable_secret_is_reported_without_its_path() {
    let (zoho, files) = (zoho().await, Files::new("unreadable", &Account::default()));
    let running = Running::with(files.settings(&zoho)).await;
    std::fs::write(files.0.join("refresh-token"), " \n").unwrap();
    let reply = running.get().await;
    assert_eq!((reply.status, reply.code().as_deref()), (502, Some("BAD_GATEWAY")));
    assert_eq!(
        (reply.message().as_str(), request_counts(&zoho)),
        ("The gateway cannot read its secrets.", (0, 0))
    );
    files.write(&Account::default());
    skip(61).await;
    assert_eq!(running.get().await.status, 200);
}

/// The gateway's response to this answer of the accounts server.
async fn refused(case: &str, answer: Answer) -> Reply {
    let zoho = zoho().await;
    zoho.play(TOKEN, answer);
    let timeouts = Timeouts { connect: seconds(1), total: seconds(1) };
    let reply = Running::within(timeouts, settings(&zoho.origin())).await.get().await;
    assert_eq!(request_counts(&zoho), (0, 1), "{case}: the API is not asked without a token");
    assert!(!reply.holds(MARKER.as_bytes()), "{case}: {reply:?}");
    reply
}

const CLIENT: &str = "The accounts server refuses the gateway's client id or secret.";
const REFRESH_TOKEN: &str = "The accounts server refuses the gateway's refresh token.";
const TOO_MANY: &str = "The accounts server has issued too many tokens, and issues none for a while.";
const NO_TOKEN: &str = "The accounts server issues no token to the gateway.";

#[tokio::test]
async fn refusals_of_the_accounts_server_are_reported_in_the_gateways_own_words() {
    let error = |error: &str| json!({ "error": error, "error_description": MARKER, "status": MARKER });
    let token = |token: Value| json(200, json!({ "access_token": token, "a": MARKER }));
    let cases = [
        ("invalid_client", json(200, error("invalid_client")), 502, "INVALID_TOKEN", CLIENT),
        ("invalid_client with 400", json(400, error("invalid_client")), 502, "INVALID_TOKEN", CLIENT),
        ("invalid_client_secret", json(200, error("invalid_client_secret")), 502, "INVALID_TOKEN", CLIENT),
        ("invalid_code", json(200, error("invalid_code")), 502, "INVALID_TOKEN", REFRESH_TOKEN),
        ("invalid_token", json(401, error("invalid_token")), 502, "INVALID_TOKEN", REFRESH_TOKEN),
        ("too many", json(200, error("Access Denied")), 503, "SERVICE_UNAVAILABLE", TOO_MANY),
        ("too many with 400", json(400, error("Access Denied")), 503, "SERVICE_UNAVAILABLE", TOO_MANY),
        (
            "too many, as an HTML page",
            Answer::body(429, "text/html", MARKER.into()),
            503,
            "SERVICE_UNAVAILABLE",
            TOO_MANY,
        ),
        ("another error", json(200, error(MARKER)), 502, "INVALID_TOKEN", NO_TOKEN),
        ("another error with 500", json(500, error(MARKER)), 502, "INVALID_TOKEN", NO_TOKEN),
        ("neither token nor error", json(200, "{}"), 502, "INVALID_TOKEN", NO_TOKEN),
        ("a list", json(200, "[]"), 502, "INVALID_TOKEN", NO_TOKEN),
        ("null", json(200, "null"), 502, "INVALID_TOKEN", NO_TOKEN),
        ("a number for a token", token(json!(7)), 502, "INVALID_TOKEN", NO_TOKEN),
        ("an empty token", token(json!("")), 502, "INVALID_TOKEN", NO_TOKEN),
        ("a token with a space", token(json!(format!("1000.{MARKER} a"))), 502, "INVALID_TOKEN", NO_TOKEN),
        (
            "a token with a line break",
            token(json!(format!("{MARKER}\r\nx: y"))),
            502,
            "INVALID_TOKEN",
            NO_TOKEN,
        ),
        ("a token in another script", token(json!("ж")), 502, "INVALID_TOKEN", NO_TOKEN),
        ("a token of 1,000 characters", token(json!(MARKER.repeat(40))), 502, "INVALID_TOKEN", NO_TOKEN),
    ];
    for (case, answer, status, code, message) in cases {
        let reply = refused(case, answer).await;
        let error = (reply.status, reply.code(), reply.message());
        assert_eq!(error, (status, Some(code.into()), message.into()), "{case}");
        let kind = if status == 503 { FaultKind::ServerError } else { FaultKind::InvalidToken };
        assert_eq!(reply.as_the_widget_reads_it(), Err(kind), "{case}");
    }
}

#[tokio::test]
async fn an_unusable_answer_of_the_accounts_server_is_a_bad_gateway() {
    let unreadable = "Zoho's answer to the gateway is not a backup document.";
    let unreachable = "The gateway cannot reach Zoho.";
    let late = "Zoho did not answer the gateway in time.";
    let delivered = |delivery| Answer { delivery, ..json(200, json!({ "access_token": "1000.a" })) };
    let page = |status| Answer::body(status, "text/html", format!("<title>{MARKER}</title>"));
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let cases = [
        ("a page", page(200), 502, unreadable),
        ("a page with 500", page(500), 502, unreadable),
        ("JSON with 500", json(500, json!({ "message": MARKER })), 502, unreadable),
        ("a redirect", Answer::empty(302).with("location", "http://169.254.169.254/"), 502, unreadable),
        ("no body", Answer::empty(200), 502, unreadable),
        ("10 MiB", json(200, MARKER.repeat((10 << 20) / MARKER.len())), 502, unreadable),
        (
            "a token in 10 MiB",
            json(200, json!({ "a": "a".repeat(10 << 20), "access_token": "b" })),
            502,
            unreadable,
        ),
        ("no text", Answer::bytes(200, JSON, b"{\"access_token\":\"\xff\"}".as_slice()), 502, unreadable),
        ("deep JSON", json(200, deep), 502, unreadable),
        ("dropped", delivered(Delivery::Dropped), 502, unreachable),
        ("reset", delivered(Delivery::Reset), 502, unreachable),
        ("cut off", delivered(Delivery::CutOff), 502, unreachable),
        ("stalled", delivered(Delivery::Stalled), 504, late),
        ("dripping", delivered(Delivery::Dripping), 504, late),
        ("slow", Answer { delay: seconds(30), ..delivered(Delivery::Whole) }, 504, late),
    ];
    let judged = cases.into_iter().map(|(case, answer, status, message)| async move {
        let reply = refused(case, answer).await;
        let code = if status == 504 { "GATEWAY_TIMEOUT" } else { "BAD_GATEWAY" };
        let error = (reply.status, reply.code(), reply.message());
        assert_eq!(error, (status, Some(code.into()), message.into()), "{case}");
        assert_eq!(reply.as_the_widget_reads_it(), Err(FaultKind::ServerError), "{case}");
    });
    join_all(judged).await;
}

#[tokio::test]
async fn after_too_many_tokens_none_is_requested_for_ten_minutes() {
    let zoho = zoho().await;
    zoho.play(TOKEN, json(200, json!({ "error": "Access Denied" })));
    let running = Running::with(without_cache(&zoho.origin())).await;
    for (wait, left) in [(0, 600), (60, 540), (500, 40), (38, 2)] {
        skip(wait).await;
        let reply = running.get().await;
        // The clock runs a little meanwhile.
        let wait = reply.number("retry-after").unwrap();
        assert!(reply.status == 503 && (left - 1..=left).contains(&wait), "{left}: {wait}");
        assert_eq!(request_counts(&zoho), (0, 1));
    }
    zoho.play_in_turn(TOKEN, Vec::new());
    skip(2).await;
    assert_eq!((running.get().await.status, request_counts(&zoho)), (200, (1, 2)));
}

/// The sandbox enforces Zoho's limit.
#[tokio::test]
async fn tokens_with_a_lifetime_of_a_minute_do_not_exceed_zohos_limit() {
    let zoho = zoho_with(Account { token_life: seconds(60), ..Account::default() }).await;
    let running = Running::with(without_cache(&zoho.origin())).await;
    for _ in 0..100 {
        assert_eq!(running.get().await.status, 200);
        skip(20).await;
    }
    assert!((30..=34).contains(&request_counts(&zoho).1), "{:?}", request_counts(&zoho));
}

#[tokio::test]
async fn a_renewal_outlives_the_client_that_caused_it() {
    let zoho = zoho().await;
    let token = json(200, json!({ "access_token": zoho.issue_token() }));
    zoho.play(TOKEN, Answer { delay: Duration::from_millis(500), ..token });
    let running = Running::to(&zoho).await;
    let client = ask(running.address, "").await;
    zoho.record().until(|requests| !requests.is_empty()).await;
    drop(client);
    zoho.record().until(|requests| requests.iter().any(|request| request.path.ends_with("/backup"))).await;
    assert_eq!(zoho.record().of(TOKEN)[0].outcome, Outcome::Answered);
    let reply = running.get().await;
    assert_eq!((reply.status, request_counts(&zoho)), (200, (1, 1)), "and so does the answer");
}

#[tokio::test(start_paused = true)]
async fn a_panic_during_a_renewal_does_not_cause_more_renewals() {
    let upstream = Scripted::default();
    upstream.play_renewals([Panics, Gives(3_600)]);
    let gateway = still(&upstream);
    assert_eq!(gateway.summary().await, "500 BAD_GATEWAY");
    advance(seconds(15)).await;
    assert_eq!(gateway.summary().await, "503 SERVICE_UNAVAILABLE in 45");
    advance(seconds(45)).await;
    assert_eq!((gateway.summary().await.as_str(), upstream.count()), ("200 age 0", (1, 2)));
}

/// One step of a random history.
#[derive(Clone, Debug)]
enum Step {
    Wait(u64),
    Ask,
    Api(Turn<()>),
    Accounts(Turn<u64>),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let failures = prop_oneof![
        Just(Failure::Unreachable),
        Just(Failure::TimedOut),
        Just(Failure::TokenRefused(TokenRefusal::Other)),
        Just(Failure::too_many_tokens(None)),
        Just(Failure::RateLimited(Duration::from_secs(60))),
    ];
    let api = prop_oneof![
        3 => Just(Gives(())),
        3 => Just(invalid_token()),
        1 => Just(Stalls),
        1 => failures.clone().prop_map(Fails),
    ];
    let accounts = prop_oneof![
        3 => (30..4_000_u64).prop_map(Gives),
        1 => (30..4_000_u64, 1..9_u64).prop_map(|(life, wait)| Gives(life).later(wait)),
        1 => Just(Stalls),
        2 => failures.prop_map(Fails),
    ];
    let step = prop_oneof![
        3 => (0..90_u64).prop_map(Step::Wait),
        1 => (0..4_000_u64).prop_map(Step::Wait),
        8 => Just(Step::Ask),
        1 => api.prop_map(Step::Api),
        1 => accounts.prop_map(Step::Accounts),
    ];
    proptest::collection::vec(step, 1..300)
}

/// The rules alone: no token may be requested for a minute after each request, and for ten after `Access Denied`.
#[derive(Default)]
struct Model {
    pause: Option<Instant>,
    too_many: bool,
}

async fn live(steps: Vec<Step>) {
    let upstream = Scripted::default();
    // Without a cache, so that each step reaches it.
    let token_holder = TokenHolder::new(upstream.clone(), seconds(10));
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Wait(wait) => advance(seconds(wait)).await,
            Step::Api(turn) => upstream.play([turn]),
            Step::Accounts(turn) => {
                model.too_many = matches!(turn, Fails(Failure::TooManyTokens(_)));
                upstream.play_renewals([turn]);
            }
            Step::Ask => {
                let before = upstream.renewals().len();
                let (started, answer) = (Instant::now(), token_holder.fetch_backup().await);
                let renewals = upstream.renewals().split_off(before);
                assert!(started.elapsed() <= seconds(10), "within its time");
                assert!(renewals.len() <= 1, "one renewal for one question");
                if let Some(at) = renewals.first() {
                    assert!(model.pause.is_none_or(|until| *at >= until), "too early");
                    model.pause = Some(*at + seconds(if model.too_many { 600 } else { 60 }));
                } else if let Err(Failure::RenewalPaused(left)) = answer {
                    let until = model.pause.expect("a renewal before a pause");
                    assert!(left > Duration::ZERO && started + left <= until, "no longer than needed");
                }
            }
        }
    }
    let renewals = upstream.renewals();
    for (first, eleventh) in renewals.iter().zip(renewals.iter().skip(10)) {
        assert!(*eleventh - *first >= seconds(600), "eleven renewals in ten minutes");
    }
    for (at, end) in upstream.uses() {
        assert!(at < end, "a token was used after its end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn there_are_never_more_than_ten_renewals_in_ten_minutes(steps in steps()) {
        Builder::new_current_thread().enable_time().start_paused(true).build().unwrap().block_on(live(steps));
    }
}

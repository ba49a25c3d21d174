//! The accounts server, and an API that demands its tokens, over a real socket.

mod wire;

use std::time::Duration;

use sandbox::accounts::{LIVE_TOKENS, TOKEN, TOKEN_PATH, TOKENS_PER_WINDOW, WINDOW};
use sandbox::answer::{Answer, Delivery};
use sandbox::scenarios::{JSON, find};
use sandbox::{Account, Options, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::advance;
use wire::{Reply, Request};

const FORM: &str = "application/x-www-form-urlencoded";
const BACKUP: &str = "/crm/bulk/v6/backup";

async fn sandbox() -> Sandbox {
    let options = Options { account: Some(Account::default()), ..Options::default() };
    Sandbox::start_with(0, options).await.expect("a free port")
}

async fn send(sandbox: &Sandbox, request: Request<'_>) -> Vec<u8> {
    request.send(TcpStream::connect(sandbox.address()).await.unwrap()).await
}

async fn post(sandbox: &Sandbox, path: &str, media_type: &str, body: &str) -> Reply {
    let headers = format!("content-type: {media_type}\r\n");
    Reply::read(&send(sandbox, Request { method: "POST", path, headers: &headers, body }).await)
}

/// The right form for this account. Its values are such that nothing must be escaped.
fn form(account: &Account) -> String {
    let Account { client_id, client_secret, refresh_token, .. } = account;
    format!(
        "refresh_token={refresh_token}&client_id={client_id}&client_secret={client_secret}\
         &grant_type=refresh_token"
    )
}

/// The answer to the right form for this account.
async fn ask(sandbox: &Sandbox, account: &Account) -> Value {
    post(sandbox, TOKEN_PATH, FORM, &form(account)).await.json()
}

async fn token(sandbox: &Sandbox) -> String {
    let answer = ask(sandbox, &Account::default()).await;
    answer["access_token"].as_str().expect("a token").into()
}

/// The status of the API's answer to this `Authorization` and the code of its envelope, if it is one.
async fn authorized(sandbox: &Sandbox, authorization: &str) -> (u16, Value) {
    let headers = format!("authorization: {authorization}\r\n");
    let request = Request { method: "GET", path: BACKUP, headers: &headers, body: "" };
    let reply = Reply::read(&send(sandbox, request).await);
    (reply.status, reply.json()["code"].take())
}

async fn is_live(sandbox: &Sandbox, token: &str) -> bool {
    match authorized(sandbox, &format!("Zoho-oauthtoken {token}")).await {
        (200, Value::Null) => true,
        refused => {
            assert_eq!(refused, (401, json!("INVALID_TOKEN")));
            false
        }
    }
}

#[tokio::test]
async fn the_right_form_gets_a_token_in_zohos_words() {
    let sandbox = sandbox().await;
    let reply = post(&sandbox, TOKEN_PATH, FORM, &form(&Account::default())).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some(JSON)));
    let mut answer = reply.json();
    let token = answer["access_token"].take();
    let parts: Vec<_> = token.as_str().unwrap().split('.').collect();
    assert!(parts.len() == 3 && parts[0] == "1000", "{token}");
    for part in &parts[1..] {
        assert!(part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    }
    let rest = json!({
        "access_token": null, "api_domain": sandbox.origin(), "token_type": "Bearer", "expires_in": 3600,
    });
    assert_eq!(answer, rest);
}

#[tokio::test]
async fn a_wrong_form_is_refused_with_200() {
    let sandbox = sandbox().await;
    let right = form(&Account::default());
    for (field, error) in [
        ("client_id=1000.SANDBOX", "invalid_client"),
        ("client_secret=sandbox-client-secret", "invalid_client_secret"),
        ("grant_type=refresh_token", "unsupported_grant_type"),
        ("refresh_token=1000.sandbox-refresh-token", "invalid_code"),
    ] {
        let (name, _) = field.split_once('=').unwrap();
        let without: Vec<_> = right.split('&').filter(|given| *given != field).collect();
        assert_eq!(without.len(), 3, "{field} is in {right}");
        let without = without.join("&");
        for (path, form) in [
            (TOKEN_PATH.into(), format!("{without}&{name}=wrong")),
            (TOKEN_PATH.into(), format!("{without}&{name}=")),
            (TOKEN_PATH.into(), format!("{right}&{field}")),
            (TOKEN_PATH.into(), without.clone()),
            (format!("{TOKEN_PATH}?{field}"), without.clone()),
        ] {
            let reply = post(&sandbox, &path, FORM, &form).await;
            assert_eq!((reply.status, reply.json()), (200, json!({ "error": error })), "{path} {form}");
        }
    }
}

#[tokio::test]
async fn fields_count_only_in_a_form() {
    let sandbox = sandbox().await;
    let right = form(&Account::default());
    let json = json!({
        "refresh_token": "1000.sandbox-refresh-token", "client_id": "1000.SANDBOX",
        "client_secret": "sandbox-client-secret", "grant_type": "refresh_token",
    });
    for (path, media_type, body) in [
        (format!("{TOKEN_PATH}?{right}"), FORM, ""),
        (TOKEN_PATH.into(), "application/json", json.to_string().as_str()),
        (TOKEN_PATH.into(), "text/plain", right.as_str()),
    ] {
        let reply = post(&sandbox, &path, media_type, body).await;
        assert_eq!(reply.json(), json!({ "error": "invalid_client" }), "{path} {media_type}");
    }
    let path = format!("{TOKEN_PATH}?{right}");
    let get = Request { method: "GET", path: &path, headers: "", body: "" };
    assert_eq!(Reply::read(&send(&sandbox, get).await).status, 404);
}

#[tokio::test]
async fn no_page_may_read_a_token() {
    let sandbox = sandbox().await;
    let headers = format!("content-type: {FORM}\r\norigin: https://portal.example\r\n");
    let body = form(&Account::default());
    let request = Request { method: "POST", path: TOKEN_PATH, headers: &headers, body: &body };
    let reply = Reply::read(&send(&sandbox, request).await);
    assert!(reply.json()["access_token"].is_string());
    assert!(!reply.head.to_lowercase().contains("access-control"));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_gets_ten_tokens_in_ten_minutes() {
    let sandbox = sandbox().await;
    let access_denied = json!({
        "error": "Access Denied",
        "error_description": "You have made too many requests continuously. Please try again after some time.",
        "status": "failure",
    });
    for _ in 0..2 {
        for _ in 0..TOKENS_PER_WINDOW {
            token(&sandbox).await;
            let wrong = Account { client_secret: "wrong".into(), ..Account::default() };
            assert_eq!(ask(&sandbox, &wrong).await["error"], "invalid_client_secret", "and does not count");
        }
        assert_eq!(ask(&sandbox, &Account::default()).await, access_denied);
        advance(WINDOW - Duration::from_millis(1)).await;
        assert_eq!(ask(&sandbox, &Account::default()).await, access_denied);
        advance(Duration::from_millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn another_refresh_token_has_a_window_of_its_own() {
    let sandbox = sandbox().await;
    for _ in 0..TOKENS_PER_WINDOW {
        token(&sandbox).await;
    }
    let other = Account { refresh_token: "1000.another".into(), ..Account::default() };
    sandbox.set_account(other.clone());
    assert!(ask(&sandbox, &other).await["access_token"].is_string());
    sandbox.set_account(Account::default());
    assert_eq!(ask(&sandbox, &Account::default()).await["error"], "Access Denied");
}

#[tokio::test(start_paused = true)]
async fn the_sixteenth_live_token_ends_the_oldest() {
    let sandbox = sandbox().await;
    let mut tokens = Vec::<String>::new();
    for number in 0..=LIVE_TOKENS {
        if number == TOKENS_PER_WINDOW {
            advance(WINDOW).await;
        }
        if number == LIVE_TOKENS {
            assert!(is_live(&sandbox, &tokens[0]).await);
        }
        tokens.push(token(&sandbox).await);
    }
    assert!(!is_live(&sandbox, &tokens[0]).await);
    for token in &tokens[1..] {
        assert!(is_live(&sandbox, token).await);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_ends_with_its_life() {
    let life = Duration::from_secs(90);
    let account = Account { token_life: life, ..Account::default() };
    let options = Options { account: Some(account.clone()), ..Options::default() };
    let sandbox = Sandbox::start_with(0, options).await.unwrap();
    let answer = ask(&sandbox, &account).await;
    assert_eq!(answer["expires_in"], 90);
    let token = answer["access_token"].as_str().unwrap();
    advance(life - Duration::from_millis(1)).await;
    assert!(is_live(&sandbox, token).await);
    advance(Duration::from_millis(1)).await;
    assert!(!is_live(&sandbox, token).await);
}

#[tokio::test]
async fn revoked_tokens_are_invalid_and_the_next_one_is_not() {
    let sandbox = sandbox().await;
    let tokens = [token(&sandbox).await, sandbox.issue_token()];
    for token in &tokens {
        assert!(is_live(&sandbox, token).await);
    }
    sandbox.revoke_tokens();
    for token in &tokens {
        assert!(!is_live(&sandbox, token).await);
    }
    let next = token(&sandbox).await;
    assert!(is_live(&sandbox, &next).await);
}

#[tokio::test]
async fn a_rotated_secret_is_the_only_one_and_tokens_outlive_it() {
    let sandbox = sandbox().await;
    let token = token(&sandbox).await;
    let rotated = Account { client_secret: "another".into(), ..Account::default() };
    sandbox.set_account(rotated.clone());
    assert_eq!(ask(&sandbox, &Account::default()).await, json!({ "error": "invalid_client_secret" }));
    assert!(ask(&sandbox, &rotated).await["access_token"].is_string());
    assert!(is_live(&sandbox, &token).await);
}

#[tokio::test]
async fn requests_for_tokens_are_recorded_with_their_fields() {
    let sandbox = sandbox().await;
    post(&sandbox, &format!("{TOKEN_PATH}?a=b"), FORM, "scope=a%2Cb&empty=&scope=c+d").await;
    token(&sandbox).await;
    assert_eq!(sandbox.record().count(TOKEN), 2);
    let seen = sandbox.record().of(TOKEN);
    let fields = |index: usize| {
        let form: &Vec<(String, String)> = &seen[index].form;
        form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()
    };
    assert_eq!(seen[0].path, "/oauth/v2/token?a=b");
    assert_eq!(fields(0), [("scope", "a,b"), ("empty", ""), ("scope", "c d")]);
    assert_eq!(
        fields(1),
        [
            ("refresh_token", "1000.sandbox-refresh-token"),
            ("client_id", "1000.SANDBOX"),
            ("client_secret", "sandbox-client-secret"),
            ("grant_type", "refresh_token"),
        ]
    );
}

#[tokio::test]
async fn the_api_refuses_who_has_no_live_token() {
    let sandbox = sandbox().await;
    let live = sandbox.issue_token();
    for (authorization, code) in [
        (String::new(), "AUTHENTICATION_FAILURE"),
        (live.clone(), "AUTHENTICATION_FAILURE"),
        (format!("Bearer {live}"), "AUTHENTICATION_FAILURE"),
        ("Zoho-oauthtoken 1000.0.0".into(), "INVALID_TOKEN"),
        (format!("Zoho-oauthtoken {live}0"), "INVALID_TOKEN"),
    ] {
        assert_eq!(authorized(&sandbox, &authorization).await, (401, json!(code)), "{authorization}");
    }
    let request = Request { method: "GET", path: BACKUP, headers: "", body: "" };
    let reply = Reply::read(&send(&sandbox, request).await);
    let envelope = json!({
        "code": "AUTHENTICATION_FAILURE", "message": "Authentication failed", "details": {}, "status": "error",
    });
    assert_eq!((reply.status, reply.json()), (401, envelope));

    let counts =
        ["authentication-failure", "invalid-token", "scheduled"].map(|name| sandbox.record().count(name));
    assert_eq!(counts, [4, 2, 0]);
    assert!(is_live(&sandbox, &live).await);
    assert_eq!(sandbox.record().count("scheduled"), 1);
}

#[tokio::test]
async fn a_live_token_gets_what_is_played() {
    let sandbox = sandbox().await;
    let live = format!("Zoho-oauthtoken {}", sandbox.issue_token());
    let answers = ["internal-error", "invalid-token"].map(|name| find(name).unwrap().answer_now());
    sandbox.play_in_turn("scheduled", answers.into());
    assert_eq!(authorized(&sandbox, "").await.0, 401, "a refusal takes no turn");
    assert_eq!(authorized(&sandbox, &live).await, (500, json!("INTERNAL_ERROR")));
    assert_eq!(authorized(&sandbox, &live).await, (401, json!("INVALID_TOKEN")));
}

#[tokio::test]
async fn the_token_endpoint_answers_what_is_played_in_turn() {
    let sandbox = sandbox().await;
    let played = sandbox.issue_token();
    let milliseconds =
        json!({ "access_token": played, "expires_in": 3_600_000, "expires_in_sec": 3600 }).to_string();
    let dropped = Answer { delivery: Delivery::Dropped, ..Answer::default() };
    let html = Answer::body(502, "text/html", "<h1>Bad Gateway</h1>".into());
    sandbox.play_in_turn(TOKEN, vec![dropped, html, Answer::body(200, JSON, milliseconds.clone())]);

    let form = form(&Account::default());
    let headers = format!("content-type: {FORM}\r\n");
    let request = Request { method: "POST", path: TOKEN_PATH, headers: &headers, body: &form };
    assert_eq!(send(&sandbox, request).await, b"");
    let reply = post(&sandbox, TOKEN_PATH, FORM, &form).await;
    assert_eq!((reply.status, reply.text()), (502, "<h1>Bad Gateway</h1>"));
    for _ in 0..2 {
        assert_eq!(post(&sandbox, TOKEN_PATH, FORM, &form).await.text(), milliseconds);
    }
    assert!(is_live(&sandbox, &played).await);

    sandbox.play_in_turn(TOKEN, vec![]);
    let own = token(&sandbox).await;
    assert!(is_live(&sandbox, &own).await);
    assert_eq!(sandbox.record().count(TOKEN), 5);
}

#[tokio::test]
async fn without_an_account_there_are_no_tokens_and_none_is_demanded() {
    let sandbox = Sandbox::start(0).await.unwrap();
    assert_eq!(post(&sandbox, TOKEN_PATH, FORM, &form(&Account::default())).await.status, 404);
    for authorization in ["", "Zoho-oauthtoken 1000.0.0"] {
        assert_eq!(authorized(&sandbox, authorization).await, (200, Value::Null));
    }
}

#[tokio::test]
async fn a_scenarios_own_path_demands_no_token() {
    let sandbox = sandbox().await;
    let path = "/scenarios/overdue/crm/bulk/v6/backup";
    let request = Request { method: "GET", path, headers: "", body: "" };
    assert_eq!(Reply::read(&send(&sandbox, request).await).status, 200);
}

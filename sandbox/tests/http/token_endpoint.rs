//! The token endpoint of the accounts server.

use std::time::Duration;

use sandbox::accounts::{LIVE_TOKENS, TOKEN, TOKEN_PATH, TOKENS_PER_WINDOW, WINDOW};
use sandbox::wire_response::JSON;
use sandbox::{Account, Delivery, Options, Sandbox, WireResponse};
use serde_json::json;
use tokio::time::advance;

use crate::account::{FORM, form, is_live, post, request_token, sandbox, send, token};
use crate::client::{Request, Response};

#[tokio::test]
async fn a_valid_form_gets_a_token_in_zohos_format() {
    let sandbox = sandbox().await;
    let response = post(&sandbox, TOKEN_PATH, FORM, &form(&Account::default())).await;
    assert_eq!((response.status, response.header("content-type")), (200, Some(JSON)));
    let mut body = response.json();
    let token = body["access_token"].take();
    let parts: Vec<_> = token.as_str().unwrap().split('.').collect();
    assert!(parts.len() == 3 && parts[0] == "1000", "{token}");
    for part in &parts[1..] {
        assert!(part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    }
    let rest = json!({
        "access_token": null, "api_domain": sandbox.origin(), "token_type": "Bearer", "expires_in": 3600,
    });
    assert_eq!(body, rest);
}

#[tokio::test]
async fn an_invalid_form_is_refused_with_status_200() {
    let sandbox = sandbox().await;
    let valid = form(&Account::default());
    for (field, error) in [
        ("client_id=1000.SANDBOX", "invalid_client"),
        ("client_secret=sandbox-client-secret", "invalid_client_secret"),
        ("grant_type=refresh_token", "unsupported_grant_type"),
        ("refresh_token=1000.sandbox-refresh-token", "invalid_code"),
    ] {
        let (name, _) = field.split_once('=').unwrap();
        let without: Vec<_> = valid.split('&').filter(|part| *part != field).collect();
        assert_eq!(without.len(), 3, "{field} is in {valid}");
        let without = without.join("&");
        for (path, form) in [
            (TOKEN_PATH.into(), format!("{without}&{name}=wrong")),
            (TOKEN_PATH.into(), format!("{without}&{name}=")),
            (TOKEN_PATH.into(), format!("{valid}&{field}")),
            (TOKEN_PATH.into(), without.clone()),
            (format!("{TOKEN_PATH}?{field}"), without.clone()),
        ] {
            let response = post(&sandbox, &path, FORM, &form).await;
            assert_eq!((response.status, response.json()), (200, json!({ "error": error })), "{path} {form}");
        }
    }
}

#[tokio::test]
async fn fields_are_read_from_a_form_body_only() {
    let sandbox = sandbox().await;
    let valid = form(&Account::default());
    let json = json!({
        "refresh_token": "1000.sandbox-refresh-token", "client_id": "1000.SANDBOX",
        "client_secret": "sandbox-client-secret", "grant_type": "refresh_token",
    });
    for (path, media_type, body) in [
        (format!("{TOKEN_PATH}?{valid}"), FORM, ""),
        (TOKEN_PATH.into(), "application/json", json.to_string().as_str()),
        (TOKEN_PATH.into(), "text/plain", valid.as_str()),
    ] {
        let response = post(&sandbox, &path, media_type, body).await;
        assert_eq!(response.json(), json!({ "error": "invalid_client" }), "{path} {media_type}");
    }
    let path = format!("{TOKEN_PATH}?{valid}");
    let get = Request { method: "GET", path: &path, headers: "", body: "" };
    assert_eq!(Response::read(&send(&sandbox, get).await).status, 404);
}

#[tokio::test]
async fn no_page_may_read_a_token() {
    let sandbox = sandbox().await;
    let headers = format!("content-type: {FORM}\r\norigin: https://portal.example\r\n");
    let body = form(&Account::default());
    let request = Request { method: "POST", path: TOKEN_PATH, headers: &headers, body: &body };
    let response = Response::read(&send(&sandbox, request).await);
    assert!(response.json()["access_token"].is_string());
    assert!(!response.head.to_lowercase().contains("access-control"));
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
            assert_eq!(
                request_token(&sandbox, &wrong).await["error"],
                "invalid_client_secret",
                "a refused request does not count"
            );
        }
        assert_eq!(request_token(&sandbox, &Account::default()).await, access_denied);
        advance(WINDOW - Duration::from_millis(1)).await;
        assert_eq!(request_token(&sandbox, &Account::default()).await, access_denied);
        advance(Duration::from_millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn each_refresh_token_has_its_own_window() {
    let sandbox = sandbox().await;
    for _ in 0..TOKENS_PER_WINDOW {
        token(&sandbox).await;
    }
    let other = Account { refresh_token: "1000.another".into(), ..Account::default() };
    sandbox.set_account(other.clone());
    assert!(request_token(&sandbox, &other).await["access_token"].is_string());
    sandbox.set_account(Account::default());
    assert_eq!(request_token(&sandbox, &Account::default()).await["error"], "Access Denied");
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
async fn a_token_ends_after_its_life_time() {
    let life = Duration::from_secs(90);
    let account = Account { token_life: life, ..Account::default() };
    let options = Options { account: Some(account.clone()), ..Options::default() };
    let sandbox = Sandbox::start_with(0, options).await.unwrap();
    let body = request_token(&sandbox, &account).await;
    assert_eq!(body["expires_in"], 90);
    let token = body["access_token"].as_str().unwrap();
    advance(life - Duration::from_millis(1)).await;
    assert!(is_live(&sandbox, token).await);
    advance(Duration::from_millis(1)).await;
    assert!(!is_live(&sandbox, token).await);
}

#[tokio::test]
async fn after_a_rotation_only_the_new_secret_is_valid_and_old_tokens_stay_live() {
    let sandbox = sandbox().await;
    let token = token(&sandbox).await;
    let rotated = Account { client_secret: "another".into(), ..Account::default() };
    sandbox.set_account(rotated.clone());
    assert_eq!(
        request_token(&sandbox, &Account::default()).await,
        json!({ "error": "invalid_client_secret" })
    );
    assert!(request_token(&sandbox, &rotated).await["access_token"].is_string());
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
async fn the_token_endpoint_plays_responses_in_turn() {
    let sandbox = sandbox().await;
    let played = sandbox.issue_token();
    let milliseconds =
        json!({ "access_token": played, "expires_in": 3_600_000, "expires_in_sec": 3600 }).to_string();
    let dropped = WireResponse { delivery: Delivery::Dropped, ..WireResponse::default() };
    let html = WireResponse::body(502, "text/html", "<h1>Bad Gateway</h1>".into());
    sandbox.play_in_turn(TOKEN, vec![dropped, html, WireResponse::body(200, JSON, milliseconds.clone())]);

    let form = form(&Account::default());
    let headers = format!("content-type: {FORM}\r\n");
    let request = Request { method: "POST", path: TOKEN_PATH, headers: &headers, body: &form };
    assert_eq!(send(&sandbox, request).await, b"");
    let response = post(&sandbox, TOKEN_PATH, FORM, &form).await;
    assert_eq!((response.status, response.text()), (502, "<h1>Bad Gateway</h1>"));
    for _ in 0..2 {
        assert_eq!(post(&sandbox, TOKEN_PATH, FORM, &form).await.text(), milliseconds);
    }
    assert!(is_live(&sandbox, &played).await);

    sandbox.play_in_turn(TOKEN, vec![]);
    let own = token(&sandbox).await;
    assert!(is_live(&sandbox, &own).await);
    assert_eq!(sandbox.record().count(TOKEN), 5);
}

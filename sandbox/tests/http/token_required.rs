//! An API that requires an access token.

use sandbox::accounts::TOKEN_PATH;
use sandbox::scenarios::find;
use sandbox::{Account, Sandbox};
use serde_json::{Value, json};

use crate::account::{BACKUP, FORM, authorized, form, is_live, post, sandbox, send, token};
use crate::client::{Request, Response};

#[tokio::test]
async fn revoked_tokens_are_invalid_and_the_next_token_is_valid() {
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
async fn the_api_refuses_requests_without_a_live_token() {
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
    let response = Response::read(&send(&sandbox, request).await);
    let envelope = json!({
        "code": "AUTHENTICATION_FAILURE", "message": "Authentication failed", "details": {}, "status": "error",
    });
    assert_eq!((response.status, response.json()), (401, envelope));

    let counts =
        ["authentication-failure", "invalid-token", "scheduled"].map(|name| sandbox.record().count(name));
    assert_eq!(counts, [4, 2, 0]);
    assert!(is_live(&sandbox, &live).await);
    assert_eq!(sandbox.record().count("scheduled"), 1);
}

#[tokio::test]
async fn a_request_with_a_live_token_gets_the_played_response() {
    let sandbox = sandbox().await;
    let live = format!("Zoho-oauthtoken {}", sandbox.issue_token());
    let responses = ["internal-error", "invalid-token"].map(|name| find(name).unwrap().response_now());
    sandbox.play_in_turn("scheduled", responses.into());
    assert_eq!(authorized(&sandbox, "").await.0, 401, "a refusal does not take a turn");
    assert_eq!(authorized(&sandbox, &live).await, (500, json!("INTERNAL_ERROR")));
    assert_eq!(authorized(&sandbox, &live).await, (401, json!("INVALID_TOKEN")));
}

#[tokio::test]
async fn without_an_account_there_are_no_tokens_and_none_is_required() {
    let sandbox = Sandbox::start(0).await.unwrap();
    assert_eq!(post(&sandbox, TOKEN_PATH, FORM, &form(&Account::default())).await.status, 404);
    for authorization in ["", "Zoho-oauthtoken 1000.0.0"] {
        assert_eq!(authorized(&sandbox, authorization).await, (200, Value::Null));
    }
}

#[tokio::test]
async fn a_path_under_scenarios_requires_no_token() {
    let sandbox = sandbox().await;
    let path = "/scenarios/overdue/crm/bulk/v6/backup";
    let request = Request { method: "GET", path, headers: "", body: "" };
    assert_eq!(Response::read(&send(&sandbox, request).await).status, 200);
}

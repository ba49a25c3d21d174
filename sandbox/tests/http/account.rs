//! A sandbox with an account, and requests to its accounts server and its API.

use sandbox::accounts::TOKEN_PATH;
use sandbox::{Account, Options, Sandbox};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::client::{Request, Response};

pub const FORM: &str = "application/x-www-form-urlencoded";
pub const BACKUP: &str = "/crm/bulk/v6/backup";

pub async fn sandbox() -> Sandbox {
    let options = Options { account: Some(Account::default()), ..Options::default() };
    Sandbox::start_with(0, options).await.expect("a free port")
}

pub async fn send(sandbox: &Sandbox, request: Request<'_>) -> Vec<u8> {
    request.send(TcpStream::connect(sandbox.address()).await.unwrap()).await
}

pub async fn post(sandbox: &Sandbox, path: &str, media_type: &str, body: &str) -> Response {
    let headers = format!("content-type: {media_type}\r\n");
    Response::read(&send(sandbox, Request { method: "POST", path, headers: &headers, body }).await)
}

/// A valid form for this account. None of its values needs escaping.
pub fn form(account: &Account) -> String {
    let Account { client_id, client_secret, refresh_token, .. } = account;
    format!(
        "refresh_token={refresh_token}&client_id={client_id}&client_secret={client_secret}\
         &grant_type=refresh_token"
    )
}

/// The response to a valid form for this account.
pub async fn request_token(sandbox: &Sandbox, account: &Account) -> Value {
    post(sandbox, TOKEN_PATH, FORM, &form(account)).await.json()
}

pub async fn token(sandbox: &Sandbox) -> String {
    let response = request_token(sandbox, &Account::default()).await;
    response["access_token"].as_str().expect("a token").into()
}

/// The API's response to this `Authorization`: its status, and the code if it is an error envelope.
pub async fn authorized(sandbox: &Sandbox, authorization: &str) -> (u16, Value) {
    let headers = format!("authorization: {authorization}\r\n");
    let request = Request { method: "GET", path: BACKUP, headers: &headers, body: "" };
    let response = Response::read(&send(sandbox, request).await);
    (response.status, response.json()["code"].take())
}

pub async fn is_live(sandbox: &Sandbox, token: &str) -> bool {
    match authorized(sandbox, &format!("Zoho-oauthtoken {token}")).await {
        (200, Value::Null) => true,
        refused => {
            assert_eq!(refused, (401, json!("INVALID_TOKEN")));
            false
        }
    }
}

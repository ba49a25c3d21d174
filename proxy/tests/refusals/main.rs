//! Requests that the gateway refuses, without asking Zoho.

mod badge;
#[path = "../downstream/mod.rs"]
mod downstream;
mod hosts;
mod origins;
mod paths;
mod smuggling;

use axum::http::HeaderMap;
use downstream::{BACKUP, FakeUpstream, LISTED, Reply, Running, bare, get, host, request, settings, zoho};
use sandbox::Sandbox;
use sandbox::accounts::{TOKEN, TOKEN_PATH};
use zoho_backup_proxy::config::Settings;
use zoho_backup_proxy::gateway::Gateway;

/// Sends this to a new gateway, which has no cached answer; then a valid request, to show that it would have been
/// answered.
async fn refuses(status: u16, code: &str, refused: Vec<u8>) {
    let sandbox = zoho().await;
    let gateway = Running::before(&sandbox).await;
    let reply = gateway.send(refused).await;
    assert_eq!((reply.status, reply.envelope().as_str()), (status, code));
    assert_eq!(reply.header("allow"), matches!(status, 405).then_some("GET, HEAD, OPTIONS"));
    assert_eq!(sandbox.record().all().len(), 0, "Zoho is asked nothing");
    is_served(&gateway, &sandbox).await;
}

/// A named test for each request that is refused with this status and code.
macro_rules! refused {
    ($table:ident: $status:literal, $code:literal; $($name:ident: $request:expr;)+) => {
        mod $table {
            use super::*;

            $(#[tokio::test]
            async fn $name() {
                refuses($status, $code, $request).await;
            })+
        }
    };
}

pub(crate) use refused;

async fn is_served(gateway: &Running, sandbox: &Sandbox) {
    assert_eq!(gateway.send(get("")).await.status, 200);
    let asked: Vec<_> = sandbox.record().all().into_iter().map(|request| request.path).collect();
    assert_eq!(asked, [TOKEN_PATH, BACKUP]);
}

fn to(target: &str) -> Vec<u8> {
    request("GET", target, "").into()
}

fn by(method: &str) -> Vec<u8> {
    request(method, BACKUP, "content-length: 0\r\n").into()
}

fn with(headers: &str) -> Vec<u8> {
    get(headers).into()
}

fn at_host(headers: &str) -> Vec<u8> {
    bare("GET", BACKUP, headers).into()
}

fn from(origin: &str) -> Vec<u8> {
    with(&format!("origin: {origin}\r\n"))
}

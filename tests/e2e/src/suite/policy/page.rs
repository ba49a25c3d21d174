//! The page's Content-Security-Policy, and other policies of the page.

use anyhow::{Result, ensure};
use axum::http::HeaderName;

use super::steps::{HOST_SCRIPT, WITH_FALLBACK, light_dom_stays, row, runs};
use crate::page::{Page, element, path};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("policy",
    "a page without a policy has no violation and no message" => plain,
    "a page with a strict policy has no violation and no message" => strict,
    "a strict policy allows faults, details and a badge" => strict_in_every_shape,
    "without wasm-unsafe-eval the light DOM stays, and the message names the missing directive" => without_wasm,
    "with a connect-src that lacks the files the light DOM stays, and the message names what to add" => wasm_blocked,
    "with a connect-src that lacks the API the notice says so" => blocked,
    "a page with COEP has no violation and no message" => coep,
);

const STRICT: &str = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files} {api}; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

async fn plain(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    runs(session, "plain").await
}

async fn strict(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").policy(STRICT)).await?;
    runs(session, "strict").await
}

async fn strict_in_every_shape(session: &mut Session) -> Result<()> {
    let shapes =
        ["scheduled", "overdue", "failed", "stopped", "unknown-status", "none", "no-permission", "html"];
    let mut body: String = shapes.iter().map(|scenario| element(scenario)).collect();
    body += &format!(
        "<zoho-backup-status id=badge variant=badge theme=dark proxy-url=\"{{api}}{}\"></zoho-backup-status>",
        path("completed")
    );
    session.open(Page::new(body).policy(STRICT)).await?;
    for id in shapes.into_iter().chain(["badge"]) {
        session.settled(&format!("#{id}")).await?;
    }
    session.run("for (const w of document.querySelectorAll('zoho-backup-status')) w.lang = 'de';").await?;
    session.barrier().await?;
    let violations = session.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    session.no_errors().await
}

/// With COEP, a page loads only resources that allow to be embedded.
async fn coep(session: &mut Session) -> Result<()> {
    let header = HeaderName::from_static("cross-origin-embedder-policy");
    session.open(Page::of("scheduled").header(header, "require-corp")).await?;
    runs(session, "COEP").await
}

async fn without_wasm(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    let policy = "default-src 'none'; script-src {files}; connect-src {files} {api}";
    session.open(Page::new(WITH_FALLBACK).policy(policy)).await?;
    light_dom_stays(session, "no wasm-unsafe-eval", &["'wasm-unsafe-eval'", "script-src"]).await
}

async fn wasm_blocked(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    let policy = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {api}";
    session.open(Page::new(WITH_FALLBACK).policy(policy)).await?;
    let origin = session.files.origin();
    light_dom_stays(session, "connect-src without the files", &["connect-src", &origin]).await
}

async fn blocked(session: &mut Session) -> Result<()> {
    let policy = "default-src 'none'; script-src {files} 'wasm-unsafe-eval'; connect-src {files}";
    session.open(Page::of("scheduled").policy(policy)).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "error", "the state is {}", verdict.state);
    ensure!(verdict.fault_kind() == Some("blocked"), "the fault is {:?}", verdict.fault_kind());
    let notice = session.text("#scheduled", "notice").await?.unwrap_or_default();
    row(session, "connect-src without the API", &notice).await?;
    ensure!(notice.contains("connect-src") && notice.contains(&session.url("scheduled")), "{notice}");
    let violations = session.violations().await?;
    ensure!(violations.iter().all(|violation| violation.starts_with("connect-src ")), "{violations:?}");
    ensure!(session.requests("scheduled")? == 0, "a request reached the API");
    session.no_errors().await
}

//! Files of the widget that are altered, missing or served with the wrong type.

use anyhow::{Result, ensure};

use super::steps::{HOST_SCRIPT, WITH_FALLBACK, light_dom_stays, row, runs};
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("policy",
    "with the right integrity the script runs, with a wrong one it does not" => script_integrity,
    "with tampered wasm the light DOM stays, and the message says what is wrong" => wasm_tampered,
    "with a wrong MIME type the widget runs, and the message names the header" => wrong_mime,
    "with missing wasm the light DOM stays, and the message has the address" => wasm_missing,
    "with a web page in place of the wasm the light DOM stays, and the message says so" => wasm_is_page,
    "with unreachable wasm the light DOM stays, and the message has the address" => wasm_unreachable,
);

const WASM: &str = "/widget_bg.wasm";

async fn wasm_tampered(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    session.files.alter(WASM);
    session.open(Page::new(WITH_FALLBACK)).await?;
    light_dom_stays(session, "tampered wasm", &[WASM, "not the file that this script was built with"]).await
}

async fn wasm_missing(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    session.files.add("/moved/zoho-backup-status.js", session.files.text("zoho-backup-status.js")?);
    let page = format!(
        "<script type=\"module\" src=\"{{files}}/moved/zoho-backup-status.js\"></script>{WITH_FALLBACK}"
    );
    session.open(Page::new(page).without_widget()).await?;
    light_dom_stays(session, "missing wasm", &["/moved/widget_bg.wasm", "HTTP 404"]).await
}

async fn wasm_is_page(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    session.files.answer_with_page(WASM);
    session.open(Page::new(WITH_FALLBACK)).await?;
    light_dom_stays(session, "web page", &[WASM, "answers with a web page", "beside the script"]).await
}

async fn wasm_unreachable(session: &mut Session) -> Result<()> {
    session.files.add("/host.js", HOST_SCRIPT);
    // No server listens on this port.
    let script =
        session.files.text("zoho-backup-status.js")?.replace("import.meta.url", "\"http://127.0.0.1:9/\"");
    session.files.add("/elsewhere.js", script);
    let page = format!("<script type=\"module\" src=\"{{files}}/elsewhere.js\"></script>{WITH_FALLBACK}");
    session.open(Page::new(page).without_widget()).await?;
    let words = ["http://127.0.0.1:9/widget_bg.wasm", "cannot be reached", "Access-Control-Allow-Origin"];
    light_dom_stays(session, "unreachable wasm", &words).await
}

async fn wrong_mime(session: &mut Session) -> Result<()> {
    session.files.serve_as(WASM, "text/plain");
    session.open(Page::of("scheduled")).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.state == "scheduled", "the state is {}", verdict.state);
    row(session, "wrong MIME", &session.text("#scheduled", "badge").await?.unwrap_or_default()).await?;
    let console = session.console().await?;
    ensure!(console.len() == 1 && console[0].starts_with("warn: "), "{console:?}");
    for word in [WASM, "\"text/plain\"", "application/wasm"] {
        ensure!(console[0].contains(word), "the message does not say {word}: {}", console[0]);
    }
    session.no_errors().await
}

async fn script_integrity(session: &mut Session) -> Result<()> {
    let integrity: String = {
        session.open(Page::new("").without_widget()).await?;
        session
            .eval(
                "await fetch('{files}/zoho-backup-status.js').then((it) => it.arrayBuffer())
                   .then((bytes) => crypto.subtle.digest('SHA-384', bytes))
                   .then((hash) => 'sha384-' + btoa(String.fromCharCode(...new Uint8Array(hash))))",
            )
            .await?
    };
    let page = || {
        let script = format!(
            "<script type=module src=\"{{files}}/zoho-backup-status.js\" integrity=\"{integrity}\" crossorigin></script>"
        );
        Page::new([script, element("scheduled").replace("></", "><p id=fallback>Ask.</p></")].concat())
            .without_widget()
    };
    session.open(page()).await?;
    runs(session, "integrity").await?;
    session.files.alter("/zoho-backup-status.js");
    session.open(page()).await?;
    session.barrier().await?;
    let defined: bool = session.eval("Boolean(customElements.get('zoho-backup-status'))").await?;
    ensure!(!defined, "a tampered script runs");
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(visible, "the fallback content is not shown");
    row(session, "tampered script", "the fallback content").await
}

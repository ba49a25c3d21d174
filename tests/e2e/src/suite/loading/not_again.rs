//! A load that failed for a reason that does not pass is not tried again.

use anyhow::{Result, ensure};

use super::steps::{WASM, has_failed, is_over, one_message};
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("loading",
    "an altered wasm is not tried again" => altered,
    "what the page's policy forbids is not tried again" => forbidden,
    "a browser without WebAssembly, or with an old one, does not try again" => no_webassembly,
);

async fn is_final(session: &Session, words: &[&str]) -> Result<()> {
    has_failed(session, 0).await?;
    let fails: bool = session.eval("await widget().ready.then(() => false, () => true)").await?;
    ensure!(fails, "`ready` resolves although the widget cannot run");
    is_over(session).await?;
    one_message(session, words).await?;
    session.no_errors().await
}

async fn altered(session: &mut Session) -> Result<()> {
    session.files.alter(WASM);
    session.open(Page::of("scheduled").fake_clock().ledger()).await?;
    is_final(session, &["not the file that this script was built with"]).await
}

async fn forbidden(session: &mut Session) -> Result<()> {
    for (policy, word) in [
        ("script-src {files}; connect-src {files} {api}", "'wasm-unsafe-eval'"),
        ("script-src {files} 'wasm-unsafe-eval'; connect-src {api}", "connect-src"),
    ] {
        let policy = format!("default-src 'none'; {policy}");
        session.open(Page::of("scheduled").fake_clock().ledger().policy(&policy)).await?;
        is_final(session, &[word]).await?;
    }
    Ok(())
}

async fn no_webassembly(session: &mut Session) -> Result<()> {
    let old = "const refuse = () => Promise.reject(new WebAssembly.CompileError('invalid opcode'));
         WebAssembly.compile = WebAssembly.compileStreaming = refuse;";
    for (script, word) in [("delete window.WebAssembly;", "no WebAssembly"), (old, "too old")] {
        let page = format!("<script>{script}</script>{}", element("scheduled"));
        session.open(Page::new(page).fake_clock().ledger()).await?;
        is_final(session, &[word]).await?;
    }
    Ok(())
}

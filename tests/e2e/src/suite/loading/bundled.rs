//! A script that a bundler has made a classic one: `import.meta` is an empty object there.

use anyhow::{Context, Result, ensure};

use super::steps::{WASM, one_message};
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("loading",
    "a script whose import.meta a bundler has emptied says so, and the element shows its children" => element_falls_back,
    "mount() of such a script rejects with the same message" => mount_rejects,
);

const WORDS: [&str; 2] = ["import.meta", "<script type=\"module\">"];

/// Opens a page with the script as `esbuild --format=iife` writes it, with `mount` as a global.
async fn open(session: &Session, body: &str) -> Result<()> {
    let script = session.files.text("zoho-backup-status.js")?.replace("import.meta.url", "({}).url");
    let script = script.replace("export async function mount", "window.mount = mount; async function mount");
    let (script, _) = script.split_once("export{").context("the script exports no version")?;
    session.files.add("/bundled.js", format!("(() => {{ {script} }})();"));
    session
        .open(Page::new(format!("<script src=\"{{files}}/bundled.js\"></script>{body}")).without_widget())
        .await
}

async fn element_falls_back(session: &mut Session) -> Result<()> {
    let with_fallback = element("scheduled").replace("></", "><p id=fallback>Ask the administrator.</p></");
    open(session, &with_fallback).await?;
    session.wait("__record.console.length > 0").await?;
    let rejected: bool = session.eval("await widget().ready.then(() => false, () => true)").await?;
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(rejected && visible, "`ready` rejects: {rejected}, the fallback content is visible: {visible}");
    session.run("const other = document.createElement('zoho-backup-status'); document.body.append(other); await other.ready.catch(() => {});").await?;
    session.expect_requests("scheduled", 0).await?;
    ensure!(session.files.count(WASM) == 0, "{} requests for the wasm", session.files.count(WASM));
    one_message(session, &WORDS).await?;
    session.no_errors().await
}

async fn mount_rejects(session: &mut Session) -> Result<()> {
    open(session, "<div id=target><p id=fallback>Ask the administrator.</p></div>").await?;
    let refused: String =
        session.eval("await mount(widget('#target')).then(String, ({ message }) => message)").await?;
    for word in WORDS {
        ensure!(refused.contains(word), "mount() gives: {refused}");
    }
    let visible: bool = session.eval("visible(document.querySelector('#fallback'))").await?;
    ensure!(visible, "the fallback content is not shown");
    one_message(session, &[&refused]).await?;
    session.no_errors().await
}

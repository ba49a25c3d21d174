//! The picture where the widget cannot run.

use anyhow::{Result, ensure};
use serde_json::Value;

use super::in_slot::{SCRIPT, element};
use super::steps::mount;
use crate::accessibility::role_and_name;
use crate::engine::Engine;
use crate::page::Page;
use crate::session::Session;
use crate::suite::sizes::PAINTED;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("picture",
    "where the page's policy refuses the wasm the picture stays, with its name" => refused_wasm,
    "where the script does not load the picture stays, with its name" => failed_script,
);

async fn stays(session: &Session) -> Result<()> {
    session.run(PAINTED).await?;
    let (is_loaded, is_visible): (bool, bool) =
        session.eval("((it) => [it.complete && it.naturalWidth > 0, visible(it)])(widget('#w img'))").await?;
    ensure!(is_loaded && is_visible, "loaded: {is_loaded}, visible: {is_visible}");
    let is_alone: bool = session
        .eval("[...(widget('#w').shadowRoot?.querySelectorAll('*') ?? [])].every((it) => it.localName === 'slot' || !visible(it))")
        .await?;
    ensure!(is_alone, "something else is shown with it");
    let picture: Value = session.eval("widget('#w img')").await?;
    let (role, name) = role_and_name(session.web(), &picture).await?;
    session.note(format!("{role}: {name}"));
    ensure!(name == "State of the Zoho CRM backup", "its name is {name}");
    // WebKit's driver knows no role of a picture.
    ensure!(
        ["img", "image"].contains(&role.as_str()) || session.engine == Engine::Webkit,
        "its role is {role}"
    );
    Ok(())
}

async fn refused_wasm(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    let page = Page::new(element("w", "badge"))
        .policy("default-src 'none'; script-src {files}; img-src 'self'; connect-src 'self' {files} {api}");
    session.open(page).await?;
    let rejected: bool = session.eval("await widget('#w').ready.then(() => false, () => true)").await?;
    ensure!(rejected, "`ready` resolves without wasm");
    session.wait("__record.console.length > 0").await?;
    session.expect_console(&["'wasm-unsafe-eval'"]).await?;
    stays(session).await?;
    session.no_errors().await
}

async fn failed_script(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.files.fail(SCRIPT);
    session.open(Page::new(element("w", "badge"))).await?;
    let is_defined: bool = session.eval("Boolean(customElements.get('zoho-backup-status'))").await?;
    ensure!(!is_defined, "the script has loaded");
    stays(session).await?;
    session.no_errors().await
}

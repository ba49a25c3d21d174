//! How an element and its script get into a page.

use anyhow::{Result, ensure};

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("lifecycle",
    "properties set before the upgrade are kept" => upgrade,
    "an element created by script shows the state" => made_by_script,
    "loading the script twice does no harm" => loaded_twice,
    "two versions of the script serve both the element and mount(), and the console names them" => two_versions,
    "a second script names a first one of unknown version" => version_unknown,
);

async fn upgrade(session: &mut Session) -> Result<()> {
    session.open(Page::new("<zoho-backup-status id=w></zoho-backup-status>").without_widget()).await?;
    session
        .run(&format!(
            "widget().proxyUrl = '{}';
             widget().label = 'Sales account';
             widget().overdueAfter = 86400;
             const script = document.createElement('script');
             script.type = 'module';
             script.src = '{{files}}/zoho-backup-status.js';
             document.head.append(script);",
            session.url("overdue")
        ))
        .await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "due", "overdueAfter was lost: the state is {}", verdict.state);
    let reflected: Vec<String> = session
        .eval("['proxy-url', 'label', 'overdue-after'].map((name) => widget().getAttribute(name))")
        .await?;
    ensure!(
        reflected == [session.url("overdue").as_str(), "Sales account", "86400"],
        "reflected: {reflected:?}"
    );
    let shadowed: bool = session
        .eval("['proxyUrl', 'label', 'overdueAfter'].some((name) => Object.hasOwn(widget(), name))")
        .await?;
    ensure!(!shadowed, "own properties still shadow the prototype's");
    let label = session.text("#w", "label").await?;
    ensure!(label.is_some_and(|label| label.contains("Sales account")), "the label is not shown");
    session.expect_requests("overdue", 1).await?;
    session.no_errors().await
}

async fn made_by_script(session: &mut Session) -> Result<()> {
    session.open(Page::new("")).await?;
    session
        .run(&format!(
            "await customElements.whenDefined('zoho-backup-status');
             const element = document.createElement('zoho-backup-status');
             element.id = 'w';
             element.proxyUrl = '{}';
             document.body.append(element);",
            session.url("completed")
        ))
        .await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "completed", "the state is {}", verdict.state);
    session.expect_requests("completed", 1).await?;
    session.no_errors().await
}

async fn loaded_twice(session: &mut Session) -> Result<()> {
    // With another query the same file is another module, which runs a second time.
    let again = "<script type=\"module\" src=\"{files}/zoho-backup-status.js\"></script>\n\
                 <script type=\"module\" src=\"{files}/zoho-backup-status.js?again\"></script>\n";
    let widget = element("scheduled");
    session.open(Page::new(format!("{widget}{again}"))).await?;
    session.settled("#scheduled").await?;
    session.expect_requests("scheduled", 1).await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn two_versions(session: &mut Session) -> Result<()> {
    const SCRIPT: &str = "zoho-backup-status.js";
    let script = session.files.text(SCRIPT)?;
    let ours = env!("CARGO_PKG_VERSION");
    ensure!(script.contains(ours), "the script does not say its version");
    session.files.also_at("/other/");
    session.files.add(&format!("/other/{SCRIPT}"), script.replace(ours, "9.9.9"));
    let other = format!("<script type=module src=\"{{files}}/other/{SCRIPT}\"></script>");
    session.open(Page::new(format!("{}<div id=target></div>{other}", element("scheduled")))).await?;
    session.settled("#scheduled").await?;
    session
        .run(&format!(
            "window.other = await import('{{files}}/other/{SCRIPT}');
             window.handle = await other.mount(widget('#target'), {{ proxyUrl: '{}' }});",
            session.url("overdue")
        ))
        .await?;
    session.wait("handle.verdict?.state === 'overdue'").await?;
    ensure!(session.text("#target", "badge").await?.as_deref() == Some("Overdue"), "no badge of the second");
    ensure!(
        session.text("#scheduled", "badge").await?.as_deref() == Some("Scheduled"),
        "no badge of the first"
    );
    let version: String = session.eval("other.version").await?;
    ensure!(version == "9.9.9", "the second script says that it is {version}");
    for wasm in ["/widget_bg.wasm", "/other/widget_bg.wasm"] {
        let times = session.files.count(wasm);
        ensure!(times == 1, "{wasm} was asked for {times} times");
    }
    session.run("handle.unmount();").await?;
    session.expect_requests("scheduled", 1).await?;
    is_warned_of(session, ours, "9.9.9").await?;
    session.no_errors().await
}

/// Checks that the only message says that this page runs the first of two versions.
async fn is_warned_of(session: &Session, first: &str, second: &str) -> Result<()> {
    let console = session.console().await?;
    let text = format!(
        "warn: zoho-backup-status: the element is that of {first}, loaded before {second}. Load only one."
    );
    ensure!(console == [text], "{console:?}");
    Ok(())
}

async fn version_unknown(session: &mut Session) -> Result<()> {
    let older = "<script>customElements.define('zoho-backup-status', class extends HTMLElement {});</script>";
    session.open(Page::new(older)).await?;
    session.wait("__record.console.length > 0").await?;
    is_warned_of(session, "another version", env!("CARGO_PKG_VERSION")).await?;
    session.no_errors().await
}

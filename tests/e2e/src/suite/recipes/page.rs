//! The widget on a page: two lines, a picture, fallback content, sentences, data, and a policy.

use anyhow::{Context, Result, ensure};
use zoho_backup_proxy::zoho::BACKUP_PATH;

use super::steps::{SCRIPT, is_good, page, text};
use crate::engine::Engine;
use crate::page::Page;
use crate::recipe::{header, recipe};
use crate::session::Session;
use crate::suite::picture::steps::{BADGE, is_loaded, mount};
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "the two lines show the backup" => two_lines,
    "a picture shows first, and the preloaded wasm is used" => picture,
    "fallback content shows until the first answer, and where the script does not load" => fallback,
    "sentences of the page replace the widget's" => wording,
    "data of the page shows without a request" => data,
    "the policy for a portal with its own proxy has no violation" => policy,
);

const SCRIPT_TAG: &str = "<script type=\"module\" src=\"/widgets/zoho-backup-status.js\"></script>";

async fn two_lines(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(page(session, "page.html")?).await?;
    is_good(session, "zoho-backup-status").await
}

/// The lines as `cargo xtask package` prints them for this bundle.
async fn printed(session: &Session) -> Result<String> {
    let script = session.files.text("zoho-backup-status.js")?;
    let version =
        script.split_once("widget_bg.wasm?v=").context("the script names no version of the wasm")?.1;
    let version: String = version.chars().take_while(char::is_ascii_alphanumeric).collect();
    session.open(Page::on_one_origin("")).await?;
    let integrity: String = session
        .eval(&format!(
            "await fetch('{SCRIPT}').then((it) => it.arrayBuffer())
               .then((bytes) => crypto.subtle.digest('SHA-384', bytes))
               .then((hash) => 'sha384-' + btoa(String.fromCharCode(...new Uint8Array(hash))))"
        ))
        .await?;
    let recipe = recipe("picture.html")?;
    ensure!(recipe.contains("?v=0badcafe") && recipe.contains("\"sha384-…\""), "{recipe}");
    Ok(recipe.replace("0badcafe", &version).replace("sha384-…", &integrity))
}

async fn picture(session: &mut Session) -> Result<()> {
    const WASM: &str = "/widgets/0.1.0/widget_bg.wasm";
    let _chain = mount(session).await?;
    session.files.also_at("/widgets/0.1.0/");
    session.files.cache_versions();
    let lines = printed(session).await?;
    session.host.hold(BACKUP_PATH);
    session.open(Page::on_one_origin(lines)).await?;
    is_loaded(session, "zoho-backup-status > img").await?;
    session.wait("visible(widget('zoho-backup-status > img'))").await?;
    session.host.release(BACKUP_PATH);
    is_good(session, "zoho-backup-status").await?;
    let is_visible: bool = session.eval("visible(widget('zoho-backup-status > img'))").await?;
    ensure!(!is_visible, "the picture stays beside the widget");
    let (pictures, wasms) = (session.host.count(BADGE), session.files.count(WASM));
    session.note(format!("{pictures} requests for the picture, {wasms} for the wasm"));
    // WebKit may load it a second time. Why is not known.
    let expected = if session.engine == Engine::Webkit { 1..=2 } else { 1..=1 };
    ensure!(pictures == 1 && expected.contains(&wasms), "{pictures} for the picture, {wasms} for the wasm");
    session.no_errors().await
}

async fn fallback(session: &mut Session) -> Result<()> {
    const IS_SHOWN: &str = "visible(widget('zoho-backup-status > a'))";
    let _chain = mount(session).await?;
    let body = [SCRIPT_TAG, &text(session, "fallback.html")?].concat();
    session.host.hold(BACKUP_PATH);
    session.open(Page::on_one_origin(body.as_str())).await?;
    session.run("await widget().ready;").await?;
    ensure!(session.eval::<bool>(IS_SHOWN).await?, "it does not show while the answer is awaited");
    session.host.release(BACKUP_PATH);
    is_good(session, "zoho-backup-status").await?;
    ensure!(!session.eval::<bool>(IS_SHOWN).await?, "it stays beside the widget");
    session.files.fail(SCRIPT);
    session.open(Page::on_one_origin(body)).await?;
    ensure!(session.eval::<bool>(IS_SHOWN).await?, "it does not show without the script");
    Ok(())
}

async fn wording(session: &mut Session) -> Result<()> {
    let chain = mount(session).await?;
    chain.play("due")?;
    let body = [&text(session, "page.html")?, &text(session, "wording.html")?].map(String::as_str).concat();
    session.open(Page::on_one_origin(body)).await?;
    session.shows("zoho-backup-status", "due").await?;
    for (part, expected) in [("badge", "Now"), ("countdown", "Starting")] {
        let shown = session.text("zoho-backup-status", part).await?;
        ensure!(shown.as_deref() == Some(expected), "{part}: {shown:?}");
    }
    session.no_errors().await
}

async fn data(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session
        .open(Page::on_one_origin([SCRIPT_TAG, &text(session, "data.html")?].concat()).fake_clock())
        .await?;
    session.pass(600_000).await?;
    is_good(session, "#backup").await?;
    let next_run = session.verdict("#backup").await?.next_run.unwrap_or_default();
    ensure!(next_run.starts_with("2030-10-15"), "the next run is {next_run}");
    ensure!(session.host.count(BACKUP_PATH) == 0, "it sends a request");
    session.no_errors().await
}

async fn policy(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    let policy = header("policy.http", "Content-Security-Policy")?;
    session.open(page(session, "page.html")?.policy(policy)).await?;
    is_good(session, "zoho-backup-status").await?;
    session.run("widget().lang = 'de';").await?;
    session.speaks("de").await?;
    let violations = session.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    session.no_errors().await
}

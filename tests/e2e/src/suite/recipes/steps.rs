//! Steps of the tests of recipes.

use anyhow::{Context, Result, ensure};
use zoho_backup_proxy::zoho::BACKUP_PATH;

use crate::page::Page;
use crate::recipe::recipe;
use crate::session::Session;

pub const SCRIPT: &str = "/widgets/zoho-backup-status.js";

/// The recipe of this name, with the test's servers in place of its addresses.
pub fn text(session: &Session, name: &str) -> Result<String> {
    Ok(here(session, recipe(name)?))
}

/// A text with the test's servers in place of the recipes' addresses.
pub fn here(session: &Session, text: &str) -> String {
    let servers = [
        ("https://portal.example", session.host.origin()),
        ("https://wiki.example", session.host.other_site()),
        // No gateway lets the page of a test choose its port, so the portal itself is the proxy, on another site.
        ("https://proxy.example", session.host.other_site()),
        ("https://cdn.example", session.files.origin()),
    ];
    servers.iter().fold(text.to_owned(), |text, (address, server)| text.replace(address, server))
}

/// A page of a portal with this recipe.
pub fn page(session: &Session, name: &str) -> Result<Page> {
    Ok(Page::on_one_origin(format!("<title>Portal</title>{}", text(session, name)?)))
}

/// Checks that the widget shows a scheduled backup, in green.
pub async fn is_good(session: &Session, selector: &str) -> Result<()> {
    let verdict = session.settled(selector).await?;
    ensure!(verdict.state == "scheduled" && verdict.tone == "good", "{selector}: {verdict:?}");
    let badge = session.text(selector, "badge").await?.context("no badge is shown")?;
    ensure!(badge.starts_with("Scheduled"), "{selector} shows {badge}");
    session.no_errors().await
}

/// Checks the number of requests for the backup details, those under way included.
pub async fn expect_requests(session: &Session, times: usize) -> Result<()> {
    session.barrier().await?;
    session.run("await fetch('/favicon.ico');").await?;
    let found = session.host.count(BACKUP_PATH);
    ensure!(found == times, "{found} requests instead of {times}");
    Ok(())
}

/// A widget without the attributes that keep it through a swap.
pub fn plain_widget(id: &str) -> String {
    format!("<zoho-backup-status id={id} proxy-url=\"/crm/bulk/v6/backup\"></zoho-backup-status>")
}

/// How many timers and listeners the page has.
pub async fn left_behind(session: &Session) -> Result<(usize, usize)> {
    session.barrier().await?;
    session.eval("(await __clock.settle(), [__clock.pending(), __ledger.listeners()])").await
}

/// Opens the portal's page `/first`. From now on its widget is `kept`, and what it shows is `view`.
pub async fn open_first(session: &Session) -> Result<()> {
    session.open_at("/first").await?;
    is_good(session, "#backup").await?;
    session.run("window.kept = widget('#backup'); window.view = kept.shadowRoot.firstElementChild;").await
}

/// Checks that the widget is the one of the first page, with what it showed there.
pub async fn is_kept(session: &Session) -> Result<()> {
    is_good(session, "#backup").await?;
    let [is_same, shows_the_same]: [bool; 2] =
        session.eval("[widget('#backup') === kept, view.isConnected]").await?;
    ensure!(is_same && shows_the_same, "same element: {is_same}, same view: {shows_the_same}");
    Ok(())
}

/// Checks that one widget has sent all requests, and that its script was loaded once.
pub async fn was_alone(session: &Session) -> Result<()> {
    expect_requests(session, 1).await?;
    session.pass(300_000).await?;
    expect_requests(session, 2).await?;
    is_loaded_once(session).await
}

/// Checks that the script was loaded once, and that nothing has gone wrong.
pub async fn is_loaded_once(session: &Session) -> Result<()> {
    ensure!(session.files.count(SCRIPT) == 1, "the script was loaded again");
    session.no_errors().await
}

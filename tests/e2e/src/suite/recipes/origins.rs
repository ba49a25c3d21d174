//! Files and proxy on other origins, and pages with a base URL.

use anyhow::{Context, Result, ensure};
use axum::http::HeaderName;
use zoho_backup_proxy::zoho::BACKUP_PATH;

use super::steps::{here, is_good, page, text};
use crate::page::Page;
use crate::recipe::recipe;
use crate::servers::host::Served;
use crate::session::Session;
use crate::suite::picture::steps::mount;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "the files may be on another origin" => cdn,
    "a proxy on another origin sends three headers" => proxy,
    "with a base URL on its own origin, a relative and a root-relative proxy-url lead to the gateways" => base,
    "with a base URL on another origin, whole URLs lead to files and gateway" => base_elsewhere,
);

async fn cdn(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(page(session, "cdn.html")?).await?;
    is_good(session, "zoho-backup-status").await
}

/// The recipe's headers, and no other that a page could read by.
async fn proxy(session: &mut Session) -> Result<()> {
    let script = "<script type=\"module\" src=\"/widgets/zoho-backup-status.js\"></script>";
    let body = [script, &text(session, "proxy.html")?].concat();
    let document = sandbox::scenarios::find("scheduled").context("no scenario")?.response_now();
    let html = String::from_utf8(document.body.to_vec())?;
    let headers = here(session, recipe("cors.http")?);
    let headers: Vec<_> = headers
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| Ok((name.parse::<HeaderName>()?, value.to_owned())))
        .collect::<Result<_>>()?;
    ensure!(headers.len() == 3, "{headers:?}");

    session.host.add_at(BACKUP_PATH, Served { html: html.clone(), headers });
    session.open(Page::on_one_origin(body.as_str())).await?;
    is_good(session, "zoho-backup-status").await?;
    let is_readable: bool = session
        .eval("await fetch(widget().proxyUrl).then(({ headers }) => headers.get('Date') !== null)")
        .await?;
    ensure!(is_readable, "the page cannot read the Date");

    session.host.add_at(BACKUP_PATH, Served { html, headers: Vec::new() });
    session.open(Page::on_one_origin(body)).await?;
    let verdict = session.settled("zoho-backup-status").await?;
    ensure!(verdict.fault_kind() == Some("unreachable"), "without the headers: {verdict:?}");
    session.no_errors().await
}

/// Where the widgets of the page have asked, relative to their own origins.
const ASKED: &str = "performance.getEntriesByType('resource').map(({ name }) => name)
   .filter((it) => it.endsWith('/crm/bulk/v6/backup')).sort()";

async fn base(session: &mut Session) -> Result<()> {
    let (_chain, gateway) = crate::suite::gateway::Chain::start(&[], 60, None).await?;
    session.host.mount_at("/admin/eu", gateway.clone());
    session.host.mount(gateway);
    session.open(page(session, "base.html")?).await?;
    for url in ["eu/crm/bulk/v6/backup", "/crm/bulk/v6/backup"] {
        is_good(session, &format!("[proxy-url='{url}']")).await?;
    }
    let asked: Vec<String> = session.eval(ASKED).await?;
    let origin = session.host.origin();
    let expected = ["/admin/eu/crm/bulk/v6/backup", BACKUP_PATH].map(|path| format!("{origin}{path}"));
    ensure!(asked == expected, "{asked:?}");
    session.no_errors().await
}

async fn base_elsewhere(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(page(session, "base-elsewhere.html")?).await?;
    is_good(session, "zoho-backup-status").await?;
    // A path is one on the base's origin.
    session.run(&format!("widget().proxyUrl = '{BACKUP_PATH}?path';")).await?;
    session.wait("widget().verdict?.fault").await?;
    let asked: Vec<String> = session
        .eval("performance.getEntriesByType('resource').map(({ name }) => name).filter((it) => it.endsWith('?path'))")
        .await?;
    ensure!(asked == [format!("{}{BACKUP_PATH}?path", session.files.origin())], "{asked:?}");
    session.no_errors().await
}

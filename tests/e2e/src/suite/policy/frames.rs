//! Sandboxed frames, foreign hosts and unusual documents.

use anyhow::{Result, ensure};

use super::steps::{row, runs};
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("policy",
    "a sandboxed frame with an origin can fetch" => frame,
    "a frame with an opaque origin works from data, and can fetch where the API allows it" => opaque_frame,
    "a frame with an opaque origin that the API refuses says why" => opaque_frame_refused,
    "a proxy of the local network that a page of another host cannot reach is named in the notice" => local_network,
    "the widget runs in a page without a head, inside shadow roots" => odd_documents,
);

/// Opens a page in a sandboxed frame of another page, and enters the frame.
async fn open_in_frame(session: &Session, sandbox: &str, page: &Page) -> Result<()> {
    let address = session.address_of(page);
    let frame = format!("<iframe sandbox=\"{sandbox}\" src=\"{address}\" width=600 height=600></iframe>");
    session.open(Page::new(frame).without_widget()).await?;
    session.enter_frame().await
}

async fn frame(session: &mut Session) -> Result<()> {
    open_in_frame(session, "allow-scripts allow-same-origin", &Page::of("scheduled")).await?;
    runs(session, "frame with an origin").await
}

async fn opaque_frame(session: &mut Session) -> Result<()> {
    let supplied = "<zoho-backup-status id=supplied></zoho-backup-status>";
    open_in_frame(session, "allow-scripts", &Page::new([&element("scheduled"), supplied].concat())).await?;
    let opaque: String = session.eval("window.origin").await?;
    ensure!(opaque == "null", "the frame's origin is {opaque}");
    // The API allows every origin.
    runs(session, "opaque frame").await?;
    session.run("widget('#supplied').data = { backup: { status: 'STOPPED' } };").await?;
    session.shows("#supplied", "stopped").await?;
    ensure!(session.text("#supplied", "badge").await?.as_deref() == Some("Stopped"), "no badge from data");
    session.no_errors().await
}

async fn opaque_frame_refused(session: &mut Session) -> Result<()> {
    open_in_frame(session, "allow-scripts", &Page::of("no-cors")).await?;
    let verdict = session.settled("#no-cors").await?;
    ensure!(verdict.fault_kind() == Some("opaque-origin"), "{:?}", verdict.fault);
    let notice = session.text("#no-cors", "notice").await?.unwrap_or_default();
    row(session, "opaque frame, refused", &notice).await?;
    ensure!(notice.contains("allow-same-origin") && notice.contains("data"), "{notice}");
    session.no_errors().await
}

async fn local_network(session: &mut Session) -> Result<()> {
    let page = Page::of("scheduled");
    session.open_at_foreign_host(&page).await?;
    session.settled("#scheduled").await?;
    session.stop_api();
    session.open_at_foreign_host(&page).await?;
    let verdict = session.settled("#scheduled").await?;
    ensure!(verdict.fault_kind() == Some("local-network"), "{:?}", verdict.fault);
    let notice = session.text("#scheduled", "notice").await?.unwrap_or_default();
    row(session, "local network", &notice).await?;
    ensure!(notice.contains("local network") && notice.contains("https"), "{notice}");
    session.no_errors().await
}

async fn odd_documents(session: &mut Session) -> Result<()> {
    session.open(Page::new("<div id=outer></div>")).await?;
    let url = session.url("scheduled");
    session
        .run(&format!(
            "document.head.remove();
             const inner = document.createElement('div');
             document.querySelector('#outer').attachShadow({{ mode: 'open' }}).append(inner);
             const root = inner.attachShadow({{ mode: 'open' }});
             const box = root.appendChild(document.createElement('div'));
             box.innerHTML = '<zoho-backup-status proxy-url=\"{url}\"></zoho-backup-status>';
             window.w = box.firstChild;"
        ))
        .await?;
    session.wait("w.verdict?.state === 'scheduled'").await?;
    let badge: Option<String> = session.eval("seen(w, 'badge')").await?;
    row(session, "no head, in shadow roots", badge.as_deref().unwrap_or("–")).await?;
    ensure!(badge.as_deref() == Some("Scheduled"), "{badge:?}");
    session.no_errors().await
}

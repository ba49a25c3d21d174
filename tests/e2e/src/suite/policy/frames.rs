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
    "a proxy on the page's own origin that does not answer is not blamed on CORS" => same_origin,
    "the remedy names a permission, a frame or a service worker where the page can know of it" => hints,
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

async fn same_origin(session: &mut Session) -> Result<()> {
    // The browser cannot reach this port.
    session.open(Page::new("<zoho-backup-status id=w></zoho-backup-status>")).await?;
    session
        .run(
            "const ask = window.fetch;
             window.fetch = (url, options) => String(url).includes('/backup/down')
               ? Promise.reject(new TypeError('Failed to fetch')) : ask(url, options);
             widget().proxyUrl = '/backup/down';",
        )
        .await?;
    session.wait("widget().verdict?.fault?.kind === 'unreachable'").await?;
    let notice = session.text("#w", "notice").await?.unwrap_or_default();
    row(session, "same origin, down", &notice).await?;
    ensure!(notice.contains("own origin") && notice.contains("/backup/down"), "{notice}");
    ensure!(!notice.contains("CORS") && !notice.contains("allows the origin"), "{notice}");
    session.no_errors().await
}

async fn hints(session: &mut Session) -> Result<()> {
    // (what the page knows, how the request ends, what the remedy says)
    let (failed, late) = ("dropped", "slow");
    let cases = [
        ("{}", failed, None),
        ("{ state: 'granted' }", failed, None),
        ("{ state: 'prompt' }", failed, None),
        ("{ state: 'prompt' }", late, Some("in its settings of this site")),
        ("{ state: 'denied' }", failed, Some("in its settings of this site")),
        ("{ state: 'denied', framed: true }", failed, Some("local-network-access")),
        ("{ framed: true }", failed, None),
        ("{ worker: true }", failed, Some("service worker")),
        ("{ worker: true }", late, None),
        ("{ throws: true, worker: true }", failed, Some("service worker")),
        ("{ hangs: true }", failed, None),
    ];
    for (known, scenario, expected) in cases {
        session
            .open(Page::new(format!(
                "<script>
                   const {{ state, framed, worker, throws, hangs }} = {known};
                   const give = (object, name, value) => Object.defineProperty(object, name, {{ value }});
                   give(navigator, 'permissions', {{
                     query: ({{ name }}) => {{
                       if (throws) throw new Error('no permissions here');
                       if (hangs) return new Promise(() => {{}});
                       return state && name === 'local-network-access' ? Promise.resolve({{ state }}) : Promise.reject(1);
                     }},
                   }});
                   give(navigator, 'serviceWorker', {{ controller: worker ? {{}} : null }});
                   if (framed) window.parent = {{}};
                 </script>
                 {}",
                element(scenario)
            ))
            .fake_clock())
            .await?;
        session.run("await widget().ready;").await?;
        session.advance(if scenario == late { 12_000 } else { 2_000 }).await?;
        session.advance(2_000).await?;
        session.wait("widget().verdict?.fault").await?;
        let notice = session.text("zoho-backup-status", "notice").await?.unwrap_or_default();
        row(session, known, &notice).await?;
        for hint in ["in its settings of this site", "local-network-access", "service worker"] {
            let is_said = notice.contains(hint);
            ensure!(is_said == (expected == Some(hint)), "{known}, {scenario}: {notice}");
        }
        session.no_errors().await?;
    }
    Ok(())
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

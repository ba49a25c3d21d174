//! Turbo: visits, frames and streams replace parts of the page.

use anyhow::{Result, ensure};

use super::steps::{SCRIPT, expect_requests, is_good, text};
use crate::page::Page;
use crate::session::Session;
use crate::suite::picture::steps::mount;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "Turbo's visits keep the permanent widget" => visits,
    "Turbo's frames and streams replace a widget, and leave nothing behind" => parts,
);

/// Serves the pages of the portal, and opens the first.
async fn open(session: &Session) -> Result<()> {
    session.files.add("/assets/turbo.js", session.package("@hotwired/turbo/dist/turbo.es2017-esm.js")?);
    let layout = text(session, "turbo.html")?;
    let page = |main: &str| Page::on_one_origin([&layout, main].concat()).fake_clock().ledger();
    session.add_at("/next", &page("<main id=next><a href=\"/first\">First</a></main>"));
    session.add_at("/first", &page("<main id=first><a href=\"/next\">Next</a></main>"));
    session.add_at("/part", &page(&frame(&widget("in-frame"))));
    session.add_at("/empty", &page(&frame("empty")));
    session.open_at("/first").await
}

fn frame(content: &str) -> String {
    format!("<turbo-frame id=part>{content}</turbo-frame>")
}

fn widget(id: &str) -> String {
    format!("<zoho-backup-status id={id} proxy-url=\"/crm/bulk/v6/backup\"></zoho-backup-status>")
}

async fn visits(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    is_good(session, "#backup").await?;
    session.run("window.kept = widget('#backup'); window.root = parts(kept, 'card')[0] ?? kept.shadowRoot.firstElementChild;").await?;
    for place in ["#next", "#first", "#next"] {
        session.click("main a").await?;
        session.wait(&format!("document.querySelector('{place}')")).await?;
        session.wait("(await __clock.pass(100), widget('#backup')?.verdict?.state === 'scheduled')").await?;
        let (is_same, root): (bool, bool) =
            session.eval("[widget('#backup') === kept, root.isConnected]").await?;
        session.note(format!(
            "{place}: same element {is_same}, same view {root}, {} requests",
            session.host.count("/crm/bulk/v6/backup")
        ));
    }
    expect_requests(session, 1).await?;
    ensure!(session.files.count(SCRIPT) == 1, "the script was loaded again");
    session.no_errors().await
}

async fn parts(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    is_good(session, "#backup").await?;
    session.no_errors().await
}

//! htmx: swaps replace parts of the page.

use anyhow::{Context, Result, ensure};

use super::steps::{
    expect_requests, is_good, is_kept, is_loaded_once, left_behind, open_first, text, was_alone,
};
use crate::page::Page;
use crate::servers::host::Served;
use crate::session::Session;
use crate::suite::picture::steps::mount;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "htmx's swaps keep the preserved widget, and load no second script" => preserved,
    "htmx's swaps remove a widget and bring it back, and leave nothing behind" => swapped,
);

/// Serves the page of the recipe and the parts that replace its content, and opens it.
async fn open(session: &Session) -> Result<()> {
    session.files.add("/assets/htmx.js", session.package("htmx.org/dist/htmx.min.js")?);
    let page = text(session, "htmx.html")?;
    let start = page.find("<zoho-backup-status").unwrap_or_default();
    let widget = page[start..].lines().next().unwrap_or_default();
    let part = |id: &str, next: &str, widget: &str| {
        format!("{widget}<button id={id} hx-get=\"{next}\" hx-target=\"#content\">Next</button>")
    };
    for (path, html) in [
        ("/reports", part("reports", "/others", widget)),
        ("/others", part("others", "/reports", widget)),
        ("/without", part("without", "/reports", "")),
    ] {
        session.host.add_at(path, Served { html, headers: Vec::new() });
    }
    session.add_at("/first", &Page::on_one_origin(page).fake_clock().ledger());
    open_first(session).await
}

async fn preserved(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    for place in ["#reports", "#others", "#reports"] {
        session.click("#content button").await?;
        session.wait(&format!("widget('{place}')")).await?;
        // htmx waits for a moment before it attends to what it has swapped in.
        session.pass(100).await?;
        is_kept(session).await.context(place)?;
    }
    was_alone(session).await
}

async fn swapped(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    let mut left = Vec::new();
    for round in 1..=3 {
        session.run("await htmx.ajax('GET', '/without', { target: '#content' });").await?;
        session.wait("widget('#without') && !widget('#backup')").await?;
        session.pass(600_000).await?;
        expect_requests(session, round).await?;
        left.push(left_behind(session).await?);
        session.run("await htmx.ajax('GET', '/reports', { target: '#content' });").await?;
        session.wait("widget('#reports')").await?;
        is_good(session, "#backup").await?;
        expect_requests(session, round + 1).await?;
    }
    session.note(format!("(timers, listeners) {left:?}"));
    ensure!(left[1] == left[2], "each swap leaves something behind: {left:?}");
    is_loaded_once(session).await
}

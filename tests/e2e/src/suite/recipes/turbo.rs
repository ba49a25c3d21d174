//! Turbo: visits, frames and streams replace parts of the page.

use anyhow::{Result, ensure};

use super::steps::{SCRIPT, expect_requests, is_good, left_behind, plain_widget, text};
use crate::page::Page;
use crate::session::Session;
use crate::suite::picture::steps::mount;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "Turbo's visits keep the permanent widget, and load no second script" => visits,
    "Turbo's frames and streams bring a widget and remove it, and leave nothing behind" => parts,
);

/// Serves the pages of the portal, and opens the first. The widget there is `kept`, and what it shows is `view`.
async fn open(session: &Session) -> Result<()> {
    session.files.add("/assets/turbo.js", session.package("@hotwired/turbo/dist/turbo.es2017-esm.js")?);
    let layout = text(session, "turbo.html")?;
    let frame = |content: &str| format!("<turbo-frame id=part>{content}</turbo-frame><div id=box></div>");
    for (path, main) in [
        ("/first", ["<main id=first><a href=\"/next\">Next</a></main>", &frame("")].concat()),
        ("/next", "<main id=next><a href=\"/first\">First</a></main>".to_owned()),
        ("/part", frame(&plain_widget("in-frame"))),
        ("/empty", frame("<p id=empty>Nothing</p>")),
    ] {
        session.add_at(path, &Page::on_one_origin([&layout, main.as_str()].concat()).fake_clock().ledger());
    }
    session.open_at("/first").await?;
    is_good(session, "#backup").await?;
    session.run("window.kept = widget('#backup'); window.view = kept.shadowRoot.firstElementChild;").await
}

/// Checks that the permanent widget is the one that was there first, with what it shows.
async fn is_kept(session: &Session) -> Result<()> {
    is_good(session, "#backup").await?;
    let [is_same, shows_the_same]: [bool; 2] =
        session.eval("[widget('#backup') === kept, view.isConnected]").await?;
    ensure!(is_same && shows_the_same, "same element: {is_same}, same view: {shows_the_same}");
    Ok(())
}

async fn visits(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    for place in ["#next", "#first", "#next"] {
        session.click("main a").await?;
        session.wait(&format!("document.querySelector('{place}')")).await?;
        is_kept(session).await?;
    }
    expect_requests(session, 1).await?;
    session.pass(300_000).await?;
    expect_requests(session, 2).await?;
    ensure!(session.files.count(SCRIPT) == 1, "the script was loaded again");
    session.no_errors().await
}

async fn parts(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    let mut left = Vec::new();
    for round in ["first", "second", "third"] {
        session.run("widget('#part').src = '/part';").await?;
        session.wait("widget('#in-frame')").await?;
        is_good(session, "#in-frame").await?;
        session.run("widget('#part').src = '/empty';").await?;
        session.wait("widget('#empty') && !widget('#in-frame')").await?;

        let stream = |content: &str| {
            format!(
                "Turbo.renderStreamMessage('<turbo-stream action=update target=box><template>{content}</template></turbo-stream>');"
            )
        };
        session.run(&stream(&plain_widget("in-stream"))).await?;
        session.wait("widget('#in-stream')").await?;
        is_good(session, "#in-stream").await?;
        session.run(&stream("")).await?;
        session.wait("!widget('#in-stream')").await?;
        is_kept(session).await?;
        left.push(left_behind(session).await?);
        session.note(format!("{round}: (timers, listeners) {left:?}"));
    }
    ensure!(left[1] == left[2], "each round leaves something behind: {left:?}");
    expect_requests(session, 1).await?;
    session.no_errors().await
}

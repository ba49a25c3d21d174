//! Turbo: visits, frames and streams replace parts of the page.

use anyhow::{Result, ensure};

use super::steps::{
    expect_requests, is_good, is_kept, left_behind, open_first, plain_widget, text, was_alone,
};
use crate::page::Page;
use crate::session::Session;
use crate::suite::picture::steps::mount;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "Turbo's visits keep the permanent widget, and load no second script" => visits,
    "Turbo's frames and streams bring a widget and remove it, and leave nothing behind" => parts,
);

/// Serves the pages of the portal, and opens the first.
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
    open_first(session).await
}

async fn visits(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    open(session).await?;
    for place in ["#next", "#first", "#next"] {
        session.click("main a").await?;
        session.wait(&format!("document.querySelector('{place}')")).await?;
        is_kept(session).await?;
    }
    was_alone(session).await
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

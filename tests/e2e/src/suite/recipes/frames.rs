//! A portal that allows no scripts of others: a frame with the widget, or a picture.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::sign_on::{require, sign_on};
use super::steps::{here, is_good, page, text};
use crate::page::Page;
use crate::recipe::header;
use crate::servers::sign_on::Answer;
use crate::session::{PATIENCE, Session};
use crate::suite::gateway::Chain;
use crate::suite::picture::steps::{is_loaded, mount};
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "a portal that forbids scripts shows the card in a frame" => framed,
    "a frame of the same site has the sign-on's cookie, and one of another site has not" => signed_on,
    "a portal that forbids scripts and frames shows the picture" => picture,
);

const CSP: &str = "Content-Security-Policy";

/// The portal's page, on another site than what it frames.
fn wiki(session: &Session, recipe: &str, policy: &str) -> Result<String> {
    let page = Page::verbatim(format!("<title>Wiki</title>{}", text(session, recipe)?));
    session.add_at("/wiki", &page.policy(policy));
    Ok(format!("{}/wiki", session.host.other_site()))
}

/// Enters the frame as soon as this is true there. While a frame loads, scripts in it may end without a result.
async fn enter(session: &Session, condition: &str) -> Result<()> {
    let started = Instant::now();
    loop {
        session.web().enter_default_frame().await?;
        session.enter_frame().await?;
        if let Ok(true) = session.eval(&format!("Boolean({condition})")).await {
            return Ok(());
        }
        ensure!(started.elapsed() < PATIENCE, "`{condition}` is not true in the frame after {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn framed(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    let policy = here(session, header("frame.http", CSP)?);
    session.add_at("/backup", &page(session, "frame.html")?.policy(&policy));
    let wiki = wiki(session, "portal.html", &here(session, header("portal.http", CSP)?))?;
    session.web().goto(wiki).await?;
    enter(session, "widget()?.verdict").await?;
    is_good(session, "zoho-backup-status").await?;
    let [is_card, is_whole]: [bool; 2] = session
        .eval(
            "[parts(widget(), 'card').length === 1,
              document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight]",
        )
        .await?;
    ensure!(is_card && is_whole, "a card: {is_card}, without anything to scroll: {is_whole}");
    let violations = session.violations().await?;
    ensure!(violations.is_empty(), "{violations:?}");
    session.no_errors().await
}

async fn signed_on(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.add_at("/backup", &page(session, "frame.html")?);
    let portal = format!("<!doctype html><title>Wiki</title>{}", text(session, "portal.html")?);
    session.files.add("/wiki.html", portal);
    let other_site = format!("{}/wiki.html", session.files.origin());
    let same_site = other_site.replace("//127.0.0.1:", "//localhost:");
    require(session, 1, Answer::Redirect);
    session.open(Page::on_one_origin("")).await?;
    sign_on(session, 1).await?;

    session.web().goto(same_site).await?;
    enter(session, "widget()?.verdict").await?;
    is_good(session, "zoho-backup-status").await?;

    session.web().goto(other_site).await?;
    // Where one signs on, in place of the widget.
    enter(session, "document.title === 'Signed on'").await?;
    session.no_errors().await
}

async fn picture(session: &mut Session) -> Result<()> {
    let (_chain, gateway) = Chain::start_with_public_picture().await?;
    session.host.mount(gateway);
    let image_policy = format!("default-src 'none'; img-src {}", session.host.origin());
    let wiki = wiki(session, "image.html", &image_policy)?;
    session.web().goto(wiki).await?;
    is_loaded(session, "img").await.context("the picture does not load")
}

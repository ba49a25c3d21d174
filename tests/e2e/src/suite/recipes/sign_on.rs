//! A portal behind a single sign-on that guards page, files and gateway alike.

use anyhow::{Context, Result, ensure};
use axum::http::header::SET_COOKIE;
use zoho_backup_proxy::zoho::BACKUP_PATH;

use super::steps::{is_good, page};
use crate::page::Page;
use crate::servers::sign_on::{Answer, PATH, SignOn};
use crate::session::Session;
use crate::suite::picture::steps::mount;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("recipes",
    "behind a sign-on that redirects, an expired session is named, and a new one helps" => |session| expires(session, Answer::Redirect, "redirected"),
    "behind a sign-on that answers 401, an expired session is named, and a new one helps" => |session| expires(session, Answer::Unauthorized, "unauthorized"),
    "behind a sign-on that answers with its page, an expired session is named, and a new one helps" => |session| expires(session, Answer::Page, "html"),
);

/// Lets the session of this number be the only one that is valid.
pub fn require(session: &Session, number: u32, answer: Answer) {
    session.host.require(SignOn::new(name(session, number), answer));
}

/// The cookie of a session. Other tests have other ports.
fn name(session: &Session, number: u32) -> String {
    format!("{number}-of-{}", session.host.origin().replace(':', "-").replace('/', ""))
}

/// Signs on in another tab, which gets the session of this number.
pub async fn sign_on(session: &Session, number: u32) -> Result<()> {
    let cookie = format!("session={}; Path=/; HttpOnly; SameSite=Lax", name(session, number));
    let signed_on = Page::on_one_origin("<title>Signed on</title>").header(SET_COOKIE, &cookie);
    let address = session.add_at(PATH, &signed_on);
    let first = session.web().window().await?;
    let tab = session.web().new_tab().await.context("no second tab")?;
    session.web().switch_to_window(tab).await?;
    session.web().goto(address).await?;
    let title = session.web().title().await?;
    ensure!(title == "Signed on", "the sign-on shows {title}");
    session.web().close_window().await?;
    session.web().switch_to_window(first).await?;
    Ok(())
}

/// Checks that the widget asks to sign on again.
async fn asks_to_sign_on(session: &Session, kind: &str) -> Result<()> {
    let verdict = session.verdict("zoho-backup-status").await?;
    ensure!(verdict.fault_kind() == Some(kind), "{verdict:?}");
    let notice = session.text("zoho-backup-status", "notice").await?.unwrap_or_default();
    session.note(format!("{}, {}, stale: {}: {notice}", verdict.state, verdict.tone, verdict.stale));
    ensure!(notice.to_lowercase().contains("sign on"), "it says {notice}");
    session.no_errors().await
}

async fn expires(session: &mut Session, answer: Answer, kind: &str) -> Result<()> {
    let _chain = mount(session).await?;
    require(session, 1, answer);
    sign_on(session, 1).await?;

    // The session expires before the first answer.
    session.host.hold(BACKUP_PATH);
    session.open(page(session, "page.html")?.fake_clock()).await?;
    session.run("await widget().ready;").await?;
    require(session, 2, answer);
    session.host.release(BACKUP_PATH);
    session.settled("zoho-backup-status").await?;
    asks_to_sign_on(session, kind).await?;
    let tone = session.verdict("zoho-backup-status").await?.tone;
    ensure!(tone != "good", "it is {tone} without an answer");

    // Somebody signs on in another tab.
    sign_on(session, 2).await?;
    session.pass(31_000).await?;
    session.run("look('hidden'); look('visible'); await __clock.pass(0);").await?;
    is_good(session, "zoho-backup-status").await?;

    // The session expires while the page is open.
    require(session, 3, answer);
    session.pass(300_000).await?;
    asks_to_sign_on(session, kind).await?;
    session.pass(310_001).await?;
    asks_to_sign_on(session, kind).await?;
    let late = session.verdict("zoho-backup-status").await?;
    ensure!(late.stale && late.tone != "good", "after two intervals it is {late:?}");
    sign_on(session, 3).await?;
    session.pass(5_000).await?;
    session.run("await widget().refresh();").await?;
    is_good(session, "zoho-backup-status").await
}

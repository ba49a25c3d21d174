//! What the host does while the picture shows, and afterwards.

use anyhow::{Result, ensure};

use super::in_slot::{WATCH_PLACE, awaiting, has_shown, page, shown};
use super::steps::mount;
use crate::session::Session;
use crate::suite::contract::supplied::supplied;
use crate::test_case::{Test, tests};
use zoho_backup_proxy::zoho::BACKUP_PATH;

pub const TESTS: &[Test] = tests!("picture",
    "an option that the host changes ends the picture, which does not return" => option,
    "another proxy ends the picture, also while that one's answer is awaited" => proxy,
    "data of the host's end the picture, and taking them back does not bring it back" => data,
    "an element that is removed and inserted again shows the picture until its next first answer" => reinserted,
    "an element that is removed while it waits, and inserted again, shows the picture" => reinserted_while_waiting,
    "an element that is moved keeps its widget" => moved,
    "a picture that the host removes while the first answer is awaited leaves its place to the widget" => removed_picture,
    "a picture that the host exchanges while the first answer is awaited shows" => exchanged_picture,
    "a widget without a proxy takes the picture's place at once" => no_proxy,
);

const WIDGET_ONLY: &[&str] = &["picture", "widget"];

async fn option(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session.run("widget('#w').label = 'Sales';").await?;
    has_shown(session, WIDGET_ONLY, "after the change").await?;
    session.shows("#w", "loading").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    has_shown(session, WIDGET_ONLY, "after the answer").await?;
    session.no_errors().await
}

async fn proxy(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    for stalled in ["stalled", "dripping"] {
        session.run(&format!("widget('#w').proxyUrl = '{}';", session.url(stalled))).await?;
        session
            .api_sees("a request to the other proxy", |requests| {
                requests.iter().any(|request| request.scenario == Some(stalled))
            })
            .await?;
        session.shows("#w", "loading").await?;
        has_shown(session, WIDGET_ONLY, stalled).await?;
    }
    session.run(&format!("widget('#w').proxyUrl = '{}';", session.url("failed"))).await?;
    session.shows("#w", "failed").await?;
    has_shown(session, WIDGET_ONLY, "after the answer").await?;
    session.no_errors().await
}

async fn data(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session.run(&format!("widget('#w').data = {};", supplied(3_600))).await?;
    session.shows("#w", "scheduled").await?;
    has_shown(session, WIDGET_ONLY, "with data").await?;
    session.run("widget('#w').data = null;").await?;
    session.shows("#w", "loading").await?;
    has_shown(session, WIDGET_ONLY, "while it is loading anew").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    has_shown(session, WIDGET_ONLY, "after the answer").await?;
    session.no_errors().await
}

async fn reinserted(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    has_shown(session, WIDGET_ONLY, "after the first answer").await?;
    session.run("window.w = widget('#w'); w.remove();").await?;
    session.host.hold(BACKUP_PATH);
    has_shown(session, &["picture", "widget", "nothing"], "removed").await?;
    session.run("widget('main').prepend(w);").await?;
    session.shows("#w", "loading").await?;
    has_shown(session, &["picture", "widget", "nothing", "picture"], "inserted again").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    has_shown(session, &["picture", "widget", "nothing", "picture", "widget"], "with its next answer")
        .await?;
    session.no_errors().await
}

async fn reinserted_while_waiting(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session.run("window.w = widget('#w'); w.remove();").await?;
    has_shown(session, &["picture", "nothing"], "removed").await?;
    session.run("widget('main').prepend(w);").await?;
    session.shows("#w", "loading").await?;
    has_shown(session, &["picture", "nothing", "picture"], "inserted again").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    has_shown(session, &["picture", "nothing", "picture", "widget"], "with its first answer").await?;
    session.no_errors().await
}

async fn moved(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session.run("widget('main').append(widget('#w'));").await?;
    session.shows("#w", "loading").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    session.run("widget('main').prepend(widget('#w'));").await?;
    let shown = shown(session).await?;
    session.note(format!("{shown:?}"));
    ensure!(shown == WIDGET_ONLY, "{shown:?}");
    session.no_errors().await
}

/// As `onerror="this.remove()"` does.
async fn removed_picture(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session.run("widget('#w img').remove();").await?;
    has_shown(session, WIDGET_ONLY, "without the picture").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    has_shown(session, WIDGET_ONLY, "after the first answer").await?;
    session.no_errors().await
}

async fn exchanged_picture(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    awaiting(session, "badge").await?;
    session
        .run(
            "window.other = widget('#w img').cloneNode();
             other.src = '/badge.svg?theme=dark';
             widget('#w').append(other);",
        )
        .await?;
    session.wait("other.complete && other.naturalWidth > 0").await?;
    session.run("widget('#w img').remove();").await?;
    has_shown(session, &["picture"], "with another picture").await?;
    session.host.release(BACKUP_PATH);
    session.settled("#w").await?;
    has_shown(session, WIDGET_ONLY, "after the first answer").await?;
    session.no_errors().await
}

async fn no_proxy(session: &mut Session) -> Result<()> {
    let _chain = mount(session).await?;
    session.open(page("badge")?).await?;
    session.run(WATCH_PLACE).await?;
    session.run("widget('#w').proxyUrl = null; await import('{files}/zoho-backup-status.js');").await?;
    session.settled("#w").await?;
    has_shown(session, WIDGET_ONLY, "without a proxy").await?;
    session.no_errors().await
}

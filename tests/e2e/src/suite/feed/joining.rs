//! Widgets that join a feed that has its answer.

use anyhow::{Result, ensure};

use super::steps::fired_events;
use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("feed",
    "a widget that is inserted later gets the answer of its feed once, without a request" => appended,
    "a widget that is inserted later and changed at once gets the answer once" => joined_and_changed,
    "a widget that switches to another feed gets its answer once, without a request" => turned,
);

async fn gets_answer_once(session: &Session, id: &str, state: &str) -> Result<()> {
    session.shows(&format!("#{id}"), state).await?;
    let events = fired_events(session, id).await?;
    ensure!(events == [("backup-status-change".to_owned(), state.to_owned())], "{events:?}");
    session.no_errors().await
}

/// What a feed knows: (scenario, state). The second is a fault, which was reported when it happened.
const KNOWN: [(&str, &str); 2] = [("scheduled", "scheduled"), ("no-permission", "error")];

async fn appended(session: &mut Session) -> Result<()> {
    for (scenario, state) in KNOWN {
        session.open(Page::of(scenario)).await?;
        session.settled(&format!("#{scenario}")).await?;
        let late = element(scenario).replace(&format!("id=\"{scenario}\""), "id=late");
        session.run(&format!("document.body.insertAdjacentHTML('beforeend', `{late}`);")).await?;
        gets_answer_once(session, "late", state).await?;
        session.expect_requests(scenario, 1).await?;
    }
    Ok(())
}

async fn joined_and_changed(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    // At every point of the start of the widget.
    for microtasks in 0..8 {
        session
            .run(&format!(
                "const joins = document.createElement('zoho-backup-status');
                 joins.id = 'joins-{microtasks}';
                 joins.proxyUrl = widget().proxyUrl;
                 document.body.append(joins);
                 for (let i = 0; i < {microtasks}; i += 1) await null;
                 joins.label = 'changed';
                 await __clock.settle();
                 await __clock.settle();"
            ))
            .await?;
        let events = session.events().await?;
        let fired = events.iter().filter(|event| event.target == format!("joins-{microtasks}")).count();
        ensure!(
            fired == 1,
            "{fired} events instead of one where the label is changed after {microtasks} microtasks"
        );
    }
    session.expect_requests("scheduled", 1).await?;
    session.no_errors().await
}

async fn turned(session: &mut Session) -> Result<()> {
    for (scenario, state) in KNOWN {
        let idle = "<zoho-backup-status id=idle></zoho-backup-status>";
        session.open(Page::new(format!("{}{idle}", element(scenario)))).await?;
        session.settled(&format!("#{scenario}")).await?;
        session.run("await widget('#idle').ready; widget('#idle').data = { backup: null };").await?;
        session.shows("#idle", "none").await?;
        session
            .run(&format!(
                "widget('#idle').proxyUrl = '{}'; widget('#idle').data = null;",
                session.url(scenario)
            ))
            .await?;
        gets_answer_once(session, "idle", state).await?;
        session.expect_requests(scenario, 1).await?;
    }
    Ok(())
}

//! The custom states, as style sheets see them.

use anyhow::{Result, ensure};
use zoho_backup_core::reason::State;

use super::manifest::manifest;
use crate::page::Page;
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract state",
    "loading" => |session| is_state(session, State::Loading, "slow"),
    "none" => |session| is_state(session, State::None, "none"),
    "error" => |session| is_state(session, State::Error, "no-permission"),
    "stopped" => |session| is_state(session, State::Stopped, "stopped"),
    "running" => |session| is_state(session, State::Running, "running"),
    "failed" => |session| is_state(session, State::Failed, "failed"),
    "missed" => |session| is_state(session, State::Missed, "missed-then-scheduled"),
    "unknown" => |session| is_state(session, State::Unknown, "unknown-status"),
    "one-off" => |session| is_state(session, State::OneOff, "one-off"),
    "completed" => |session| is_state(session, State::Completed, "completed"),
    "scheduled" => |session| is_state(session, State::Scheduled, "scheduled"),
    "due" => |session| is_state(session, State::Due, "due"),
    "overdue" => |session| is_state(session, State::Overdue, "overdue"),
    "stale" => stale,
    "a state is removed with the next one, and with the element" => is_removed,
);

/// Those of the declared custom states that the element has.
async fn states(session: &Session) -> Result<Vec<String>> {
    let words = serde_json::to_string(&manifest().states)?;
    session.eval(&format!("{words}.filter((word) => w.matches(`:state(${{word}})`))")).await
}

async fn is_state(session: &mut Session, state: State, scenario: &str) -> Result<()> {
    session.open(Page::of(scenario)).await?;
    session.shows(&format!("#{scenario}"), state.name()).await?;
    session.run("window.w = widget();").await?;
    let found = states(session).await?;
    ensure!(found == [state.name()], "{found:?}");
    session.no_errors().await
}

async fn stale(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled").fake_clock()).await?;
    session.settled("#scheduled").await?;
    session.run("window.w = widget(); w.refreshInterval = 0;").await?;
    session.advance(611_000).await?;
    let found = states(session).await?;
    ensure!(found == ["scheduled", "stale"], "{found:?}");
    session.run("await w.refresh();").await?;
    let found = states(session).await?;
    ensure!(found == ["scheduled"], "{found:?}");
    session.no_errors().await
}

async fn is_removed(session: &mut Session) -> Result<()> {
    session.open(Page::of("scheduled")).await?;
    session.settled("#scheduled").await?;
    session.run("window.w = widget(); w.data = { backup: { status: 'FAILED' } };").await?;
    session.shows("#scheduled", "failed").await?;
    let found = states(session).await?;
    ensure!(found == ["failed"], "{found:?}");
    session.run("w.remove(); await 0;").await?;
    let found = states(session).await?;
    ensure!(found.is_empty(), "a removed element has the states {found:?}");
    session.no_errors().await
}

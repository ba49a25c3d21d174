//! The parts, for `::part()`.

use anyhow::{Result, ensure};

use crate::page::{Page, element, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract part",
    "card" => |session| part(session, "card", "scheduled"),
    "badge" => |session| part(session, "badge", "scheduled"),
    "icon" => |session| part(session, "icon", "scheduled"),
    "label" => |session| part(session, "label", "scheduled"),
    "countdown" => |session| part(session, "countdown", "scheduled"),
    "next-run" => |session| part(session, "next-run", "scheduled"),
    "schedule" => |session| part(session, "schedule", "scheduled"),
    "last-good" => |session| part(session, "last-good", "good"),
    "past-runs" => |session| part(session, "past-runs", "good"),
    "completed" => |session| past_run(session, "completed"),
    "passed" => |session| past_run(session, "passed"),
    "failed" => |session| past_run(session, "failed"),
    "missed" => |session| past_run(session, "missed"),
    "stopped" => |session| past_run(session, "stopped"),
    "not-watched" => |session| past_run(session, "not-watched"),
    "upcoming" => |session| part(session, "upcoming", "scheduled"),
    "details" => |session| part(session, "details", "scheduled"),
    "requester" => |session| part(session, "requester", "scheduled"),
    "requester-id" => |session| part(session, "requester-id", "scheduled"),
    "requester-zuid" => |session| part(session, "requester-zuid", "scheduled"),
    "first-run" => |session| part(session, "first-run", "scheduled"),
    "job" => |session| part(session, "job", "scheduled"),
    "reason" => |session| part(session, "reason", "scheduled"),
    "freshness" => |session| part(session, "freshness", "scheduled"),
    "notice" => |session| part(session, "notice", "no-permission"),
    "refresh" => |session| part(session, "refresh", "scheduled"),
    "outcome" => |session| part(session, "outcome", "scheduled"),
    "stale" => stale,
    "popover" => popover,
);

/// Checks that there is one such part, that it is visible, and that a host's style sheet applies to it.
async fn part(session: &mut Session, name: &str, scenario: &str) -> Result<()> {
    session.open(Page::new([style(name), element(scenario)].concat())).await?;
    session.settled(&format!("#{scenario}")).await?;
    session
        .run(
            "widget().shadowRoot.querySelector('[part=refresh]').click();
             for (const it of widget().shadowRoot.querySelectorAll('details')) it.open = true;",
        )
        .await?;
    is_styled(session, name).await
}

/// The same of the icon of a past run with this outcome, which a closed card shows.
async fn past_run(session: &mut Session, outcome: &str) -> Result<()> {
    session.open(Page::new([style(outcome), element("good")].concat())).await?;
    session.settled("#good").await?;
    let run = format!("{{ outcome: '{outcome}', ended: {{ by: '2026-11-26T02:00:00Z' }} }}");
    session.run(&format!("widget().data = {{ backup: null, history: {{ runs: [{run}] }} }};")).await?;
    session.wait("widget().verdict.backup === null").await?;
    is_styled(session, outcome).await
}

fn style(name: &str) -> String {
    format!("<style>zoho-backup-status::part({name}) {{ outline: 7px solid rgb(1, 2, 3) }}</style>")
}

async fn stale(session: &mut Session) -> Result<()> {
    session.open(Page::new([style("stale"), element("scheduled")].concat()).fake_clock()).await?;
    session.settled("#scheduled").await?;
    session.respond_as("scheduled", "internal-error")?;
    session.pass(1_200_000).await?;
    is_styled(session, "stale").await
}

async fn popover(session: &mut Session) -> Result<()> {
    let badge = element_with("w", "scheduled", "variant=badge");
    session.open(Page::new([style("popover"), badge].concat())).await?;
    session.settled("#w").await?;
    session.run("widget().shadowRoot.querySelector('[popovertarget]').click();").await?;
    session.wait("visible(parts(widget(), 'popover')[0])").await?;
    is_styled(session, "popover").await
}

async fn is_styled(session: &Session, name: &str) -> Result<()> {
    let found: Vec<(bool, String)> = session
        .eval(&format!(
            "parts(widget(), '{name}').map((part) => [visible(part), getComputedStyle(part).outlineWidth])"
        ))
        .await?;
    ensure!(found == [(true, "7px".to_owned())], "visible and styled: {found:?}");
    session.no_errors().await
}

//! Every scenario of the sandbox, on one page: what the widget makes of it.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use crate::page::{Page, element};
use crate::runner::Test;
use crate::session::Session;

pub const TESTS: &[Test] = crate::tests!("scenarios",
    "each shows the state, tone and fault of its row" => each_shows_its_row,
);

/// What the widget must make of a scenario.
struct Row {
    scenario: &'static str,
    state: &'static str,
    tone: &'static str,
    fault: Option<&'static str>,
    countdown: bool,
}

const fn row(scenario: &'static str, state: &'static str, tone: &'static str) -> Row {
    Row { scenario, state, tone, fault: None, countdown: false }
}

const fn counts(scenario: &'static str, state: &'static str, tone: &'static str) -> Row {
    Row { countdown: true, ..row(scenario, state, tone) }
}

const fn fault(scenario: &'static str, kind: &'static str) -> Row {
    Row { fault: Some(kind), ..row(scenario, "error", "warning") }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    counts("scheduled", "scheduled", "good"),
    counts("scheduled-soon", "scheduled", "good"),
    counts("due", "due", "info"),
    counts("overdue", "overdue", "warning"),
    row("running", "running", "info"),
    counts("completed", "completed", "good"),
    row("completed-last", "completed", "good"),
    row("completed-passed", "completed", "neutral"),
    counts("finished", "completed", "good"),
    counts("failed", "failed", "bad"),
    row("failed-no-next", "failed", "bad"),
    counts("payment-failed", "failed", "bad"),
    row("stopped", "stopped", "warning"),
    row("stopped-no-date", "stopped", "warning"),
    row("one-off", "one-off", "info"),
    row("one-off-completed", "one-off", "info"),
    row("no-date", "scheduled", "neutral"),
    row("malformed-date", "scheduled", "neutral"),
    counts("unknown-status", "unknown", "warning"),
    counts("no-status", "unknown", "warning"),
    counts("malformed-status", "unknown", "warning"),
    counts("odd-dates", "scheduled", "good"),
    counts("hostile-text", "scheduled", "good"),

    row("none", "none", "warning"),
    row("empty", "none", "warning"),
    row("empty-object", "none", "warning"),
    row("null-backup", "none", "warning"),

    fault("truncated", "not-json"),
    fault("html", "html"),
    fault("backup-list", "malformed"),
    fault("backup-text", "malformed"),
    fault("list", "malformed"),
    fault("invalid-url-pattern", "invalid-url-pattern"),
    fault("scope-mismatch", "scope-mismatch"),
    fault("no-permission", "no-permission"),
    fault("internal-error", "internal-error"),
    fault("invalid-request-method", "invalid-request-method"),
    fault("invalid-token", "invalid-token"),
    fault("authentication-failure", "authentication-failure"),
    fault("nested-error", "no-permission"),
    fault("error-with-200", "invalid-token"),
    fault("unknown-code", "api-error"),
    fault("unauthorized", "unauthorized"),
    fault("forbidden", "forbidden"),
    fault("not-found", "not-found"),
    fault("bad-gateway", "server-error"),
    fault("gone", "http-error"),
    fault("rate-limited", "rate-limited"),
    fault("rate-limited-retry-after", "rate-limited"),
    fault("too-large", "too-large"),
    fault("slow", "timed-out"),
    fault("dropped", "unreachable"),
    fault("redirect", "redirected"),
    fault("no-cors", "unreachable"),
];

async fn each_shows_its_row(session: &mut Session) -> Result<()> {
    covers_the_sandbox()?;
    let elements: String = ROWS.iter().map(|row| element(row.scenario)).collect();
    session.open(Page::new(elements)).await?;

    println!("scenario | state | tone | fault | shown");
    let mut wrong = Vec::new();
    for row in ROWS {
        if let Err(error) = shows(session, row).await {
            wrong.push(format!("{}: {error:#}", row.scenario));
        }
    }
    println!("{} scenarios", ROWS.len());
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));

    let followed = session.api()?.record().all();
    let followed = followed.iter().any(|request| request.path == sandbox::scenarios::SIGN_IN);
    ensure!(!followed, "the redirect was followed to the sign-in page");
    session.no_errors().await
}

fn covers_the_sandbox() -> Result<()> {
    let expected: BTreeSet<_> = ROWS.iter().map(|row| row.scenario).collect();
    let played: BTreeSet<_> = sandbox::SCENARIOS.iter().map(|scenario| scenario.name).collect();
    let missing: Vec<_> = played.difference(&expected).collect();
    let surplus: Vec<_> = expected.difference(&played).collect();
    ensure!(missing.is_empty(), "no expectation for the sandbox's {missing:?}: add a row for each");
    ensure!(surplus.is_empty(), "the sandbox does not play {surplus:?}: remove these rows");
    ensure!(ROWS.len() == expected.len(), "a scenario has two rows");
    Ok(())
}

async fn shows(session: &Session, row: &Row) -> Result<()> {
    let selector = format!("#{}", row.scenario);
    let verdict = session.settled(&selector).await?;
    let badge = session.text(&selector, "badge").await?;
    let countdown = session.text(&selector, "countdown").await?;
    println!(
        "{} | {} | {} | {} | {} | {}",
        row.scenario,
        verdict.state,
        verdict.tone,
        verdict.fault_kind().unwrap_or("–"),
        badge.as_deref().unwrap_or("–"),
        countdown.as_deref().unwrap_or("–"),
    );
    let found = (verdict.state.as_str(), verdict.tone.as_str(), verdict.fault_kind());
    let expected = (row.state, row.tone, row.fault);
    ensure!(found == expected, "expected {expected:?}, found {found:?}");
    ensure!(badge.is_some(), "the badge shows no text");
    match row.countdown {
        true => ensure!(countdown.is_some(), "no countdown is shown"),
        false => ensure!(countdown.is_none(), "a countdown is shown: {countdown:?}"),
    }
    ensure!(!verdict.stale, "a first answer is not stale");
    ensure!(!verdict.reason.is_empty(), "the verdict gives no reason");
    Ok(())
}

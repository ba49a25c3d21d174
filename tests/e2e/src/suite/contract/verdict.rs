//! The rows of the verdict table: the verdict for each scenario of the sandbox.

use anyhow::{Result, ensure};

use crate::page::{Page, element};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("contract verdict",
    "no reply yet" => no_reply_yet,
    "204 and {\"backup\":null}" => |session| each_shows_its_row(session, NONE),
    "a fault, and nothing good before" => |session| each_shows_its_row(session, FAULTS),
    "STOPPED" => |session| each_shows_its_row(session, STOPPED),
    "INPROGRESS" => |session| each_shows_its_row(session, RUNNING),
    "FAILED and PAYMENT_FAILED" => |session| each_shows_its_row(session, FAILED),
    "status absent, malformed or another word" => |session| each_shows_its_row(session, UNKNOWN),
    "neither rule nor date" => |session| each_shows_its_row(session, ONE_OFF),
    "COMPLETED and FINISHED" => |session| each_shows_its_row(session, COMPLETED),
    "SCHEDULED, next in the future" => |session| each_shows_its_row(session, SCHEDULED),
    "SCHEDULED, date absent or malformed" => |session| each_shows_its_row(session, NO_DATE),
    "SCHEDULED, next passed, within overdue-after" => |session| each_shows_its_row(session, DUE),
    "SCHEDULED, next passed beyond overdue-after" => |session| each_shows_its_row(session, OVERDUE),
);

/// The expected verdict for a scenario.
#[derive(Clone, Copy)]
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

const SCHEDULED: &[Row] = &[
    counts("scheduled", "scheduled", "good"),
    counts("scheduled-soon", "scheduled", "good"),
    counts("odd-dates", "scheduled", "good"),
    counts("hostile-text", "scheduled", "good"),
    counts("flapping", "scheduled", "good"),
    counts("contradiction", "scheduled", "neutral"),
    counts("good", "scheduled", "good"),
    counts("passed", "scheduled", "good"),
    counts("recovered", "scheduled", "good"),
    counts("failed-then-scheduled", "failed", "bad"),
    counts("missed-then-scheduled", "missed", "warning"),
    counts("not-watched", "scheduled", "good"),
    counts("month", "scheduled", "good"),
];
const NO_DATE: &[Row] =
    &[row("no-date", "scheduled", "neutral"), row("malformed-date", "scheduled", "neutral")];
const DUE: &[Row] = &[counts("due", "due", "info")];
const OVERDUE: &[Row] = &[counts("overdue", "overdue", "warning")];
const RUNNING: &[Row] = &[
    row("running", "running", "info"),
    row("running-long", "running", "warning"),
    row("running-after-failure", "running", "bad"),
];
const COMPLETED: &[Row] = &[
    counts("completed", "completed", "good"),
    row("completed-last", "completed", "good"),
    row("completed-passed", "completed", "neutral"),
    row("completed-long-passed", "completed", "warning"),
    row("completed-no-date", "completed", "neutral"),
    counts("finished", "completed", "good"),
    counts("completed-between", "completed", "good"),
];
const FAILED: &[Row] = &[
    counts("failed", "failed", "bad"),
    row("failed-passed", "failed", "bad"),
    row("failed-no-next", "failed", "bad"),
    counts("payment-failed", "failed", "bad"),
    row("payment-failed-passed", "failed", "bad"),
];
const STOPPED: &[Row] = &[row("stopped", "stopped", "warning"), row("stopped-no-date", "stopped", "warning")];
const ONE_OFF: &[Row] = &[row("one-off", "one-off", "info"), row("one-off-completed", "one-off", "info")];
const UNKNOWN: &[Row] = &[
    counts("unknown-status", "unknown", "warning"),
    counts("no-status", "unknown", "warning"),
    counts("malformed-status", "unknown", "warning"),
];
const NONE: &[Row] = &[
    row("none", "none", "warning"),
    row("null-backup", "none", "warning"),
    row("nothing-scheduled", "none", "warning"),
];
const FAULTS: &[Row] = &[
    fault("truncated", "not-json"),
    fault("empty", "empty"),
    fault("empty-object", "malformed"),
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
    fault("rate-limited-retry-date", "rate-limited"),
    fault("unavailable", "server-error"),
    fault("too-large", "too-large"),
    fault("slow", "timed-out"),
    fault("dropped", "unreachable"),
    fault("reset", "unreachable"),
    fault("cut-off", "unreachable"),
    fault("dripping", "timed-out"),
    fault("stalled", "timed-out"),
    fault("redirect", "redirected"),
    fault("no-cors", "unreachable"),
];

/// Every row of the table that has a scenario.
const ALL: [&[Row]; 12] =
    [NONE, FAULTS, STOPPED, RUNNING, FAILED, UNKNOWN, ONE_OFF, COMPLETED, SCHEDULED, NO_DATE, DUE, OVERDUE];

/// Every scenario of the sandbox.
pub fn every_scenario() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().flatten().map(|row| row.scenario)
}

async fn each_shows_its_row(session: &mut Session, rows: &[Row]) -> Result<()> {
    let elements: String = rows.iter().map(|row| element(row.scenario)).collect();
    session.open(Page::new(elements)).await?;

    session.note("scenario | state | tone | fault | shown");
    let mut wrong = Vec::new();
    for row in rows {
        if let Err(error) = shows(session, row).await {
            wrong.push(format!("{}: {error:#}", row.scenario));
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));

    let followed = session.api()?.record().all();
    let followed = followed.iter().any(|request| request.path == sandbox::scenarios::SIGN_IN);
    ensure!(!followed, "the redirect was followed to the sign-in page");
    session.no_errors().await
}

async fn no_reply_yet(session: &mut Session) -> Result<()> {
    session.open(Page::of("slow")).await?;
    session.shows("#slow", "loading").await?;
    let tone: String = session.eval("widget().verdict.tone").await?;
    ensure!(tone == "neutral", "the tone is {tone}");
    ensure!(
        session.text("#slow", "badge").await?.as_deref() == Some("Checking"),
        "the badge does not say so"
    );
    ensure!(session.text("#slow", "countdown").await?.is_none(), "a countdown is shown");
    session.no_errors().await
}

async fn shows(session: &Session, row: &Row) -> Result<()> {
    let selector = format!("#{}", row.scenario);
    let verdict = session.settled(&selector).await?;
    let badge = session.text(&selector, "badge").await?;
    let countdown = session.text(&selector, "countdown").await?;
    session.note(format!(
        "{} | {} | {} | {} | {} | {}",
        row.scenario,
        verdict.state,
        verdict.tone,
        verdict.fault_kind().unwrap_or("–"),
        badge.as_deref().unwrap_or("–"),
        countdown.as_deref().unwrap_or("–")
    ));
    let found = (verdict.state.as_str(), verdict.tone.as_str(), verdict.fault_kind());
    let expected = (row.state, row.tone, row.fault);
    ensure!(found == expected, "expected {expected:?}, found {found:?}");
    ensure!(badge.is_some(), "the badge shows no text");
    match row.countdown {
        true => ensure!(countdown.is_some(), "no countdown is shown"),
        false => ensure!(countdown.is_none(), "a countdown is shown: {countdown:?}"),
    }
    ensure!(!verdict.stale, "a first answer is stale");
    ensure!(!verdict.reason.is_empty(), "the verdict gives no reason");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_scenario_of_the_sandbox_has_one_row() {
        let all = ALL.concat();
        let expected: BTreeSet<_> = all.iter().map(|row| row.scenario).collect();
        let played: BTreeSet<_> = sandbox::SCENARIOS.iter().map(|scenario| scenario.name).collect();
        assert_eq!(expected, played);
        assert_eq!(all.len(), expected.len(), "a scenario has two rows");
    }
}

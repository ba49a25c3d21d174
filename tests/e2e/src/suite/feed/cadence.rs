//! When a feed sends requests while all is well, and which widgets share it.

use anyhow::{Context, Result, ensure};

use crate::page::{element, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};

pub const TESTS: &[Test] = tests!("feed",
    "a changed refresh-interval counts from the last request" => interval_changed,
    "two widgets of one URL share the shorter interval until its widget is removed" => shorter_interval,
    "50 widgets of one URL send one request per interval" => fifty_widgets,
    "different credentials make different feeds" => credentials_apart,
    "an account that does not answer delays no other" => independent,
    "a running backup is checked every minute" => running,
    "a feed ends with its last widget" => ends,
);

pub const REFRESH_INTERVAL: &[Test] = tests!("contract attribute",
    "refresh-interval: 300 seconds by default" => default_interval,
    "refresh-interval: 30 seconds" => interval_of_30,
    "refresh-interval: 5 becomes the minimum of 30, with one warning" => interval_below_the_bound,
    "refresh-interval: 86400 becomes the maximum of 21600, with one warning" => interval_above_the_bound,
    "refresh-interval: 0 sends requests on refresh() only" => interval_of_0,
);

/// Waits until the widget shows an answer that was read at the current time of the fake clock.
async fn read_now(session: &Session, selector: &str) -> Result<()> {
    session
        .wait(&format!(
            "widget('{selector}').verdict.checkedAt === new Date().toISOString().replace(/[.]\\d+/, '')"
        ))
        .await
        .with_context(|| format!("{selector} has not read an answer at this moment"))
}

/// Checks that a request is sent after each interval, in milliseconds, and not before.
async fn requests_every(session: &Session, selector: &str, interval: i64) -> Result<()> {
    session.settled(selector).await?;
    for times in 1..=3 {
        session.advance(interval - 1).await?;
        session.expect_requests("scheduled", times).await?;
        session.advance(1).await?;
        session.expect_requests("scheduled", times + 1).await?;
        read_now(session, selector).await?;
    }
    session.no_errors().await
}

async fn default_interval(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element("scheduled")]).await?;
    requests_every(session, "#scheduled", 300_000).await
}

async fn interval_of_30(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "refresh-interval=30")]).await?;
    requests_every(session, "#w", 30_000).await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    Ok(())
}

async fn interval_below_the_bound(session: &mut Session) -> Result<()> {
    bounded(session, "5", 30).await
}

async fn interval_above_the_bound(session: &mut Session) -> Result<()> {
    bounded(session, "86400", 21_600).await
}

/// Checks that another interval is used than the one given, and that one warning says so.
async fn bounded(session: &mut Session, given: &str, used: i64) -> Result<()> {
    let attribute = format!("refresh-interval={given}");
    session.open_with_fake_clock([element_with("w", "scheduled", &attribute)]).await?;
    requests_every(session, "#w", used * 1_000).await?;
    let console = session.console().await?;
    session.note(format!("console: {console:?}"));
    let [warning] = console.as_slice() else { anyhow::bail!("{} messages: {console:?}", console.len()) };
    for part in
        ["warn: ", "zoho-backup-status", "refresh-interval", &format!("\"{given}\""), &used.to_string()]
    {
        ensure!(warning.contains(part), "the warning does not say {part}");
    }
    Ok(())
}

async fn interval_of_0(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "refresh-interval=0")]).await?;
    session.settled("#w").await?;
    session.advance(86_400_000).await?;
    session.expect_requests("scheduled", 1).await?;
    session.run("await widget().refresh();").await?;
    session.expect_requests("scheduled", 2).await?;
    session.advance(86_400_000).await?;
    session.expect_requests("scheduled", 2).await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn interval_changed(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element("scheduled")]).await?;
    session.settled("#scheduled").await?;
    session.advance(40_000).await?;
    session.run("widget().refreshInterval = 60;").await?;
    session.advance(19_999).await?;
    session.expect_requests("scheduled", 1).await?;
    session.advance(1).await?;
    session.expect_requests("scheduled", 2).await?;
    read_now(session, "#scheduled").await?;
    session.advance(50_000).await?;
    session.run("widget().refreshInterval = 30;").await?;
    session.advance(0).await?;
    session.expect_requests("scheduled", 3).await?;
    session.no_errors().await
}

async fn shorter_interval(session: &mut Session) -> Result<()> {
    let long = element_with("long", "scheduled", "refresh-interval=100");
    let short = element_with("short", "scheduled", "refresh-interval=40");
    session.open_with_fake_clock([long, short]).await?;
    session.settled("#long").await?;
    session.settled("#short").await?;
    for times in 1..=3 {
        session.advance(39_999).await?;
        session.expect_requests("scheduled", times).await?;
        session.advance(1).await?;
        session.expect_requests("scheduled", times + 1).await?;
        read_now(session, "#long").await?;
        read_now(session, "#short").await?;
    }
    session.run("widget('#short').remove();").await?;
    session.advance(99_999).await?;
    session.expect_requests("scheduled", 4).await?;
    session.advance(1).await?;
    session.expect_requests("scheduled", 5).await?;
    read_now(session, "#long").await?;
    session.no_errors().await
}

async fn credentials_apart(session: &mut Session) -> Result<()> {
    let elements = [
        element_with("omit", "scheduled", "credentials=omit"),
        element_with("include", "scheduled", "credentials=include"),
        element_with("same", "scheduled", ""),
        element_with("also-same", "scheduled", "credentials=same-origin"),
    ];
    session.open_with_fake_clock(elements).await?;
    for selector in ["#omit", "#include", "#same", "#also-same"] {
        session.settled(selector).await?;
    }
    session.expect_requests("scheduled", 3).await?;
    session.advance(300_000).await?;
    session.expect_requests("scheduled", 6).await?;
    session.no_errors().await
}

async fn ends(session: &mut Session) -> Result<()> {
    session
        .open_with_fake_clock([element_with("a", "scheduled", ""), element_with("b", "scheduled", "")])
        .await?;
    session.settled("#a").await?;
    session.settled("#b").await?;
    session.run("widget('#a').remove();").await?;
    session.advance(300_000).await?;
    session.expect_requests("scheduled", 2).await?;
    read_now(session, "#b").await?;
    session.run("widget('#b').remove();").await?;
    session.advance(86_400_000).await?;
    session.expect_requests("scheduled", 2).await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    session.no_errors().await
}

async fn fifty_widgets(session: &mut Session) -> Result<()> {
    let elements: String =
        (0..50).map(|number| element_with(&format!("w{number}"), "scheduled", "")).collect();
    session.open_with_fake_clock([elements]).await?;
    for number in 0..50 {
        session.settled(&format!("#w{number}")).await?;
    }
    let first = session.requests("scheduled")?;
    session.pass(5 * 300_000).await?;
    let all = session.requests("scheduled")?;
    session.note(format!("50 widgets: {first} request at first, {} in 5 cycles", all - first));
    session.expect_requests("scheduled", 6).await?;
    let events = session.events().await?;
    let changes = events.iter().filter(|event| event.name == "backup-status-change").count();
    ensure!(changes == 50, "{changes} changes instead of one for each widget");
    ensure!(events.len() - changes == 6 * 50, "{} updates instead of six", events.len() - changes);
    session.no_errors().await
}

async fn independent(session: &mut Session) -> Result<()> {
    session
        .open_with_fake_clock([element_with("stuck", "stalled", ""), element_with("well", "scheduled", "")])
        .await?;
    session.settled("#well").await?;
    let stuck: bool = session.eval("widget('#stuck').verdict.state === 'loading'").await?;
    ensure!(stuck, "the account that does not answer has a verdict");
    for _ in 0..3 {
        session.advance(300_000).await?;
        read_now(session, "#well").await?;
    }
    session.expect_requests("scheduled", 4).await?;
    let fault: String = session.eval("widget('#stuck').verdict.fault.kind").await?;
    ensure!(fault == "timed-out", "the other shows {fault}");
    session.no_errors().await
}

async fn running(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "running", "")]).await?;
    session.settled("#w").await?;
    session.pass(5 * 60_000).await?;
    session.expect_requests("running", 6).await?;
    session.respond_as("running", "scheduled")?;
    session.pass(60_000).await?;
    session.shows("#w", "scheduled").await?;
    session.pass(299_999).await?;
    session.expect_requests("running", 7).await?;
    session.pass(1).await?;
    session.expect_requests("running", 8).await?;
    session.no_errors().await
}

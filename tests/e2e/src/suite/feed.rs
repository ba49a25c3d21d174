//! A feed over time: when it asks, when it ends, and what the widgets make of answers that age.

use anyhow::{Context, Result, ensure};

use crate::page::{Page, element, path};
use crate::runner::Test;
use crate::session::{Session, Verdict};

pub const TESTS: &[Test] = crate::tests!("feed",
    "a changed refresh-interval counts from the last request" => interval_changed,
    "two widgets of one URL ask at the shorter interval, until its widget has left" => shorter_interval,
    "different credentials are two feeds" => credentials_apart,
    "it ends with its last widget" => ends,
    "a run that fresh answers still call scheduled is overdue" => overdue,
);

pub const REFRESH_INTERVAL: &[Test] = crate::tests!("contract attribute",
    "refresh-interval: 300 seconds by default" => default_interval,
    "refresh-interval: 30 seconds" => interval_of_30,
    "refresh-interval: 5 is the bound of 30, with one warning" => interval_below_the_bound,
    "refresh-interval: 0 asks on refresh() alone" => interval_of_0,
);

pub const VERDICTS: &[Test] = crate::tests!("contract verdict",
    "SCHEDULED, next passed beyond overdue-after, not read since" => not_read_since_due,
    "a fault after a good answer keeps it, and is told at once, once to each widget" => fault_keeps_state,
    "stale after two intervals and ten seconds of failures, and fresh with the next answer" => stale_and_fresh,
    "unknown after a day of failures" => unknown_after_a_day,
);

/// A widget of this id for this scenario, with these attributes besides.
fn one(id: &str, scenario: &str, attributes: &str) -> String {
    let path = path(scenario);
    format!("<zoho-backup-status id={id} proxy-url=\"{{api}}{path}\" {attributes}></zoho-backup-status>\n")
}

async fn open<const N: usize>(session: &Session, elements: [String; N]) -> Result<()> {
    session.open(Page::new(elements.concat()).fake_clock()).await
}

async fn asked(session: &Session, scenario: &str, times: usize) -> Result<()> {
    session.barrier().await?;
    let found = session.requests(scenario)?;
    ensure!(found == times, "{scenario} was asked for {found} times instead of {times}");
    Ok(())
}

/// Waits until the widget shows an answer that was read at the present moment of the still clock.
async fn read_now(session: &Session, selector: &str) -> Result<()> {
    session
        .wait(&format!(
            "widget('{selector}').verdict.checkedAt === new Date().toISOString().replace(/[.]\\d+/, '')"
        ))
        .await
        .with_context(|| format!("{selector} has not read an answer at this moment"))
}

/// How many events of this name this widget has fired.
async fn fired(session: &Session, name: &str, id: &str) -> Result<usize> {
    session.barrier().await?;
    let events = session.events().await?;
    Ok(events
        .iter()
        .filter(|event| event.name == format!("backup-status-{name}") && event.target == id)
        .count())
}

async fn verdict(session: &Session, selector: &str) -> Result<Verdict> {
    session.eval(&format!("widget('{selector}').verdict")).await
}

/// Asks at each interval, in so many milliseconds, and not before.
async fn asks_every(session: &Session, selector: &str, interval: i64) -> Result<()> {
    session.settled(selector).await?;
    for times in 1..=3 {
        session.advance(interval - 1).await?;
        asked(session, "scheduled", times).await?;
        session.advance(1).await?;
        asked(session, "scheduled", times + 1).await?;
        read_now(session, selector).await?;
    }
    session.no_errors().await
}

async fn default_interval(session: &mut Session) -> Result<()> {
    open(session, [element("scheduled")]).await?;
    asks_every(session, "#scheduled", 300_000).await
}

async fn interval_of_30(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "refresh-interval=30")]).await?;
    asks_every(session, "#w", 30_000).await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    Ok(())
}

async fn interval_below_the_bound(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "refresh-interval=5")]).await?;
    asks_every(session, "#w", 30_000).await?;
    let console = session.console().await?;
    println!("        console: {console:?}");
    let [warning] = console.as_slice() else { anyhow::bail!("{} messages: {console:?}", console.len()) };
    for part in ["warn: ", "zoho-backup-status", "refresh-interval", "\"5\"", "30"] {
        ensure!(warning.contains(part), "the warning does not say {part}");
    }
    Ok(())
}

async fn interval_of_0(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "refresh-interval=0")]).await?;
    session.settled("#w").await?;
    session.advance(86_400_000).await?;
    asked(session, "scheduled", 1).await?;
    session.run("await widget().refresh();").await?;
    asked(session, "scheduled", 2).await?;
    session.advance(86_400_000).await?;
    asked(session, "scheduled", 2).await?;
    let console = session.console().await?;
    ensure!(console.is_empty(), "{console:?}");
    session.no_errors().await
}

async fn interval_changed(session: &mut Session) -> Result<()> {
    open(session, [element("scheduled")]).await?;
    session.settled("#scheduled").await?;
    session.advance(40_000).await?;
    session.run("widget().refreshInterval = 60;").await?;
    session.advance(19_999).await?;
    asked(session, "scheduled", 1).await?;
    session.advance(1).await?;
    asked(session, "scheduled", 2).await?;
    read_now(session, "#scheduled").await?;
    session.advance(50_000).await?;
    session.run("widget().refreshInterval = 30;").await?;
    session.advance(0).await?;
    asked(session, "scheduled", 3).await?;
    session.no_errors().await
}

async fn shorter_interval(session: &mut Session) -> Result<()> {
    let long = one("long", "scheduled", "refresh-interval=100");
    let short = one("short", "scheduled", "refresh-interval=40");
    open(session, [long, short]).await?;
    session.settled("#long").await?;
    session.settled("#short").await?;
    for times in 1..=3 {
        session.advance(39_999).await?;
        asked(session, "scheduled", times).await?;
        session.advance(1).await?;
        asked(session, "scheduled", times + 1).await?;
        read_now(session, "#long").await?;
        read_now(session, "#short").await?;
    }
    session.run("widget('#short').remove();").await?;
    session.advance(99_999).await?;
    asked(session, "scheduled", 4).await?;
    session.advance(1).await?;
    asked(session, "scheduled", 5).await?;
    read_now(session, "#long").await?;
    session.no_errors().await
}

async fn credentials_apart(session: &mut Session) -> Result<()> {
    let elements = [
        one("omit", "scheduled", "credentials=omit"),
        one("include", "scheduled", "credentials=include"),
        one("same", "scheduled", ""),
        one("also-same", "scheduled", "credentials=same-origin"),
    ];
    open(session, elements).await?;
    for selector in ["#omit", "#include", "#same", "#also-same"] {
        session.settled(selector).await?;
    }
    asked(session, "scheduled", 3).await?;
    session.advance(300_000).await?;
    asked(session, "scheduled", 6).await?;
    session.no_errors().await
}

async fn ends(session: &mut Session) -> Result<()> {
    open(session, [one("a", "scheduled", ""), one("b", "scheduled", "")]).await?;
    session.settled("#a").await?;
    session.settled("#b").await?;
    session.run("widget('#a').remove();").await?;
    session.advance(300_000).await?;
    asked(session, "scheduled", 2).await?;
    read_now(session, "#b").await?;
    session.run("widget('#b').remove();").await?;
    session.advance(86_400_000).await?;
    asked(session, "scheduled", 2).await?;
    session.wait("(await __clock.advance(0), __clock.pending() === 0)").await?;
    session.no_errors().await
}

async fn fault_keeps_state(session: &mut Session) -> Result<()> {
    let one = |id| one(id, "scheduled", "refresh-interval=30");
    open(session, [one("a"), one("b")]).await?;
    let good = session.settled("#a").await?;
    session.settled("#b").await?;

    session.answer_as("scheduled", "internal-error")?;
    session.advance(30_000).await?;
    for (id, selector) in [("a", "#a"), ("b", "#b")] {
        session.wait(&format!("widget('{selector}').verdict.fault")).await?;
        let now = verdict(session, selector).await?;
        ensure!(now.fault_kind() == Some("internal-error"), "{now:?}");
        ensure!(Verdict { fault: None, ..now.clone() } == good, "{now:?} is not {good:?} with a fault");
        ensure!(fired(session, "error", id).await? == 1, "not one backup-status-error of {id}");
        ensure!(fired(session, "change", id).await? == 1, "not one backup-status-change of {id}");
        ensure!(session.text(selector, "notice").await?.is_some(), "{id} does not show the failure");
        ensure!(session.text(selector, "countdown").await?.is_some(), "{id} has lost its countdown");
    }

    // Each failed request is told.
    session.advance(30_000).await?;
    session.wait("__record.events.filter(({ type }) => type === 'backup-status-error').length >= 4").await?;
    for id in ["a", "b"] {
        ensure!(fired(session, "error", id).await? == 2, "not two backup-status-error of {id}");
    }
    session.no_errors().await
}

async fn stale_and_fresh(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "refresh-interval=30")]).await?;
    let good = session.settled("#w").await?;
    let fresh = session.text("#w", "freshness").await?.context("no freshness is shown")?;

    session.answer_as("scheduled", "internal-error")?;
    failures(session, 1..=2, 30_000).await?;
    session.advance(10_000).await?;
    let last = verdict(session, "#w").await?;
    ensure!(!last.stale && last.tone == "good", "stale before its time: {last:?}");
    session.advance(1_000).await?;
    let stale = verdict(session, "#w").await?;
    ensure!(stale.stale && stale.state == "scheduled" && stale.tone == "neutral", "{stale:?}");
    ensure!(stale.checked_at == good.checked_at && stale.next_run == good.next_run, "{stale:?}");
    ensure!(fired(session, "change", "w").await? == 2, "becoming stale is one change");
    let text = session.text("#w", "freshness").await?.context("no freshness is shown")?;
    println!("        {fresh} → {text}");
    ensure!(text.starts_with("Not current: last read "), "the freshness says {text}");
    failures(session, 3..=3, 19_000).await?;
    ensure!(fired(session, "change", "w").await? == 2, "a failure while stale is no change");

    session.answer_as("scheduled", "scheduled")?;
    session.advance(30_000).await?;
    read_now(session, "#w").await?;
    let again = verdict(session, "#w").await?;
    ensure!(!again.stale && again.tone == "good" && again.fault.is_none(), "{again:?}");
    ensure!(fired(session, "change", "w").await? == 3, "becoming fresh is one change");
    ensure!(fired(session, "error", "w").await? == 3, "not one backup-status-error for each failure");
    ensure!(session.text("#w", "notice").await?.is_none(), "the failure is still shown");
    let text = session.text("#w", "freshness").await?.context("no freshness is shown")?;
    ensure!(!text.contains("Not current"), "the freshness still says {text}");
    session.no_errors().await
}

/// Lets so many milliseconds pass before each of these failures, and waits for it. The first failure has number 1.
async fn failures(
    session: &Session,
    numbers: std::ops::RangeInclusive<usize>,
    milliseconds: i64,
) -> Result<()> {
    for number in numbers {
        session.advance(milliseconds).await?;
        session
            .wait(&format!(
                "__record.events.filter(({{ type }}) => type === 'backup-status-error').length >= {number}"
            ))
            .await?;
    }
    Ok(())
}

async fn unknown_after_a_day(session: &mut Session) -> Result<()> {
    open(session, [one("w", "scheduled", "refresh-interval=3600")]).await?;
    let good = session.settled("#w").await?;
    session.answer_as("scheduled", "internal-error")?;
    failures(session, 1..=24, 3_600_000).await?;
    let last = verdict(session, "#w").await?;
    ensure!(last.state == "scheduled" && last.stale, "unknown before its time: {last:?}");
    session.advance(1_000).await?;
    let unknown = verdict(session, "#w").await?;
    let found = (unknown.state.as_str(), unknown.tone.as_str(), unknown.reason_code.as_str());
    ensure!(found == ("unknown", "warning", "too-old"), "{unknown:?}");
    ensure!(unknown.stale && unknown.checked_at == good.checked_at, "{unknown:?}");
    ensure!(fired(session, "change", "w").await? == 3, "first answer, stale, unknown are three changes");

    session.answer_as("scheduled", "scheduled")?;
    session.advance(3_599_000).await?;
    read_now(session, "#w").await?;
    let again = verdict(session, "#w").await?;
    ensure!(again.state == "scheduled" && again.tone == "good" && !again.stale, "{again:?}");
    ensure!(fired(session, "change", "w").await? == 4, "the return is one change");
    session.no_errors().await
}

/// Opens a page whose widget's run is due in 90 seconds and overdue 120 seconds later, by answers that never change.
async fn soon(session: &Session) -> Result<()> {
    session.answer_as("scheduled-soon", "scheduled-soon")?;
    open(session, [one("w", "scheduled-soon", "refresh-interval=30 overdue-after=120")]).await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "scheduled", "{verdict:?}");
    Ok(())
}

async fn not_read_since_due(session: &mut Session) -> Result<()> {
    soon(session).await?;
    session.answer_as("scheduled-soon", "internal-error")?;
    failures(session, 1..=3, 30_000).await?;
    let due = verdict(session, "#w").await?;
    ensure!(due.state == "due" && due.tone == "info" && due.stale, "{due:?}");
    failures(session, 4..=8, 30_000).await?;
    let unknown = verdict(session, "#w").await?;
    let found = (unknown.state.as_str(), unknown.tone.as_str(), unknown.reason_code.as_str());
    ensure!(found == ("unknown", "warning", "not-read-since-due"), "{unknown:?}");
    println!("        {}", unknown.reason);
    ensure!(session.text("#w", "countdown").await?.is_none(), "a countdown is shown");
    ensure!(fired(session, "due", "w").await? == 1, "the run came due once");
    ensure!(fired(session, "change", "w").await? == 4, "first answer, stale, due, unknown are four changes");
    session.no_errors().await
}

async fn overdue(session: &mut Session) -> Result<()> {
    soon(session).await?;
    for seconds in (30..=240).step_by(30) {
        session.advance(30_000).await?;
        read_now(session, "#w").await?;
        let now = verdict(session, "#w").await?;
        let expected = match seconds {
            ..90 => ("scheduled", "good"),
            90..210 => ("due", "info"),
            _ => ("overdue", "warning"),
        };
        ensure!((now.state.as_str(), now.tone.as_str()) == expected, "after {seconds} s: {now:?}");
        ensure!(!now.stale && now.fault.is_none(), "{now:?}");
    }
    let countdown = session.text("#w", "countdown").await?.context("no countdown is shown")?;
    println!("        {countdown}");
    ensure!(fired(session, "due", "w").await? == 1, "the run came due once");
    ensure!(fired(session, "change", "w").await? == 3, "first answer, due, overdue are three changes");
    session.no_errors().await
}

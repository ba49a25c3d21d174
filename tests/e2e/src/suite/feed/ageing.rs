//! Answers that age.

use anyhow::{Context, Result, ensure};
use sandbox::WireResponse;
use sandbox::scenarios::find;

use crate::page::{Page, element_with};
use crate::session::Session;
use crate::test_case::{Test, tests};
use crate::verdict::Verdict;

pub const TESTS: &[Test] = tests!("feed",
    "a run that fresh answers still call SCHEDULED becomes overdue" => overdue,
    "the age of an answer grows minute by minute" => age_counts_on,
    "an old answer of a cache is stale at once" => old_answer_of_a_cache,
    "an Age counts without a readable Date, and of several values the first" => age_alone,
);

pub const VERDICTS: &[Test] = tests!("contract verdict",
    "SCHEDULED, next passed beyond overdue-after, not read since" => not_read_since_due,
    "a fault after a good answer keeps the answer, and each widget fires one error at once" => fault_keeps_state,
    "stale after two intervals and ten seconds of failures, and fresh with the next answer" => stale_and_fresh,
    "unknown after a day of failures" => unknown_after_a_day,
);

async fn fault_keeps_state(session: &mut Session) -> Result<()> {
    let elements = ["a", "b"].map(|id| element_with(id, "scheduled", "refresh-interval=30"));
    session.open_with_fake_clock(elements).await?;
    let good = session.settled("#a").await?;
    session.settled("#b").await?;

    session.respond_as("scheduled", "internal-error")?;
    session.pass(30_000).await?;
    for (id, selector) in [("a", "#a"), ("b", "#b")] {
        let now = session.verdict(selector).await?;
        ensure!(now.fault_kind() == Some("internal-error"), "{now:?}");
        ensure!(Verdict { fault: None, ..now.clone() } == good, "{now:?} is not {good:?} with a fault");
        ensure!(session.fired("error", id).await? == 1, "not one backup-status-error of {id}");
        ensure!(session.fired("change", id).await? == 1, "not one backup-status-change of {id}");
        ensure!(session.text(selector, "notice").await?.is_some(), "{id} does not show the failure");
        ensure!(session.text(selector, "countdown").await?.is_some(), "{id} shows no countdown");
    }

    // Each failed request fires an event.
    session.pass(3_000).await?;
    session.expect_requests("scheduled", 3).await?;
    for id in ["a", "b"] {
        ensure!(session.fired("error", id).await? == 2, "not two backup-status-error of {id}");
    }
    session.no_errors().await
}

async fn freshness(session: &Session) -> Result<String> {
    session.text("#w", "freshness").await?.context("no freshness is shown")
}

async fn stale_and_fresh(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "refresh-interval=30")]).await?;
    let good = session.settled("#w").await?;
    let mut texts = vec![freshness(session).await?];

    session.respond_as("scheduled", "internal-error")?;
    session.pass(70_000).await?;
    let last = session.verdict("#w").await?;
    ensure!(!last.stale && last.tone == "good", "stale too early: {last:?}");
    texts.push(freshness(session).await?);
    session.pass(1).await?;
    let stale = session.verdict("#w").await?;
    ensure!(stale.stale && stale.state == "scheduled" && stale.tone == "neutral", "{stale:?}");
    ensure!(stale.checked_at == good.checked_at && stale.next_run == good.next_run, "{stale:?}");
    ensure!(session.fired("change", "w").await? == 2, "becoming stale did not fire one change");
    texts.push(freshness(session).await?);
    ensure!(texts[2].starts_with("Not current: last read 1 min ago, on "), "the freshness says {}", texts[2]);
    session.pass(649_999).await?;
    ensure!(session.fired("change", "w").await? == 2, "a failure while stale fired a change");
    texts.push(freshness(session).await?);
    ensure!(
        texts[3].starts_with("Not current: last read 12 min ago, on "),
        "the freshness says {}",
        texts[3]
    );
    let failures = session.requests("scheduled")? - 1;

    session.respond_as("scheduled", "scheduled")?;
    session.pass(300_000).await?;
    let again = session.verdict("#w").await?;
    ensure!(!again.stale && again.tone == "good" && again.fault.is_none(), "{again:?}");
    ensure!(session.fired("change", "w").await? == 3, "becoming fresh did not fire one change");
    ensure!(session.fired("error", "w").await? == failures, "not one backup-status-error for each failure");
    ensure!(session.text("#w", "notice").await?.is_none(), "the failure is still shown");
    texts.push(freshness(session).await?);
    session.note(texts.join(" → "));
    ensure!(texts[4] == texts[0], "the freshness says {}", texts[4]);
    session.no_errors().await
}

/// A failure with a Retry-After of one hour, so that a day has few requests.
fn rare_failure() -> WireResponse {
    let answer = WireResponse::body(503, "text/plain", String::new());
    WireResponse { headers: vec![("retry-after", "3600".to_owned())], ..answer }
}

async fn unknown_after_a_day(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "refresh-interval=3600")]).await?;
    let good = session.settled("#w").await?;
    session.respond("scheduled", rare_failure())?;
    session.pass(86_400_000).await?;
    let last = session.verdict("#w").await?;
    ensure!(last.state == "scheduled" && last.stale, "unknown too early: {last:?}");
    session.pass(1).await?;
    let unknown = session.verdict("#w").await?;
    let found = (unknown.state.as_str(), unknown.tone.as_str(), unknown.reason_code.as_str());
    ensure!(found == ("unknown", "warning", "too-old"), "{unknown:?}");
    ensure!(unknown.stale && unknown.checked_at == good.checked_at, "{unknown:?}");
    ensure!(session.fired("change", "w").await? == 3, "not three changes: first answer, stale, unknown");

    session.respond_as("scheduled", "scheduled")?;
    session.pass(3_600_000).await?;
    let again = session.verdict("#w").await?;
    ensure!(again.state == "scheduled" && again.tone == "good" && !again.stale, "{again:?}");
    ensure!(session.fired("change", "w").await? == 4, "the recovery did not fire one change");
    session.no_errors().await
}

/// Opens a page with a widget whose run is due in 90 seconds and overdue 120 seconds later. Its answers never change.
async fn open_due_soon(session: &Session) -> Result<()> {
    session.respond_as("scheduled-soon", "scheduled-soon")?;
    session
        .open_with_fake_clock([element_with("w", "scheduled-soon", "refresh-interval=30 overdue-after=120")])
        .await?;
    let verdict = session.settled("#w").await?;
    ensure!(verdict.state == "scheduled", "{verdict:?}");
    Ok(())
}

async fn not_read_since_due(session: &mut Session) -> Result<()> {
    open_due_soon(session).await?;
    session.respond_as("scheduled-soon", "internal-error")?;
    session.pass(90_000).await?;
    let due = session.verdict("#w").await?;
    ensure!(due.state == "due" && due.tone == "neutral" && due.stale, "{due:?}");
    session.pass(150_000).await?;
    let unknown = session.verdict("#w").await?;
    let found = (unknown.state.as_str(), unknown.tone.as_str(), unknown.reason_code.as_str());
    ensure!(found == ("unknown", "warning", "not-read-since-due"), "{unknown:?}");
    session.note(unknown.reason);
    ensure!(session.text("#w", "countdown").await?.is_none(), "a countdown is shown");
    ensure!(session.fired("due", "w").await? == 1, "not one due event");
    ensure!(session.fired("change", "w").await? == 4, "not four changes: first answer, stale, due, unknown");
    session.no_errors().await
}

async fn overdue(session: &mut Session) -> Result<()> {
    open_due_soon(session).await?;
    for seconds in (30..=240).step_by(30) {
        session.pass(30_000).await?;
        let now = session.verdict("#w").await?;
        let expected = match seconds {
            ..90 => ("scheduled", "good"),
            90..210 => ("due", "info"),
            _ => ("overdue", "warning"),
        };
        ensure!((now.state.as_str(), now.tone.as_str()) == expected, "after {seconds} s: {now:?}");
        ensure!(!now.stale && now.fault.is_none(), "{now:?}");
    }
    let countdown = session.text("#w", "countdown").await?.context("no countdown is shown")?;
    session.note(countdown);
    ensure!(session.fired("due", "w").await? == 1, "not one due event");
    ensure!(session.fired("change", "w").await? == 3, "not three changes: first answer, due, overdue");
    session.no_errors().await
}

async fn age_counts_on(session: &mut Session) -> Result<()> {
    session
        .open_with_fake_clock([
            element_with("w", "scheduled", "refresh-interval=0"),
            element_with("badge", "scheduled", "variant=badge"),
        ])
        .await?;
    session.settled("#w").await?;
    session.settled("#badge").await?;
    session.run("widget('#badge').remove();").await?;
    let mut texts = Vec::new();
    for milliseconds in [0, 59_999, 1, 59_999, 1, 480_000, 10_001, 3_000_000, 86_400_000] {
        session.pass(milliseconds).await?;
        texts.push(freshness(session).await?);
    }
    session.note(texts.join(" → "));
    let starts = [
        "Checked less than a minute ago",
        "Checked less than a minute ago",
        "Checked 1 min ago",
        "Checked 1 min ago",
        "Checked 2 min ago",
        "Checked 10 min ago",
        "Not current: last read 10 min ago, on ",
        "Not current: last read 1 hr ago, on ",
        "Not current: last read 1 day, 1 hr ago, on ",
    ];
    for (text, start) in texts.iter().zip(starts) {
        ensure!(text.starts_with(start), "the freshness says {text} instead of {start}");
    }
    session.expect_requests("scheduled", 1).await?;
    session.no_errors().await
}

async fn age_alone(session: &mut Session) -> Result<()> {
    for age in ["3600", "3600, 12"] {
        let answer = find("scheduled").context("no such scenario")?.response_now();
        let answer = answer.with("age", age).with("access-control-expose-headers", "Age");
        session.respond("scheduled", answer)?;
        session.open(Page::of("scheduled")).await?;
        let old = session.settled("#scheduled").await?;
        ensure!(old.stale && old.tone == "neutral" && old.state == "scheduled", "{age}: {old:?}");
        let seconds: f64 =
            session.eval("(Date.now() - Date.parse(widget().verdict.checkedAt)) / 1000").await?;
        ensure!((3_600.0..3_660.0).contains(&seconds), "{age}: checked {seconds} s ago");
    }
    session.no_errors().await
}

async fn old_answer_of_a_cache(session: &mut Session) -> Result<()> {
    session.open_with_fake_clock([element_with("w", "scheduled", "")]).await?;
    session.settled("#w").await?;
    session.run("__clock.server(0, 3_000_000);").await?;
    session.pass(300_000).await?;
    let old = session.verdict("#w").await?;
    ensure!(old.stale && old.tone == "neutral" && old.fault.is_none(), "{old:?}");
    ensure!(session.fired("change", "w").await? == 2, "an answer that is already old fired no change");
    session.note(freshness(session).await?);
    session.no_errors().await
}

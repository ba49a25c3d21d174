//! A month of a backup, side by side: what Zoho says, what is stored, what the badge shows, and what is sent. The table is
//! docs/a-month.md.

use std::sync::LazyLock;
use std::time::Duration;

use sandbox::timeline::{Name, Said, Timeline};
use zoho_backup_core::history::{Outcome, Run};
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reason::{State, Tone};
use zoho_backup_proxy::failure::Failure;
use zoho_backup_proxy::gateway::Gateway;
use zoho_backup_proxy::judgement::{now_by, of_answer};
use zoho_backup_proxy::store::Store;
use zoho_backup_words::texts::Texts;

use crate::folder::Folder;
use crate::world::{DAY, MINUTE, Post, World, accepts, pass, start, stop};

static MONTH: LazyLock<Timeline> = LazyLock::new(|| Name::Month.timeline());

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/a-month.md");

const HEAD: &str = "# A month, played

What Zoho says of a daily backup in the sandbox's timeline `month`, what a gateway with `--watch-seconds 300` and
`--state-dir` stores of it, what the badge shows, and which alerts are sent. Days without anything unusual are left out.
Times are UTC, by the day of the timeline. A test plays the month and compares (`proxy/tests/alerts/month.rs`).

Past runs, the latest at the end: ✓ completed, ✗ failed, ⊘ missed, □ stopped, ? not known.

| when | Zoho says | rows stored | badge | past runs | alert |
|---|---|--:|---|---|---|
";

fn month(now: u64) -> Result<(&'static str, Option<u64>), Failure> {
    match MONTH.said_at(MONTH.start().after(Duration::from_secs(now))) {
        Said::Backup(statement) => {
            Ok((statement.status, statement.next.map(|next| next.since(MONTH.start()).as_secs())))
        }
        Said::Down => Err(Failure::ZohoFailed),
        Said::Nothing => unreachable!("the month always has a schedule"),
    }
}

/// Day and time of so many seconds after the start.
fn when(seconds: u64) -> String {
    let minutes = seconds / MINUTE;
    format!("day {}, {:02}:{:02}", minutes / 1_440 + 1, minutes / 60 % 24, minutes % 60)
}

fn says(now: u64) -> String {
    match month(now) {
        Ok((status, Some(date))) => format!("{status}, {}", when(date)),
        Ok((status, None)) => status.to_owned(),
        Err(_) => "nothing: it is down".to_owned(),
    }
}

fn strip(runs: &[Run]) -> String {
    let sign = |run: &Run| match run.outcome {
        Outcome::Completed => '✓',
        Outcome::Passed => '○',
        Outcome::Failed => '✗',
        Outcome::Missed => '⊘',
        Outcome::Stopped => '□',
        Outcome::NotWatched => '?',
    };
    runs.iter().rev().map(sign).collect()
}

/// What can be seen at one instant.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    rows: usize,
    badge: (State, Tone, bool),
    strip: String,
}

impl Seen {
    fn now(gateway: &Gateway, store: &Store) -> Option<Seen> {
        let answer = gateway.last_answer()?;
        let verdict = of_answer(&answer, now_by(&answer), &Policy::default());
        Some(Seen {
            rows: store.report().observations,
            badge: (verdict.state, verdict.tone, verdict.stale),
            strip: strip(&verdict.history?.runs),
        })
    }

    fn badge(&self) -> String {
        let (state, tone, is_stale) = self.badge;
        let word = Texts::default().plain(&format!("word.{state}"));
        format!("{word} ({tone}{})", if is_stale { ", not current" } else { "" })
    }
}

fn alert(post: &Post) -> String {
    let text = post.body["text"].as_str().expect("a text");
    text.lines().next().expect("a title").trim_end_matches(": Zoho CRM backup").to_owned()
}

/// A line of the table, with its day.
struct Line {
    day: u64,
    text: String,
    /// Whether a day with nothing but such lines is as any other.
    is_usual: bool,
}

fn table(lines: &[Line]) -> String {
    let is_unusual = |day: u64| lines.iter().any(|line| line.day == day && !line.is_usual);
    let mut table = HEAD.to_owned();
    let mut left_out = 0;
    for days in lines.chunk_by(|a, b| a.day == b.day) {
        let day = days[0].day;
        if day > 0 && !is_unusual(day) {
            left_out += 1;
            continue;
        }
        table.push_str(&usual(std::mem::take(&mut left_out)));
        days.iter().for_each(|line| table.push_str(&line.text));
    }
    table + &usual(left_out)
}

/// The line for so many days that are left out.
fn usual(days: u32) -> String {
    match days {
        0 => String::new(),
        1 => "| … | a usual day | | | | |\n".to_owned(),
        _ => format!("| … | {days} usual days | | | | |\n"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_month_side_by_side() {
    let world = World::new(month, accepts);
    let folder = Folder::new();
    let store = World::store(folder.path());
    let gateway = world.gateway_with(store.clone());
    let running = start(&gateway);
    let (mut lines, mut before, mut told) = (Vec::new(), None, 0);
    let length = MONTH.end().since(MONTH.start()).as_secs();
    while world.elapsed() < length {
        pass(MINUTE).await;
        let (seen, posts, now) = (Seen::now(&gateway, &store), world.posts(), world.elapsed());
        if seen == before && posts.len() == told {
            continue;
        }
        let alerts = posts[told..].iter().map(alert).collect::<Vec<_>>().join("; ");
        let Some(it) = &seen else { continue };
        let (when, says, badge) = (when(now), says(now), it.badge());
        let usual = [State::Scheduled, State::Running, State::Due, State::Completed];
        let is_calm = !matches!(it.badge.1, Tone::Bad | Tone::Warning) && !it.badge.2;
        lines.push(Line {
            day: now / DAY,
            text: format!("| {when} | {says} | {} | {badge} | {} | {alerts} |\n", it.rows, it.strip),
            is_usual: alerts.is_empty() && is_calm && usual.contains(&it.badge.0),
        });
        (before, told) = (seen, posts.len());
    }
    stop(gateway, running).await;
    let table = table(&lines);
    if std::env::var_os("WRITE_MONTH").is_some() {
        std::fs::write(TABLE, &table).expect("docs/a-month.md can be written");
    }
    let kept = std::fs::read_to_string(TABLE).unwrap_or_default();
    assert_eq!(table, kept, "WRITE_MONTH=1 writes docs/a-month.md anew");
    let kinds: Vec<_> = world.accepted();
    let expected = ["failed", "good-again (failed)", "missed", "good-again (missed)", "stopped"];
    assert!(expected.iter().all(|kind| kinds.iter().any(|it| it == kind)), "{kinds:?}");
}

//! The watch: the gateway asks Zoho by itself, so that it knows of a run that no reader looked at.
//!
//! It asks as readers do, through the cache: with the same pauses after failures, never twice at a time, and not at all
//! while a reader's answer is new enough.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use zoho_backup_core::backup::{Backup, Status};
use zoho_backup_core::history::{Observation, Seen, WATCH_GAP};
use zoho_backup_core::instant::Timestamp;

use crate::answers::{Answers, CachedAnswer, Latest};
use crate::judgement::{is_running_or_due, now_by};
use crate::store::Store;

/// How often it asks while a run is due or under way.
const RUN_INTERVAL: Duration = Duration::from_secs(60);
/// The first pause after a failure. It doubles up to the usual interval.
const FIRST_BACK_OFF: Duration = Duration::from_secs(15);
/// How much an interval varies, both ways, in percent: gateways that start together do not ask together.
const JITTER: u32 = 10;
/// Over how long the first question, and that for a run that has become due, are spread.
const SPREAD: Duration = Duration::from_secs(6);
/// How long it waits for an answer: as long as readers do. The request goes on afterwards.
const LONGEST: Duration = Duration::from_secs(9);
/// The longest wait at rest: with the time that an answer takes, no gap in the history.
const LONGEST_REST: Duration = WATCH_GAP.saturating_sub(Duration::from_secs(15));
/// The shortest wait.
const SHORTEST: Duration = Duration::from_secs(1);

/// How often to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// At rest.
    pub interval: Duration,
    /// How long an answer is served without asking.
    pub cache_time: Duration,
}

/// What the next question depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Situation {
    /// How old the last answer is.
    pub age: Option<Duration>,
    /// Whether a run is due or under way.
    pub is_running_or_due: bool,
    /// How long until the next run is due.
    pub until_due: Option<Duration>,
    /// The failures since the last answer.
    pub failures: Option<Failures>,
}

/// Failures in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failures {
    /// How many there were.
    pub count: u32,
    /// How long ago the last was.
    pub ago: Duration,
    /// How much longer Zoho is not asked.
    pub pause: Duration,
}

/// How long to wait before the next question. `chance` is random.
#[must_use]
pub fn wait(rhythm: Rhythm, situation: &Situation, chance: u32) -> Duration {
    let interval =
        if situation.is_running_or_due { rhythm.interval.min(RUN_INTERVAL) } else { rhythm.interval };
    let wait = match (situation.failures, situation.age) {
        (Some(failures), _) => {
            let back_off = FIRST_BACK_OFF * (1 << failures.count.saturating_sub(1).min(8));
            let rest = failures.pause.max(back_off.min(interval).saturating_sub(failures.ago));
            // A new secret ends a long pause, so it is looked for.
            rest.min(rhythm.interval) + part(rest.min(rhythm.interval) * JITTER / 100, chance)
        }
        (None, None) => part(SPREAD, chance),
        (None, Some(age)) => {
            let least = rhythm.cache_time.saturating_sub(age);
            let varied = interval - interval * JITTER / 100 + part(interval * JITTER / 50, chance);
            let usual = varied.min(LONGEST_REST).saturating_sub(age);
            let due = situation.until_due.map(|until| until + SHORTEST + part(SPREAD, chance));
            due.map_or(usual, |due| usual.min(due)).max(least)
        }
    };
    if situation.failures.is_none() && situation.age.is_none() { wait } else { wait.max(SHORTEST) }
}

/// A random part of this time.
fn part(whole: Duration, chance: u32) -> Duration {
    whole.mul_f64(f64::from(chance) / f64::from(u32::MAX))
}

/// Asks for ever. `chance` is random. Nothing is asked while another process uses the store.
pub async fn watch(
    answers: &Arc<Answers>,
    store: Option<&Store>,
    interval: Duration,
    mut chance: impl FnMut() -> u32,
) {
    let rhythm = Rhythm { interval, cache_time: answers.cache_time() };
    let mut running = store.and_then(|store| Running::of(&store.last_observation()?));
    let mut changes = answers.changes();
    loop {
        if let Some(store) = store.filter(|store| store.is_taken()) {
            sleep(RUN_INTERVAL).await;
            store.flush().await;
            running = store.last_observation().as_ref().and_then(Running::of);
            continue;
        }
        changes.mark_unchanged();
        let latest = answers.latest();
        if let Some(answer) = &latest.answer {
            running = Running::following(running, answer);
        }
        let situation = situation(&latest, running);
        tokio::select! {
            // A reader has asked: this counts.
            _ = changes.changed() => continue,
            () = sleep(wait(rhythm, &situation, chance())) => {}
        }
        answers.get(LONGEST).await;
    }
}

fn situation(latest: &Latest, running: Option<Running>) -> Situation {
    let now = Instant::now();
    let failures = latest.failure.as_ref().map(|failure| Failures {
        count: failure.count,
        ago: now.saturating_duration_since(failure.at),
        pause: failure.until.saturating_duration_since(now),
    });
    let Some(answer) = &latest.answer else { return Situation { failures, ..Situation::default() } };
    let now = now_by(answer);
    let is_stopped = |backup: &&Backup| backup.status.value() == Some(&Status::Stopped);
    let backup = answer.document.as_ref().map(|document| &*document.backup).filter(|it| !is_stopped(it));
    let due = backup.and_then(|backup| backup.scheduled_date.value()).filter(|date| date.at > now);
    Situation {
        age: Some(answer.age()),
        is_running_or_due: is_running_or_due(answer, running.map(|running| running.since), now),
        until_due: due.map(|date| date.at.since(now)),
        failures,
    }
}

/// A run that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Running {
    /// The date of the document that says so.
    date: Option<Timestamp>,
    /// When that was read first, by Zoho's clock.
    since: Timestamp,
}

impl Running {
    fn of(observation: &Observation) -> Option<Running> {
        let Seen::Backup { status: Some(Status::InProgress), scheduled_date, .. } = &observation.seen else {
            return None;
        };
        Some(Running { date: scheduled_date.as_ref().map(|date| date.at), since: observation.first })
    }

    /// The run after a further answer: the same one, if its date is the same.
    fn following(before: Option<Running>, answer: &CachedAnswer) -> Option<Running> {
        let backup = answer.document.as_ref().map(|document| &document.backup)?;
        if backup.status.value() != Some(&Status::InProgress) {
            return None;
        }
        let date = backup.scheduled_date.value().map(|date| date.at);
        let since = crate::retry_after::timestamp(answer.date);
        Some(before.filter(|before| before.date == date).unwrap_or(Running { date, since }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANCES: [u32; 3] = [0, u32::MAX / 2, u32::MAX];

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Each case: its situation, and the shortest, middle and longest wait in seconds.
    #[test]
    fn the_wait_follows_the_situation() {
        let rhythm = Rhythm { interval: seconds(300), cache_time: seconds(60) };
        let answered = |age| Situation { age: Some(seconds(age)), ..Situation::default() };
        let failed = |count, ago, pause| Situation {
            failures: Some(Failures { count, ago: seconds(ago), pause: seconds(pause) }),
            ..answered(1_000)
        };
        let running = |situation| Situation { is_running_or_due: true, ..situation };
        let due = |until, age| Situation { until_due: Some(seconds(until)), ..answered(age) };
        let cases = [
            ("at the start", Situation::default(), [0, 3, 6]),
            ("after an answer", answered(0), [270, 300, 330]),
            ("a reader asked", answered(100), [170, 200, 230]),
            ("an old answer", answered(4_000), [1, 1, 1]),
            ("never before the cache ends", running(answered(0)), [60, 60, 66]),
            ("likewise", running(answered(50)), [10, 10, 16]),
            ("due soon", due(100, 0), [101, 104, 107]),
            ("due sooner than the cache ends", due(10, 0), [60, 60, 60]),
            ("due later", due(4_000, 0), [270, 300, 330]),
            ("the first failure", failed(1, 0, 15), [15, 15, 16]),
            ("the pause of the cache", failed(4, 0, 120), [120, 126, 132]),
            ("the watch's own back-off", failed(5, 0, 120), [240, 252, 264]),
            ("at most the interval", failed(9, 0, 120), [300, 315, 330]),
            ("while a run is due", running(failed(9, 0, 120)), [120, 126, 132]),
            ("somebody must act: a new secret is looked for", failed(9, 0, 600), [300, 315, 330]),
            ("asked by readers meanwhile", failed(9, 100, 20), [200, 210, 220]),
        ];
        for (case, situation, expected) in cases {
            let waits = CHANCES.map(|chance| wait(rhythm, &situation, chance).as_secs_f64());
            for (wait, expected) in waits.into_iter().zip(expected) {
                assert!((wait - f64::from(expected)).abs() <= 1.5, "{case}: {waits:?}");
            }
        }
    }

    #[test]
    fn the_jitter_stays_in_its_bounds() {
        let rhythm = Rhythm { interval: seconds(300), cache_time: seconds(60) };
        let situation = Situation { age: Some(Duration::ZERO), ..Situation::default() };
        for chance in (0..=u32::MAX).step_by(9_999_991) {
            let wait = wait(rhythm, &situation, chance);
            assert!((seconds(270)..=seconds(330)).contains(&wait), "{chance}: {wait:?}");
        }
    }

    #[test]
    fn the_longest_interval_makes_no_gap() {
        let rhythm = Rhythm { interval: WATCH_GAP, cache_time: seconds(60) };
        let situation = Situation { age: Some(Duration::ZERO), ..Situation::default() };
        for chance in (0..=u32::MAX).step_by(9_999_991) {
            let wait = wait(rhythm, &situation, chance);
            assert!(wait + LONGEST < WATCH_GAP, "{chance}: {wait:?}");
        }
    }
}

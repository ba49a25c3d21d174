//! Where a timeline is, and how its instants lie in the reader's time.

use std::time::Duration;

use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{Between, History, Run};
use zoho_backup_core::instant::Timestamp;

use crate::timeline::course::Timeline;
use crate::timeline::said::OFFSET;

/// The highest speed: a day in a second.
pub const MAX_SPEED: u32 = 86_400;

/// How a timeline is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Playing {
    since: Timestamp,
    speed: u32,
}

impl Playing {
    /// Since that instant of the reader's, and so many times as fast as the reader's time: from 1 to [`MAX_SPEED`].
    #[must_use]
    pub fn new(since: Timestamp, speed: u32) -> Self {
        Self { since, speed: speed.clamp(1, MAX_SPEED) }
    }

    /// What a query such as `speed=3600&start=1790793000` asks for; `None`: the timeline is at rest. `start` is in seconds
    /// since the epoch; without it the timeline has begun at `since`.
    ///
    /// # Errors
    /// A sentence, if one of both is not a number in its range.
    pub fn of_query(query: &str, since: Timestamp) -> Result<Option<Self>, String> {
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let Some(speed) = value("speed") else { return Ok(None) };
        let speed = speed.parse().ok().filter(|speed| (1..=MAX_SPEED).contains(speed));
        let speed = speed.ok_or_else(|| format!("speed is not a number from 1 to {MAX_SPEED}\n"))?;
        let since = match value("start") {
            None => since,
            Some(start) => {
                let seconds =
                    start.parse::<u32>().map_err(|_| "start is not a time in seconds\n".to_owned())?;
                Timestamp::from_millis(i64::from(seconds) * 1_000)
            }
        };
        Ok(Some(Self::new(since, speed)))
    }
}

/// An instant of a timeline, and which instant of the reader's it is. All others lie around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    at: Timestamp,
    now: Timestamp,
    speed: u32,
}

impl Moment {
    /// The timeline stands still at its end.
    #[must_use]
    pub fn at_rest(timeline: &Timeline, now: Timestamp) -> Self {
        Self { at: timeline.end(), now: whole_seconds(now), speed: 1 }
    }

    /// The timeline runs. When it has ended, it begins again.
    #[must_use]
    pub fn played(timeline: &Timeline, playing: Playing, now: Timestamp) -> Self {
        let Playing { since, speed } = playing;
        // Its instants lie alike at every instant of one pass.
        let since = whole_seconds(since);
        let length = timeline.end().since(timeline.start()).as_millis().max(1);
        let played = now.since(since).as_millis() * u128::from(speed) % length;
        let at = timeline.start().after(Duration::from_millis(u64::try_from(played).unwrap_or_default()));
        Self { at, now: now.max(since), speed }
    }

    /// The instant of the timeline.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// The instant of the reader's at which this instant of the timeline is.
    #[must_use]
    pub fn real(&self, at: Timestamp) -> Timestamp {
        let beyond = (at.as_millis() - self.at.as_millis()).div_euclid(i64::from(self.speed));
        Timestamp::from_millis(self.now.as_millis().saturating_add(beyond))
    }

    /// The date that Zoho writes for this instant of the timeline, which has whole seconds.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> DateTime {
        DateTime { at: whole_seconds(self.real(at)), offset: OFFSET }
    }

    /// Whether a day of the timeline is a day: otherwise a rule that says "daily" contradicts the dates.
    #[must_use]
    pub fn keeps_days(&self) -> bool {
        self.speed == 1
    }

    /// A history of the timeline, in the reader's time.
    #[must_use]
    pub fn history(&self, history: &History) -> History {
        History {
            runs: history.runs.iter().map(|run| self.run(run)).collect(),
            last_good: history.last_good.as_ref().map(|run| self.run(run)),
            failures_since: history.failures_since,
            watched_since: history.watched_since.map(|at| self.real(at)),
        }
    }

    fn run(&self, run: &Run) -> Run {
        let between = |it: Between| Between { after: it.after.map(|at| self.real(at)), by: self.real(it.by) };
        Run {
            job: run.job.clone(),
            due: run.due.as_ref().map(|due| self.date(due.at)),
            started: run.started.map(between),
            ended: between(run.ended),
            outcome: run.outcome,
        }
    }
}

fn whole_seconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millis(at.as_millis().div_euclid(1_000) * 1_000)
}

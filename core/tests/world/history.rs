//! What a gateway that watches a backup tells of its runs, and what truly became of them.

use crate::number;
use crate::random::Random;
use crate::timeline::{Timeline, TrueRun};
use crate::units::{DAY, HOUR, MINUTE, Millis, START, text};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;
use std::time::Duration;
use zoho_backup_core::freshness::Freshness;
use zoho_backup_core::history::{
    Between, History, HistoryDocument, Observation, Outcome, Run, Seen, WATCH_GAP, runs,
};
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::knowledge::{Answer, Knowledge};
use zoho_backup_core::policy::Policy;
use zoho_backup_core::reason::{Reason, Tone};
use zoho_backup_core::reply::{self, Body, Details, Reply};
use zoho_backup_core::verdict::{Verdict, verdict};

/// How many timelines are watched by default.
const SEEDS: u64 = 300;
const OVERDUE_AFTER: Millis = HOUR;
const LENGTH: Millis = 8 * DAY;

/// How a backup is watched.
struct Habit {
    /// From look to look, while nothing is due and nothing runs; otherwise every minute.
    every: Millis,
    /// When nobody looks.
    outages: Vec<(Millis, Millis)>,
}

impl Habit {
    fn with_outages(random: &mut Random) -> Habit {
        let (mut outages, mut at) = (Vec::new(), START);
        while at < START + LENGTH {
            at += random.between(MINUTE, 40 * HOUR);
            let length = match random.between(1, 4) {
                1 => random.between(MINUTE, 20 * MINUTE),
                2 | 3 => random.between(20 * MINUTE, 12 * HOUR),
                _ => random.between(12 * HOUR, 3 * DAY),
            };
            outages.push((at, at + length));
            at += length;
        }
        Habit { every: 5 * MINUTE, outages }
    }

    fn watch(&self, timeline: &Timeline) -> Vec<Observation> {
        self.watch_and(timeline, |_, _| {})
    }

    /// The same, with a look at what is known after each observation.
    fn watch_and(
        &self,
        timeline: &Timeline,
        mut look: impl FnMut(&[Observation], Millis),
    ) -> Vec<Observation> {
        let (mut observations, mut at) = (Vec::<Observation>::new(), START);
        let mut said = None;
        while at < START + LENGTH {
            if !self.outages.iter().any(|(from, until)| (from..until).contains(&&at)) {
                let body = &timeline.document(at).body;
                let seen = match said.take() {
                    Some((last, seen)) if Rc::ptr_eq(&last, body) => seen,
                    _ => read(body),
                };
                said = Some((Rc::clone(body), seen.clone()));
                let read_at = Timestamp::from_millis(at);
                let next = match observations.last_mut() {
                    Some(last) => last.extend(seen, read_at),
                    None => Some(Observation::new(seen, read_at)),
                };
                observations.extend(next);
                look(&observations, at);
            }
            let says = timeline.document(at);
            let is_due = says.next.is_some_and(|next| (0..=OVERDUE_AFTER).contains(&(at - next)));
            at += if is_due || says.status == Some("INPROGRESS") { MINUTE } else { self.every };
        }
        observations
    }
}

fn read(body: &Body) -> Seen {
    let status = if matches!(body, Body::Empty) { 204 } else { 200 };
    Seen::of(reply::read(Reply { status, body: body.clone(), retry_at: None }).unwrap().backup.as_ref())
}

/// What truly became of a run: what Zoho says at its end.
fn truth(timeline: &Timeline, run: &TrueRun) -> Outcome {
    match timeline.document(run.ended).status {
        Some("FAILED" | "PAYMENT_FAILED") => Outcome::Failed,
        Some("COMPLETED" | "FINISHED") => Outcome::Completed,
        _ => Outcome::Passed,
    }
}

/// The runs that are told, and what truly took place.
struct Told {
    timeline: Timeline,
    observations: Vec<Observation>,
    runs: Vec<Run>,
}

impl Told {
    fn new(seed: u64, habit: impl FnOnce(&mut Random) -> Habit) -> Told {
        let mut random = Random::new(seed);
        let timeline = Timeline::new(&mut random, START, START + LENGTH);
        let observations = habit(&mut random).watch(&timeline);
        let overdue_after = Duration::from_millis(OVERDUE_AFTER as u64);
        let runs = runs(&observations, Timestamp::from_millis(START + LENGTH), overdue_after);
        Told { timeline, observations, runs }
    }

    /// The run of that date.
    fn true_run(&self, due: Millis) -> Option<&TrueRun> {
        self.timeline.runs.iter().find(|run| run.due == Some(due))
    }

    /// Whether what is told of a run is true. The error otherwise.
    fn check(&self, run: &Run) -> Result<(), &'static str> {
        let Some(due) = run.due.as_ref().map(|due| due.at.as_millis()) else {
            return self.check_undated(run);
        };
        let truly = self.true_run(due);
        let became = truly.map(|truly| truth(&self.timeline, truly));
        match run.outcome {
            Outcome::Completed | Outcome::Failed if became == Some(run.outcome) => Ok(()),
            // While nobody looked, the schedule was moved, or a second attempt followed.
            Outcome::Completed | Outcome::Failed if self.ended_unseen(run, due) => Ok(()),
            _ if self.started_just_before(run, due) || self.was_tried_again_unseen(run) => Ok(()),
            Outcome::Completed => Err("it has not completed"),
            Outcome::Failed => Err("it has not failed"),
            Outcome::Passed if became == Some(Outcome::Failed) => Err("it has failed"),
            // It was moved just before, between the two looks that saw nothing else.
            Outcome::Passed if truly.is_none() && run.started.is_none() && is_between(run.ended, due) => {
                Ok(())
            }
            Outcome::Passed if truly.is_none() => Err("it has not run"),
            Outcome::Missed if truly.is_some_and(|truly| truly.started <= due + OVERDUE_AFTER) => {
                Err("it has run before it was overdue")
            }
            // The schedule may be stopped just after it ran.
            Outcome::Stopped if truly.is_some() && run.started.is_none() => Err("it has run"),
            Outcome::Passed | Outcome::Missed | Outcome::Stopped | Outcome::NotWatched => Ok(()),
        }
    }

    /// One that no date announced is told for what Zoho said.
    fn check_undated(&self, run: &Run) -> Result<(), &'static str> {
        let says = self.timeline.document(run.ended.by.as_millis()).status;
        match (run.outcome, says) {
            (Outcome::Completed, Some("COMPLETED" | "FINISHED")) => Ok(()),
            (Outcome::Failed, Some("FAILED" | "PAYMENT_FAILED")) => Ok(()),
            (Outcome::Passed, Some("SCHEDULED")) => Ok(()),
            (Outcome::Stopped, Some("STOPPED")) | (Outcome::NotWatched, _) => Ok(()),
            _ => Err("Zoho said otherwise"),
        }
    }

    /// Whether nobody looked for a while since the run was due, and a run ended so in that time.
    fn ended_unseen(&self, run: &Run, due: Millis) -> bool {
        let Some(after) = run.ended.after.map(Timestamp::as_millis) else { return false };
        let by = run.ended.by.as_millis();
        let has_ended = |truly: &&TrueRun| after.max(due) < truly.ended && truly.ended <= by;
        let last = self.timeline.runs.iter().rfind(has_ended);
        by - after > WATCH_GAP.as_millis() as Millis
            && last.is_some_and(|last| truth(&self.timeline, last) == run.outcome)
    }

    /// Whether a second attempt started so shortly before this run was due that nobody looked between.
    fn started_just_before(&self, run: &Run, due: Millis) -> bool {
        let Some(started) = run.started.filter(|started| is_between(*started, due)) else { return false };
        let is_it = |truly: &&TrueRun| truly.due.is_none() && is_between(started, truly.started);
        self.timeline.runs.iter().find(is_it).is_some_and(|truly| truth(&self.timeline, truly) == run.outcome)
    }

    /// Whether a second attempt started while nobody looked, and before and after that the same was read.
    fn was_tried_again_unseen(&self, run: &Run) -> bool {
        let Some(started) = run.started else { return false };
        let is_unseen = |at: Millis| {
            let at = Timestamp::from_millis(at);
            let mut gaps = self.observations.windows(2);
            gaps.any(|rows| rows[0].last < at && at < rows[1].first && rows[0].seen.is_same(&rows[1].seen))
        };
        let is_it = |truly: &&TrueRun| {
            let is_within = started.by.as_millis() < truly.started && truly.ended <= run.ended.by.as_millis();
            is_within && is_unseen(truly.started) && truth(&self.timeline, truly) == run.outcome
        };
        self.timeline.runs.iter().any(|truly| is_it(&truly))
    }

    /// What happened, for a failing seed.
    fn story(&self, about: Millis) -> String {
        let near = |at: Millis| (about - 2 * DAY..about + 2 * DAY).contains(&at);
        let mut story = String::new();
        for row in &self.observations {
            let (first, last) = (row.first.as_millis(), row.last.as_millis());
            if let Seen::Backup { status, scheduled_date, .. } = &row.seen
                && near(first)
            {
                let date = scheduled_date.as_ref().map(|date| text(date.at.as_millis() - START));
                let (first, last) = (text(first - START), text(last - START));
                let _ = writeln!(story, "    {first} .. {last}  {status:?} {date:?}");
            }
        }
        for run in self.timeline.runs.iter().filter(|run| near(run.started)) {
            let due = run.due.map(|due| text(due - START));
            let (started, ended) = (text(run.started - START), text(run.ended - START));
            let _ = writeln!(story, "    true: {due:?} {started} .. {ended} {}", truth(&self.timeline, run));
        }
        for run in &self.runs {
            let due = run.due.as_ref().map(|due| text(due.at.as_millis() - START));
            let by = text(run.ended.by.as_millis() - START);
            let _ = writeln!(story, "    told: {due:?} {} by {by}", run.outcome);
        }
        story
    }

    /// What is told that is not true.
    fn falsehoods(&self, seed: u64) -> Vec<String> {
        let about = |run: &Run| run.due.as_ref().map_or(run.ended.by, |due| due.at).as_millis();
        let error = |run: &Run| {
            let what = self.check(run).err()?;
            let at = about(run);
            Some(format!("seed {seed}, {} {}: {what}\n{}", text(at - START), run.outcome, self.story(at)))
        };
        self.runs.iter().filter_map(error).collect()
    }
}

fn is_between(seen: Between, at: Millis) -> bool {
    let at = Timestamp::from_millis(at);
    seen.after.is_some_and(|after| after < at) && at <= seen.by
}

fn seeds() -> std::ops::RangeInclusive<u64> {
    1..=number("HISTORY_SEEDS").unwrap_or(SEEDS)
}

fn report(wrong: &[String], counts: &BTreeMap<&'static str, u32>) {
    println!("{counts:?}");
    assert!(
        wrong.is_empty(),
        "{} are wrong, the first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(3)].join("\n")
    );
}

fn count(counts: &mut BTreeMap<&'static str, u32>, told: &Told) {
    for run in &told.runs {
        *counts.entry(run.outcome.name()).or_default() += 1;
    }
}

/// Who looks every five minutes, every minute while a run is due or under way, and at times not at all for days.
#[test]
fn nothing_false_is_told_of_runs_that_were_watched_with_gaps() {
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    for seed in seeds() {
        let told = Told::new(seed, Habit::with_outages);
        wrong.extend(told.falsehoods(seed));
        count(&mut counts, &told);
    }
    report(&wrong, &counts);
    for outcome in Outcome::ALL {
        assert!(counts.contains_key(outcome.name()), "no run was {outcome}");
    }
}

#[test]
fn every_run_is_told_rightly_that_was_watched_without_gaps() {
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    for seed in seeds() {
        let told = Told::new(seed, |_| Habit { every: MINUTE, outages: Vec::new() });
        wrong.extend(told.falsehoods(seed));
        count(&mut counts, &told);
        // One that was due before anybody looked has no date that is known, and what Zoho says may be over before the next look.
        let is_over =
            |run: &&TrueRun| run.due.unwrap_or(run.started) > START && run.ended < START + LENGTH - MINUTE;
        let said_after = |run: &TrueRun, length| told.timeline.document(run.ended + length);
        for truly in told.timeline.runs.iter().filter(is_over) {
            // One that starts just before it is due may be told with that date, one that was due just before, without.
            let is_it = |run: &&Run| {
                let is_due =
                    truly.due.is_some() && run.due.as_ref().map(|due| due.at.as_millis()) == truly.due;
                let started = run.started.map(|started| started.by.as_millis() - truly.started);
                is_due || started.is_some_and(|late| (0..=MINUTE).contains(&late))
            };
            let found = told.runs.iter().find(is_it).map(|run| run.outcome);
            let became = truth(&told.timeline, truly);
            let is_brief = !Rc::ptr_eq(&said_after(truly, 0).body, &said_after(truly, MINUTE).body);
            if found != Some(became) && !is_brief {
                wrong.push(format!(
                    "seed {seed}, {}: {became}, told {found:?}\n{}",
                    text(truly.started - START),
                    told.story(truly.started)
                ));
            }
        }
    }
    report(&wrong, &counts);
}

/// The badge of a gateway that remembers, at each change and every hour: once it has read that a run failed, no new date
/// and no later run makes it good, blue or neutral before that run has ended.
#[test]
fn a_badge_with_a_history_never_forgets_a_failure() {
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::new());
    for seed in seeds() {
        let mut random = Random::new(seed);
        let timeline = Timeline::new(&mut random, START, START + LENGTH);
        let habit = Habit::with_outages(&mut random);
        let (mut failed_at, mut rows, mut judged_at) = (None, 0, 0);
        habit.watch_and(&timeline, |observations, at| {
            if matches!(timeline.document(at).status, Some("FAILED" | "PAYMENT_FAILED")) {
                failed_at = Some(at);
            }
            if observations.len() == rows && at - judged_at < HOUR {
                return;
            }
            (rows, judged_at) = (observations.len(), at);
            let verdict = verdict_of(&timeline, observations, at);
            *counts.entry(verdict.reason.name()).or_default() += 1;
            let stands = failed_at.filter(|failed| {
                let has_ended = |run: &TrueRun| *failed < run.ended && run.ended <= at;
                !timeline.runs.iter().any(has_ended)
            });
            if stands.is_some() && !matches!(verdict.tone, Tone::Bad | Tone::Warning) {
                let (state, tone, at) = (verdict.state, verdict.tone, text(at - START));
                wrong.push(format!("seed {seed}, {at}: {state}, {tone}, after a failure"));
            }
        });
    }
    report(&wrong, &counts);
    for reason in [Reason::LastRunFailed, Reason::LastRunMissed, Reason::Scheduled, Reason::Running] {
        assert!(counts.contains_key(reason.name()), "never {reason}");
    }
}

fn verdict_of(timeline: &Timeline, observations: &[Observation], at: Millis) -> Verdict {
    let (now, overdue_after) = (Timestamp::from_millis(at), Duration::from_millis(OVERDUE_AFTER as u64));
    let body = timeline.document(at).body.as_ref().clone();
    let status = if body == Body::Empty { 204 } else { 200 };
    let details = reply::read(Reply { status, body, retry_at: None }).unwrap();
    let history = HistoryDocument::of(History::of(observations, now, overdue_after));
    let freshness = Some(Freshness::new(now, Duration::ZERO, None));
    let answer = Some(Answer::new(Details { history: Some(history), ..details }, freshness));
    verdict(&Knowledge { answer, ..Knowledge::default() }, now, &Policy::default())
}

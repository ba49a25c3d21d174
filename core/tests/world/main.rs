//! The simulated world: widgets in all the trouble that a browser, a proxy and a clock can make, for simulated days.
//!
//! `WORLD_SEEDS=1000 cargo test -p zoho-backup-core --test world -- --nocapture` lives through that many seeds and
//! prints the figures. `WORLD_SEED=17` lives through one, `WORLD_ONLY=Heals` judges one invariant, `WORLD_STORIES=20`
//! tells the smallest stories of that many sets of troubles.
//!
//! A seed picks a [`mix`] of troubles, a true [`timeline`] of a backup, and a [`plot`]. The [`world`] is a queue of
//! events; it drives a [`page`], which drives core as `src` does. A [`watch`] judges the [`invariants`] at every event:
//! between two events nothing changes.
//!
//! [`history`] watches the same true timelines as a gateway does: `HISTORY_SEEDS=10000` watches that many.

mod alarms;
mod computer;
mod conditions;
mod coverage;
mod document;
mod history;
mod invariants;
mod mix;
mod network;
mod page;
mod plot;
mod proxy;
mod random;
mod story;
mod timeline;
mod units;
mod watch;
mod wire;
mod world;

use coverage::Coverage;
use invariants::Invariant;
use std::collections::BTreeMap;
use std::time::Instant;
use units::{HOUR, Millis};
use watch::Violation;
use world::World;

/// How many seeds are lived through by default.
const SEEDS: u64 = 300;
/// From how many seeds on every pair of state and trouble must be reached.
const SEEDS_FOR_EVERY_PAIR: u64 = 1_000;
/// From how many seeds on every triple of the coverage must be reached.
const SEEDS_FOR_EVERY_TRIPLE: u64 = 100_000;

/// A rule that was broken.
#[derive(Default)]
struct Broken {
    seeds: u64,
    /// The smallest story for each set of troubles.
    stories: BTreeMap<Vec<usize>, Violation>,
}

/// What some seeds have found.
#[derive(Default)]
struct Findings {
    hours: Millis,
    events: u64,
    coverage: Coverage,
    broken: BTreeMap<Invariant, Broken>,
}

impl Findings {
    fn live(seeds: impl Iterator<Item = u64>) -> Findings {
        let mut findings = Findings::default();
        for seed in seeds {
            let mut world = World::new(seed);
            findings.events += world.live();
            findings.hours += world.mix.length / HOUR;
            findings.coverage.add(&world.watch.coverage);
            for violation in world.watch.violations {
                findings.note(1, violation);
            }
        }
        findings
    }

    fn note(&mut self, seeds: u64, violation: Violation) {
        let broken = self.broken.entry(violation.invariant).or_default();
        broken.seeds += seeds;
        let known = broken.stories.entry(violation.troubles.clone()).or_insert_with(|| violation.clone());
        if violation.after < known.after {
            *known = violation;
        }
    }

    fn add(mut self, other: Findings) -> Findings {
        self.hours += other.hours;
        self.events += other.events;
        self.coverage.add(&other.coverage);
        for (invariant, broken) in other.broken {
            broken.stories.into_values().for_each(|violation| self.note(0, violation));
            self.broken.entry(invariant).or_default().seeds += broken.seeds;
        }
        self
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn every_invariant_holds_in_every_world() {
    let (one, seeds) = (number("WORLD_SEED"), number("WORLD_SEEDS").unwrap_or(SEEDS));
    let (first, last) = one.map_or((1, seeds), |seed| (seed, seed));
    let started = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let findings = std::thread::scope(|scope| {
        let live = |offset: usize| move || Findings::live((first + offset as u64..=last).step_by(threads));
        let threads = (0..threads).map(|offset| scope.spawn(live(offset))).collect::<Vec<_>>();
        threads.into_iter().fold(Findings::default(), |all, thread| all.add(thread.join().unwrap()))
    });
    let (took, count) = (started.elapsed().as_secs_f64(), last - first + 1);
    println!("{}", findings.coverage);
    println!(
        "{count} seeds, {} simulated hours, {} events in {took:.1} s: {:.1} seeds a second",
        findings.hours,
        findings.events,
        count as f64 / took
    );
    let most = number("WORLD_STORIES").map_or(1, |most| most as usize);
    let mut all_broken = Vec::new();
    let only = std::env::var("WORLD_ONLY").ok();
    let is_wanted =
        |invariant: &Invariant| only.as_ref().is_none_or(|only| *only == format!("{invariant:?}"));
    for invariant in Invariant::ALL.into_iter().filter(is_wanted) {
        let Some(broken) = findings.broken.get(&invariant) else {
            println!("{invariant:?} holds.");
            continue;
        };
        println!("{invariant:?} is broken by {} seeds:", broken.seeds);
        let mut stories = broken.stories.values().collect::<Vec<_>>();
        stories.sort_by_key(|violation| (violation.troubles.len(), violation.after));
        stories.iter().take(most).for_each(|violation| println!("  {}", violation.story));
        all_broken.push(invariant);
    }
    assert!(all_broken.is_empty(), "broken: {all_broken:?}; the stories stand above");
    if one.is_none() {
        check_coverage(&findings.coverage, count);
    }
}

/// Seed and commit reproduce a run.
#[test]
fn a_seed_is_always_the_same_world() {
    let live = |seed| {
        let mut world = World::new(seed);
        (world.live(), format!("{}{:?}", world.watch.story, world.watch.violations))
    };
    for seed in [1, 2, 3] {
        assert_eq!(live(seed), live(seed), "{seed}");
    }
}

fn check_coverage(coverage: &Coverage, seeds: u64) {
    let (missing, pairs) = (coverage.missing(), coverage.missing_pairs());
    let reached = Coverage::len() - missing.len();
    println!("{reached} of {} triples reached", Coverage::len());
    if !missing.is_empty() {
        println!("not reached: {}, …", missing.iter().take(5).cloned().collect::<Vec<_>>().join(", "));
    }
    if seeds >= SEEDS_FOR_EVERY_PAIR {
        assert!(pairs.is_empty(), "not reached: {pairs:?}");
    }
    if seeds >= SEEDS_FOR_EVERY_TRIPLE {
        assert!(missing.is_empty(), "not reached: {missing:?}");
    }
}

//! Runs as a list on demand: those to come, and those that were seen.

use crate::intl::iso;
use crate::scene::Scene;
use crate::view::icons;
use crate::view::nodes::time;
use leptos::prelude::*;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::history::{Outcome, Run};
use zoho_backup_core::reason::State;
use zoho_backup_picture::icons::{NO_FAILURE_SEEN, of};
use zoho_backup_words::sentence::Piece;
use zoho_backup_words::wording::Wording;

/// A run in a list.
struct Item {
    /// What became of it, if it was seen.
    seen: Option<Outcome>,
    /// Its date, for machines.
    machine: String,
    /// Its date.
    date: String,
    /// What became of it, in a word.
    outcome: String,
}

/// The runs after the next.
pub fn further_runs(scene: &Scene, dates: &[DateTime]) -> Option<impl IntoView + use<>> {
    // Days only: the offset of the schedule's zone by then is unknown.
    let item = |date: &DateTime| {
        let (day, machine) = scene.settings.formats.day_of_writer(date);
        Item { seen: None, machine, date: day, outcome: String::new() }
    };
    list(scene, "upcoming", dates.iter().map(item).collect())
}

/// The last runs, the latest first. While it is closed, it is a strip of icons.
pub fn past_runs(scene: &Scene) -> Option<impl IntoView + use<>> {
    let item = |run: &Run| {
        let at = run.date().at;
        let outcome = scene.settings.texts.plain(&["outcome.", run.outcome.name()].concat());
        Item { seen: Some(run.outcome), machine: iso(at), date: scene.run_date(run), outcome }
    };
    let history = scene.verdict.history.as_ref()?;
    list(scene, "past-runs", history.runs.iter().map(item).collect())
}

/// A list of that part, whose name is also the key of its heading.
fn list(scene: &Scene, part: &'static str, items: Vec<Item>) -> Option<impl IntoView + use<>> {
    let run = |Item { seen, machine, date, outcome }| {
        view! {
            <li>
                {seen.map(|outcome| icons::icon(Some(outcome.name()), icon(outcome)))}
                " " {time(machine, vec![Piece::Own(date)])} " " {outcome}
            </li>
        }
    };
    let runs: Vec<_> = items.into_iter().map(run).collect();
    (!runs.is_empty()).then(|| {
        view! {
            <details part=part>
                <summary>{scene.settings.texts.plain(part)}</summary>
                <ol>{runs}</ol>
            </details>
        }
    })
}

fn icon(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => of(State::Completed),
        Outcome::Passed => NO_FAILURE_SEEN,
        Outcome::Failed => of(State::Failed),
        Outcome::Missed => of(State::Missed),
        Outcome::Stopped => of(State::Stopped),
        Outcome::NotWatched => of(State::Unknown),
    }
}

//! The card: everything that is known.

use crate::intl::iso;
use crate::scene::Scene;
use crate::schedule::Schedule;
use crate::view::badge::{badge, countdown};
use crate::view::icons;
use crate::view::nodes::{sentence_nodes, ticking, time};
use crate::view::runs::{further_runs, past_runs};
use leptos::attr::custom::custom_attribute;
use leptos::either::Either;
use leptos::prelude::*;
use std::rc::Rc;
use zoho_backup_core::backup::Field;
use zoho_backup_core::date_time::DateTime;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::news::RefreshOutcome;
use zoho_backup_words::sentence::{Piece, Sentence, joined};
use zoho_backup_words::wording::Wording;

/// The whole card.
pub fn card<T>(
    scene: &Scene,
    countdown_text: T,
    freshness_text: T,
    refresh: StoredValue<Rc<dyn Fn()>, LocalStorage>,
) -> impl IntoView + use<T>
where
    T: Fn() -> String + Send + 'static,
{
    let refresh_label = scene.settings.texts.plain("refresh");
    // It is said aloud by the live region.
    let outcome = scene.outcome.map(|outcome| scene.refresh_outcome(outcome)).unwrap_or_default();
    let Schedule { sentence, note, upcoming } = scene.schedule().unwrap_or_default();
    view! {
        <div
            class="card"
            part="card"
            role="group"
            aria-label=joined(&[scene.label()])
            data-theme=scene.settings.options.theme.name()
            data-tone=scene.verdict.tone.name()
            data-state=scene.verdict.state.name()
        >
            <div class="head">
                // Leptos has no method for this attribute.
                <div
                    class="label"
                    part="label"
                    role="heading"
                    {..custom_attribute("aria-level", scene.settings.options.heading_level.name())}
                >
                    {heading(scene)}
                </div>
                <button
                    class="refresh"
                    part="refresh"
                    type="button"
                    aria-busy=(scene.outcome == Some(RefreshOutcome::Busy)).then_some("true")
                    title=refresh_label
                    hidden=scene.url.is_empty()
                    on:click=move |_| refresh.with_value(|refresh| refresh())
                >
                    {icons::icon(None, icons::of_refresh(scene.outcome))}
                </button>
            </div>
            <div class="state">{badge(scene)} {countdown(scene, countdown_text)}</div>
            {paragraph("reason", Some("reason"), scene.reason())}
            {notice(scene)}
            <dl class="facts">{facts(scene, sentence, note)}</dl>
            {past_runs(scene)}
            {further_runs(scene, &upcoming)}
            {details(scene)}
            <div class="foot">{freshness(scene, freshness_text)}{paragraph("outcome", Some("outcome"), outcome)}</div>
            {paragraph("foot", None, scene.clock_error().unwrap_or_default())}
        </div>
    }
}

/// The name of the account, as a link if the host gave one.
fn heading(scene: &Scene) -> impl IntoView + use<> {
    let label = sentence_nodes(vec![scene.label()]);
    match scene.settings.link.clone() {
        Some(link) => {
            let target = scene.settings.options.target.clone();
            // What it opens gets no hold of this page.
            Either::Left(view! { <a href=link target=target rel="noopener">{label}</a> })
        }
        None => Either::Right(label),
    }
}

/// How old the answer is, if there is one.
fn freshness<T>(scene: &Scene, text: T) -> Option<impl IntoView + use<T>>
where
    T: Fn() -> String + Send + 'static,
{
    (!scene.freshness(scene.now).is_empty()).then(|| ticking("freshness", None, text))
}

/// A sentence as a paragraph, if there is one.
fn paragraph(
    class: &'static str,
    part: Option<&'static str>,
    sentence: Sentence,
) -> Option<impl IntoView + use<>> {
    (!sentence.is_empty()).then(|| view! { <p class=class part=part>{sentence_nodes(sentence)}</p> })
}

/// What went wrong with the last request, and what to do about it.
fn notice(scene: &Scene) -> Option<impl IntoView + use<>> {
    scene.verdict.fault.as_ref()?;
    Some(view! {
        <div class="notice" part="notice">
            {paragraph("cause", None, scene.cause())}
            {paragraph("remedy", None, scene.remedy())}
            {paragraph("message", None, scene.message())}
            {paragraph("retry", None, scene.retry())}
        </div>
    })
}

/// A term and its description.
struct Fact {
    /// The part, and the key of the term.
    name: &'static str,
    /// What is added to that key.
    tense: &'static str,
    description: Sentence,
    /// The instant, in ISO 8601, if the description is one.
    instant: Option<String>,
    /// A remark below the description.
    note: Sentence,
}

impl Fact {
    fn date(
        scene: &Scene,
        name: &'static str,
        date: Option<&DateTime>,
        write: impl Fn(Timestamp) -> String,
    ) -> Option<Fact> {
        let date = date?;
        let elsewhere = scene.settings.formats.elsewhere(date);
        let note = elsewhere.map(|local| {
            scene.settings.texts.sentence("elsewhere", &|_| vec![Piece::Verbatim(local.clone())])
        });
        Some(Fact {
            name,
            tense: "",
            description: vec![Piece::Own(write(date.at))],
            instant: Some(iso(date.at)),
            note: note.unwrap_or_default(),
        })
    }

    fn text(name: &'static str, text: &Field<String>) -> Option<Fact> {
        let text = Some(Piece::untrusted(text.value()?)).filter(|text| !text.is_blank())?;
        let description = vec![text];
        Some(Fact { name, tense: "", description, instant: None, note: Sentence::new() })
    }
}

/// The next run, the schedule, whose sentence and note are empty where there is none, and the last good run.
fn facts(scene: &Scene, sentence: Sentence, note: Sentence) -> Vec<impl IntoView + use<>> {
    let next = scene.verdict.next_run.as_ref();
    let tense = if next.is_some_and(|next| next.at <= scene.now) { ".passed" } else { "" };
    let next = Fact::date(scene, "next-run", next, |at| scene.date(at)).map(|fact| Fact { tense, ..fact });
    let said = |name, description: Sentence, note| {
        (!description.is_empty()).then_some(Fact { name, tense: "", description, instant: None, note })
    };
    let last_good = said("last-good", scene.last_good(), Sentence::new());
    described(scene, [next, said("schedule", sentence, note), last_good])
}

/// The rest, on demand.
fn details(scene: &Scene) -> Option<impl IntoView + use<>> {
    let backup = scene.verdict.backup.as_ref()?;
    let requester = backup.requester.value();
    let facts = described(
        scene,
        [
            requester.and_then(|requester| Fact::text("requester", &requester.name)),
            requester.and_then(|requester| Fact::text("requester-id", &requester.id)),
            requester.and_then(|requester| Fact::text("requester-zuid", &requester.zuid)),
            Fact::date(scene, "first-run", backup.start_date.value(), |at| {
                scene.settings.formats.date_time(at)
            }),
            Fact::text("job", &backup.id),
        ],
    );
    (!facts.is_empty()).then(|| {
        view! {
            <details part="details">
                <summary>{scene.settings.texts.plain("details")}</summary>
                <dl>{facts}</dl>
            </details>
        }
    })
}

fn described<const N: usize>(scene: &Scene, facts: [Option<Fact>; N]) -> Vec<impl IntoView + use<N>> {
    let fact = |Fact { name, tense, description, instant, note }| {
        let description = match instant {
            Some(instant) => Either::Left(time(instant, description)),
            None => Either::Right(sentence_nodes(description)),
        };
        view! {
            <div class="fact" part=name>
                <dt>{scene.settings.texts.plain(&[name, tense].concat())}</dt>
                <dd>{description} {paragraph("note", None, note)}</dd>
            </div>
        }
    };
    facts.into_iter().flatten().map(fact).collect()
}

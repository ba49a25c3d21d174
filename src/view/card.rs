//! The card: everything there is to say.

use super::badge::{badge, countdown};
use super::{Scene, icons, shown};
use crate::intl::iso;
use crate::text::{self, Piece, Sentence};
use leptos::either::Either;
use leptos::prelude::*;
use std::rc::Rc;

/// The whole card.
pub fn card<T>(
    scene: &Scene,
    text: T,
    refresh: StoredValue<Rc<dyn Fn()>, LocalStorage>,
) -> impl IntoView + use<T>
where
    T: Fn() -> String + Copy + Send + 'static,
{
    let refresh_label = text::plain("refresh");
    view! {
        <div
            class="card"
            part="card"
            role="group"
            aria-label=text::joined(&[scene.label()])
            data-theme=scene.options.theme.name()
            data-tone=scene.verdict.tone.name()
            data-state=scene.verdict.state.name()
        >
            <div class="head">
                <div class="label" part="label" role="heading" attr:aria-level="3">
                    {heading(scene)}
                </div>
                <button
                    class="refresh"
                    part="refresh"
                    type="button"
                    aria-label=refresh_label
                    title=refresh_label
                    hidden=scene.url.is_empty()
                    on:click=move |_| refresh.with_value(|refresh| refresh())
                >
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d=icons::REFRESH></path>
                    </svg>
                </button>
            </div>
            <div class="state">{badge(scene)} {countdown(scene, text)}</div>
            {paragraph("reason", Some("reason"), scene.reason())}
            {notice(scene)}
            <dl class="facts">{facts(scene)}</dl>
            {paragraph("freshness", Some("freshness"), scene.freshness())}
        </div>
    }
}

/// Which account this is; a link to where one goes to fix it.
fn heading(scene: &Scene) -> impl IntoView + use<> {
    let label = shown(vec![scene.label()]);
    match scene.link.clone() {
        Some(link) => Either::Left(view! { <a href=link>{label}</a> }),
        None => Either::Right(label),
    }
}

/// A sentence as a paragraph, if there is one.
fn paragraph(
    class: &'static str,
    part: Option<&'static str>,
    sentence: Sentence,
) -> Option<impl IntoView + use<>> {
    (!sentence.is_empty()).then(|| view! { <p class=class part=part>{shown(sentence)}</p> })
}

/// What went wrong with the last request, and what to do about it.
fn notice(scene: &Scene) -> Option<impl IntoView + use<>> {
    scene.verdict.fault.as_ref()?;
    Some(view! {
        <div class="notice" part="notice">
            {paragraph("cause", None, scene.cause())}
            {paragraph("remedy", None, scene.remedy())}
            {paragraph("message", None, scene.message())}
        </div>
    })
}

/// What is known of the backup, as terms and their descriptions.
fn facts(scene: &Scene) -> Vec<impl IntoView + use<>> {
    let backup = scene.verdict.backup.as_ref();
    let next_run = scene.verdict.next_run.as_ref();
    let rule = backup.and_then(|backup| backup.rrule.value());
    let requester = backup.and_then(|backup| backup.requester.value()?.name.value());
    let facts = [
        (
            "next-run",
            next_run.map(|date| Piece::Own(scene.formats.date_time(date.at))),
            next_run.map(|date| iso(date.at)),
        ),
        ("schedule", rule.map(|rule| Piece::outside(rule)), None),
        ("details", requester.map(|name| Piece::outside(name)), None),
    ];
    facts
        .into_iter()
        .filter_map(|(name, description, instant)| {
            let description = shown(vec![description?]);
            let description = match instant {
                Some(instant) => (Some(view! { <time datetime=instant>{description}</time> }), None),
                None => (None, Some(description)),
            };
            Some(view! {
                <div class="fact" part=name>
                    <dt>{text::plain(name)}</dt>
                    <dd>{description}</dd>
                </div>
            })
        })
        .collect()
}

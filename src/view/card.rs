//! The card: everything there is to say.

use super::{Scene, badge, icons, shown};
use crate::intl::iso;
use crate::text::{self, Piece, Sentence};
use leptos::prelude::*;
use std::rc::Rc;
use zoho_backup_core::clock::Timestamp;

/// The whole card.
pub fn card(
    scene: RwSignal<Scene, LocalStorage>,
    now: RwSignal<Timestamp>,
    refresh: StoredValue<Rc<dyn Fn()>, LocalStorage>,
) -> impl IntoView {
    let has_data = move || scene.with(|scene| scene.url.is_empty());
    view! {
        <section
            class="card"
            part="card"
            aria-label=move || scene.with(|scene| text::joined(&[scene.label()]))
            data-theme=move || scene.with(|scene| scene.options.theme.name())
            data-tone=move || scene.with(|scene| scene.verdict.tone.name())
            data-state=move || scene.with(|scene| scene.verdict.state.name())
        >
            <div class="head">
                <div class="label" part="label" role="heading" attr:aria-level="3">
                    {move || scene.with(|scene| shown(vec![scene.label()]))}
                </div>
                <button
                    class="refresh"
                    part="refresh"
                    type="button"
                    aria-label=move || text::plain("refresh")
                    title=move || text::plain("refresh")
                    hidden=has_data
                    on:click=move |_| refresh.with_value(|refresh| refresh())
                >
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path d=icons::REFRESH></path>
                    </svg>
                </button>
            </div>
            <div class="state">{badge::badge(scene)} {badge::countdown(scene, now)}</div>
            <p class="reason" part="reason">{move || scene.with(|scene| shown(scene.reason()))}</p>
            {move || scene.with(notice)}
            <dl class="facts">
                {move || scene.with(next_run)}
                {move || scene.with(schedule)}
                {move || scene.with(requester)}
            </dl>
            <p class="freshness" part="freshness" hidden=move || scene.with(|scene| scene.freshness().is_empty())>
                {move || scene.with(|scene| shown(scene.freshness()))}
            </p>
        </section>
    }
}

fn next_run(scene: &Scene) -> Option<impl IntoView + use<>> {
    let date = scene.verdict.next_run.clone()?;
    let written = scene.formats.date_time(date.at);
    Some(view! {
        <div class="fact" part="next-run">
            <dt>{text::plain("next-run")}</dt>
            <dd><time datetime=iso(date.at)>{written}</time></dd>
        </div>
    })
}

fn schedule(scene: &Scene) -> Option<impl IntoView + use<>> {
    let rule = scene.verdict.backup.as_ref()?.rrule.value()?;
    let rule = shown(vec![Piece::outside(rule)]);
    Some(view! {
        <div class="fact" part="schedule">
            <dt>{text::plain("schedule")}</dt>
            <dd><code>{rule}</code></dd>
        </div>
    })
}

fn requester(scene: &Scene) -> Option<impl IntoView + use<>> {
    let name = scene.verdict.backup.as_ref()?.requester.value()?.name.value()?;
    let name = shown(vec![Piece::outside(name)]);
    Some(view! {
        <div class="fact" part="requester">
            <dt>{text::plain("requester")}</dt>
            <dd>{name}</dd>
        </div>
    })
}

/// What went wrong with the last request, and what to do about it.
fn notice(scene: &Scene) -> Option<impl IntoView + use<>> {
    scene.verdict.fault.as_ref()?;
    let paragraph = |class: &'static str, sentence: Sentence| {
        (!sentence.is_empty()).then(|| view! { <p class=class>{shown(sentence)}</p> })
    };
    let (cause, remedy, message) = (scene.cause(), scene.remedy(), scene.message());
    Some(view! {
        <div class="notice" part="notice">
            {paragraph("cause", cause)}
            {paragraph("remedy", remedy)}
            {paragraph("message", message)}
        </div>
    })
}

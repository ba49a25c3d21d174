//! The badge, and the variant that is one line of badge and countdown.

use super::{Scene, icons};
use crate::text::joined;
use leptos::prelude::*;
use zoho_backup_core::clock::Timestamp;

/// Icon and word of the state: never colour alone.
pub fn badge(scene: RwSignal<Scene, LocalStorage>) -> impl IntoView {
    let icon = move || scene.with(|scene| icons::of(scene.verdict.state));
    view! {
        <span class="badge" part="badge">
            <svg class="icon" part="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d=icon></path>
            </svg>
            <span class="word">{move || scene.with(Scene::word)}</span>
        </span>
    }
}

/// The countdown's text node, which ticks and so is never live.
pub fn countdown(scene: RwSignal<Scene, LocalStorage>, now: RwSignal<Timestamp>) -> impl IntoView {
    let text = Memo::new(move |_| scene.with(|scene| scene.countdown(now.get())));
    view! {
        <span class="countdown" part="countdown" role="timer" hidden=move || text.with(Option::is_none)>
            {move || text.get().unwrap_or_default()}
        </span>
    }
}

/// One line: badge and countdown; the rest on hover and for assistive technology.
pub fn line(scene: RwSignal<Scene, LocalStorage>, now: RwSignal<Timestamp>) -> impl IntoView {
    let label = move || scene.with(|scene| joined(&[scene.label()]));
    let title = move || scene.with(|scene| joined(&[scene.reason(), scene.cause()].concat()));
    view! {
        <span
            class="line"
            part="card"
            role="group"
            aria-label=label
            title=title
            data-theme=move || scene.with(|scene| scene.options.theme.name())
            data-tone=move || scene.with(|scene| scene.verdict.tone.name())
            data-state=move || scene.with(|scene| scene.verdict.state.name())
        >
            {badge(scene)}
            {countdown(scene, now)}
        </span>
    }
}

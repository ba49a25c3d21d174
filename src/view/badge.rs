//! The badge, and the variant that is one line: badge and countdown.

use crate::scene::Scene;
use crate::view::icons;
use leptos::prelude::*;
use zoho_backup_words::sentence::joined;

/// Icon and word of the state: never colour alone.
pub fn badge(scene: &Scene) -> impl IntoView + use<> {
    let (icon, word) = (icons::of(scene.verdict.state), scene.word());
    view! {
        <span class="badge" part="badge">
            <svg part="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d=icon></path>
            </svg>
            <span>{word}</span>
        </span>
    }
}

/// The countdown. It ticks, so it must not be a live region.
pub fn countdown<T>(scene: &Scene, text: T) -> Option<impl IntoView + use<T>>
where
    T: Fn() -> String + Send + 'static,
{
    scene.countdown(scene.now)?;
    Some(view! { <span class="countdown" part="countdown" role="timer">{text}</span> })
}

/// One line: badge and countdown; the rest on hover and for assistive technology.
pub fn line<T>(scene: &Scene, text: T) -> impl IntoView + use<T>
where
    T: Fn() -> String + Send + 'static,
{
    let label = joined(&[scene.label()]);
    let mut title = joined(&scene.reason());
    for sentence in [scene.cause(), scene.not_current()].iter().filter(|sentence| !sentence.is_empty()) {
        title = [&title, " ", &joined(sentence)].concat();
    }
    view! {
        <span
            class="line"
            part="card"
            role="group"
            aria-label=label
            title=title
            data-theme=scene.settings.options.theme.name()
            data-tone=scene.verdict.tone.name()
            data-state=scene.verdict.state.name()
        >
            {badge(scene)}
            {countdown(scene, text)}
        </span>
    }
}

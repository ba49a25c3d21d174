//! The badge, and the variant that is one line: badge and countdown.

use crate::scene::Scene;
use crate::view::icons;
use crate::view::nodes::ticking;
use crate::view::popover;
use leptos::either::Either;
use leptos::prelude::*;
use zoho_backup_picture::icons::{STALE, of};
use zoho_backup_words::sentence::joined;
use zoho_backup_words::wording::Wording;

/// Icon and word of the state, and of staleness: never colour alone.
pub fn badge(scene: &Scene) -> impl IntoView + use<> {
    let (icon, word) = (of(scene.verdict.state), scene.word());
    // With a space between the words, where no style sheet separates them.
    let stale = scene.verdict.stale.then(|| {
        let word = scene.settings.texts.plain("word.stale");
        (
            " ",
            view! { <span class="stale" part="stale">{icons::icon(None, STALE)} <span>{word}</span></span> },
        )
    });
    view! {
        <span class="badge" part="badge">
            {icons::icon(Some("icon"), icon)}
            <span>{word}</span>
            {stale}
        </span>
    }
}

/// The countdown. It ticks, so it must not be a live region.
pub fn countdown<T>(scene: &Scene, text: T) -> Option<impl IntoView + use<T>>
where
    T: Fn() -> String + Send + 'static,
{
    scene.countdown(scene.now)?;
    Some(ticking("countdown", Some("timer"), text))
}

/// One line: badge and countdown. The badge is a button that opens the card, except inside a button or link of the
/// host's, where it is plain text.
pub fn line<T>(scene: &Scene, text: T) -> impl IntoView + use<T>
where
    T: Fn() -> String + Send + 'static,
{
    let badge = badge(scene);
    let badge = if scene.settings.is_in_control {
        Either::Left(badge)
    } else {
        let name = joined(&scene.badge_name());
        Either::Right(view! {
            <button class="opener" type="button" popovertarget=popover::ID aria-label=name>
                {badge}
            </button>
        })
    };
    view! {
        <span
            class="line"
            part="card"
            role="group"
            aria-label=joined(&[scene.label()])
            data-theme=scene.settings.options.theme.name()
            data-tone=scene.verdict.tone.name()
            data-state=scene.verdict.state.name()
        >
            {badge}
            {countdown(scene, text)}
        </span>
    }
}

//! One view tree over a scene that changes rarely and a clock that ticks.

use crate::scene::Ticking;
use crate::signals::Signals;
use crate::view::nodes::sentence_nodes;
use crate::view::{badge, card, popover};
use leptos::prelude::*;
use std::rc::Rc;

/// The view of one widget. Each scene is drawn in place; between two scenes only times change.
pub fn widget(signals: Signals, refresh: impl Fn() + 'static) -> impl IntoView {
    let Signals { scene, now } = signals;
    let refresh = StoredValue::new_local(Rc::new(refresh) as Rc<dyn Fn()>);
    // One type of closure for both texts: a second would add a kilobyte.
    let ticking = move |what| move || scene.get_untracked().ticking(what, now.get());
    let drawn = move || {
        let scene = scene.get();
        let is_badge = scene.is_badge();
        let opens = is_badge && !scene.settings.is_in_control;
        let line = is_badge.then(|| badge::line(&scene, ticking(Ticking::Countdown)));
        let card = (!is_badge || scene.is_open)
            .then(|| card::card(&scene, ticking(Ticking::Countdown), ticking(Ticking::Freshness), refresh));
        view! {
            {line}
            <div
                part=opens.then_some("popover")
                id=popover::ID
                popover=opens.then_some("auto")
            >
                {card}
            </div>
            <div class="said" role="status">
                {sentence_nodes(scene.said.clone())}
            </div>
        }
    };
    // Leptos can replace nodes below an element only, and a shadow root is none.
    view! {
        <div class="widget">
            {drawn}
        </div>
    }
}

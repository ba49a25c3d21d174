//! One view tree over a scene that changes rarely and a clock that ticks.

use crate::scene::Ticking;
use crate::signals::Signals;
use crate::view::nodes::sentence_nodes;
use crate::view::popover::Popover;
use crate::view::{badge, card};
use leptos::either::Either;
use leptos::prelude::*;
use std::rc::Rc;
use zoho_backup_core::options::Variant;

/// The view of one widget. Each scene is drawn in place; between two scenes only times change.
pub fn widget(signals: Signals, refresh: impl Fn() + 'static) -> impl IntoView {
    let Signals { scene, now, said } = signals;
    let refresh = StoredValue::new_local(Rc::new(refresh) as Rc<dyn Fn()>);
    let popover = Popover::new();
    // One type of closure for both texts: a second would add a kilobyte.
    let ticking = move |what| move || scene.get_untracked().ticking(what, now.get());
    let drawn = move || {
        let scene = scene.get();
        let countdown = ticking(Ticking::Countdown);
        match scene.settings.options.variant {
            Variant::Badge => {
                let card =
                    || card::card(&scene, ticking(Ticking::Countdown), ticking(Ticking::Freshness), refresh);
                let card = popover.is_open().then(card);
                Either::Left(badge::line(&scene, countdown, popover, card))
            }
            Variant::Card => {
                popover.forget();
                Either::Right(card::card(&scene, countdown, ticking(Ticking::Freshness), refresh))
            }
        }
    };
    // Leptos can replace nodes below an element only, and a shadow root is none.
    view! {
        <div class="widget">
            {drawn} <div class="said" role="status">
                {move || sentence_nodes(said.get())}
            </div>
        </div>
    }
}

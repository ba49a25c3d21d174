//! One widget, as seen by those who embed it.

use crate::feed;
use crate::fetch::head_start::HeadStart;
pub use crate::fetch::head_start::StartedRequest;
pub use crate::host_input::HostInput;
pub use crate::loaded_languages::load_by as load_languages_by;
use crate::model::{self, Model};
use crate::page::clock;
pub use crate::state_set::StateSet;
use crate::view::{popover, widget_view};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};
use zoho_backup_core::verdict::Verdict;

/// A widget that runs in a shadow root. Dropping it leaves the root empty and nothing behind.
#[must_use = "dropping a widget removes it from its page"]
pub struct Widget {
    model: Rc<Model>,
    // Of the signals, which the view reads until the model ends.
    _owner: Owner,
}

impl std::fmt::Debug for Widget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Widget").finish_non_exhaustive()
    }
}

impl Widget {
    /// Shows a widget in the shadow root of `host`, on which its events fire. `states` are a custom element's.
    pub fn mount(
        host: HtmlElement,
        root: &ShadowRoot,
        input: HostInput,
        states: Option<StateSet>,
        started: Option<StartedRequest>,
    ) -> Widget {
        let owner = Owner::new();
        let model = Model::new(host, input, states, HeadStart::new(started), &owner);
        let refreshed = Rc::downgrade(&model);
        let refresh = move || {
            if let Some(model) = refreshed.upgrade() {
                model.refresh(None);
            }
        };
        // Leptos mounts into elements only, but does nothing with them that a shadow root could not.
        let parent = root.unchecked_ref::<HtmlElement>().clone();
        let signals = model.signals();
        let owner_of_view = owner.clone();
        model.show(root, move || {
            let (parent, refresh) = (parent.clone(), refresh.clone());
            let view = || leptos::mount::mount_to(parent, move || widget_view::widget(signals, refresh));
            Box::new(owner_of_view.with(view))
        });
        let followed = Rc::downgrade(&model);
        model.keep(popover::follow(root, move |is_open| {
            if let Some(model) = followed.upgrade() {
                model.set_open(is_open);
            }
        }));
        Widget { model, _owner: owner }
    }

    /// Takes over changed options or data.
    pub fn update(&self, input: HostInput) {
        self.model.leave_slot();
        self.model.take_over(input, HeadStart::default());
    }

    /// Asks now, at most once in 5 seconds. The promise resolves with the verdict, its `fault` set when that failed.
    pub fn refresh(&self) -> js_sys::Promise {
        let mut resolve = None;
        let verdict = js_sys::Promise::new(&mut |function, _| resolve = Some(function));
        self.model.refresh(resolve);
        verdict
    }

    /// The verdict of the event that is being dispatched, for a listener in Rust.
    pub(crate) fn dispatched(&self) -> Option<Rc<Verdict>> {
        self.model.dispatched()
    }

    /// The verdict as plain data.
    pub fn verdict(&self) -> JsValue {
        self.model.detail()
    }
}

impl Drop for Widget {
    fn drop(&mut self) {
        self.model.end();
    }
}

/// Ends all timers, requests and events for good, in silence: after a panic nothing is certain any more.
pub fn abandon_all() {
    clock::stop();
    feed::abandon_all();
    model::abandon_all();
}

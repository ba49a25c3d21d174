//! One widget, as those who embed it have it in hand.

use crate::feed;
use crate::fetch::Early;
pub use crate::fetch::HeadStart;
pub use crate::given::Given;
pub use crate::host::StateSet;
use crate::model::Model;
use crate::{clock, view};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};
use zoho_backup_core::verdict::Verdict;

/// A widget that runs in a shadow root. Dropping it leaves the root empty and nothing behind.
#[must_use = "dropping a widget removes it from its page"]
pub struct Widget {
    model: Rc<Model>,
    _view: Box<dyn std::any::Any>,
    // Owns the signals, which the view reads to its end: fields are dropped in order.
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
        given: Given,
        states: Option<StateSet>,
        head_start: Option<HeadStart>,
    ) -> Widget {
        let owner = Owner::new();
        let model = Model::new(host, given, states, Early::new(head_start), &owner);
        let refreshing = Rc::downgrade(&model);
        let refresh = move || {
            if let Some(model) = refreshing.upgrade() {
                model.refresh(None);
            }
        };
        // Leptos mounts into elements only; it does with them nothing that a shadow root could not.
        let parent = root.unchecked_ref::<HtmlElement>().clone();
        let (scene, now, said) = (model.scene, model.now, model.said);
        let view =
            owner.with(|| leptos::mount::mount_to(parent, move || view::widget(scene, now, said, refresh)));
        Widget { model, _view: Box::new(view), _owner: owner }
    }

    /// Takes over changed options or data.
    pub fn update(&self, given: Given) {
        self.model.take_over(given, Early::default());
    }

    /// Asks now, at most once in 5 seconds. The promise resolves with the verdict, its `fault` set when that failed.
    pub fn refresh(&self) -> js_sys::Promise {
        let mut resolve = None;
        let verdict = js_sys::Promise::new(&mut |function, _| resolve = Some(function));
        self.model.refresh(resolve);
        verdict
    }

    /// The verdict; `None` once the widget's page is gone.
    pub fn current(&self) -> Option<Verdict> {
        self.model.scene.try_get_untracked().map(|scene| scene.verdict.clone())
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

/// Ends all timers, requests and events for good, without a word to anybody: after a panic nothing is certain any more.
pub fn abandon_all() {
    clock::stop();
    feed::abandon_all();
}

//! Event listeners that end with their owner.

use crate::page::console;
use wasm_bindgen::prelude::*;
use web_sys::EventTarget;

/// Listens to an event until it is dropped.
#[must_use = "dropping it stops listening"]
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    /// Listens to an event of a target. Where the page's own `addEventListener` throws, nothing is heard.
    pub fn new(target: &EventTarget, event: &'static str, callback: Box<dyn FnMut(JsValue)>) -> Listener {
        // The event as a bare value, for which Leptos has such closures already.
        let callback = Closure::wrap(callback);
        let listener = Listener { target: target.clone(), event, callback };
        if target.add_event_listener_with_callback(event, listener.function()).is_err() {
            console::warn_of_throwing("addEventListener");
        }
        listener
    }

    fn function(&self) -> &js_sys::Function {
        self.callback.as_ref().unchecked_ref()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.event, self.function());
    }
}

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
    captures: bool,
}

impl Listener {
    /// Listens to an event of a target. Where the page's own `addEventListener` throws, nothing is heard.
    pub fn new(target: &EventTarget, event: &'static str, callback: Box<dyn FnMut(JsValue)>) -> Listener {
        Listener::listen(target, event, callback, false)
    }

    /// The same, also of events of the elements inside that do not bubble.
    pub fn capturing(
        target: &EventTarget,
        event: &'static str,
        callback: Box<dyn FnMut(JsValue)>,
    ) -> Listener {
        Listener::listen(target, event, callback, true)
    }

    fn listen(
        target: &EventTarget,
        event: &'static str,
        callback: Box<dyn FnMut(JsValue)>,
        captures: bool,
    ) -> Listener {
        // The event as a bare value, for which Leptos has such closures already.
        let callback = Closure::wrap(callback);
        let listener = Listener { target: target.clone(), event, callback, captures };
        if target.add_event_listener_with_callback_and_bool(event, listener.function(), captures).is_err() {
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
        let function = self.function();
        let _ = self.target.remove_event_listener_with_callback_and_bool(self.event, function, self.captures);
    }
}

//! Timers that end with their owner.

use crate::page::console;
use std::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    // Looked up at every call, since a page may replace them.
    #[wasm_bindgen(js_name = setTimeout, catch)]
    fn set_timeout(callback: &JsValue, millis: u32) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = clearTimeout, catch)]
    fn clear_timeout(id: &JsValue) -> Result<JsValue, JsValue>;
}

/// Calls back once, after a while, unless it is dropped before.
#[must_use = "dropping it cancels the callback"]
pub struct Timeout {
    id: JsValue,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls back after `wait`, at most 2³¹ milliseconds. `None` where the page's own `setTimeout` throws.
    pub fn new(wait: Duration, callback: Box<dyn FnOnce()>) -> Option<Timeout> {
        let callback = Closure::once(callback);
        let id = set_timeout(callback.as_ref(), wait.as_millis() as u32);
        if id.is_err() {
            console::warn_of_throwing("setTimeout");
        }
        Some(Timeout { id: id.ok()?, _callback: callback })
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        let _ = clear_timeout(&self.id);
    }
}

//! The browser's observers, which end with their owner.

use crate::page::objects;
use wasm_bindgen::prelude::*;

/// Observes until it is dropped.
#[must_use = "dropping it stops observing"]
pub struct Observer {
    observer: JsValue,
    _callback: Closure<dyn FnMut(JsValue)>,
}

impl Observer {
    /// An observer of this kind, such as `MutationObserver`. `None` where the browser lacks it, or the page's own throws.
    pub fn new(kind: &str, options: &js_sys::Object, callback: Box<dyn FnMut(JsValue)>) -> Option<Observer> {
        let callback = Closure::wrap(callback);
        let arguments = js_sys::Array::of2(callback.as_ref(), options);
        let observer = objects::construct(&js_sys::global(), kind, &arguments)?;
        Some(Observer { observer, _callback: callback })
    }

    /// Observes a target. `None` where the page's own observer throws.
    pub fn observe(&self, target: &JsValue, options: &js_sys::Object) -> Option<()> {
        objects::call2(&self.observer, "observe", target, options).map(drop)
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        objects::call(&self.observer, "disconnect");
    }
}

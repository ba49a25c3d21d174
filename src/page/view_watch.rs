//! Whether an element is in view.

use crate::page::objects;
use crate::page::observer::Observer;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

/// How far outside the window an element still counts as in view, so that no reader scrolls to a text that stood still.
const MARGIN: &str = "50%";

/// Calls back with whether the element is in view, now and whenever that changes. One without a box of its own, as with
/// `display: contents`, counts as in view. `None` where the page's own `IntersectionObserver` throws.
pub fn watch_view(element: &HtmlElement, callback: impl Fn(bool) + 'static) -> Option<Observer> {
    let options = objects::object(&[("rootMargin", MARGIN)]);
    let watched = element.clone();
    let call = move |entries: JsValue| {
        // The last one is the present.
        let entry = entries.dyn_into::<js_sys::Array>().map(|entries| entries.pop());
        let is_out = entry.is_ok_and(|it| objects::member(&it, "isIntersecting") == Some(JsValue::FALSE));
        callback(!is_out || watched.offset_width() == 0);
    };
    let watch = Observer::new("IntersectionObserver", &options, Box::new(call))?;
    watch.observe(element, &options)?;
    Some(watch)
}

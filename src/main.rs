//! What JavaScript sees of the widget: `www/widget.js` calls it. No logic.

#![allow(
    missing_docs,
    missing_debug_implementations,
    reason = "a binary's items are documented for its readers only"
)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::panic;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};
use zoho_backup_status::widget::{self, Given, HeadStart, StateSet, Widget};

/// Has `tell` called with what went wrong when this instance panics. Nothing but [`abandon`] may call into it then.
#[wasm_bindgen]
pub fn on_panic(tell: js_sys::Function) {
    panic::set_hook(Box::new(move |panic| {
        // Not by `Display`, which weighs a kilobyte.
        let (file, line) = panic.location().map_or(("", 0), |place| (place.file(), place.line()));
        let message = panic.payload_as_str().unwrap_or_default();
        let text = ["panicked at ", file, ":", &line.to_string(), ": ", message].concat();
        // There is nobody left to tell if that fails.
        let _ = tell.call1(&JsValue::UNDEFINED, &JsValue::from_str(&text));
    }));
}

/// Ends all that this instance has under way, in the midst of a panic too.
#[wasm_bindgen]
pub fn abandon() {
    widget::abandon_all();
}

/// One widget. `free()` removes it from its page.
#[wasm_bindgen]
pub struct Handle(Widget);

/// Shows a widget in the shadow root of `host`, on which its events fire.
#[wasm_bindgen]
pub fn mount(
    host: HtmlElement,
    root: &ShadowRoot,
    options: &JsValue,
    states: Option<StateSet>,
    head_start: Option<HeadStart>,
) -> Handle {
    Handle(Widget::mount(host, root, Given::read(options), states, head_start))
}

#[wasm_bindgen]
impl Handle {
    /// Takes over all options anew.
    pub fn update(&self, options: &JsValue) {
        self.0.update(Given::read(options));
    }

    /// Asks now; resolves with the verdict.
    pub fn refresh(&self) -> js_sys::Promise {
        self.0.refresh()
    }

    /// The verdict as plain data.
    #[wasm_bindgen(getter)]
    pub fn verdict(&self) -> JsValue {
        self.0.verdict()
    }
}

fn main() {}

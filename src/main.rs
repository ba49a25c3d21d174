//! The exports to JavaScript, for www/widget.js. No logic.

#![allow(
    missing_docs,
    missing_debug_implementations,
    reason = "a binary's items are documented for its readers only"
)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::panic;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlElement, ShadowRoot};
use zoho_backup_status::widget::{self, HostInput, StartedRequest, StateSet, Widget};

/// Calls `report` with the message when this instance panics. After that, only [`abandon`] may be called.
#[wasm_bindgen]
pub fn on_panic(report: js_sys::Function) {
    panic::set_hook(Box::new(move |panic| {
        // Not by `Display`, which weighs a kilobyte.
        let (file, line) = panic.location().map_or(("", 0), |place| (place.file(), place.line()));
        let message = panic.payload_as_str().unwrap_or_default();
        let text = ["panicked at ", file, ":", &line.to_string(), ": ", message].concat();
        // If that fails, there is nobody left to report to.
        let _ = report.call1(&JsValue::UNDEFINED, &JsValue::from_str(&text));
    }));
}

/// Loads languages by that function from now on.
#[wasm_bindgen]
pub fn load_languages_by(loader: js_sys::Function) {
    widget::load_languages_by(loader);
}

/// Ends everything that this instance has under way. Safe to call during a panic.
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
    started: Option<StartedRequest>,
) -> Handle {
    Handle(Widget::mount(host, root, HostInput::read(options), states, started))
}

#[wasm_bindgen]
impl Handle {
    /// Takes over all options.
    pub fn update(&self, options: &JsValue) {
        self.0.update(HostInput::read(options));
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

//! The style sheet, for hosts without the script, whose www/widget.js adopts it otherwise.

use crate::page::objects;
use wasm_bindgen::prelude::*;
use web_sys::ShadowRoot;

#[wasm_bindgen]
extern "C" {
    type CssStyleSheet;

    #[wasm_bindgen(constructor, js_class = "CSSStyleSheet", catch)]
    fn new() -> Result<CssStyleSheet, JsValue>;

    #[wasm_bindgen(method, js_name = replaceSync, catch)]
    fn replace_sync(this: &CssStyleSheet, text: &str) -> Result<(), JsValue>;
}

thread_local! {
    /// One sheet for all widgets of the page.
    static STYLE: Option<CssStyleSheet> = {
        let sheet = CssStyleSheet::new().ok();
        sheet.filter(|sheet| sheet.replace_sync(include_str!("style.css")).is_ok())
    };
}

/// Gives a shadow root the widget's style.
pub fn adopt(root: &ShadowRoot) {
    STYLE.with(|sheet| {
        if let Some(sheet) = sheet {
            objects::set(root.unchecked_ref(), "adoptedStyleSheets", &js_sys::Array::of1(sheet));
        }
    });
}

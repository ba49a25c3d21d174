//! Messages for the page's developer.

use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn console_warn(text: &str);
}

thread_local! {
    static WARNINGS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Warns the page's developer, once, that a function of the page's own throws.
pub fn warn_of_throwing(function: &str) {
    warn([function, " throws on this page, so the widget may not update by itself"].concat());
}

/// Warns the page's developer, once for each text.
pub fn warn(text: String) {
    let is_new = WARNINGS.with_borrow_mut(|warnings| {
        let is_new = !warnings.contains(&text);
        if is_new {
            warnings.push(text.clone());
        }
        is_new
    });
    if is_new {
        console_warn(&["zoho-backup-status: ", &text].concat());
    }
}

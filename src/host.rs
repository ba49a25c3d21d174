//! The page around the widget, as far as it matters here.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn console_warn(text: &str);

    #[wasm_bindgen(js_name = String, catch)]
    fn string(value: &JsValue) -> Result<String, JsValue>;
}

/// Tells the page's developer about something that could not be taken as given.
pub fn warn(text: &str) {
    console_warn(&["zoho-backup-status: ", text].concat());
}

/// A member of a JavaScript object as text; `None` if it is missing, `null`, or cannot be read.
pub fn text_of(object: &JsValue, name: &str) -> Option<String> {
    let value = member(object, name)?;
    value.as_string().or_else(|| string(&value).ok())
}

/// A member of a JavaScript object; `None` if it is missing, `null`, or cannot be read.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = js_sys::Reflect::get(object, &JsValue::from_str(name)).ok()?;
    (!value.is_null() && !value.is_undefined()).then_some(value)
}

/// A JavaScript object of texts.
pub fn object(members: &[(&str, &str)]) -> js_sys::Object {
    let object = js_sys::Object::new();
    for (name, value) in members {
        set(&object, name, &JsValue::from_str(value));
    }
    object
}

/// Sets a member of a plain object, which cannot fail.
pub fn set(object: &js_sys::Object, name: &str, value: &JsValue) {
    let _ = js_sys::Reflect::set(object, &JsValue::from_str(name), value);
}

/// The page's document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The page's origin, such as `https://portal.example`; `null` in a sandboxed frame.
pub fn origin() -> String {
    text_of(&js_sys::global(), "origin").unwrap_or_default()
}

/// The value of an attribute on the nearest ancestor that has it, the element itself included, across shadow roots.
pub fn inherited(element: &Element, attribute: &str) -> Option<String> {
    let selector = ["[", attribute, "]"].concat();
    let mut element = element.clone();
    loop {
        if let Ok(Some(ancestor)) = element.closest(&selector) {
            return ancestor.get_attribute(attribute).filter(|value| !value.is_empty());
        }
        element = element.get_root_node().dyn_into::<ShadowRoot>().ok()?.host();
    }
}

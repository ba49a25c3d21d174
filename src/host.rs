//! The page around the widget, as far as it matters here.

use crate::clock;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Document, Element, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = warn)]
    fn console_warn(text: &str);

    /// The custom states of an element, for `:state()`.
    #[derive(Clone, Debug)]
    #[wasm_bindgen(js_name = CustomStateSet)]
    pub type StateSet;

    /// Adds a state.
    #[wasm_bindgen(method, catch)]
    pub fn add(this: &StateSet, state: &str) -> Result<JsValue, JsValue>;

    /// Removes all states.
    #[wasm_bindgen(method, catch)]
    pub fn clear(this: &StateSet) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = String, catch)]
    fn string(value: &JsValue) -> Result<String, JsValue>;
}

thread_local! {
    static WARNINGS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Tells the page's developer, once, about something that could not be taken as given.
pub fn warn(text: String) {
    let is_news = WARNINGS.with_borrow_mut(|warnings| {
        let is_news = !warnings.contains(&text);
        if is_news {
            warnings.push(text.clone());
        }
        is_news
    });
    if is_news {
        console_warn(&["zoho-backup-status: ", &text].concat());
    }
}

/// Does something when all that is under way is done: in a microtask. Not after the clock was stopped.
pub fn soon(act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    spawn_local(async move {
        if !clock::is_stopped() {
            act();
        }
    });
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

/// Whether the reader asks for less motion.
pub fn prefers_reduced_motion() -> bool {
    let query =
        web_sys::window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok()?);
    query.is_some_and(|query| query.matches())
}

/// The page's document.
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether nobody sees the page.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Whether there is a network, as far as the browser knows.
pub fn is_online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// The page's origin, such as `https://portal.example`; `null` in a sandboxed frame.
pub fn origin() -> String {
    text_of(&js_sys::global(), "origin").unwrap_or_default()
}

/// The host that the page comes from; empty where it comes from none.
pub fn hostname() -> String {
    web_sys::window().and_then(|window| window.location().hostname().ok()).unwrap_or_default()
}

/// Whether the page itself was loaded by plain http, or belongs to one that was.
pub fn page_is_http() -> bool {
    let protocol = web_sys::window().and_then(|window| window.location().protocol().ok());
    protocol.is_some_and(|protocol| protocol == "http:") || origin().starts_with("http:")
}

/// A URL resolved against the document's base; `None` if it is none.
pub fn resolve(url: &str) -> Option<web_sys::Url> {
    let base = document().and_then(|document| document.base_uri().ok().flatten());
    web_sys::Url::new_with_base(url, &base.unwrap_or_default()).ok()
}

/// The first value that `read` accepts, of an attribute of the element or of its ancestors, across shadow roots.
pub fn inherited<T>(element: &Element, attribute: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut next = Some(element.clone());
    while let Some(element) = next {
        if let Some(value) = element.get_attribute(attribute).and_then(|value| read(value.trim())) {
            return Some(value);
        }
        next = element.parent_element().or_else(|| {
            // A shadow root's parent is its host; a slotted element inherits from where it was written.
            Some(element.parent_node()?.dyn_into::<ShadowRoot>().ok()?.host())
        });
    }
    None
}

//! What the widget needs to know about its page.

use crate::page::objects;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, ShadowRoot};

/// Whether the reader prefers less motion.
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
    objects::text_of(&js_sys::global(), "origin").unwrap_or_default()
}

/// The hostname of the page; empty if it has none.
pub fn hostname() -> String {
    web_sys::window().and_then(|window| window.location().hostname().ok()).unwrap_or_default()
}

/// Whether the page was loaded by plain http, or belongs to one that was.
pub fn page_is_http() -> bool {
    let protocol = web_sys::window().and_then(|window| window.location().protocol().ok());
    protocol.is_some_and(|protocol| protocol == "http:") || origin().starts_with("http:")
}

/// A URL resolved against the document's base; `None` if it is invalid.
pub fn resolve(url: &str) -> Option<web_sys::Url> {
    let base = document().and_then(|document| document.base_uri().ok().flatten());
    web_sys::Url::new_with_base(url, &base.unwrap_or_default()).ok()
}

/// The first value that `read` accepts of an attribute of the element or its ancestors, across shadow roots.
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

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

/// Whether the page is in a frame.
pub fn is_framed() -> bool {
    web_sys::window().is_some_and(|window| window.parent().ok().flatten().as_ref() != Some(&window))
}

/// Whether a service worker handles the page's requests.
pub fn has_service_worker() -> bool {
    let workers = navigator_member("serviceWorker");
    workers.is_some_and(|workers| objects::member(&workers, "controller").is_some())
}

/// Asks the browser for a permission of the page. The promise rejects where the browser does not know it.
pub fn permission(name: &str) -> Option<js_sys::Promise> {
    let permissions = navigator_member("permissions")?;
    let query = objects::member(&permissions, "query")?.dyn_into::<js_sys::Function>().ok()?;
    let asked = query.call1(&permissions, &objects::object(&[("name", name)])).ok()?;
    Some(js_sys::Promise::resolve(&asked))
}

/// A member of the browser's `navigator`, which not every browser has.
fn navigator_member(name: &str) -> Option<JsValue> {
    objects::member(&web_sys::window()?.navigator(), name)
}

/// Whether the element is in a document that a window shows. It is in none after the frame was removed that it was in.
pub fn is_in_window(element: &Element) -> bool {
    let document = element.owner_document();
    element.is_connected() && document.is_some_and(|document| document.default_view().is_some())
}

/// The reader's language, as the browser knows it.
pub fn language() -> String {
    let language = navigator_member("language").and_then(|language| language.as_string());
    language.unwrap_or_default()
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

/// Whether the element is inside a link or a button, across shadow roots.
pub fn is_in_control(element: &Element) -> bool {
    const CONTROLS: &str =
        "a[href],button,summary,label,[role=button],[role=link],[role=menuitem],[role=tab],[role=option]";
    inherited_from(element, |element| element.matches(CONTROLS).ok().filter(|is_control| *is_control))
        .is_some()
}

/// The first value that `read` accepts of an attribute of the element or its ancestors, across shadow roots.
pub fn inherited<T>(element: &Element, attribute: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
    inherited_from(element, |element| read(element.get_attribute(attribute)?.trim()))
}

/// The first value that `read` finds in the element or its ancestors, across shadow roots.
fn inherited_from<T>(element: &Element, read: impl Fn(&Element) -> Option<T>) -> Option<T> {
    let mut next = Some(element.clone());
    while let Some(element) = next {
        if let Some(value) = read(&element) {
            return Some(value);
        }
        next = element.parent_element().or_else(|| {
            // A shadow root's parent is its host; a slotted element inherits from where it was written.
            Some(element.parent_node()?.dyn_into::<ShadowRoot>().ok()?.host())
        });
    }
    None
}

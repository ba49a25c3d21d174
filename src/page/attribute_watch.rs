//! Changes of attributes that an element inherits.

use crate::page::objects;
use crate::page::observer::Observer;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ShadowRoot};

/// Calls back when one of these attributes has changed in the element's tree, or in one around it. `None` where the page's
/// own `MutationObserver` throws.
pub fn watch_attributes(
    element: &Element,
    attributes: &[&str],
    callback: impl Fn() + 'static,
) -> Option<Observer> {
    let options = js_sys::Object::new();
    let names: js_sys::Array = attributes.iter().map(|name| JsValue::from_str(name)).collect();
    objects::set(&options, "attributeFilter", &names);
    objects::set(&options, "subtree", &JsValue::TRUE);
    let watch = Observer::new("MutationObserver", &options, Box::new(move |_| callback()))?;
    let mut root = element.get_root_node();
    loop {
        watch.observe(&root, &options)?;
        // The tree around a shadow root is its host's.
        let Ok(shadow) = root.dyn_into::<ShadowRoot>() else { return Some(watch) };
        root = shadow.host().get_root_node();
    }
}

//! Changes of attributes that an element inherits.

use crate::page::objects;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Node, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    type MutationObserver;

    // With errors caught, unlike web-sys' own binding, since a page may replace it.
    #[wasm_bindgen(constructor, catch)]
    fn new(callback: &JsValue) -> Result<MutationObserver, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn observe(this: &MutationObserver, target: &Node, options: &JsValue) -> Result<(), JsValue>;

    #[wasm_bindgen(method, catch)]
    fn disconnect(this: &MutationObserver) -> Result<(), JsValue>;
}

/// Watches attributes of an element and its ancestors until it is dropped.
#[must_use = "dropping it stops watching"]
pub struct AttributeWatch {
    observer: MutationObserver,
    _callback: Closure<dyn FnMut(JsValue)>,
}

impl AttributeWatch {
    /// Calls back when one of these attributes has changed in the element's tree, or in one around it. `None` where the
    /// page's own `MutationObserver` throws.
    pub fn new(
        element: &Element,
        attributes: &[&str],
        callback: impl Fn() + 'static,
    ) -> Option<AttributeWatch> {
        let callback: Box<dyn FnMut(JsValue)> = Box::new(move |_| callback());
        let callback = Closure::wrap(callback);
        let observer = MutationObserver::new(callback.as_ref()).ok()?;
        let watch = AttributeWatch { observer, _callback: callback };
        let options = js_sys::Object::new();
        let names: js_sys::Array = attributes.iter().map(|name| JsValue::from_str(name)).collect();
        objects::set(&options, "attributeFilter", &names);
        objects::set(&options, "subtree", &JsValue::TRUE);
        let mut root = element.get_root_node();
        loop {
            watch.observer.observe(&root, &options).ok()?;
            // The tree around a shadow root is its host's.
            let Ok(shadow) = root.dyn_into::<ShadowRoot>() else { return Some(watch) };
            root = shadow.host().get_root_node();
        }
    }
}

impl Drop for AttributeWatch {
    fn drop(&mut self) {
        let _ = self.observer.disconnect();
    }
}

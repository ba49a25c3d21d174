//! Members of JavaScript objects.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = String, catch)]
    fn string(value: &JsValue) -> Result<String, JsValue>;
}

/// A member as text; `None` if it is missing, `null`, or cannot be read.
pub fn text_of(object: &JsValue, name: &str) -> Option<String> {
    let value = member(object, name)?;
    value.as_string().or_else(|| string(&value).ok())
}

/// A member; `None` if it is missing, `null`, or cannot be read.
pub fn member(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = js_sys::Reflect::get(object, &JsValue::from_str(name)).ok()?;
    (!value.is_null() && !value.is_undefined()).then_some(value)
}

/// Calls a method without arguments; `None` if there is none, or it throws.
pub fn call(object: &JsValue, name: &str) -> Option<JsValue> {
    member(object, name)?.dyn_into::<js_sys::Function>().ok()?.call0(object).ok()
}

/// Calls a method with two arguments; `None` if there is none, or it throws.
pub fn call2(object: &JsValue, name: &str, first: &JsValue, second: &JsValue) -> Option<JsValue> {
    member(object, name)?.dyn_into::<js_sys::Function>().ok()?.call2(object, first, second).ok()
}

/// A new object of the class of that name, which is a member of another; `None` if there is none, or it throws.
pub fn construct(object: &JsValue, name: &str, arguments: &js_sys::Array) -> Option<JsValue> {
    let class = member(object, name)?.dyn_into::<js_sys::Function>().ok()?;
    js_sys::Reflect::construct(&class, arguments).ok()
}

/// A plain object with these texts.
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

//! JSON by the browser's own parser and writer.

use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use zoho_backup_core::json::{Json, MAX_DEPTH};

/// Parses a text; `None` if it is not JSON.
pub fn parse(text: &str) -> Option<Json> {
    Some(read(&js_sys::JSON::parse(text).ok()?, MAX_DEPTH))
}

/// Reads a value of the host by way of text, so that it is a document: no getters, no cycles, no later changes.
pub fn document(value: &JsValue) -> Option<Json> {
    parse(&stringify(value)?)
}

/// Writes a JavaScript value as text; `None` if it cannot be a document: a cycle, a function, a getter that throws.
pub fn stringify(value: &JsValue) -> Option<String> {
    js_sys::JSON::stringify(value).ok()?.as_string()
}

/// Serializes into plain JavaScript data.
pub fn to_js(value: &impl Serialize) -> JsValue {
    // Cannot fail for texts, numbers, flags and JSON.
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).unwrap_or(JsValue::NULL)
}

/// Reads plain data, which is all that the parser makes, down to so many levels.
///
/// Not by serde-wasm-bindgen's deserializer: its error texts alone, numbers as text among them, weigh 5 KB.
fn read(value: &JsValue, levels: u8) -> Json {
    if let Some(text) = value.as_string() {
        return Json::Text(text);
    }
    if let Some(number) = value.as_f64() {
        return Json::Number(number);
    }
    if let Some(flag) = value.as_bool() {
        return Json::Bool(flag);
    }
    let Some(object) = value.dyn_ref::<js_sys::Object>() else { return Json::Null };
    let Some(below) = levels.checked_sub(1) else { return Json::TooDeep };
    if js_sys::Array::is_array(object) {
        let list = object.unchecked_ref::<js_sys::Array>();
        return Json::List((0..list.length()).map(|index| read(&list.get(index), below)).collect());
    }
    let entries = js_sys::Object::entries(object);
    let member = |index| {
        let entry = entries.get(index).unchecked_into::<js_sys::Array>();
        (entry.get(0).as_string().unwrap_or_default(), read(&entry.get(1), below))
    };
    Json::Object((0..entries.length()).map(member).collect())
}

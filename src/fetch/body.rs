//! The body of an answer as text, up to the largest that is read.

use crate::page::objects::member;
use gloo_net::http::Response;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;
use zoho_backup_core::fault::Fault;
use zoho_backup_core::reply::MAX_BYTES;

/// Why there is no reply to judge.
pub enum Failure {
    /// This is known.
    Fault(Fault),
    /// The browser says no more than that something failed.
    Unknown,
}

impl From<JsValue> for Failure {
    fn from(_: JsValue) -> Self {
        Failure::Unknown
    }
}

/// Waits for a promise, at most until the promise of the deadline rejects.
pub async fn in_time(promise: js_sys::Promise, deadline: &js_sys::Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(js_sys::Promise::race(&js_sys::Array::of2(&promise, deadline))).await
}

/// Reads a body to its end, until the deadline.
pub async fn read_text(response: &Response, deadline: &js_sys::Promise) -> Result<String, Failure> {
    let Some(body) = response.body() else { return Ok(String::new()) };
    // With errors caught, unlike web-sys' own binding: a page's `fetch` may have read the body already.
    let get_reader = js_sys::Reflect::get(&body, &"getReader".into())?.dyn_into::<js_sys::Function>()?;
    let reader = get_reader.call0(&body)?.unchecked_into::<ReadableStreamDefaultReader>();
    let mut bytes = Vec::new();
    loop {
        let chunk = in_time(reader.read(), deadline).await?;
        let Some(chunk) = member(&chunk, "value") else { break };
        let chunk = chunk.dyn_into::<js_sys::Uint8Array>()?;
        // Measured before it is copied: a page's `fetch` may give a chunk for which there is no room.
        if chunk.length() as usize > MAX_BYTES - bytes.len() {
            // Nobody waits for the rest, so its failure does not matter.
            let _ = reader.cancel();
            return Err(Failure::Fault(Fault::too_large()));
        }
        bytes.extend(chunk.to_vec());
    }
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

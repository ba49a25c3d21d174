//! Work that waits until everything under way is done, or for something that is.

use crate::page::clock;
use std::pin::Pin;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Acts in a microtask. Not after the clock was stopped.
pub fn soon(act: impl FnOnce() + 'static) {
    after(js_sys::Promise::resolve(&JsValue::UNDEFINED), Box::new(act));
}

/// Acts once a promise is settled. Not after the clock was stopped.
pub fn after(promise: js_sys::Promise, act: Box<dyn FnOnce()>) {
    spawn(Box::pin(async move {
        let _ = JsFuture::from(promise).await;
        if !clock::is_stopped() {
            act();
        }
    }));
}

/// Runs a future. Boxed, as Leptos's are: a kind of its own would add a quarter of a kilobyte.
pub fn spawn(future: Pin<Box<dyn Future<Output = ()>>>) {
    spawn_local(future);
}

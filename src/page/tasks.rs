//! Work that waits until everything under way is done.

use crate::page::clock;
use wasm_bindgen_futures::spawn_local;

/// Acts in a microtask. Not after the clock was stopped.
pub fn soon(act: impl FnOnce() + 'static) {
    let act: Box<dyn FnOnce()> = Box::new(act);
    spawn_local(async move {
        if !clock::is_stopped() {
            act();
        }
    });
}

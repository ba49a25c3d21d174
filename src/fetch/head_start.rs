//! The first request, which the script starts while the wasm is loading: see www/head-start.js.

use crate::endpoint::Endpoint;
use wasm_bindgen::prelude::*;
use web_sys::AbortController;

#[wasm_bindgen]
extern "C" {
    /// A request that the script has started: `HeadStart` in www/head-start.js.
    #[derive(Clone, Debug)]
    pub type StartedRequest;

    #[wasm_bindgen(method, getter)]
    fn url(this: &StartedRequest) -> String;

    #[wasm_bindgen(method, getter)]
    fn credentials(this: &StartedRequest) -> String;

    /// When it was sent, in milliseconds since the epoch.
    #[wasm_bindgen(method, getter)]
    pub fn started(this: &StartedRequest) -> f64;

    /// When its answer arrived, if it has.
    #[wasm_bindgen(method, getter)]
    pub fn arrived(this: &StartedRequest) -> Option<f64>;

    /// Whether the page's policy has forbidden it.
    #[wasm_bindgen(method, getter)]
    pub fn blocked(this: &StartedRequest) -> bool;

    /// Aborts it.
    #[wasm_bindgen(method, getter)]
    pub fn controller(this: &StartedRequest) -> AbortController;

    /// What `fetch` returned.
    #[wasm_bindgen(method, getter)]
    pub fn response(this: &StartedRequest) -> js_sys::Promise;
}

/// A request that was started and is to be used, or aborted: nobody else waits for its answer.
#[derive(Debug, Default)]
#[must_use = "dropping it aborts the request"]
pub struct HeadStart(Option<StartedRequest>);

impl HeadStart {
    /// Owns a request that was started, if there was one.
    pub fn new(started: Option<StartedRequest>) -> HeadStart {
        HeadStart(started)
    }

    /// The request, if it is the one that would be sent to the endpoint now.
    pub fn take_if_for(&mut self, endpoint: &Endpoint) -> Option<StartedRequest> {
        self.0.take_if(|started| {
            started.url() == endpoint.url && started.credentials() == endpoint.credentials.name()
        })
    }
}

impl Drop for HeadStart {
    fn drop(&mut self) {
        if let Some(unused) = &self.0 {
            unused.controller().abort();
        }
    }
}

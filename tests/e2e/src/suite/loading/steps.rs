//! Steps of the tests of loading.

pub const WASM: &str = "/widget_bg.wasm";

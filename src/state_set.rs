//! The custom states of an element, which style sheets see by `:state()`.

use wasm_bindgen::prelude::*;
use zoho_backup_core::reason::State;

#[wasm_bindgen]
extern "C" {
    /// The custom states of an element.
    #[derive(Clone, Debug)]
    #[wasm_bindgen(js_name = CustomStateSet)]
    pub type StateSet;

    #[wasm_bindgen(method, catch)]
    fn add(this: &StateSet, state: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn clear(this: &StateSet) -> Result<(), JsValue>;
}

impl StateSet {
    /// Shows a state, and whether it is stale. Older browsers refuse such states, which does no harm.
    pub(crate) fn show(&self, state: State, stale: bool) {
        let _ = self.clear();
        let _ = self.add(state.name());
        if stale {
            let _ = self.add("stale");
        }
    }
}

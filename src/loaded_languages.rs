//! Where a widget gets its sentences in the reader's language from.

use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use zoho_backup_words::language::Language;

thread_local! {
    static LOADER: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// Takes over the function of www/languages.js: for a language tag it returns the language's table, a promise that is
/// settled once it is known whether there is one, or `undefined` for English.
pub fn load_by(loader: js_sys::Function) {
    LOADER.set(Some(loader));
}

/// What is known of the sentences for a reader.
pub enum Sentences {
    /// These; `None`: English.
    Ready(Option<Language>),
    /// Known when this promise is settled.
    Awaited(js_sys::Promise),
}

/// The sentences for a reader's language. Without a loader there is English only.
pub fn sentences(tag: &str) -> Sentences {
    let loader = LOADER.with_borrow(Clone::clone);
    // What replaces a function of the browser on the page may have thrown.
    let found = loader.and_then(|loader| loader.call1(&JsValue::UNDEFINED, &tag.into()).ok());
    match found.map(|found| (found.as_string(), found.dyn_into())) {
        Some((None, Ok(promise))) => Sentences::Awaited(promise),
        found => Sentences::Ready(found.and_then(|(table, _)| table).map(Language::loaded)),
    }
}

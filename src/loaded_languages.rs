//! Where a widget gets its sentences in the reader's language from.

use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use zoho_backup_words::language::Language;

thread_local! {
    static LOADER: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
    /// The tables as they came, and as they are read: one for all widgets.
    static LOADED: RefCell<Vec<(JsValue, Language)>> = const { RefCell::new(Vec::new()) };
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
    match found.map(JsCast::dyn_into) {
        Some(Ok(promise)) => Sentences::Awaited(promise),
        Some(Err(table)) => Sentences::Ready(loaded(table)),
        None => Sentences::Ready(None),
    }
}

/// The language of a table; `None` if it is no text.
fn loaded(table: JsValue) -> Option<Language> {
    LOADED.with_borrow_mut(|loaded| {
        if let Some((_, language)) = loaded.iter().find(|(known, _)| *known == table) {
            return Some(*language);
        }
        let language = Language::loaded(table.as_string()?);
        loaded.push((table, language));
        Some(language)
    })
}

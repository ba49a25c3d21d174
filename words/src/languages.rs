//! The languages that there are beside English, and which of them a reader gets.

use crate::language::Language;

/// A language that there is.
#[derive(Clone, Debug)]
pub struct Available {
    /// Its BCP 47 tag, as short as it can be. It names its file.
    pub tag: &'static str,
    /// Its language and its script, as [`code`] returns them.
    pub code: &'static str,
    /// Its sentences.
    pub language: Language,
}

macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident: $tag:literal, $code:literal;)+) => {
        $($(#[$doc])* pub const $name: Language =
            Language::new(include_str!(concat!(env!("OUT_DIR"), "/languages/", $tag, ".txt")));)+

        /// All of them.
        pub const ALL: &[Available] = &[$(Available { tag: $tag, code: $code, language: $name }),+];
    };
}

languages! {
    /// Arabic.
    ARABIC: "ar", "ar-Arab";
    /// German.
    GERMAN: "de", "de-Latn";
    /// Spanish.
    SPANISH: "es", "es-Latn";
    /// French.
    FRENCH: "fr", "fr-Latn";
    /// Hindi.
    HINDI: "hi", "hi-Deva";
    /// Italian.
    ITALIAN: "it", "it-Latn";
    /// Japanese.
    JAPANESE: "ja", "ja-Jpan";
    /// Dutch.
    DUTCH: "nl", "nl-Latn";
    /// Portuguese, as in Brazil.
    BRAZILIAN_PORTUGUESE: "pt-BR", "pt-Latn";
    /// Chinese in simplified characters.
    SIMPLIFIED_CHINESE: "zh-Hans", "zh-Hans";
}

//! A sentence in pieces: our own words, and words from outside.

use zoho_backup_core::untrusted_text;

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Our own words.
    Own(String),
    /// A time, a number or a name, as it is in any language.
    Verbatim(String),
    /// Words from outside, cleaned. They must be shown isolated, as their direction is unknown.
    Untrusted(String),
}

/// A sentence, ready to be shown.
pub type Sentence = Vec<Piece>;

impl Piece {
    /// Words from outside, cleaned.
    pub fn untrusted(text: &str) -> Piece {
        Piece::Untrusted(untrusted_text::clean(text))
    }

    /// Whether nothing of it would be seen.
    pub fn is_blank(&self) -> bool {
        self.as_str().is_empty()
    }

    fn as_str(&self) -> &str {
        match self {
            Piece::Own(text) | Piece::Verbatim(text) | Piece::Untrusted(text) => text,
        }
    }
}

/// The sentence as a single text.
pub fn joined(sentence: &[Piece]) -> String {
    sentence.iter().map(Piece::as_str).collect()
}

/// The text with a capital first letter, if that is an ASCII letter. Other languages write sentence parts as they are.
pub fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

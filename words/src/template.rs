//! Tables of sentences: lines of `key = sentence`, with `{placeholders}`.

use crate::sentence::{Piece, Sentence};

/// The sentence of that key in a table; empty if there is none.
pub(crate) fn find<'a>(table: &'a str, key: &str) -> &'a str {
    table.lines().find_map(|line| sentence_of(line, key)).unwrap_or_default()
}

/// The sentence in this line of a table, if it is the one of that key.
pub(crate) fn sentence_of<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key)?.strip_prefix(" = ")
}

/// The sentence with `fill` for its placeholders. One function for all closures: each would have a copy of it otherwise.
pub(crate) fn filled(template: &str, fill: &dyn Fn(&str) -> Sentence) -> Sentence {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((own, name, after)) = placeholder(rest) {
        pieces.extend(words(own));
        pieces.extend(fill(name));
        rest = after;
    }
    pieces.extend(words(rest));
    pieces
}

/// The template's own words, where there are some.
fn words(text: &str) -> Option<Piece> {
    (!text.is_empty()).then(|| Piece::Own(text.to_owned()))
}

/// Splits at the first `{name}`: the text before it, the name, the text after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (own, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((own, name, after))
}

//! Tables of sentences: lines of `key = sentence`, with `{placeholders}`.

use crate::sentence::{Piece, Sentence};

/// The sentence of that key in a table; empty if there is none.
pub(crate) fn find(table: &'static str, key: &str) -> &'static str {
    let sentence = |line: &'static str| line.strip_prefix(key)?.strip_prefix(" = ");
    table.lines().find_map(sentence).unwrap_or_default()
}

/// The sentence with `fill` for its placeholders.
pub(crate) fn filled<P: IntoIterator<Item = Piece>>(template: &str, fill: impl Fn(&str) -> P) -> Sentence {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((own, name, after)) = placeholder(rest) {
        pieces.push(Piece::Own(own.to_owned()));
        pieces.extend(fill(name));
        rest = after;
    }
    pieces.push(Piece::Own(rest.to_owned()));
    pieces
}

/// Splits at the first `{name}`: the text before it, the name, the text after it.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (own, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((own, name, after))
}

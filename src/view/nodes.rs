//! Sentences as nodes.

use leptos::prelude::*;
use zoho_backup_words::sentence::{Piece, Sentence};

/// A sentence. Words from outside get elements of their own, so that their direction stays theirs.
pub fn sentence_nodes(sentence: Sentence) -> impl IntoView {
    let node = |piece| match piece {
        Piece::Own(text) => (text, None),
        Piece::Untrusted(text) => (String::new(), Some(view! { <bdi>{text}</bdi> })),
    };
    sentence.into_iter().map(node).collect::<Vec<_>>()
}

//! Texts as nodes. What a translator of the browser's must leave alone is marked: it replaces texts, and a text that it
//! has replaced changes no more.

use leptos::prelude::*;
use zoho_backup_words::sentence::{Piece, Sentence};

/// A sentence. What is not our own words gets elements of its own, so that its direction stays its.
pub fn sentence_nodes(sentence: Sentence) -> impl IntoView {
    let node = |piece| match piece {
        Piece::Own(text) => (text, None),
        Piece::Verbatim(text) | Piece::Untrusted(text) => {
            (String::new(), Some(view! { <bdi translate="no">{text}</bdi> }))
        }
    };
    sentence.into_iter().map(node).collect::<Vec<_>>()
}

/// A date or a day, with what machines read.
pub fn time(machine: String, text: Sentence) -> impl IntoView {
    view! {
        <time datetime=machine translate="no">
            {sentence_nodes(text)}
        </time>
    }
}

/// A text that changes with time. The part has the name of the class.
pub fn ticking<T>(name: &'static str, role: Option<&'static str>, text: T) -> impl IntoView + use<T>
where
    T: Fn() -> String + Send + 'static,
{
    view! {
        <span class=name part=name role=role translate="no">
            {text}
        </span>
    }
}

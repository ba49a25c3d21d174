//! The picture itself: a pill with icon and word, as the live badge is, and two small lines beside it.

use zoho_backup_core::reason::State;
use zoho_backup_words::sentence::{Piece, joined};
use zoho_backup_words::wording::Wording;

use crate::expiry::Expiry;
use crate::icons;
use crate::sentences::Sentences;
use crate::text_width::{Size, width};
use crate::xml::escaped;

/// All lengths are in pixels of the picture's natural size.
const HEIGHT: u32 = 28;
/// From the edge to the icon, and the icon's own width.
const PADDING: f64 = 8.0;
const ICON: f64 = 16.0;
/// From the icon to the word, and from the word to the end of the pill.
const GAP: f64 = 6.0;
const END: f64 = 10.0;
/// From the pill to the lines.
const BESIDE: f64 = 8.0;
/// The hourglass in a line, and the gap behind it.
const SMALL_ICON: f64 = 12.0;
const SMALL_GAP: f64 = 4.0;
/// The baselines of the word, of both lines, and of one alone.
const WORD_BASELINE: f64 = 19.0;
const BASELINES: [f64; 2] = [12.0, 24.5];
const BASELINE: f64 = 18.0;

/// A part of the picture, and how far to the right it reaches.
struct Part {
    svg: String,
    end: f64,
}

/// The picture as a document. What it says at first and what it says in the end are drawn one above the other, so that
/// neither moves anything of the other.
pub(crate) fn svg(sentences: &Sentences<'_>, style: &str, expiry: Expiry) -> String {
    let pill = pill(sentences.verdict().state, sentences.word());
    let (now, late) = (now(sentences, pill.end), late(sentences, pill.end));
    let group = |class: &str, part: &Part| format!("<g class=\"{class}\">{}{}</g>", pill.svg, part.svg);
    let groups = match expiry {
        Expiry::Past => group("late", &late),
        Expiry::Never => group("now", &now),
        Expiry::After(_) => [group("now", &now), group("late", &late)].concat(),
    };
    // The same width at first and in the end: a page keeps it.
    let width = (now.end.max(late.end) + END).ceil();
    let title = escaped(&sentences.title());
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"xMinYMid meet\" role=\"img\" lang=\"en\">\
         <title>{title}</title><style>{style}</style>\
         <rect class=\"paper\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"14\"/>{groups}</svg>\n"
    )
}

/// Icon and word of the state.
fn pill(state: State, word: String) -> Part {
    let icon = icons::of(state);
    let dots = if state == State::Loading { " class=\"dots\"" } else { "" };
    let start = PADDING + ICON + GAP;
    let word = text("word", start, WORD_BASELINE, Size::Word, &[Piece::Own(word)]);
    let end = (word.end + END).ceil();
    let svg = format!(
        "<rect class=\"wash\" width=\"{end}\" height=\"{HEIGHT}\" rx=\"14\"/>\
         <path{dots} transform=\"translate({PADDING} 6)\" d=\"{icon}\"/>{}",
        word.svg
    );
    Part { svg, end }
}

/// What stands beside the pill at first: the next run or the last good one, and as of when.
fn now(sentences: &Sentences<'_>, pill_end: f64) -> Part {
    let start = pill_end + BESIDE;
    let Some(run) = sentences.run() else {
        return text("line", start, BASELINE, Size::Line, &sentences.as_of());
    };
    let [first, second] = BASELINES;
    let run = text("line", start, first, Size::Line, &run);
    let as_of = text("line", start, second, Size::Line, &sentences.as_of());
    Part { svg: [run.svg, as_of.svg].concat(), end: run.end.max(as_of.end) }
}

/// What stands there in the end: that it is not current, and as of when it was so. A next run may have passed by then.
fn late(sentences: &Sentences<'_>, pill_end: f64) -> Part {
    let start = pill_end + BESIDE;
    let [first, second] = BASELINES;
    let not_current = [Piece::Own(sentences.not_current())];
    let not_current = text("strong", start + SMALL_ICON + SMALL_GAP, first, Size::StrongLine, &not_current);
    let as_of = text("line", start, second, Size::Line, &sentences.as_of());
    let hourglass = format!(
        "<path transform=\"translate({start} {}) scale({})\" d=\"{}\"/>",
        first - 10.0,
        SMALL_ICON / ICON,
        icons::STALE
    );
    Part { svg: [hourglass, not_current.svg, as_of.svg].concat(), end: not_current.end.max(as_of.end) }
}

/// A text that takes exactly its place, whichever font there is. Dates stand out from what introduces them.
fn text(class: &str, start: f64, baseline: f64, size: Size, sentence: &[Piece]) -> Part {
    let length = width(&joined(sentence), size);
    let pieces = sentence.iter().map(|piece| match piece {
        Piece::Verbatim(date) => format!("<tspan class=\"date\">{}</tspan>", escaped(date)),
        Piece::Own(words) | Piece::Untrusted(words) => escaped(words),
    });
    let svg = format!(
        "<text class=\"{class}\" x=\"{start}\" y=\"{baseline}\" textLength=\"{length:.1}\" \
         lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        pieces.collect::<String>()
    );
    Part { svg, end: start + length }
}

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

/// The direction in which a picture is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    LeftToRight,
    /// All of it is mirrored but letters, dates and icons: `x` is 0 at the right edge, and negative.
    RightToLeft,
}

impl Direction {
    /// The `x` of what is that far from the edge where reading starts, and that wide.
    fn x(self, start: f64, width: f64) -> f64 {
        match self {
            Direction::LeftToRight => start,
            Direction::RightToLeft => -start - width,
        }
    }
}

/// A part of the picture, and how far from the edge where reading starts it reaches.
struct Part {
    svg: String,
    end: f64,
}

/// The picture as a document. What it says at first and what it says in the end are drawn one above the other, so that
/// neither moves anything of the other.
pub(crate) fn svg(sentences: &Sentences<'_>, style: &str, expiry: Expiry) -> String {
    let (direction, side) = if sentences.is_right_to_left() {
        (Direction::RightToLeft, "xMaxYMid")
    } else {
        (Direction::LeftToRight, "xMinYMid")
    };
    let pill = pill(sentences.verdict().state, sentences.word(), direction);
    let (now, late) = (now(sentences, pill.end, direction), late(sentences, pill.end, direction));
    let group = |class: &str, part: &Part| format!("<g class=\"{class}\">{}{}</g>", pill.svg, part.svg);
    let groups = match expiry {
        Expiry::Past => group("late", &late),
        Expiry::Never => group("now", &now),
        Expiry::After(_) => [group("now", &now), group("late", &late)].concat(),
    };
    // The same width at first and in the end: a page keeps it.
    let width = (now.end.max(late.end) + END).ceil();
    let language = escaped(&sentences.language_tag());
    let title = escaped(&sentences.title());
    let (left, paper) = (direction.x(0.0, width), background("paper", width, direction));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{HEIGHT}\" \
         viewBox=\"{left} 0 {width} {HEIGHT}\" preserveAspectRatio=\"{side} meet\" role=\"img\" \
         lang=\"{language}\"><title>{title}</title><style>{style}</style>{paper}{groups}</svg>\n"
    )
}

/// Icon and word of the state.
fn pill(state: State, word: String, direction: Direction) -> Part {
    let icon = icons::of(state);
    let dots = if state == State::Loading { " class=\"dots\"" } else { "" };
    let start = PADDING + ICON + GAP;
    let word = text("word", start, WORD_BASELINE, Size::Word, &[Piece::Own(word)], direction);
    let end = (word.end + END).ceil();
    let svg = format!(
        "{}<path{dots} transform=\"translate({} 6)\" d=\"{icon}\"/>{}",
        background("wash", end, direction),
        direction.x(PADDING, ICON),
        word.svg
    );
    Part { svg, end }
}

/// What stands behind the first part of the picture, as wide as this.
fn background(class: &str, width: f64, direction: Direction) -> String {
    let x = match direction {
        Direction::LeftToRight => String::new(),
        Direction::RightToLeft => format!(" x=\"{}\"", direction.x(0.0, width)),
    };
    format!("<rect class=\"{class}\"{x} width=\"{width}\" height=\"{HEIGHT}\" rx=\"14\"/>")
}

/// What stands beside the pill at first: the next run or the last good one, and as of when.
fn now(sentences: &Sentences<'_>, pill_end: f64, direction: Direction) -> Part {
    let start = pill_end + BESIDE;
    let line = |baseline, sentence: &[Piece]| text("line", start, baseline, Size::Line, sentence, direction);
    let Some(run) = sentences.run() else {
        return line(BASELINE, &sentences.as_of());
    };
    let [first, second] = BASELINES;
    let (run, as_of) = (line(first, &run), line(second, &sentences.as_of()));
    Part { svg: [run.svg, as_of.svg].concat(), end: run.end.max(as_of.end) }
}

/// What stands there in the end: that it is not current, and as of when it was so. A next run may have passed by then.
fn late(sentences: &Sentences<'_>, pill_end: f64, direction: Direction) -> Part {
    let start = pill_end + BESIDE;
    let [first, second] = BASELINES;
    let not_current = [Piece::Own(sentences.not_current())];
    let beside_icon = start + SMALL_ICON + SMALL_GAP;
    let not_current = text("strong", beside_icon, first, Size::StrongLine, &not_current, direction);
    let as_of = text("line", start, second, Size::Line, &sentences.as_of(), direction);
    let hourglass = format!(
        "<path transform=\"translate({} {}) scale({})\" d=\"{}\"/>",
        direction.x(start, SMALL_ICON),
        first - 10.0,
        SMALL_ICON / ICON,
        icons::STALE
    );
    Part { svg: [hourglass, not_current.svg, as_of.svg].concat(), end: not_current.end.max(as_of.end) }
}

/// A text that takes exactly its place, whichever font there is. Dates stand out from what introduces them, and are written
/// from left to right everywhere.
fn text(
    class: &str,
    start: f64,
    baseline: f64,
    size: Size,
    sentence: &[Piece],
    direction: Direction,
) -> Part {
    let length = width(&joined(sentence), size);
    // A text from right to left starts at its right end.
    let (x, of_text, of_date) = match direction {
        Direction::LeftToRight => (start, "", ""),
        Direction::RightToLeft => {
            (-start, " direction=\"rtl\"", " direction=\"ltr\" unicode-bidi=\"isolate\"")
        }
    };
    let pieces = sentence.iter().map(|piece| match piece {
        Piece::Verbatim(date) => format!("<tspan class=\"date\"{of_date}>{}</tspan>", escaped(date)),
        Piece::Own(words) | Piece::Untrusted(words) => escaped(words),
    });
    let svg = format!(
        "<text class=\"{class}\" x=\"{x}\" y=\"{baseline}\"{of_text} textLength=\"{length:.1}\" \
         lengthAdjust=\"spacingAndGlyphs\">{}</text>",
        pieces.collect::<String>()
    );
    Part { svg, end: start + length }
}

//! How wide a text is in a common sans-serif. The picture tells the browser this width (`textLength`), so that the text
//! fits its place in every font: what is measured here only decides how far the font is stretched.

/// The sizes of text in a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// The badge's word: 14 pixels, semi-bold.
    Word,
    /// The lines beside it: 11 pixels.
    Line,
    /// A line that stands out: 11 pixels, semi-bold.
    StrongLine,
}

/// The width of a text in pixels.
pub(crate) fn width(text: &str, size: Size) -> f64 {
    let thousandths: u32 = text.chars().map(advance).sum();
    // A little more than Arial's, as most system fonts are wider.
    let (pixels, stretch) = match size {
        Size::Word => (14.0, 1.1),
        Size::Line => (11.0, 1.06),
        Size::StrongLine => (11.0, 1.1),
    };
    f64::from(thousandths) / 1_000.0 * pixels * stretch
}

/// The advance width of a character in thousandths of the font's size: Arial's, by groups of equal width.
const fn advance(character: char) -> u32 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' => 222,
        ' ' | '!' | ',' | '.' | '/' | ':' | ';' | 'I' | '[' | '\\' | ']' | 'f' | 't' => 278,
        '(' | ')' | '-' | '`' | 'r' | '"' | '{' | '}' | '*' => 340,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 500,
        '#'
        | '$'
        | '0'..='9'
        | '?'
        | '_'
        | 'L'
        | 'a'
        | 'b'
        | 'd'
        | 'e'
        | 'g'
        | 'h'
        | 'n'
        | 'o'
        | 'p'
        | 'q'
        | 'u' => 556,
        '+' | '<'..='>' | '^' | '~' => 584,
        '&' | 'A' | 'B' | 'E' | 'F' | 'K' | 'P' | 'S' | 'T' | 'V' | 'X'..='Z' => 667,
        'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' | 'w' => 750,
        'M' | 'm' => 833,
        // The widest, and what no sentence of a picture has.
        _ => 1_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_near_those_of_a_common_font() {
        // Measured in Arial, in pixels.
        for (text, size, arial) in [
            ("Scheduled", Size::Word, 70.8),
            ("Not available", Size::Word, 85.6),
            ("Next run: 2026-11-28 04:26 +05:30", Size::Line, 168.5),
            ("As of 2026-11-25 18:56 UTC", Size::Line, 143.1),
        ] {
            let stretch = width(text, size) / arial;
            assert!((1.0..1.12).contains(&stretch), "{text}: {stretch}");
        }
    }

    #[test]
    fn a_digit_is_as_wide_as_any_other() {
        assert!(('0'..='9').all(|digit| advance(digit) == advance('0')));
    }
}

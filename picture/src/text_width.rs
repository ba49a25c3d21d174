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
    // Latin a little more than Arial's, as most system fonts are wider.
    let (pixels, latin_stretch, is_bold) = match size {
        Size::Word => (14.0, 1.1, true),
        Size::Line => (11.0, 1.06, false),
        Size::StrongLine => (11.0, 1.1, true),
    };
    let advances = text.chars().map(|character| match script(character) {
        Script::Latin => f64::from(latin(character)) * latin_stretch,
        Script::Arabic => f64::from(arabic(character)) * if is_bold { 1.1 } else { 1.0 },
        Script::Devanagari => f64::from(devanagari(character)) * if is_bold { 1.06 } else { 1.0 },
        // Each in a square.
        Script::EastAsian => 1_000.0,
        Script::Mark => 0.0,
    });
    advances.sum::<f64>() / 1_000.0 * pixels
}

/// What decides how wide a character is.
enum Script {
    Latin,
    Arabic,
    Devanagari,
    EastAsian,
    /// It stands above or below another one, or is not seen.
    Mark,
}

const fn script(character: char) -> Script {
    match character {
        '\u{300}'..='\u{36f}'
        | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}'
        | '\u{670}'
        | '\u{900}'..='\u{902}'
        | '\u{93c}'
        | '\u{941}'..='\u{948}'
        | '\u{94d}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2066}'..='\u{2069}' => Script::Mark,
        '\u{600}'..='\u{6ff}' => Script::Arabic,
        '\u{900}'..='\u{97f}' => Script::Devanagari,
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' => Script::EastAsian,
        _ => Script::Latin,
    }
}

/// The advance width of a letter or sign of Latin script in thousandths of the font's size: Arial's, by groups of equal
/// width. Accented letters are as wide as those without.
const fn latin(character: char) -> u32 {
    match base(character) {
        'i' | 'j' | 'l' | '\'' | '|' | '‘' | '’' => 222,
        ' ' | '\u{a0}' | '\u{202f}' | '!' | ',' | '.' | '/' | ':' | ';' | 'I' | '[' | '\\' | ']' | 'f'
        | 't' => 278,
        '(' | ')' | '-' | '`' | 'r' | '"' | '{' | '}' | '*' | '¡' | '·' | '“' | '”' | '„' => 340,
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
        | 'u'
        | '«'
        | '»'
        | '–' => 556,
        '+' | '<'..='>' | '^' | '~' | 'ß' | '¿' => 584,
        '&' | 'A' | 'B' | 'E' | 'F' | 'K' | 'P' | 'S' | 'T' | 'V' | 'X'..='Z' => 667,
        'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' | 'w' => 750,
        'M' | 'm' => 833,
        // The widest, and what no sentence of a picture has.
        _ => 1_000,
    }
}

/// The letter without its accent; other characters as they are.
const fn base(character: char) -> char {
    match character {
        'À'..='Å' => 'A',
        'Ç' => 'C',
        'È'..='Ë' => 'E',
        'Ì'..='Ï' => 'I',
        'Ñ' => 'N',
        'Ò'..='Ö' | 'Ø' => 'O',
        'Ù'..='Ü' => 'U',
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        _ => character,
    }
}

/// The mean advance width of an Arabic letter, whose form depends on its neighbours.
const fn arabic(character: char) -> u32 {
    match character {
        'ا' | 'أ' | 'إ' | 'آ' => 250,
        'ل' => 380,
        '،' | '؛' => 290,
        'س' | 'ش' | 'ص' | 'ض' => 850,
        _ => 480,
    }
}

/// The mean advance width of a Devanagari letter. A consonant that has lost its vowel is narrower.
const fn devanagari(character: char) -> u32 {
    match character {
        '\u{93e}' | '\u{93f}' | '\u{940}' | '\u{949}'..='\u{94c}' | '।' => 260,
        _ => 600,
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
        assert!(('0'..='9').all(|digit| latin(digit) == latin('0')));
    }
}

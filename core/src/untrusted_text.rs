//! Text from outside: shown, but never trusted.

/// The most characters of one text from outside that are shown.
pub const MAX_CHARACTERS: usize = 200;

/// The text as it may be shown: on one line, without control characters and those that are not seen, cut to
/// [`MAX_CHARACTERS`]. Empty if nothing of it would be seen.
pub fn clean(text: &str) -> String {
    let mut shown = text
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !character.is_control() && !is_unseen(*character));
    let mut cut: String = shown.by_ref().take(MAX_CHARACTERS).collect();
    if shown.next().is_some() {
        cut.pop();
        cut.push('…');
    }
    if cut.chars().all(|character| character == ' ' || is_joiner(character)) {
        return String::new();
    }
    cut.trim().to_owned()
}

/// Whether nothing of the text would be seen.
pub fn is_blank(text: &str) -> bool {
    clean(text).is_empty()
}

/// Whether a character is not seen itself: a space without width, a mark for software (tags, byte order), a filler, or
/// one that changes the direction of text.
fn is_unseen(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}'
    )
}

/// Whether a character changes how its neighbours look, as names and emoji need, and is not seen alone.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{34f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{200c}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_kept() {
        let persian = "می\u{200c}خواهم";
        for text in [
            "Patricia Boyle",
            "RRULE:FREQ=WEEKLY;BYDAY=TU",
            "<b>Zoë</b> & 山田",
            "👩‍💻",
            "❤\u{fe0f}",
            persian,
            "",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn what_is_not_seen_is_removed() {
        assert_eq!(clean("\u{feff}\u{202e}gnp.\u{2066}x\u{2069}\u{0}\u{1b}[31m\u{7f}\u{85}"), "gnp.x[31m");
        assert_eq!(clean(" two\r\nlines\tand more "), "two  lines and more");
        assert_eq!(
            clean("zero\u{200b}width, soft\u{ad}hyphen, word\u{2060}joiner"),
            "zerowidth, softhyphen, wordjoiner"
        );
        assert_eq!(clean("Sales\u{e0049}\u{e0067}\u{e006e}\u{e006f}\u{e0072}\u{e0065}\u{e007f}"), "Sales");
    }

    #[test]
    fn what_cannot_be_seen_is_blank() {
        let blank = [
            "",
            " ",
            "\n",
            "\u{a0}",
            "\u{3000}",
            "\u{200b}",
            "\u{ad}",
            "\u{feff}",
            "\u{e0041}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{34f}",
            "\u{2800}",
            "\u{3164}",
            "\u{115f}\u{1160}",
            " \u{200d} \u{202e}",
            "\u{0}",
            "\u{e0100}",
            "\u{180b}",
            "\u{180f}",
            "\u{1bca0}",
            "\u{1d173}",
        ];
        for text in blank {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["-", "0", "é", "\u{301}", " x ", "👩‍💻"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn long_text_is_cut_with_a_mark() {
        let cut = clean(&"é".repeat(10_000));
        assert_eq!(cut.chars().count(), MAX_CHARACTERS);
        assert!(cut.ends_with("é…"));
        assert_eq!(clean(&"é".repeat(MAX_CHARACTERS)), "é".repeat(MAX_CHARACTERS));
    }
}

//! Text from outside: shown, but never trusted.

/// The most characters of one text from outside that are shown.
pub const MAX_CHARACTERS: usize = 200;

/// The text as it may be shown: on one line, without control and direction characters, cut to [`MAX_CHARACTERS`].
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
    cut.trim().to_owned()
}

/// Whether a character is not seen itself: those that change the direction of text, and the byte order mark.
fn is_unseen(character: char) -> bool {
    matches!(character, '\u{feff}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_kept() {
        for text in ["Patricia Boyle", "RRULE:FREQ=WEEKLY;BYDAY=TU", "<b>Zoë</b> & 山田", "👩‍💻", ""]
        {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn what_is_not_seen_is_removed() {
        assert_eq!(clean("\u{feff}\u{202e}gnp.\u{2066}x\u{2069}\u{0}\u{1b}[31m\u{7f}\u{85}"), "gnp.x[31m");
        assert_eq!(clean(" two\r\nlines\tand more "), "two  lines and more");
    }

    #[test]
    fn long_text_is_cut_with_a_mark() {
        let cut = clean(&"é".repeat(10_000));
        assert_eq!(cut.chars().count(), MAX_CHARACTERS);
        assert!(cut.ends_with("é…"));
        assert_eq!(clean(&"é".repeat(MAX_CHARACTERS)), "é".repeat(MAX_CHARACTERS));
    }
}

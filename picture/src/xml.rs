//! Text inside an XML document.

/// The text as the content of an element or of a quoted attribute. Characters that XML 1.0 forbids are left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character if is_allowed(character) => escaped.push(character),
            _ => {}
        }
    }
    escaped
}

/// `Char` of XML 1.0. Surrogates are no characters in Rust.
fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markup_is_text_and_forbidden_characters_are_left_out() {
        assert_eq!(escaped(r#"<a href="x">&'é"#), "&lt;a href=&quot;x&quot;&gt;&amp;'é");
        assert_eq!(
            escaped("a\u{0}\u{8}\u{b}\u{1f}\u{fffe}\u{ffff}b\t\n\u{7f}\u{10ffff}"),
            "ab\t\n\u{7f}\u{10ffff}"
        );
    }

    proptest! {
        #[test]
        fn every_text_is_well_formed(text in ".*") {
            let document = format!("<a b=\"{0}\">{0}</a>", escaped(&text));
            prop_assert!(roxmltree::Document::parse(&document).is_ok(), "{document}");
        }
    }
}

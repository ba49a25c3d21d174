//! Tags of languages.

/// A language tag as BCP 47 writes it. Computers' own names of languages are tags too: `nl_NL.UTF-8` is `nl-NL`. What is
/// neither stays as it is.
pub fn language_tag(name: &str) -> String {
    let letters = name.chars().take_while(|letter| !matches!(letter, '.' | '@'));
    let tag: String = letters.map(|letter| if letter == '_' { '-' } else { letter }).collect();
    // With a subtag of one letter the same text would be a tag, of other parts.
    if name.contains('_') && tag.split('-').any(|subtag| subtag.len() < 2) { name.to_owned() } else { tag }
}

#[cfg(test)]
mod tests {
    use super::language_tag;

    #[test]
    fn names_of_computers_are_tags_too() {
        for (name, tag) in [
            ("nl-NL", "nl-NL"),
            ("nl_NL", "nl-NL"),
            ("nl_NL.UTF-8", "nl-NL"),
            ("de_DE@euro", "de-DE"),
            ("zh_Hans_CN", "zh-Hans-CN"),
            ("ar-u-nu-latn", "ar-u-nu-latn"),
            ("de", "de"),
            ("not_a_language", "not_a_language"),
            ("_", "_"),
            ("", ""),
        ] {
            assert_eq!(language_tag(name), tag, "{name}");
        }
    }
}

//! The languages that there are beside English, and which of them a reader gets.

use zoho_backup_core::language_tag::language_tag;

use crate::language::Language;

/// The regions in which Chinese is written in traditional characters, by the likely subtags of Unicode's CLDR.
const OF_TRADITIONAL_CHINESE: [&str; 15] =
    ["AU", "BN", "GB", "GF", "HK", "ID", "MO", "PA", "PF", "PH", "SR", "TH", "TW", "US", "VN"];

/// A language that there is.
#[derive(Clone, Debug)]
pub struct Available {
    /// Its BCP 47 tag, as short as it can be. It names its file.
    pub tag: &'static str,
    /// Its language and its script, such as `de-Latn`.
    pub code: &'static str,
    /// Its sentences.
    pub language: Language,
}

macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident: $tag:literal, $code:literal;)+) => {
        $($(#[$doc])* pub const $name: Language =
            Language::new(include_str!(concat!(env!("OUT_DIR"), "/languages/", $tag, ".txt")));)+

        /// All of them.
        pub const ALL: &[Available] = &[$(Available { tag: $tag, code: $code, language: $name }),+];
    };
}

languages! {
    /// Arabic.
    ARABIC: "ar", "ar-Arab";
    /// German.
    GERMAN: "de", "de-Latn";
    /// Spanish.
    SPANISH: "es", "es-Latn";
    /// French.
    FRENCH: "fr", "fr-Latn";
    /// Hindi.
    HINDI: "hi", "hi-Deva";
    /// Italian.
    ITALIAN: "it", "it-Latn";
    /// Japanese.
    JAPANESE: "ja", "ja-Jpan";
    /// Dutch.
    DUTCH: "nl", "nl-Latn";
    /// Portuguese, as in Brazil.
    BRAZILIAN_PORTUGUESE: "pt-BR", "pt-Latn";
    /// Chinese in simplified characters.
    SIMPLIFIED_CHINESE: "zh-Hans", "zh-Hans";
}

/// The language of a reader with this language tag: a BCP 47 tag, or a computer's name of a language. `None` for English,
/// for what is not there, and for what is no tag.
///
/// The script of the widget asks the browser (`Intl.Locale.maximize`); both read `www/language-cases.json`. Aliases such as
/// `deu` are not known here.
///
/// ```
/// use zoho_backup_words::languages::of_tag;
///
/// assert_eq!(of_tag("de-AT").map(|available| available.tag), Some("de"));
/// assert_eq!(of_tag("zh-TW").map(|available| available.tag), None);
/// ```
pub fn of_tag(tag: &str) -> Option<&'static Available> {
    let tag = language_tag(tag.trim());
    let tag = Tag::read(&tag)?;
    ALL.iter().find(|available| {
        available.code.split_once('-').is_some_and(|(language, script)| {
            tag.language.eq_ignore_ascii_case(language) && tag.script_or(script).eq_ignore_ascii_case(script)
        })
    })
}

/// Whether a reader with this language tag reads English as it is written here.
pub fn is_english(tag: &str) -> bool {
    Tag::read(tag).is_some_and(|tag| {
        tag.language.eq_ignore_ascii_case("en") && tag.script_or("Latn").eq_ignore_ascii_case("Latn")
    })
}

/// What a language tag says of language and script (RFC 5646, section 2.1).
struct Tag<'a> {
    language: &'a str,
    script: Option<&'a str>,
    region: Option<&'a str>,
}

impl Tag<'_> {
    /// Reads a tag. Variants and extensions must have their form, and make no difference.
    fn read(tag: &str) -> Option<Tag<'_>> {
        let is_alphabetic = |subtag: &str| subtag.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut subtags = tag.split('-').peekable();
        let language = subtags.next().filter(|it| matches!(it.len(), 2 | 3 | 5..=8) && is_alphabetic(it))?;
        let script = subtags.next_if(|it| it.len() == 4 && is_alphabetic(it));
        let region = subtags.next_if(|it| match it.len() {
            2 => is_alphabetic(it),
            3 => it.bytes().all(|byte| byte.is_ascii_digit()),
            _ => false,
        });
        while subtags.next_if(|it| is_variant(it)).is_some() {}
        let extensions: Vec<_> = subtags.collect();
        let is_subtag =
            |it: &&str| matches!(it.len(), 1..=8) && it.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let are_extensions = match *extensions {
            [] => true,
            [singleton, _, ..] => singleton.len() == 1 && extensions.iter().all(is_subtag),
            [_] => false,
        };
        are_extensions.then_some(Tag { language, script, region })
    }

    /// Its script: the one that it names, or else the most likely one, which is `usual` in most regions.
    fn script_or<'a>(&'a self, usual: &'a str) -> &'a str {
        let is_traditional = || {
            let region = self.region.unwrap_or_default();
            self.language.eq_ignore_ascii_case("zh")
                && OF_TRADITIONAL_CHINESE.iter().any(|it| it.eq_ignore_ascii_case(region))
        };
        self.script.unwrap_or_else(|| if is_traditional() { "Hant" } else { usual })
    }
}

/// Whether this subtag has the form of a variant: five letters or digits, or four with a digit first.
fn is_variant(subtag: &str) -> bool {
    subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (matches!(subtag.len(), 5..=8)
            || subtag.len() == 4 && subtag.bytes().next().is_some_and(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_language_has_the_code_of_its_own_tag() {
        for available in ALL {
            for tag in [available.tag, available.code] {
                assert_eq!(of_tag(tag).map(|found| found.tag), Some(available.tag), "{tag}");
            }
        }
    }

    #[test]
    fn english_is_of_its_own_script() {
        for (tag, expected) in [
            ("en", true),
            ("EN-us", true),
            ("en-Latn-GB", true),
            ("en-001", true),
            ("en-u-hc-h12", true),
            ("en-Shaw", false),
            ("eng", false),
            ("de", false),
            ("en-", false),
            ("*", false),
            ("", false),
        ] {
            assert_eq!(is_english(tag), expected, "{tag:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_may_be_asked_for(tag in "(de|zh|en)?[-_.@a-zA-Z0-9é ]{0,20}") {
            prop_assert!(!(is_english(&tag) && of_tag(&tag).is_some()), "{tag}");
        }
    }
}

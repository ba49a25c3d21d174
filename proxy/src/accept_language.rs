//! The language of a reader, as the browser asks for it (RFC 9110, section 12.5.4).

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use zoho_backup_words::language::Language;
use zoho_backup_words::languages::{Available, is_english, of_tag};

use crate::weighted::{entries, heaviest};

/// The language that the reader likes best of those that there are; `None` for English, which is also for those who like
/// any, or none that there is.
#[must_use]
pub fn language(request: &HeaderMap) -> Option<Language> {
    preferred(request).map(|available| available.language)
}

fn preferred(request: &HeaderMap) -> Option<&'static Available> {
    let known = entries(request, &ACCEPT_LANGUAGE).filter_map(|(tag, weight)| {
        let available = of_tag(&tag);
        (available.is_some() || tag == "*" || is_english(&tag)).then_some((available, weight))
    });
    heaviest(known).and_then(|(available, _)| available)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    fn asked(lines: &[&[u8]]) -> Option<&'static str> {
        let mut request = HeaderMap::new();
        for line in lines {
            request.append(ACCEPT_LANGUAGE, HeaderValue::from_bytes(line).unwrap());
        }
        preferred(&request).map(|available| available.tag)
    }

    #[test]
    fn a_reader_gets_the_first_language_by_weight_that_there_is() {
        for (accepted, expected) in [
            ("de", Some("de")),
            ("de-AT,de;q=0.9,en;q=0.8", Some("de")),
            ("en-US,en;q=0.9,de;q=0.8", None),
            ("en;q=0.8, de;q=0.9", Some("de")),
            ("pl,fr;q=0.5,en;q=0.4", Some("fr")),
            ("pl, en;q=0.5, fr;q=0.4", None),
            ("fr,de", Some("fr")),
            ("de;q=0.5,fr;q=0.5", Some("de")),
            ("zh-TW,zh;q=0.9,en-US;q=0.8", Some("zh-Hans")),
            ("zh-TW,en;q=0.8", None),
            ("pt-PT", Some("pt-BR")),
            ("DE-ch;Q=1.0", Some("de")),
            (" , de ; q=0.3 ,", Some("de")),
            ("*", None),
            ("de;q=0.5,*;q=0.1", Some("de")),
            ("pl,*;q=0.5,de;q=0.3", None),
            ("de;q=0", None),
            ("de;q=0,fr;q=0.001", Some("fr")),
            ("de;q=0,en;q=0", None),
            ("de;q=2,fr;q=x", None),
            ("de;level=1", None),
            ("de--AT,-,;q=1", None),
            ("", None),
        ] {
            assert_eq!(asked(&[accepted.as_bytes()]), expected, "{accepted:?}");
        }
        assert_eq!(asked(&[]), None, "no header");
        assert_eq!(asked(&[b"pl", b"fr;q=0.5", b"de;q=0.6"]), Some("de"), "in several lines");
        assert_eq!(asked(&[b"de;q=0.5,\xff", b"fr;q=0.4"]), Some("fr"), "a line that is no text");
        let long = "a,".repeat(100_000) + "ja";
        assert_eq!(asked(&[long.as_bytes()]), Some("ja"));
    }

    proptest! {
        #[test]
        fn any_header_is_safe(line in prop::collection::vec(prop_oneof![b' '..=b'~', 0x80..=0xff_u8], 0..200)) {
            asked(&[&line]);
        }
    }
}

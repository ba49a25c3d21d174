//! The sentences of other languages than English: none is missing, none is invented, and each has the forms that its
//! language needs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use zoho_backup_words::languages::{ALL, Available};
use zoho_backup_words::sentence::{Piece, Sentence, joined};
use zoho_backup_words::texts::Texts;

/// A table as its editors write it: key and sentence, in order.
struct Table(Vec<(String, String)>);

impl Table {
    fn read(name: &str) -> Table {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name);
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let sentence = |line: &str| {
            let (key, sentence) = line.split_once(" = ").unwrap_or_else(|| panic!("{name}: {line}"));
            (key.to_owned(), sentence.to_owned())
        };
        Table(lines.map(sentence).collect())
    }

    fn english() -> Table {
        Table::read("english.txt")
    }

    fn of(language: &Available) -> Table {
        Table::read(&format!("languages/{}.txt", language.tag))
    }

    fn find(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == key).map(|(_, sentence)| sentence.as_str())
    }

    fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_str())
    }
}

/// The names of a sentence's placeholders, sorted.
fn placeholders(sentence: &str) -> Vec<&str> {
    let after = sentence.split('{').skip(1);
    let mut names: Vec<_> = after.map(|rest| rest.split_once('}').expect(sentence).0).collect();
    names.sort_unstable();
    names
}

/// A sentence without its placeholders.
fn own_words(sentence: &str) -> String {
    sentence.split('{').map(|part| part.rsplit('}').next().unwrap_or_default()).collect()
}

fn without<'a>(names: &[&'a str], name: &str) -> Vec<&'a str> {
    names.iter().copied().filter(|own| *own != name).collect()
}

/// The plural categories of whole numbers in a language, beside `other` (Unicode CLDR). Those that only millions have are
/// left out: no number here is as large.
fn plural_categories(tag: &str) -> &'static [&'static str] {
    match tag {
        "ar" => &["two", "few", "many"],
        // `one` is 1, which has a sentence of its own.
        _ => &[],
    }
}

/// Keys of sentences that are the same in English and in this language, and why.
const SAME: &[(&str, &str, &str)] =
    &[("de", "details", "the same word"), ("nl", "details", "the same word, with the same meaning")];

#[test]
fn every_file_is_a_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/languages");
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let expected = ALL.iter().map(|language| format!("{}.txt", language.tag));
    assert_eq!(names.collect::<BTreeSet<_>>(), expected.collect());
}

#[test]
fn every_language_has_the_keys_of_english() {
    let english = Table::english();
    for language in ALL {
        let (tag, own) = (language.tag, Table::of(language));
        let expected: BTreeSet<_> = english.keys().collect();
        let found: BTreeSet<_> = own.keys().collect();
        assert_eq!(found.len(), own.0.len(), "{tag} defines a key twice");
        let missing: Vec<_> = expected.difference(&found).collect();
        assert!(missing.is_empty(), "{tag} lacks {missing:?}");
        let added = found.difference(&expected).map(|key| ((*key).to_owned(), String::new()));
        let (_, invented) = Texts::new(added);
        assert!(invented.is_empty(), "{tag} invents {invented:?}");
        let in_order: Vec<_> = own.keys().filter(|key| expected.contains(key)).collect();
        assert_eq!(in_order, english.keys().collect::<Vec<_>>(), "{tag} has another order");
    }
}

#[test]
fn every_sentence_has_the_placeholders_of_english() {
    let english = Table::english();
    for language in ALL {
        for (key, sentence) in &Table::of(language).0 {
            let stem = || key.rsplit_once('.').map_or(key.as_str(), |(stem, _)| stem);
            let of_number = english.find(&format!("{}.other", stem()));
            let model = english.find(key).or(of_number).or_else(|| english.find(stem())).unwrap();
            let (expected, own) = (placeholders(model), placeholders(sentence));
            // A form for one number, or for two, may say it in a word.
            let may_omit =
                of_number.is_some() && ["1", "two"].iter().any(|form| key.ends_with(&format!(".{form}")));
            let is_right =
                if may_omit { without(&own, "n") == without(&expected, "n") } else { own == expected };
            assert!(is_right, "{}: {key} has {own:?} instead of {expected:?}", language.tag);
        }
    }
}

#[test]
fn every_number_has_the_plural_form_of_its_language() {
    let english = Table::english();
    let stems: Vec<_> = english.keys().filter_map(|key| key.strip_suffix(".other")).collect();
    assert_eq!(stems.len(), 8, "{stems:?}");
    for language in ALL {
        let own = Table::of(language);
        for stem in &stems {
            for category in plural_categories(language.tag) {
                let key = format!("{stem}.{category}");
                assert!(own.find(&key).is_some(), "{} lacks {key}", language.tag);
            }
        }
    }
}

#[test]
fn sentences_end_as_in_english_and_hold_no_stray_space() {
    let english = Table::english();
    for language in ALL {
        for (key, sentence) in &Table::of(language).0 {
            let name = format!("{}: {key} = {sentence}", language.tag);
            assert_eq!(sentence, sentence.trim(), "{name}");
            assert!(!sentence.is_empty() && !sentence.contains("  "), "{name}");
            // A mark of direction keeps code in its place among Arabic words, and joiners shape Devanagari.
            let may_hide: &[char] = match language.tag {
                "ar" => &['\u{200e}'],
                "hi" => &['\u{200c}', '\u{200d}'],
                _ => &[],
            };
            let hidden = |letter: char| ('\u{200b}'..='\u{200f}').contains(&letter) || letter == '\u{feff}';
            let stray = sentence.contains(|letter| hidden(letter) && !may_hide.contains(&letter));
            assert!(!stray, "{name} has a character that is not seen");
            // A German ordinal ends with a full stop: "am 16."
            let model = english.find(key).filter(|_| !key.starts_with("day."));
            let Some(model) = model else { continue };
            let ends = |text: &str| text.ends_with(['.', '。', '।']);
            assert_eq!(ends(sentence), ends(model), "{name}");
        }
    }
}

#[test]
fn a_sentence_is_not_left_in_english() {
    let english = Table::english();
    let mut same = BTreeSet::new();
    for language in ALL {
        for (key, sentence) in &Table::of(language).0 {
            let has_words = own_words(sentence).contains(|letter: char| letter.is_alphabetic());
            if has_words && key != "direction" && english.find(key) == Some(sentence) {
                same.insert((language.tag, key.clone()));
            }
        }
    }
    let expected = SAME.iter().flat_map(|(tag, keys, _)| keys.split(' ').map(|key| (*tag, key.to_owned())));
    let expected: BTreeSet<_> = expected.collect();
    let wrong: Vec<_> = same.symmetric_difference(&expected).take(20).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// Words of English sentences that no other language writes so, beside code and names.
const ENGLISH_WORDS: [&str; 12] =
    ["the", "this", "that", "has", "with", "from", "which", "backup's", "will", "last", "next", "run"];

#[test]
fn no_sentence_holds_words_of_english() {
    for language in ALL {
        for (key, sentence) in &Table::of(language).0 {
            let words = own_words(sentence);
            let words = words.split(|letter: char| !letter.is_alphanumeric());
            let english: Vec<_> =
                words.filter(|word| ENGLISH_WORDS.contains(&&*word.to_lowercase())).collect();
            assert!(english.is_empty(), "{}: {key} = {sentence}: {english:?}", language.tag);
        }
    }
}

#[test]
fn every_language_names_itself_and_its_direction() {
    for language in ALL {
        let texts = Texts::default().in_language(Some(language.language));
        assert_eq!(texts.plain("language"), language.tag);
        let direction = if language.tag == "ar" { "rtl" } else { "ltr" };
        assert_eq!(texts.plain("direction"), direction, "{}", language.tag);
    }
}

#[test]
fn what_is_shipped_has_every_sentence_under_its_key() {
    let fill = |name: &str| vec![Piece::Own(format!("{{{name}}}"))];
    for language in ALL {
        let texts = Texts::default().in_language(Some(language.language));
        for (key, sentence) in &Table::of(language).0 {
            assert_eq!(&joined(&texts.sentence(key, &fill)), sentence, "{}: {key}", language.tag);
        }
    }
}

#[test]
fn a_host_replaces_sentences_of_every_language() {
    let (replaced, _) = Texts::new([("word.due".to_owned(), "Jetzt".to_owned())]);
    for language in ALL {
        let texts = replaced.in_language(Some(language.language));
        assert_eq!(texts.plain("word.due"), "Jetzt");
        assert_eq!(Some(texts.plain("word.failed").as_str()), Table::of(language).find("word.failed"));
        assert_eq!(texts.in_language(None).plain("word.failed"), "Failed");
    }
}

#[test]
fn two_sentences_stand_apart_as_the_language_writes() {
    let expected = BTreeMap::from([("ja", "A。B。"), ("zh-Hans", "A。B。"), ("hi", "A। B।")]);
    for language in ALL {
        let texts = Texts::default().in_language(Some(language.language));
        let said = |text: &str| -> Sentence { texts.ended(vec![Piece::Own(text.to_owned())]) };
        let both = joined(&texts.join(said("A"), said("B")));
        assert_eq!(both, *expected.get(language.tag).unwrap_or(&"A. B."), "{}", language.tag);
    }
}

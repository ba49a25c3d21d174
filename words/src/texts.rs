//! Sentences by key, with placeholders.

use crate::english::ENGLISH;
use crate::language::Language;
use crate::sentence::Sentence;
use crate::template::{filled, find};

/// The sentences of one widget: those of a language, except for those that its host replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// `None`: English.
    language: Option<Language>,
    replaced: Vec<(String, String)>,
}

impl Texts {
    /// English, with sentences replaced by key. Also returns the keys that are unknown.
    pub fn new(replaced: impl IntoIterator<Item = (String, String)>) -> (Texts, Vec<String>) {
        let (replaced, unknown): (Vec<_>, Vec<_>) =
            replaced.into_iter().partition(|(key, _)| !template(key).is_empty() || is_form(key));
        (Texts { language: None, replaced }, unknown.into_iter().map(|(key, _)| key).collect())
    }

    /// The same, with the sentences of a language in place of the English ones; `None`: English.
    #[must_use]
    pub fn in_language(&self, language: Option<Language>) -> Texts {
        Texts { language, replaced: self.replaced.clone() }
    }

    /// The language of the sentences that are not replaced; `None`: English.
    pub fn language(&self) -> Option<Language> {
        self.language
    }

    /// The tag by which dates and numbers are written for a reader: the reader's own, which may name a region, if the
    /// sentences are of its language, or else that of the sentences.
    pub fn locale(&self, reader: &str) -> String {
        let own = self.plain("language");
        let mut subtags = reader.split('-').zip(own.split('-'));
        let is_same = subtags.next().is_some_and(|(reader, own)| reader.eq_ignore_ascii_case(own));
        if is_same { reader.to_owned() } else { own }
    }

    /// Two sentences, as the language joins them. One of them may be empty.
    pub fn join(&self, first: Sentence, second: Sentence) -> Sentence {
        if first.is_empty() || second.is_empty() {
            return [first, second].concat();
        }
        self.sentence("join.sentences", &|name| if name == "first" { first.clone() } else { second.clone() })
    }

    /// A phrase as a sentence.
    pub fn ended(&self, phrase: Sentence) -> Sentence {
        self.sentence("join.sentence", &|_| phrase.clone())
    }

    /// The sentence of that key, with `fill` for its `{placeholders}`.
    pub fn sentence(&self, key: &str, fill: &dyn Fn(&str) -> Sentence) -> Sentence {
        filled(self.template(key), fill)
    }

    /// A sentence without placeholders.
    pub fn plain(&self, key: &str) -> String {
        self.template(key).to_owned()
    }

    /// Whether there is a sentence of that key.
    pub fn has(&self, key: &str) -> bool {
        !self.template(key).is_empty()
    }

    fn template(&self, key: &str) -> &str {
        let replaced = self.replaced.iter().find(|(replaced, _)| replaced == key);
        let own = || self.language.and_then(|language| language.template(key));
        replaced.map_or_else(|| own().unwrap_or_else(|| template(key)), |(_, sentence)| sentence)
    }
}

/// Whether a key is a form of a sentence that has such forms: a plural, or that of one weekday.
fn is_form(key: &str) -> bool {
    let Some((stem, form)) = key.rsplit_once('.') else { return false };
    let number = form.parse::<u16>();
    let is_plural = ["zero", "one", "two", "few", "many"].contains(&form) || number.is_ok();
    let is_weekday = number.is_ok_and(|day| (1..=7).contains(&day)) && stem.starts_with("day.");
    is_plural && !template(&[stem, ".other"].concat()).is_empty() || is_weekday && !template(stem).is_empty()
}

/// Our own sentence of that key; empty if there is none.
fn template(key: &str) -> &'static str {
    find(ENGLISH, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::{Piece, joined};
    use zoho_backup_core::fault::FaultKind;
    use zoho_backup_core::no_answer::Hint;
    use zoho_backup_core::proxy_url::UrlRefusal;
    use zoho_backup_core::reason::{Reason, State};

    #[test]
    fn placeholders_are_filled_in_and_words_from_outside_stay_apart() {
        let filled = Texts::default().sentence("reason.status-unknown", &|name| {
            assert_eq!(name, "status");
            vec![Piece::untrusted("PAU\u{202e}SED")]
        });
        let expected = [
            Piece::Own("Zoho reports a status that is not known here: ".to_owned()),
            Piece::Untrusted("PAUSED".to_owned()),
            Piece::Own(".".to_owned()),
        ];
        assert_eq!(filled, expected);
        assert_eq!(joined(&filled), "Zoho reports a status that is not known here: PAUSED.");
    }

    #[test]
    fn a_host_replaces_sentences_it_knows() {
        let replaced = [("word.due", "Fällig"), ("checked", "Gelesen: {checked}"), ("word.new", "Neu")];
        let (texts, unknown) = Texts::new(replaced.map(|(key, text)| (key.to_owned(), text.to_owned())));
        assert_eq!((texts.plain("word.due").as_str(), unknown), ("Fällig", vec!["word.new".to_owned()]));
        assert_eq!(texts.plain("word.failed"), "Failed");
        let filled = texts.sentence("checked", &|_| vec![Piece::Own("heute".to_owned())]);
        assert_eq!(joined(&filled), "Gelesen: heute");
    }

    #[test]
    fn a_host_adds_the_forms_of_its_language() {
        let known = ["schedule.daily.few", "schedule.daily.2", "day.each.7", "day.nth.-1.6"];
        let others = ["schedule.daily.lots", "word.due.few", "day.each.8", "day.each.few", "word.due.7"];
        let added = known.iter().chain(&others).map(|key| ((*key).to_owned(), "x".to_owned()));
        let (texts, unknown) = Texts::new(added);
        assert!(known.iter().all(|key| texts.has(key)));
        assert_eq!(unknown, others);
    }

    #[test]
    fn dates_are_of_the_language_of_the_sentences_and_of_the_readers_region() {
        let texts = |tag: &str| Texts::new([("language".to_owned(), tag.to_owned())]).0;
        for (sentences, reader, expected) in [
            ("de", "de-AT", "de-AT"),
            ("de", "DE-at-u-hc-h12", "DE-at-u-hc-h12"),
            ("de", "fr", "de"),
            ("de", "den", "de"),
            ("zh-Hans", "zh-CN", "zh-CN"),
            ("pt-BR", "pt", "pt"),
            ("en", "en-GB", "en-GB"),
            ("en", "zh-TW", "en"),
            ("en", "", "en"),
        ] {
            assert_eq!(texts(sentences).locale(reader), expected, "{sentences} for {reader}");
        }
    }

    #[test]
    fn sentences_are_joined_as_their_language_does() {
        let said = |text: &str| vec![Piece::Own(text.to_owned())];
        let own = [("join.sentences", "{first}{second}"), ("join.sentence", "{phrase}。")];
        let (japanese, _) = Texts::new(own.map(|(key, text)| (key.to_owned(), text.to_owned())));
        for (texts, expected) in [(Texts::default(), "A. B."), (japanese, "A。B。")] {
            let both = texts.join(texts.ended(said("A")), texts.ended(said("B")));
            assert_eq!(joined(&both), expected);
            assert_eq!(texts.join(said("A"), Sentence::new()), said("A"));
            assert_eq!(texts.join(Sentence::new(), said("B")), said("B"));
        }
    }

    #[test]
    fn every_kind_that_core_decides_has_its_sentences() {
        let mut keys = Vec::new();
        keys.extend(State::ALL.iter().map(|state| format!("word.{state}")));
        keys.extend(Reason::ALL.iter().map(|reason| format!("reason.{reason}")));
        for part in ["cause", "remedy"] {
            let kinds = FaultKind::ALL.iter().filter(|kind| **kind != FaultKind::BadUrl);
            keys.extend(kinds.map(|kind| format!("{part}.{kind}")));
            keys.extend(UrlRefusal::ALL.iter().map(|refusal| format!("{part}.bad-url.{refusal}")));
        }
        let others =
            ["cause.unreachable.same-origin", "remedy.unreachable.same-origin", "remedy.gateway.setting"];
        keys.extend(others.map(str::to_owned));
        keys.extend(Hint::ALL.iter().map(|hint| format!("hint.{hint}")));
        for key in keys {
            assert_ne!(template(&key), "", "{key} has no sentence");
        }
    }

    #[test]
    fn every_line_is_a_comment_or_a_sentence_of_its_own_key() {
        let source = include_str!("english.txt").lines();
        let lines: Vec<_> = source.filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(ENGLISH.lines().collect::<Vec<_>>(), lines);
        for line in &lines {
            let (key, sentence) = line.split_once(" = ").expect(line);
            assert_eq!(template(key), sentence, "{key} is defined twice");
        }
    }

    #[test]
    fn every_ordinal_has_its_word() {
        for ordinal in (-5..=5).filter(|ordinal| *ordinal != 0) {
            assert!(Texts::default().has(&format!("day.nth.{ordinal}")), "{ordinal}");
        }
    }

    #[test]
    fn every_sentence_of_the_past_has_one_of_the_present() {
        let stale: Vec<_> = ENGLISH.lines().filter_map(|line| line.strip_prefix("was.")).collect();
        assert!(!stale.is_empty());
        for line in stale {
            let (reason, sentence) = line.split_once(" = ").expect(line);
            assert!(Reason::from_name(reason).is_some(), "{reason} is no reason");
            assert!(sentence.contains("{checked}"), "{sentence} does not say as of when");
        }
    }
}

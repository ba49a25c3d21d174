//! Sentences by key, with placeholders.

use crate::sentence::{Piece, Sentence};
use crate::template::{filled, find};

/// The English sentences, as lines of `key = sentence`: one text compresses better than a table. From src/english.txt,
/// without its comments: see build.rs.
const ENGLISH: &str = include_str!(concat!(env!("OUT_DIR"), "/english.txt"));

/// The sentences of one widget: our own, except for those that its host replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// Replaces sentences by key. Also returns the keys that are unknown.
    pub fn new(replaced: impl IntoIterator<Item = (String, String)>) -> (Texts, Vec<String>) {
        let (known, unknown): (Vec<_>, Vec<_>) =
            replaced.into_iter().partition(|(key, _)| !template(key).is_empty() || is_plural(key));
        (Texts(known), unknown.into_iter().map(|(key, _)| key).collect())
    }

    /// The sentence of that key, with `fill` for its `{placeholders}`.
    pub fn sentence<P: IntoIterator<Item = Piece>>(&self, key: &str, fill: impl Fn(&str) -> P) -> Sentence {
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
        let replaced = self.0.iter().find(|(replaced, _)| replaced == key);
        replaced.map_or_else(|| template(key), |(_, sentence)| sentence)
    }
}

/// Whether a key is a plural form of a sentence that has such forms.
fn is_plural(key: &str) -> bool {
    let Some((stem, form)) = key.rsplit_once('.') else { return false };
    let is_form = ["zero", "one", "two", "few", "many"].contains(&form) || form.parse::<u16>().is_ok();
    is_form && !template(&[stem, ".other"].concat()).is_empty()
}

/// Our own sentence of that key; empty if there is none.
fn template(key: &str) -> &'static str {
    find(ENGLISH, key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentence::joined;
    use zoho_backup_core::fault::FaultKind;
    use zoho_backup_core::no_answer::Hint;
    use zoho_backup_core::proxy_url::UrlRefusal;
    use zoho_backup_core::reason::{Reason, State};

    #[test]
    fn placeholders_are_filled_in_and_words_from_outside_stay_apart() {
        let filled = Texts::default().sentence("reason.status-unknown", |name| {
            (name == "status").then(|| Piece::untrusted("PAU\u{202e}SED"))
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
        let filled = texts.sentence("checked", |_| Some(Piece::Own("heute".to_owned())));
        assert_eq!(joined(&filled), "Gelesen: heute");
    }

    #[test]
    fn a_host_adds_the_plural_forms_of_its_language() {
        let added = ["schedule.daily.few", "schedule.daily.2", "schedule.daily.lots", "word.due.few"];
        let (texts, unknown) = Texts::new(added.map(|key| (key.to_owned(), "x".to_owned())));
        assert!(texts.has("schedule.daily.few") && texts.has("schedule.daily.2"));
        assert_eq!(unknown, ["schedule.daily.lots", "word.due.few"]);
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
            assert!(Texts::default().has(&format!("ordinal.{ordinal}")), "{ordinal}");
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

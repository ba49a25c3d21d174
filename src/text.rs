//! Every sentence a person reads, by key.

use zoho_backup_core::outside;

/// The sentences, in English: a text of `key = sentence` lines, as one text compresses better than a table.
const ENGLISH: &str = include_str!("english.txt");

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Our own words.
    Own(String),
    /// Words from outside, cleaned: to be isolated, as their direction is unknown.
    Outside(String),
}

/// A sentence, ready to be shown.
pub type Sentence = Vec<Piece>;

impl Piece {
    /// Words from outside, made fit to be shown.
    pub fn outside(text: &str) -> Piece {
        Piece::Outside(outside::clean(text))
    }

    fn as_str(&self) -> &str {
        match self {
            Piece::Own(text) | Piece::Outside(text) => text,
        }
    }
}

/// The sentences of one widget: ours, but for those that its host replaces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// Takes a host's own sentences, by key. Also returns the keys that are unknown.
    pub fn new(replaced: impl IntoIterator<Item = (String, String)>) -> (Texts, Vec<String>) {
        let (known, unknown): (Vec<_>, Vec<_>) =
            replaced.into_iter().partition(|(key, _)| !template(key).is_empty() || is_plural(key));
        (Texts(known), unknown.into_iter().map(|(key, _)| key).collect())
    }

    /// The sentence of that key, its `{names}` filled in by `fill`.
    pub fn sentence<P: IntoIterator<Item = Piece>>(&self, key: &str, fill: impl Fn(&str) -> P) -> Sentence {
        let mut pieces = Vec::new();
        let mut rest = self.template(key);
        while let Some((own, name, after)) = placeholder(rest) {
            pieces.push(Piece::Own(own.to_owned()));
            pieces.extend(fill(name));
            rest = after;
        }
        pieces.push(Piece::Own(rest.to_owned()));
        pieces
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

/// The sentence as a single text.
pub fn joined(sentence: &[Piece]) -> String {
    sentence.iter().map(Piece::as_str).collect()
}

/// Whether a key is a form by number of a sentence that has such forms.
fn is_plural(key: &str) -> bool {
    let Some((stem, form)) = key.rsplit_once('.') else { return false };
    let is_form = ["zero", "one", "two", "few", "many"].contains(&form) || form.parse::<u16>().is_ok();
    is_form && !template(&[stem, ".other"].concat()).is_empty()
}

/// With a capital first letter, if that is one of ASCII: other languages write their parts as they stand in a sentence.
pub fn capital(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// Our own sentence of that key. Empty if there is none: a test sees to it that there is.
fn template(key: &str) -> &'static str {
    let sentence = |line: &'static str| line.strip_prefix(key)?.strip_prefix(" = ");
    ENGLISH.lines().find_map(sentence).unwrap_or_default()
}

/// Splits at the first `{name}`: what stands before it, the name, what follows.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let (own, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((own, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;
    use zoho_backup_core::fault::FaultKind;
    use zoho_backup_core::proxy_url::Refusal;
    use zoho_backup_core::verdict::{Reason, State};

    #[wasm_bindgen_test]
    fn placeholders_are_filled_in_and_outside_words_kept_apart() {
        let filled = Texts::default().sentence("reason.status-unknown", |name| {
            (name == "status").then(|| Piece::outside("PAU\u{202e}SED"))
        });
        let expected = [
            Piece::Own("Zoho reports a status that is not known here: ".to_owned()),
            Piece::Outside("PAUSED".to_owned()),
            Piece::Own(".".to_owned()),
        ];
        assert_eq!(filled, expected);
        assert_eq!(joined(&filled), "Zoho reports a status that is not known here: PAUSED.");
    }

    #[wasm_bindgen_test]
    fn a_host_replaces_sentences_it_knows() {
        let replaced = [("word.due", "Fällig"), ("checked", "Gelesen: {checked}"), ("word.new", "Neu")];
        let (texts, unknown) = Texts::new(replaced.map(|(key, text)| (key.to_owned(), text.to_owned())));
        assert_eq!((texts.plain("word.due").as_str(), unknown), ("Fällig", vec!["word.new".to_owned()]));
        assert_eq!(texts.plain("word.failed"), "Failed");
        let filled = texts.sentence("checked", |_| Some(Piece::Own("heute".to_owned())));
        assert_eq!(joined(&filled), "Gelesen: heute");
    }

    #[wasm_bindgen_test]
    fn a_host_adds_the_plural_forms_of_its_language() {
        let added = ["schedule.daily.few", "schedule.daily.2", "schedule.daily.lots", "word.due.few"];
        let (texts, unknown) = Texts::new(added.map(|key| (key.to_owned(), "x".to_owned())));
        assert!(texts.has("schedule.daily.few") && texts.has("schedule.daily.2"));
        assert_eq!(unknown, ["schedule.daily.lots", "word.due.few"]);
    }

    #[wasm_bindgen_test]
    fn whatever_core_decides_has_its_sentences() {
        let mut keys = Vec::new();
        keys.extend(State::ALL.iter().map(|state| format!("word.{state}")));
        keys.extend(Reason::ALL.iter().map(|reason| format!("reason.{reason}")));
        for part in ["cause", "remedy"] {
            let kinds = FaultKind::ALL.iter().filter(|kind| **kind != FaultKind::BadUrl);
            keys.extend(kinds.map(|kind| format!("{part}.{kind}")));
            keys.extend(Refusal::ALL.iter().map(|refusal| format!("{part}.bad-url.{refusal}")));
        }
        for key in keys {
            assert_ne!(template(&key), "", "{key} has no sentence");
        }
    }

    #[wasm_bindgen_test]
    fn every_line_is_a_comment_or_a_sentence_of_its_own_key() {
        let lines: Vec<_> =
            ENGLISH.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        for line in &lines {
            let (key, sentence) = line.split_once(" = ").expect(line);
            assert_eq!(template(key), sentence, "{key} is defined twice");
        }
    }
}

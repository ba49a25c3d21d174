//! What a picture says: the widget's words, with dates that read the same everywhere.

use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::reason::Tone;
use zoho_backup_core::verdict::Verdict;
use zoho_backup_words::date;
use zoho_backup_words::language::Language;
use zoho_backup_words::sentence::{Piece, Sentence, joined};
use zoho_backup_words::texts::Texts;
use zoho_backup_words::wording::Wording;

/// The sentences of one picture.
pub(crate) struct Sentences<'a> {
    verdict: &'a Verdict,
    now: Timestamp,
    texts: Texts,
}

impl<'a> Sentences<'a> {
    pub(crate) fn new(verdict: &'a Verdict, now: Timestamp, language: Option<Language>) -> Sentences<'a> {
        Sentences { verdict, now, texts: Texts::default().in_language(language) }
    }

    /// The BCP 47 tag of the language.
    pub(crate) fn language_tag(&self) -> String {
        self.texts.plain("language")
    }

    /// Whether the language is written from right to left.
    pub(crate) fn is_right_to_left(&self) -> bool {
        self.texts.plain("direction") == "rtl"
    }

    /// All that it has to say. It names the time as of which it is so.
    pub(crate) fn title(&self) -> String {
        let texts = &self.texts;
        let lines = [self.next_run(), self.last_good_run(), Some(self.as_of())].into_iter().flatten();
        let sentences = [texts.ended(self.badge_name()), self.reason(), self.cause(), self.remedy()];
        let sentences = sentences.into_iter().chain(lines.map(|line| texts.ended(line)));
        let said = sentences.fold(Sentence::new(), |said, sentence| texts.join(said, sentence));
        if self.is_right_to_left() { joined(&isolated(said)) } else { joined(&said) }
    }

    /// The next run, or the one that is due or overdue; `None` if there is none.
    pub(crate) fn next_run(&self) -> Option<Sentence> {
        let at = self.verdict.next_run.as_ref()?.at;
        let key = if at > self.now { "next-run" } else { "next-run.passed" };
        Some(self.named(key, vec![Piece::Verbatim(self.date_time(at))]))
    }

    /// What its reader wants to know first: the last good run if something is wrong, or else the next run. `None` if
    /// neither is known.
    pub(crate) fn run(&self) -> Option<Sentence> {
        let last_good = self.verdict.history.as_ref().and_then(|history| history.last_good.as_ref());
        match (self.verdict.tone, last_good) {
            (Tone::Warning | Tone::Bad, Some(run)) => {
                Some(self.named("last-good", vec![Piece::Verbatim(self.run_date(run))]))
            }
            _ => self.next_run(),
        }
    }

    /// When the last good run was, and how many have gone wrong since; `None` without a history.
    pub(crate) fn last_good_run(&self) -> Option<Sentence> {
        Some(self.named("last-good", Some(self.last_good()).filter(|last_good| !last_good.is_empty())?))
    }

    /// The value of a fact, after the name that has this key.
    fn named(&self, key: &str, value: Sentence) -> Sentence {
        self.texts.sentence("join.value", &|name| match name {
            "name" => vec![Piece::Own(self.texts.plain(key))],
            _ => value.clone(),
        })
    }

    /// When that was so: when Zoho was read, or now, if there is no answer.
    pub(crate) fn as_of(&self) -> Sentence {
        let at = self.date_time(self.verdict.checked_at.unwrap_or(self.now));
        self.texts.sentence("as-of", &|_| vec![Piece::Verbatim(at.clone())])
    }

    /// That it is not current.
    pub(crate) fn not_current(&self) -> String {
        self.texts.plain("word.stale")
    }

    /// The offset of all its dates: that of the document, so that they can be compared at a glance.
    fn offset(&self) -> i32 {
        self.verdict.next_run.as_ref().map_or(0, |date| date.offset)
    }
}

/// The sentence for a reader of right to left: dates in their own direction, and words from outside in the one that they
/// have. A title has no markup, so Unicode's characters for it stand around them.
fn isolated(sentence: Sentence) -> Sentence {
    let isolated = sentence.into_iter().map(|piece| match piece {
        Piece::Own(words) => Piece::Own(words),
        Piece::Verbatim(date) => Piece::Verbatim(format!("\u{2066}{date}\u{2069}")),
        Piece::Untrusted(words) => Piece::Untrusted(format!("\u{2068}{words}\u{2069}")),
    });
    isolated.collect()
}

impl Wording for Sentences<'_> {
    fn texts(&self) -> &Texts {
        &self.texts
    }

    fn verdict(&self) -> &Verdict {
        self.verdict
    }

    fn label(&self) -> Piece {
        Piece::Own(self.texts.plain("label"))
    }

    fn date_time(&self, at: Timestamp) -> String {
        date::written(at, self.offset())
    }

    fn json(&self, value: &Json) -> String {
        value.to_string()
    }

    // As in its dates.
    fn number(&self, number: u64) -> String {
        number.to_string()
    }
}

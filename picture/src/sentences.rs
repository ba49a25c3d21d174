//! What a picture says: the widget's words, with dates that read the same everywhere.

use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::reason::Tone;
use zoho_backup_core::verdict::Verdict;
use zoho_backup_words::date;
use zoho_backup_words::sentence::{Piece, Sentence, joined};
use zoho_backup_words::texts::Texts;
use zoho_backup_words::wording::{Wording, add};

/// The sentences of one picture.
pub(crate) struct Sentences<'a> {
    verdict: &'a Verdict,
    now: Timestamp,
    texts: Texts,
}

impl<'a> Sentences<'a> {
    pub(crate) fn new(verdict: &'a Verdict, now: Timestamp) -> Sentences<'a> {
        Sentences { verdict, now, texts: Texts::default() }
    }

    /// All that it has to say. It names the time as of which it is so.
    pub(crate) fn title(&self) -> String {
        let mut title = self.badge_name();
        add(&mut title, ". ", self.reason());
        add(&mut title, " ", self.cause());
        add(&mut title, " ", self.remedy());
        for line in [self.next_run(), self.last_good_run(), Some(self.as_of())].into_iter().flatten() {
            add(&mut title, " ", line);
            title.push(Piece::Own(".".to_owned()));
        }
        joined(&title)
    }

    /// The next run, or the one that is due or overdue; `None` if there is none.
    pub(crate) fn next_run(&self) -> Option<Sentence> {
        let at = self.verdict.next_run.as_ref()?.at;
        let key = if at > self.now { "next-run" } else { "next-run.passed" };
        let label = format!("{} ", self.texts.plain(key));
        Some(vec![Piece::Own(label), Piece::Verbatim(self.date_time(at))])
    }

    /// What its reader wants to know first: the last good run if something is wrong, or else the next run. `None` if
    /// neither is known.
    pub(crate) fn run(&self) -> Option<Sentence> {
        let last_good = self.verdict.history.as_ref().and_then(|history| history.last_good.as_ref());
        match (self.verdict.tone, last_good) {
            (Tone::Warning | Tone::Bad, Some(run)) => {
                let label = format!("{} ", self.texts.plain("last-good"));
                Some(vec![Piece::Own(label), Piece::Verbatim(self.run_date(run))])
            }
            _ => self.next_run(),
        }
    }

    /// When the last good run was, and how many have gone wrong since; `None` without a history.
    pub(crate) fn last_good_run(&self) -> Option<Sentence> {
        let mut said = vec![Piece::Own(format!("{}: ", self.texts.plain("last-good")))];
        add(&mut said, "", Some(self.last_good()).filter(|last_good| !last_good.is_empty())?);
        Some(said)
    }

    /// When that was so: when Zoho was read, or now, if there is no answer.
    pub(crate) fn as_of(&self) -> Sentence {
        let at = self.date_time(self.verdict.checked_at.unwrap_or(self.now));
        self.texts.sentence("as-of", |_| Some(Piece::Verbatim(at.clone())))
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

    // Whoever draws a picture knows neither the page that shows it nor an address that its reader could use.
    fn origin(&self) -> Piece {
        Piece::Own("of this page".to_owned())
    }

    fn url(&self) -> Piece {
        Piece::Own("the proxy's address".to_owned())
    }

    fn is_supplied(&self) -> bool {
        false
    }
}

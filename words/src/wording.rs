//! A verdict and what depends on its reader → sentences. Which sentence says what is decided here, for the widget and
//! for the badge as a picture alike.

use crate::sentence::{Piece, Sentence, joined};
use crate::texts::Texts;
use zoho_backup_core::backup::Field;
use zoho_backup_core::fault::FaultKind;
use zoho_backup_core::history::Run;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::untrusted_text;
use zoho_backup_core::verdict::Verdict;

/// The beginning of the keys of remedies.
const REMEDY: &str = "remedy.";

/// The sentences about a verdict. Whoever shows it says what depends on the reader, such as how dates are written.
pub trait Wording {
    /// The sentences by key.
    fn texts(&self) -> &Texts;

    /// What to put into words.
    fn verdict(&self) -> &Verdict;

    /// Heading and accessible name.
    fn label(&self) -> Piece;

    /// Date and time as the reader writes them.
    fn date_time(&self, at: Timestamp) -> String;

    /// A value as JSON.
    fn json(&self, value: &Json) -> String;

    /// A whole number, as the reader writes it.
    fn number(&self, number: u64) -> String;

    /// The origin of the page, where that is known.
    fn origin(&self) -> Option<Piece> {
        None
    }

    /// The proxy's URL, where that is known.
    fn url(&self) -> Option<Piece> {
        None
    }

    /// Whether the document was supplied by the page, so that it comes from no URL.
    fn is_supplied(&self) -> bool {
        false
    }

    /// The badge's word.
    fn word(&self) -> String {
        self.texts().plain(&["word.", self.verdict().state.name()].concat())
    }

    /// The name of the badge. It does not change while only time passes.
    fn badge_name(&self) -> Sentence {
        self.sentence(if self.verdict().stale { "badge.stale" } else { "badge" })
    }

    /// Why the state is what it is; in the past tense, if that was read too long ago.
    fn reason(&self) -> Sentence {
        let reason = self.reason_of_name(self.verdict().reason.name());
        let Some(goes_on) = self.verdict().goes_on() else { return reason };
        self.texts().join(self.reason_of_name(goes_on.name()), reason)
    }

    /// The sentence of the reason of that name.
    fn reason_of_name(&self, name: &str) -> Sentence {
        let past = ["was.", name].concat();
        if self.verdict().stale && self.texts().has(&past) {
            return self.sentence(&past);
        }
        let since = ["reason.", name, ".since"].concat();
        if self.verdict().runs_since.is_some() && self.texts().has(&since) {
            return self.sentence(&since);
        }
        self.sentence(&["reason.", name].concat())
    }

    /// The date that a run goes by. Where none announced it, all that is known is when it was seen to be over: that may
    /// have been weeks after.
    fn run_date(&self, run: &Run) -> String {
        let date = self.date_time(run.date().at);
        if run.due.is_some() {
            return date;
        }
        joined(&self.texts().sentence("run.undated", &|_| vec![Piece::Verbatim(date.clone())]))
    }

    /// When the last good run was, and how many have gone wrong since; empty if there is no history, or if it has neither
    /// such a run nor a beginning.
    fn last_good(&self) -> Sentence {
        let Some(history) = &self.verdict().history else { return Sentence::new() };
        if history.last_good.is_none() && history.watched_since.is_none() {
            return Sentence::new();
        }
        let outcome = history.last_good.as_ref().map_or("none", |run| run.outcome.name());
        let last_good = self.sentence(&["last-good.", outcome].concat());
        if history.failures_since == 0 {
            return last_good;
        }
        let failures = self.number(history.failures_since.into());
        self.texts().sentence("last-good.failures", &|name| match name {
            "last-good" => last_good.clone(),
            _ => vec![Piece::Verbatim(failures.clone())],
        })
    }

    /// What went wrong; empty if nothing did.
    fn cause(&self) -> Sentence {
        self.of_fault("cause.")
    }

    /// What to do about it; empty if nothing went wrong.
    fn remedy(&self) -> Sentence {
        let remedy = self.of_fault(REMEDY);
        let Some(hint) = self.verdict().fault.as_ref().and_then(|fault| fault.hint()) else { return remedy };
        self.texts().join(remedy, self.sentence(&["hint.", hint.name()].concat()))
    }

    /// What is said of the fault in this part of the keys, `cause.` or `remedy.`; empty if there is no fault.
    fn of_fault(&self, part: &str) -> Sentence {
        let Some(fault) = &self.verdict().fault else { return Sentence::new() };
        let (kind, detail) = match fault.refusal() {
            Some(refusal) => ("bad-url.", refusal.name()),
            None if fault.setting().is_some() && part == REMEDY => ("gateway", ".setting"),
            None if fault.kind() == FaultKind::Malformed && self.is_supplied() => ("supplied", ""),
            None if fault.kind() == FaultKind::Unreachable && fault.is_same_origin() => {
                ("unreachable", ".same-origin")
            }
            None => (fault.kind().name(), ""),
        };
        let key = [part, kind, detail].concat();
        let unnamed = [&key, ".unnamed"].concat();
        self.sentence(if self.origin().is_none() && self.texts().has(&unnamed) { &unnamed } else { &key })
    }

    /// The sentence of that key.
    fn sentence(&self, key: &str) -> Sentence {
        self.texts().sentence(key, &|name| self.value(name))
    }

    /// The value of a placeholder; empty if there is none.
    fn value(&self, name: &str) -> Sentence {
        self.fill(name).map(|piece| vec![piece]).unwrap_or_default()
    }

    /// The value of a placeholder, if there is one.
    fn fill(&self, name: &str) -> Option<Piece> {
        let backup = self.verdict().backup.as_ref();
        let fault = self.verdict().fault.as_ref();
        Some(match name {
            "status" => Piece::untrusted(&self.raw(backup?.sent().get("status")?)),
            "date" => match &backup?.scheduled_date {
                Field::Value(date) => Piece::Verbatim(self.date_time(date.at)),
                Field::Malformed(sent) => Piece::untrusted(&self.raw(sent)),
                Field::Absent => return None,
            },
            "checked" => Piece::Verbatim(self.date_time(self.verdict().checked_at?)),
            "run" => {
                let run = self.verdict().history.as_ref()?.standing_failure()?;
                Piece::Verbatim(self.run_date(run))
            }
            "good" => Piece::Verbatim(self.run_date(self.verdict().history.as_ref()?.last_good.as_ref()?)),
            "watched" => Piece::Verbatim(self.date_time(self.verdict().history.as_ref()?.watched_since?)),
            "since" => Piece::Verbatim(self.date_time(self.verdict().runs_since?)),
            "field" => Piece::Verbatim(backup?.malformed_key()?.to_owned()),
            "label" => self.label(),
            "word" => Piece::Own(self.word()),
            "code" => Piece::untrusted(fault?.code()?),
            "message" => Piece::untrusted(fault?.message()?),
            "setting" => Piece::untrusted(fault?.setting()?),
            "http" => Piece::Verbatim(fault?.http_status()?.to_string()),
            "retry" => Piece::Verbatim(self.date_time(fault?.retry_at()?)),
            "origin" => self.origin()?,
            "url" => self.url()?,
            _ => return None,
        })
    }

    /// A value as it was sent: a text that can be seen itself, anything else as JSON.
    fn raw(&self, sent: &Json) -> String {
        match sent.as_text() {
            Some(text) if !untrusted_text::is_blank(text) => text.to_owned(),
            _ => self.json(sent),
        }
    }
}

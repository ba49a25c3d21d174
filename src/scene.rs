//! A verdict and a language → sentences. No DOM.

use crate::json;
use crate::page::environment;
use crate::schedule::{self, Schedule};
use crate::settings::Settings;
use std::rc::Rc;
use std::time::Duration;
use zoho_backup_core::calendar;
use zoho_backup_core::clock_error::ClockError;
use zoho_backup_core::countdown::{self, Countdown, CountdownMode, Length, Unit};
use zoho_backup_core::fault::Fault;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::json::Json;
use zoho_backup_core::news::{Announcement, RefreshOutcome};
use zoho_backup_core::options::Variant;
use zoho_backup_core::verdict::Verdict;
use zoho_backup_words::sentence::{Piece, Sentence, capital, joined};
use zoho_backup_words::texts::Texts;
use zoho_backup_words::wording::Wording;

/// Everything that is shown, apart from texts that tick.
#[derive(Clone)]
pub struct Scene {
    /// What the widget is set to be.
    pub settings: Rc<Settings>,
    /// What to show and why.
    pub verdict: Rc<Verdict>,
    /// The URL that the widget asks, without the query; empty if it asks none.
    pub url: String,
    /// How far this computer's clock is from the server's.
    pub clock: ClockError,
    /// The instant that is shown, by the server's clock.
    pub now: Timestamp,
    /// The outcome of a refresh, if one was asked for a moment ago.
    pub outcome: Option<RefreshOutcome>,
    /// What is said aloud, for a minute.
    pub said: Sentence,
    /// Whether the badge's card is open.
    pub is_open: bool,
}

/// A text that changes between two scenes.
#[derive(Clone, Copy)]
pub enum Ticking {
    /// The countdown.
    Countdown,
    /// The age of the answer.
    Freshness,
}

impl Scene {
    /// Whether a badge is shown, and no card unless it is open.
    pub fn is_badge(&self) -> bool {
        self.settings.options.variant == Variant::Badge
    }

    /// The answer's own words; empty if there are none.
    pub fn message(&self) -> Sentence {
        let Some(quote) = self.verdict.fault.as_ref().and_then(Fault::quote) else { return Sentence::new() };
        self.settings.texts.sentence("notice.message", &|_| vec![Piece::untrusted(&quote)])
    }

    /// The time before which the server asked not to retry; empty if it did not.
    pub fn retry(&self) -> Sentence {
        let retry_at = self.verdict.fault.as_ref().and_then(|fault| fault.retry_at());
        retry_at.map(|_| self.sentence("notice.retry")).unwrap_or_default()
    }

    /// How old the answer is; empty while there is none.
    pub fn freshness(&self, now: Timestamp) -> Sentence {
        let key = match (self.verdict.checked_at, &self.verdict.fault) {
            (Some(_), _) if self.verdict.stale => "stale",
            (Some(_), Some(_)) => "checked.before",
            (Some(_), None) => "checked",
            (None, _) if self.verdict.backup.is_some() => "supplied",
            (None, _) => return Sentence::new(),
        };
        let age = || Some(self.length(countdown::age(self.verdict.checked_at?, now)?.length));
        self.settings.texts.sentence(key, &|name| match name {
            "age" => vec![Piece::Own(age().unwrap_or_default())],
            _ => self.value(name),
        })
    }

    /// The countdown's text; `None` where there is none.
    pub fn countdown(&self, now: Timestamp) -> Option<String> {
        let key = match self.verdict.countdown {
            _ if self.settings.options.countdown == CountdownMode::Off => return None,
            Countdown::None => return None,
            Countdown::Due => return Some(self.settings.texts.plain("countdown.due")),
            Countdown::Until(_) => "countdown.until",
            Countdown::OverdueSince(_) => "countdown.overdue",
        };
        let length = self.length(countdown::read(self.verdict.countdown, now, self.settings.pace)?.length);
        Some(joined(&self.settings.texts.sentence(key, &|_| vec![Piece::Own(length.clone())])))
    }

    fn length(&self, length: Length) -> String {
        match length {
            Length::LessThanAMinute => self.settings.texts.plain("countdown.less-than-a-minute"),
            length => self.settings.formats.length(length),
        }
    }

    /// A text that ticks.
    pub fn ticking(&self, what: Ticking, now: Timestamp) -> String {
        match what {
            Ticking::Countdown => self.countdown(now).unwrap_or_default(),
            Ticking::Freshness => joined(&self.freshness(now)),
        }
    }

    /// What is said aloud.
    pub fn announcement(&self, announcement: Announcement) -> Sentence {
        match announcement {
            Announcement::Nothing => Sentence::new(),
            Announcement::Verdict | Announcement::Refresh(RefreshOutcome::Done) => self.spoken_verdict(),
            Announcement::Refresh(outcome) => self.spoken_refresh(outcome),
        }
    }

    /// Whole sentences, with rounded words.
    fn spoken_verdict(&self) -> Sentence {
        let in_time = match self.verdict.countdown {
            Countdown::Until(at) => self.settings.formats.in_time(countdown::rounded(at.since(self.now))),
            _ => None,
        };
        let key = if in_time.is_some() { "announcement.next" } else { "announcement" };
        let texts = &self.settings.texts;
        let said = texts.sentence(key, &|name| match name {
            "in" => vec![Piece::Own(in_time.clone().unwrap_or_default())],
            "reason" => self.reason(),
            _ => self.value(name),
        });
        if !self.verdict.stale {
            return said;
        }
        texts.join(texts.join(said, texts.ended(self.freshness(self.now))), self.cause())
    }

    fn spoken_refresh(&self, outcome: RefreshOutcome) -> Sentence {
        let said = self.refresh_outcome(outcome);
        if outcome == RefreshOutcome::Busy {
            return said;
        }
        let texts = &self.settings.texts;
        texts.join(texts.join(texts.ended(said), self.cause()), self.retry())
    }

    /// The outcome of a refresh, in a word or two.
    pub fn refresh_outcome(&self, outcome: RefreshOutcome) -> Sentence {
        self.sentence(&["refresh.", outcome.name()].concat())
    }

    /// Date and time, with the name of the day if that is near.
    pub fn date(&self, at: Timestamp) -> String {
        let date = self.settings.formats.date_time(at);
        match self.settings.formats.day(self.days_until(at)) {
            Some(day) => {
                let fill = |name: &str| vec![Piece::Own(if name == "day" { &day } else { &date }.clone())];
                capital(joined(&self.settings.texts.sentence("date.near", &fill)))
            }
            None => date,
        }
    }

    fn days_until(&self, at: Timestamp) -> i64 {
        let day = |at| calendar::calendar_day(at, |at| self.settings.formats.offset_at(at));
        day(at) - day(self.now)
    }

    /// When the name of the next run's day changes.
    pub fn day_changes_at(&self) -> Option<Timestamp> {
        let at = self.verdict.next_run.as_ref()?.at;
        match self.days_until(at) {
            ..-1 => None,
            -1..=4 => Some(calendar::next_calendar_day(self.now, |at| self.settings.formats.offset_at(at))),
            // Early enough for every time zone.
            _ => Some(at.before(Duration::from_secs(3 * 24 * 3_600))).filter(|at| *at > self.now),
        }
    }

    /// The schedule, if there is one.
    pub fn schedule(&self) -> Option<Schedule> {
        let Settings { texts, formats, .. } = &*self.settings;
        let (backup, next) = (self.verdict.backup.as_ref()?, self.verdict.next_run.as_ref());
        schedule::schedule(texts, formats, backup, next, self.now)
    }

    /// How wrong this computer's clock is, if its user should know.
    pub fn clock_error(&self) -> Option<Sentence> {
        let minutes = self.clock.reported_minutes()?;
        let all = minutes.unsigned_abs();
        let units = [(Unit::Day, all / 1_440), (Unit::Hour, all % 1_440 / 60), (Unit::Minute, all % 60)];
        let units = units.map(|(unit, count)| (count > 0).then_some((unit, count)));
        let length = self.settings.formats.units(&units);
        let key = if minutes > 0 { "clock.fast" } else { "clock.slow" };
        Some(self.settings.texts.sentence(key, &|_| vec![Piece::Verbatim(length.clone())]))
    }
}

impl Wording for Scene {
    fn texts(&self) -> &Texts {
        &self.settings.texts
    }

    fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    fn label(&self) -> Piece {
        match self.settings.options.label.as_deref().map(Piece::untrusted) {
            Some(label) if !label.is_blank() => label,
            _ => Piece::Own(self.settings.texts.plain("label")),
        }
    }

    fn date_time(&self, at: Timestamp) -> String {
        self.settings.formats.date_time(at)
    }

    fn json(&self, value: &Json) -> String {
        json::stringify(&json::to_js(value)).unwrap_or_default()
    }

    fn number(&self, number: u64) -> String {
        self.settings.formats.number(number)
    }

    fn origin(&self) -> Option<Piece> {
        Some(Piece::untrusted(&environment::origin()))
    }

    fn url(&self) -> Option<Piece> {
        Some(Piece::untrusted(&self.url))
    }

    fn is_supplied(&self) -> bool {
        self.url.is_empty()
    }
}

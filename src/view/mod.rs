//! What a widget shows: one view tree over a scene that changes rarely and a clock that ticks.

mod badge;
mod card;
mod icons;

use crate::given::Settings;
use crate::json;
use crate::schedule::{self, Schedule};
use crate::text::{Piece, Sentence, capital, joined};
use leptos::either::Either;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;
use zoho_backup_core::backup::Field;
use zoho_backup_core::clock::{self, ClockError, Timestamp};
use zoho_backup_core::countdown::{self, Length, Pace, Reading, Unit};
use zoho_backup_core::fault::{Fault, FaultKind};
use zoho_backup_core::json::Json;
use zoho_backup_core::options::{CountdownMode, Variant};
use zoho_backup_core::verdict::{Countdown, Verdict};

/// The widget's style sheet, for those who embed it without `www/element.js`, which brings it along.
pub const STYLE: &str = include_str!("style.css");

/// All that is shown, apart from what moves by the second.
pub struct Scene {
    /// What the widget is told to be.
    pub settings: Rc<Settings>,
    /// What to show and why.
    pub verdict: Verdict,
    /// Whom the widget asks, without the query; empty if it asks nobody.
    pub url: String,
    /// How far this computer's clock is from the server's.
    pub clock: ClockError,
    /// When this holds, by the server's clock.
    pub now: Timestamp,
    /// What came of the refresh that was asked for, if one was, a moment ago.
    pub outcome: Option<RefreshOutcome>,
}

/// What came of a refresh that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshOutcome {
    /// The answer is on its way.
    Busy,
    /// There is an answer.
    Done,
    /// The request failed.
    Failed,
    /// There was no request: the page is hidden or offline, or the last answer asked to wait.
    Refused,
}

impl RefreshOutcome {
    /// The key of its word.
    fn key(self) -> &'static str {
        match self {
            RefreshOutcome::Busy => "refresh.busy",
            RefreshOutcome::Done => "refresh.done",
            RefreshOutcome::Failed => "refresh.failed",
            RefreshOutcome::Refused => "refresh.refused",
        }
    }
}

/// What moves between two scenes.
#[derive(Clone, Copy)]
enum Ticking {
    Countdown,
    Freshness,
}

/// The view of one widget: drawn anew, in place, with every scene. Only times move between two scenes.
pub fn widget(
    scene: RwSignal<Rc<Scene>, LocalStorage>,
    now: RwSignal<Timestamp>,
    said: RwSignal<Sentence>,
    refresh: impl Fn() + 'static,
) -> impl IntoView {
    let refresh = StoredValue::new_local(Rc::new(refresh) as Rc<dyn Fn()>);
    // One closure's type for all: each would weigh a kilobyte.
    let ticking = move |what| move || scene.get_untracked().ticking(what, now.get());
    let drawn = move || {
        let scene = scene.get();
        let countdown = ticking(Ticking::Countdown);
        match scene.settings.options.variant {
            Variant::Badge => Either::Left(badge::line(&scene, countdown)),
            Variant::Card => {
                Either::Right(card::card(&scene, countdown, ticking(Ticking::Freshness), refresh))
            }
        }
    };
    // Leptos replaces nodes only below an element, and a shadow root is none.
    view! {
        <div class="widget">
            {drawn} <div class="said" role="status">
                {move || shown(said.get())}
            </div>
        </div>
    }
}

impl Scene {
    /// The badge's word.
    fn word(&self) -> String {
        self.settings.texts.plain(&["word.", self.verdict.state.name()].concat())
    }

    /// Heading and accessible name.
    fn label(&self) -> Piece {
        match &self.settings.options.label {
            Some(label) => Piece::outside(label),
            None => Piece::Own(self.settings.texts.plain("label")),
        }
    }

    /// Why the state is what it is.
    pub fn reason(&self) -> Sentence {
        self.sentence(&["reason.", self.verdict.reason.name()].concat())
    }

    /// What went wrong; empty if nothing did.
    pub fn cause(&self) -> Sentence {
        self.of_fault("cause.")
    }

    /// What to do about it; empty if nothing went wrong.
    pub fn remedy(&self) -> Sentence {
        self.of_fault("remedy.")
    }

    /// What the API itself said about it; empty if it said nothing.
    fn message(&self) -> Sentence {
        let message = self.verdict.fault.as_ref().and_then(|fault| fault.message.as_ref());
        message.map(|_| self.sentence("notice.message")).unwrap_or_default()
    }

    /// Before when it was asked not to ask again; empty if it was not.
    fn retry(&self) -> Sentence {
        let retry_at = self.verdict.fault.as_ref().and_then(|fault| fault.retry_at);
        retry_at.map(|_| self.sentence("notice.retry")).unwrap_or_default()
    }

    /// How old the knowledge is; empty while there is none.
    fn freshness(&self, now: Timestamp) -> Sentence {
        let key = match (self.verdict.checked_at, &self.verdict.fault) {
            (Some(_), _) if self.verdict.stale => "stale",
            (Some(_), Some(_)) => "checked.before",
            (Some(_), None) => "checked",
            (None, _) if self.verdict.backup.is_some() => "supplied",
            (None, _) => return Sentence::new(),
        };
        let age = || Some(Piece::Own(self.length(self.age(now)?.length)));
        self.settings.texts.sentence(key, |name| if name == "age" { age() } else { self.fill(name) })
    }

    /// That the knowledge is old, and since when; empty if it is not.
    fn not_current(&self) -> Sentence {
        if self.verdict.stale { self.sentence("not-current") } else { Sentence::new() }
    }

    /// How long ago the answer was read, in minutes.
    fn age(&self, now: Timestamp) -> Option<Reading> {
        let pace = Pace { mode: CountdownMode::Minute, reduced_motion: false };
        countdown::read(Countdown::OverdueSince(self.verdict.checked_at?), now, pace)
    }

    /// The countdown's text; `None` where there is none.
    fn countdown(&self, now: Timestamp) -> Option<String> {
        let key = match self.verdict.countdown {
            _ if self.settings.options.countdown == CountdownMode::Off => return None,
            Countdown::None => return None,
            Countdown::Due => return Some(self.settings.texts.plain("countdown.due")),
            Countdown::Until(_) => "countdown.until",
            Countdown::OverdueSince(_) => "countdown.overdue",
        };
        let length = self.length(countdown::read(self.verdict.countdown, now, self.settings.pace)?.length);
        Some(joined(&self.settings.texts.sentence(key, |_| Some(Piece::Own(length.clone())))))
    }

    fn length(&self, length: Length) -> String {
        match length {
            Length::LessThanAMinute => self.settings.texts.plain("countdown.less-than-a-minute"),
            length => self.settings.formats.length(length),
        }
    }

    fn ticking(&self, what: Ticking, now: Timestamp) -> String {
        match what {
            Ticking::Countdown => self.countdown(now).unwrap_or_default(),
            Ticking::Freshness => joined(&self.freshness(now)),
        }
    }

    /// When one of the texts changes that move between two scenes.
    pub fn text_changes_at(&self, now: Timestamp) -> Option<Timestamp> {
        let countdown = countdown::read(self.verdict.countdown, now, self.settings.pace);
        // A badge does not show it.
        let age = self.age(now).filter(|_| self.settings.options.variant == Variant::Card);
        [countdown, age].into_iter().flatten().map(|reading| reading.changes_at).min()
    }

    /// What is said of a change to those who do not see it: whole sentences, with rounded words.
    pub fn announcement(&self) -> Sentence {
        let in_time = match self.verdict.countdown {
            Countdown::Until(at) => self.settings.formats.in_time(countdown::rounded(at.since(self.now))),
            _ => None,
        };
        let key = if in_time.is_some() { "announcement.next" } else { "announcement" };
        let mut said = self.settings.texts.sentence(key, |name| match name {
            "in" => in_time.clone().map(Piece::Own).into_iter().collect(),
            "reason" => self.reason(),
            _ => self.fill(name).into_iter().collect::<Sentence>(),
        });
        if self.verdict.stale {
            add(&mut said, " ", self.freshness(self.now));
            add(&mut said, ". ", self.cause());
        }
        said
    }

    /// What is said of a refresh that was asked for.
    pub fn announcement_of(&self, outcome: RefreshOutcome) -> Sentence {
        if outcome == RefreshOutcome::Done {
            return self.announcement();
        }
        let mut said = self.sentence(outcome.key());
        if outcome != RefreshOutcome::Busy {
            add(&mut said, ". ", self.cause());
            add(&mut said, " ", self.retry());
        }
        said
    }

    /// Date and time; near ones with their day's name.
    fn date(&self, at: Timestamp) -> String {
        let date = self.settings.formats.date_time(at);
        match self.settings.formats.day(self.days_until(at)) {
            Some(day) => {
                let fill =
                    |name: &str| Some(Piece::Own(if name == "day" { day.clone() } else { date.clone() }));
                capital(joined(&self.settings.texts.sentence("date.near", fill)))
            }
            None => date,
        }
    }

    fn days_until(&self, at: Timestamp) -> i64 {
        let day = |at| clock::calendar_day(at, |at| self.settings.formats.offset_at(at));
        day(at) - day(self.now)
    }

    /// When the name of the next run's day changes.
    pub fn day_changes_at(&self) -> Option<Timestamp> {
        let at = self.verdict.next_run.as_ref()?.at;
        match self.days_until(at) {
            ..-1 => None,
            -1..=4 => Some(clock::next_calendar_day(self.now, |at| self.settings.formats.offset_at(at))),
            // Early enough for every zone.
            _ => Some(at.before(Duration::from_secs(3 * 24 * 3_600))).filter(|at| *at > self.now),
        }
    }

    /// What there is to say of the schedule, if there is one.
    fn schedule(&self) -> Option<Schedule> {
        let Settings { texts, formats, .. } = &*self.settings;
        let (backup, next) = (self.verdict.backup.as_ref()?, self.verdict.next_run.as_ref());
        schedule::schedule(texts, formats, backup, next, self.now)
    }

    /// What is wrong with this computer's clock, if its user should know.
    fn clock_error(&self) -> Option<Sentence> {
        let minutes = self.clock.told_minutes()?;
        let all = minutes.unsigned_abs();
        let units = [(Unit::Day, all / 1_440), (Unit::Hour, all % 1_440 / 60), (Unit::Minute, all % 60)];
        let units = units.map(|(unit, count)| (count > 0).then_some((unit, count)));
        let length = self.settings.formats.units(&units);
        let key = if minutes > 0 { "clock.fast" } else { "clock.slow" };
        Some(self.settings.texts.sentence(key, |_| Some(Piece::Own(length.clone()))))
    }

    fn of_fault(&self, part: &str) -> Sentence {
        match &self.verdict.fault {
            None => Sentence::new(),
            Some(Fault { refusal: Some(refusal), .. }) => {
                self.sentence(&[part, "bad-url.", refusal.name()].concat())
            }
            // With `data`, nobody is asked.
            Some(fault) if fault.kind == FaultKind::Malformed && self.url.is_empty() => {
                self.sentence(&[part, "supplied"].concat())
            }
            Some(fault) => self.sentence(&[part, fault.kind.name()].concat()),
        }
    }

    fn sentence(&self, key: &str) -> Sentence {
        self.settings.texts.sentence(key, |name| self.fill(name))
    }

    /// What stands for a placeholder.
    fn fill(&self, name: &str) -> Option<Piece> {
        let backup = self.verdict.backup.as_ref();
        let fault = self.verdict.fault.as_ref();
        Some(match name {
            "status" => Piece::outside(&raw(backup?.sent().get("status")?)),
            "date" => match &backup?.scheduled_date {
                Field::Value(date) => Piece::Own(self.settings.formats.date_time(date.at)),
                Field::Malformed(sent) => Piece::outside(&raw(sent)),
                Field::Absent => return None,
            },
            "checked" => Piece::Own(self.settings.formats.date_time(self.verdict.checked_at?)),
            "field" => Piece::Own(backup?.malformed_key()?.to_owned()),
            "label" => self.label(),
            "word" => Piece::Own(self.word()),
            "code" => Piece::outside(fault?.code.as_ref()?),
            "message" => Piece::outside(fault?.message.as_ref()?),
            "http" => Piece::Own(fault?.http_status?.to_string()),
            "retry" => Piece::Own(self.settings.formats.date_time(fault?.retry_at?)),
            "origin" => Piece::outside(&crate::host::origin()),
            "url" => Piece::outside(&self.url),
            _ => return None,
        })
    }
}

/// Adds what else is said, if anything.
fn add(said: &mut Sentence, between: &str, sentence: Sentence) {
    if !sentence.is_empty() {
        said.push(Piece::Own(between.to_owned()));
        said.extend(sentence);
    }
}

/// A value as it was sent: a text itself unless one would not see it, anything else as JSON.
fn raw(sent: &Json) -> String {
    match sent.as_text() {
        Some(text) if !text.trim().is_empty() => text.to_owned(),
        _ => json::stringify(&json::to_js(sent)).unwrap_or_default(),
    }
}

/// A sentence as nodes: words from outside in elements of their own, so that their direction stays theirs.
fn shown(sentence: Sentence) -> impl IntoView {
    let node = |piece| match piece {
        Piece::Own(text) => (text, None),
        Piece::Outside(text) => (String::new(), Some(view! { <bdi>{text}</bdi> })),
    };
    sentence.into_iter().map(node).collect::<Vec<_>>()
}

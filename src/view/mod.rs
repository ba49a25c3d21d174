//! What a widget shows: one view tree over a scene that changes rarely and a clock that ticks.

mod badge;
mod card;
mod icons;

use crate::given::Settings;
use crate::json;
use crate::text::{Piece, Sentence, joined};
use leptos::either::Either;
use leptos::prelude::*;
use std::rc::Rc;
use zoho_backup_core::backup::Field;
use zoho_backup_core::clock::Timestamp;
use zoho_backup_core::countdown::{self, Length};
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
}

/// The view of one widget: drawn anew, in place, with every scene. Only the countdown moves between two scenes.
pub fn widget(
    scene: RwSignal<Scene, LocalStorage>,
    now: RwSignal<Timestamp>,
    refresh: impl Fn() + 'static,
) -> impl IntoView {
    let refresh = StoredValue::new_local(Rc::new(refresh) as Rc<dyn Fn()>);
    let countdown = move || scene.with_untracked(|scene| scene.countdown(now.get())).unwrap_or_default();
    let drawn = move || {
        scene.with(|scene| match scene.settings.options.variant {
            Variant::Badge => Either::Left(badge::line(scene, countdown)),
            Variant::Card => Either::Right(card::card(scene, countdown, refresh)),
        })
    };
    // Leptos replaces nodes only below an element, and a shadow root is none.
    view! { <div class="widget">{drawn}</div> }
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

    /// How old the knowledge is; empty while there is none.
    fn freshness(&self) -> Sentence {
        match (self.verdict.checked_at, self.verdict.backup.is_some()) {
            (Some(_), _) => self.sentence(if self.verdict.stale { "stale" } else { "checked" }),
            (None, true) => self.sentence("supplied"),
            (None, false) => Sentence::new(),
        }
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
        let reading = countdown::read(self.verdict.countdown, now, self.settings.options.countdown)?;
        let length = match reading.length {
            Length::LessThanAMinute => self.settings.texts.plain("countdown.less-than-a-minute"),
            length => self.settings.formats.length(length),
        };
        Some(joined(&self.settings.texts.sentence(key, |_| Some(Piece::Own(length.clone())))))
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
            "code" => Piece::outside(fault?.code.as_ref()?),
            "message" => Piece::outside(fault?.message.as_ref()?),
            "http" => Piece::Own(fault?.http_status?.to_string()),
            "origin" => Piece::outside(&crate::host::origin()),
            "url" => Piece::outside(&self.url),
            _ => return None,
        })
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

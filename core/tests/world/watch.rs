//! Looks at every widget at every instant, and keeps what broke a rule first.

use crate::conditions::Conditions;
use crate::coverage::Coverage;
use crate::invariants::telling::Telling;
use crate::invariants::{Invariant, Shown, View, countdown, good, heals, stale, tense, told};
use crate::mix::WidgetMix;
use crate::story::{self, Entry, Story};
use crate::units::{Millis, START, text};
use std::rc::Rc;
use zoho_backup_core::countdown::Countdown;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::news::HostEvent;
use zoho_backup_core::reader::{Drawing, Step};
use zoho_backup_core::reason::State;
use zoho_backup_core::verdict::Verdict;

/// A rule that was broken, and the story of it.
#[derive(Clone, Debug)]
pub struct Violation {
    pub invariant: Invariant,
    /// The troubles of its seed, in order.
    pub troubles: Vec<usize>,
    /// How long it took.
    pub after: Millis,
    pub story: String,
}

/// One world's observer.
pub struct Watch {
    pub around: Conditions,
    pub story: Story,
    pub coverage: Coverage,
    pub violations: Vec<Violation>,
    shown: Vec<Shown>,
}

impl Watch {
    pub fn new() -> Watch {
        Watch {
            around: Conditions::default(),
            story: Story::default(),
            coverage: Coverage::default(),
            violations: Vec::new(),
            shown: Vec::new(),
        }
    }

    /// A widget has been opened, or its host has changed it.
    pub fn set_up(&mut self, view: &View<'_>, widget: usize, mix: WidgetMix) {
        if widget == self.shown.len() {
            self.shown.push(Shown {
                verdict: Rc::new(nothing_shown()),
                looked_at: Timestamp::from_millis(view.now),
                since: view.now,
                setup: mix.setup,
                asks: mix.interval.is_some(),
                telling: Telling::new(view.truth, view.now, State::Loading),
                is_ended: false,
            });
        }
        let shown = &mut self.shown[widget];
        (shown.setup, shown.asks) = (mix.setup, mix.interval.is_some());
        shown.telling = Telling::new(view.truth, view.now, shown.verdict.state);
        self.interval_may_differ(view);
    }

    /// A widget has been closed.
    pub fn end(&mut self, view: &View<'_>, widget: usize) {
        self.shown[widget].is_ended = true;
        self.interval_may_differ(view);
    }

    /// What was shown and told before goes by another interval.
    fn interval_may_differ(&mut self, view: &View<'_>) {
        for shown in &mut self.shown {
            shown.since = view.now;
            shown.telling.restart(view.truth, view.now);
        }
    }

    /// A widget has looked at what it knows.
    pub fn looked(&mut self, view: &View<'_>, widget: usize, before: &Verdict, step: Step) {
        let Watch { shown, story, coverage, .. } = self;
        let shown = &mut shown[widget];
        shown.looked_at = step.now;
        let Some(Drawing { verdict, events, .. }) = step.drawing else { return };
        let troubles: &[_] = if view.now - START < view.mix.heals_after { &view.mix.troubles } else { &[] };
        coverage.draw(&verdict, troubles);
        let (state, tone, is_stale, reason) = (verdict.state, verdict.tone, verdict.stale, verdict.reason);
        if (state, tone, is_stale) != (shown.verdict.state, shown.verdict.tone, shown.verdict.stale) {
            story.note(view.now, Entry::Shown { widget, state, tone, is_stale, reason });
        }
        shown.verdict = verdict;
        let mut broken = Vec::new();
        // Updates tell nothing that could be false.
        for event in events.into_iter().filter(|event| *event != HostEvent::Update) {
            story.note(view.now, Entry::Told { widget, event });
            broken.push(match (event, before.countdown) {
                (HostEvent::Change, _) => told::change(view, shown, state, is_stale),
                (HostEvent::Due, Countdown::Until(run)) => told::due(view, shown, run.as_millis()),
                _ => None,
            });
        }
        for what in broken.into_iter().flatten() {
            self.report(view, widget, Invariant::NothingFalseIsTold, what);
        }
    }

    /// Judges what has been shown until now.
    pub fn check(&mut self, view: &View<'_>) {
        for widget in 0..self.shown.len() {
            let shown = &mut self.shown[widget];
            if shown.is_ended {
                continue;
            }
            let found = [
                (Invariant::NeverGoodForLong, good::check(view, shown)),
                (Invariant::CountdownIsRight, countdown::check(view, shown)),
                (Invariant::StaleIsSteady, stale::check(view, shown)),
                (Invariant::PresentTenseIsFresh, tense::check(view, shown)),
                (Invariant::Heals, heals::check(view, shown)),
                (Invariant::ChangesAreTold, told::changes_are_told(view, shown)),
                (Invariant::DueIsTold, told::dues_are_told(view, shown)),
            ];
            for (invariant, what) in found {
                if let Some(what) = what {
                    self.report(view, widget, invariant, what);
                }
            }
        }
    }

    fn report(&mut self, view: &View<'_>, widget: usize, invariant: Invariant, what: String) {
        if self.violations.iter().any(|it| it.invariant == invariant) {
            return;
        }
        let (at, truth) = (view.now - START, view.truth.at(view.now));
        let shown = &self.shown[widget];
        let story = format!(
            "{}\n{}    {:>13}  {invariant:?}, widget {widget}: {what}\n    shown: {}\n    true:  {}, good: {}, {:?}",
            view.mix,
            self.story,
            text(at),
            story::shown(&shown.verdict),
            truth.state,
            truth.is_good,
            truth.countdown,
        );
        let mut troubles = view.mix.troubles.iter().map(|trouble| *trouble as usize).collect::<Vec<_>>();
        troubles.sort_unstable();
        self.violations.push(Violation { invariant, troubles, after: at, story });
    }
}

/// Before the first drawing.
fn nothing_shown() -> Verdict {
    use zoho_backup_core::{knowledge::Knowledge, policy::Policy, verdict::verdict};
    verdict(&Knowledge::default(), Timestamp::default(), &Policy::default())
}

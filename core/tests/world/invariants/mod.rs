//! What must hold at every instant: one file for each invariant, with the rule's text.

pub mod countdown;
pub mod good;
pub mod heals;
pub mod stale;
pub mod telling;
pub mod tense;
pub mod told;

use crate::conditions::Conditions;
use crate::mix::Mix;
use crate::timeline::Timeline;
use crate::units::{MINUTE, Millis, SECOND};
use std::rc::Rc;
use std::time::Duration;
use telling::Telling;
use zoho_backup_core::instant::Timestamp;
use zoho_backup_core::reader::Setup;
use zoho_backup_core::reason::State;
use zoho_backup_core::verdict::Verdict;

/// A rule, by its number in the contract. The seventh is the coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Invariant {
    NeverGoodForLong,
    CountdownIsRight,
    StaleIsSteady,
    ChangesAreTold,
    NothingFalseIsTold,
    DueIsTold,
    PresentTenseIsFresh,
    Heals,
}

impl Invariant {
    pub const ALL: [Invariant; 8] = [
        Invariant::NeverGoodForLong,
        Invariant::CountdownIsRight,
        Invariant::StaleIsSteady,
        Invariant::ChangesAreTold,
        Invariant::NothingFalseIsTold,
        Invariant::DueIsTold,
        Invariant::PresentTenseIsFresh,
        Invariant::Heals,
    ];
}

/// The oldest source of an answer that counts as young.
pub const YOUNG: Millis = 15 * MINUTE;
/// How late a text may be, and how wrong a clock, without anybody's notice.
pub const NOTICEABLE: Millis = MINUTE + SECOND;
/// The longest pause after failures: 5 minutes and a tenth.
const LONGEST_PAUSE: Millis = 330 * SECOND;
/// What a slow answer, and a pair of requests about a clock, take besides.
const SLACK: Millis = 45 * SECOND;

/// What one widget shows and has told.
#[derive(Clone, Debug)]
pub struct Shown {
    pub verdict: Rc<Verdict>,
    /// By the server's clock as the widget knows it: its texts are of this instant.
    pub looked_at: Timestamp,
    /// When a host last opened, changed or closed a widget of the page.
    pub since: Millis,
    pub setup: Setup,
    /// Whether it asks by itself. A widget that asks on request alone promises no more than its tone.
    pub asks: bool,
    pub telling: Telling,
    pub is_ended: bool,
}

/// Everything that an invariant looks at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub now: Millis,
    pub truth: &'a Timeline,
    pub mix: &'a Mix,
    pub around: &'a Conditions,
    /// How long the proxy keeps answers.
    pub keeps: Millis,
    /// The interval of the feed; `None`: it asks only when a reader wants it to.
    pub interval: Option<Duration>,
}

impl View<'_> {
    /// Whether somebody has been looking for long enough to notice.
    pub fn is_watched(&self) -> bool {
        self.around.watched_since.is_some_and(|since| self.now - since >= NOTICEABLE)
    }

    pub fn interval(&self) -> Option<Millis> {
        self.interval.map(|interval| interval.as_millis() as Millis)
    }

    /// How long green may outlive the truth: 15 minutes + 2 × refresh-interval + 10 s, and what no one can know.
    pub fn promise(&self, shown: &Shown) -> Millis {
        let stale_after = shown.setup.policy.stale_after.as_millis() as Millis;
        YOUNG + stale_after + self.around.hidden_age + self.around.hidden_error + self.around.unseen_sleep
    }

    /// Two intervals, and the time in which the proxy hides a change. After failures the pause may be longer than the
    /// interval.
    pub fn two_intervals(&self) -> Option<Millis> {
        Some(2 * self.interval()?.max(LONGEST_PAUSE) + self.keeps + SLACK)
    }

    /// Whether something has held for long enough, and this widget has been as it is for as long.
    pub fn is_settled(&self, since: Option<Millis>, shown: &Shown) -> bool {
        let Some(settles) = self.two_intervals().filter(|_| shown.asks) else { return false };
        since.is_some_and(|since| self.now >= since.max(shown.since) + settles)
    }

    /// Whether the clock may be wrong without the answers having had the time to correct it.
    pub fn is_clock_open(&self) -> bool {
        !self.around.is_clock_known
    }

    /// Whether a widget may show this state that has read an answer since `from`.
    pub fn allows(&self, state: State, from: Millis) -> bool {
        self.truth.allows(state, from, self.now, NOTICEABLE)
    }
}

use super::telling::Telling;
use super::{NOTICEABLE, Shown, View};
use crate::conditions::TOLERANCE;
use crate::units::{Millis, SECOND, text};
use zoho_backup_core::countdown::Countdown;
use zoho_backup_core::reason::State;

/// While a run is due it is asked about every minute, give or take a tenth.
const ASKED_WITHIN: Millis = 75 * SECOND;

/// 4a. A change of the truth that lasts is told once, within two intervals of becoming knowable.
///
/// A change lasts if it outlives that time, and so must have what it replaced; and network, proxy and clock have been
/// sound for as long before it.
pub fn changes_are_told(view: &View<'_>, shown: &mut Shown) -> Option<String> {
    let settles = view.two_intervals()?;
    while let Some(moment) = view.truth.get(shown.telling.next_change) {
        let (from, by) = (moment.from, moment.from + settles);
        if view.now < by {
            return None;
        }
        shown.telling.next_change += 1;
        let before = view.truth.get(shown.telling.next_change - 2)?;
        let until = view.truth.get(shown.telling.next_change).map_or(Millis::MAX, |next| next.from);
        let is_change = before.state != moment.state && from - before.from >= settles && until > by;
        if !is_change || !was_sound(view, shown, from) {
            continue;
        }
        let told = shown.telling.changes.iter().filter(|(at, _)| *at <= by);
        let last = told.clone().next_back().map(|(_, state)| *state);
        if last != Some(moment.state) {
            return Some(format!("{} is true for {} and was not told", moment.state, text(settles)));
        }
        let since = told.filter(|(at, state)| *at >= from - NOTICEABLE && *state == moment.state).count();
        if since > 1 {
            return Some(format!("{} was told {since} times", moment.state));
        }
    }
    None
}

/// 4b. A run that comes due is told once, within a minute, and asked about when it is due.
///
/// Network, proxy and clock must have been sound, and its date known, for two intervals before. (A run told falsely,
/// after a jump of the clock, does not suppress the real one.)
pub fn dues_are_told(view: &View<'_>, shown: &mut Shown) -> Option<String> {
    let settles = view.two_intervals()?;
    while let Some(moment) = view.truth.get(shown.telling.next_due) {
        let due = moment.from;
        if view.now < due + ASKED_WITHIN {
            return None;
        }
        shown.telling.next_due += 1;
        let before = view.truth.get(shown.telling.next_due - 2)?;
        let was_ahead = matches!(before.countdown, Countdown::Until(at) if at.as_millis() == due);
        if !was_ahead || due - before.from < settles || !was_sound(view, shown, due) {
            continue;
        }
        if !shown.telling.dues.iter().any(|(run, at)| *run == due && *at <= due + NOTICEABLE) {
            return Some(format!("the run that came due {} ago was not told", text(view.now - due)));
        }
        if view.around.asked_at.is_none_or(|at| at < due - 5 * SECOND) {
            return Some(format!("the run that came due {} ago was not asked about", text(view.now - due)));
        }
    }
    None
}

/// 4c. Nothing is told that did not happen: a state that was not true within the promise, a run that is not due. A jump
/// of the clock past due is excepted, once.
pub fn change(view: &View<'_>, shown: &mut Shown, state: State, is_stale: bool) -> Option<String> {
    shown.telling.changes.push((view.now, state));
    let says_unknown = is_stale || matches!(state, State::Loading | State::Error | State::Unknown);
    let depends_on_clock = matches!(state, State::Scheduled | State::Due | State::Overdue);
    let is_wrong_clock = view.is_clock_open() || view.around.hidden_error > NOTICEABLE / 2;
    if says_unknown || (depends_on_clock && is_wrong_clock) {
        return None;
    }
    let from = view.now - view.promise(shown);
    (!view.allows(state, from))
        .then(|| format!("{state} was told, which was not true in {}", text(view.now - from)))
}

/// See [`change`].
pub fn due(view: &View<'_>, shown: &mut Shown, run: Millis) -> Option<String> {
    let Telling { dues, false_dues, clock_sets, .. } = &mut shown.telling;
    if *clock_sets != view.around.clock_sets {
        (*clock_sets, *false_dues) = (view.around.clock_sets, 0);
    }
    let early = run - view.now;
    // What a clock told early, the corrected clock tells again: that one is the real one.
    let is_real = |at: Millis| run - at <= TOLERANCE;
    let earlier = dues.iter().find(|(told, at)| *told == run && is_real(*at)).map(|(_, at)| *at);
    if early <= NOTICEABLE {
        dues.push((run, view.now));
    }
    let what = match earlier {
        Some(at) => format!("a run was told to be due twice, {} apart", text(view.now - at)),
        None if early > NOTICEABLE => format!("a run was told to be due {} early", text(early)),
        None => return None,
    };
    if view.around.hidden_error > NOTICEABLE / 2 {
        return None;
    }
    *false_dues += 1;
    let is_excepted = *false_dues == 1 && view.is_clock_open();
    (!is_excepted).then_some(what)
}

fn was_sound(view: &View<'_>, shown: &Shown, at: Millis) -> bool {
    let settles = view.two_intervals().filter(|_| shown.asks);
    let since = view.around.sound_since.map(|since| since.max(shown.since));
    since.zip(settles).is_some_and(|(since, settles)| since + settles <= at)
}

use super::{NOTICEABLE, Shown, View};
use zoho_backup_core::reason::{State, Tone};

/// 6. It heals: once network and clocks are sound again, the true verdict shows within two intervals.
pub fn check(view: &View<'_>, shown: &Shown) -> Option<String> {
    let settles = view.two_intervals()?;
    if !view.is_settled(view.around.sound_since, shown) {
        return None;
    }
    let verdict = &shown.verdict;
    if verdict.stale || verdict.fault.is_some() {
        return Some("stale or with a fault, long after all is sound".to_owned());
    }
    let from = view.now - settles;
    // A run whose time passed long ago and that has not been read about since is unknown.
    let is_unread = verdict.state == State::Unknown && view.allows(State::Overdue, from);
    if !view.allows(verdict.state, from) && !is_unread {
        return Some(format!("{} shows, {} is true", verdict.state, view.truth.at(view.now).state));
    }
    let is_good = view.truth.is_all_good(from, view.now, NOTICEABLE);
    (is_good && verdict.tone != Tone::Good).then(|| format!("{} shows, all is good", verdict.tone))
}

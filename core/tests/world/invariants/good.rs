use super::{Shown, View};
use crate::units::text;
use zoho_backup_core::reason::Tone;

/// 1. Never `good` when the truth has been not good for longer than the published promise: 15 minutes + 2 ×
///    refresh-interval + 10 s.
///
/// Excepted is what no one can know: the age that a cache hides with a new `Date` or without headers, and the error of
/// a clock that no header corrects.
pub fn check(view: &View<'_>, shown: &Shown) -> Option<String> {
    if shown.verdict.tone != Tone::Good || !view.is_watched() {
        return None;
    }
    let lasts = view.now - view.truth.not_good_since(view.now)?;
    let promise = view.promise(shown);
    (lasts > promise).then(|| format!("good, {} after it ended; promised: {}", text(lasts), text(promise)))
}

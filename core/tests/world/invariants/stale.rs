use super::{Shown, View};
use crate::units::text;

/// 3. No change of `stale` while all checks succeed on time from a young source.
pub fn check(view: &View<'_>, shown: &Shown) -> Option<String> {
    let is_calm = view.is_settled(view.around.on_time_since, shown) && !view.is_clock_open();
    let answered_at = view.around.answered_at?;
    let (source, arrival) = (view.around.source_at, text(view.now - answered_at));
    (is_calm && shown.verdict.stale).then(|| {
        format!("stale; the last answer arrived {arrival} ago, read {} before", text(answered_at - source))
    })
}
